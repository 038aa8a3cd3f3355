"""Turns two catalogs into changes in an order that works.

Invariant: catalogs in, changes and steps out; no SQL is run, no server asked.
"""

from attrs import frozen

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Change
from pgkit.ir.hints import Hints
from pgkit.ir.json import fingerprint, sort
from pgkit.ir.plan import Plan, Step
from pgkit.passes.diff import diff
from pgkit.passes.lineage import lineage
from pgkit.passes.plan.commits import with_commits
from pgkit.passes.plan.convert import Conversions
from pgkit.passes.plan.hazards import hazards
from pgkit.passes.plan.order import order
from pgkit.passes.plan.partition_order import family_order
from pgkit.passes.plan.partitions import with_parents
from pgkit.passes.plan.rebuild import rebuild
from pgkit.passes.plan.remake import remake
from pgkit.passes.plan.unfold import unfold
from pgkit.passes.plan.view_columns import view_comments, with_view_columns
from pgkit.passes.renames import rename


def plan(before: Catalog, after: Catalog, hints: Hints = Hints(), version: int = 18) -> Plan:
    """The steps from one catalog to another on a server of that major version, each with its hazards.

    Raises PgkitError for values that no conversion brings over, and for changes that need each other.
    """
    found = _compared(sort(before), sort(after), hints, version)
    steps = tuple(Step(change=c, guard=found.conversions.guard(c)) for c in found.changes)
    marked = hazards(steps, found.renamed, after, version)
    return Plan(steps=tuple(with_commits(marked)), base=fingerprint(before))


def creation(catalog: Catalog) -> tuple[Change, ...]:
    """The changes that make a catalog in an empty database, each after all that it needs."""
    return _ordered(tuple(unfold(diff(Catalog(), catalog))), Catalog(), catalog)


@frozen
class _Compared:
    changes: tuple[Change, ...]
    renamed: Catalog
    conversions: Conversions


def _compared(before: Catalog, after: Catalog, hints: Hints, version: int) -> _Compared:
    hints, aside = remake(before, after, with_view_columns(before, after, hints), version)
    renamed, renames = rename(before, hints, after)
    conversions = Conversions(before, renamed, after, hints, aside, version)
    compared = (*diff(renamed, after, version=version), *view_comments(renamed, after))
    found = rebuild(renamed, after, compared, frozenset(aside.values()))
    converted = (conversions.with_using(change) for change in unfold(found))
    return _Compared(_ordered((*renames, *converted), renamed, after), renamed, conversions)


def _ordered(changes: tuple[Change, ...], before: Catalog, after: Catalog) -> tuple[Change, ...]:
    changes = with_parents(changes, before, after)
    return order(changes, family_order(changes, lineage(before, after, changes)))
