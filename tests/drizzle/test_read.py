"""What is read of a folder: layouts, entries, tags, the snapshot that is chosen, chunks."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from pgkit.diag import PgkitError, Severity, Source
from pgkit.frontends.drizzle import Chunk, chunks, read
from pgkit.ir.catalog import Catalog
from tests.drizzle.folders import (
    ORIGIN,
    complete,
    diff,
    journal,
    journal_entry,
    lowered,
    row_table,
    snapshot,
    table,
    v1,
    write,
)


def three(folder: Path) -> Path:
    """A folder of three migrations; each makes one table more."""
    tables = [table(f"t{i}") for i in range(3)]
    parents = (ORIGIN, "0", "1")
    return journal(folder, *(snapshot(*tables[: i + 1], id=f"{i}", prev=parents[i]) for i in range(3)))


def test_entries_of_a_journal(tmp_path: Path) -> None:
    """Entries come in the order of the journal, with SQL as it stands and the hash that Drizzle keeps."""
    folder = three(tmp_path)
    (folder / "0001_m1.sql").write_bytes("select 'é';\r\n".encode())
    found = read(folder)
    assert found.layout == "journal"
    assert [(e.idx, e.tag, e.when, e.snapshot) for e in found.entries][:1] == [
        (0, "0000_m0", 1_700_000_000_000, "meta/0000_snapshot.json")
    ]
    sql = found.entries[1].sql
    assert sql is not None
    assert (sql.name, sql.text) == (str(folder / "0001_m1.sql"), "select 'é';\r\n")
    assert found.entries[1].hash == hashlib.sha256((folder / "0001_m1.sql").read_bytes()).hexdigest()


def test_entries_of_v1(tmp_path: Path) -> None:
    """Folders run in the order of their names, and the time in the name is what the ledger keeps."""
    found = read(v1(tmp_path, complete(id="0"), complete(row_table("t"), id="1", prev=["0"])))
    assert found.layout == "v1"
    assert [(e.idx, e.tag, e.when) for e in found.entries] == [
        (0, "20250101000000_m0", 1_735_689_600_000),
        (1, "20250101000001_m1", 1_735_689_601_000),
    ]
    assert found.entries[1].snapshot == "20250101000001_m1/snapshot.json"
    assert found.snapshot is not None
    assert found.snapshot.file == found.entries[1].snapshot


@pytest.mark.parametrize("tag", ["0001_m1", "0001", "0001_"])
def test_a_tag_in_full_or_its_beginning(tmp_path: Path, tag: str) -> None:
    """`DIR@tag` is the state after that entry."""
    found = read(three(tmp_path), tag)
    assert found.tag == "0001_m1"
    assert [e.tag for e in found.until] == ["0000_m0", "0001_m1"]
    assert [t.name for t in lowered(tmp_path, tag).catalog.tables] == ["t0", "t1"]


def test_without_a_tag_all_entries_count(tmp_path: Path) -> None:
    """The last snapshot, and every entry."""
    found = read(three(tmp_path))
    assert (found.tag, len(found.until)) == (None, 3)
    assert len(lowered(tmp_path).catalog.tables) == 3


@pytest.mark.parametrize(
    ("tag", "code", "says"),
    [
        ("0003_m1", "no-such-tag", "did you mean 0001_m1"),
        ("zebra", "no-such-tag", "name one of its entries"),
        ("000", "ambiguous-tag", "0000_m0, 0001_m1, 0002_m2"),
        ("../0001", "unsafe-tag", "would lead out of the folder"),
        ("meta/../0001", "unsafe-tag", "would lead out of the folder"),
        ("..\\0001", "unsafe-tag", "would lead out of the folder"),
        ("..", "no-such-tag", "no migration has the tag .."),
        ("", "no-such-tag", "name one of its entries"),
        ("0001\0", "unsafe-tag", "would lead out of the folder"),
    ],
)
def test_tags_that_name_nothing(tmp_path: Path, tag: str, code: str, says: str) -> None:
    """A tag that is no entry's is an error with a way out, and never a path."""
    with pytest.raises(PgkitError) as caught:
        read(three(tmp_path), tag)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert says in found.render()


def test_an_entry_without_a_snapshot_can_be_replayed(tmp_path: Path) -> None:
    """Its SQL is read; only asking for its snapshot is an error, which says what is possible."""
    folder = journal(tmp_path, snapshot(id="0"), None)
    found = read(folder, "0001")
    assert [e.tag for e in found.until] == ["0000_m0", "0001_m1"]
    assert found.snapshot is None
    error = lowered(folder, "0001").diagnostics[-1]
    assert (error.code, error.severity) == ("no-snapshot", Severity.ERROR)
    assert (
        error.help
        == "take one that has a snapshot (0000_m0 is the last), or read what the SQL makes with `replay:`"
    )


def test_an_empty_journal(tmp_path: Path) -> None:
    """A journal without entries declares nothing, and nothing is wrong with it."""
    result = lowered(journal(tmp_path))
    assert (result.catalog, result.diagnostics) == (Catalog(), ())


def test_the_last_by_name_is_what_counts(tmp_path: Path) -> None:
    """drizzle-kit compares with the file that is last by name, not with the end of the chain."""
    folder = three(tmp_path)
    write(folder / "meta" / "0009_snapshot.json", snapshot(table("late"), id="9", prev="2"))
    assert [t.name for t in lowered(folder).catalog.tables] == ["late"]


def test_only_the_snapshot_that_counts_is_parsed(tmp_path: Path) -> None:
    """An older snapshot may be damaged beyond its head."""
    folder = three(tmp_path)
    path = folder / "meta" / "0000_snapshot.json"
    path.write_text(path.read_text()[:-20])
    assert len(lowered(folder).catalog.tables) == 3


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("last", [True, False])
def test_the_head_of_a_snapshot_may_come_last(tmp_path: Path, indent: int | None, last: bool) -> None:
    """Old kits wrote the ids at the end; a file that is not indented is read as well."""
    folder = three(tmp_path)
    for path in (folder / "meta").glob("0*"):
        value = json.loads(path.read_text())
        head = {key: value.pop(key) for key in ("id", "prevId")}
        whole = {**value, **head} if last else {**head, **value}
        path.write_text(json.dumps(whole, indent=indent))
    assert not lowered(folder).diagnostics


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    """A snapshot may be a link to another one, and the folder itself may be one."""
    folder = three(tmp_path / "real")
    os.symlink("0002_snapshot.json", folder / "meta" / "0003_snapshot.json")
    os.symlink(folder, tmp_path / "link")
    assert len(lowered(tmp_path / "link").catalog.tables) == 3


def test_chunks_keep_their_place() -> None:
    """Drizzle splits at the marker wherever it stands; empty chunks stay, and offsets lead back."""
    text = "a;--> statement-breakpoint\n\nb '--> statement-breakpoint'--> statement-breakpoint"
    found = chunks(Source("x.sql", text))
    assert [c.text for c in found] == ["a;", "\n\nb '", "'", ""]
    assert all(text[c.start :].startswith(c.text) for c in found)
    assert found[1] == Chunk("\n\nb '", 26)


def test_timestamps_as_prefix(tmp_path: Path) -> None:
    """With the prefix `timestamp` the snapshot is found by the part before `_`."""
    tag = "20250101000000_init"
    entries = [journal_entry(0, tag)]
    write(tmp_path / "meta" / "_journal.json", {"version": "7", "dialect": "postgresql", "entries": entries})
    write(tmp_path / "meta" / "20250101000000_snapshot.json", snapshot(table("t")))
    write(tmp_path / f"{tag}.sql", "create table t ()")
    assert [t.name for t in lowered(tmp_path).catalog.tables] == ["t"]
    assert not lowered(tmp_path).diagnostics


def test_a_folder_of_version_9_reads_its_history(tmp_path: Path) -> None:
    """All that leads to the state is read, parents first."""
    folder = v1(tmp_path, complete(id="a", version="9"), diff(id="b", prev=["a"]), diff(id="c", prev=["b"]))
    assert [s.value["id"] for s in read(folder).history] == ["a", "b", "c"]
    assert [s.value["id"] for s in read(folder, "20250101000001").history] == ["a", "b"]
