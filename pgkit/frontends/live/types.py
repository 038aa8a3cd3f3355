"""Types: which ones the catalog declares, and what every type that is used comes down to."""

from collections.abc import Mapping
from typing import NamedTuple

from pgkit.frontends.live.rows import Query, select
from pgkit.ir.names import Ref
from pgkit.ir.scalars import ROWS
from pgkit.ir.type_text import parse_type, split_type
from pgkit.ir.types import Named, PgType, Scalar


class TypeUseRow(NamedTuple):
    """A type and modifier that something uses; `base` is what it is an array of, or itself."""

    oid: int
    modifier: int
    base: int
    is_array: bool
    schema: str
    name: str
    extension: str | None
    text: str


def query(version: int) -> Query[TypeUseRow]:
    """Each distinct pair of type and modifier, so that format_type() is called once for it."""
    return select(
        "type_use",
        TypeUseRow,
        """(
            SELECT att.atttypid AS typ, att.atttypmod AS modifier FROM att
            UNION SELECT t.typbasetype, t.typtypmod FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
            UNION SELECT s.seqtypid, -1 FROM pg_catalog.pg_sequence s
            UNION SELECT r.rngsubtype, -1 FROM pg_catalog.pg_range r WHERE r.rngtypid >= 16384
        ) u
        JOIN pg_catalog.pg_type t ON t.oid = u.typ
        LEFT JOIN pg_catalog.pg_type element ON element.oid = t.typelem AND element.typarray = t.oid
        JOIN pg_catalog.pg_type base ON base.oid = COALESCE(element.oid, t.oid)
        JOIN pg_catalog.pg_namespace n ON n.oid = base.typnamespace
        LEFT JOIN ext ON ext.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND ext.objid = base.oid
        LEFT JOIN pg_catalog.pg_extension e ON e.oid = ext.refobjid""",
        oid="u.typ",
        modifier="u.modifier",
        base="base.oid",
        is_array="base.oid <> t.oid",
        schema="n.nspname",
        name="base.typname",
        extension="e.extname",
        text="pg_catalog.format_type(base.oid, u.modifier)",
    )


class DeclaredRow(NamedTuple):
    """A type that CREATE TYPE or CREATE DOMAIN made, but composite types, which are relations."""

    oid: int
    schema: str
    name: str
    kind: str
    range: str | None  # of a multirange


def declared(version: int) -> Query[DeclaredRow]:
    """The enums, domains, ranges and multiranges of the user's."""
    return select(
        "declared_type",
        DeclaredRow,
        """pg_catalog.pg_type t JOIN ns ON ns.oid = t.typnamespace
        LEFT JOIN pg_catalog.pg_range r ON r.rngmultitypid = t.oid
        LEFT JOIN pg_catalog.pg_type owner ON owner.oid = r.rngtypid
        WHERE t.typtype IN ('e', 'd', 'r', 'm')
        AND COALESCE(owner.oid, t.oid) NOT IN (SELECT ext.objid FROM ext
            WHERE ext.classid = 'pg_catalog.pg_type'::pg_catalog.regclass)""",
        oid="t.oid",
        schema="ns.nspname",
        name="t.typname",
        kind="t.typtype",
        range="owner.typname",
    )


def declared_ref(row: DeclaredRow) -> Ref:
    """The Ref of a declared type; a multirange is a member of its range."""
    if row.range is not None:
        return Ref("range", row.schema, row.range).of("multirange", row.name)
    return Ref({"e": "enum", "d": "domain", "r": "range"}[row.kind], row.schema, row.name)


def resolve(row: TypeUseRow, named: Mapping[int, Ref]) -> PgType:
    """The type without its array: one of this catalog, or a scalar under its canonical name."""
    if row.base in named:
        return Named(named[row.base])
    if row.schema == "pg_catalog":
        return parse_type(row.text)
    mods = split_type(row.text).mods if row.modifier != -1 else ()
    known = ROWS.get(row.name)
    if known is not None and known.extension and known.extension == row.extension:
        return Scalar(row.name, mods)
    return Scalar(row.name, mods, row.schema)
