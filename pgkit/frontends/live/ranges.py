"""Range types, each with its multirange."""

from collections.abc import Iterator
from typing import NamedTuple

from pgkit.frontends.live.names import Names
from pgkit.frontends.live.opclasses import OpClasses
from pgkit.frontends.live.rows import Query, Raw, rows, select
from pgkit.frontends.live.scope import not_in_extension
from pgkit.frontends.live.sqltext import signature
from pgkit.ir.kinds import Multirange, Range
from pgkit.ir.names import Ref


class RangeRow(NamedTuple):
    """A range type."""

    oid: int
    schema: str
    name: str
    subtype: int
    opclass: int
    collation: int
    subtype_collation: int
    canonical_schema: str | None
    canonical: str | None
    diff_schema: str | None
    diff: str | None
    multirange: str


def query(version: int) -> Query[RangeRow]:
    """The range types of the user's."""
    return select(
        "range",
        RangeRow,
        f"""pg_catalog.pg_range r JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid
        JOIN ns ON ns.oid = t.typnamespace
        JOIN pg_catalog.pg_type subtype ON subtype.oid = r.rngsubtype
        JOIN pg_catalog.pg_type multi ON multi.oid = r.rngmultitypid
        LEFT JOIN pg_catalog.pg_proc canonical ON canonical.oid = r.rngcanonical
        LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = canonical.pronamespace
        LEFT JOIN pg_catalog.pg_proc diff ON diff.oid = r.rngsubdiff
        LEFT JOIN pg_catalog.pg_namespace dn ON dn.oid = diff.pronamespace
        WHERE {not_in_extension("pg_type", "t.oid")}""",
        oid="t.oid",
        schema="ns.nspname",
        name="t.typname",
        subtype="r.rngsubtype",
        opclass="r.rngsubopc",
        collation="r.rngcollation",
        subtype_collation="subtype.typcollation",
        canonical_schema="cn.nspname",
        canonical=signature("canonical"),
        diff_schema="dn.nspname",
        diff=signature("diff"),
        multirange="multi.typname",
    )


def ranges(raw: Raw, names: Names, opclasses: OpClasses) -> Iterator[Range]:
    """The declared range types."""
    for row in rows(raw, query):
        yield Range(
            schema=row.schema,
            name=row.name,
            subtype=names.type(row.subtype),
            opclass=opclasses.written(row.opclass, row.subtype),
            collation=names.collation(row.collation if row.collation != row.subtype_collation else None),
            canonical=_function(row.canonical_schema, row.canonical),
            subtype_diff=_function(row.diff_schema, row.diff),
            multiranges=(Multirange(name=row.multirange),),
            comment=names.comment("pg_type", row.oid),
        )


def _function(schema: str | None, name: str | None) -> Ref | None:
    return Ref("function", schema, name) if schema and name else None
