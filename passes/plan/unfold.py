"""Takes out of a created object what cannot be made with it, or what may refer to later objects.

    Create(table a (b_id -> b), index i)     Create(table a)
    Create(table b (a_id -> a))          =>  Create(table b)
                                             Create(foreign key a.b_id), Create(index i), ...
    Create(sequence s owned by t.c)      =>  Create(sequence s), Alter(sequence s: owned by t.c)

With foreign keys and policies on their own, tables that mention each other are made in any order.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from pgkit.ir.change import Alter, Change, Create, Drop
from pgkit.ir.constraints import Check, Unique
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.names import Ref
from pgkit.ir.relations import Sequence
from pgkit.ir.walk import Declared, members_of

_APART = frozenset({"foreign_key", "index", "policy"})


def unfold(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes with every creation split into parts that can be ordered."""
    for change in changes:
        match change:
            case Create(ref, Sequence(owned_by=owner) as sequence) if owner is not None:
                free = attrs.evolve(sequence, owned_by=None)
                yield Create(ref, free)
                yield Alter(ref, free, sequence)
            case Create(ref, obj):
                apart = tuple((r, m) for r, m in members_of(obj, ref) if _stands_apart(m, obj))
                yield Create(ref, _without(obj, apart))
                yield from (Create(r, m) for r, m in apart)
            case Drop(ref, obj):
                apart = tuple((r, m) for r, m in members_of(obj, ref) if m.kind == "foreign_key")
                yield from (Drop(r, m) for r, m in apart)
                yield Drop(ref, _without(obj, apart))
            case _:
                yield change


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
