"""What the runner asks of a ledger: which files are applied, and to write down that one is.

Two implement it: `own_ledger.OwnLedger`, the table `pgkit.__pg_migrations`, and
`drizzle_ledger.DrizzleLedger`.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from pgkit.executor import Executor
from pgkit.runtime.migrate.migration import Migration


class State(StrEnum):
    """How far a file is: `running` is said only of one that runs apart, statement by statement."""

    RUNNING = "running"
    DONE = "done"


@frozen(kw_only=True)
class Entry:
    """A row of the ledger, said of a migration of the folder.

    `tag` is that of the migration it stands for. A row that stands for no migration of the folder has a tag
    that is not in the folder (its own name, or `row 7`): the runner then refuses, for a file has vanished.
    `checksum` is compared with `Migration.checksum`; where it is None, `raw` is with `Migration.raw`; where
    both are None the file counts as unchanged. A ledger that knows better says so by giving the
    migration's own checksum. A running entry is not compared so: `prefix` is the `prefix_checksum` of the
    statements that are done, and of the one in doubt.
    """

    tag: str
    state: State = State.DONE
    checksum: str | None = None
    raw: str | None = None
    statement: int = 0  # of a running file: how many of its statements are done
    doubtful: bool = False  # whether the one after them was begun where no transaction could tell of its end
    prefix: str | None = None
    xid: int | None = None  # of the transaction that last wrote the row: what is made since is no older


class Ledger(Protocol):
    """Where it is recorded which migrations are applied.

    The runner calls it with a session pinned to its settings, search path of the user included: every
    statement names its schema, and its functions `pg_catalog`. The files that ran before may have changed
    roles or settings; the runner resets them before it calls. Nothing here opens or ends a transaction:
    `lock`, `begin`, `attempt`, `advance` and `finish` are called inside one.
    """

    @property
    def title(self) -> str:
        """Schema and table, `pgkit.__pg_migrations`: for messages, and what the advisory lock is made of."""
        ...

    @property
    def progress(self) -> str:
        """The table that has the progress of files that run apart, quoted for SQL, for messages."""
        ...

    async def prepare(self, session: Executor) -> None:
        """Creates schema and table where they are not, tolerant of others who do the same; refuses decoys.

        Called outside of a transaction, under the advisory lock, never by a dry run.
        """
        ...

    async def entries(self, session: Executor, migrations: Sequence[Migration]) -> tuple[Entry, ...]:
        """The rows, in the order in which they were applied; () where there is no table. Writes nothing."""
        ...

    async def lock(self, session: Executor) -> None:
        """Keeps others from writing until the transaction ends: LOCK ... IN SHARE ROW EXCLUSIVE MODE."""
        ...

    async def begin(self, session: Executor, migration: Migration) -> None:
        """Records that a file which runs apart is begun, with none of its statements done."""
        ...

    async def attempt(self, session: Executor, migration: Migration, statement: int) -> None:
        """Records, before this statement (from zero), that it is about to run outside of any transaction."""
        ...

    async def advance(self, session: Executor, migration: Migration, done: int) -> None:
        """Records that so many of the statements of a begun file are done, and none is in doubt."""
        ...

    async def finish(self, session: Executor, migration: Migration) -> None:
        """Records that the file is applied, whether it was begun or is new here."""
        ...
