"""What cannot be read, or makes no sense, is one clear error with its file and the place in it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pgkit.diag import Diagnostic, PgkitError, Severity
from pgkit.frontends.drizzle import lower, read
from tests.drizzle.folders import column, complete, journal, journal_entry, snapshot, table, v1, write


def error(folder: Path) -> Diagnostic:
    """The one error of a folder, whether reading or lowering finds it."""
    try:
        found = lower(read(folder)).diagnostics
    except PgkitError as caught:
        found = caught.diagnostics
    (only,) = [d for d in found if d.severity is Severity.ERROR]
    assert only.help
    return only


def place(found: Diagnostic) -> tuple[str, int, int]:
    """File, line and column."""
    assert found.span is not None
    return Path(found.span.source.name).name, *found.span.line_col()


@pytest.mark.parametrize(
    ("data", "code", "says", "line", "col"),
    [
        (b"", "bad-json", "zero-length", 1, 1),
        (b'{\n  "version": "7",\n  "id" }', "bad-json", "cannot read the JSON: ", 3, 8),
        (b'{"id": "\xff"}', "not-utf8", "cannot read byte 9 as UTF-8", 1, 9),
        ("{}".encode("utf-16"), "not-utf8", "cannot read byte 1", 1, 1),
        (b"[" * 3000 + b"]" * 3000, "bad-json", "depth limit exceeded", 1, 1026),
        (b'{"a": NaN}', "bad-json", "cannot read the JSON", 1, 7),
        (b'{"a": "\\ud800"}', "bad-json", "surrogate", 1, 8),
        (b'\xef\xbb\xbf{\n "a": x}', "bad-json", "cannot read the JSON", 2, 7),
        (b"\x00", "bad-json", "cannot read the JSON", 1, 1),
        (b"null", "wrong-shape", "expected an object, found null", 1, 1),
        (b"[]", "wrong-shape", "expected an object, found an array", 1, 1),
        (b"7", "wrong-shape", "expected an object, found a number", 1, 1),
        (b"{}", "wrong-shape", "expected a value for version, found none", 1, 1),
        (b'{"version": 7}', "wrong-shape", "version: expected text, found a number", 1, 13),
        (b'{\n"version": "12"}', "unknown-version", "no snapshot version 12 is known", 2, 12),
        (b'{"version": "4"}', "unknown-version", "drizzle-kit up", 1, 13),
        (b'{"version": "7", "dialect": "mysql"}', "other-dialect", "for mysql", 1, 29),
    ],
)
def test_snapshots_that_cannot_be_read(
    tmp_path: Path, data: bytes, code: str, says: str, line: int, col: int
) -> None:
    """File, line and column are those of the first thing that is wrong."""
    folder = journal(tmp_path, snapshot())
    (folder / "meta" / "0000_snapshot.json").write_bytes(data)
    found = error(folder)
    assert found.code == code
    assert says in found.render()
    assert place(found) == ("0000_snapshot.json", line, col)


@pytest.mark.parametrize(
    ("entry", "code", "says"),
    [
        (journal_entry(0, "../m"), "unsafe-tag", "entries[0].tag: the tag would lead out of the folder"),
        (journal_entry(0, "/etc/passwd"), "unsafe-tag", "out of the folder"),
        (journal_entry(0, "a\\b"), "unsafe-tag", "out of the folder"),
        (journal_entry(0, ""), "wrong-shape", "entries[0].tag: expected a name"),
        (journal_entry(0, "m", when="soon"), "wrong-shape", "entries[0].when: expected a whole number"),
        (journal_entry(0, "m", idx=None), "wrong-shape", "entries[0]: expected a value for idx"),
        (
            journal_entry(0, "m", breakpoints=1),
            "wrong-shape",
            "entries[0].breakpoints: expected true or false",
        ),
        ("m", "wrong-shape", "entries[0]: expected an object, found text"),
    ],
)
def test_journals_that_make_no_sense(tmp_path: Path, entry: Any, code: str, says: str) -> None:
    """An entry that is none is an error at its place; a tag never leads out of the folder."""
    value = {"version": "7", "dialect": "postgresql", "entries": [entry]}
    write(tmp_path / "meta" / "_journal.json", value)
    found = error(tmp_path)
    assert found.code == code
    assert says in found.message
    assert place(found)[0] == "_journal.json"
    assert place(found)[1] > 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": "9"}, "unknown-version"),
        ({"dialect": "sqlite"}, "other-dialect"),
        ({"entries": {}}, "wrong-shape"),
        ({"entries": None}, "wrong-shape"),
    ],
)
def test_journals_that_are_not_known(tmp_path: Path, change: dict[str, Any], code: str) -> None:
    """A version or a dialect that is not known is said with its place."""
    write(tmp_path / "meta" / "_journal.json", {"version": "7", "dialect": "pg", "entries": [], **change})
    assert error(tmp_path).code == code


def nothing(folder: Path) -> Path:
    return folder / "nowhere"


def a_file(folder: Path) -> Path:
    return write(folder / "file", "")


def empty(folder: Path) -> Path:
    return folder


def above(folder: Path) -> Path:
    journal(folder / "drizzle", snapshot())
    return folder


def inside(folder: Path) -> Path:
    return journal(folder, snapshot()) / "meta"


def odd_name(folder: Path) -> Path:
    return folder / ("x" * 5000)


@pytest.mark.parametrize(
    ("make", "code", "says"),
    [
        (nothing, "no-such-folder", "meta/_journal.json"),
        (a_file, "not-a-folder", "meta/_journal.json"),
        (empty, "not-drizzle", "it has no meta/_journal.json"),
        (above, "not-drizzle", "name the folder inside it: "),
        (inside, "not-drizzle", "name the folder above it: "),
        (odd_name, "no-such-folder", ""),
    ],
)
def test_folders_that_are_none(tmp_path: Path, make: Callable[[Path], Path], code: str, says: str) -> None:
    """Where there is no Drizzle folder, the error says which one may be meant."""
    folder = make(tmp_path)
    found = error(folder)
    assert (found.code, found.where) == (code, str(folder))
    assert says in (found.help or "")


@pytest.mark.parametrize(
    "name",
    ["meta/0000_snapshot.json", "meta/_journal.json", "0000_m0.sql", "meta", "meta/0001_snapshot.json"],
)
def test_links_that_lead_out(tmp_path: Path, name: str) -> None:
    """Nothing outside of the folder is read through a link."""
    folder = journal(tmp_path / "in", snapshot())
    path = folder / name
    outside = tmp_path / "out"
    if path.exists():
        path.rename(outside)
    else:
        write(outside, snapshot())
    os.symlink(outside, path)
    found = error(folder)
    assert found.code == "link-outside"
    assert found.where == str(path)


def test_a_link_of_a_migration_that_leads_out(tmp_path: Path) -> None:
    """Nor is a folder of the layout of 1.0."""
    v1(tmp_path / "out", complete())
    v1(tmp_path / "in", complete())
    os.symlink(tmp_path / "out" / "20250101000000_m0", tmp_path / "in" / "20250101000009_m9")
    assert error(tmp_path / "in").code == "link-outside"


T = 'tables["public.t"]'
COLUMN = f"{T}.columns.c"


def wrong_column(**fields: Any) -> dict[str, Any]:
    return snapshot(table("t", column("c", **fields)))


def wrong_part(part: str, **fields: Any) -> dict[str, Any]:
    return snapshot(table("t", column("c"), **{part: {"x": {"name": "x", **fields}}}))


KEY = {"tableFrom": "t", "tableTo": "o", "columnsFrom": ["c"], "columnsTo": ["c"]}
INDEX = {"isUnique": False, "columns": ["c"]}


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (snapshot(tables=[]), "tables: expected an object, found an array"),
        (snapshot(enums=None), "expected a value for enums, found none"),
        (snapshot(schemas={"a": 1}), "schemas.a: expected text, found a number"),
        (
            snapshot(enums={"e": {"name": "e", "values": "a"}}),
            "enums.e.values: expected an array, found text",
        ),
        (snapshot(table("t", indexes=None)), f"{T}: expected a value for indexes, found none"),
        (wrong_column(type=7), f"{COLUMN}.type: expected text, found a number"),
        (wrong_column(type=""), f"{COLUMN}.type: expected a name, found empty text"),
        (wrong_column(notNull="no"), f"{COLUMN}.notNull: expected true or false, found text"),
        (wrong_column(notNull=None), f"{COLUMN}: expected a value for notNull, found none"),
        (wrong_column(default={"a": 1}), f"{COLUMN}.default: expected text, found an object"),
        (wrong_column(default="a\0b"), f"{COLUMN}.default: the text holds a NUL character"),
        (
            wrong_column(generated={"as": "x", "type": "?"}),
            f"{COLUMN}.generated.type: expected stored or virtual",
        ),
        (wrong_column(identity={"type": "?"}), f"{COLUMN}.identity.type: expected always or byDefault"),
        (
            wrong_column(identity={"type": "always", "cache": "many"}),
            f"{COLUMN}.identity.cache: expected a whole",
        ),
        (
            wrong_column(identity={"type": "always", "cache": "9" * 5000}),
            f"{COLUMN}.identity.cache: expected a whole",
        ),
        (wrong_part("checkConstraints"), f"{T}.checkConstraints.x: expected a value for value, found none"),
        (wrong_part("uniqueConstraints", columns=[]), f"{T}.uniqueConstraints.x.columns: expected a column"),
        (
            wrong_part("foreignKeys", **KEY, onDelete="drop"),
            f"{T}.foreignKeys.x.onDelete: expected no action",
        ),
        (
            wrong_part("foreignKeys", **KEY | {"columnsTo": ["a", "b"]}),
            f"{T}.foreignKeys.x: 1 columns refer to 2",
        ),
        (wrong_part("indexes", **INDEX | {"columns": [7]}), f"{T}.indexes.x.columns[0]: expected an object"),
        (
            wrong_part("indexes", **INDEX, **{"with": [1]}),
            f"{T}.indexes.x.with: expected an object, found an array",
        ),
        (wrong_part("policies", **{"for": "UPSERT"}), f"{T}.policies.x.for: expected all, select"),
        (wrong_part("policies", **{"as": "?"}), f"{T}.policies.x.as: expected permissive or restrictive"),
        (wrong_part("policies", to="rep"), f"{T}.policies.x.to: expected an array, found text"),
    ],
)
def test_structures_of_the_wrong_type(tmp_path: Path, written: dict[str, Any], says: str) -> None:
    """The error names the JSON path and points at the place; everything else is lowered."""
    found = error(journal(tmp_path, written))
    assert found.message.startswith(says)
    name, line, _ = place(found)
    assert name == "0000_snapshot.json"
    assert line > 1 or found.message.startswith("expected a value")


def test_every_wrong_object_is_named(tmp_path: Path) -> None:
    """One error does not hide the next."""
    folder = journal(tmp_path, snapshot(table("a", column("c", type=1)), table("b", column("c", type=2))))
    assert len(lower(read(folder)).diagnostics) == 2


def test_one_name_twice(tmp_path: Path) -> None:
    """Two objects of one name, one of them perhaps cut to it, cannot both be."""
    long = [table("t" * 63 + tail) for tail in "ab"]
    found = error(journal(tmp_path, snapshot(*long)))
    assert found.code == "declared-twice"


def test_a_snapshot_that_may_not_be_read(tmp_path: Path) -> None:
    """What the system refuses is said with its reason."""
    folder = journal(tmp_path, snapshot())
    path = folder / "meta" / "0000_snapshot.json"
    path.unlink()
    os.mkfifo(path)
    assert error(folder).code == "no-snapshot"
