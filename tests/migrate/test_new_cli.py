"""`pgkit migrate new` on the command line: what it prints, and its exit codes."""

import json
from pathlib import Path

import pytest

from pgkit.cli.app import run
from pgkit.runtime.embedded import Server
from tests.migrate.writing import MORE, T

CONFIG = 'source = "schema.pgkit"\n\n[migrate]\ndir = "drizzle"\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, test_server: Server) -> Path:
    """A project with a configuration, which is the working folder."""
    (tmp_path / "pgkit.toml").write_text(CONFIG)
    (tmp_path / "schema.pgkit").write_text(T)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PGKIT_SERVER", test_server.url)
    return tmp_path


def test_what_is_written_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The files and the hazards, for people; folder and source are those of pgkit.toml."""
    (project / "schema.pgkit").write_text(MORE)
    assert run(["migrate", "new", "--name", "init"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "wrote drizzle/0000_init.sql",
        "wrote drizzle/meta/_pgkit_0000.json",
        "wrote drizzle/meta/0000_snapshot.json",
    ]
    (project / "schema.pgkit").write_text(T)
    assert run(["migrate", "new", "--name", "less"]) == 0
    told = capsys.readouterr()
    assert "hazard deletes-data: deletes the values of public.t.a" in told.out
    assert "note[tried]" in told.err


def test_nothing_to_do(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says so, and that is no failure."""
    assert run(["migrate", "new", "--no-try"]) == 0
    capsys.readouterr()
    assert run(["migrate", "new", "--no-try"]) == 0
    assert capsys.readouterr().out == "nothing to do: the migrations lead to the wanted schema already\n"


def test_for_programs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The files, the id of the snapshot, and the hazards with what they are about."""
    run(["migrate", "new", "drizzle", "schema.pgkit", "--name", "init", "--no-try"])
    (project / "schema.pgkit").write_text("")
    capsys.readouterr()
    assert run(["migrate", "new", "--name", "gone", "--no-try", "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)["result"]
    (made,) = result["migrations"]
    assert made["tag"] == "0001_gone"
    assert made["files"] == [
        "drizzle/0001_gone.sql",
        "drizzle/meta/_pgkit_0001.json",
        "drizzle/meta/0001_snapshot.json",
    ]
    (hazard,) = result["hazards"]
    assert (hazard["code"], hazard["ref"]) == ("deletes-data", "public.t")


def test_by_hand(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--custom` needs no source."""
    (project / "schema.pgkit").unlink()
    assert run(["migrate", "new", "--custom", "--name", "data"]) == 0
    assert (project / "drizzle" / "0000_data.sql").read_text().startswith("-- Custom")


def test_renames(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rename is said with --rename, as for diff."""
    run(["migrate", "new", "--no-try"])
    (project / "schema.pgkit").write_text(T.replace("table t", "table u"))
    capsys.readouterr()
    assert run(["migrate", "new", "--name", "u", "--rename", "table public.t -> public.u"]) == 0
    text = (project / "drizzle" / "0001_u.sql").read_text()
    assert text == "ALTER TABLE public.t RENAME TO u;\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--name", "../x"], 2, "bad-name"),
        (["drizzle", "nowhere.pgkit"], 3, "no-source"),
        (["--rename", "table a -> b"], 3, "error["),
    ],
)
def test_mistakes(
    project: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    """A mistake is told in one message, and nothing is written."""
    assert run(["migrate", "new", *words]) == code
    assert said in capsys.readouterr().err
    assert not (project / "drizzle").exists()


def test_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a folder, and without a source, it says what is missing."""
    monkeypatch.chdir(tmp_path)
    assert run(["migrate", "new"]) == 2
    assert run(["migrate", "new", "drizzle"]) == 2
    assert "give --custom" in capsys.readouterr().err


def test_comments_count_once_they_are_held(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The snapshot of ours holds them, so a folder that has one expects them of a database."""
    (project / "schema.pgkit").write_text(T.replace("table t {", "table t {\n  comment 'All of it.'"))
    assert run(["migrate", "new", "--name", "init", "--no-try"]) == 0
    capsys.readouterr()
    assert run(["drift", "drizzle", "--replay"]) == 0
    sql = project / "drizzle" / "0000_init.sql"
    sql.write_text(sql.read_text().replace("All of it.", "Some of it."))
    capsys.readouterr()
    assert run(["drift", "drizzle", "--replay"]) == 1
    assert "All of it." in capsys.readouterr().out
