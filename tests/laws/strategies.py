"""Random catalogs, from what pgkit offers its users, and renames of all kinds of them."""

from collections import Counter

import attrs
from hypothesis import assume
from hypothesis import strategies as st

from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.ir.walk import members_of, ref_of
from pgkit.passes.normalize import normalize
from pgkit.passes.renames import renamed
from pgkit.passes.slots import Slot, slots
from pgkit.testing import catalogs

__all__ = ["catalogs", "clashes", "exchanged"]

PLACED = ("table", "view", "materialized_view", "sequence", "enum", "domain", "composite", "range")


@st.composite
def exchanged(draw: st.DrawFn) -> tuple[Catalog, Hints]:
    """A normalized catalog, and hints by which its objects take each other's names and schemas.

    A view may take the name of an enum, and that the name of a table; labels change places as well.
    """
    catalog = normalize(draw(catalogs()))
    assume(not clashes(catalog))
    owned = {ref_of(s) for s in catalog.sequences if s.owned_by}
    refs = [r for r, _ in members_of(catalog) if r.kind in PLACED and r not in owned]
    chosen = draw(st.lists(st.sampled_from(refs), unique=True)) if refs else []
    places = draw(st.permutations([(r.schema, r.name) for r in chosen]))
    goals = [attrs.evolve(r, schema=s, name=n) for r, (s, n) in zip(chosen, places, strict=True)]
    pairs = list(zip(chosen, goals, strict=True))
    labels = [p for old, new in pairs if old.kind == "enum" for p in _labels(old, new, catalog)]
    hints = Hints((*pairs, *labels))
    assume(not clashes(renamed(catalog, hints)))
    return catalog, hints


def _labels(old: Ref, new: Ref, catalog: Catalog) -> list[tuple[Ref, Ref]]:
    """The labels of an enum, each called as the next; the empty one has no Ref."""
    labels = [label for e in catalog.enums if ref_of(e) == old for label in e.labels if label]
    pairs = zip(labels, labels[1:] + labels[:1], strict=True)
    return [(old.of("enum_value", a), new.of("enum_value", b)) for a, b in pairs]


def clashes(catalog: Catalog) -> list[Slot]:
    """The names that two objects have."""
    taken = Counter(slot for ref, obj in members_of(catalog) for slot in slots(ref, obj))
    return [slot for slot, count in taken.items() if count > 1]
