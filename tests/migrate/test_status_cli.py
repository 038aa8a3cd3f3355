"""The commands `migrate status`, `verify` and `baseline`: what they print, and their exit codes."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pgkit.cli.app import run
from tests.migrate.asking import apply, sql
from tests.migrate.folders import write

FILES = {"0000_a": "CREATE TABLE a ();", "0001_b": "CREATE TABLE b ();"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two migrations, in a folder without a configuration."""
    monkeypatch.chdir(tmp_path)
    return write(tmp_path / "drizzle", FILES)


def test_status_is_a_table(folder: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each migration; `--check` is a gate."""
    apply(folder, db, to="0000_a")
    assert run(["migrate", "status", str(folder), "--db", db]) == 0
    assert capsys.readouterr().out == (
        "pgkit.__pg_migrations\n  applied  0000_a\n  pending  0001_b\n2 migrations: 1 applied, 1 pending\n"
    )
    assert run(["migrate", "status", str(folder), "--db", db, "--check"]) == 1
    apply(folder, db)
    assert run(["migrate", "status", str(folder), "--db", db, "--check"]) == 0


def test_status_for_programs(folder: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The keys are stable."""
    assert run(["migrate", "status", str(folder), "--db", db, "--format", "json"]) == 0
    body: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert body["command"] == "migrate status"
    (ledger,) = body["result"]["ledgers"]
    assert {key: ledger[key] for key in ("ledger", "table", "exists", "pending", "wrong", "chosen")} == {
        "ledger": "pgkit",
        "table": "pgkit.__pg_migrations",
        "exists": False,
        "pending": 2,
        "wrong": 0,
        "chosen": True,
    }
    assert [(line["tag"], line["status"], line["applied_at"]) for line in ledger["migrations"]] == [
        ("0000_a", "pending", None),
        ("0001_b", "pending", None),
    ]
    apply(folder, db, to="0000_a")
    assert run(["migrate", "status", str(folder), "--db", db, "--format", "json"]) == 0
    body = json.loads(capsys.readouterr().out)
    applied, pending = body["result"]["ledgers"][0]["migrations"]
    assert list(applied) == ["tag", "status", "detail", "file", "when", "applied_at", "checksum"]
    assert datetime.fromisoformat(applied["applied_at"]).tzinfo is not None
    assert pending["applied_at"] is None


def test_verify_says_what_to_do(folder: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each disagreement is a finding with its file; repaired, there is none."""
    apply(folder, db)
    (folder / "0000_a.sql").write_text("SELECT 1")
    command = ["migrate", "verify", str(folder), "--db", db]
    assert run(command) == 1
    said = capsys.readouterr()
    assert said.out == "1 disagreement between pgkit.__pg_migrations and the files\n"
    assert "error[edited]: 0000_a is applied, and its file was changed since" in said.err
    assert f"--> {folder / '0000_a.sql'}" in said.err
    assert run([*command, "--repair"]) == 0
    assert "0000_a: the checksum is now that of the file" in capsys.readouterr().out
    assert run(command) == 0
    assert capsys.readouterr().out == "pgkit.__pg_migrations and the files agree\n"


def test_baseline_says_what_it_recorded(folder: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And what is left."""
    assert run(["migrate", "baseline", str(folder), "--db", db, "--to", "0000_a"]) == 0
    assert capsys.readouterr().out == (
        "  recorded  0000_a\n"
        "1 migration recorded in pgkit.__pg_migrations and not run\n"
        "1 migration pending: 0001_b\n"
    )
    assert run(["migrate", "baseline", str(folder), "--db", db, "--to", "0007"]) == 2


def test_the_folder_may_stand_in_the_configuration(
    folder: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the names of the ledger; without it, the command says what it lacks."""
    assert run(["migrate", "status", "--db", db]) == 2
    assert "no migrations folder is named" in capsys.readouterr().err
    (folder.parent / "pgkit.toml").write_text('[migrate]\ndir = "drizzle"\nschema = "ops"\ntable = "Done"\n')
    assert run(["migrate", "status", "--db", db]) == 0
    assert "ops.Done (not there yet)" in capsys.readouterr().out
    assert run(["migrate", "baseline", "--db", db]) == 0
    sql(db, 'SELECT 1 FROM ops."Done"')


def test_what_stops_a_command_is_no_gate(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No connection and files that cannot run have exit code 3."""
    nowhere = "postgresql://nobody:secret@127.0.0.1:1/none"
    assert run(["migrate", "status", str(folder), "--db", nowhere, "--check"]) == 3
    (folder / "0000_a.sql").write_text("SELEC")
    assert run(["migrate", "verify", str(folder), "--db", nowhere]) == 3
    said = capsys.readouterr()
    assert "0000_a.sql:1:1" in said.err
    assert "secret" not in said.out + said.err


def test_a_configuration_elsewhere(
    folder: Path, db: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its paths start where it lies, for every command that takes a folder."""
    (folder.parent / "pgkit.toml").write_text('[migrate]\ndir = "drizzle"\n')
    inside = folder.parent / "deep" / "er"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    for command in ("up", "status", "verify", "baseline"):
        assert run(["migrate", command, "--db", db]) == 0, command
    assert "2 migrations: 2 applied" in capsys.readouterr().out
