"""Brings what has changed between two catalogs into a third that knows more than they do.

ours t (a int, comment 'x')   base t (a int)   theirs t (a text)   =>   t (a text, comment 'x')
"""

from typing import Any, TypeVar

import attrs

from pgkit.ir.expr import Opaque
from pgkit.ir.fields import Mark
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, inside, members_of, ref_of

T = TypeVar("T")


def merge(ours: T, base: T, theirs: T) -> T:
    """`ours` with the way from `base` to `theirs` applied; what neither of them has stays."""
    changed: dict[str, Any] = {}
    for field in attrs.fields(type(ours)):  # type: ignore[arg-type]
        mine, old, new = (getattr(each, field.name) for each in (ours, base, theirs))
        mark = field.metadata.get(Mark, Mark.ALTER)
        if mark is Mark.MEMBERS:
            changed[field.name] = _members(mine, old, new)
        elif mark not in (Mark.NAME, Mark.NOTE) and old != new:
            changed[field.name] = new
    return attrs.evolve(ours, **changed)  # type: ignore[misc]


def _members(ours: Any, base: Any, theirs: Any) -> tuple[Any, ...]:
    old, new = ({ref_of(obj): obj for obj in objects} for objects in (base, theirs))
    mine = {ref_of(obj): obj for obj in ours}
    kept = [_member(obj, old.get(ref), new.get(ref)) for ref, obj in mine.items()]
    added = [obj for ref, obj in new.items() if ref not in mine and old.get(ref) != obj]
    return tuple(obj for obj in (*kept, *added) if obj is not None)


def _member(ours: Any, base: Any, theirs: Any) -> Any:
    if base is None:
        return ours if theirs is None else theirs
    return None if theirs is None else merge(ours, base, theirs)


def known_here_only(ours: Any, base: Any, ref: Ref | None = None) -> list[Ref]:
    """What of `ours` says more than `base`, which has the same objects, members included.

    Expressions are left out of it: each side may write them in its own way.
    """
    own = [ref] if ref is not None and _says_more(ours, base) else []
    there = {inner: obj for inner, obj in members_of(base, ref)}
    for inner, obj in members_of(ours, ref):
        own += known_here_only(obj, there[inner], inner) if inner in there else [inner]
    return own


def _says_more(ours: Declared, base: Declared) -> bool:
    for field in attrs.fields(type(ours)):
        if field.metadata.get(Mark, Mark.ALTER) in (Mark.ALTER, Mark.RECREATE):
            mine, theirs = getattr(ours, field.name), getattr(base, field.name)
            if mine != theirs and not any(inside((mine, theirs), Opaque)):
                return True
    return False
