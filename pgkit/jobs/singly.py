"""Takes creations apart into single members, so that one that a server refuses takes no other with it.

Create(table t with column c default 1, check k)   =>   Create(t), Alter(c: default 1), Create(k)
Create(table t with column c generated)            =>   Create(t without c), Create(c)
"""

from collections.abc import Iterable, Iterator

import attrs

from pgkit.ir.change import Alter, Change, Create
from pgkit.ir.kinds import Domain
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.walk import map_members, members_of
from pgkit.passes.plan.order import order

_APART = frozenset(("check", "unique"))


def singly(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes with tables and domains made bare first, and their members one by one."""
    return order(tuple(part for change in changes for part in _apart(change)))


def bare(column: Column) -> Column:
    """The column without what it holds by itself."""
    return attrs.evolve(column, default=None, identity=None, generated=None)


def _apart(change: Change) -> Iterator[Change]:
    if not isinstance(change, Create) or not isinstance(change.new, Table | Domain):
        yield change
        return
    ref, whole = change.ref, change.new
    needed = {r for key in getattr(whole, "primary_keys", ()) for r in key.columns}
    yield Create(ref, map_members(whole, lambda r, m: _first(r, m, needed), ref))
    for member_ref, member in members_of(whole, ref):
        if member_ref.kind in _APART:
            yield Create(member_ref, member)
        elif isinstance(member, Column) and bare(member) != member:
            yield _filled(member_ref, member, needed)


def _first(ref: Ref, member: object, needed: set[Ref]) -> object:
    """A member as it is made with its owner; None if it comes by itself."""
    if ref.kind in _APART:
        return None
    if isinstance(member, Column):
        return bare(member) if ref in needed or member.generated is None else None
    return member


def _filled(ref: Ref, column: Column, needed: set[Ref]) -> Change:
    if column.generated is not None and ref not in needed:
        return Create(ref, column)
    return Alter(ref, bare(column), column)
