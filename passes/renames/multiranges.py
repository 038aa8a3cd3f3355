"""Renames the multirange types that came with range types: a range has one, so that its name says which.

range span (multirange spanses), after: range span (multirange spans)   =>   span.spanses -> span.spans
"""

import attrs

from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.passes.renames.names import new_names


def with_multiranges(before: Catalog, after: Catalog, hints: Hints) -> Hints:
    """The hints, with those for multiranges that are called otherwise."""
    if not before.ranges or not after.ranges:
        return hints
    names = new_names(before, hints)
    there = {Ref("range", r.schema, r.name): r for r in after.ranges}
    more: list[tuple[Ref, Ref]] = []
    for range_ in before.ranges:
        old = Ref("range", range_.schema, range_.name)
        new = names.of(old)
        if new in there:
            pairs = zip(range_.multiranges, there[new].multiranges, strict=False)
            more += ((old.of("multirange", a.name), new.of("multirange", b.name)) for a, b in pairs)
    said = {left for left, _ in hints.renames}
    changed = tuple((a, b) for a, b in more if a not in said and names.of(a) != b)
    return attrs.evolve(hints, renames=(*hints.renames, *changed)) if changed else hints
