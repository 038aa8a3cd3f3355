"""Views and materialized views."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pgkit.frontends.live.columns import ColumnFacts, ColumnRow, column
from pgkit.frontends.live.names import Names
from pgkit.frontends.live.relations import RelationRow, parameters
from pgkit.frontends.live.rows import Query, Raw, expression, rows, select
from pgkit.ir.constraints import Index
from pgkit.ir.expr import Opaque
from pgkit.ir.relations import MaterializedView, View


class ViewRow(NamedTuple):
    """What a view adds to its relation."""

    oid: int
    query: str
    method: str | None
    populated: bool


def query(version: int) -> Query[ViewRow]:
    """The queries of views and materialized views."""
    return select(
        "view",
        ViewRow,
        """rel LEFT JOIN pg_catalog.pg_am am ON am.oid = rel.relam
        WHERE rel.relkind IN ('v', 'm')""",
        oid="rel.oid",
        query="pg_catalog.pg_get_viewdef(rel.oid)",
        method="am.amname",
        populated="rel.relispopulated",
    )


def views(
    raw: Raw, relations: Mapping[int, RelationRow], columns: Mapping[int, list[ColumnRow]], names: Names
) -> Iterator[View]:
    """The views; their columns follow from their queries."""
    facts = ColumnFacts({}, ())
    for row in rows(raw, query):
        relation = relations[row.oid]
        if relation.kind == "v":
            yield View(
                schema=relation.schema,
                name=relation.name,
                query=_query(row),
                options=parameters(relation.options),
                columns=tuple(column(c, names, facts) for c in columns.get(row.oid, ())),
                comment=names.comment("pg_class", row.oid),
            )


def materialized_views(
    raw: Raw,
    relations: Mapping[int, RelationRow],
    columns: Mapping[int, list[ColumnRow]],
    indexes: Mapping[int, list[Index]],
    names: Names,
) -> Iterator[MaterializedView]:
    """The materialized views, with their indexes."""
    facts = ColumnFacts({}, ())
    for row in rows(raw, query):
        relation = relations[row.oid]
        if relation.kind == "m":
            toast = parameters(relation.toast_options, "toast.")
            yield MaterializedView(
                schema=relation.schema,
                name=relation.name,
                query=_query(row),
                method=row.method or "heap",
                storage=tuple(sorted(parameters(relation.options) + toast)),
                indexes=tuple(indexes.get(row.oid, ())),
                columns=tuple(column(c, names, facts) for c in columns.get(row.oid, ())),
                populated=row.populated,
                comment=names.comment("pg_class", row.oid),
            )


def _query(row: ViewRow) -> Opaque:
    return expression(row.query.strip().removesuffix(";"))
