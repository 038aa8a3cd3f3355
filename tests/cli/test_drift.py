"""`pgkit drift`: the gate, on a real server."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pgkit.cli.app import run
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.url import with_database

SHOP = Path(__file__).parents[2] / "corpus/projects/shop/drizzle"
DRIFT = """\
different column public.orders.currency: nullable
  expected: not null
  found:    null
  mend:     ALTER TABLE public.orders ALTER COLUMN currency SET NOT NULL;
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and the server of the tests, as ours: others drop what they think abandoned."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PGKIT_SERVER", os.environ.get("PGKIT_TEST_SERVER", "embedded"))
    return tmp_path


@contextmanager
def database(server: Server, name: str, sql: str) -> Iterator[str]:
    """The URL of a database that the SQL was run in."""
    url = with_database(server.url, name)
    asyncio.run(execute(server.url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    asyncio.run(execute(server.url, f"CREATE DATABASE {name}"))
    try:
        asyncio.run(execute(url, sql))
        yield url
    finally:
        asyncio.run(execute(server.url, f"DROP DATABASE {name} WITH (FORCE)"))


async def execute(url: str, sql: str) -> None:
    """Runs SQL."""
    async with open_(url, settings=running()) as session:
        await session.execute(sql)


def test_replay_finds_the_true_drift(capsys: pytest.CaptureFixture[str]) -> None:
    """The shop's SQL and its snapshot differ in one column; the extension no snapshot can hold."""
    assert run(["drift", str(SHOP), "--replay"]) == 1
    out = capsys.readouterr().out
    assert out.startswith(DRIFT)
    assert "extra extension vector\n" in out
    assert out.endswith("2 differences: 1 extra, 1 different\n")


def test_formats(capsys: pytest.CaptureFixture[str]) -> None:
    """For programs and for GitHub the same is said in their words."""
    argv = ["drift", str(SHOP), "--replay", "--format"]
    assert run([*argv, "json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["command"] == "drift"
    assert said["result"][0] == {
        "class": "different",
        "kind": "column",
        "ref": ["column", "public", "orders", "currency"],
        "field": "nullable",
        "expected": "not null",
        "actual": "null",
        "mend": "ALTER TABLE public.orders ALTER COLUMN currency SET NOT NULL;",
    }
    extension = said["result"][1]
    assert (extension["class"], extension["ref"]) == ("extra", ["extension", "", "vector"])
    assert (extension["expected"], "field" in extension) == (None, False)
    assert run([*argv, "github"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "::error title=different column public.orders.currency%3A nullable::"
        "expected not null, found null%0AALTER TABLE public.orders ALTER COLUMN currency SET NOT NULL;"
    )


def test_ignored(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the configuration ignores is no drift."""
    (folder / "pgkit.toml").write_text(
        '[drift]\nignore = [{ kind = "column", name = "orders" }, { class = "extra" }]\n'
    )
    assert run(["drift", str(SHOP), "--replay"]) == 0
    assert capsys.readouterr().out == "no drift\n"


def test_against_a_database(test_server: Server, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A database agrees with its own snapshot until it is changed; every class is told."""
    made = "CREATE TABLE a (id int PRIMARY KEY, x text CHECK (x IN ('p', 'q'))); CREATE INDEX i ON a (x)"
    with database(test_server, "pgkit_test_drift", made) as url:
        assert run(["show", url, "--as", "json", "-o", "believed.json"]) == 0
        argv = ["drift", "believed.json", "--db", url]
        assert run(argv) == 0
        assert capsys.readouterr().out == "no drift\n"
        change = (
            "DROP INDEX public.i; ALTER TABLE public.a ADD y int; ALTER TABLE public.a ALTER x SET NOT NULL"
        )
        asyncio.run(execute(url, change))
        assert run([*argv, "--format", "json"]) == 1
        result = json.loads(capsys.readouterr().out)["result"]
    assert [(d["class"], d["ref"]) for d in result] == [
        ("different", ["column", "public", "a", "x"]),
        ("extra", ["column", "public", "a", "y"]),
        ("missing", ["index", "public", "a", "i"]),
    ]


def test_what_was_skipped_is_missing_on_both_sides(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Objects that need an extension which the replay goes without are listed, and no drift."""
    (folder / "pgkit.toml").write_text('[replay]\nwithout_extensions = ["vector"]\n')
    assert run(["drift", str(SHOP), "--replay"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith(DRIFT)
    assert out.endswith("1 difference: 1 different\n")
    assert "warning[skipped-statement]" in err
    assert "product_embeddings" in err


def test_replay_as_a_source(folder: Path) -> None:
    """What a folder's SQL makes can be generated from, without what its prelude made."""
    (folder / "first.sql").write_text("CREATE SCHEMA given; CREATE TABLE given.t (a int);")
    (folder / "pgkit.toml").write_text('[replay]\nprelude = ["first.sql"]\n')
    argv = [f"replay:{SHOP}"]
    assert run(["gen", *argv, "--typescript", "out"]) == 0
    assert "orders.ts" in {p.name for p in (folder / "out").iterdir()}
    assert "t.ts" not in {p.name for p in (folder / "out").iterdir()}
    assert "currency: string | null;" in (folder / "out" / "orders.ts").read_text()


def test_failing_sql_has_its_place(folder: Path) -> None:
    """A statement that Postgres refuses is shown with file and line, from a process of its own."""
    (folder / "meta").mkdir()
    entry = {"idx": 0, "version": "7", "when": 1, "tag": "0000_a", "breakpoints": True}
    journal = {"version": "7", "dialect": "postgresql", "entries": [entry]}
    (folder / "meta" / "_journal.json").write_text(json.dumps(journal))
    (folder / "0000_a.sql").write_text("CREATE TABLE a (id int);\nCREATE TABLE a (id int);\n")
    argv = [sys.executable, "-c", "from pgkit.cli import main; main()"]
    argv += ["show", "replay:."]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode in (3, 4)
    assert 'relation "a" already exists' in done.stderr
    assert "0000_a.sql:2:" in done.stderr
    assert done.stdout == ""


def test_what_a_prelude_makes_is_no_drift(
    test_server: Server, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a database either, unless it is expected there: then it is compared as it was expected."""
    given = "CREATE SCHEMA given; CREATE TABLE given.t (a int); CREATE TABLE given.u (a varchar(5), b int);"
    believed = "CREATE TABLE mine (a int); CREATE SCHEMA given; CREATE TABLE given.u (a text, b int);"
    with database(test_server, "pgkit_test_believed", believed) as url:
        assert run(["show", url, "--as", "json", "-o", "believed.json"]) == 0
    (folder / "first.sql").write_text(given)
    (folder / "pgkit.toml").write_text('[replay]\nprelude = ["first.sql"]\n')
    with database(test_server, "pgkit_test_given", f"{given} CREATE TABLE mine (a int)") as url:
        argv = ["drift", "believed.json", "--db", url]
        assert run(argv) == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[:3] == [
        "different column given.u.a: type",
        "  expected: text",
        "  found:    varchar(5)",
    ]
    assert out.endswith("1 difference: 1 different\n")
    assert err == ""


def test_a_configured_ledger_is_no_drift(
    test_server: Server, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor is its schema, unless something else is in it; the usual ledgers need no word."""
    usual = """CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text);
        CREATE SCHEMA pgkit; CREATE TABLE pgkit.__pg_migrations (tag text PRIMARY KEY, seq int UNIQUE);"""
    named = """CREATE SCHEMA ops; CREATE TABLE ops.done (id serial PRIMARY KEY);
        CREATE TABLE public.drizzled (id serial PRIMARY KEY, hash text);"""
    (folder / "believed.sql").write_text("CREATE TABLE mine (a int);")
    with database(test_server, "pgkit_test_ledgers", f"CREATE TABLE mine (a int); {usual} {named}") as url:
        argv = ["drift", "believed.sql", "--db", url]
        assert run(argv) == 1
        assert "extra table ops.done" in capsys.readouterr().out
        ledgers = 'schema = "ops"\ntable = "done"\ndrizzle_schema = "public"\ndrizzle_table = "drizzled"\n'
        (folder / "pgkit.toml").write_text(f"[migrate]\n{ledgers}")
        assert run(argv) == 0
        assert capsys.readouterr().out == "no drift\n"
        asyncio.run(execute(url, "CREATE TABLE ops.other (a int)"))
        assert run([*argv, "--format", "json"]) == 1
        found = json.loads(capsys.readouterr().out)["result"]
        assert [d["ref"] for d in found] == [["schema", "", "ops"], ["table", "ops", "other"]]


IGNORES = """\
[drift]
names = "ignore"

[[drift.ignore]]
kind = "table"
name = "tmp_*"

[[drift.ignore]]
schema = "nowhere"

[[drift.ignore]]
name = "mine.?"
class = "extra"
"""


def test_ignores(test_server: Server, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Patterns are a shell's; one that matches nothing is a finding, with its line, and changes no exit code."""
    (folder / "believed.sql").write_text("CREATE TABLE mine (a int); CREATE INDEX one ON mine (a);")
    (folder / "pgkit.toml").write_text(IGNORES)
    made = "CREATE TABLE mine (a int, b int); CREATE TABLE tmp_1 (); CREATE INDEX another ON mine (a)"
    with database(test_server, "pgkit_test_ignores", made) as url:
        assert run(["drift", "believed.sql", "--db", url]) == 0
        out, err = capsys.readouterr()
        assert out == "no drift\n"
        assert "warning[unused-ignore]: this ignore matches no difference: schema nowhere\n" in err
        assert "pgkit.toml:8:3" in err
        assert err.count("unused-ignore") == 1
        asyncio.run(execute(url, "CREATE INDEX third ON mine (a)"))
        assert run(["drift", "believed.sql", "--db", url]) == 1
        assert "extra index public.mine." in capsys.readouterr().out


def test_annotations_are_escaped(
    test_server: Server, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No name of an object can end an annotation or begin another command of GitHub's."""
    (folder / "believed.json").write_text('{"pgkit": 1}')
    name = "a%0A,b::error::\n::warning::c"
    with database(test_server, "pgkit_test_escapes", f'CREATE TABLE "{name}" (a int)') as url:
        assert run(["drift", "believed.json", "--db", url, "--format", "github"]) == 1
    annotation, count = capsys.readouterr().out.splitlines()
    assert annotation.startswith(
        "::error title=extra table public.a%250A%2Cb%3A%3Aerror%3A%3A%0A%3A%3Awarning%3A%3Ac::expected nothing"
    )
    assert "%0A-- hazard deletes-data" in annotation
    assert count == "1 difference: 1 extra"


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["believed.json", "--db", "postgresql://nobody:secret@127.0.0.1:9/none"], 3),
        (["believed.json", "--db", "postgresql:///none?host=/nowhere"], 3),
        (["believed.json", "--db", "mysql://x"], 2),
        (["believed.json", "--db", "postgresql://[::1/none"], 3),
        (["nowhere", "--db", "postgresql://127.0.0.1:9/none"], 3),
        (["broken.json", "--db", "postgresql://127.0.0.1:9/none"], 3),
        (["broken.sql", "--db", "postgresql://127.0.0.1:9/none"], 4),
        (["believed.json", "--replay"], 2),
        (["believed.json"], 2),
    ],
)
def test_exit_codes(argv: list[str], code: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no answer is never 0 or 1, and never a crash; a password is never told."""
    (folder / "believed.json").write_text('{"pgkit": 1}')
    (folder / "broken.json").write_text('{"pgkit": 1, "tables": [{}]}')
    (folder / "broken.sql").write_text("CREATE TABLE (")
    assert run(["drift", *argv]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert "error[" in err
    assert "secret" not in err
    assert "bug" not in err


def test_mends_end_the_drift(test_server: Server, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The statements that are told with each difference make the database what was expected."""
    (folder / "believed.sql").write_text(
        "CREATE TABLE a (id int PRIMARY KEY, x varchar(5) NOT NULL DEFAULT 'p'); CREATE INDEX by_x ON a (x);"
    )
    made = "CREATE TABLE a (id int PRIMARY KEY, x text DEFAULT 'q', y int); CREATE VIEW v AS SELECT x FROM a"
    with database(test_server, "pgkit_test_mends", made) as url:
        argv = ["drift", "believed.sql", "--db", url]
        assert run([*argv, "--format", "json"]) == 1
        mends = {d["ref"][-1]: "" for d in json.loads(capsys.readouterr().out)["result"]}
        assert run([*argv, "--format", "json"]) == 1
        for d in json.loads(capsys.readouterr().out)["result"]:
            if d["mend"] not in mends[d["ref"][-1]]:
                mends[d["ref"][-1]] += d["mend"] + "\n"
        for name in ("v", "x", "y", "by_x"):
            asyncio.run(execute(url, mends[name]))
        assert run(argv) == 0


BODY = """CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  new.a := 1;
  new.b := 2;
  new.c := {};
  new.d := 4;
  RETURN new;
END $$"""
CHANGED = """\
different function public.f(): definition
  expected: ... line 7 of 10
              new.c := 3;
  found:    ... line 7 of 10
              new.c := 30;
"""


def test_definitions(test_server: Server, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Long ones are shown where they part; a snapshot has their hash alone, and says so."""
    (folder / "believed.sql").write_text(BODY.format(3))
    with database(test_server, "pgkit_test_bodies", BODY.format(3)) as url:
        assert run(["show", url, "--as", "json", "-o", "believed.json"]) == 0
        asyncio.run(execute(url, BODY.format(30).replace("CREATE", "CREATE OR REPLACE")))
        capsys.readouterr()
        assert run(["drift", "believed.sql", "--db", url]) == 1
        out = capsys.readouterr().out
        assert out.startswith(CHANGED)
        assert "  mend:     CREATE OR REPLACE FUNCTION public.f()\n" in out
        assert run(["drift", "believed.json", "--db", url, "--format", "json"]) == 1
        (found,) = json.loads(capsys.readouterr().out)["result"]
    assert found["field"] == "definition"
    assert found["expected"].startswith("a definition with the hash ")
    assert found["mend"].startswith("-- its definition is not known, only its hash")
