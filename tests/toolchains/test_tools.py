"""The tools do what the tests ask of them: each is run once, on the smallest thing that shows it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Literal

import asyncpg
import pytest

from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from tests.toolchains import (
    contrib_server,
    crate,
    node,
    packages,
    prettier_check,
    run,
    run_typescript,
    tsc,
)
from tests.toolchains.cargo import locked_by

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "toolchains"

MAIN = """\
mod row;

fn main() {
    let row = row::Row {
        id: uuid::Uuid::nil(),
        price: rust_decimal::Decimal::new(1050, 2),
        embedding: vec![1.0, 2.5].into(),
        note: std::env::args().nth(1),
    };
    println!("{}", serde_json::to_string(&row).unwrap());
}
"""

ROW = """\
#[derive(Debug, ::serde::Serialize, ::sqlx::FromRow)]
pub struct Row {
    pub id: ::uuid::Uuid,
    pub price: ::rust_decimal::Decimal,
    pub embedding: ::pgvector::Vector,
    pub note: Option<String>,
}
"""

PRINTED = '{"id":"00000000-0000-0000-0000-000000000000","price":"10.50","embedding":[1.0,2.5],"note":"a"}\n'


@pytest.mark.parametrize("edition", ["2021", "2024"])
@pytest.mark.parametrize("sqlx", ["0.8", "0.9"])
def test_crate(sqlx: Literal["0.8", "0.9"], edition: Literal["2021", "2024"]) -> None:
    """A row with a uuid, a decimal and a vector compiles against both releases of sqlx and is printed."""
    program = crate(BUILD / "smoke", sqlx, edition, {"src/main.rs": MAIN, "src/row.rs": ROW})
    program.fmt_check().check()
    program.check().check()
    assert program.run("a").check() == PRINTED


def test_crate_with_a_mistake() -> None:
    """What rustc refuses is refused, a warning too, with what rustc said about it."""
    wrong = {"src/main.rs": "fn main() {\n    let a: i32 = 1;\n}\n"}
    checked = crate(BUILD / "mistake", "0.9", "2024", wrong).check()
    assert not checked.ok
    assert "unused variable: `a`" in checked.said


def test_crates_do_not_meet() -> None:
    """What was compiled for one crate is never taken for another's, which is as old and built the same way."""
    good = crate(BUILD / "good", "0.9", "2021", {"src/main.rs": 'fn main() {\n    println!("good");\n}\n'})
    bad = crate(BUILD / "bad", "0.9", "2021", {"src/main.rs": 'fn main() {\n    println!("bad");\n}\n'})
    for _ in range(2):
        assert good.run().check() == "good\n"
        assert bad.run().check() == "bad\n"


def test_fmt_check_refuses() -> None:
    """What rustfmt would print otherwise is refused, in the module files as well."""
    sources = {"src/main.rs": "mod row;\n\nfn main() {}\n", "src/row.rs": "pub struct  Row;\n"}
    assert not crate(BUILD / "unformatted", "0.9", "2021", sources).fmt_check().ok


def test_stale_modules_go() -> None:
    """A module that a crate no longer has is not left from the last run."""
    crate(BUILD / "stale", "0.9", "2021", {"src/main.rs": "fn main() {}\n", "src/old.rs": ""})
    again = crate(BUILD / "stale", "0.9", "2021", {"src/main.rs": "fn main() {}\n"})
    assert [file.name for file in (again.directory / "src").iterdir()] == ["main.rs"]


def test_pins_become_a_lock() -> None:
    """A published package gets the line of its registry back; the crate itself has none."""
    pins = 'name = "a"\nversion = "1"\nchecksum = "x"\n\nname = "rows"\nversion = "0"\n'
    lock = 'name = "a"\nversion = "1"\nsource = "s"\nchecksum = "x"\n\nname = "rows"\nversion = "0"\n'
    assert locked_by(pins, 'source = "s"') == lock


MODULE = """\
import * as z from "zod";

export interface Row {
  readonly id: string;
  note?: string;
}

export const row = z.object({ id: z.guid(), note: z.string().exactOptional() }) satisfies z.ZodType<Row>;
"""


@pytest.mark.parametrize("version", ["5.5", "7.0"])
def test_tsc(version: Literal["5.5", "7.0"], tmp_path: Path) -> None:
    """Both compilers accept a Zod schema and refuse what the strict flags forbid."""
    (tmp_path / "row.ts").write_text(MODULE)
    tsc(version, tmp_path).check()
    (tmp_path / "wrong.ts").write_text(
        'import { Row } from "./row";\nconst row: Row = { id: "", note: undefined };\n'
    )
    refused = tsc(version, tmp_path).said
    assert "TS1484" in refused  # verbatimModuleSyntax: a type is imported with `import type`
    assert "TS2375" in refused  # exactOptionalPropertyTypes: undefined is not absence
    assert "TS6133" in refused  # noUnusedLocals


def test_tsc_erasable(tmp_path: Path) -> None:
    """The new compiler refuses syntax that cannot be erased; the old one does not know the flag."""
    (tmp_path / "mood.ts").write_text('export enum Mood {\n  Sad = "sad",\n}\n')
    assert "TS1294" in tsc("7.0", tmp_path).said
    tsc("5.5", tmp_path).check()


def test_zod(tmp_path: Path) -> None:
    """Node runs zod, the pinned release."""
    script = 'import * as z from "zod"; console.log(z.int32().parse(7), z.core.version.major);'
    assert node(script, tmp_path).check() == "7 4\n"
    assert '"version": "4.6.7"' in (packages() / "zod" / "package.json").read_text()


def test_run_typescript(tmp_path: Path) -> None:
    """A TypeScript file is run with what it imports, its arguments and its input."""
    (tmp_path / "row.ts").write_text(MODULE)
    (tmp_path / "main.ts").write_text(
        'import { readFileSync } from "node:fs";\nimport { row } from "./row";\n'
        "console.log(process.argv[2], row.safeParse(JSON.parse(readFileSync(0, 'utf8'))).success);\n"
    )
    good = '{"id": "11111111-1111-1111-1111-111111111111"}'
    assert run_typescript(tmp_path / "main.ts", "a", stdin=good).check() == "a true\n"
    assert run_typescript(tmp_path / "main.ts", "b", stdin='{"id": 1}').check() == "b false\n"


def test_prettier(tmp_path: Path) -> None:
    """Prettier accepts what it would print and refuses anything else, whatever lies above the folder."""
    (tmp_path / ".prettierrc").write_text('{ "singleQuote": true }')
    (tmp_path / "generated").mkdir()
    file = tmp_path / "generated" / "row.ts"
    file.write_text('export const a = "x";\n')
    prettier_check(file.parent).check()
    file.write_text("export const a = 'x'\n")
    assert not prettier_check(file.parent).ok


@pytest.mark.parametrize("major", [15, 18])
def test_contrib_server(major: Literal[15, 18]) -> None:
    """A server with contrib is of the version asked for, finds its libraries and has the extensions."""
    programs = contrib_server(major)
    for program in ("initdb", "pg_ctl", "postgres"):
        assert f"(PostgreSQL) {major}." in run([programs / program, "--version"], programs).check()
    extensions = {file.stem for file in programs.parent.rglob("*.control")}
    assert {"citext", "hstore", "ltree", "cube", "btree_gin", "btree_gist", "pg_trgm"} <= extensions


@pytest.mark.parametrize("major", [15, 18])
def test_contrib_server_starts(major: Literal[15, 18]) -> None:
    """It starts whoever we are, root too, and its extensions work."""
    with local_server(contrib_server(major)) as server:
        assert server.version == major
        assert asyncio.run(sorted_by_ltree(server)) == ["a.b", "a.c"]


async def sorted_by_ltree(server: Server) -> list[str]:
    """Two labels in the order of an extension's type."""
    async with scratch(server) as url:
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE EXTENSION ltree")
        rows = await connection.fetch("SELECT x::text FROM unnest('{a.c,a.b}'::ltree[]) x ORDER BY x")
        await connection.close()
    return [row[0] for row in rows]


SKIPPED = """
from tests.toolchains.shell import missing
def test_a(): missing("frobs", "there are none; get some")
def test_b(): pass
"""


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["one process", "xdist"])
@pytest.mark.parametrize(("strict", "code"), [("1", 1), ("", 0)], ids=["strict", "lenient"])
def test_missing_tools_are_loud(tmp_path: Path, workers: list[str], strict: str, code: int) -> None:
    """A tool that is missing is named at the end of the run, and fails it where skips are not taken."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.toolchains.strict"]\n')
    (tmp_path / "test_it.py").write_text(SKIPPED)
    env = {"CI": "", "PGKIT_NO_SKIPS": strict, "PYTHONPATH": str(ROOT)}
    pytest_here = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--rootdir={tmp_path}"]
    done = run([*pytest_here, *workers, tmp_path], tmp_path, env)
    assert done.code == code, done.said
    assert "tests that need frobs cannot run: there are none; get some (1 skipped)" in done.stdout
    assert ("the run fails" in done.stdout) == bool(strict)
