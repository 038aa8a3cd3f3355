"""The protocol of a run: connect, lock, plan, run each file; and from the start if the connection is lost."""

import asyncio
import random
from collections.abc import Sequence
from time import monotonic

from attrs import define, field, frozen

from pgkit.diag import PgkitError, fail
from pgkit.runtime.connect import SqlError
from pgkit.runtime.migrate import lock
from pgkit.runtime.migrate.apart import apart
from pgkit.runtime.migrate.events import Point
from pgkit.runtime.migrate.failures import Busy, Lost, Moved
from pgkit.runtime.migrate.ledger import Entry, Ledger, State
from pgkit.runtime.migrate.migration import Migration
from pgkit.runtime.migrate.options import Options
from pgkit.runtime.migrate.plan import Plan, plan, upto
from pgkit.runtime.migrate.session import Backend, Session, open_session
from pgkit.runtime.migrate.teller import Teller
from pgkit.runtime.migrate.together import together
from pgkit.runtime.migrate.trial import Trial, trial
from pgkit.runtime.migrate.work import Work, marks, unwritten
from pgkit.runtime.target import Target

_AGAIN = "run `pgkit migrate up` again: it goes on where this run stopped"
_LONGEST_PAUSE = 10.0


@frozen(kw_only=True)
class Order:
    """What is to be done."""

    target: Target
    ledger: Ledger
    migrations: Sequence[Migration]
    options: Options
    to: str | None = None
    out_of_order: bool = False
    dry_run: bool = False


@frozen
class Applied:
    """A file that this run applied, and how long it took."""

    tag: str
    ms: int


@define
class Run:
    """One run: what it has applied, and how often it has lost the connection since."""

    order: Order
    teller: Teller
    applied: list[Applied] = field(factory=list)
    pending: tuple[str, ...] = ()  # when it was last planned
    trial: Trial = field(factory=Trial)
    _losses: int = 0
    _former: Backend | None = None
    _trying: str = ""  # the file at which the connection was lost
    _since: float = 0.0

    async def go(self) -> None:
        """Applies what is pending, however often the connection is lost on the way."""
        while True:
            session = await self._connected()
            try:
                return await self._locked(session)
            except Lost as lost:
                self._count(str(lost))
            except SqlError as error:
                raise unwritten(error, self.order.ledger.title) from None
            finally:
                self._former = session.backend
                await session.close()
            await self._pause(self._losses)

    async def _connected(self) -> Session:
        """A session; where there was one before, the server may be away for a while."""
        if self._former is None:
            return await open_session(self.order.target, self.order.options, self.teller)
        deadline, tries = monotonic() + self.order.options.reconnect, 0
        while True:
            try:
                session = await open_session(self.order.target, self.order.options, self.teller)
                await session.end_former(self._former)
                return session
            except (Lost, PgkitError, SqlError) as error:
                if monotonic() > deadline:
                    raise _away(error, self.order.target) from None
            tries += 1
            await self._pause(tries)

    async def _locked(self, session: Session) -> None:
        while True:
            try:
                self.teller.at(None)
                await lock.take(session, self.order.ledger.title, self.order.options.lock_wait, self.teller)
                self.teller.tell(Point.LOCKED)
                await (self._try(session) if self.order.dry_run else self._apply(session))
                self.teller.at(None)
                await lock.release(session)
                return self.teller.tell(Point.UNLOCKED)
            except Moved:
                self._trying = ""  # whoever applies it now
                await session.reset()

    async def _apply(self, session: Session) -> None:
        await self.order.ledger.prepare(session)
        todo, work = await self._work(session)
        for migration in todo.pending:
            await self._file(work, migration, todo.begun)
        await self._check(session)

    async def _try(self, session: Session) -> None:
        """Applies nothing: not even a ledger is made."""
        todo, work = await self._work(session)
        for tries in range(1, self.order.options.retries + 2):
            await session.reset()
            try:
                self.trial = await trial(work, todo.pending)
                return
            except Busy as busy:
                await self._again(busy, tries)

    async def _work(self, session: Session) -> tuple[Plan, Work]:
        order = self.order
        todo = await self._plan(session)
        self.pending = tuple(migration.tag for migration in todo.pending)
        self._notice_applied(todo)
        self.teller.tell(Point.PLANNED, str(len(todo.pending)))
        known = marks(todo.entries)
        return todo, Work(session, order.ledger, order.migrations, order.options, self.teller, known)

    async def _plan(self, session: Session) -> Plan:
        order = self.order
        entries = await order.ledger.entries(session, order.migrations)
        return plan(order.migrations, entries, to=order.to, out_of_order=order.out_of_order)

    def _notice_applied(self, todo: Plan) -> None:
        """The file at which the connection was lost may be applied: the reply to COMMIT was lost then."""
        if self._trying and self._trying not in {migration.tag for migration in todo.pending}:
            self._add(self._trying)
            self.teller.tell(Point.DONE)
        self._trying = ""

    async def _file(self, work: Work, migration: Migration, begun: Entry | None) -> None:
        """One file, again and again while a lock is in its way."""
        self._trying, self._since = migration.tag, monotonic()
        for tries in range(1, work.options.retries + 2):
            await self._fresh(work)
            self.teller.at(migration)
            try:
                row = begun if begun and begun.tag == migration.tag else None
                if migration.apart is None and row is None:
                    await together(work, migration)
                else:
                    await apart(work, migration, row)
                break
            except Busy as busy:
                await self._again(busy, tries)
                begun = (await self._plan(work.session)).begun
        self._add(migration.tag)

    async def _again(self, busy: Busy, tries: int) -> None:
        if tries > self.order.options.retries:
            raise busy.failure from None
        self.teller.tell(Point.RETRYING, str(busy))
        await self._pause(tries)

    async def _fresh(self, work: Work) -> None:
        """No file finds what another one has left in the session, nor runs without the lock."""
        await work.session.reset()
        if not await lock.is_alone(work.session, work.ledger.title):
            await lock.release(work.session)
            raise Moved("a file has taken or given back locks")

    async def _check(self, session: Session) -> None:
        """After success all that was wanted is in the ledger, as a query says: nothing is passed over."""
        order = self.order
        entries = await order.ledger.entries(session, order.migrations)
        done = {entry.tag for entry in entries if entry.state is State.DONE}
        missing = [m.tag for m in upto(order.migrations, order.to) if m.tag not in done]
        if missing:
            message = f"the ledger does not say that {missing[0]} is applied, though it was"
            raise fail("ledger-failed", message, where=order.ledger.title, help=_AGAIN, exit_code=4)

    def _add(self, tag: str) -> None:
        self.applied.append(Applied(tag, round((monotonic() - self._since) * 1000)))
        self._trying, self._losses = "", 0

    def _count(self, why: str) -> None:
        self._losses += 1
        self.teller.tell(Point.RECONNECTING, why)
        if self._losses > self.order.options.losses:
            message = f"the connection was lost {self._losses} times, one after the other: {why}"
            where = self._trying or self.order.target.shown
            raise fail("connection-lost", message, where=where, help=_AGAIN, exit_code=4)

    async def _pause(self, tries: int) -> None:
        first = self.order.options.pause
        await asyncio.sleep(min(first * 2 ** (tries - 1), _LONGEST_PAUSE) * random.uniform(0.5, 1.5))


def _away(error: Exception, target: Target) -> PgkitError:
    said = error.diagnostics[0].message if isinstance(error, PgkitError) else str(error)
    return fail("connection-lost", f"the connection was lost: {said}", where=target.shown, help=_AGAIN)
