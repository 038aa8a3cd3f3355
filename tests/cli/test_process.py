"""The command as the shell sees it: what it loads, what it answers to signals, and where it prints."""

import asyncio
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest

from pgkit.cli import VERSION
from pgkit.cli.output import BUG, bug
from pgkit.runtime.connect import open_

SHOP = Path(__file__).parents[2] / "corpus/projects/shop/drizzle"
PGKIT = [sys.executable, "-c", "from pgkit.cli import main; main()"]
LOADED = (
    "import sys, json; from pgkit.cli import main\ntry: main()\nfinally: print(json.dumps([*sys.modules]))"
)


def loaded(*argv: str) -> set[str]:
    """The top-level modules that a command has imported by its end."""
    done = subprocess.run([sys.executable, "-c", LOADED, *argv], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_version_loads_nothing() -> None:
    """`pgkit --version` is as quick as Python itself."""
    heavy = {
        "asyncpg",
        "lark",
        "postgast",
        "attr",
        "cattrs",
        "typer",
        "rich",
        "asyncio",
        "importlib_metadata",
    }
    assert loaded("--version") & heavy == set()
    assert version("pgkit-schema") == VERSION


def test_help_and_offline_work_load_no_client(tmp_path: Path) -> None:
    """Neither the client nor Postgres's parser is loaded for what needs no server and no SQL."""
    assert loaded("gen", "--help") & {"asyncpg", "lark", "postgast", "cattrs", "asyncio"} == set()
    got = loaded("gen", str(without_views(tmp_path)), "--typescript", str(tmp_path / "out"))
    assert got & {"asyncpg", "lark", "postgast", "cattrs", "rich"} == set()


def without_views(folder: Path) -> Path:
    """The shop without its views, whose columns only a server can say."""
    copy = Path(shutil.copytree(SHOP, folder / "drizzle"))
    last = max((copy / "meta").glob("*_snapshot.json"))
    last.write_text(json.dumps(json.loads(last.read_text()) | {"views": {}}))
    return copy


def test_no_arguments() -> None:
    """The bare command prints its help, and that is fine."""
    done = subprocess.run(PGKIT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: pgkit")
    assert [word for word in ("gen", "show", "drift") if f"\n  {word} " in done.stdout] == [
        "gen",
        "show",
        "drift",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted(tmp_path: Path, server_url: str, number: signal.Signals) -> None:
    """Ctrl-C and its kin end a command with 130, at once, and its scratch database is gone."""
    (tmp_path / "meta").mkdir()
    entry = {"idx": 0, "version": "7", "when": 1, "tag": "0000_slow", "breakpoints": True}
    journal = {"version": "7", "dialect": "postgresql", "entries": [entry]}
    (tmp_path / "meta" / "_journal.json").write_text(json.dumps(journal))
    (tmp_path / "0000_slow.sql").write_text("SELECT pg_sleep(60);")
    argv = [*PGKIT, "show", f"replay:{tmp_path}", "--server", server_url]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        scratch = f"pgkit_scratch_replay_{process.pid}_"
        wait_for(server_url, scratch)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert (out, "Traceback" in err) == ("", False)
    assert not asyncio.run(sleeping(server_url, scratch))


def wait_for(url: str, database: str) -> None:
    """Waits until the statement sleeps in the scratch database."""
    for _ in range(200):
        if any(asyncio.run(sleeping(url, database))):
            return
        time.sleep(0.1)
    pytest.fail("the replay did not start")


async def sleeping(url: str, database: str) -> list[bool]:
    """For each database of this name, whether a session sleeps in it."""
    query = """SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a
                              WHERE a.datname = d.datname AND a.query LIKE '%pg_sleep(60)%')
               FROM pg_catalog.pg_database d WHERE pg_catalog.starts_with(d.datname::text, $1)"""
    async with open_(url) as session:
        return [bool(row[0]) for row in await session.fetch(query, database)]


def test_reader_gone() -> None:
    """A reader that has seen enough is no error to tell of."""
    argv = [*PGKIT, "show", str(SHOP), "--as", "json"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_disk_full() -> None:
    """A result that cannot be printed is an error, not a success."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*PGKIT, "show", str(SHOP)], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 3
    assert done.stderr == b"error[io]: no space left on device\n"


def test_names_that_the_terminal_cannot_show(tmp_path: Path) -> None:
    """Where an encoding lacks a character, the character is spelled out."""
    done = subprocess.run(
        [*PGKIT, "show", str(tmp_path / "naïve")],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert done.returncode == 3
    assert rb"na\xefve" in done.stderr


@pytest.mark.parametrize(
    ("variable", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colour_on_a_terminal(variable: dict[str, str], coloured: bool) -> None:
    """Colour is for terminals, and for those who do not mind."""
    ours, theirs = pty.openpty()
    env = {
        "TERM": "xterm",
        **{k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")},
        **variable,
    }
    subprocess.run(
        [*PGKIT, "show", "nowhere"], stderr=theirs, stdout=subprocess.DEVNULL, env=env, check=False
    )
    os.close(theirs)
    said = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "no such file or folder" in said
    assert ("\x1b[" in said) is coloured


def test_a_crash_is_owned_up_to(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug has its own exit code, so that no gate takes it for drift, and shows no password."""
    error = KeyError("postgresql://u:secret@h/db and secret")
    argv = ["show", "postgresql://u:secret@h/db"]
    assert bug(error, argv) == BUG == 70
    err = capsys.readouterr().err
    assert err.startswith("error[bug]: pgkit has a bug: KeyError")
    assert ("Traceback" in err, "secret" in err) == (False, False)
    monkeypatch.setenv("PGKIT_DEBUG", "1")
    try:
        raise error
    except KeyError as raised:
        bug(raised, argv)
    err = capsys.readouterr().err
    assert ("Traceback" in err, "secret" in err) == (True, False)
