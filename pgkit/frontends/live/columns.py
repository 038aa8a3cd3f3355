"""Columns of tables, views and materialized views, and the attributes of composite types."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from attrs import frozen

from pgkit.frontends.live.names import Names
from pgkit.frontends.live.rows import Ints, Query, Raw, optional, rows, select
from pgkit.frontends.live.sequences import SequenceRow, identity_sequences, options
from pgkit.ir.relations import Column, Generated, Identity


class ColumnRow(NamedTuple):
    """A column, or a field of a composite type."""

    relation: int
    number: int
    name: str
    type: int
    modifier: int
    dimensions: int
    not_null: bool
    expr: str | None  # of its default, or what it is generated from
    identity: str
    generated: str
    collation: int
    type_collation: int
    local: bool


def query(version: int) -> Query[ColumnRow]:
    """Every column. A default holds no column, so that it is deparsed without opening the table."""
    return select(
        "column",
        ColumnRow,
        """att a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_catalog.pg_attrdef d
            ON a.atthasdef AND d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.relkind IN ('r', 'p')""",
        relation="a.attrelid",
        number="a.attnum",
        name="a.attname",
        type="a.atttypid",
        modifier="a.atttypmod",
        dimensions="a.attndims",
        not_null="a.attnotnull",
        expr="""pg_catalog.pg_get_expr(d.adbin,
            CASE WHEN a.attgenerated = '' THEN 0::pg_catalog.oid ELSE d.adrelid END)""",
        identity="a.attidentity",
        generated="a.attgenerated",
        collation="a.attcollation",
        type_collation="t.typcollation",
        local="a.attislocal",
    )


class UnprovenRow(NamedTuple):
    """A column whose NOT NULL is NOT VALID (18+)."""

    relation: int
    numbers: Ints


def unproven(version: int) -> Query[UnprovenRow]:
    """The columns that say NOT NULL, and may hold nulls from before."""
    return select(
        "unproven",
        UnprovenRow,
        """pg_catalog.pg_constraint c JOIN rel ON rel.oid = c.conrelid
        WHERE c.contype = 'n' AND NOT c.convalidated""",
        relation="c.conrelid",
        numbers="c.conkey",
    )


@frozen
class ColumnFacts:
    """What a column's own row does not say."""

    identities: Mapping[tuple[int | None, int | None], SequenceRow]
    unproven: Collection[tuple[int, int]]


def column_facts(raw: Raw) -> ColumnFacts:
    """The identity sequences, and the columns whose NOT NULL is not proven."""
    places = [(row.relation, number) for row in rows(raw, unproven) for number in row.numbers]
    return ColumnFacts(identity_sequences(raw), frozenset(places))


def by_relation(raw: Raw) -> Mapping[int, list[ColumnRow]]:
    """The rows of each relation's columns, in order."""
    found: dict[int, list[ColumnRow]] = defaultdict(list)
    for row in sorted(rows(raw, query)):  # by relation and number
        found[row.relation].append(row)
    return found


def column(row: ColumnRow, names: Names, facts: ColumnFacts) -> Column:
    """A column of a table or a view."""
    place = row.relation, row.number
    expr = optional(row.expr)
    sequence = facts.identities.get(place) if row.identity else None
    return Column(
        name=row.name,
        type=names.type(row.type, row.modifier, row.dimensions),
        nullable=not row.not_null or place in facts.unproven,
        default=None if row.generated else expr,
        identity=_identity(row.identity, sequence) if sequence else None,
        generated=Generated(expr=expr, stored=row.generated == "s") if row.generated and expr else None,
        collation=names.collation(row.collation if row.collation != row.type_collation else None),
        inherited=not row.local,
        comment=names.comment("pg_class", *place),
    )


def _identity(kind: str, sequence: SequenceRow) -> Identity:
    return Identity(always=kind == "a", options=options(sequence), sequence=sequence.ref)
