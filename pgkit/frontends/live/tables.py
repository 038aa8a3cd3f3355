"""Tables, with all that belongs to them."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from pgkit.frontends.live.columns import ColumnFacts, ColumnRow, column
from pgkit.frontends.live.constraints import ConstraintRow, checks, foreign_key, primary_key, unique
from pgkit.frontends.live.names import Names
from pgkit.frontends.live.relations import RelationRow, parameters
from pgkit.ir.constraints import Index, Policy
from pgkit.ir.relations import Table


@frozen
class TableParts:
    """What belongs to tables, by the oid of the table."""

    columns: Mapping[int, list[ColumnRow]]
    facts: ColumnFacts
    constraints: Mapping[tuple[int, str], list[ConstraintRow]]
    indexes: Mapping[int, list[Index]]
    policies: Mapping[int, list[Policy]]


def tables(relations: Mapping[int, RelationRow], parts: TableParts, names: Names) -> Iterator[Table]:
    """The tables: plain ones, partitioned ones, and partitions."""
    for row in relations.values():
        if row.kind in ("r", "p"):
            yield _table(row, parts, names)


def _table(row: RelationRow, parts: TableParts, names: Names) -> Table:
    def constraints(kind: str) -> list[ConstraintRow]:
        return parts.constraints.get((row.oid, kind), [])

    storage = parameters(row.options) + parameters(row.toast_options, "toast.")
    return Table(
        schema=row.schema,
        name=row.name,
        columns=tuple(column(c, names, parts.facts) for c in parts.columns.get(row.oid, ())),
        primary_keys=tuple(primary_key(c, names) for c in constraints("p")),
        uniques=tuple(unique(c, names) for c in constraints("u")),
        foreign_keys=tuple(foreign_key(c, names) for c in constraints("f")),
        checks=tuple(checks(constraints("c"), names)),
        indexes=tuple(parts.indexes.get(row.oid, ())),
        policies=tuple(parts.policies.get(row.oid, ())),
        unlogged=row.unlogged,
        row_security=row.row_security,
        force_row_security=row.force_row_security,
        storage=tuple(sorted(storage)),
        comment=names.comment("pg_class", row.oid),
    )
