"""Rows of every type are bound to statements by generated Rust, and what is stored is what was there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

import asyncpg
import pytest

from pgkit.ir.catalog import Catalog
from pgkit.ir.relations import Column, Table
from pgkit.ir.types import Array, Scalar
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from pgkit.sql import quoted
from tests.backends.every_type import catalog, every_type_catalog_sql, rows_sql
from tests.backends.write_program import copies_sql, write_program
from tests.toolchains import Crate, contrib_server, crate

BUILD = Path(__file__).resolve().parents[2] / "build" / "toolchains"
BOUNDS_ARE_LOST = {("nested", "floats")}
"""Arrays whose first index is another than 1: a `Vec` begins at its beginning."""


def writable(contrib: bool) -> Catalog:
    """The catalog without the table of what Rust refuses to read, and without views."""
    made = catalog(contrib)
    return Catalog(
        extensions=made.extensions,
        enums=made.enums,
        domains=made.domains,
        composites=made.composites,
        ranges=made.ranges,
        tables=tuple(t for t in made.tables if t.name != "refused"),
    )


async def copied(server: Server, contrib: bool, made: Crate) -> tuple[list[str], list[str]]:
    """Copies every row in a new database: what the program prints, and the cells that are another."""
    found = writable(contrib)
    async with scratch(server) as url:
        connection = await asyncpg.connect(url)
        for script in (every_type_catalog_sql(contrib), rows_sql(contrib), copies_sql(found)):
            await connection.execute(script)
        printed = made.run(env={"DATABASE_URL": url}).check()
        different = [cell for t in found.tables for cell in await differences(connection, t)]
        await connection.close()
    return printed.splitlines(), different


async def differences(connection: asyncpg.Connection, table: Table) -> list[str]:
    """The cells of a table whose copies are another text."""
    found = []
    for column in table.columns:
        rows = await connection.fetch(
            f"SELECT {_text('t', column)} AS old, {_text('c', column)} AS new "
            f'FROM app."{table.name}" AS t LEFT JOIN copies."{table.name}" AS c USING (id)'
        )
        cells = [(r["old"], r["new"]) for r in rows if r["old"] != r["new"]]
        if (table.name, column.name) not in BOUNDS_ARE_LOST:
            found += [f"{table.name}.{column.name}: {old} -> {new}" for old, new in cells]
    return found


def _text(alias: str, column: Column) -> str:
    """A column as text; json without the blanks that it keeps."""
    through = {Scalar("json"): "::jsonb", Array(Scalar("json")): "::text[]::jsonb[]"}.get(column.type, "")
    return f"{alias}.{quoted(column.name)}{through}::text"


@pytest.mark.parametrize("sqlx", ["0.9", "0.8"])
def test_writes(sqlx: Literal["0.8", "0.9"], test_server: Server) -> None:
    """All of Postgres 18's own types, and pgvector's."""
    made = crate(BUILD / "writes", sqlx, "2021", write_program(writable(contrib=False)))
    check_copies(*asyncio.run(copied(test_server, False, made)), writable(False))


@pytest.mark.parametrize(("major", "sqlx"), [(15, "0.9"), (18, "0.8")])
def test_writes_of_contrib(major: Literal[15, 18], sqlx: Literal["0.8", "0.9"]) -> None:
    """The types of citext, hstore, ltree, cube, seg and isn, on the oldest and the newest server."""
    made = crate(BUILD / "writes-contrib", sqlx, "2024", write_program(writable(contrib=True)))
    with local_server(contrib_server(major)) as server:
        check_copies(*asyncio.run(copied(server, True, made)), writable(True))


def check_copies(printed: list[str], different: list[str], found: Catalog) -> None:
    """Every row of every table is there twice, to the letter."""
    assert different == []
    assert all(line.split()[1] == line.split()[3] for line in printed)
    assert {line.split()[0] for line in printed} == {f"app_{t.name}" for t in found.tables}
