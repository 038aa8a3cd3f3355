"""The renames that a folder records: `renames` in snapshots of version 8, deltas in those of version 9.

Both are sequences, each rename in the names of its moment. As hints they are told for every name that the
thing has had, the oldest first: whatever state a database is in, one of them fits, the others say nothing.

    t -> t2, then t2.x -> t2.y   =>   t -> t2, t.x -> t2.y, t2.x -> t2.y
"""

from collections.abc import Iterator, Sequence
from typing import Final

from pgkit.frontends.drizzle.deltas import parsed_key
from pgkit.frontends.drizzle.folder import Folder
from pgkit.frontends.drizzle.node import Node, Notes, WrongShape
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref, truncate

_Step = tuple[Ref, Ref]
_GLOBAL: Final = {"schemas": "schema", "roles": "role"}
# A view may be a materialized one: both are told, and that which is not there says nothing.
_TOP: Final = {
    "tables": ("table",),
    "enums": ("enum",),
    "sequences": ("sequence",),
    "views": ("view", "materialized_view"),
}
_MEMBERS: Final = {
    "columns": "column",
    "policies": "policy",
    "indexes": "index",
    **dict.fromkeys(("pks", "uniques", "fks", "checks"), "constraint"),
}


def recorded(folder: Folder) -> Hints:
    """The renames of everything that led to the chosen snapshot; a record that cannot be read is left out."""
    steps: list[_Step] = []
    for snapshot in folder.renaming:
        try:
            steps += _steps(Node(snapshot.source, snapshot.value, (), Notes()))
        except WrongShape:
            continue  # it is told of where the snapshot itself is read
    return Hints(tuple(dict.fromkeys(_told(steps))))


def _told(steps: Sequence[_Step]) -> Iterator[_Step]:
    for k, (old, new) in enumerate(steps):
        names = [old]
        for before, after in reversed(steps[:k]):
            names.append(moved(names[-1], after, before))
        for before, after in steps[k + 1 :]:
            new = moved(new, before, after)
        yield from ((name, new) for name in reversed(names) if name != new)


def moved(ref: Ref, old: Ref, new: Ref) -> Ref:
    """A name after one rename, of itself, of its owner or of its schema."""
    if ref == old:
        return new
    if ref.owner == old:
        return Ref(ref.kind, new.schema, new.name, ref.member, ref.within)
    if old.kind == "schema" and ref.schema == old.name:
        return Ref(ref.kind, new.name, ref.name, ref.member, ref.within)
    return ref


def _steps(snapshot: Node) -> Iterator[_Step]:
    if deltas := snapshot.find("deltas"):
        for delta in deltas.each():
            if delta.text("op", "") == "rename":
                yield from _of_delta(delta)
    elif renames := snapshot.find("renames"):
        rows = list(_rows(snapshot))
        for rename in renames.each():
            yield from _of_text(rename.raw_text(), rows)


def _of_delta(delta: Node) -> Iterator[_Step]:
    kind, *names = parsed_key(delta.at("key"))
    changed = delta.at("set")
    parts = dict(
        zip(("schema", "name") if len(names) == 2 else ("schema", "table", "name"), names, strict=False)
    )
    if len(names) == 1:
        parts = {"name": names[0]}
    after = {field: changed.text(field, was) for field, was in parts.items()}
    for old, new in zip(_refs(kind, parts), _refs(kind, after), strict=True):
        if old != new:
            yield old, new


def _refs(kind: str, parts: dict[str, str]) -> Iterator[Ref]:
    """What a row of this kind is to us."""
    cut = {field: truncate(name) for field, name in parts.items()}
    if kind in _GLOBAL:
        yield Ref(_GLOBAL[kind], "", cut["name"])
    elif kind in _TOP:
        yield from (Ref(k, cut["schema"], cut["name"]) for k in _TOP[kind])
    elif kind in _MEMBERS and "table" in cut:
        yield Ref(_MEMBERS[kind], cut["schema"], cut["table"], cut["name"])
    elif kind == "indexes":
        yield Ref("index", cut["schema"], cut["name"])


def _rows(snapshot: Node) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a snapshot of version 8: the kind, and what identifies one."""
    for row in snapshot.at("ddl").each():
        kind = row.text("entityType", "")
        fields = (
            ("name",)
            if kind in _GLOBAL
            else ("schema", "name")
            if kind in _TOP
            else ("schema", "table", "name")
        )
        if kind in _GLOBAL or kind in _TOP or kind in _MEMBERS:
            yield kind, {field: row.text(field) for field in fields}


def _of_text(text: str, rows: Sequence[tuple[str, dict[str, str]]]) -> Iterator[_Step]:
    """A rename written `schema.table.old->schema.table.new`: what is called the new name in its snapshot."""
    for kind, after in rows:
        old, arrow, _ = text.rpartition(f"->{'.'.join(after.values())}")
        if not arrow or not text.endswith(f"->{'.'.join(after.values())}"):
            continue
        *place, name = after.values()
        if old.startswith(prefix := ".".join((*place, ""))):
            before = {**after, "name": old.removeprefix(prefix)}
        elif kind in _TOP:
            before = dict(zip(("schema", "name"), old.split(".", 1), strict=False))
        else:
            continue
        if len(before) == len(after) and before["name"] and name:
            yield from zip(_refs(kind, before), _refs(kind, after), strict=True)
