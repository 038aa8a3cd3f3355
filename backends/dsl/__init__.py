"""The schema language as a backend: any catalog as text that a person would have written.

Invariant: what is printed is read back equal; the same catalog gives the same text, whatever its order.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from pgkit.backends import Files
from pgkit.backends.dsl import kinds, tables
from pgkit.backends.dsl.layout import Declaration, Line, text_of
from pgkit.backends.dsl.serials import with_serials
from pgkit.backends.dsl.tables import Names
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.json import sort

__all__ = [
    "Declaration",
    "Dsl",
    "Line",
    "declaration",
    "declarations",
    "names_in",
    "print_catalog",
    "text_of",
]

PRINTERS: Final[Mapping[str, Callable[[Any, Names], Declaration]]] = {
    "extensions": kinds.extension,
    "schemas": kinds.schema,
    "roles": kinds.role,
    "enums": kinds.enum,
    "domains": kinds.domain,
    "composites": kinds.composite,
    "ranges": kinds.range_,
    "sequences": kinds.sequence_,
    "tables": tables.table,
    "views": tables.view,
    "materialized_views": tables.materialized_view,
    "unmodelled": kinds.unmodelled,
}


_NONE: Final = Hints()


@frozen
class Dsl:
    """Prints a catalog as one file of the schema language."""

    name: str = "pgkit"

    def emit(self, catalog: Catalog) -> Files:
        """`schema.pgkit`."""
        return {"schema.pgkit": print_catalog(catalog)}


def print_catalog(catalog: Catalog, hints: Hints = _NONE) -> str:
    """A catalog as text, kind by kind, sorted by schema and name.

    Every name is said: take those that Postgres gives out first, with `without_implied_names(sort(catalog))`.
    """
    return text_of(declarations(with_serials(sort(catalog)), hints))


def declarations(catalog: Catalog, hints: Hints = _NONE) -> Iterator[Declaration]:
    """The declarations of a catalog, in its own order."""
    names = names_in(hints)
    for field, printer in PRINTERS.items():
        for obj in getattr(catalog, field):
            yield printer(obj, names)


def declaration(field: str, obj: Any, names: Names) -> Declaration:
    """One object of the catalog's field `field`."""
    return PRINTERS[field](obj, names)


def names_in(hints: Hints) -> Names:
    """What the objects of a catalog were called before."""
    return Names({new: old for old, new in hints.renames})
