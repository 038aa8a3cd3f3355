"""The SQL of either side of a case makes it: on an empty database, read again, it is the same."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from pgkit.diag import Source
from pgkit.ir.catalog import Catalog
from pgkit.jobs.ddl import create_sql
from pgkit.jobs.drift import DriftOptions, drift
from pgkit.jobs.sides import Names
from pgkit.jobs.sql_files import run_sql
from pgkit.runtime.connect import USER_PATH, open_
from pgkit.runtime.embedded import Server
from pgkit.runtime.roles import roles_guard
from pgkit.runtime.scratch import scratch
from pgkit.sql import quote
from tests.corpus.cases import VERSIONS, Case, name, paths, read
from tests.corpus.conftest import Servers
from tests.corpus.databases import catalog_of, has_roles, made
from tests.live.reading import run

# Of every so many cases one, in `make test`; the cases' own proofs make most catalogs too.
STEP = 1 if os.environ.get("PGKIT_PROOF") else 40
CASES = [
    pytest.param(path, version, id=f"{name(path)}-{version}")
    for path in paths()[::STEP]
    for version in VERSIONS
]


@pytest.mark.parametrize(("path", "version"), CASES)
def test_either_side_is_made(path: Path, version: int, servers: Servers) -> None:
    """Nothing is left out, nothing else is there, and every statement works where it stands."""
    case = read(path)
    if version not in case.versions or "diagnostics" in case.blocks:
        pytest.skip("the case has no plan for this version")
    server = servers(case, version)
    if server is None:
        pytest.skip(f"no server of version {version} offers {', '.join(case.needs.extensions)}")
    for side in ("before", "after"):
        run(prove(case, side, server))


async def prove(case: Case, side: str, server: Server) -> None:
    """Makes one side of a case twice: as the case says, and from what was read of that."""
    async with made(case, side, server) as first:
        catalog = first.side.catalog
    text = create_sql(catalog)
    again = await made_again(case, text, server)
    assert "-- not made" not in text
    names: Names = "strict" if case.side(side)[0] == "sql" else "implied"
    found = await drift(catalog, again, lambda: server, DriftOptions(names=names))
    assert found.differences == ()


async def made_again(case: Case, text: str, server: Server) -> Catalog:
    """What is in an empty database after the SQL ran in it."""
    async with AsyncExitStack() as stack:
        if has_roles(case):
            await stack.enter_async_context(roles_guard(server))
        url = await stack.enter_async_context(scratch(server, purpose="corpus"))
        async with open_(url) as session:
            for role in case.needs.roles:
                await session.execute(f"CREATE ROLE {quote(role)}")
        await run_sql(url, Source("made.sql", text), search_path=USER_PATH)
        return await catalog_of(case, url)
