"""Lowers what was read into a catalog. Pure."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from attrs import evolve

from pgkit.frontends import Lowered
from pgkit.frontends.live import (
    collations,
    columns,
    comments,
    composites,
    constraints,
    domains,
    enums,
    extensions,
    indexes,
    opclasses,
    places,
    policies,
    ranges,
    relations,
    roles,
    schemas,
    sequences,
    tables,
    types,
    unmodelled,
    views,
)
from pgkit.frontends.live.columns import ColumnRow
from pgkit.frontends.live.names import Names
from pgkit.frontends.live.queries import UNMODELLED
from pgkit.frontends.live.relations import RelationRow
from pgkit.frontends.live.rows import Raw, rows, uncollected
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, members_of, ref_of

T = TypeVar("T", bound=Declared)


def lower(raw: Raw) -> Lowered:
    """The catalog that was read, every collection sorted by schema and name."""
    with uncollected():
        return Lowered(_catalog(raw))


def _catalog(raw: Raw) -> Catalog:
    relation = {row.oid: row for row in rows(raw, relations.query)}
    column = columns.by_relation(raw)
    declared = _declared_types(raw, relation)
    names = _names(raw, relation, column, declared)
    classes = opclasses.opclasses(raw)
    constraint = constraints.by_owner(raw)
    index = indexes.by_relation(raw, names, classes)
    facts = columns.column_facts(raw)
    rules = policies.policies(raw, names)
    parts = tables.TableParts(column, facts, constraint, index, rules, tables.attached_members(raw))
    catalog = Catalog(
        postgres=raw.postgres,
        extensions=_sorted(extensions.extensions(raw)),
        roles=_sorted(roles.roles(raw, names)),
        enums=_sorted(enums.enums(raw, names)),
        domains=_sorted(domains.domains(raw, names, constraint)),
        composites=_sorted(composites.composites(relation.values(), column, names)),
        ranges=_sorted(ranges.ranges(raw, names, classes)),
        sequences=_sorted(sequences.sequences(raw, names)),
        tables=_sorted(tables.tables(relation, parts, names)),
        views=_sorted(views.views(raw, relation, column, names)),
        materialized_views=_sorted(views.materialized_views(raw, relation, column, index, names)),
        unmodelled=_sorted(
            unmodelled.unmodelled(raw, UNMODELLED, names, places.places(raw, names, declared))
        ),
    )
    used = {ref.schema for ref, _ in members_of(catalog)} | {e.schema for e in catalog.extensions}
    return evolve(catalog, schemas=_sorted(schemas.schemas(raw, names, used)))


def _sorted(found: Iterable[T]) -> tuple[T, ...]:
    """By schema and name, by code point: no collation of the server's would do."""
    return tuple(sorted(found, key=_place))


def _place(obj: Declared) -> tuple[str, str, str, str]:
    ref = ref_of(obj)
    return ref.schema, ref.name, ref.member, ref.kind


def _declared_types(raw: Raw, relation: Mapping[int, RelationRow]) -> Mapping[int, Ref]:
    """The Refs of the types of this catalog; a table's row type is the table."""
    found = {row.row_type: row.ref for row in relation.values()}
    return found | {row.oid: types.declared_ref(row) for row in rows(raw, types.declared)}


def _names(
    raw: Raw,
    relation: Mapping[int, RelationRow],
    column: Mapping[int, list[ColumnRow]],
    declared: Mapping[int, Ref],
) -> Names:
    comment_rows = rows(raw, comments.query) + rows(raw, comments.shared)
    elsewhere = rows(raw, relations.referenced)
    found = {row.oid: row.ref for row in relation.values()}
    return Names(
        relations=found | {row.relation: Ref("table", row.schema, row.table) for row in elsewhere},
        attributes={(row.relation, row.number): row for of in column.values() for row in of}
        | {(row.relation, row.number): row for row in elsewhere},
        types={
            (row.oid, row.modifier): (types.resolve(row, declared), row.is_array)
            for row in rows(raw, types.query)
        },
        collations={row.oid: Ref("collation", row.schema, row.name) for row in rows(raw, collations.query)},
        roles={row.oid: row.name for row in rows(raw, roles.query)},
        comments={(row.catalog, row.oid, row.number): row.text for row in comment_rows},
    )
