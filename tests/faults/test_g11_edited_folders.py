"""G11: files that were edited, removed, renamed, doubled or put in another order stop a run before any SQL."""

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.folders import EVERYTHING, PLAIN, Folder, folder
from tests.faults.matrix import CASES, Property
from tests.faults.oracle import State, state
from tests.faults.reference import References
from tests.faults.runners import Runners
from tests.faults.servers import Harmed

BYTES = 200 if os.environ.get("PGKIT_PROOF") else 12
HALF = "0002_function"
FIRST, SECOND, THIRD, FOURTH = [*EVERYTHING][:4]


def entries(made: Folder) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(made.journal.read_text())["entries"]
    return found


def edited(made: Folder) -> None:
    path = made.file(SECOND)
    path.write_text(path.read_text().replace("* 2", "* 3"))


def removed_with_its_entry(made: Folder) -> None:
    made.file(SECOND).unlink()
    made.write_entries([entry for entry in entries(made) if entry["tag"] != SECOND])


def removed(made: Folder) -> None:
    made.file(SECOND).unlink()


def pending_removed(made: Folder) -> None:
    made.file(FOURTH).unlink()


def renamed(made: Folder) -> None:
    made.file(SECOND).rename(made.file("0001_other"))
    made.write_entries([{**e, "tag": "0001_other"} if e["tag"] == SECOND else e for e in entries(made)])


def swapped(made: Folder) -> None:
    one, two = made.file(FIRST), made.file(SECOND)
    first, second = one.read_text(), two.read_text()
    one.write_text(second)
    two.write_text(first)


def inserted_before(made: Folder) -> None:
    made.file("0000b_between").write_text("CREATE TABLE late (n int);\n")
    listed = entries(made)
    between = {
        "idx": 1,
        "version": "7",
        "when": listed[0]["when"] + 1,
        "tag": "0000b_between",
        "breakpoints": True,
    }
    made.write_entries([listed[0], between, *listed[1:]])


def doubled_entry(made: Folder) -> None:
    listed = entries(made)
    made.write_entries([*listed, {**listed[1], "idx": len(listed)}])


def pending_put_first(made: Folder) -> None:
    listed = entries(made)
    made.write_entries([listed[3], *listed[:3], *listed[4:]])


def tag_leaves_the_folder(made: Folder) -> None:
    (made.path.parent / "outside.sql").write_text("CREATE TABLE outside (n int);\n")
    listed = entries(made)
    made.write_entries([*listed, {**listed[0], "idx": len(listed), "tag": "../outside"}])


def unreadable_journal(made: Folder) -> None:
    made.journal.write_text(made.journal.read_text()[:-20])


REFUSED: list[tuple[Callable[[Folder], None], str]] = [
    (edited, SECOND),
    (removed, SECOND),
    (removed_with_its_entry, SECOND),
    (pending_removed, FOURTH),
    (renamed, SECOND),
    (swapped, FIRST),
    (inserted_before, "0000b_between"),
    (doubled_entry, SECOND),
    (pending_put_first, FOURTH),
    (tag_leaves_the_folder, "outside"),
    (unreadable_journal, "_journal.json"),
]


@pytest.fixture(scope="module")
def half(victim: Harmed, references: References, tmp_path_factory: pytest.TempPathFactory) -> State:
    """Where the database stands before the folder changes."""
    return references.after(PLAIN)


@pytest.mark.parametrize(("change", "named"), REFUSED, ids=[change.__name__ for change, _ in REFUSED])
def test_a_changed_folder(
    victim: Harmed, run: Runners, half: State, tmp_path: Path, change: Callable[[Folder], None], named: str
) -> None:
    """The message names the file; not one of the pending files is run."""
    made = folder(tmp_path / "folder", EVERYTHING)
    with victim.database() as url:
        assert run.run(made, url, "--to", HALF).code == 0
        change(made)
        ended = run.run(made, url)
        assert ended.code == 3, ended.said
        assert named in ended.stderr, ended.said
        assert "help: " in ended.stderr, ended.said
        assert "before-statement" not in ended.points()
        assert state(url) == half


@pytest.mark.parametrize("tag", [FIRST, SECOND, THIRD])
def test_any_single_byte(
    victim: Harmed, run: Runners, half: State, tmp_path: Path, tag: str, record_property: Property
) -> None:
    """A byte changed, added or taken away anywhere in a file that is applied is told."""
    made = folder(tmp_path / "folder", PLAIN)
    chance = random.Random(tag)
    with victim.database() as url:
        assert run.run(made, url).code == 0
        original = made.file(tag).read_bytes()
        for _ in range(BYTES // 3):
            made.file(tag).write_bytes(mutated(original, chance))
            ended = run.run(made, url)
            assert ended.code == 3, f"{made.file(tag).read_bytes()!r}\n{ended.said}"
            assert tag in ended.stderr, ended.said
        made.file(tag).write_bytes(original)
        assert run.run(made, url).code == 0
        assert state(url) == half
    record_property(CASES, BYTES // 3)


def mutated(original: bytes, chance: random.Random) -> bytes:
    """One byte another, one more or one less."""
    at = chance.randrange(len(original))
    other = chance.choice([b for b in b"abc XY;'-$\n" if b != original[at]])
    how = chance.randrange(3)
    return original[:at] + (bytes([other]) if how else b"") + original[at + (0 if how == 2 else 1) :]


@pytest.mark.parametrize("how", ["crlf", "bom", "both"])
def test_line_ends_are_no_edit(victim: Harmed, run: Runners, half: State, tmp_path: Path, how: str) -> None:
    """A checkout on Windows and an editor that adds a byte order mark change nothing."""
    made = folder(tmp_path / "folder", PLAIN)
    with victim.database() as url:
        assert run.run(made, url).code == 0
        for tag in PLAIN:
            text = made.file(tag).read_bytes()
            text = text.replace(b"\n", b"\r\n") if how != "bom" else text
            made.file(tag).write_bytes(b"\xef\xbb\xbf" + text if how != "crlf" else text)
        ended = run.run(made, url)
        assert ended.code == 0, ended.said
        assert state(url) == half


def test_a_file_edited_half_way(victim: Harmed, run: Runners, references: References, tmp_path: Path) -> None:
    """A file that runs apart and was killed may change in what has not run yet, and in nothing else."""
    made = folder(tmp_path / "folder", EVERYTHING)
    with victim.database() as url:
        runner = run.start(made, url, pause_at="before-statement:0003_concurrently:3")
        runner.await_pause()
        runner.process.kill()
        runner.wait()
        path = made.file("0003_concurrently")
        original = path.read_text()
        path.write_text(original.replace("n = n + 1", "n = n + 2"))
        ended = run.run(made, url)
        assert ended.code == 3, ended.said
        assert "0003_concurrently" in ended.stderr
        path.write_text(original)
        ended = run.run(made, url)
        assert ended.code == 0, ended.said
        references.check(url, EVERYTHING)
