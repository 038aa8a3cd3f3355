"""Collations: the names of those in use."""

from typing import NamedTuple

from pgkit.frontends.live.rows import Query, select


class CollationRow(NamedTuple):
    """A collation."""

    oid: int
    schema: str
    name: str


def query(version: int) -> Query[CollationRow]:
    """The collations that something uses; a server may have a thousand."""
    return select(
        "collation_name",
        CollationRow,
        """pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
        WHERE c.oid IN (
            SELECT a.attcollation FROM pg_catalog.pg_attribute a WHERE a.attrelid >= 16384
            UNION SELECT t.typcollation FROM pg_catalog.pg_type t WHERE t.oid >= 16384
            UNION SELECT r.rngcollation FROM pg_catalog.pg_range r WHERE r.rngtypid >= 16384
        )""",
        oid="c.oid",
        schema="n.nspname",
        name="c.collname",
    )
