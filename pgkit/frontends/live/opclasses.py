"""Operator classes: how each is written, and where it is the default and need not be."""

from collections.abc import Mapping
from typing import NamedTuple

from attrs import frozen

from pgkit.frontends.live.rows import Query, Raw, rows, select
from pgkit.frontends.live.sqltext import qualified, quoted


class OpClassRow(NamedTuple):
    """An operator class of any schema."""

    oid: int
    method: int
    schema: str
    name: str
    from_extension: bool
    input: int
    default: bool
    stores_other: bool  # its index holds another type than its input


def query(version: int) -> Query[OpClassRow]:
    """All operator classes, since every index names some."""
    return select(
        "opclass",
        OpClassRow,
        """pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
        LEFT JOIN ext ON ext.classid = 'pg_catalog.pg_opclass'::pg_catalog.regclass AND ext.objid = o.oid""",
        oid="o.oid",
        method="o.opcmethod",
        schema="n.nspname",
        name="o.opcname",
        from_extension="ext.objid IS NOT NULL",
        input="o.opcintype",
        default="o.opcdefault",
        stores_other="o.opckeytype <> 0",
    )


class BaseRow(NamedTuple):
    """A domain and the type it is over."""

    domain: int
    base: int


def bases(version: int) -> Query[BaseRow]:
    """What each domain is over: an index on a domain takes the operator class of the base type."""
    return select(
        "domain_base",
        BaseRow,
        "pg_catalog.pg_type t WHERE t.typtype = 'd' AND t.oid >= 16384",
        domain="t.oid",
        base="t.typbasetype",
    )


@frozen
class OpClasses:
    """Operator classes by oid, and the types that have a default of their own."""

    rows: Mapping[int, OpClassRow]
    defaults: frozenset[tuple[int, int]]  # (method, type)
    bases: Mapping[int, int]

    def written(self, oid: int, type: int) -> str | None:
        """The class as it must be written for a key of `type`; None where it is the default.

        A class that is the default for text is not that for citext, which has one of its own though it
        could use text's.
        """
        row = self.rows[oid]
        while type in self.bases:
            type = self.bases[type]
        if row.default and (row.input == type or (row.method, type) not in self.defaults):
            return None
        plain = row.schema == "pg_catalog" or row.from_extension
        return quoted(row.name) if plain else qualified(row.schema, row.name)

    def stores_other(self, oid: int) -> bool:
        """The type of its index's column does not tell the type of the key."""
        return self.rows[oid].stores_other


def opclasses(raw: Raw) -> OpClasses:
    """The operator classes of the database."""
    found = {row.oid: row for row in rows(raw, query)}
    defaults = frozenset((row.method, row.input) for row in found.values() if row.default)
    return OpClasses(found, defaults, {row.domain: row.base for row in rows(raw, bases)})
