"""Rows of extreme values of every type are inserted, found, paged, patched, upserted and deleted by their tables."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Literal

import asyncpg
import pytest

from pgkit.backends.options import ModelOptions
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from tests.backends.every_type import catalog, every_type_catalog_sql, expected
from tests.backends.rows_plan import plans_of
from tests.backends.rows_program import plan_file, rows_program
from tests.toolchains import contrib_server, crate

BUILD = Path(__file__).resolve().parents[2] / "build" / "toolchains"


async def check(server: Server, contrib: bool, sqlx: Literal["0.8", "0.9"], home: Path) -> None:
    """Takes every row through a new database, as JSON; nothing of it is otherwise than was generated."""
    planned = partial(plans_of, rows=expected(contrib))
    sources, plans = rows_program(catalog(contrib), ModelOptions(), "drift", planned)
    tables = {f"app_{table.name}" for table in catalog(contrib).tables}
    wanted = sum(len(rows) for module, rows in expected(contrib).items() if module in tables)
    assert sum(len(plan["rows"]) for plan in plans) == wanted
    made = crate(BUILD / "rows", sqlx, "2021", sources, ["drift"])
    async with scratch(server) as url:
        connection = await asyncpg.connect(url)
        await connection.execute(every_type_catalog_sql(contrib))
        await connection.close()
        env = {"DATABASE_URL": url, "PLAN": plan_file(plans, home)}
        (await asyncio.to_thread(made.test, env=env)).check()


def test_inserts(test_server: Server, tmp_path: Path) -> None:
    """All of Postgres 18's own types, and pgvector's."""
    asyncio.run(check(test_server, False, "0.9", tmp_path))


@pytest.mark.parametrize("major", [15])
def test_inserts_of_contrib(major: Literal[15], tmp_path: Path) -> None:
    """The types of citext, hstore, ltree, cube, seg and isn, on the oldest server."""
    with local_server(contrib_server(major)) as server:
        asyncio.run(check(server, True, "0.8", tmp_path))
