"""Sets aside types that Postgres cannot alter in place while columns hold values of them.

    enum mood, column c mood   =>   Rename(mood -> mood__old), Create(mood), Alter(c), Drop(mood__old)

All the rest follows from comparing: after the rename, whatever mentions the old type differs.
"""

from collections.abc import Iterator, Mapping

import attrs

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import differing
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Attribute, Composite, Domain, Range
from pgkit.ir.names import MAX_BYTES, Ref, truncate
from pgkit.ir.relations import Column, View
from pgkit.ir.relations import MaterializedView as Materialized
from pgkit.ir.types import Array
from pgkit.ir.walk import Declared, index, inside, members_of, refs_in
from pgkit.passes.diff import recreates
from pgkit.passes.renames import renamed

# A range cannot be set aside: the functions that make its values keep their names. See `rebuild`.
TYPES = ("enum", "domain", "composite")
_HOLDERS = (Column, Attribute, Domain, Range)


def remake(before: Catalog, after: Catalog, hints: Hints, version: int) -> tuple[Hints, Mapping[Ref, Ref]]:
    """The hints with the renames that set types aside, and each name aside by the one in `after`.

    A type that is set aside takes what holds it along: a domain over an enum is another domain then.
    """
    aside: dict[Ref, Ref] = {}
    if not any(ref.kind in TYPES for ref, _ in members_of(before)):
        return hints, aside
    new = index(after)
    while True:
        old = index(renamed(before, hints))
        found = [ref for ref in _unalterable(old, new, version) if ref not in aside]
        if not found:
            return hints, aside
        for ref in found:
            aside[ref] = attrs.evolve(ref, name=_free(ref.schema, ref.name, old, new))
        hints = _with(hints, before, {ref: aside[ref] for ref in found})


def _unalterable(old: Mapping[Ref, Declared], new: Mapping[Ref, Declared], version: int) -> Iterator[Ref]:
    """The types that must be made anew, or make way for another kind, while something is made of them."""
    before, after = _held(old), _held(new)
    nested = _nested(old)
    for ref in old:
        if ref.kind not in TYPES or (ref not in before and not _reordered(old[ref], new.get(ref))):
            continue
        if ref not in new:
            others = (attrs.evolve(ref, kind=kind) for kind in TYPES)
            if any(other in after for other in others):
                yield ref
        elif _reordered(old[ref], new[ref]) or (
            ref in after and _refused(old[ref], new[ref], ref in nested, version)
        ):
            yield ref


def _refused(old: Declared, new: Declared, nested: bool, version: int) -> bool:
    return _anew(old, new, version) or (nested and _closed(old, new))


def _held(objects: Mapping[Ref, Declared]) -> set[Ref]:
    """The types that columns, attributes, domains and ranges are made of."""
    holders = (o for ref, o in objects.items() if isinstance(o, _HOLDERS) and ref.within not in _VIEWS)
    return {r.owner or r for holder in holders for r in refs_in(holder) if (r.owner or r).kind in TYPES}


_VIEWS = (View.kind, Materialized.kind)


def _nested(objects: Mapping[Ref, Declared]) -> set[Ref]:
    """The types inside of arrays, composites and ranges: Postgres does not look at their values there."""
    arrays = (a.of for ref, o in objects.items() if ref.within not in _VIEWS for a in inside(o, Array))
    parts = (o for o in objects.values() if isinstance(o, Attribute | Range))
    return {r.owner or r for part in (*arrays, *parts) for r in refs_in(part)}


def _closed(old: Declared, new: Declared) -> bool:
    """Whether a domain takes less than before: a check more that rows must pass, or no null."""
    if not isinstance(old, Domain) or not isinstance(new, Domain):
        return False
    checks = {c.name: c for c in old.checks}
    more = (c for c in new.checks if c.validated and (c.name not in checks or differing(checks[c.name], c)))
    return any(more) or (old.nullable and not new.nullable)


def _reordered(old: Declared, new: Declared | None) -> bool:
    """Whether the attributes of a composite stand in another order, as its values do."""
    if not isinstance(old, Composite) or not isinstance(new, Composite):
        return False
    before, after = [a.name for a in old.attributes], [a.name for a in new.attributes]
    return [n for n in before if n in after] != [n for n in after if n in before]


def _anew(old: Declared, new: Declared, version: int) -> bool:
    if isinstance(old, Composite) and isinstance(new, Composite):
        # The manual, ALTER TYPE: an attribute's type cannot change while a column is of the composite type.
        types = {a.name: (a.type, a.collation) for a in old.attributes}
        return any(a.name in types and types[a.name] != (a.type, a.collation) for a in new.attributes)
    return any(recreates(old, new, f, version) for f in differing(old, new))


def _free(schema: str, name: str, *sides: Mapping[Ref, Declared]) -> str:
    taken = {r.member or r.name for objects in sides for r in objects if r.schema == schema}
    label, number = "__old", 0
    while (free := truncate(name, MAX_BYTES - len(label)) + label) in taken:
        number += 1
        label = f"__old{number}"
    return free


def _with(hints: Hints, before: Catalog, aside: Mapping[Ref, Ref]) -> Hints:
    """The hints, with what they call by a name of `after` that is set aside called by the name aside."""

    def of(ref: Ref) -> Ref:
        owner = aside.get(ref.owner) if ref.owner else None
        return attrs.evolve(ref, name=owner.name) if owner else aside.get(ref, ref)

    said = tuple((old, of(new)) for old, new in hints.renames)
    targets = {new for _, new in said}
    names = {rename_of(hints, ref): ref for ref, _ in members_of(before)}
    more = tuple((names[ref], there) for ref, there in aside.items() if there not in targets)
    return attrs.evolve(hints, renames=(*said, *more))


def rename_of(hints: Hints, ref: Ref) -> Ref:
    """The name in `after` of a top-level object of `before`."""
    renames = dict(hints.renames)
    schema = renames.get(Ref("schema", "", ref.schema), Ref("schema", "", ref.schema)).name
    return renames.get(ref, attrs.evolve(ref, schema=schema))
