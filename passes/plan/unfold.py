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

from pgkit.ir.change import Alter, Change, Create
from pgkit.ir.fields import Mark, fields_marked
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
                yield Create(ref, _without(obj))
                yield from (Create(r, m) for r, m in members_of(obj, ref) if _stands_apart(m))
            case _:
                yield change


def _without(obj: Declared) -> Declared:
    kept: dict[str, Any] = {}
    for name in fields_marked(type(obj), Mark.MEMBERS):
        held = getattr(obj, name)
        if any(_stands_apart(m) for m in held):
            kept[name] = tuple(m for m in held if not _stands_apart(m))
    return attrs.evolve(obj, **kept) if kept else obj


def _stands_apart(member: Any) -> bool:
    """CREATE TABLE has no indexes or policies, and validates every check that it has."""
    return member.kind in _APART or (member.kind == "check" and not member.validated)
