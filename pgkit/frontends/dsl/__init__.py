"""The schema language: `*.pgkit` files as a catalog, with every mistake in them at its line and column.

Invariant: reading is I/O, lowering is pure and never raises for bad input; a folder is one catalog.
"""

from pgkit.frontends.dsl.lower import lower
from pgkit.frontends.dsl.read import Raw, read

__all__ = ["Raw", "lower", "read"]
