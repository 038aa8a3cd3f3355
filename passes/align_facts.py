"""Facts that name an index or a constraint, under the name that it was given by `align_names`.

index i (as t_a_idx), fact "t is clustered on i"   =>   fact "t is clustered on t_a_idx"
"""

from collections.abc import Iterator
from typing import Final

from attrs import evolve

from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, members_of
from pgkit.passes.renames import renamed

_FACTS: Final = frozenset(
    (
        "cluster",
        "constraint_state",
        "constraint_storage",
        "index_statistics",
        "invalid_index",
        "replica_identity",
        "tablespace",
    )
)


def align_facts(catalog: Catalog, aligned: Catalog) -> Catalog:
    """`aligned`, which is `catalog` with other names, with its facts in these names too."""
    if not any(u.kind in _FACTS for u in catalog.unmodelled):
        return aligned
    return facts_renamed(catalog, aligned, tuple(renames(catalog, aligned)))


def facts_renamed(catalog: Catalog, aligned: Catalog, pairs: tuple[tuple[Ref, Ref], ...]) -> Catalog:
    """`aligned` with the facts of `catalog` after these renames."""
    facts = tuple(u for u in catalog.unmodelled if u.kind in _FACTS)
    if not pairs or not facts:
        return aligned
    about = {(ref.schema, ref.name) for ref, _ in pairs}
    part = Catalog(
        tables=tuple(t for t in catalog.tables if (t.schema, t.name) in about),
        materialized_views=tuple(v for v in catalog.materialized_views if (v.schema, v.name) in about),
        unmodelled=tuple(u for u in facts if (u.schema, u.name) in about),
    )
    told = dict(zip(part.unmodelled, renamed(part, Hints(pairs)).unmodelled, strict=True))
    return evolve(aligned, unmodelled=tuple(told.get(u, u) for u in aligned.unmodelled))


def renames(catalog: Catalog, aligned: Catalog) -> Iterator[tuple[Ref, Ref]]:
    """The members of tables and the like that have another name in `aligned`; all stand in the same order."""
    for (ref, old), (to, new) in zip(members_of(catalog), members_of(aligned), strict=True):
        if old is not new:
            yield from _members(ref, old, to, new)


def _members(ref: Ref, old: Declared, to: Ref, new: Declared) -> Iterator[tuple[Ref, Ref]]:
    if ref != to:
        yield ref, to
    for (own, a), (other, b) in zip(members_of(old, ref), members_of(new, to), strict=True):
        if a is not b and own != other:
            yield own, other
