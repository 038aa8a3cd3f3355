"""What every part of a run has at hand, and the steps that all kinds of files share."""

from collections.abc import Sequence
from typing import Final

from attrs import define

from pgkit.diag import PgkitError, fail
from pgkit.runtime.connect import SqlError
from pgkit.runtime.migrate.events import Point
from pgkit.runtime.migrate.failures import BUSY, Busy, failed
from pgkit.runtime.migrate.ledger import Entry, Ledger, State
from pgkit.runtime.migrate.migration import Migration
from pgkit.runtime.migrate.options import Options
from pgkit.runtime.migrate.session import Session
from pgkit.runtime.migrate.teller import Teller

# What a file may have changed, and the ledger must not be written with: role, durability, time limits.
AS_OURSELVES: Final = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL"
_LOCK_HELP: Final = "find who holds the lock in pg_locks, or raise --lock-timeout or --retries"
Mark = tuple[str, State, int]


@define
class Work:
    """A session that holds the lock, and the ledger as it was when the plan was made."""

    session: Session
    ledger: Ledger
    migrations: Sequence[Migration]
    options: Options
    teller: Teller
    marks: set[Mark]  # what the ledger has to say still

    async def is_unmoved(self) -> bool:
        """Whether the ledger says what it said; to be asked under its lock."""
        return marks(await self.ledger.entries(self.session, self.migrations)) == self.marks

    def recorded(self, migration: Migration, state: State) -> None:
        """Remembers what is written to the ledger of a file."""
        others = {mark for mark in self.marks if mark[0] != migration.tag}
        self.marks = {*others, _mark(migration.tag, state, 0)}

    async def run(self, migration: Migration, number: int, after: str) -> None:
        """Runs one statement; `after` tells how the database is left if it fails."""
        statement = migration.statements[number]
        self.teller.at(migration, number)
        self.teller.tell(Point.BEFORE_STATEMENT)
        try:
            await self.session.execute(statement.text)
        except SqlError as error:
            raise await self.failure(error, failed(error, migration, number, after)) from None
        self.teller.tell(Point.AFTER_STATEMENT)

    async def commit(self, migration: Migration) -> None:
        """Ends a transaction; what was deferred is checked only here."""
        try:
            await self.session.execute("COMMIT")
        except SqlError as error:
            raise await self.failure(error, _uncommitted(error, migration)) from None

    async def unrecorded(self, migration: Migration, error: SqlError) -> Exception:
        """What becomes of an error of the ledger's own statements."""
        return await self.failure(error, unwritten(error, self.ledger.title, migration.tag))

    async def failure(self, error: SqlError, failure: PgkitError) -> Exception:
        """What to raise for an error, once the transaction is rolled back: Busy where it can pass."""
        await self.session.rollback()
        return Busy(failure, error.message) if error.sqlstate in BUSY else failure


def marks(entries: Sequence[Entry]) -> set[Mark]:
    """The part of the rows by which a change is known."""
    return {_mark(entry.tag, entry.state, entry.statement) for entry in entries}


def _mark(tag: str, state: State, statement: int) -> Mark:
    return (tag, state, statement if state is State.RUNNING else 0)


def unwritten(error: SqlError, title: str, tag: str = "") -> PgkitError:
    """What to say of an error that is no fault of a migration's statements."""
    message = f"cannot keep the ledger{f' for {tag}' if tag else ''}: {error}"
    help = _LOCK_HELP if error.sqlstate in BUSY else error.hint
    return fail("ledger-failed", message, where=title, help=help, exit_code=4)


def _uncommitted(error: SqlError, migration: Migration) -> PgkitError:
    message = f"cannot commit {migration.tag}: {error}"
    help = "; ".join(text for text in (error.detail, error.hint, "it is rolled back") if text)
    return fail("sql-failed", message, where=migration.source.name, help=help, exit_code=4)
