"""Domains."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pgkit.frontends.live.constraints import ConstraintRow, checks
from pgkit.frontends.live.names import Names
from pgkit.frontends.live.rows import Query, Raw, optional, rows, select
from pgkit.frontends.live.scope import not_in_extension
from pgkit.ir.kinds import Domain


class DomainRow(NamedTuple):
    """A domain."""

    oid: int
    schema: str
    name: str
    base: int
    modifier: int
    dimensions: int
    not_null: bool
    default: str | None
    collation: int
    base_collation: int


def query(version: int) -> Query[DomainRow]:
    """The domains of the user's."""
    return select(
        "domain",
        DomainRow,
        f"""pg_catalog.pg_type t JOIN ns ON ns.oid = t.typnamespace
        JOIN pg_catalog.pg_type base ON base.oid = t.typbasetype
        WHERE t.typtype = 'd' AND {not_in_extension("pg_type", "t.oid")}""",
        oid="t.oid",
        schema="ns.nspname",
        name="t.typname",
        base="t.typbasetype",
        modifier="t.typtypmod",
        dimensions="t.typndims",
        not_null="t.typnotnull",
        default="pg_catalog.pg_get_expr(t.typdefaultbin, 0::pg_catalog.oid)",
        collation="t.typcollation",
        base_collation="base.typcollation",
    )


def domains(
    raw: Raw, names: Names, constraints: Mapping[tuple[int, str], list[ConstraintRow]]
) -> Iterator[Domain]:
    """The declared domains, with their checks."""
    for row in rows(raw, query):
        yield Domain(
            schema=row.schema,
            name=row.name,
            type=names.type(row.base, row.modifier, row.dimensions),
            collation=names.collation(row.collation if row.collation != row.base_collation else None),
            nullable=not row.not_null,
            default=optional(row.default),
            checks=tuple(checks(constraints.get((row.oid, "c"), []), names)),
            comment=names.comment("pg_type", row.oid),
        )
