"""What every language backend prints: rows, their fields and the value types in them, names resolved.

Domains are seen through, enums and composites are found, names collide here or nowhere.
"""

from collections.abc import Iterator
from functools import lru_cache

from attrs import evolve, frozen

from pgkit.backends.builder import Builder
from pgkit.backends.collisions import collisions, odd_names
from pgkit.backends.options import ModelOptions
from pgkit.backends.rows import Relation, RowModel
from pgkit.backends.values import (
    CompositeModel,
    DomainModel,
    EnumModel,
    IdModel,
)
from pgkit.diag import Diagnostic, PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.ir.walk import index, ref_of
from pgkit.ir.wire import DRIVERS


@frozen
class Model:
    """Everything to print, sorted by schema and name."""

    rows: tuple[RowModel, ...]
    enums: tuple[EnumModel, ...]
    composites: tuple[CompositeModel, ...]
    ids: tuple[IdModel, ...] = ()
    domains: tuple[DomainModel, ...] = ()

    @property
    def types(self) -> tuple[EnumModel | CompositeModel, ...]:
        """The enums and the composite types."""
        return (*self.enums, *self.composites)

    @property
    def owners(self) -> tuple[RowModel | CompositeModel, ...]:
        """Everything that has fields."""
        return (*self.rows, *self.composites)


@frozen(eq=False)
class _Asked:
    """A catalog, by its identity, and options: what a model is remembered by."""

    catalog: Catalog
    options: ModelOptions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.catalog is other.catalog and self.options == other.options

    def __hash__(self) -> int:
        return id(self.catalog)


def model(catalog: Catalog, options: ModelOptions) -> Model:
    """The model of a catalog. Raises PgkitError with every collision and every unknown excluded name.

    Backends that are told the same share it.
    """
    has_checks = any(table.checks for table in catalog.tables) or any(d.checks for d in catalog.domains)
    return _model(_Asked(catalog, evolve(options, checks=options.checks and has_checks)))


@lru_cache(4)
def _model(of: _Asked) -> Model:
    catalog, options = of.catalog, of.options
    made = Builder.of(catalog, options)
    declared = [made.enum(e) for e in catalog.enums if e.labels]
    # Drivers hand composites over as text.
    declared_composites = () if options.client in DRIVERS else catalog.composites
    composites = tuple(sorted(map(made.composite, declared_composites), key=_place))
    relations: tuple[Relation, ...] = (*catalog.tables, *catalog.views, *catalog.materialized_views)
    kept = (r for r in relations if not options.exclude or ref_of(r) not in options.exclude)
    rows = tuple(sorted(map(made.row, kept), key=_place))
    enums = tuple(sorted((*declared, *made.listed.values()), key=_place))
    domains = tuple(sorted(map(made.domain, catalog.domains), key=_place))
    ids = tuple(sorted(made.ids.values(), key=_place))
    found = Model(rows, enums, composites, ids, domains)
    chosen = {**options.stems, **options.members}
    if problems := [*_unknown_excludes(catalog, options.exclude), *odd_names(chosen), *collisions(found)]:
        raise PgkitError(problems)
    return found


def _place(model: RowModel | EnumModel | CompositeModel | DomainModel | IdModel) -> tuple[str, str]:
    return model.ref.schema, model.ref.name


def _unknown_excludes(catalog: Catalog, exclude: frozenset[Ref]) -> Iterator[Diagnostic]:
    known = index(catalog) if exclude else {}
    for ref in sorted(ref for ref in exclude if ref not in known):
        yield Diagnostic(
            "unknown-exclude",
            f"exclude names {ref}, which does not exist",
            where="pgkit.toml",
            help="names are schema.table.column, and case counts",
        )
