"""The next snapshots of a Drizzle folder: the one that is there, with what a migration changes brought in."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import uuid4

from attrs import define

from pgkit.backends.drizzle import (
    Delta,
    Key,
    Rows,
    deltas,
    footprints,
    key_of,
    key_text,
    merged,
    ref_of,
    rekeyed,
    rows,
    rows_rekeyed,
    v7,
)
from pgkit.diag import Source, fail
from pgkit.frontends.drizzle import Folder
from pgkit.frontends.drizzle.deltas import State, apply
from pgkit.frontends.drizzle.drafts import Drafts
from pgkit.frontends.drizzle.heads import ORIGIN
from pgkit.frontends.drizzle.history import rebuild
from pgkit.frontends.drizzle.node import Node
from pgkit.frontends.drizzle.renames import moved
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Change, Rename
from pgkit.ir.names import Ref

Json = dict[str, Any]
_SOURCE: Final = Source("snapshot", "{}")


@define
class OldSnapshots:
    """Of the layout of 0.x: version 7, each complete."""

    there: Json

    def next(self, before: Catalog, after: Catalog, changes: Sequence[Change]) -> Json:
        """The snapshot after one file of a migration, which leads from `before` to `after`."""
        move = Moves(changes)
        there, old = rekeyed(self.there, move.of), rekeyed(v7(before), move.of)
        return self._follow(merged(there, old, v7(after)))

    def again(self) -> Json:
        """The last one under a new id, for a migration that is written by hand."""
        return self._follow(self.there)

    def _follow(self, body: Json) -> Json:
        kept = {k: v for k, v in body.items() if k not in ("id", "prevId", "internal")}
        self.there = {"id": str(uuid4()), "prevId": self.there["id"], **kept}
        return self.there


@define
class NextSnapshots:
    """Of the layout of 1.0: version 8, complete, or version 9, what has changed."""

    version: str
    state: Rows
    parents: list[str]

    def next(self, before: Catalog, after: Catalog, changes: Sequence[Change]) -> Json:
        """The snapshot after one file of a migration, which leads from `before` to `after`."""
        move = Moves(changes)
        there, old = rows_rekeyed(self.state, move.of), rows_rekeyed(rows(before), move.of)
        return self._follow(merged(there, old, rows(after)), changes)

    def again(self) -> Json:
        """The last one under a new id, for a migration that is written by hand."""
        return self._follow(self.state, ())

    def _follow(self, after: Rows, changes: Sequence[Change]) -> Json:
        renames, renamed = _renames(self.state, after, changes)
        head: Json = {
            "version": self.version,
            "dialect": "postgres",
            "id": str(uuid4()),
            "prevIds": self.parents,
        }
        if self.version == "8":
            told = [_told(delta) for delta in renames]
            found: Json = {**head, "ddl": list(after.values()), "renames": told}
        else:
            steps = deltas(renamed, after, renames)
            prints = footprints(steps, {**self.state, **renamed}, after)
            found = {"type": "diff", **head, "footprints": prints, "deltas": steps}
        self.state, self.parents = after, [head["id"]]
        return found


def snapshots_of(folder: Folder | None) -> OldSnapshots | NextSnapshots:
    """What the next snapshots of a folder follow; of a new one, nothing."""
    if folder is None or (folder.snapshot is None and folder.layout == "journal"):
        return OldSnapshots({**v7(Catalog()), "id": ORIGIN})
    chosen = folder.snapshot
    if chosen is None:
        raise fail("no-snapshot", "no migration has a snapshot", where=str(folder.path), help=_UP)
    version = chosen.value["version"]
    if version not in (("7",) if folder.layout == "journal" else ("8", "9")):
        message = f"the last snapshot is of version {version}"
        raise fail("old-snapshot", message, where=chosen.file, help=_UP)
    if folder.layout == "journal":
        return OldSnapshots(chosen.value)
    found = rebuild([Node(s.source, s.value) for s in folder.history], Drafts())
    state = {key_of(node.value): dict(node.value) for node in found}
    return NextSnapshots(version, state, _ends(folder))


_UP: Final = "bring the folder up to date with drizzle-kit up"


def _ends(folder: Folder) -> list[str]:
    """The ids of the snapshots that nothing follows, the newest first."""
    ids = [s.value["id"] for s in folder.history]
    parents = {parent for s in folder.history for parent in s.value.get("prevIds", ())}
    return [id for id in reversed(ids) if id not in parents]


@define
class Moves:
    """The new name of everything after some changes, in the order in which they run."""

    changes: Sequence[Change]

    def of(self, ref: Ref) -> Ref:
        """The name of `ref` after the changes."""
        for change in self.changes:
            if isinstance(change, Rename):
                ref = moved(ref, change.ref, change.to)
        return ref


def _renames(state: Rows, after: Rows, changes: Sequence[Change]) -> tuple[list[Delta], Rows]:
    """The renames as deltas, and the rows after them. One that leads nowhere in the end is left out."""
    nodes: State = {key: Node(_SOURCE, row) for key, row in state.items()}
    found: list[Delta] = []
    for at, change in enumerate(changes):
        if isinstance(change, Rename) and (delta := _rename(nodes, after, change, changes[at + 1 :])):
            apply(nodes, Node(_SOURCE, delta), Drafts())
            found.append(delta)
    return found, {key: node.value for key, node in nodes.items()}


def _rename(nodes: State, after: Rows, change: Rename, later: Sequence[Change]) -> Delta | None:
    there = {ref_of(node.value): key for key, node in nodes.items()}
    last = {ref_of(row) for row in after.values()}
    if change.ref not in there or Moves(later).of(change.to) not in last:
        return None
    key, to = there[change.ref], change.to
    new = {"schema": to.schema, "name": to.member or to.name} if to.schema else {"name": to.name}
    fields = {f: v for f, v in new.items() if nodes[key].value.get(f) != v}
    if not fields or _clashes(nodes, key, fields):
        return None
    return {"op": "rename", "key": key_text(key), "set": fields}


def _clashes(nodes: State, key: Key, fields: Json) -> bool:
    return key_of({**nodes[key].value, **fields}) in nodes


def _told(delta: Delta) -> str:
    """A rename as version 8 records it."""
    names = json.loads(delta["key"].partition("\0")[2])
    changed = delta["set"]
    after = [*names[:-1], changed.get("name", names[-1])]
    if "schema" in changed:
        after[0] = changed["schema"]
    return f"{'.'.join(names)}->{'.'.join(after)}"


def moves_back(before: Iterable[Ref], changes: Sequence[Change]) -> dict[Ref, Ref]:
    """The names before of what is there after the changes."""
    move = Moves(changes)
    return {move.of(ref): ref for ref in before}


def refs_of(catalog: Catalog) -> Iterator[Ref]:
    """The tables of a catalog and their columns."""
    for table in catalog.tables:
        yield table.ref
        yield from (table.ref.of("column", column.name) for column in table.columns)
