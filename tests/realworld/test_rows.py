"""Rows of every table go from the database that an application's SQL makes through Rust and JSON to Zod."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from pgkit.backends.model import model
from pgkit.backends.options import ModelOptions
from pgkit.backends.typescript.files import lower_first
from pgkit.backends.zod import Zod
from pgkit.ir.relations import Table
from pgkit.runtime.embedded import Server
from tests.backends.wire_program import wire_lines, wire_program
from tests.realworld.applications import APPLICATIONS, Application
from tests.realworld.databases import database, migrations
from tests.realworld.rows import fill
from tests.toolchains import Crate, crate, run_typescript
from tests.toolchains.test_wire_rust_zod import CHECK
from tests.toolchains.typescript_folders import write

BUILD = Path(__file__).resolve().parents[2] / "build" / "toolchains"


@pytest.mark.parametrize("application", APPLICATIONS, ids=[a.name for a in APPLICATIONS])
def test_rows(application: Application, test_server: Server, tmp_path: Path) -> None:
    """Each row that Rust prints comes back from its select schema as it was."""
    tables = own_tables(application)
    rows = model(application.catalog, ModelOptions()).rows
    names = {row.module: [f"{lower_first(row.stem)}SelectSchema"] for row in rows}
    made = crate(BUILD / f"realworld-{application.name}", "0.9", "2024", program(application))
    printed = asyncio.run(read(application, test_server, made, tables))
    assert [line for line in wire_lines(printed) if "error" in line] == []
    write(tmp_path / "zod", Zod().emit(application.catalog))
    (tmp_path / "check.ts").write_text(CHECK)
    said = run_typescript(tmp_path / "check.ts", stdin=json.dumps({"names": names, "printed": printed}))
    outcomes: list[list[Any]] = json.loads(said.check())
    assert [outcome for outcome in outcomes if len(outcome) > 2] == []
    ours = {(t.schema, t.name) for t in tables}
    filled = [row for row in rows if (row.ref.schema, row.ref.name) in ours]
    assert sorted(outcomes) == sorted([row.module, *names[row.module]] for row in filled for _ in range(2))


def own_tables(application: Application) -> list[Table]:
    """The tables that its SQL makes: `auth.users` is Supabase's, and not as the snapshot has it."""
    return [table for table in application.catalog.tables if table.schema != "auth"]


def program(application: Application) -> dict[str, str]:
    """Prints all rows, in whatever order: not every table has an `id`."""
    sources = wire_program(application.catalog)
    return {**sources, "src/main.rs": sources["src/main.rs"].replace(' ORDER BY t.\\"id\\"', "")}


async def read(application: Application, server: Server, made: Crate, tables: list[Table]) -> str:
    """What the program prints of the filled database."""
    async with database(application, server, migrations(application)) as url:
        await fill(url, application.catalog, tables)
        return made.run(env={"DATABASE_URL": url}).check()
