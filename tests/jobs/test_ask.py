"""Questions about likely renames, at a terminal of their own."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from pgkit.diag import PgkitError
from pgkit.frontends.hints import parse, read
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.types import Scalar
from pgkit.jobs.ask import answer, keep
from pgkit.jobs.hints import asked_hints, kept_answers, standing, told
from pgkit.passes.renames import effective
from pgkit.passes.suggest import Suggestion

USERS, PEOPLE, FOLK = (Ref("table", "app", name) for name in ("users", "people", "folk"))
MAIL, EMAIL = PEOPLE.of("column", "mail"), PEOPLE.of("column", "email")
ASKED = (
    Suggestion(USERS, PEOPLE, "2 of 3 columns are the same", (FOLK,)),
    Suggestion(Ref("table", "app", "guests"), FOLK, "all 2 columns are the same"),
    Suggestion(MAIL, EMAIL, "the type is the same"),
)
PROGRAM = """
import asyncio, sys
from pathlib import Path
from tests.jobs.test_ask import ASKED
from pgkit.frontends.hints import print_hints
from pgkit.jobs.ask import answer

async def main():
    return answer(ASKED, Path(sys.argv[1]))

sys.stdout.write(print_hints(asyncio.run(main())))
"""


def talk(file: Path, *typed: bytes) -> tuple[str, str, int]:
    """What the program shows, what it gives, and its exit code, each line typed at its next prompt."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(file)], stdin=theirs, stderr=theirs, stdout=subprocess.PIPE,
        start_new_session=True, preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)),
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    for line in typed:
        shown += until_prompt(ours)
        os.write(ours, line)
    given = run.communicate(timeout=60)[0].decode()
    shown += rest(ours)
    os.close(ours)
    return shown.decode().replace("\r\n", "\n"), given, run.returncode


def until_prompt(terminal: int) -> bytes:
    """What is shown up to the next prompt."""
    shown = b""
    while not shown.endswith(b"] "):
        shown += os.read(terminal, 4096)
    return shown


def rest(terminal: int) -> bytes:
    """What is shown until the other side hangs up."""
    shown = b""
    while True:
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            return shown


def test_answers_are_kept(tmp_path: Path) -> None:
    """Each answer is a hint, in the file at once; what one took is not offered again."""
    file = tmp_path / "pgkit.hints"
    file.write_text("# ours\nschema a -> b")
    shown, given, code = talk(file, b"2\n", b"1\n")
    assert code == 0
    assert (
        "table app.users is not there any more, and app.people is new: 2 of 3 columns are the same" in shown
    )
    assert "  1  it was renamed to app.people\n  2  it was renamed to app.folk\n  0  it is dropped" in shown
    assert "app.guests" not in shown
    assert given == "table app.users -> app.folk\ncolumn app.people.mail -> app.people.email\n"
    assert file.read_text() == f"# ours\nschema a -> b\n{given}"
    hints, problems = parse(read(file))
    assert (len(hints.renames), problems) == (3, ())
    assert [f.name for f in tmp_path.iterdir()] == ["pgkit.hints"]


def test_what_was_dropped_is_no_hint(tmp_path: Path) -> None:
    """Nothing is written for a no; what is no answer is asked again."""
    file = tmp_path / "pgkit.hints"
    shown, given, code = talk(file, b"0\n", b"what\n", b"7\n", b"0\n", b"0\n")
    assert (given, code, file.exists()) == ("", 0, False)
    assert shown.count("[0-1] ") == 4


def test_the_end_of_the_input_ends_the_questions(tmp_path: Path) -> None:
    """What was answered before counts."""
    file = tmp_path / "pgkit.hints"
    _, given, code = talk(file, b"1\n", b"\x04")
    assert (given, code) == ("table app.users -> app.people\n", 0)
    assert file.read_text() == given


def test_interrupted(tmp_path: Path) -> None:
    """Ctrl-C stops at the first time; answers given are kept."""
    file = tmp_path / "pgkit.hints"
    shown, given, code = talk(file, b"1\n", b"\x03")
    assert given == ""
    assert code != 0
    assert "KeyboardInterrupt" in shown
    assert file.read_text() == "table app.users -> app.people\n"


def test_nobody_is_asked_without_a_terminal(tmp_path: Path) -> None:
    """In a pipe, nothing is asked and nothing written."""
    assert answer(ASKED, tmp_path / "pgkit.hints") == Hints()
    assert not list(tmp_path.iterdir())


def test_the_file_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    """A file that is replaced has the mode that it had; a link still points there."""
    file, link = tmp_path / "real", tmp_path / "link"
    file.touch(mode=0o640)
    link.symlink_to(file)
    keep(Hints(((USERS, PEOPLE),)), link)
    assert link.is_symlink()
    assert (file.stat().st_mode & 0o777, file.read_text()) == (0o640, "table app.users -> app.people\n")


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    """It is an error that says which file."""
    with pytest.raises(PgkitError, match="cannot write the file"):
        keep(Hints(((USERS, PEOPLE),)), tmp_path / "nowhere" / "pgkit.hints")


def test_hints_of_the_command_line_and_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both count, and what both say counts once."""
    monkeypatch.chdir(tmp_path)
    assert asked_hints((), None) == kept_answers() == Hints()
    file = Path("pgkit.hints")
    file.write_text("table app.users -> app.people\n")
    assert asked_hints((), file) == kept_answers() == Hints(((USERS, PEOPLE),))
    both = asked_hints(("table app.users -> app.people", "column app.people.mail -> app.people.email"), file)
    assert both == Hints(((USERS, PEOPLE), (MAIL, EMAIL)))
    with pytest.raises(PgkitError, match="no kind of object is called tabel") as wrong:
        asked_hints(("tabel a -> b",), None)
    assert wrong.value.exit_code == 2
    Path("other.hints").write_text("table a")
    with pytest.raises(PgkitError, match=r"other\.hints:1:8") as wrong:
        asked_hints((), Path("other.hints"))
    assert wrong.value.exit_code == 3


def test_suggestions_as_notes() -> None:
    """A note says why, what else it could be, and the hint to give."""
    notes = told(ASKED)
    assert notes[0].message == (
        "table app.users may be app.people now: 2 of 3 columns are the same; but it could be app.folk as well"
    )
    assert notes[2].help == "if it is, say so with --rename 'column app.people.mail -> app.people.email'"


def test_hints_of_a_file_may_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a file says and was done is left out; the command line means it, and what names nothing is kept."""
    monkeypatch.chdir(tmp_path)
    catalog = Catalog(
        tables=(Table(schema="app", name="people", columns=(Column(name="email", type=Scalar("text")),)),)
    )
    said = "table app.users -> app.people"
    Path("pgkit.hints").write_text(f"{said}\ncolumn app.people.mail -> app.people.email\nschema x -> y\n")
    left = standing(catalog, catalog, asked_hints((), Path("pgkit.hints")))
    assert [str(old) for old, _ in left.renames] == ["x"]
    assert effective(catalog, catalog, kept_answers()) == Hints()
    assert standing(catalog, catalog, asked_hints((said,), None)).renames[0] == (USERS, PEOPLE)
