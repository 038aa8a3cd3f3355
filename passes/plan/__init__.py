"""Turns changes into changes in an order that works.

Invariant: changes in, changes out; no SQL, no server.
"""

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Change
from pgkit.passes.diff import diff
from pgkit.passes.plan.order import order
from pgkit.passes.plan.unfold import unfold


def creation(catalog: Catalog) -> tuple[Change, ...]:
    """The changes that make a catalog in an empty database, each after all that it needs."""
    return order(tuple(unfold(diff(Catalog(), catalog))))
