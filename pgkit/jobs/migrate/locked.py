"""A session that may write a ledger: the one that runners use, with their lock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pgkit.jobs.migrate.ledgers import Place
from pgkit.runtime.migrate import lock
from pgkit.runtime.migrate.drizzle_ledger import DrizzleLedger
from pgkit.runtime.migrate.events import Event
from pgkit.runtime.migrate.options import Options, seconds
from pgkit.runtime.migrate.own_ledger import OwnLedger
from pgkit.runtime.migrate.session import Session, open_session
from pgkit.runtime.migrate.teller import Teller
from pgkit.runtime.target import parse


def _unwatched(_: Event) -> None:
    pass


@asynccontextmanager
async def locked(place: Place, ledger: OwnLedger | DrizzleLedger) -> AsyncIterator[Session]:
    """A session while no runner is at work on this ledger; its end gives the lock back."""
    options = Options(lock_wait=seconds(place.config.lock_wait, "lock_wait"))
    teller = Teller(_unwatched)
    session = await open_session(parse(place.url), options, teller)
    try:
        await lock.take(session, ledger.title, options.lock_wait, teller)
        yield session
    finally:
        await session.close()


@asynccontextmanager
async def writing(session: Session, ledger: OwnLedger | DrizzleLedger) -> AsyncIterator[None]:
    """A transaction in which nobody else writes the ledger, drizzle-kit included."""
    await session.execute("BEGIN")
    try:
        await ledger.lock(session)
        yield
        await session.execute("COMMIT")
    finally:
        await session.rollback()
