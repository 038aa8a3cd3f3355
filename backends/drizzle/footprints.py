"""What each delta touches: from this drizzle-kit tells whether two branches can be merged.

A name for each thing touched: `s|` itself, `n|` its name, `e|` that it is there. What one branch writes and
the other writes or reads is a conflict. Facts: drizzle-kit 1.0.0-rc.5, PostgresCommutativity.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pgkit.backends.drizzle.deltas import Delta
from pgkit.backends.drizzle.rows import IDENTITY, KINDS, Key, Row, Rows, key_of

Footprint = dict[str, Any]
_SHORT: Final = {
    "schemas": "sch",
    "roles": "role",
    "tables": "tbl",
    "enums": "enum",
    "views": "view",
    "sequences": "seq",
    "indexes": "idx",
    "columns": "col",
    "fks": "fk",
    "pks": "pk",
    "uniques": "uq",
    "checks": "ck",
    "policies": "pol",
}
_WORD: Final = {**KINDS, "fks": "fk", "pks": "pk"}
_ADDED: Final = ("columns", "pks", "uniques", "checks")  # drizzle-kit says add_, of the others create_
_RECREATED: Final = ("indexes", "fks")
# Names that these share with other things of their schema or table.
_ALSO: Final = {
    "tbl": ("rel", "type"),
    "view": ("rel", "type"),
    "seq": ("rel",),
    "idx": ("rel",),
    "enum": ("type",),
}


def footprints(deltas: Iterable[Delta], before: Rows, after: Rows) -> list[Footprint]:
    """One for each delta; what comes and goes with a table is part of the table's."""
    found = list(deltas)
    whole = {_key(d)[1:] for d in found if d["op"] in ("create", "drop") and _key(d)[0] == "tables"}
    rows = {**before, **after}
    made = (d for d in found if not _goes_with(_key(d), rows, whole))
    return [_footprint(delta, rows) for delta in made]


def _key(delta: Delta) -> Key:
    if delta["op"] == "create":
        return key_of(delta["row"])
    kind, _, names = delta["key"].partition("\0")
    return (kind, *json.loads(names))


def _goes_with(key: Key, rows: Rows, tables: set[Key]) -> bool:
    within = key[0] in ("columns", "pks", "uniques", "checks")
    return within and key[1:3] in tables


def _footprint(delta: Delta, rows: Rows) -> Footprint:
    key = _key(delta)
    row = rows.get(key, dict(zip(IDENTITY[key[0]], key[1:], strict=True)))
    target = (_WORD[key[0]] if key[0] in _SHORT else "table", *key[1:])
    if key[0] not in _SHORT:  # privileges
        return _made(delta["op"], target, _created("priv", key[1:]), ())
    action, writes = _action(delta, key, row)
    return _made(action, target, writes, _reads(key[0], row, rows))


def _made(action: str, target: Sequence[str], writes: Iterable[str], reads: Iterable[str]) -> Footprint:
    found: Footprint = {"statementType": action, "statementTarget": list(target), "writes": list(writes)}
    read = list(dict.fromkeys(reads))
    return {**found, "reads": read} if read else found


def _action(delta: Delta, key: Key, row: Row) -> tuple[str, Iterable[str]]:
    kind, word = key[0], _WORD[key[0]]
    match delta["op"]:
        case "create":
            return f"{'add' if kind in _ADDED else 'create'}_{word}", _created(_SHORT[kind], key[1:])
        case "drop":
            return f"drop_{word}", _created(_SHORT[kind], key[1:])
        case "rename":
            new = tuple({**row, **delta["set"]}[field] for field in IDENTITY[kind])
            ends = (*_endpoint(_SHORT[kind], key[1:]), *_endpoint(_SHORT[kind], new))
            return f"rename_{word}", ends
        case _ if kind == "columns":
            return "alter_column", _properties(delta["set"], key[1:])
        case _ if kind in _RECREATED:
            return f"recreate_{word}", _created(_SHORT[kind], key[1:])
        case _ if kind == "tables":
            return "alter_rls", (_name("s", "rls", key[1:]), _name("e", "rls", key[1:]))
        case _:
            return f"alter_{word}", (_name("s", _SHORT[kind], key[1:]),)


def _properties(changed: Mapping[str, Any], names: Key) -> Iterator[str]:
    """The sides of a column that a change touches: a new type takes the default along, and so on."""
    touched = {
        "notNull": ("notNull",),
        "default": ("default",),
        "generated": ("generated", "default"),
        "identity": ("identity", "default", "notNull"),
    }
    sides = [side for field in changed for side in touched.get(field, ("type", "default"))]
    return (_name("s", "colprop", (*names, side)) for side in dict.fromkeys(sides))


def _name(mark: str, kind: str, names: Sequence[str]) -> str:
    return f"{mark}|{kind}|{'.'.join(names)}"


def _created(kind: str, names: Sequence[str]) -> tuple[str, ...]:
    own = (_name("s", kind, names), _name("n", kind, names), _name("e", kind, names))
    return (*own, *_shared(kind, names))


def _endpoint(kind: str, names: Sequence[str]) -> tuple[str, ...]:
    return (_name("s", kind, names), _name("n", kind, names), *_shared(kind, names))


def _shared(kind: str, names: Sequence[str]) -> tuple[str, ...]:
    if kind in ("uq", "pk"):
        return (_name("n", "con", names), _name("n", "rel", (names[0], names[2])))
    if kind in ("ck", "fk"):
        return (_name("n", "con", names),)
    return tuple(_name("n", also, names) for also in _ALSO.get(kind, ()))


def _reads(kind: str, row: Row, rows: Rows) -> Iterator[str]:
    if "schema" in row:
        if "table" in row:
            yield _name("n", "tbl", (row["schema"], row["table"]))
        yield _name("n", "sch", (row["schema"],))
    if kind == "tables":
        mine = (r for k, r in rows.items() if k[0] == "columns" and k[1:3] == (row["schema"], row["name"]))
        for column in mine:
            yield from _enum_of(column)
    elif kind == "columns":
        yield from _enum_of(row)
    elif kind == "policies":
        yield from (_name("n", "role", (role,)) for role in row.get("roles", ()) if role != "public")
        yield _name("e", "rls", (row["schema"], row["table"]))
    else:
        yield from _columns_read(kind, row)


def _enum_of(column: Row) -> Iterator[str]:
    if column.get("typeSchema"):
        yield _name("n", "enum", (column["typeSchema"], column["type"]))


def _columns_read(kind: str, row: Row) -> Iterator[str]:
    for column in row.get("columns", ()) if "table" in row else ():
        name = column if isinstance(column, str) else None if column["isExpression"] else column["value"]
        if name is not None:
            yield _name("n", "col", (row["schema"], row["table"], name))
    if kind == "fks" and "tableTo" in row:
        to = (row["schemaTo"], row["tableTo"])
        yield from (_name("n", "tbl", to), _name("n", "sch", to[:1]))
        yield from (_name("n", "col", (*to, name)) for name in row["columnsTo"])
        yield _name("e", "uniqueness", (*to, *sorted(row["columnsTo"])))
