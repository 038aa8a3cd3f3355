"""Composite types."""

from collections.abc import Iterable, Iterator, Mapping

from pgkit.frontends.live.columns import ColumnRow
from pgkit.frontends.live.names import Names
from pgkit.frontends.live.relations import RelationRow
from pgkit.ir.kinds import Attribute, Composite


def composites(
    relations: Iterable[RelationRow], columns: Mapping[int, list[ColumnRow]], names: Names
) -> Iterator[Composite]:
    """The composite types, which are relations without rows."""
    for row in relations:
        if row.kind == "c":
            yield Composite(
                schema=row.schema,
                name=row.name,
                attributes=tuple(_attribute(column, names) for column in columns.get(row.oid, ())),
                comment=names.comment("pg_type", row.row_type),
            )


def _attribute(row: ColumnRow, names: Names) -> Attribute:
    return Attribute(
        name=row.name,
        type=names.type(row.type, row.modifier, row.dimensions),
        collation=names.collation(row.collation if row.collation != row.type_collation else None),
        comment=names.comment("pg_class", row.relation, row.number),
    )
