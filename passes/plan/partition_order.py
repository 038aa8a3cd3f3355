"""What order partitions and children want beside that of what they mention."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from pgkit.ir.change import Alter, Change, Create, Drop, Rename
from pgkit.ir.constraints import Check, ForeignKey, Index, PrimaryKey, Unique
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.passes.lineage import Lineage, link
from pgkit.passes.plan.mentions import mentioned_by

Edge = tuple[int, int]
"""The places of two changes, the first of which must run before the second."""


def family_order(changes: Sequence[Change], lineage: Lineage) -> Iterator[Edge]:
    """The edges that links between tables ask for, and those between a table and the type it is of."""
    about: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, change in enumerate(changes):
        if not isinstance(change, Rename):
            about[change.ref.schema, change.ref.name].append(i)
    yield from _of_types(changes, about)
    if not lineage.before and not lineage.after:
        return
    broken: dict[Ref, list[int]] = defaultdict(list)
    made: dict[Ref, list[int]] = defaultdict(list)
    for i, change in enumerate(changes):
        if isinstance(change, Create | Drop) and (found := _linked(change)) is not None:
            child, parent = found
            places, edges = (made, _attached) if isinstance(change, Create) else (broken, _detached)
            places[parent].append(i)
            yield from edges(changes, i, about[child.schema, child.name], about[parent.schema, parent.name])
    yield from ((i, j) for parent in made for i in broken[parent] for j in made[parent])
    yield from _parents_in_order(changes)
    yield from _keys_of(changes, made)
    yield from _along(changes, about, lineage)
    yield from _before_columns(changes, about, lineage)


def _of_types(changes: Sequence[Change], about: Mapping[tuple[str, str], list[int]]) -> Iterator[Edge]:
    """A table is of no type while either changes."""
    for i, change in enumerate(changes):
        if change.ref.kind != "of_type" or not isinstance(change, Create | Drop):
            continue
        obj = change.new if isinstance(change, Create) else change.old
        for ref in obj.refs if isinstance(obj, Unmodelled) else ():
            for j in about.get((ref.schema, ref.name), ()):
                if changes[j].ref.kind in ("column", "attribute"):
                    yield (j, i) if isinstance(change, Create) else (i, j)


def _parents_in_order(changes: Sequence[Change]) -> Iterator[Edge]:
    """A child lets go of parents before it takes others, one after the other: their order counts."""
    gone: dict[Ref, list[int]] = defaultdict(list)
    taken: dict[Ref, list[tuple[int, int]]] = defaultdict(list)
    for i, change in enumerate(changes):
        if isinstance(change, Create | Drop) and change.ref.kind == "inherits":
            found = link(change.new if isinstance(change, Create) else change.old)  # type: ignore[arg-type]
            if found is not None and isinstance(change, Create):
                taken[found.child].append((found.place, i))
            elif found is not None:
                gone[found.child].append(i)
    for child, places in taken.items():
        order = [i for _, i in sorted(places)]
        yield from pairwise(order)
        yield from ((i, order[0]) for i in gone[child])


def _linked(change: Create | Drop) -> tuple[Ref, Ref] | None:
    obj = change.new if isinstance(change, Create) else change.old
    found = link(obj) if isinstance(obj, Unmodelled) else None
    return (found.child, found.parent) if found else None


def _attached(changes: Sequence[Change], at: int, child: list[int], parent: list[int]) -> Iterator[Edge]:
    """A link is made between tables that are as they should be."""
    for i in child:
        match changes[i]:
            case Create(_, Table() | Column() | Check()) | Alter(_, _, Column()) | Drop():
                yield i, at
            case Create(Ref(kind="foreign_table")):
                yield i, at
    for i in parent:
        match changes[i]:
            case (
                Create(_, Table() | Column() | Check()) | Alter(_, _, Column()) | Drop(_, Column() | Check())
            ):
                yield i, at


def _detached(changes: Sequence[Change], at: int, child: list[int], parent: list[int]) -> Iterator[Edge]:
    """A link is gone before either table changes for itself."""
    for i in (*child, *parent):
        match changes[i]:
            case Create(_, obj) | Alter(_, _, obj) | Drop(_, obj) if isinstance(obj, _PARTS):
                yield at, i
    for i in child:
        match changes[i]:
            case Create(_, Unmodelled()):
                yield at, i
            case Drop(_, Unmodelled() as fact) if link(fact) is None:
                yield i, at


_PARTS = (Table, Column, Check, PrimaryKey, Unique, ForeignKey, Index)


def _keys_of(changes: Sequence[Change], made: Mapping[Ref, list[int]]) -> Iterator[Edge]:
    """A foreign key may refer to a key that a partition has from its parent."""
    places: dict[Ref, list[int]] = defaultdict(list)
    for places_of in made.values():
        for i in places_of:
            change = changes[i]
            if isinstance(change, Create) and (found := _linked(change)) is not None:
                places[found[0]].append(i)
    for j, change in enumerate(changes):
        if isinstance(change, Create) and isinstance(change.new, ForeignKey):
            for i in places.get(change.new.references[0].owner or change.ref, ()):
                yield i, j


def _along(
    changes: Sequence[Change], about: Mapping[tuple[str, str], list[int]], lineage: Lineage
) -> Iterator[Edge]:
    """A parent's statement comes before what is said of a child; a child is dropped first."""
    for child, parent in lineage.before.keys() | lineage.after.keys():
        for i in about.get((parent.schema, parent.name), ()):
            for j in about.get((child.schema, child.name), ()):
                match changes[i], changes[j]:
                    case Drop(_, Table()), Drop(_, Table()):
                        yield j, i
                    case (
                        (Create(a, Column()) | Alter(a, _, Column())),
                        (Create(b, Column()) | Alter(b, _, Column())),
                    ):
                        if a.member == b.member and (child, parent) not in lineage.made | lineage.broken:
                            yield i, j
                    case Drop(_, PrimaryKey() | Unique() | Index()), Create(
                        _, PrimaryKey() | Unique() | Index()
                    ):
                        yield i, j


def _before_columns(
    changes: Sequence[Change], about: Mapping[tuple[str, str], list[int]], lineage: Lineage
) -> Iterator[Edge]:
    """What mentions a child's column is dropped before a statement about the parent's changes both."""
    for i, change in enumerate(changes):
        if isinstance(change, Drop) and change.ref.kind not in ("column", "table"):
            for table in {r.owner or r for r in mentioned_by(change.old)}:
                for above in _ancestors(table, lineage):
                    for j in about.get((above.schema, above.name), ()):
                        match changes[j]:
                            case Drop(_, Column()) | Alter(_, _, Column()):
                                yield i, j


def _ancestors(table: Ref, lineage: Lineage) -> Iterator[Ref]:
    for parent in lineage.parents.get(table, ()):
        yield parent
        yield from _ancestors(parent, lineage)
