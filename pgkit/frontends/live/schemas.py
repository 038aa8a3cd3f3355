"""Schemas, but those of the system and those that an extension made."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from pgkit.frontends.live.names import Names
from pgkit.frontends.live.rows import Query, Raw, rows, select
from pgkit.frontends.live.scope import LEDGER_NAMES, not_in_extension
from pgkit.ir.kinds import Schema


class SchemaRow(NamedTuple):
    """A namespace, and whether the ledger of a migration runner is in it."""

    oid: int
    name: str
    ledger: bool


def query(version: int) -> Query[SchemaRow]:
    """The schemas of the user's; `public` is not declared."""
    return select(
        "schema",
        SchemaRow,
        f"ns WHERE ns.nspname <> 'public' AND {not_in_extension('pg_namespace', 'ns.oid')}",
        oid="ns.oid",
        name="ns.nspname",
        ledger=f"""EXISTS (SELECT FROM pg_catalog.pg_class c
            WHERE c.relnamespace = ns.oid AND (ns.nspname, c.relname) IN ({LEDGER_NAMES}))""",
    )


def schemas(raw: Raw, names: Names, used: Collection[str | None]) -> Iterator[Schema]:
    """The declared schemas; one that holds a ledger and nothing else is the ledger's."""
    for row in rows(raw, query):
        if not row.ledger or row.name in used:
            yield Schema(name=row.name, comment=names.comment("pg_namespace", row.oid))
