"""Constraints and indexes by what they mean alone, for a comparison in which their names do not count.

before: index a on t (x)    after: index b on t (x)   =>   neither
before: index a on t (x)    after: index b on t (x desc)   =>   after: index a on t (x desc)
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from attrs import define, evolve, field, frozen

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import differing
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.walk import ref_of
from pgkit.passes.align_facts import facts_renamed
from pgkit.passes.align_names import FIELDS, align_sequences, stands_on
from pgkit.sql import quote

_OWNERS: Final = ("tables", "materialized_views", "domains")
_CONSTRAINTS: Final = ("exclude", "temporal_constraint")


@frozen
class Nameless:
    """Two catalogs without what is in both under whatever names, and the rest of `after` as in `before`."""

    before: Catalog
    after: Catalog
    renames: tuple[tuple[Ref, Ref], ...]  # of what is left in `after`: its own name, and the one it got


def without_names(before: Catalog, after: Catalog) -> Nameless:
    """Both so that a comparison by name is one by definition.

    One stands for one: of two equal ones against one, the second is left. What means something else on the
    same columns gets the name of its counterpart, so that it is told as different.
    """
    moved = align_sequences(before, after)
    work = _Work()
    one, other = dict[str, Any](), dict[str, Any]()
    for kind in _OWNERS:
        pairs = work.owners(getattr(before, kind), getattr(moved, kind))
        one[kind], other[kind] = pairs
    one["unmodelled"], other["unmodelled"] = work.constraints(before.unmodelled, moved.unmodelled)
    nameless = evolve(moved, **other)
    told = facts_renamed(moved, nameless, (*work.twins, *work.renames))
    return Nameless(evolve(before, **one), told, tuple(work.renames))


@define
class _Work:
    """What was found to be alike so far: the name in `after`, the name in `before`."""

    twins: list[tuple[Ref, Ref]] = field(factory=list)
    renames: list[tuple[Ref, Ref]] = field(factory=list)

    def owners(self, before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
        """The relations or domains of one kind, those on both sides without what is alike."""
        old = {ref_of(o): o for o in before}
        changed: dict[Ref, Any] = {}
        result = []
        for new in after:
            ref = ref_of(new)
            if ref in old:
                changed[ref], new = self._owner(ref, old[ref], new)
            result.append(new)
        return tuple(changed.get(ref, o) for ref, o in old.items()), tuple(result)

    def _owner(self, ref: Ref, old: Any, new: Any) -> tuple[Any, Any]:
        one, other = dict[str, Any](), dict[str, Any]()
        for name in FIELDS:
            mine, theirs = getattr(old, name, ()), getattr(new, name, ())
            if mine != theirs:
                one[name], other[name] = self._members(ref, mine, theirs)
        return (evolve(old, **one), evolve(new, **other)) if one else (old, new)

    def _members(self, ref: Ref, mine: Iterable[Any], theirs: Iterable[Any]) -> tuple[Any, Any]:
        left, rest = list(mine), []
        for new in sorted(theirs, key=lambda t: not any(t == m for m in left)):  # by their own names first
            twin = next((m for m in left if m == new), None)
            twin = twin or next((m for m in left if not differing(m, new)), None)
            if twin is None:
                rest.append(new)
                continue
            left.remove(twin)
            if twin.name != new.name:
                self.twins.append((ref.of(new.kind, new.name), ref.of(twin.kind, twin.name)))
        return tuple(left), tuple(self._near(ref, left, rest))

    def _near(self, ref: Ref, left: list[Any], rest: list[Any]) -> Iterator[Any]:
        """What is left, each under the name of one on the same columns unless one of its name is there."""
        names, taken = {m.name for m in left}, {t.name for t in rest}
        free = [m for m in left if m.name not in taken]
        for new in rest:
            twin = None if new.name in names else next((m for m in free if _alike(m, new)), None)
            if twin is not None:
                free.remove(twin)
                self.renames.append((ref.of(new.kind, new.name), ref.of(twin.kind, twin.name)))
                new = evolve(new, name=twin.name, given=new.given or new.name)
            yield new

    def constraints(self, before: tuple[Unmodelled, ...], after: tuple[Unmodelled, ...]) -> tuple[Any, Any]:
        """The same for constraints without a class of their own, by the text of their definitions."""
        left = {ref_of(u): _nameless(u) for u in before if u.kind in _CONSTRAINTS}
        gone: set[Ref] = set()
        for new in (u for u in after if u.kind in _CONSTRAINTS):
            text = _nameless(new)
            ref = ref_of(new)
            alike = [r for r, other in left.items() if other == text and r.owner == ref.owner]
            if alike:
                twin = ref if ref in alike else alike[0]
                del left[twin]
                gone.add(ref)
                self.twins.append((ref, twin))
        kept = (u for u in before if u.kind not in _CONSTRAINTS or ref_of(u) in left)
        return tuple(kept), tuple(u for u in after if ref_of(u) not in gone)


def _alike(old: Any, new: Any) -> bool:
    """Whether both stand on the same columns; a check says by its expression alone what it is."""
    return bool(stands_on(old)) and stands_on(old) == stands_on(new)


def _nameless(obj: Unmodelled) -> str:
    return (obj.definition or obj.hash).replace(f" CONSTRAINT {quote(obj.member)} ", " CONSTRAINT ")
