"""Rows of every type go from a real Postgres through generated Rust to JSON, value for value."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import asyncpg
import pytest

from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from tests.backends.every_type import (
    REFUSED,
    catalog,
    every_type_catalog_sql,
    expected,
    refused_sql,
    rows_sql,
)
from tests.backends.wire_program import wire_lines, wire_program
from tests.toolchains import Crate, contrib_server, crate

BUILD = Path(__file__).resolve().parents[2] / "build" / "toolchains"
Lines = list[dict[str, Any]]


async def filled(server: Server, contrib: bool, made: Crate | None = None) -> tuple[Catalog, Lines]:
    """Puts the rows into a new database: its catalog as it is read back, and what the program prints."""
    async with scratch(server) as url:
        connection = await asyncpg.connect(url)
        for script in (every_type_catalog_sql(contrib), rows_sql(contrib), refused_sql()):
            await connection.execute(script)
        await connection.close()
        async with open_(url) as session:
            lowered = await read_catalog(session)
        return lowered.catalog, wire_lines(printed(url, made)) if made else []


def printed(url: str, made: Crate) -> str:
    """What the program prints, the same whether the schema is on the search path or not."""
    off = made.run(env={"DATABASE_URL": url}).check()
    on = made.run(env={"DATABASE_URL": f"{url}&options=-csearch_path%3Dapp"}).check()
    assert on == off
    return off


def check_rows(lines: Lines, contrib: bool) -> None:
    """Every row is printed as the contract says, and the refused ones are errors, one for one."""
    for table, rows in expected(contrib).items():
        found = [line.get("row", line.get("error")) for line in lines if line["table"] == table]
        assert found == rows, table
    refused = [line for line in lines if line["table"] == "app_refused"]
    assert [sorted(line) for line in refused] == [["error", "table"]] * len(REFUSED)


@pytest.mark.parametrize(("sqlx", "edition"), [("0.9", "2024"), ("0.8", "2021")])
def test_wire(sqlx: Literal["0.8", "0.9"], edition: Literal["2021", "2024"], test_server: Server) -> None:
    """All of Postgres 18's own types, and pgvector's."""
    made = crate(BUILD / "wire", sqlx, edition, wire_program(catalog(contrib=False)))
    _, lines = asyncio.run(filled(test_server, False, made))
    check_rows(lines, contrib=False)


@contextmanager
def server_with_contrib(major: Literal[15, 18]) -> Iterator[Server]:
    """A server that has every contrib extension."""
    with local_server(contrib_server(major)) as server:
        yield server


@pytest.mark.parametrize(("major", "sqlx"), [(15, "0.9"), (18, "0.8")])
def test_wire_of_contrib(major: Literal[15, 18], sqlx: Literal["0.8", "0.9"]) -> None:
    """The types of citext, hstore, ltree, cube, seg and isn, on the oldest and the newest server."""
    made = crate(BUILD / "wire-contrib", sqlx, "2021", wire_program(catalog(contrib=True)))
    with server_with_contrib(major) as server:
        _, lines = asyncio.run(filled(server, True, made))
    check_rows(lines, contrib=True)


def test_catalog_is_what_the_server_has(test_server: Server) -> None:
    """Rust generated from the database itself is that of the catalog that these tests build by hand."""
    live, _ = asyncio.run(filled(test_server, False))
    assert wire_program(live) == wire_program(catalog(contrib=False))
