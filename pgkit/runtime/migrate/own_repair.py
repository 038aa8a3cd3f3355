"""What is asked and changed in the ledger of ours beside a run: when, and what somebody has decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pgkit.executor import Executor
from pgkit.runtime.migrate.migration import Migration
from pgkit.runtime.migrate.own_ledger import OwnLedger
from pgkit.sql import quoted

_THERE: Final = """
    SELECT 1 FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND c.relname OPERATOR(pg_catalog.=) $2
"""
_TAG: Final = "tag OPERATOR(pg_catalog.=) $1"


async def is_there(session: Executor, ledger: OwnLedger) -> bool:
    """Whether the database has the ledger."""
    return bool(await session.fetch(_THERE, ledger.schema, ledger.table))


async def times(session: Executor, ledger: OwnLedger) -> Mapping[str, datetime]:
    """When each file was applied, by its tag."""
    query = f"SELECT tag, finished_at FROM {_path(ledger)} WHERE finished_at IS NOT NULL"
    return {str(tag): time for tag, time in await session.fetch(query)}


async def correct(session: Executor, ledger: OwnLedger, tag: str, migration: Migration) -> None:
    """Gives the row `tag` the name and the checksums of a migration."""
    change = f"UPDATE {_path(ledger)} SET tag = $2, checksum = $3, raw_checksum = $4 WHERE {_TAG}"
    await session.fetch(change, tag, migration.tag, migration.checksum, migration.raw)


async def remove(session: Executor, ledger: OwnLedger, tag: str) -> None:
    """Drops a row."""
    await session.fetch(f"DELETE FROM {_path(ledger)} WHERE {_TAG}", tag)


def _path(ledger: OwnLedger) -> str:
    return f"{quoted(ledger.schema)}.{quoted(ledger.table)}"
