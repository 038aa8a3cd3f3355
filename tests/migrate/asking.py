"""What the tests of the ledgers share: SQL on a database, and what the commands say of it."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pgkit.diag import PgkitError
from pgkit.jobs.config import MigrateConfig
from pgkit.jobs.migrate.baseline import Baselined, baseline
from pgkit.jobs.migrate.ledgers import LedgerName, Place
from pgkit.jobs.migrate.status import Status, status
from pgkit.jobs.migrate.up import Report, Request, up
from pgkit.jobs.migrate.verify import Verified, repair, verify
from pgkit.runtime.connect import open_

T = TypeVar("T")
CREATE_DRIZZLE = """
    CREATE SCHEMA drizzle;
    CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint);
"""
CREATE_DRIZZLE_1 = """
    CREATE SCHEMA drizzle;
    CREATE TABLE drizzle.__drizzle_migrations (
        id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint, name text,
        applied_at timestamp with time zone DEFAULT now()
    );
"""


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of something that awaits."""
    return asyncio.run(work)


def sql(db: str, script: str) -> None:
    """Runs a script."""

    async def work() -> None:
        async with open_(db) as session:
            await session.execute(script)

    run(work())


def rows(db: str, query: str, *args: object) -> list[tuple[Any, ...]]:
    """The rows of a query."""

    async def work() -> list[tuple[Any, ...]]:
        async with open_(db) as session:
            return [tuple(row) for row in await session.fetch(query, *args)]

    return run(work())


def at(
    folder: Path, db: str, ledger: LedgerName | None = None, config: MigrateConfig = MigrateConfig()
) -> Place:
    """A folder and a database."""
    return Place(folder=folder, url=db, ledger=ledger, config=config)


def ask(folder: Path, db: str, ledger: LedgerName | None = None, **config: Any) -> Status:
    """`migrate status`."""
    return run(status(at(folder, db, ledger, MigrateConfig(**config))))


def stands(folder: Path, db: str, ledger: LedgerName | None = None) -> dict[str, str]:
    """Where each migration stands, by the ledger that counts."""
    said = ask(folder, db, ledger)
    return {line.tag: str(line.standing) for line in said.ledgers[said.chosen].lines}


def apply(folder: Path, db: str, ledger: LedgerName = "pgkit", **more: Any) -> Report:
    """`migrate up`."""
    return run(up(Request(folder=folder, db=db, ledger=ledger, **more)))


def check(folder: Path, db: str, ledger: LedgerName | None = None) -> Verified:
    """`migrate verify`."""
    return run(verify(at(folder, db, ledger)))


def mend(folder: Path, db: str, ledger: LedgerName | None = None) -> Verified:
    """`migrate verify --repair`."""
    return run(repair(at(folder, db, ledger)))


def settle(folder: Path, db: str, ledger: LedgerName | None = None, to: str | None = None) -> Baselined:
    """`migrate baseline`."""
    return run(baseline(at(folder, db, ledger), to))


def codes(folder: Path, db: str, ledger: LedgerName | None = None) -> list[str]:
    """What `migrate verify` says."""
    return [finding.code for finding in check(folder, db, ledger).wrong]


def refusal(work: Coroutine[Any, Any, Any]) -> list[str]:
    """The codes of what it is refused with."""
    with pytest.raises(PgkitError) as caught:
        run(work)
    assert all(diagnostic.help for diagnostic in caught.value.diagnostics)
    return [diagnostic.code for diagnostic in caught.value.diagnostics]
