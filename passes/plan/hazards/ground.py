"""What the rules look at beside a change: both catalogs, and the rest of the plan."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from attrs import evolve, frozen

from pgkit.ir.casts import Casts
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Change, Create, Drop, Rename
from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard
from pgkit.ir.relations import Table
from pgkit.ir.types import Named, PgType
from pgkit.ir.walk import Declared, index, map_refs, ref_of, refs_in
from pgkit.passes.plan.hazards.texts import saying, words_of
from pgkit.passes.plan.mentions import Mentions

T = TypeVar("T")


@frozen
class Ground:
    """One plan: `before` is in the names of `after`, `called` gives the names that objects had at first.

    Queries of hazards are in the first names: they are asked before anything is changed.
    """

    before: Mapping[Ref, Declared]
    after: Mapping[Ref, Declared]
    casts: Casts
    version: int
    called: Callable[[Ref], Ref]
    mentions: Mentions
    created: Mapping[Ref, int]  # where in the plan
    dropped: Mapping[Ref, int]
    changed: frozenset[Ref]  # what the plan says something about
    remade: frozenset[Ref]  # types made anew, the old ones renamed out of the way
    words: Mapping[Ref, frozenset[str]]

    def has_rows(self, relation: Ref | None) -> bool:
        """Whether a relation was there before the plan, so that it may have rows."""
        return relation is not None and relation in self.before and relation not in self.created

    def table(self, ref: Ref | None) -> Table | None:
        """A table as it was."""
        found = self.before.get(ref) if ref is not None else None
        return found if isinstance(found, Table) else None

    def recreated(self, ref: Ref) -> bool:
        """Whether an object is dropped, to be made again."""
        return ref in self.dropped and ref in self.created

    def first(self, value: T) -> T:
        """A value of the IR in the first names."""
        return map_refs(value, self.called)

    def was_so(self, refs: Iterable[Ref]) -> bool:
        """Whether what is mentioned was there before, as it ends: then a query can be asked at first."""
        return all(self._same(ref) for ref in refs)

    def _same(self, ref: Ref) -> bool:
        if ref.kind != "column" or ref.within == "materialized_view":
            return self.changed.isdisjoint((ref, ref.owner))
        old, new = (getattr(objects.get(ref), "type", None) for objects in (self.before, self.after))
        return old is not None and old == new and not self.changed & frozenset(refs_in(old))

    def still_there(self, ref: Ref, at: int) -> bool:
        """Whether something that was there, or that the plan makes, is there at a place in the plan."""
        made, gone = self.created.get(ref), self.dropped.get(ref)
        if made is not None and made < at:
            return True
        return ref in self.before and (gone is None or gone > at)

    def columns_of(self, domain: Ref) -> Iterator[Ref]:
        """The columns with rows that are of a domain, or of one over it, those of materialized views too."""
        for ref, obj in self.before.items():
            there = ref.kind == "column" and ref.within != "view" and self.has_rows(ref.owner)
            if there and domain in self._under(getattr(obj, "type", None)):
                yield ref

    def texts_with(self, ref: Ref) -> Iterator[Ref]:
        """The functions whose text names an object."""
        return saying(self.words, ref)

    def _under(self, type: PgType | None) -> Iterator[Ref]:
        while isinstance(type, Named):
            yield type.ref
            domain = self.casts.domains.get(type.ref)
            type = domain.type if domain is not None else None


Rule = Callable[[Change, int, Ground], Iterator[Hazard]]


def ground(changes: Sequence[Change], before: Catalog, after: Catalog, version: int) -> Ground:
    """The ground of a plan."""
    old, new = index(before), index(after)
    domains = {ref_of(d): d for catalog in (before, after) for d in catalog.domains}
    dropped = {c.ref: i for i, c in enumerate(changes) if isinstance(c, Drop)}
    created = {c.ref: i for i, c in enumerate(changes) if isinstance(c, Create)}
    return Ground(
        before=old,
        after=new,
        casts=Casts(domains, version),
        version=version,
        called=first_names(tuple(c for c in changes if isinstance(c, Rename))),
        mentions=Mentions(old),
        created=created,
        dropped=dropped,
        changed=frozenset(c.ref for c in changes),
        remade=frozenset(c.ref for c in changes if isinstance(c, Rename) and c.to in dropped),
        words=words_of(old),
    )


def first_names(renames: Sequence[Rename]) -> Callable[[Ref], Ref]:
    """What takes a name after the renames back to the one before them."""

    def called(ref: Ref) -> Ref:
        for rename in reversed(renames):
            ref = _before(rename, ref)
        return ref

    return called


def _before(rename: Rename, ref: Ref) -> Ref:
    old, new = rename.ref, rename.to
    if ref == new:
        return old
    if ref.owner == new:
        return evolve(ref, schema=old.schema, name=old.name)
    return evolve(ref, schema=old.name) if new.kind == "schema" and ref.schema == new.name else ref
