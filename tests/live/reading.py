"""What the tests of reading share: SQL run on a scratch database, and the catalog that is read back."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import TypeVar

from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Index
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from pgkit.runtime.session import AsyncpgExecutor

T = TypeVar("T")


def run(work: Coroutine[object, object, T]) -> T:
    """The value of a coroutine."""
    return asyncio.run(work)


def catalog_of(server: Server, sql: str) -> Catalog:
    """What is read back after `sql` ran on an empty database."""

    async def same(session: AsyncpgExecutor) -> Catalog:
        return (await read_catalog(session)).catalog

    return on_database(server, sql, same)


def on_database(server: Server, sql: str, use: Callable[[AsyncpgExecutor], Awaitable[T]]) -> T:
    """What `use` makes of a second session on a database where `sql` ran."""

    async def work() -> T:
        async with scratch(server, purpose="test") as url:
            async with open_(url, settings=running()) as session:
                await session.execute(sql)
            async with open_(url) as session:
                return await use(session)

    return run(work())


def table(catalog: Catalog, name: str, schema: str = "public") -> Table:
    """The table of this name."""
    (found,) = (t for t in catalog.tables if (t.schema, t.name) == (schema, name))
    return found


def columns(table: Table) -> Mapping[str, Column]:
    """The columns of a table by name."""
    return {column.name: column for column in table.columns}


def indexes(table: Table) -> Mapping[str, Index]:
    """The indexes of a table by name."""
    return {index.name: index for index in table.indexes}


def column_ref(table: str, name: str, schema: str = "public", within: str = "table") -> Ref:
    """The Ref of a column."""
    return Ref("column", schema, table, name, within)


def unmodelled(catalog: Catalog, kind: str) -> dict[tuple[str, str, str], Unmodelled]:
    """What is not modelled of one kind, by schema, name and member."""
    return {(u.schema, u.name, u.member): u for u in catalog.unmodelled if u.kind == kind}


def definitions(catalog: Catalog, kind: str) -> Mapping[tuple[str, str, str], str | None]:
    """The definitions of what is not modelled of one kind, by schema, name and member."""
    return {key: found.definition for key, found in unmodelled(catalog, kind).items()}
