"""A file that one transaction cannot hold: statement by statement, its progress recorded with each.

Progress is written in the transaction of the statement, wherever it has one. Of a statement that can have
none it is written before that it is tried, and afterwards that it is done: after a crash, what is between is
in doubt.
"""

import re
from typing import Final

from attrs import define

from pgkit.diag import PgkitError
from pgkit.grammar.alone import keeps_setting
from pgkit.runtime.connect import SqlError
from pgkit.runtime.migrate import lock
from pgkit.runtime.migrate.doubt import MAY_COMMIT, check_valid, clean_up, is_done
from pgkit.runtime.migrate.events import Point
from pgkit.runtime.migrate.failures import Busy, Moved, failed
from pgkit.runtime.migrate.ledger import Entry, State
from pgkit.runtime.migrate.migration import Migration, Statement
from pgkit.runtime.migrate.together import begin
from pgkit.runtime.migrate.work import AS_OURSELVES, Work
from pgkit.sql import quoted

# A file may have set default_transaction_read_only, and the ledger has to be written all the same
_BEGIN: Final = "BEGIN READ WRITE"
_XID: Final = "SELECT pg_catalog.pg_current_xact_id()::pg_catalog.text"
_LOCK_TIMEOUT: Final = (
    "SELECT setting OPERATOR(pg_catalog.=) reset_val FROM pg_catalog.pg_settings "
    "WHERE name OPERATOR(pg_catalog.=) 'lock_timeout'"
)
_DONE, _ROLLED_BACK = "what stands before it is done", "its transaction is rolled back"
# What these run may end transactions, and fails in one of ours
_MAY_COMMIT: Final = re.compile(r"call\b|do\b.*\b(?:commit|rollback)\b", re.IGNORECASE | re.DOTALL)
_CHAIN: Final = re.compile(r"\band\s+chain\b", re.IGNORECASE)
# These wait for others without being in the way of anybody: there is no reason to give up.
_PATIENT: Final = ("CONCURRENTLY", "VACUUM")


async def apart(work: Work, migration: Migration, begun: Entry | None) -> None:
    """Applies the file, from its start or from where its row says that it stopped."""
    part = _Apart(work, migration)
    try:
        at = await part.start(begun)
        while at < len(migration.statements):
            await part.step(at, migration.statements[at])
            at += 1
        await part.finish()
    except SqlError as error:
        raise await work.unrecorded(migration, error) from None


@define
class _Apart:
    """The file on its way. `ours`: whether the open transaction is the one that Drizzle would run it in."""

    work: Work
    migration: Migration
    ours: bool = False

    async def start(self, begun: Entry | None) -> int:
        """The first statement to run."""
        session, at = self.work.session, begun.statement if begun else 0
        if begun is None:
            await begin(self.work)
            await self.work.ledger.begin(session, self.migration)
            await self.work.commit(self.migration)
            self.work.recorded(self.migration, State.RUNNING)
        self.work.teller.tell(Point.BEGUN, f"goes on with statement {at + 1}" if begun else "")
        await self._settle(at)
        if begun and begun.doubtful:
            at += await self._resolve(begun)
        if self._is_inside(at):
            await session.execute("BEGIN")
            self.ours = True
        return at

    def _is_inside(self, at: int) -> bool:
        """Whether a transaction is open before a statement that a run starts with."""
        statements = self.migration.statements
        if at == 0:
            return any(statement.controls for statement in statements)
        before = statements[at - 1]
        return before.controls and _CHAIN.search(before.text) is not None

    async def step(self, at: int, statement: Statement) -> None:
        """Runs one statement, and has the ledger know of it."""
        self.work.teller.at(self.migration, at)
        inside = self.work.session.in_transaction()
        if statement.alone or (not inside and _MAY_COMMIT.match(statement.text)):
            await self._alone(at, statement, statement.alone or MAY_COMMIT)
        elif statement.controls:
            await self._control(at, statement)
        elif inside:
            await self._run(at, _ROLLED_BACK)
        else:
            await self.work.session.execute(_BEGIN)
            await self._run(at, _DONE)
            await self._advance(at + 1)
            await self.work.commit(self.migration)
            await self._told(at)

    async def finish(self) -> None:
        """Writes that the file is applied; in its last transaction, if that is still open."""
        work, session = self.work, self.work.session
        work.teller.at(self.migration)
        await session.execute(AS_OURSELVES if session.in_transaction() else f"{_BEGIN}; {AS_OURSELVES}")
        await work.ledger.finish(session, self.migration)
        work.teller.tell(Point.RECORDED)
        work.teller.tell(Point.BEFORE_COMMIT)
        await work.commit(self.migration)
        work.recorded(self.migration, State.DONE)
        work.teller.tell(Point.DONE)

    async def _settle(self, done: int) -> None:
        """Sets again what the statements that are done had set: the session is another one now."""
        for statement in self.migration.statements[:done]:
            if keeps_setting(statement.text):
                await self.work.session.execute(statement.text)

    async def _resolve(self, begun: Entry) -> bool:
        """Whether the statement in doubt is done, as the database shows."""
        at, session = begun.statement, self.work.session
        self.work.teller.at(self.migration, at)
        patient = await self._be_patient(self.migration.statements[at].alone or "")
        try:
            done = await is_done(self.work, self.migration, begun)
        except SqlError as error:
            failure = failed(
                error, self.migration, at, "it is in doubt, and what it left cannot be taken away"
            )
            raise await self.work.failure(error, failure) from None
        if patient:
            await session.execute("RESET lock_timeout")
        await self._record(at + done)
        return done

    async def _control(self, at: int, statement: Statement) -> None:
        """A statement that begins or ends a transaction: what it commits has to hold the progress."""
        inside = self.work.session.in_transaction()
        # What is prepared is not committed: it would keep the row to itself
        if inside and not statement.text.lower().startswith("prepare"):
            await self._advance(at + 1)
        await self._run(at, _ROLLED_BACK if inside else _DONE)
        if not self.work.session.in_transaction():
            self.ours = False
            await self._record(at + 1)  # ROLLBACK takes back what was written before it
            await self._told(at)

    async def _alone(self, at: int, statement: Statement, kind: str) -> None:
        if self.ours and self.work.session.in_transaction():
            await self._advance(at)
            await self.work.commit(self.migration)
            self.ours = False
        xid = await self._attempt(at)
        patient = await self._be_patient(kind)
        try:
            await self._run(at, _DONE)
            if kind == "CREATE INDEX CONCURRENTLY":
                await check_valid(self.work, statement, xid)
        except (Busy, PgkitError):
            if xid and await clean_up(self.work, statement, kind, xid):
                await self._record(at)
            raise
        if patient:
            await self.work.session.execute("RESET lock_timeout")
        await self._record(at + 1)
        await self._told(at)

    async def _run(self, at: int, after: str) -> None:
        await self.work.run(self.migration, at, f"{after}; the next `up` goes on from there")

    async def _told(self, at: int) -> None:
        """Tells that a statement is done for good; a file may have given back the lock with it."""
        self.work.teller.tell(Point.RECORDED)
        if not await lock.is_held(self.work.session, self.work.ledger.title):
            raise Moved("a statement has given back the lock")

    async def _be_patient(self, kind: str) -> bool:
        """Waits for locks without end, unless the file has a limit of its own."""
        if not any(word in kind for word in _PATIENT):
            return False
        is_ours = (await self.work.session.fetch(_LOCK_TIMEOUT))[0][0]
        if is_ours:
            await self.work.session.execute("SET lock_timeout = 0")
        return bool(is_ours)

    async def _attempt(self, at: int) -> int:
        """Records that the statement is tried, in a transaction that is older than all that it makes."""
        if self.work.session.in_transaction():
            return 0  # the file's own: Postgres will refuse the statement
        await self.work.session.execute(f"{_BEGIN}; {self._as_ourselves}")
        await self.work.ledger.attempt(self.work.session, self.migration, at)
        xid = int((await self.work.session.fetch(_XID))[0][0])
        await self.work.commit(self.migration)
        return xid

    async def _record(self, done: int) -> None:
        """Writes the progress in a transaction of its own."""
        await self.work.session.execute(_BEGIN)
        await self._advance(done)
        await self.work.commit(self.migration)

    async def _advance(self, done: int) -> None:
        """Writes the progress in the open transaction, whatever role the file has taken."""
        await self.work.session.execute(self._as_ourselves)
        await self.work.ledger.advance(self.work.session, self.migration, done)

    @property
    def _as_ourselves(self) -> str:
        """For the rest of the transaction only: what the file has set is for the statements that follow."""
        role = self.work.session.role
        home = "NONE" if role == "none" else quoted(role)
        return (
            f"SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE {home}; "
            "SET LOCAL synchronous_commit TO on; SET LOCAL statement_timeout TO 0"
        )
