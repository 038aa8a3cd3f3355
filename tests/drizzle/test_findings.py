"""What is odd about a folder but can be read: one finding for each thing, however often it occurs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pgkit.diag import Severity
from tests.drizzle.folders import (
    ORIGIN,
    Json,
    codes,
    complete,
    journal,
    journal_entry,
    lowered,
    row_table,
    snapshot,
    table,
    v1,
    write,
)


def chain(*parents: str) -> list[Json]:
    """Snapshots with the ids 0, 1, ... and these parents."""
    return [snapshot(table("t"), id=f"{i}", prev=parent) for i, parent in enumerate(parents)]


def entries(folder: Path, *written: Json) -> Path:
    """Writes another journal over that of a folder."""
    value = {"version": "7", "dialect": "postgresql", "entries": list(written)}
    write(folder / "meta" / "_journal.json", value)
    return folder


def sound(folder: Path) -> Path:
    return journal(folder, *chain(ORIGIN, "0", "1"))


def sql_without_entry(folder: Path) -> None:
    write(sound(folder) / "0009_lost.sql", "select 1")


def entry_without_sql(folder: Path) -> None:
    (sound(folder) / "0001_m1.sql").unlink()


def entry_without_snapshot(folder: Path) -> None:
    (sound(folder) / "meta" / "0000_snapshot.json").unlink()


def snapshot_without_entry(folder: Path) -> None:
    entries(sound(folder), *(journal_entry(i, f"000{i}_m{i}") for i in range(2)))
    (folder / "0002_m2.sql").unlink()


def shifted(folder: Path) -> None:
    entries(sound(folder), *(journal_entry(i + (i > 0), f"000{i}_m{i}") for i in range(3)))


def not_increasing(folder: Path) -> None:
    entries(sound(folder), *(journal_entry(i, f"000{i}_m{i}", when=9 - i) for i in range(3)))


def tag_twice(folder: Path) -> None:
    entries(journal(folder, *chain(ORIGIN)), journal_entry(0, "0000_m0"), journal_entry(1, "0000_m0"))


def prefix_twice(folder: Path) -> None:
    entries(journal(folder, *chain(ORIGIN)), journal_entry(0, "0000_m0"), journal_entry(1, "0000_other"))
    write(folder / "0000_other.sql", "select 1")


def no_prefix(folder: Path) -> None:
    entries(folder, journal_entry(0, "_m"))
    write(folder / "_m.sql", "select 1")
    write(folder / "meta" / "_snapshot.json", snapshot(table("t")))


def key_twice(folder: Path) -> None:
    path = sound(folder) / "meta" / "0002_snapshot.json"
    write(path, path.read_text().replace('"id": "2"', '"id": "x", "id": "2"'))


def byte_order_mark(folder: Path) -> None:
    path = sound(folder) / "meta" / "0002_snapshot.json"
    write(path, "\ufeff" + path.read_text())


def latin_1(folder: Path) -> None:
    (sound(folder) / "0001_m1.sql").write_bytes(b"select '\xe9'")


def stray(folder: Path) -> None:
    write(sound(folder) / "meta" / "0009.bak", "{}")


def half_upgraded(folder: Path) -> None:
    v1(sound(folder), complete())


def unreadable(folder: Path) -> None:
    write(sound(folder) / "meta" / "0000_snapshot.json", "{")


def pulled(folder: Path) -> None:
    sql = "-- Current sql file was generated after introspecting\n/*\ncreate table t (); /* in */ ';\n*/"
    write(journal(folder, *chain("")) / "0000_m0.sql", sql)


ODD: list[tuple[Callable[[Path], object], list[str], str]] = [
    (sound, [], ""),
    (sql_without_entry, ["sql-not-in-journal"], "0009_lost.sql"),
    (entry_without_sql, ["entry-without-sql"], "0001_m1"),
    (entry_without_snapshot, ["chain-broken", "entry-without-snapshot"], "0000_m0"),
    (snapshot_without_entry, ["last-snapshot", "snapshot-not-in-journal"], "0002_snapshot.json"),
    (shifted, ["index-not-position"], "0001_m1 (2 at 1), 0002_m2 (3 at 2)"),
    (not_increasing, ["when-not-increasing"], "0001_m1, 0002_m2"),
    (tag_twice, ["duplicate-tag"], "0000_m0"),
    (prefix_twice, ["duplicate-prefix"], "0000"),
    (no_prefix, ["prefix-none"], "_m"),
    (key_twice, ["duplicate-key"], "id"),
    (byte_order_mark, ["byte-order-mark"], "byte order mark"),
    (latin_1, ["sql-not-utf8"], "0001_m1"),
    (stray, ["stray-file"], "0009.bak"),
    (half_upgraded, ["both-layouts"], "20250101000000_m0"),
    (unreadable, ["chain-broken", "unreadable-snapshot"], "meta/0000_snapshot.json"),
    (pulled, ["commented-baseline"], "0000_m0"),
]


@pytest.mark.parametrize(("make", "expected", "says"), ODD, ids=[make.__name__ for make, _, _ in ODD])
def test_odd_folders(tmp_path: Path, make: Callable[[Path], object], expected: list[str], says: str) -> None:
    """Each is lowered all the same, and said once with the names of what is odd and a way out."""
    make(tmp_path)
    result = lowered(tmp_path)
    assert codes(result) == expected
    assert [t.name for t in result.catalog.tables] == ["t"]
    assert says in "\n".join(d.message for d in result.diagnostics)
    assert all(d.severity is not Severity.ERROR and d.help and d.where for d in result.diagnostics)


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ([ORIGIN, "0", "1"], []),
        (["", "0"], []),
        ([ORIGIN, "gone", "1"], ["chain-broken"]),
        ([ORIGIN, "0", "0"], ["chain-forked"]),
        ([ORIGIN, "2", "0"], ["chain-inverted", "chain-tip"]),
        ([ORIGIN, ORIGIN], ["chain-forked"]),
    ],
)
def test_chains(tmp_path: Path, parents: list[str], expected: list[str]) -> None:
    """A chain that is broken, forked or out of order is said; the last by name counts all the same."""
    assert codes(lowered(journal(tmp_path, *chain(*parents)))) == expected


def test_the_same_id_twice(tmp_path: Path) -> None:
    """A snapshot that was copied has the id of another."""
    copied = [*chain(ORIGIN, "0"), snapshot(table("t"), id="1", prev="0")]
    assert codes(lowered(journal(tmp_path, *copied))) == ["chain-forked", "same-id"]


def test_the_same_thing_many_times_is_one_finding(tmp_path: Path) -> None:
    """Five are named, the rest is counted."""
    folder = journal(tmp_path, *[None] * 20, snapshot(table("t")))
    (found,) = lowered(folder).diagnostics
    assert found.message == "no snapshot for: 0000_m0, 0001_m1, 0002_m2, 0003_m3, 0004_m4 and 15 more"


def test_findings_of_v1(tmp_path: Path) -> None:
    """The layout of 1.0 has no journal, but its folders may be incomplete and its chain broken."""
    folder = v1(
        tmp_path, complete(row_table("t"), id="0"), complete(row_table("t"), id="1", prev=["x"]), None
    )
    (folder / "20250101000001_m1" / "migration.sql").unlink()
    expected = ["chain-broken", "entry-without-snapshot", "entry-without-sql", "last-snapshot"]
    assert codes(lowered(folder)) == expected


def test_an_earlier_state_is_not_compared_with_the_last(tmp_path: Path) -> None:
    """Asking for a tag says nothing of which snapshot is last."""
    assert codes(lowered(sound(tmp_path), "0000")) == []
