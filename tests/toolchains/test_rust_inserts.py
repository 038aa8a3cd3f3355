"""Rows of extreme values of every type are inserted, found, paged, patched, upserted and deleted by their tables."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

import asyncpg
import pytest

from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from tests.backends.every_type import catalog, every_type_catalog_sql, expected, rows_sql
from tests.backends.insert_program import insert_program
from tests.toolchains import contrib_server, crate

BUILD = Path(__file__).resolve().parents[2] / "build" / "toolchains"


async def check(server: Server, contrib: bool, sqlx: Literal["0.8", "0.9"]) -> None:
    """Takes every row out of a new database and puts it back, and counts what the program has seen."""
    made = crate(BUILD / "inserts", sqlx, "2021", insert_program(catalog(contrib)), ["drift"])
    async with scratch(server) as url:
        connection = await asyncpg.connect(url)
        for script in (every_type_catalog_sql(contrib), rows_sql(contrib)):
            await connection.execute(script)
        await connection.close()
        printed = (await asyncio.to_thread(made.run, env={"DATABASE_URL": url})).check()
    rows = expected(contrib)
    wanted = {f"{t.name} {len(rows.get(f'app_{t.name}', []))}" for t in catalog(contrib).tables}
    assert set(printed.splitlines()) == wanted


def test_inserts(test_server: Server) -> None:
    """All of Postgres 18's own types, and pgvector's."""
    asyncio.run(check(test_server, False, "0.9"))


@pytest.mark.parametrize("major", [15])
def test_inserts_of_contrib(major: Literal[15]) -> None:
    """The types of citext, hstore, ltree, cube, seg and isn, on the oldest server."""
    with local_server(contrib_server(major)) as server:
        asyncio.run(check(server, True, "0.8"))
