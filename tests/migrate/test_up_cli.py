"""`pgkit migrate up` on the command line: what it prints, for people and for programs, and its exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from pgkit.cli.app import run as command
from tests.migrate.asking import rows
from tests.migrate.folders import write

TABLES = {"0000_a": "CREATE TABLE a (n int);", "0001_b": "CREATE TABLE b (n int);"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two migrations; the working folder has no configuration."""
    monkeypatch.chdir(tmp_path)
    return write(tmp_path / "migrations", TABLES)


def up(folder: Path, db: str, *more: str) -> int:
    """The exit code of the command."""
    return command(["migrate", "up", str(folder), "--db", db, *more])


def result(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What it printed as JSON."""
    values: dict[str, Any] = json.loads(capsys.readouterr().out)
    return values


def test_in_words(folder: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each file that was applied, and for each that is pending."""
    assert up(folder, db, "--to", "0000") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("applied  0000_a  (")
    assert lines[1] == "pending  0001_b"
    assert up(folder, db) == 0
    assert up(folder, db) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "nothing to do"


def test_for_programs(folder: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The result has what was applied and what is pending, of a run that failed as well."""
    write(folder, {**TABLES, "0002_c": "SELECT oops;", "0003_d": "SELECT 1;"})
    assert up(folder, db, "--format", "json") == 4
    said = result(capsys)
    assert [one["tag"] for one in said["result"]["applied"]] == list(TABLES)
    assert all(one["ms"] >= 0 for one in said["result"]["applied"])
    assert said["result"]["pending"] == ["0002_c", "0003_d"]
    (finding,) = said["findings"]
    assert (finding["code"], finding["line"], finding["column"]) == ("sql-failed", 1, 8)
    assert finding["file"].endswith("0002_c.sql")


def test_a_dry_run(folder: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What would be applied, and what cannot be tried."""
    write(folder, {**TABLES, "0002_c": "VACUUM a;"})
    assert up(folder, db, "--dry-run") == 0
    assert capsys.readouterr().out.splitlines() == [
        "would apply  0000_a",
        "would apply  0001_b",
        "not tried    0002_c  (VACUUM in line 1)",
    ]
    assert up(folder, db, "--dry-run", "--format", "json") == 0
    values = result(capsys)["result"]
    assert (values["dry_run"], values["tried"], values["applied"]) == (True, ["0000_a", "0001_b"], [])
    assert values["untried"] == [{"tag": "0002_c", "why": "VACUUM in line 1"}]
    assert rows(db, "SELECT to_regnamespace('pgkit')") == [(None,)]


def test_the_configuration(folder: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Folder, ledger and path come from pgkit.toml, where the command line says nothing."""
    settings = 'dir = "migrations"\nschema = "My Book"\ntable = "of it"\nsearch_path = "app, public"'
    Path("pgkit.toml").write_text(f"[migrate]\n{settings}\n")
    write(folder, {"0000_a": "CREATE SCHEMA app; CREATE TABLE a (n int);"})
    assert command(["migrate", "up", "--db", db]) == 0, capsys.readouterr().err
    assert rows(db, "SELECT to_regclass('app.a') IS NOT NULL") == [(True,)]
    assert rows(db, 'SELECT tag FROM "My Book"."of it"') == [("0000_a",)]


@pytest.mark.parametrize("wrong", [("--lock-wait", "60"), ("--lock-timeout", "soon"), ("--to", "0009")])
def test_a_wrong_call(
    folder: Path, db: str, wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A time without its unit, and a migration that is none, are told before anything is sent."""
    assert up(folder, "postgresql://nowhere.invalid/x", *wrong) == 2
    assert "error[" in capsys.readouterr().err


def test_notices_are_told(folder: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What the server says by the way goes to stderr, with control characters shown."""
    write(folder, {"0000_a": r"DO $$ BEGIN RAISE NOTICE E'hello \x1b[31m'; END $$;"})
    assert up(folder, db, "--format", "json") == 0
    streams = capsys.readouterr()
    assert "0000_a: notice: hello \\x1b[31m" in streams.err
    assert json.loads(streams.out)["result"]["pending"] == []


def test_nobody_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No connection is exit code 3, with one message."""
    assert up(folder, "postgresql://u:topsecret@127.0.0.1:1/x") == 3
    streams = capsys.readouterr()
    assert streams.err.count("error[no-connection]") == 1
    assert "topsecret" not in streams.err + streams.out
