"""Turns changes into changes in an order that works.

Invariant: changes in, changes out; no SQL, no server.
"""

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Change
from pgkit.ir.hints import Hints
from pgkit.passes.diff import diff
from pgkit.passes.plan.order import order
from pgkit.passes.plan.unfold import unfold


def plan(before: Catalog, after: Catalog, hints: Hints = Hints()) -> tuple[Change, ...]:
    """The changes from one catalog to another, in order: renames, then each after what it needs."""
    return order(tuple(unfold(diff(before, after, hints))))


def creation(catalog: Catalog) -> tuple[Change, ...]:
    """The changes that make a catalog in an empty database, each after all that it needs."""
    return plan(Catalog(), catalog)
