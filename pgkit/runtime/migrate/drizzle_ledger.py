"""Drizzle's ledger, `drizzle.__drizzle_migrations`: read and written in the forms that 0.x and 1.0 give it.

How far a file is that runs apart stands in a table of ours beside it, which is there only meanwhile.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from attrs import field, frozen

from pgkit.diag import fail
from pgkit.executor import Executor
from pgkit.runtime.migrate import own_repair
from pgkit.runtime.migrate.drizzle_rows import Match, Row, Table, matched
from pgkit.runtime.migrate.ledger import Entry
from pgkit.runtime.migrate.migration import Migration
from pgkit.runtime.migrate.own_ledger import OwnLedger, prepare_table
from pgkit.runtime.migrate.standing import Standing
from pgkit.sql import literal, quoted

PROGRESS: Final = "__pgkit_progress"
_COLUMNS: Final = {
    "id": "serial PRIMARY KEY",
    "hash": "pg_catalog.text NOT NULL",
    "created_at": "pg_catalog.int8",
}
_NAMES: Final = {
    "name": "pg_catalog.text",
    "applied_at": "pg_catalog.timestamptz DEFAULT pg_catalog.now()",
}
_THERE: Final = """
    SELECT a.attname::pg_catalog.text, c.relkind::pg_catalog.text
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid
    WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND c.relname OPERATOR(pg_catalog.=) $2
        AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
"""
_BY_ID: Final = "id OPERATOR(pg_catalog.=) $1::pg_catalog.int8"


@frozen
class DrizzleLedger:
    """Implements `Ledger`. `folders` says that `migrations` are folders of 1.0, which it records by name."""

    schema: str
    table: str
    folders: bool
    migrations: Sequence[Migration] = field(repr=False)

    @property
    def title(self) -> str:
        """Schema and table, for messages and for the lock."""
        return f"{self.schema}.{self.table}"

    @property
    def progress(self) -> str:
        """The table beside it that has the progress of files that run apart."""
        return f"{quoted(self.schema)}.{quoted(PROGRESS)}"

    async def read(self, session: Executor) -> Table | None:
        """The rows, in the order in which they were written; None if there is no such table."""
        columns = await self._columns(session, self.table)
        if not columns:
            return None
        if _COLUMNS.keys() - columns.keys() or set(columns.values()) - {"r", "p"}:
            help = "drizzle_schema and drizzle_table of [migrate] in pgkit.toml name Drizzle's"
            raise fail("not-a-ledger", "found something else there", where=self.title, help=help)
        name, time = (column if column in columns else "NULL" for column in _NAMES)
        rows = await session.fetch(f"""
            SELECT id::pg_catalog.int8, hash::pg_catalog.text, created_at::pg_catalog.int8,
                {name}::pg_catalog.text, {time}::pg_catalog.timestamptz
            FROM {self._path} ORDER BY id
        """)
        return Table(rows=tuple(Row(*row) for row in rows), named="name" in columns)

    async def running(self, session: Executor) -> tuple[Entry, ...]:
        """The files that run apart, begun and not done."""
        there = await self._columns(session, PROGRESS)
        return await self._progress.entries(session, self.migrations) if there else ()

    async def prepare(self, session: Executor) -> None:
        """Creates schema and table as Drizzle does; for folders, brings the table of 0.x up to date."""
        columns = {**_COLUMNS, **(_NAMES if self.folders else {})}
        if not await self._columns(session, self.table):
            await prepare_table(session, self.schema, self.table, columns)
        table = await self.read(session)
        if self.folders and table is not None and not table.named:
            await self._name(session, matched(table, self.migrations, self.folders))

    async def _name(self, session: Executor, matches: Sequence[Match]) -> None:
        """Gives the table the columns of 1.0, and each row its name, as drizzle-kit would."""
        unknown = [str(match.row.id) for match in matches if match.migration is None]
        if unknown:
            message = f"no file belongs to row {', '.join(unknown)}"
            help = "restore the file; `pgkit migrate verify --repair` drops the row. Drizzle stops here too"
            raise fail("vanished", message, where=self.title, help=help)
        added = (f"ADD COLUMN {name} {type}" for name, type in _NAMES.items())
        named = (
            f"UPDATE {self._path} SET name = {literal(match.migration.tag)}, applied_at = NULL"
            f" WHERE id OPERATOR(pg_catalog.=) {match.row.id}"
            for match in matches
            if match.migration
        )
        # Statements that are sent at once are one transaction
        await session.execute("; ".join((f"ALTER TABLE {self._path} {', '.join(added)}", *named)))

    async def entries(self, session: Executor, migrations: Sequence[Migration]) -> tuple[Entry, ...]:
        """What the rows say of the migrations, and what is begun."""
        table = await self.read(session)
        matches = matched(table, migrations, self.folders) if table else ()
        # Two migrators at once may have left two rows for one file
        done = {entry.tag: entry for entry in map(_entry, matches)}
        return (*done.values(), *(one for one in await self.running(session) if one.tag not in done))

    async def lock(self, session: Executor) -> None:
        """Keeps others from writing until the transaction ends."""
        await session.execute(f"LOCK TABLE {self._path} IN SHARE ROW EXCLUSIVE MODE")

    async def begin(self, session: Executor, migration: Migration) -> None:
        """Records that a file which runs apart is begun."""
        await self._progress.prepare(session)
        await self._progress.begin(session, migration)

    async def attempt(self, session: Executor, migration: Migration, statement: int) -> None:
        """Records that this statement is about to run outside of any transaction."""
        await self._progress.attempt(session, migration, statement)

    async def advance(self, session: Executor, migration: Migration, done: int) -> None:
        """Records that so many statements are done."""
        await self._progress.advance(session, migration, done)

    async def finish(self, session: Executor, migration: Migration) -> None:
        """Writes the row that Drizzle would write, and forgets how far the file was."""
        names, holes = (", name", ", $3") if self.folders else ("", "")
        query = f"INSERT INTO {self._path} (hash, created_at{names}) VALUES ($1, $2::pg_catalog.int8{holes})"
        await session.fetch(query, *self._values(migration))
        if migration.apart and await self._columns(session, PROGRESS):
            await session.execute(f"DROP TABLE {quoted(self.schema)}.{quoted(PROGRESS)}")

    async def correct(self, session: Executor, row: Row, migration: Migration) -> None:
        """Has a row say what the file says."""
        named = self.folders and "name" in await self._columns(session, self.table)
        change = f"hash = $2, created_at = $3::pg_catalog.int8{', name = $4' if named else ''}"
        query = f"UPDATE {self._path} SET {change} WHERE {_BY_ID}"
        await session.fetch(query, row.id, *self._values(migration)[: 3 if named else 2])

    async def remove(self, session: Executor, row: Row) -> None:
        """Drops a row."""
        await session.fetch(f"DELETE FROM {self._path} WHERE {_BY_ID}", row.id)

    async def forget(self, session: Executor, tag: str) -> None:
        """Drops what is remembered of a file that was begun."""
        await own_repair.remove(session, self._progress, tag)

    @property
    def _path(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.table)}"

    @property
    def _progress(self) -> OwnLedger:
        return OwnLedger(self.schema, PROGRESS)

    def _values(self, migration: Migration) -> tuple[object, ...]:
        return (migration.raw, migration.when, *((migration.tag,) if self.folders else ()))

    async def _columns(self, session: Executor, table: str) -> Mapping[str, str]:
        """The columns of a table, each with the kind of the relation; none if there is none."""
        return {str(name): str(kind) for name, kind in await session.fetch(_THERE, self.schema, table)}


def _entry(match: Match) -> Entry:
    if match.migration is None:
        name = f" ({match.row.name})" if match.row.name else ""
        return Entry(tag=f"row {match.row.id}{name}")
    migration = match.migration
    if match.standing is Standing.EDITED:
        return Entry(tag=migration.tag, statement=len(migration.statements), raw=match.row.hash)
    return Entry(tag=migration.tag, statement=len(migration.statements), checksum=migration.checksum)
