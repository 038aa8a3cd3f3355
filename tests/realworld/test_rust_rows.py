"""Rows of extreme values go in and out of every table of the applications by what is generated for Rust."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from pgkit.backends.options import ModelOptions
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.jobs.ddl import create_sql
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from tests.backends.rows_plan import UNCHECKED
from tests.backends.rows_program import plan_file, rows_program
from tests.realworld.applications import ONLOOK, Application
from tests.realworld.test_statements import TENANTS, made_here
from tests.toolchains import Crate, contrib_server, crate

BUILD = Path(__file__).resolve().parents[2] / "build" / "toolchains"


def program(application: Application, home: Path, kind: str) -> tuple[Crate, str]:
    """The program for an application's tables, `held` to tenants or not, and the file of its plan."""
    catalog, column = made_here(application.catalog), TENANTS[application] if kind == "held" else ""
    # Where the column may be NULL, a tenant cannot hold the table, and there would be nothing to insert by
    tables = [t for t in catalog.tables if any(c.name == column and not c.nullable for c in t.columns)]
    options = ModelOptions(tenants={Ref("table", t.schema, t.name): column for t in tables})
    sources, plans = rows_program(catalog, options, "drift")
    folder = BUILD / f"realworld-rows-{application.name}-{kind}"
    return crate(folder, "0.9", "2024", sources, ["drift"]), plan_file(plans, home)


async def check(made: Crate, server: Server, catalog: Catalog, plan: str) -> None:
    """All of the program's tests pass on the database that the snapshot's SQL makes, but for its checks."""
    async with scratch(server) as url:
        connection = await asyncpg.connect(url)
        if await connection.fetch("SELECT FROM pg_available_extensions WHERE name = 'vector'"):
            await connection.execute("CREATE EXTENSION vector")
        await connection.execute(create_sql(catalog))
        await connection.execute(UNCHECKED)
        await connection.close()
        env = {"DATABASE_URL": url, "PLAN": plan, "RUST_BACKTRACE": "0"}
        (await asyncio.to_thread(made.test, env=env)).check()


@pytest.mark.parametrize("kind", ["held", "plain"])
@pytest.mark.parametrize("application", TENANTS, ids=lambda a: a.name)
def test_rows(application: Application, kind: str, test_server: Server, tmp_path: Path) -> None:
    """Every table takes every row."""
    made, plan = program(application, tmp_path, kind)
    asyncio.run(check(made, test_server, made_here(application.catalog), plan))


def test_oldest(tmp_path: Path) -> None:
    """Postgres 15 takes them as well."""
    made, plan = program(ONLOOK, tmp_path, "oldest")
    with local_server(contrib_server(15)) as server:
        asyncio.run(check(made, server, made_here(ONLOOK.catalog), plan))
