"""Which of the renames that a source tells of still have something to do.

A schema says `was` long after the rename was done, and a Drizzle folder tells every name that something ever
had. Neither is wrong: what is done already, or was never there, is left out.

    before people (email), hints users -> people, users.mail -> people.email, users.n -> people.name
    =>   people.n -> people.name if there is such a column, nothing else
"""

from collections import defaultdict

import attrs

from pgkit.diag import Diagnostic, Severity
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.passes.renames.names import NewNames, new_names
from pgkit.passes.renames.resolve import declared, resolve

_Pair = tuple[Ref, Ref]


def effective(before: Catalog, after: Catalog, hints: Hints) -> Hints:
    """The hints that have something to do yet, in the names of `before` and of `after`.

    Of several old names for one thing the last that is there counts, of several new ones the first.
    """
    if not hints.renames and not hints.labels:
        return hints
    old, new = declared(before), declared(after)
    done = NewNames({a: b for a, b in hints.renames if a not in old and b in old}, {}, {})
    told = {(a, b): (_name_now(a, old, done), b) for a, b in hints.renames}
    resolved = dict(
        zip(
            told,
            resolve(before, after, attrs.evolve(hints, renames=tuple(told.values()))).renames,
            strict=True,
        )
    )
    there = [
        (a, b) for said, (a, b) in resolved.items() if a in old and b in new and (a != b or said == (a, b))
    ]
    kept = _free(before, old, _one_each(there))
    places = {resolved[pair]: span for pair, span in hints.places.items() if resolved.get(pair) in kept}
    names = new_names(before, Hints(tuple(kept)))
    labels = [(a, b) for a, b in hints.labels if a in old and names.of(a) not in new and b in new]
    places |= {pair: span for pair, span in hints.places.items() if pair in labels}
    return Hints(tuple(kept), tuple(labels), places)


def unmet(before: Catalog, after: Catalog, hints: Hints) -> tuple[Diagnostic, ...]:
    """Notes on what a source says was called otherwise, where nothing is: by a slip, or never there."""
    old, new = declared(before), declared(after)
    kinds = {ref.kind for ref in old}
    done = NewNames({a: b for a, b in hints.renames if a not in old and b in old}, {}, {})
    found = []
    for (a, b), span in hints.places.items():
        now = _name_now(a, old, done)
        around = now.owner in old if now.owner else now.kind in kinds
        if around and now not in old and b not in old and b in new:
            message = (
                f"{b} was {now}, but there is no such {b.kind.replace('_', ' ')} before: it is made anew"
            )
            help = "correct the name, or take `was` out"
            found.append(Diagnostic("was-nothing", message, span, help, Severity.NOTE))
    return tuple(found)


def _name_now(ref: Ref, old: set[Ref], done: NewNames) -> Ref:
    """What something is called in `before`, where part of the renames are done: its schema's, its owner's."""
    return ref if ref in old else done.of(ref)


def _one_each(pairs: list[_Pair]) -> list[_Pair]:
    last = {new: old for old, new in pairs}
    first: dict[Ref, Ref] = {}
    for old, new in pairs:
        if last[new] == old:
            first.setdefault(old, new)
    return list(first.items())


def _free(before: Catalog, old: set[Ref], pairs: list[_Pair]) -> list[_Pair]:
    """Without those whose new name something else has already and keeps: they were done long ago."""
    while True:
        names = new_names(before, Hints(tuple(pairs)))
        called: dict[Ref, list[Ref]] = defaultdict(list)
        for ref in old:
            called[names.of(ref)].append(ref)
        kept = [(a, b) for a, b in pairs if called[b] == [a]]
        if len(kept) == len(pairs):
            return kept
        pairs = kept
