"""Which names exist, and what a name inside an expression means."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Range
from pgkit.ir.names import Ref, multirange_name
from pgkit.ir.walk import members_of

_TYPES = ("enum", "domain", "composite", "range")
_RELATIONS = ("table", "view", "materialized_view", "sequence")


@frozen
class Names:
    """Every relation, type and column of a catalog, by name."""

    relations: Mapping[tuple[str, str], Ref]
    types: Mapping[tuple[str, str], Ref]
    columns: Mapping[Ref, frozenset[str]]


@frozen
class Scope:
    """What a name means in one expression: the table it belongs to, and the schemas searched."""

    names: Names
    table: Ref | None = None
    path: tuple[str, ...] = ("public",)

    def relation(self, schema: str, name: str) -> Ref | None:
        """The relation of that name, looked up along the path when it is unqualified."""
        return _find(self.names.relations, schema, name, self.path)

    def type(self, schema: str, name: str) -> Ref | None:
        """The declared type of that name."""
        return _find(self.names.types, schema, name, self.path)

    def column(self, relation: Ref | None, name: str) -> Ref | None:
        """The column of a relation, if it has it."""
        if relation is None or name not in self.names.columns.get(relation, ()):
            return None
        return relation.of("column", name)


def names_of(catalog: Catalog) -> Names:
    """The names that a catalog declares."""
    relations: dict[tuple[str, str], Ref] = {}
    types: dict[tuple[str, str], Ref] = {}
    columns: dict[Ref, frozenset[str]] = {}
    for ref, obj in members_of(catalog):
        if ref.kind in _RELATIONS:
            relations[ref.schema, ref.name] = ref
        if hasattr(obj, "columns"):
            columns[ref] = frozenset(c.name for c in obj.columns)
        if ref.kind in _TYPES:
            types[ref.schema, ref.name] = ref
            types.update(_multiranges(obj, ref))
    return Names(relations, types, columns)


def _multiranges(obj: object, ref: Ref) -> Iterator[tuple[tuple[str, str], Ref]]:
    if isinstance(obj, Range):
        name = obj.multiranges[0].name if obj.multiranges else multirange_name(obj.name)
        yield (ref.schema, name), ref.of("multirange", name)


def _find(found: Mapping[tuple[str, str], Ref], schema: str, name: str, path: tuple[str, ...]) -> Ref | None:
    for candidate in (schema,) if schema else path:
        if (candidate, name) in found:
            return found[candidate, name]
    return None
