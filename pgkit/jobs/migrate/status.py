"""`migrate status`: where each migration stands, in each ledger that there is. Reads only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from attrs import frozen

from pgkit.diag import Diagnostic, fail
from pgkit.executor import Executor
from pgkit.jobs.config import LedgerName
from pgkit.jobs.migrate.files import Found, migrations
from pgkit.jobs.migrate.ledgers import Place, drizzle_ledger, own_ledger
from pgkit.jobs.migrate.standings import Standings, standings
from pgkit.runtime.connect import SqlError, open_


@frozen(kw_only=True)
class Status:
    """What the ledgers say; `chosen` is the one that `migrate up` goes by."""

    ledgers: dict[LedgerName, Standings]
    chosen: LedgerName
    findings: tuple[Diagnostic, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether all is applied, and as the files say."""
        return self.ledgers[self.chosen].clean


async def status(place: Place) -> Status:
    """Reads the ledger that is asked for, or else every one that is there."""
    found = migrations(place.folder)
    async with reading(place.url) as session:
        if place.ledger is not None:
            ledgers = {place.ledger: await read_ledger(session, place.ledger, place, found)}
            return Status(ledgers=ledgers, chosen=place.ledger, findings=found.findings)
        both = {name: await read_ledger(session, name, place, found) for name in _NAMES}
    chosen = _chosen(both, place.config.ledger)
    shown = {name: ledger for name, ledger in both.items() if ledger.exists or name == chosen}
    return Status(ledgers=shown, chosen=chosen, findings=found.findings)


def _chosen(both: dict[LedgerName, Standings], configured: LedgerName) -> LedgerName:
    """The ledger that is configured; but if only the other one is there, or has rows, that one."""
    other = next(name for name in both if name != configured)
    mine, theirs = both[configured], both[other]
    empty = not mine.exists or (mine.empty and not theirs.empty)
    return other if empty and theirs.exists else configured


_NAMES: Final[tuple[LedgerName, ...]] = ("pgkit", "drizzle")


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[Executor]:
    """A session that can write nothing, in which all that is read is of one moment."""
    async with open_(url) as session:
        await session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield session


async def read_ledger(session: Executor, name: LedgerName, place: Place, found: Found) -> Standings:
    """What one ledger says."""
    ledger = own_ledger(place.config) if name == "pgkit" else drizzle_ledger(place.config, found)
    try:
        return await standings(session, ledger, found)
    except SqlError as error:
        if error.sqlstate not in _UNREADABLE:
            raise
        code, help = _UNREADABLE[error.sqlstate]
        message = f"cannot read the ledger: {error.message}"
        raise fail(code, message, where=ledger.title, help=help) from None


_UNREADABLE: Final = {
    "42501": ("cannot-read", "GRANT USAGE on its schema and SELECT on the table to this role"),
    "42703": ("not-a-ledger", "[migrate] in pgkit.toml names schema and table of the ledgers"),
}
