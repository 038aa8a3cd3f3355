"""Random edits of a catalog, and random renames with their hints."""

from typing import Any

import attrs
from hypothesis import strategies as st

from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.ir.types import Scalar
from pgkit.ir.walk import index, map_members, refs_in
from pgkit.passes.normalize import normalize
from pgkit.passes.renames import rename

RENAMEABLE = frozenset(
    (
        *("schema", "table", "column", "enum", "domain", "composite", "sequence", "view"),
        *("materialized_view", "index", "primary_key", "unique", "foreign_key", "check", "policy"),
    )
)


@st.composite
def edited(draw: st.DrawFn, catalog: Catalog) -> Catalog:
    """The catalog, normalized, after one to five edits, each of which leaves it well-formed."""
    catalog = normalize(catalog)
    for _ in range(draw(st.integers(1, 5))):
        edit = draw(st.sampled_from((_without_one, _nullable, _commented, _retyped)))
        catalog = edit(draw, catalog)
    return catalog


@st.composite
def renamed(draw: st.DrawFn, catalog: Catalog) -> tuple[Catalog, Hints]:
    """The catalog, normalized, with some objects renamed, swaps among them, and the hints that say so."""
    catalog = normalize(catalog)
    groups: dict[tuple[str, Ref | None, str], list[Ref]] = {}
    for ref in index(catalog):
        in_view = ref.member and ref.within in ("view", "materialized_view")
        if ref.kind in RENAMEABLE and not in_view:
            groups.setdefault((ref.kind, ref.owner, "" if ref.owner else ref.schema), []).append(ref)
    last: dict[Ref, str] = {}
    for refs in groups.values():
        chosen = draw(st.lists(st.sampled_from(refs), unique=True, max_size=len(refs)))
        own = [r.member or r.name for r in chosen]
        swap = draw(st.booleans())
        names = own[1:] + own[:1] if swap else [f"new {n}" for n in own]
        last |= {r: n for r, n in zip(chosen, names, strict=True) if n != (r.member or r.name)}
    return _with_names(catalog, last)


def _with_names(catalog: Catalog, last: dict[Ref, str]) -> tuple[Catalog, Hints]:
    """Renames given by last names only, brought to hints: owners and schemas may move as well."""
    moved: dict[Ref, Ref] = {}

    def of(ref: Ref) -> Ref:
        owner = of(ref.owner) if ref.owner else None
        schema = of(Ref("schema", "", ref.schema)).name if ref.schema else ""
        own = last.get(ref, ref.member or ref.name)
        if owner is not None:
            return attrs.evolve(ref, schema=owner.schema, name=owner.name, member=own)
        return attrs.evolve(ref, schema=schema, name=own)

    moved = {ref: of(ref) for ref in last}
    hints = Hints(tuple(moved.items()))
    return rename(catalog, hints)[0], hints


def _without_one(draw: st.DrawFn, catalog: Catalog) -> Catalog:
    """Without one object that no other mentions."""
    mentioned = {r for ref in refs_in(catalog) for r in (ref, ref.owner) if r}
    schemas = {Ref("schema", "", r.schema) for r in index(catalog) if r.schema}
    free = [
        r
        for r in index(catalog)
        if r not in mentioned | schemas and r.kind not in ("attribute", "multirange")
    ]
    if not free:
        return catalog
    gone = draw(st.sampled_from(free))

    def kept(ref: Ref, obj: Any) -> Any:
        return None if ref == gone else map_members(obj, kept, ref)

    return map_members(catalog, kept)


def _nullable(draw: st.DrawFn, catalog: Catalog) -> Catalog:
    """With one column's NOT NULL turned around, where no key or identity needs it."""
    keys = {c for t in catalog.tables for k in t.primary_keys for c in k.columns}
    return _columns(draw, catalog, lambda ref, c: ref not in keys and c.identity is None, _flip)


def _flip(column: Any) -> Any:
    return attrs.evolve(column, nullable=not column.nullable)


def _retyped(draw: st.DrawFn, catalog: Catalog) -> Catalog:
    """With one plain column, which nothing mentions, made text, which every value can become."""
    mentioned = set(refs_in(catalog))

    def plain(ref: Ref, c: Any) -> bool:
        return ref not in mentioned and c.default is None and c.identity is None and c.generated is None

    return _columns(draw, catalog, plain, lambda c: attrs.evolve(c, type=Scalar("text")))


def _commented(draw: st.DrawFn, catalog: Catalog) -> Catalog:
    """With one table's comment changed."""
    if not catalog.tables:
        return catalog
    chosen = draw(st.sampled_from(catalog.tables))
    changed = attrs.evolve(chosen, comment=draw(st.sampled_from([None, "new"])))
    return attrs.evolve(catalog, tables=tuple(changed if t is chosen else t for t in catalog.tables))


def _columns(draw: st.DrawFn, catalog: Catalog, which: Any, change: Any) -> Catalog:
    found = [r for t in catalog.tables for c in t.columns if which(r := t.ref.of("column", c.name), c)]
    if not found:
        return catalog
    chosen = draw(st.sampled_from(found))

    def visit(ref: Ref, obj: Any) -> Any:
        return change(obj) if ref == chosen else map_members(obj, visit, ref)

    return map_members(catalog, visit)
