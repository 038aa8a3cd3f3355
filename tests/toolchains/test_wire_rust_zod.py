"""What a Rust program prints of rows of every type, the generated Zod schemas accept, value for value."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Final, Literal

import asyncpg
import pytest

from pgkit.backends.model import model
from pgkit.backends.options import ModelOptions
from pgkit.backends.typescript.files import lower_first
from pgkit.backends.zod import Zod
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from tests.backends.every_type import catalog, every_type_catalog_sql, expected, refused_sql, rows_sql
from tests.backends.wire_program import wire_program
from tests.toolchains import Crate, contrib_server, crate, run_typescript
from tests.toolchains.typescript_folders import write

BUILD: Final = Path(__file__).resolve().parents[2] / "build" / "toolchains"

# Reads the program's lines; says of each row what its schemas make of it.
CHECK: Final = """\
import * as classic from "./zod/index.js";
import * as mini from "./mini/index.js";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { ZodType } from "zod";

const { names, printed } = JSON.parse(readFileSync(0, "utf8")) as {
  names: Record<string, string[]>;
  printed: string;
};
const both = [classic, mini] as unknown as Record<string, Pick<ZodType, "safeParse">>[];
const outcomes: unknown[] = [];
for (const line of printed.split("\\n").filter(Boolean)) {
  const { table, row } = JSON.parse(line);
  if (row === undefined) continue;
  for (const name of names[table]!) {
    for (const found of both) {
      const parsed = found[name]!.safeParse(row);
      if (!parsed.success) outcomes.push([table, name, row.id, parsed.error.issues]);
      else if (!isDeepStrictEqual(parsed.data, JSON.parse(line).row))
        outcomes.push([table, name, row.id, "changed"]);
      else outcomes.push([table, name]);
    }
  }
}
console.log(JSON.stringify(outcomes));
"""


async def printed_rows(server: Server, made: Crate, *, contrib: bool) -> tuple[Catalog, str]:
    """Fills a database: its catalog as it is read back, and what the program prints."""
    async with scratch(server) as url:
        connection = await asyncpg.connect(url)
        for script in (every_type_catalog_sql(contrib), rows_sql(contrib), refused_sql()):
            await connection.execute(script)
        await connection.close()
        async with open_(url) as session:
            lowered = await read_catalog(session)
        return lowered.catalog, made.run(env={"DATABASE_URL": url}).check()


def schema_names(live: Catalog) -> dict[str, list[str]]:
    """The select schema of each module and, of a table, the insert schema: nothing here is computed."""
    return {
        row.module: [
            f"{lower_first(row.stem)}{kind}Schema"
            for kind in (("Select", "Insert") if row.writable else ("Select",))
        ]
        for row in model(live, ModelOptions()).rows
    }


def check_rows(folder: Path, live: Catalog, printed: str, *, contrib: bool) -> None:
    """Every row that Rust could print comes back from its schemas, those of zod/mini too, as it was."""
    names = schema_names(live)
    write(folder / "zod", Zod().emit(live))
    write(folder / "mini", Zod(mini=True).emit(live))
    (folder / "check.ts").write_text(CHECK)
    said = run_typescript(folder / "check.ts", stdin=json.dumps({"names": names, "printed": printed}))
    outcomes: list[list[Any]] = json.loads(said.check())
    assert [outcome for outcome in outcomes if len(outcome) > 2] == []
    rows = [[table, name] for table, rows in expected(contrib).items() for _ in rows for name in names[table]]
    assert sorted(outcomes) == sorted(rows * 2)


def test_wire(test_server: Server, tmp_path: Path) -> None:
    """All of Postgres 18's own types, and pgvector's."""
    made = crate(BUILD / "wire", "0.9", "2024", wire_program(catalog(contrib=False)))
    live, printed = asyncio.run(printed_rows(test_server, made, contrib=False))
    check_rows(tmp_path, live, printed, contrib=False)


@pytest.mark.parametrize(("major", "sqlx"), [(15, "0.9"), (18, "0.8")])
def test_wire_of_contrib(major: Literal[15, 18], sqlx: Literal["0.8", "0.9"], tmp_path: Path) -> None:
    """The types of citext, hstore, ltree, cube, seg and isn, on the oldest and the newest server."""
    made = crate(BUILD / "wire-contrib", sqlx, "2021", wire_program(catalog(contrib=True)))
    with local_server(contrib_server(major)) as server:
        live, printed = asyncio.run(printed_rows(server, made, contrib=True))
    check_rows(tmp_path, live, printed, contrib=True)
