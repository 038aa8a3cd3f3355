"""Writing is all or nothing: a writer killed at any point, writers that race, a disk that fails (G24)."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pgkit.diag import PgkitError
from pgkit.frontends.drizzle import lower, read
from pgkit.jobs.migrate.put import Journal, Written, writing
from tests.drizzle.folders import complete, row_column, row_table, v1, write
from tests.migrate.killing import full, in_child, killed, stopping
from tests.migrate.writing import MORE, T, Writer, codes

LABEL = "enum e { a }\ntable t {\n  id integer primary key\n  e e default 'a'\n}\n"
# Of a table that is there it takes two files; and no server, since no text of it differs.
WANTED = LABEL.replace("{ a }", "{ a, b }").removesuffix("}\n") + "  f e default 'b'\n}\n"
FINDINGS = {"sql-not-in-journal", "snapshot-not-in-journal", "last-snapshot"}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: on a disk each of the many writes waits for it."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory, prefix="pgkit-test-") as folder:
        yield Path(folder)


def problems_of(writer: Writer) -> set[str]:
    """The codes of what stops a writer."""
    try:
        writer.new(WANTED)
    except PgkitError as error:
        return {d.code for d in error.diagnostics}
    return set()


def old(tmp_path: Path) -> Writer:
    """A folder of the layout of 0.x with one migration."""
    writer = empty(tmp_path)
    writer.new(LABEL)
    return writer


def next_(tmp_path: Path) -> Writer:
    """A folder of the layout of 1.0 with two migrations."""
    writer = empty(tmp_path)
    rows = (row_table("t"), row_column("t", "id", "integer", notNull=True))
    v1(writer.folder, complete(*rows, id="one", version="9"))
    writer.new(LABEL)
    return writer


def empty(tmp_path: Path) -> Writer:
    """A folder that is not there yet."""
    tmp_path.mkdir(exist_ok=True)
    return Writer(tmp_path / "drizzle")


def accepted(folder: Path) -> None:
    """Both tools take the folder as it is, as drizzle-kit checks it: no lack, no collision, nothing it misreads."""
    if not any(folder.glob("meta/*.json")) and not any(folder.glob("*/snapshot.json")):
        return
    snapshots = [*folder.glob("*/snapshot.json")]
    if (folder / "meta" / "_journal.json").exists():
        body = json.loads((folder / "meta" / "_journal.json").read_text())
        for entry in body["entries"]:
            assert (folder / f"{entry['tag']}.sql").read_text().endswith(";\n")
            assert (folder / "meta" / f"{entry['tag'].split('_')[0]}_snapshot.json").exists()
        taken = [p for p in (folder / "meta").iterdir() if not p.name.startswith("_")]
        assert all(p.name.endswith("_snapshot.json") for p in taken)
        snapshots += taken
        found = lower(read(folder))
        assert {d.code for d in found.diagnostics} <= FINDINGS
    parsed = [json.loads(p.read_text()) for p in snapshots]
    parents = [p.get("prevId", p.get("prevIds")) for p in parsed]
    assert len({json.dumps(p) for p in parents}) == len(parents)


def settled(writer: Writer, expected: set[str]) -> None:
    """Written once more, the folder is as if nothing had happened."""
    writer.new(WANTED)
    assert writer.names == expected
    assert lower(read(writer.folder)).diagnostics == ()
    assert writer.new(WANTED).migrations == ()
    assert not any(writer.folder.rglob(".pgkit*"))


@pytest.mark.parametrize("start", [empty, old, next_])
def test_killed_at_every_step(start: Callable[[Path], Writer], place: Path) -> None:
    """Killed before any step, the writer leaves what both tools accept; the next one ends where it would have."""
    whole = start(place / "whole")
    whole.new(WANTED)
    steps = 0
    for at in range(1, 200):
        writer = start(place / str(at))

        def work(writer: Writer = writer, at: int = at) -> None:
            stopping(writer.folder, at, killed)
            writer.new(WANTED)

        status = in_child(work)
        accepted(writer.folder)
        settled(writer, whole.names)
        if status == 0:
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        steps += 1
    assert steps > 15


@pytest.mark.parametrize("start", [empty, old, next_])
def test_a_disk_that_fails(start: Callable[[Path], Writer], place: Path) -> None:
    """When a step fails, there is one message, and the folder is as it was; or all is done nevertheless."""
    whole = start(place / "whole")
    whole.new(WANTED)
    for at in range(1, 200):
        writer = start(place / str(at))
        before = writer.names

        def work(writer: Writer = writer, at: int = at) -> None:
            left = stopping(writer.folder, at, full)
            problems = problems_of(writer)
            os._exit(3 if problems == {"cannot-write"} else 1 if problems else 4 if left[0] <= 0 else 0)

        status = os.waitstatus_to_exitcode(in_child(work))
        if status == 0:
            break
        assert status in (3, 4), at
        assert writer.names - {".pgkit.lock"} == (before if status == 3 else whole.names)
        settled(writer, whole.names)
    assert at > 15


def together(count: int, work: Callable[[int], object]) -> list[int]:
    """The exit codes of several processes that work at the same time."""
    children = []
    for k in range(count):
        pid = os.fork()
        if pid == 0:
            try:
                work(k)
                os._exit(0)
            except BaseException:
                os._exit(1)
        children.append(pid)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]


def test_writers_that_want_the_same(place: Path) -> None:
    """Of writers that race for the same change one writes it; the others find nothing to do."""
    writer = Writer(place / "drizzle")
    writer.new(T)
    assert together(5, lambda k: writer.new(MORE)) == [0] * 5
    assert [e["tag"] for e in writer.journal] == ["0000_m", "0001_m"]
    assert lower(read(writer.folder)).diagnostics == ()


@pytest.mark.parametrize("start", [empty, old, next_])
def test_writers_that_each_want_their_own(start: Callable[[Path], Writer], place: Path) -> None:
    """Writers that race with changes of their own come one after the other, each on top of the last."""
    writer = start(place)
    before = len(list(writer.folder.rglob("*.sql")))
    assert together(5, lambda k: writer.custom(f"c{k}")) == [0] * 5
    found = read(writer.folder)
    assert lower(found).diagnostics == ()
    assert len({e.tag[-2:] for e in found.entries[before:]}) == 5
    assert len(found.entries) == before + 5
    assert not any(writer.folder.rglob(".pgkit*"))


def test_drizzle_kit_in_between(place: Path) -> None:
    """A journal that has changed since it was read is not written over."""
    import asyncio

    writer = Writer(place / "drizzle")
    writer.new(T)

    async def work() -> None:
        async with writing(writer.folder) as desk:
            journal = Journal(old=b"{}", new=b"[]")
            desk.put((Written(tag="x", id="x", files={"x.sql": b"select 1;\n"}),), journal)

    with pytest.raises(PgkitError) as caught:
        asyncio.run(work())
    assert caught.value.diagnostics[0].code == "changed-meanwhile"
    assert "x.sql" not in writer.names


def unfinished(writer: Writer) -> str:
    """What a writer killed before the journal leaves: its lock file speaks of it. The id of its snapshot."""
    last = writer.json("meta/0000_snapshot.json")
    write(writer.folder / "meta" / "0001_snapshot.json", {**last, "id": "dead", "prevId": last["id"]})
    write(writer.folder / "0001_m.sql", "select 1;\n")
    files = ["0001_m.sql", "meta/0001_snapshot.json", "../outside"]
    note = {"layout": "journal", "tags": ["0001_m"], "ids": ["dead"], "files": files, "mark": "0123abcd"}
    write(writer.folder / ".pgkit.lock", note)
    return "dead"


def test_what_is_taken_back_is_told(place: Path) -> None:
    """What a dead writer had begun is removed, and nothing outside the folder, and that is said."""
    writer = Writer(place / "drizzle")
    writer.new(T)
    write(place / "outside", "mine")
    unfinished(writer)
    made = writer.new(T)
    assert codes(made) == {"taken-back"}
    assert writer.names == {
        "0000_m.sql",
        "meta/0000_snapshot.json",
        "meta/_journal.json",
        "meta/_pgkit_0000.json",
    }
    assert (place / "outside").read_text() == "mine"


def test_what_was_built_upon_stays(place: Path) -> None:
    """Where drizzle-kit has gone on from what a dead writer left, it is for a person to say what counts."""
    writer = Writer(place / "drizzle")
    writer.new(T)
    dead = unfinished(writer)
    last = writer.json("meta/0000_snapshot.json")
    write(writer.folder / "meta" / "0002_snapshot.json", {**last, "id": "new", "prevId": dead})
    before = writer.names
    for _ in range(2):
        with pytest.raises(PgkitError) as caught:
            writer.new(T)
        assert caught.value.diagnostics[0].code == "built-upon"
        assert writer.names == before
