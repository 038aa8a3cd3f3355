"""The SQL that pgkit prints for an application makes it: on an empty database, read again, it is the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from attrs import evolve

from pgkit.diag import Source
from pgkit.frontends.drizzle import read
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Extension
from pgkit.jobs.ddl import create_sql
from pgkit.jobs.drift import Difference, DriftOptions, drift
from pgkit.jobs.replay import ReplayOptions, replay
from pgkit.jobs.replay_prelude import preludes
from pgkit.jobs.sql_files import run_files
from pgkit.runtime.binaries import embedded_bin
from pgkit.runtime.embedded import Server, local_server
from tests.realworld.applications import AI_CHATBOT, ONLOOK, SIM, Application
from tests.toolchains import contrib_server

SUPABASE = preludes(["supabase"])
# What its migrations need first, and go without: of our servers 18 has pgvector, 15 what comes with Postgres.
OPTIONS = {
    (AI_CHATBOT, 18): ReplayOptions(),
    (AI_CHATBOT, 15): ReplayOptions(),
    (ONLOOK, 18): ReplayOptions(prelude=SUPABASE),
    (ONLOOK, 15): ReplayOptions(prelude=SUPABASE),
    (SIM, 18): ReplayOptions(without_extensions=frozenset(["btree_gin"])),
    (SIM, 15): ReplayOptions(without_extensions=frozenset(["vector"])),
}
CASES = [pytest.param(*key, id=f"{key[0].name}-{key[1]}") for key in OPTIONS]
WITH_SNAPSHOT = [case for case in CASES if case.id != "sim-15"]  # its tables have vectors


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[int, Server]]:
    """The servers by version."""
    with ExitStack() as stack:
        start = cache(lambda programs: stack.enter_context(local_server(programs)))
        yield {18: start(embedded_bin()), 15: start(contrib_server(15))}


async def differences(catalog: Catalog, server: Server, options: ReplayOptions) -> tuple[Difference, ...]:
    """What differs of the catalog and of what its SQL makes."""
    text = create_sql(catalog)
    assert "-- not made" not in text
    made = await run_files([Source("made.sql", text)], server, options=options)
    found = await drift(catalog, made.catalog, lambda: server, DriftOptions())
    return tuple(d for d in found.differences if d.ref not in made.left_out)


@pytest.mark.parametrize(("application", "version"), CASES)
def test_what_its_sql_makes(application: Application, version: int, servers: dict[int, Server]) -> None:
    """Of what is there after the migrations ran, what came before them included, nothing is lost."""

    async def work() -> tuple[Difference, ...]:
        server = servers[version]
        made = await replay(read(application.folder), server, options=OPTIONS[application, version])
        return await differences(made.catalog, server, ReplayOptions())

    assert asyncio.run(work()) == ()


@pytest.mark.parametrize(("application", "version"), WITH_SNAPSHOT)
def test_what_its_snapshot_says(application: Application, version: int, servers: dict[int, Server]) -> None:
    """The last snapshot, in Drizzle's words, and the extension that it does not name."""

    async def work() -> tuple[Difference, ...]:
        catalog = application.catalog
        if application is SIM:
            catalog = evolve(catalog, extensions=(Extension(name="vector", schema="public"),))
        options = evolve(OPTIONS[application, version], prelude=())
        return await differences(catalog, servers[version], options)

    assert asyncio.run(work()) == ()
