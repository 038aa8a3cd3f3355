"""Postgres prepares every statement that is generated for the applications, held to tenants and not."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import pytest
from attrs import evolve

from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.jobs.ddl import create_sql
from pgkit.runtime.binaries import embedded_bin
from pgkit.runtime.embedded import local_server
from pgkit.runtime.scratch import scratch
from tests.realworld.applications import AI_CHATBOT, ONLOOK, SIM, Application
from tests.toolchains import crate

BUILD = Path(__file__).resolve().parents[2] / "build" / "toolchains"
TENANTS = {AI_CHATBOT: "userId", ONLOOK: "project_id", SIM: "workspace_id"}
MAIN = """\
mod db;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::var("DATABASE_URL").unwrap();
    let mut db = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
    for line in db::drift::differences(&mut db).await.unwrap() {
        println!("{line}");
    }
}
"""


def modules(catalog: Catalog, column: str) -> dict[str, str]:
    """The generated modules, in src/db."""
    relations = (*catalog.tables, *catalog.views)
    held = [r for r in relations if any(c.name == column for c in r.columns)]
    tenants = {Ref(r.kind, r.schema, r.name): column for r in held}
    files = Rust(options=ModelOptions(tenants=tenants), drift="drift").emit(catalog)
    return {f"src/db/{path}": text for path, text in files.items()}


def made_here(catalog: Catalog) -> Catalog:
    """The catalog without indexes that want an extension which the embedded server lacks."""
    tables = (evolve(t, indexes=tuple(i for i in t.indexes if i.method != "gin")) for t in catalog.tables)
    return evolve(catalog, tables=tuple(tables))


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("application", TENANTS, ids=lambda a: a.name)
def test_statements(application: Application, held: bool) -> None:
    """Nothing is otherwise in the database that the snapshot's SQL makes."""
    catalog = made_here(application.catalog)
    sources = {"src/main.rs": MAIN, **modules(catalog, TENANTS[application] if held else "")}
    made = crate(BUILD / "realworld-statements", "0.9", "2024", sources, ["drift"])

    async def differences() -> str:
        async with scratch(server) as url:
            connection = await asyncpg.connect(url)
            await connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            await connection.execute(create_sql(catalog))
            await connection.close()
            return (await asyncio.to_thread(made.run, env={"DATABASE_URL": url})).check()

    with ExitStack() as stack:
        server = stack.enter_context(local_server(embedded_bin()))
        assert asyncio.run(differences()) == ""
