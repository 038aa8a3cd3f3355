"""Hints as people write them, brought to the names that a catalog has for things.

constraint s.t.c   =>   primary_key, unique, foreign_key or check, of a table or a domain
index s.i          =>   index s.t.i: its table or materialized view is found
index t.i          =>   index public.t.i, if there is no such index in a schema t
column s.v.c       =>   a column of the view, of the materialized view
"""

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.ir.walk import index
from pgkit.passes.renames.names import identity_sequences, labels_of

CONSTRAINTS: Final = ("primary_key", "unique", "foreign_key", "check")
_Found = Mapping[tuple[str, ...], Ref]


def declared(catalog: Catalog) -> set[Ref]:
    """Every name in a catalog: of its objects, of labels, and of the sequences behind identity columns."""
    return {*index(catalog), *labels_of(catalog), *identity_sequences(catalog)}


def resolve(before: Catalog, after: Catalog, hints: Hints) -> Hints:
    """The hints with the kinds and the owners that the catalogs have; what is not found stays as it is."""
    if not hints.renames:
        return hints
    old, new = declared(before), declared(after)
    lefts, rights = _by_words(old), _by_words(new)
    pairs = {}
    for a, b in hints.renames:
        left, right = _known(a, old, lefts), _known(b, new, rights)
        pairs[a, b] = _like(left, right, left in old), _like(right, left, right in new)
    places = {pairs.get(pair, pair): span for pair, span in hints.places.items()}
    return attrs.evolve(hints, renames=tuple(pairs[p] for p in hints.renames), places=places)


def _like(ref: Ref, other: Ref, is_there: bool) -> Ref:
    """One end of a hint; if it names nothing, of the kind that the other end is."""
    same = ref.kind == other.kind or "constraint" in (ref.kind, other.kind)
    if is_there or not same or not ref.member:
        return ref
    return attrs.evolve(ref, kind=other.kind, within=other.within)


def _known(ref: Ref, refs: set[Ref], by_words: _Found) -> Ref:
    if ref in refs:
        return ref
    in_public = ("index", "public", ref.schema, ref.name) if ref.kind == "index" and not ref.member else ()
    found = by_words.get(_words(ref)) or by_words.get(in_public)
    if found is None and ref.kind == "column":  # of a view whose columns are not known
        within = (k for k in ("view", "materialized_view") if Ref(k, ref.schema, ref.name) in refs)
        return attrs.evolve(ref, within=next(within, ref.within))
    return found or ref


def _words(ref: Ref) -> tuple[str, ...]:
    kind = "constraint" if ref.kind in CONSTRAINTS else ref.kind
    return kind, *(part for part in (ref.schema, ref.name, ref.member) if part)


def _by_words(refs: Iterable[Ref]) -> _Found:
    """The names by what a hint may call them; what could be two things is left out."""
    found: dict[tuple[str, ...], set[Ref]] = {}
    for ref in sorted(refs):
        found.setdefault(_words(ref), set()).add(ref)
        if ref.kind == "index":
            found.setdefault(("index", ref.schema, ref.member), set()).add(ref)
    return {words: next(iter(same)) for words, same in found.items() if len(same) == 1}
