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
from pgkit.ir.walk import Declared, map_members, members_of

_APART = frozenset(("check", "unique"))


def singly(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes with tables and domains made bare first, and their members one by one right after.

    What members need is there, since it stood before the whole.
    """
    return tuple(part for change in changes for part in _apart(change))


def bare(column: Column) -> Column:
    """The column without what it holds by itself."""
    return attrs.evolve(column, default=None, identity=None, generated=None)


def _apart(change: Change) -> Iterator[Change]:
    if not isinstance(change, Create) or not isinstance(change.new, Table | Domain):
        yield change
        return
    ref, whole = change.ref, change.new
    keys = {r for key in getattr(whole, "primary_keys", ()) for r in key.columns}
    yield Create(ref, map_members(whole, lambda r, m: _first(r, m, keys), ref))
    for member_ref, member in members_of(whole, ref):
        if _first(member_ref, member, keys) != member:
            yield _later(member_ref, member)


def _first(ref: Ref, member: Declared, keys: set[Ref]) -> Declared | None:
    """A member as it is made with its owner; None if it comes by itself. A key has its columns at once."""
    if ref.kind in _APART:
        return None
    if not isinstance(member, Column):
        return member
    if member.generated is None:
        return bare(member)
    return member if ref in keys else None


def _later(ref: Ref, member: Declared) -> Change:
    if isinstance(member, Column) and member.generated is None:
        return Alter(ref, bare(member), member)
    return Create(ref, member)
