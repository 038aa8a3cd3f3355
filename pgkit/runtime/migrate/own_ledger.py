"""The ledger of ours: the table `pgkit.__pg_migrations`, which says more than that a file is applied."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Final

from attrs import field, frozen

from pgkit.diag import PgkitError, fail
from pgkit.executor import Executor
from pgkit.runtime.connect import SqlError
from pgkit.runtime.migrate.checksums import prefix_checksum
from pgkit.runtime.migrate.failures import Moved
from pgkit.runtime.migrate.ledger import Entry, State
from pgkit.runtime.migrate.migration import Migration
from pgkit.sql import quoted

THERE_ALREADY: Final = frozenset(("42P06", "42P07", "23505"))
_MISSING: Final = frozenset(("42P01", "3F000"))
_COLUMNS: Final = {
    "tag": "pg_catalog.text PRIMARY KEY",
    "seq": "pg_catalog.int4 NOT NULL UNIQUE",
    "checksum": "pg_catalog.text NOT NULL",
    "raw_checksum": "pg_catalog.text NOT NULL",
    "state": "pg_catalog.text NOT NULL CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['running', 'done']))",
    "statement": "pg_catalog.int4 NOT NULL",
    "doubtful": "pg_catalog.bool NOT NULL",
    "prefix_checksum": "pg_catalog.text NOT NULL",
    "started_at": "pg_catalog.timestamptz NOT NULL",
    "finished_at": "pg_catalog.timestamptz",
    "applied_by": "pg_catalog.text NOT NULL",
    "tool_version": "pg_catalog.text NOT NULL",
    "xid": "pg_catalog.xid8 NOT NULL",
}
_THERE: Final = """
    SELECT c.relkind::pg_catalog.text, ARRAY(
        SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a
        WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0
            AND NOT a.attisdropped
    )
    FROM pg_catalog.pg_namespace n
    LEFT JOIN pg_catalog.pg_class c
        ON c.relnamespace OPERATOR(pg_catalog.=) n.oid AND c.relname OPERATOR(pg_catalog.=) $2
    WHERE n.nspname OPERATOR(pg_catalog.=) $1
"""
_NOW: Final = "pg_catalog.clock_timestamp()"
_XID: Final = "pg_catalog.pg_current_xact_id()"
_BEGUN: Final = "pg_catalog.transaction_timestamp()"
_KEPT: Final = ("tag", "seq", "started_at", "applied_by")
_CHANGED: Final = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in _KEPT)
_RUNNING: Final = "tag OPERATOR(pg_catalog.=) $1 AND state OPERATOR(pg_catalog.=) 'running'"


@frozen
class OwnLedger:
    """A table with a row for each file: its checksums, when and by whom it was applied, and how far it is."""

    schema: str = "pgkit"
    table: str = "__pg_migrations"
    _version: str = field(factory=lambda: version("pgkit-schema"), repr=False)

    @property
    def title(self) -> str:
        """Schema and table, for messages and for the lock."""
        return f"{self.schema}.{self.table}"

    @property
    def progress(self) -> str:
        """The same: its rows say of a file how far it is."""
        return self._name

    async def prepare(self, session: Executor) -> None:
        """Creates schema and table where they are not; refuses a table that is none of ours."""
        await prepare_table(session, self.schema, self.table, _COLUMNS)

    async def entries(self, session: Executor, migrations: Sequence[Migration]) -> tuple[Entry, ...]:
        """The rows in the order in which the files were applied."""
        query = f"""
            SELECT tag, state, checksum, raw_checksum, statement, doubtful, prefix_checksum,
                xid::pg_catalog.text
            FROM {self._name} ORDER BY seq
        """
        rows = await rows_if_there(session, query, self.title)
        return tuple(
            Entry(
                tag=tag,
                state=State(state),
                checksum=checksum,
                raw=raw,
                statement=statement,
                doubtful=doubtful,
                prefix=prefix,
                xid=int(xid),
            )
            for tag, state, checksum, raw, statement, doubtful, prefix, xid in rows
        )

    async def lock(self, session: Executor) -> None:
        """Keeps others from writing until the transaction ends."""
        await session.execute(f"LOCK TABLE {self._name} IN SHARE ROW EXCLUSIVE MODE")

    async def begin(self, session: Executor, migration: Migration) -> None:
        """A row that says `running`, with no statement done."""
        await self._write(session, migration, State.RUNNING, 0)

    async def attempt(self, session: Executor, migration: Migration, statement: int) -> None:
        """Says of the next statement that its end may remain unknown."""
        change = f"""
            doubtful = true, prefix_checksum = $3, xid = {_XID}
            WHERE {_RUNNING} AND statement OPERATOR(pg_catalog.=) $2
        """
        prefix = prefix_checksum(migration.statements[: statement + 1])
        await self._update(session, change, migration.tag, statement, prefix)

    async def advance(self, session: Executor, migration: Migration, done: int) -> None:
        """Says how many statements are done."""
        change = f"""
            statement = $2, doubtful = false, prefix_checksum = $3, xid = {_XID}
            WHERE {_RUNNING} AND statement OPERATOR(pg_catalog.<=) $2
        """
        await self._update(session, change, migration.tag, done, prefix_checksum(migration.statements[:done]))

    async def finish(self, session: Executor, migration: Migration) -> None:
        """Says that the file is applied."""
        await self._write(session, migration, State.DONE, len(migration.statements))

    @property
    def _name(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.table)}"

    async def _update(self, session: Executor, change: str, *args: object) -> None:
        if not await session.fetch(f"UPDATE {self._name} SET {change} RETURNING tag", *args):
            raise Moved("the ledger was changed by somebody else")

    async def _write(self, session: Executor, migration: Migration, state: State, done: int) -> None:
        """The row of a file, whether one says already that it is begun."""
        number = f"(SELECT coalesce(pg_catalog.max(seq), 0) OPERATOR(pg_catalog.+) 1 FROM {self._name})"
        finished = _NOW if state is State.DONE else "NULL"
        query = f"""
            INSERT INTO {self._name} AS known ({", ".join(_COLUMNS)})
            VALUES ($1, {number}, $2, $3, $4, $5, false, $6, {_BEGUN}, {finished}, session_user, $7, {_XID})
            ON CONFLICT (tag) DO UPDATE SET {_CHANGED}
            WHERE known.state OPERATOR(pg_catalog.=) 'running'
            RETURNING tag
        """
        prefix = prefix_checksum(migration.statements[:done])
        args = (migration.checksum, migration.raw, str(state), done, prefix, self._version)
        if not await session.fetch(query, migration.tag, *args):
            raise Moved("the ledger was changed by somebody else")


async def prepare_table(session: Executor, schema: str, table: str, columns: dict[str, str]) -> None:
    """Creates schema and table where they are not; refuses a table without these columns."""
    there = await session.fetch(_THERE, schema, table)
    if not there:
        # Only now: IF NOT EXISTS asks for the right to create schemas even where there is one already
        await _tolerantly(session, f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
    if not there or there[0][0] is None:
        listed = ", ".join(f"{name} {type}" for name, type in columns.items())
        await _tolerantly(session, f"CREATE TABLE IF NOT EXISTS {quoted(schema)}.{quoted(table)} ({listed})")
        there = await session.fetch(_THERE, schema, table)
    kind, found = there[0]
    missing = sorted(columns.keys() - set(found or ()))
    if kind not in ("r", "p") or missing:
        raise _no_ledger(f"{schema}.{table}", f"no column {missing[0]}" if missing else "it is no table")


def _no_ledger(title: str, why: str) -> PgkitError:
    help = "name another schema or table in [migrate] of pgkit.toml"
    return fail("not-a-ledger", f"found something else there: {why}", where=title, help=help)


async def rows_if_there(session: Executor, query: str, title: str) -> Sequence[Sequence[Any]]:
    """The rows of a query; none where its table is not there."""
    try:
        return await session.fetch(query)
    except SqlError as error:
        if error.sqlstate in _MISSING:
            return ()
        if error.sqlstate == "42703":
            raise _no_ledger(title, error.message) from None
        raise


async def _tolerantly(session: Executor, statement: str) -> None:
    """IF NOT EXISTS is no protection against somebody who does the same at the same moment."""
    try:
        await session.execute(statement)
    except SqlError as error:
        if error.sqlstate not in THERE_ALREADY:
            raise
