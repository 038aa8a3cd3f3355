"""SQL as a source on the command line: generated from, compared with, printed, and made again by psql."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgkit.cli.app import run
from pgkit.runtime.binaries import embedded_bin
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.url import with_database
from tests.toolchains import run as run_program

SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (id bigint PRIMARY KEY, mood mood DEFAULT 'ok', name text CHECK (name IN ('a', 'b')));
CREATE VIEW moods AS SELECT mood, count(*) AS people FROM people GROUP BY 1;
CREATE SCHEMA extensions;
CREATE EXTENSION vector SCHEMA extensions;
CREATE TABLE near (id int PRIMARY KEY, at extensions.vector(3));
CREATE INDEX ON near USING hnsw (at extensions.vector_l2_ops);
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a schema in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PGKIT_SERVER", os.environ.get("PGKIT_TEST_SERVER", "embedded"))
    (tmp_path / "schema.sql").write_text(SCHEMA)
    return tmp_path


@pytest.fixture
def url(test_server: Server, worker: str) -> Iterator[str]:
    """The URL of an empty database, which is no scratch database."""
    name = f"pgkit_test_sql_source_{worker}"
    asyncio.run(execute(test_server.url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    asyncio.run(execute(test_server.url, f"CREATE DATABASE {name}"))
    yield with_database(test_server.url, name)
    asyncio.run(execute(test_server.url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def worker() -> str:
    """What tells this process's databases from those of others."""
    return str(os.getpid())


async def execute(url: str, sql: str) -> None:
    """Runs SQL."""
    async with open_(url, settings=running()) as session:
        await session.execute(sql)


def psql(url: str, script: str) -> None:
    """Runs a script in psql, which stops at the first error."""
    command = [embedded_bin() / "psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-q", "-d", url]
    done = run_program(command, Path.cwd(), stdin=script)
    assert (done.code, done.stderr) == (0, ""), done.said


def test_generated_from(folder: Path) -> None:
    """As an argument and as the `source` of a configuration; views have the columns that Postgres gives them."""
    assert run(["gen", "schema.sql", "--typescript", "one"]) == 0
    (folder / "pgkit.toml").write_text('source = "schema.sql"\n[typescript]\ndir = "two"\n')
    assert run(["gen"]) == 0
    assert run(["gen", "--check"]) == 0
    files = {path.name: path.read_text() for path in (folder / "one").iterdir()}
    assert "mood: Mood | null;" in files["moods.ts"]
    assert {path.name for path in (folder / "two").iterdir()} == files.keys()
    (folder / "schema.sql").write_text(SCHEMA + "ALTER TABLE people ADD born date;")
    assert run(["gen", "--check"]) == 1


def test_compared_with(url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A database made of it does not differ; what differs is told as for other sources."""
    asyncio.run(execute(url, SCHEMA))
    assert run(["drift", "schema.sql", "--db", url]) == 0
    asyncio.run(
        execute(
            url, "ALTER TABLE public.people ALTER name TYPE varchar(9); COMMENT ON TABLE public.near IS 'x'"
        )
    )
    assert run(["drift", "schema.sql", "--db", url]) == 1
    out = capsys.readouterr().out
    assert "different column public.people.name: type" in out
    assert "different table public.near: comment" in out
    (folder / "parts").mkdir()
    (folder / "parts" / "1.sql").write_text(SCHEMA)
    (folder / "parts" / "2.sql").write_text(
        "ALTER TABLE people ALTER name TYPE varchar(9); COMMENT ON TABLE near IS 'x';"
    )
    assert run(["drift", "parts", "--db", url]) == 0


def test_what_was_skipped_proves_nothing(url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the file goes without for want of an extension is no difference where the database has it."""
    (folder / "pgkit.toml").write_text('[replay]\nwithout_extensions = ["vector"]\n')
    asyncio.run(execute(url, SCHEMA + "CREATE TABLE more (a int);"))
    assert run(["drift", "schema.sql", "--db", url]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("extra table public.more")
    assert out.endswith("1 difference: 1 extra\n")
    assert err.count("warning[skipped-statement]") == 3


def test_printed_and_made_again(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed runs in psql as it is, types of extensions in a schema of their own and all."""
    assert run(["show", "schema.sql", "--as", "sql"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("SET search_path = public, extensions;\n")
    psql(url, printed)
    assert run(["drift", "schema.sql", "--db", url]) == 0
    assert run(["show", url, "--as", "sql"]) == 0
    assert capsys.readouterr().out.removeprefix("no drift\n") == printed


def test_a_project_of_drizzle(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The shop's snapshot, printed as SQL and run in psql, is there."""
    shop = str(Path(__file__).parents[2] / "corpus/projects/shop/drizzle")
    assert run(["show", shop, "--as", "sql"]) == 0
    psql(url, "CREATE EXTENSION vector;\n" + capsys.readouterr().out)
    assert run(["drift", shop, "--db", url]) == 1
    assert capsys.readouterr().out.endswith(
        "1 difference: 1 extra\n"
    )  # the extension, which no snapshot holds


def test_a_failing_statement_has_its_place(folder: Path) -> None:
    """It is shown with file and line, from a process of its own, and the exit code tells."""
    (folder / "schema.sql").write_text(SCHEMA + "CREATE INDEX ON people (nothing);\n")
    done = run_program([sys.executable, "-m", "pgkit", "show", "schema.sql"], folder)
    assert (done.code, done.stdout) == (4, "")
    assert 'error[sql-failed]: column "nothing" does not exist (42703)' in done.stderr
    assert "schema.sql:9:1" in done.stderr
