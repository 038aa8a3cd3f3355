"""Brings catalogs to one form: one normalization a file, before and after in its docstring.

Invariant: a pure rewrite of one catalog; twice is once; it never does what Postgres would not.
"""

from collections.abc import Callable
from typing import Final

from pgkit.ir.catalog import Catalog
from pgkit.passes.bind import bind
from pgkit.passes.normalize.column_constants import column_constants
from pgkit.passes.normalize.implied_names import implied_names

NORMALIZE: Final[tuple[Callable[[Catalog], Catalog], ...]] = (bind, implied_names, column_constants)


def normalize(catalog: Catalog) -> Catalog:
    """The catalog with every normalization done."""
    for step in NORMALIZE:
        catalog = step(catalog)
    return catalog
