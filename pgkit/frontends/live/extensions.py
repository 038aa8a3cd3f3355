"""Installed extensions, but plpgsql, which every database has."""

from collections.abc import Iterator
from typing import NamedTuple

from pgkit.frontends.live.rows import Query, Raw, rows, select
from pgkit.ir.kinds import Extension


class ExtensionRow(NamedTuple):
    """An extension."""

    name: str
    schema: str
    version: str


def query(version: int) -> Query[ExtensionRow]:
    """Every extension but plpgsql."""
    return select(
        "extension",
        ExtensionRow,
        """pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname <> 'plpgsql'""",
        name="e.extname",
        schema="n.nspname",
        version="e.extversion",
    )


def extensions(raw: Raw) -> Iterator[Extension]:
    """The installed extensions."""
    for row in rows(raw, query):
        yield Extension(name=row.name, schema=row.schema, version=row.version)
