"""The generated schemas stand in for drizzle-zod's: both are asked about the same values, and so is Postgres."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any, Final, Literal

import asyncpg
import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.zod import Zod
from pgkit.cli.app import run
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.jobs.names import choose, read_names
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.toolchains import link_packages, npx, prettier_check, run_typescript, tsc
from tests.toolchains.typescript_folders import write

HERE: Final = Path(__file__).parent / "drizzle_zod"
COUNT: Final = 200 if os.environ.get("PGKIT_PROOF") else 4
KIT: Final = """\
import { defineConfig } from "drizzle-kit";
export default defineConfig({ dialect: "postgresql", schema: "./schema.ts", out: "./drizzle" });
"""
# What drizzle-zod's types and the schema take of Node's.
NODE: Final = """\
interface Buffer extends Uint8Array {
  readonly isBuffer: true;
}
declare const Buffer: { from(bytes: number[]): Buffer; isBuffer(value: unknown): boolean };
declare const console: { log(text: string): void };
"""


@pytest.fixture(scope="module")
def project(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The schema with its names, as the script reads them out of it, and what is generated of both."""
    folder = tmp_path_factory.mktemp("drizzle") / "project"
    shutil.copytree(HERE, folder)
    link_packages(folder)
    (folder / "package.json").write_text('{ "type": "module" }')
    (folder / "drizzle.config.ts").write_text(KIT)
    assert run(["names", str(folder / "schema.ts"), "--output", str(folder / "names.json")]) == 0
    generate(folder, asyncio.run(catalog(test_server, folder)))
    return folder


def declaration(project: Path) -> str:
    """The SQL by which drizzle-kit would make the schema at once."""
    return npx("drizzle-kit", "export", cwd=project).check()


async def compared(server: Server, project: Path) -> dict[str, Any]:
    """What the comparison says, over a database that the schema has made."""
    async with scratch(server) as url:
        await make(url, project)
        stdin = json.dumps({"url": url, "count": COUNT})
        said = await asyncio.to_thread(run_typescript, project / "compare.ts", stdin=stdin)
    found: dict[str, Any] = json.loads(said.check())
    return found


async def make(url: str, project: Path) -> Catalog:
    """The catalog of the database that the schema makes."""
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE EXTENSION vector")
    await connection.execute(declaration(project))
    await connection.close()
    async with open_(url) as session:
        return (await read_catalog(session)).catalog


async def catalog(server: Server, project: Path) -> Catalog:
    """The same, of a database that is there for a moment."""
    async with scratch(server) as url:
        return await make(url, project)


def generate(project: Path, catalog: Catalog) -> None:
    """Writes the schemas that stand in for drizzle-zod's."""
    chosen = choose(read_names(project / "names.json"), catalog)
    assert chosen.findings == ()
    options = ModelOptions(
        client="drizzle", ids=False, properties=chosen.properties, exports=chosen.exports, modes=chosen.modes
    )
    write(project / "zod", Zod(options=options).emit(catalog))


ALL, WRITES = ("select", "insert", "update"), ("insert", "update")
TEXTS: Final = (
    *("text", "varchar", "varchar_5", "numeric", "numeric_10_2", "date", "time", "timetz", "interval"),
    *("timestamp_string", "timestamptz_string", "inet", "cidr", "macaddr", "macaddr8", "sparsevec_3"),
)
# Who accepts; whether Postgres holds it; of which schemas; in which columns; what it is.
DIFFERENCES: Final = (
    ("ours", True, ALL, ("real", "double"), "past 2^23 and 2^47, NaN and the infinities"),
    ("ours", True, ALL, ("numeric_number", "numeric_bigint"), "past 2^53 and 2^63; as a number, NaN"),
    ("ours", True, ALL, ("point", "point_xy", "line", "line_abc"), "NaN and the infinities"),
    ("ours", True, ALL, ("uuid",), "of no version that RFC 9562 knows"),
    ("ours", True, ALL, ("char_3",), "shorter texts, which Postgres pads"),
    ("ours", True, ALL, ("text_array_3",), "of another length: Postgres does not look at the one declared"),
    ("ours", False, ("select",), ("char_3",), "longer texts, which no select gives"),
    ("theirs", False, ALL, ("bigserial_bigint",), "null, since Drizzle forgets that it is NOT NULL"),
    ("theirs", False, ALL, ("bit_3",), "fewer bits"),
    ("theirs", False, ALL, ("vector_3", "halfvec_3"), "elements out of range"),
    ("theirs", False, ALL, ("real",), "numbers that a real takes for zero"),
    ("theirs", False, ALL, ("json", "jsonb"), "bigints inside; to be written, null: Drizzle sends NULL"),
    ("theirs", False, WRITES, ("char",), "more than one character"),
    ("theirs", False, WRITES, TEXTS, "the character U+0000"),
)


def test_values(test_server: Server, project: Path) -> None:
    """What drizzle-zod accepts and Postgres holds, ours accept; every other difference is listed."""
    found = asyncio.run(compared(test_server, project))
    listed = {
        (who, held, kind, table)
        for who, held, kinds, tables, _ in DIFFERENCES
        for kind in kinds
        for table in tables
    }
    assert found["refused"] == []
    assert found["unread"] == []
    assert {tuple(difference) for difference in found["differences"]} == listed


REFUSED: Final = {
    *("withoutKey", "key", "emptyChange", "noSettings"),
    *("text", "pattern", "low", "lightWeight", "longTags", "closed"),  # by the refinements
}


def test_uses(project: Path) -> None:
    """Whole rows, refinements, enums and views: what an application gets of either is the same."""
    found = json.loads(run_typescript(project / "uses.ts").check())
    assert (found["mood"], found["key"]) == ("2nd", 1)
    assert [answer for answer in found["answers"] if answer[2] != answer[3]] == []
    refused = {what for name, what, said, _ in found["answers"] if name == "refined" and said == '"refused"'}
    assert refused == REFUSED


@pytest.mark.parametrize("version", ["5.5", "7.0"] if os.environ.get("PGKIT_PROOF") else ["7.0"])
def test_types(project: Path, version: Literal["5.5", "7.0"]) -> None:
    """The types are drizzle-zod's, too, under the strictest flags."""
    folder = project.parent / f"types{version}"
    shutil.copytree(project / "zod", folder / "zod")
    for name in ("schema.ts", "uses.ts"):
        shutil.copy(project / name, folder)
    (folder / "node.d.ts").write_text(NODE)
    tsc(version, folder).check()


def test_is_prettier(project: Path) -> None:
    """Prettier finds nothing to change in what is generated."""
    prettier_check(project / "zod").check()
