"""What a run left behind: the schema, the rows of every table and the ledger, to hold against an undisturbed run's."""

import asyncio

from attrs import field, frozen

from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.runtime.connect import open_
from pgkit.runtime.session import AsyncpgExecutor
from pgkit.sql import render

Row = tuple[object, ...]
# Times, who and which transaction differ from run to run.
OURS = """
SELECT tag::text, seq::int, checksum::text, raw_checksum::text, state::text, statement::int, doubtful, prefix_checksum::text,
       started_at IS NOT NULL, finished_at IS NOT NULL, tool_version::text
FROM pgkit.__pg_migrations ORDER BY seq
"""
DRIZZLES = "SELECT hash::text, created_at::text FROM drizzle.__drizzle_migrations ORDER BY id"
LEDGERS = {"pgkit.__pg_migrations": OURS, "drizzle.__drizzle_migrations": DRIZZLES}
INVALID = """
SELECT c.oid::regclass::text FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE NOT (i.indisvalid AND i.indisready) AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'pg_toast')
ORDER BY 1
"""


@frozen
class State:
    """A database, as far as migrations are concerned."""

    catalog: Catalog = field(repr=False)
    rows: dict[str, list[Row]]
    ledger: dict[str, list[Row]]
    invalid: list[Row]

    def applied(self) -> list[object]:
        """The tags that our ledger says are done."""
        return [row[0] for row in self.ledger.get("pgkit.__pg_migrations", []) if row[4] == "done"]


def state(url: str) -> State:
    """Reads a database."""
    return asyncio.run(_state(url))


async def _state(url: str) -> State:
    async with open_(url) as session:
        catalog = (await read_catalog(session)).catalog
        # Bookkeeping is no part of a catalog
        there = [
            name for name in LEDGERS if (await session.fetch("SELECT to_regclass($1)::text", name))[0][0]
        ]
        ledger = {name: await _fetch(session, LEDGERS[name]) for name in there}
        tables = sorted(render(table.ref) for table in catalog.tables)
        rows = {name: await _fetch(session, f"SELECT t::text FROM {name} t ORDER BY 1") for name in tables}
        return State(catalog, rows, ledger, await _fetch(session, INVALID))


async def _fetch(session: AsyncpgExecutor, query: str) -> list[Row]:
    return [tuple(row) for row in await session.fetch(query)]


def differences(wanted: State, found: State) -> str:
    """What is not as it should be, to be read by people; nothing if all is."""
    parts = [
        f"{name}: wanted {getattr(wanted, name)!r}\n   found {getattr(found, name)!r}"
        for name in ("rows", "ledger", "invalid")
        if getattr(wanted, name) != getattr(found, name)
    ]
    if wanted.catalog != found.catalog:
        parts.append(f"catalog: wanted {wanted.catalog!r}\n   found {found.catalog!r}")
    return "\n".join(parts)
