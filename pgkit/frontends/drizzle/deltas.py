"""Applies the deltas of version 9 to a state: rows by their key, as drizzle-kit 1.0.0-rc.5 does.

    rename tables ["public","t"] to t2   =>   the row, and each column, key, index and reference of it

A drop takes its row only; what belongs to it is dropped by deltas of its own.
"""

from typing import Any, Final

import orjson
from attrs import evolve, frozen

from pgkit.frontends.drizzle.drafts import Drafts
from pgkit.frontends.drizzle.node import Node

Key = tuple[str, ...]  # the kind, then what identifies a row of it
State = dict[Key, Node]

_OF_TABLE: Final = ("schema", "table", "name")
_IDENTITY: Final = {
    "schemas": ("name",),
    "roles": ("name",),
    "tables": ("schema", "name"),
    "enums": ("schema", "name"),
    "views": ("schema", "name"),
    "sequences": ("schema", "name"),
    "indexes": ("schema", "name"),  # in Postgres, too, an index is named in its schema, not in its table
    **dict.fromkeys(("columns", "fks", "pks", "uniques", "checks", "policies"), _OF_TABLE),
    "privileges": ("schema", "table", "grantor", "grantee", "type"),
}


@frozen
class Edge:
    """How rows mention a row of kind `to`: their fields that hold its identity, the last perhaps a list."""

    to: str
    fields: tuple[str, ...]


_TABLE: Final = Edge("tables", ("schema", "table"))
_COLUMNS: Final = Edge("columns", ("schema", "table", "columns"))
_SCHEMA: Final = (Edge("schemas", ("schema",)),)
_EDGES: Final = {
    **dict.fromkeys(("tables", "enums", "sequences", "views"), _SCHEMA),
    "columns": (_TABLE, Edge("enums", ("typeSchema", "type"))),
    **dict.fromkeys(("indexes", "pks", "uniques"), (_TABLE, _COLUMNS)),
    "fks": (
        *(_TABLE, _COLUMNS),
        *(Edge("tables", ("schemaTo", "tableTo")), Edge("columns", ("schemaTo", "tableTo", "columnsTo"))),
    ),
    "checks": (_TABLE,),
    "policies": (_TABLE, Edge("roles", ("roles",))),
    "privileges": (_TABLE, Edge("roles", ("grantee",)), Edge("roles", ("grantor",))),
}


def key_of(row: Node) -> Key:
    """The key of a row: its kind and identity."""
    kind = row.filled("entityType")
    if kind not in _IDENTITY:
        raise row.at("entityType").wrong(f"no kind of entity named {kind}", "update pgkit", "unknown-entity")
    return (kind, *(row.text(field) for field in _IDENTITY[kind]))


def add(state: State, row: Node) -> None:
    """One more row. The same row once more is fine, since branches may both have made it."""
    key = key_of(row)
    if key in state and _plain(state[key]) != _plain(row):
        raise row.wrong(f"{_named(key)} is there already, and differs", _MERGE, "conflicting-delta")
    state.setdefault(key, row)


_MERGE = "two branches gave one name to two things; rename one of them and generate its migration anew"


def _plain(row: Node) -> dict[str, Any]:
    return {field: value for field, value in row.value.items() if value is not None}


def _named(key: Key) -> str:
    return f"{key[0]} {'.'.join(key[1:])}"


def apply(state: State, delta: Node, drafts: Drafts) -> None:
    """Applies one delta. One for a row that is not there changes nothing, and is a finding."""
    op = delta.filled("op")
    if op == "create":
        return add(state, delta.at("row"))
    if op not in ("drop", "alter", "rename"):
        raise delta.at("op").wrong(f"no delta named {op}", "update pgkit", "unknown-delta")
    key = parsed_key(delta.at("key"))
    if key not in state:
        message = f"a delta to {op} {_named(key)}, which is not there"
        return drafts.finding(
            delta, "delta-without-row", message, "the history is not complete: generate it anew"
        )
    if op == "drop":
        del state[key]
    else:
        _alter(state, key, delta.at("set"))
    return None


def parsed_key(node: Node) -> Key:
    """The key in a delta: a kind, and the names that identify a row of it."""
    kind, _, identity = node.raw_text().partition("\0")
    try:
        names = orjson.loads(identity)
    except orjson.JSONDecodeError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise node.wrong("expected a kind and an identity as JSON")
    return (kind, *names)


def _alter(state: State, key: Key, changed: Node) -> None:
    """Sets fields of a row; when they are its identity, what mentions it follows."""
    values = {field: value.value for field, value in changed.members()}
    moved = [(key, _put(state, key, values))]
    for old, new in moved:
        for other in list(state) if old != new else ():
            for edge in _EDGES.get(other[0], ()):
                patch = _relocated(state[other], edge, old, new) if edge.to == old[0] else {}
                if patch:
                    there = _put(state, other, patch)
                    # what mentions a column of a table mentions the table, and follows that
                    moved += [(other, there)] if other[0] in ("tables", "enums") else []
                    other = there


def _put(state: State, key: Key, values: dict[str, Any]) -> Key:
    """Changes fields of a row, which keeps its place even when its key changes."""
    row = evolve(state[key], value=state[key].value | values)
    new = key_of(row)
    if new == key:
        state[key] = row
        return key
    if new in state:
        raise row.wrong(f"cannot rename {_named(key)}: {_named(new)} is there", _MERGE, "conflicting-delta")
    rows = [(new, row) if k == key else (k, r) for k, r in state.items()]
    state.clear()
    state.update(rows)
    return new


def _relocated(row: Node, edge: Edge, old: Key, new: Key) -> dict[str, Any]:
    """The fields of `row` that mention `old`, so that they mention `new`."""
    *plain, last = edge.fields
    if any(row.value.get(field) != name for field, name in zip(plain, old[1:], strict=False)):
        return {}
    value = row.value.get(last)
    if isinstance(value, list):
        follows: Any = [_element(item, old[-1], new[-1]) for item in value]
        if follows == value:
            return {}
    elif value == old[-1]:
        follows = new[-1]
    else:
        return {}
    return {**dict(zip(plain, new[1:], strict=False)), last: follows}


def _element(item: Any, old: str, new: str) -> Any:
    if isinstance(item, dict):  # a key of an index
        return item | {"value": new} if item.get("value") == old and not item.get("isExpression") else item
    return new if item == old else item
