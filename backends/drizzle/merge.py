"""Brings what has changed into a snapshot that is there, and leaves all else in it as it stands.

    there {a: 1, x: "( 1 )"}   before {a: 1, x: "(1)"}   after {a: 2, x: "(1)"}   =>   {a: 2, x: "( 1 )"}

So texts that drizzle-kit spells in its own way stay, and so does what only drizzle-kit knows.
"""

from collections.abc import Hashable, Mapping
from typing import Any, Final, TypeVar

from pgkit.backends.drizzle.rows import Key, Moved, moved_key
from pgkit.ir.names import Ref, truncate

K = TypeVar("K", bound=Hashable)
_TOP: Final = {"enums": "enum", "sequences": "sequence"}
_MEMBERS: Final = {
    "columns": "column",
    "indexes": "index",
    "foreignKeys": "foreign_key",
    "compositePrimaryKeys": "primary_key",
    "uniqueConstraints": "unique",
    "policies": "policy",
    "checkConstraints": "check",
}


def merged(there: Mapping[K, Any], before: Mapping[K, Any], after: Mapping[K, Any]) -> dict[K, Any]:
    """What is there, with the way from `before` to `after` applied."""
    before, after = _as_there(before, there), _as_there(after, there)
    found: dict[K, Any] = {}
    for key, mine in there.items():
        if key in after:
            found[key] = _value(mine, before.get(key), after[key], key in before)
        elif key not in before:
            found[key] = mine
    for key, value in after.items():
        if key not in there and (key not in before or before[key] != value):
            found[key] = value
    return found


def _as_there(named: Mapping[K, Any], there: Mapping[K, Any]) -> Mapping[K, Any]:
    """With each key as it is there: drizzle-kit keeps names whole that Postgres cuts."""
    whole = {cut: key for key in there if (cut := _cut(key)) != key and key not in named}
    return {whole.get(key, key): value for key, value in named.items()} if whole else named


def _cut(key: Any) -> Any:
    if isinstance(key, str):
        return truncate(key)
    return tuple(map(truncate, key))


def _value(mine: Any, old: Any, new: Any, known: bool) -> Any:
    if known and old == new:
        return mine
    if known and all(isinstance(value, dict) for value in (mine, old, new)):
        return merged(mine, old, new)
    return new


def rows_rekeyed(rows: Mapping[Key, Any], moved: Moved) -> dict[Key, Any]:
    """Rows of versions 8 and 9 under the keys that they have in after; the rows are as they were."""
    return {moved_key(key, row, moved): row for key, row in rows.items()}


def rekeyed(snapshot: Mapping[str, Any], moved: Moved) -> dict[str, Any]:
    """A snapshot of version 7 whose keys are the names of after; what is under them is as it was."""
    found = dict(snapshot)
    found["tables"] = _tables(found.get("tables", {}), moved)
    found["views"] = _views(found.get("views", {}), moved)
    for field, kind in _TOP.items():
        objects = found.get(field, {}).values()
        found[field] = {_path(moved(Ref(kind, *_place(value)))): value for value in objects}
    for field, kind in (("schemas", "schema"), ("roles", "role")):
        found[field] = {moved(Ref(kind, "", key)).name: v for key, v in found.get(field, {}).items()}
    return found


def _tables(tables: Mapping[str, Any], moved: Moved) -> dict[str, Any]:
    found = {}
    for key, table in tables.items():
        ref = Ref("table", *_place(table))
        found[_path(moved(ref)) if moved(ref) != ref else key] = _table(table, ref, moved)
    return found


def _table(table: Mapping[str, Any], ref: Ref, moved: Moved) -> dict[str, Any]:
    parts = {
        field: {moved(ref.of(kind, name)).member: value for name, value in table[field].items()}
        for field, kind in _MEMBERS.items()
        if field in table
    }
    return {**table, **parts}


def _views(views: Mapping[str, Any], moved: Moved) -> dict[str, Any]:
    kinds = {True: "materialized_view", False: "view"}
    return {_path(moved(Ref(kinds[bool(v.get("materialized"))], *_place(v)))): v for v in views.values()}


def _place(value: Mapping[str, Any]) -> tuple[str, str]:
    return value.get("schema") or "public", value["name"]


def _path(ref: Ref) -> str:
    return f"{ref.schema}.{ref.name}"
