"""Tables, with all that belongs to them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from attrs import frozen

from pgkit.frontends.live.columns import ColumnFacts, ColumnRow, column
from pgkit.frontends.live.constraints import ConstraintRow, checks, foreign_key, primary_key, unique
from pgkit.frontends.live.names import Names
from pgkit.frontends.live.relations import RelationRow, parameters
from pgkit.frontends.live.rows import Query, Raw, rows, select
from pgkit.ir.constraints import Index, Policy
from pgkit.ir.relations import Table


class AttachedRow(NamedTuple):
    """A key or an index of a partition that is part of one of its parent's."""

    relation: int
    kind: str
    name: str
    parent: str


def attached(version: int) -> Query[AttachedRow]:
    """What partitions have from their parents; a check has the name of the parent's."""
    return select(
        "attached",
        AttachedRow,
        """(
            SELECT c.conrelid, c.contype, c.conname, parent.conname AS parent
            FROM pg_catalog.pg_constraint c
            JOIN pg_catalog.pg_constraint parent ON parent.oid = c.conparentid
            WHERE c.contype IN ('p', 'u', 'f') AND parent.conrelid <> c.conrelid
            UNION ALL SELECT i.indrelid, 'i', i.name, parent.relname FROM idx i
            JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid
            JOIN pg_catalog.pg_class parent ON parent.oid = h.inhparent
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = i.indexrelid
                AND c.contype IN ('p', 'u', 'x'))
        ) part JOIN rel ON rel.oid = part.conrelid""",
        relation="rel.oid",
        kind="""CASE part.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique'
            WHEN 'f' THEN 'foreign_key' ELSE 'index' END""",
        name="part.conname",
        parent="part.parent",
    )


def attached_members(raw: Raw) -> Mapping[int, list[AttachedRow]]:
    """Those rows by relation."""
    found: dict[int, list[AttachedRow]] = defaultdict(list)
    for row in rows(raw, attached):
        found[row.relation].append(row)
    return found


@frozen
class TableParts:
    """What belongs to tables, by the oid of the table."""

    columns: Mapping[int, list[ColumnRow]]
    facts: ColumnFacts
    constraints: Mapping[tuple[int, str], list[ConstraintRow]]
    indexes: Mapping[int, list[Index]]
    policies: Mapping[int, list[Policy]]
    attached: Mapping[int, list[AttachedRow]]


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
        attached=tuple(sorted((r.kind, r.name, r.parent) for r in parts.attached.get(row.oid, ()))),
        comment=names.comment("pg_class", row.oid),
    )
