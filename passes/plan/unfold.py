"""Takes apart what cannot be done in one step, or would not be in the right order.

Create(table t with foreign key f, index i, policy p)   =>   Create(t), Create(f), Create(i), Create(p)
Create(sequence s owned by t.c)   =>   Create(s), Alter(s: owned by t.c)
Alter(sequence s: of t.c -> of u.c), Create(u)   =>   Alter(s: of none), Create(u), Alter(s: of u.c)
Drop(table t with foreign key f), in a circle of them   =>   Drop(f), Drop(t)
Alter(column: default -> identity)   =>   Alter(default -> none), Alter(none -> identity)
Drop(table t), Drop(sequence owned by t.c)   =>   Drop(t)
Drop(virtual column c), Create(plain c)   =>   Drop(c), Create(c stored), Alter(c: stored -> plain)

With foreign keys and policies on their own, tables that mention each other are made in any order.
"""

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

import attrs

from pgkit.ir import relations
from pgkit.ir.change import Alter, Change, Create, Drop
from pgkit.ir.constraints import Check, ForeignKey, Unique
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column
from pgkit.ir.walk import Declared, members_of, refs_in
from pgkit.passes.belongings import goes_with

_APART = frozenset({"foreign_key", "index", "policy"})


def unfold(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes with each split into parts that can be ordered, less the drops that come by themselves."""
    changes = tuple(changes)
    circles = _circles(changes)
    gone = [c.ref for c in changes if isinstance(c, Drop)]
    made = frozenset(c.ref for c in changes if isinstance(c, Create))
    virtual = {c.ref: c.old for c in changes if isinstance(c, Drop) and _is_virtual(c.old)}
    for change in changes:
        match change:
            case Create(ref, relations.Sequence(owned_by=owner) as sequence) if owner is not None:
                free = attrs.evolve(sequence, owned_by=None)
                yield Create(ref, free)
                yield Alter(ref, free, sequence)
            case Create(ref, Column(generated=None) as plain) if _keeps(virtual.get(ref), plain, gone):
                stored = _stored(virtual[ref], plain)
                yield Create(ref, stored)
                yield Alter(ref, stored, plain)
            case Create(ref, obj):
                yield from _created(ref, obj)
            case Drop(_, relations.Sequence() | Unmodelled() as obj) if any(goes_with(r, obj) for r in gone):
                continue
            case Drop(ref, obj) if ref in circles:
                yield from _dropped(ref, obj)
            case Alter(ref, old, new):
                yield from _altered(ref, old, new, change, made)
            case _:
                yield change


def _waits(sequence: relations.Sequence, made: frozenset[Ref]) -> bool:
    """Whether what will own a sequence is still to be made: until then nothing does."""
    return sequence.owned_by is not None and not made.isdisjoint((sequence.owned_by, sequence.owned_by.owner))


def _is_virtual(obj: Declared) -> bool:
    return isinstance(obj, Column) and obj.generated is not None and not obj.generated.stored


def _keeps(old: Declared | None, new: Column, gone: Iterable[Ref]) -> bool:
    """Whether the values of a virtual column can be those of the plain one that comes in its place."""
    if not isinstance(old, Column) or old.type != new.type or new.identity is not None:
        return False
    return not set(refs_in(old.generated)) & set(gone)


def _stored(old: Declared, new: Column) -> Column:
    assert isinstance(old, Column)
    assert old.generated is not None
    return attrs.evolve(new, default=None, generated=attrs.evolve(old.generated, stored=True))


def _created(ref: Ref, obj: Declared) -> Iterator[Change]:
    apart = tuple((r, m) for r, m in members_of(obj, ref) if _stands_apart(m, obj))
    yield Create(ref, _without(obj, apart))
    yield from (Create(r, m) for r, m in apart)


def _dropped(ref: Ref, obj: Declared) -> Iterator[Change]:
    apart = tuple((r, m) for r, m in members_of(obj, ref) if isinstance(m, ForeignKey))
    yield from (Drop(r, m) for r, m in apart)
    yield Drop(ref, _without(obj, apart))


def _altered(ref: Ref, old: Declared, new: Declared, change: Alter, made: frozenset[Ref]) -> Iterator[Change]:
    match old, new:
        case relations.Sequence(), relations.Sequence() if old.owned_by and _waits(new, made):
            free = attrs.evolve(old, owned_by=None)
            yield from (Alter(ref, old, free), Alter(ref, free, new))
        case Column(), Column():
            yield from _altered_column(ref, old, new, change)
        case _:
            yield change


def _altered_column(ref: Ref, old: Column, new: Column, change: Alter) -> Iterator[Change]:
    """A column loses its default, and the sequence in it, before it becomes an identity; and the reverse."""
    if (old.identity is None) == (new.identity is None) or (old.default is None and new.default is None):
        yield change
        return
    between = attrs.evolve(old, default=None, identity=None)
    yield Alter(ref, old, between)
    yield attrs.evolve(change, old=between)


def _circles(changes: Sequence[Change]) -> frozenset[Ref]:
    """The dropped tables whose foreign keys lead around in a circle, or to one that does."""
    tables = {c.ref: c.old for c in changes if isinstance(c, Drop) and c.ref.kind == "table"}
    graph = {ref: _dropped_targets(ref, obj, tables.keys()) for ref, obj in tables.items()}
    found: set[Ref] = set()
    while True:
        sorter = TopologicalSorter(graph)
        try:
            sorter.prepare()
        except CycleError as error:
            found |= set(error.args[1])
            graph = {ref: targets - found for ref, targets in graph.items() if ref not in found}
        else:
            return frozenset(found)


def _dropped_targets(ref: Ref, table: Any, dropped: Iterable[Ref]) -> set[Ref]:
    mentioned = {r.owner for key in table.foreign_keys for r in refs_in(key)}
    return {r for r in mentioned & set(dropped) if r is not None and r != ref}


def _without(obj: Declared, apart: tuple[tuple[Ref, Declared], ...]) -> Declared:
    taken = {id(m) for _, m in apart}
    kept: dict[str, Any] = {
        name: tuple(m for m in getattr(obj, name) if id(m) not in taken)
        for name in fields_marked(type(obj), Mark.MEMBERS)
    }
    return attrs.evolve(obj, **kept) if apart else obj


def _stands_apart(member: Any, owner: Any) -> bool:
    """CREATE TABLE has no indexes or policies, validates its checks, and makes one of two equal keys."""
    match member:
        case Unique():
            earlier = (*owner.primary_keys, *owner.uniques[: owner.uniques.index(member)])
            return any(key.columns == member.columns for key in earlier)
        case Check():
            return not member.validated
        case _:
            return member.kind in _APART
