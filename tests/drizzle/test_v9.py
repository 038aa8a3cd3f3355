"""Rebuilding the state of version 9 from its base and its diffs."""

from pathlib import Path
from typing import Any

import pytest

from pgkit.diag import Severity
from pgkit.frontends import Lowered
from pgkit.ir.catalog import Catalog
from tests.drizzle.folders import (
    Json,
    change,
    codes,
    complete,
    create,
    diff,
    lowered,
    row,
    row_column,
    row_table,
    v1,
)

IN_T = {"schema": "public", "table": "t", "nameExplicit": False}
COLUMN = {"isExpression": False, "asc": True, "nullsFirst": False, "opclass": None}
INDEX: Json = {"isUnique": False, "where": None, "with": "", "method": "btree", "concurrently": False}
KEYS = [{"value": "x", **COLUMN}, {"value": "x", **COLUMN, "isExpression": True}]
TO_T: Json = {"columns": ["t"], "columnsTo": ["x"], "onUpdate": None, "onDelete": None}
BASE = (
    row("schemas", name="app"),
    *(row_table("t"), row_column("t", "x"), row_column("t", "k", "e", typeSchema="public")),
    *(row_table("o"), row_column("o", "t", notNull=True)),
    row("enums", schema="public", name="e", values=["a"]),
    row("pks", **IN_T, name="t_pkey", columns=["x"]),
    row("uniques", **IN_T, name="t_x_key", columns=["x"], nullsNotDistinct=False),
    row("checks", schema="public", table="t", name="c", value="x > 0"),
    row("indexes", **IN_T, name="i", columns=KEYS, **INDEX),
    row("fks", **{**IN_T, "table": "o"}, name="f", schemaTo="public", tableTo="t", **TO_T),
    row("roles", name="rep"),
    row("policies", **{**IN_T, "as": "PERMISSIVE", "for": "ALL"}, name="p", roles=["rep", "other"]),
)
BASE[-1].pop("nameExplicit")


def after(folder: Path, *deltas: Json) -> Lowered:
    base = complete(*BASE, id="a", version="9")
    return lowered(v1(folder, base, diff(*deltas, id="b", prev=["a"])))


def written(*rows: Json, **new: str) -> tuple[Json, ...]:
    """The base with other words in it, as a snapshot of version 8 would say it."""
    return tuple(_replaced(r, new) for r in rows)


def _replaced(value: Any, new: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {k: _replaced(v, new) for k, v in value.items()}
    if isinstance(value, list):
        return [_replaced(v, new) for v in value]
    return new.get(value, value) if isinstance(value, str) else value


def same(folder: Path, made: Lowered, *rows: Json) -> None:
    assert not made.diagnostics, [d.render() for d in made.diagnostics]
    assert made.catalog == lowered(v1(folder / "expected", complete(*rows))).catalog


def test_create_alter_drop(tmp_path: Path) -> None:
    """Deltas make rows, set fields and take rows away, in order."""
    made = after(
        tmp_path / "made",
        create(row_table("n")),
        change("alter", "columns", "public", "t", "x", type="integer", notNull=True),
        change("drop", "uniques", "public", "t", "t_x_key"),
    )
    kept = [r | {"type": "integer", "notNull": True} if r.get("name") == "x" else r for r in BASE]
    same(tmp_path, made, *(r for r in kept if r["entityType"] != "uniques"), row_table("n"))


def test_rename_of_a_table_is_followed(tmp_path: Path) -> None:
    """Columns, keys, checks, indexes, policies and foreign keys from either side go along."""
    made = after(
        tmp_path / "made",
        change("rename", "tables", "public", "t", name="t2"),
        change("rename", "columns", "public", "t2", "x", name="y"),
    )
    new = [r | {"table": "t2"} if r.get("table") == "t" else r for r in BASE]
    new = [r | {"name": "t2"} if r["entityType"] == "tables" and r["name"] == "t" else r for r in new]
    new = [r | {"tableTo": "t2", "columnsTo": ["y"]} if r["entityType"] == "fks" else r for r in new]
    new = [r | {"name": "y"} if r["name"] == "x" else r for r in new]
    keys = [{**KEYS[0], "value": "y"}, KEYS[1]]
    new = [r | {"columns": keys} if r["entityType"] == "indexes" else r for r in new]
    new = [r | {"columns": ["y"]} if r["entityType"] in ("pks", "uniques") else r for r in new]
    same(tmp_path, made, *new)


def test_rename_of_an_enum_and_a_role_is_followed(tmp_path: Path) -> None:
    """Columns follow their enum, policies their roles."""
    made = after(
        tmp_path / "made",
        change("rename", "enums", "public", "e", name="e2"),
        change("rename", "roles", "rep", name="rep2"),
    )
    same(tmp_path, made, *written(*BASE, e="e2", rep="rep2"))


def test_rename_of_a_schema_is_followed(tmp_path: Path) -> None:
    """A schema takes its tables and enums along, and they take what is theirs."""
    rows = written(*BASE, public="app")
    base = complete(*rows, id="a", version="9")
    made = lowered(
        v1(tmp_path / "made", base, diff(change("rename", "schemas", "app", name="b"), id="b", prev=["a"]))
    )
    same(tmp_path, made, *written(*rows, app="b"))


def test_move_to_another_schema(tmp_path: Path) -> None:
    """A table that only changes its schema is followed as well."""
    made = after(tmp_path / "made", change("alter", "tables", "public", "t", schema="app"))
    here = [r for r in BASE if r.get("table") == "t" or (r["entityType"], r["name"]) == ("tables", "t")]
    rest = [r | {"schemaTo": "app"} if r["entityType"] == "fks" else r for r in BASE if r not in here]
    same(tmp_path, made, *(r | {"schema": "app"} for r in here), *rest)


def branches(*, second: Json) -> list[Json]:
    """A base, two branches from it, and a migration that brings them together."""
    return [
        complete(row_table("t"), id="a", version="9"),
        diff(create(row_column("t", "left")), id="l", prev=["a"]),
        diff(create(second), id="r", prev=["a"]),
        diff(change("alter", "columns", "public", "t", "right", type="integer"), id="m", prev=["l", "r"]),
    ]


def test_merge(tmp_path: Path) -> None:
    """A migration with two parents stands on what both branches made, and is no fork."""
    made = lowered(v1(tmp_path / "made", *branches(second=row_column("t", "right"))))
    same(tmp_path, made, row_table("t"), row_column("t", "left"), row_column("t", "right", "integer"))


def test_open_branches(tmp_path: Path) -> None:
    """Two ends are combined, which is what drizzle-kit would compare with, and that there are two is said."""
    made = lowered(v1(tmp_path, *branches(second=row_column("t", "right"))[:3]))
    assert codes(made) == ["chain-forked"]
    assert {c.name for c in made.catalog.tables[0].columns} == {"left", "right"}


def test_a_tag_is_the_state_after_it(tmp_path: Path) -> None:
    """`DIR@tag` sees nothing of what came later or stands on another branch."""
    folder = v1(tmp_path, *branches(second=row_column("t", "right")))
    made = lowered(folder, "20250101000002_m2").catalog
    assert [c.name for c in made.tables[0].columns] == ["right"]


def test_branches_that_made_the_same(tmp_path: Path) -> None:
    """The same row from both branches is one row."""
    first = branches(second=row_column("t", "left"))[:3]
    made = lowered(v1(tmp_path, *first, diff(id="m", prev=["l", "r"])))
    assert not made.diagnostics
    assert [c.name for c in made.catalog.tables[0].columns] == ["left"]


def test_branches_that_disagree(tmp_path: Path) -> None:
    """One name for two different rows cannot be merged."""
    first = branches(second=row_column("t", "left", "integer"))[:3]
    made = lowered(v1(tmp_path, *first, diff(id="m", prev=["l", "r"])))
    (found,) = made.diagnostics
    assert (found.code, found.severity) == ("conflicting-delta", Severity.ERROR)
    assert "public.t.left" in found.message
    assert made.catalog == Catalog()


@pytest.mark.parametrize(
    ("delta", "code"),
    [
        (change("rename", "columns", "public", "t", "x", name="k"), "conflicting-delta"),
        (change("drop", "tables", "public", "gone"), "delta-without-row"),
        ({"op": "drop", "key": "tables"}, "wrong-shape"),
        ({"op": "mend", "key": 'tables\0["public","t"]'}, "unknown-delta"),
        (create(row("triggers", name="x")), "unknown-entity"),
        ({"op": "create"}, "wrong-shape"),
        (7, "wrong-shape"),
    ],
)
def test_deltas_that_make_no_sense(tmp_path: Path, delta: Any, code: str) -> None:
    """A delta that cannot be applied is named by its file and place."""
    found = after(tmp_path, delta).diagnostics[0]
    assert found.code == code
    place = found.span.source.name if found.span else found.where
    assert place == str(tmp_path / "20250101000001_m1" / "snapshot.json") or code == "conflicting-delta"


@pytest.mark.parametrize("parent", ["gone", "b"])
def test_history_that_does_not_reach_a_base(tmp_path: Path, parent: str) -> None:
    """Without its base a diff says nothing; a loop has none."""
    made = lowered(v1(tmp_path, complete(id="a", version="9"), diff(id="b", prev=[parent])))
    assert "history-broken" in codes(made)


def test_a_long_history(tmp_path: Path) -> None:
    """Three hundred migrations need no deep recursion."""
    diffs = [
        diff(create(row_table(f"t{i}")), id=f"d{i}", prev=[f"d{i - 1}" if i else "a"]) for i in range(300)
    ]
    for i, value in enumerate([complete(id="a", version="9"), *diffs]):
        folder = v1(tmp_path / "one", value)
        (folder / "20250101000000_m0").rename(tmp_path / f"{20250101000000 + i}_m")
    (tmp_path / "one").rmdir()
    made = lowered(tmp_path)
    assert len(made.catalog.tables) == 300
    assert not made.diagnostics
