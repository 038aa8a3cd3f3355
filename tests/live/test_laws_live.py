"""What must hold for every catalog on a real server."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

import attrs
import pytest
from hypothesis import HealthCheck, given, settings

from pgkit.backends.ddl import emit
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.json import sort
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import creation
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from pgkit.sql import quote
from pgkit.testing import catalogs

EXAMPLES = int(os.environ.get("PGKIT_EXAMPLES", "60"))


class Database:
    """A scratch database that is emptied between examples."""

    def __init__(self, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self.url = url
        self.loop = loop

    def round_trip(self, catalog: Catalog) -> Catalog:
        """The catalog, made and read back."""
        return self.loop.run_until_complete(self._round_trip(catalog))

    async def _round_trip(self, catalog: Catalog) -> Catalog:
        script = ";\n".join(s.sql.text for s in emit(creation(normalize(catalog))))
        drop = "; ".join(f"DROP SCHEMA IF EXISTS {quote(s.name)} CASCADE" for s in catalog.schemas)
        async with open_(self.url, settings=running("public")) as session:
            await session.execute(script or "SELECT 1")
        async with open_(self.url) as session:
            made = (await read_catalog(session)).catalog
            await session.execute(f"DROP SCHEMA public CASCADE; CREATE SCHEMA public; {drop}")
        return attrs.evolve(normalize(made), roles=())


@contextmanager
def _database(server: Server) -> Iterator[Database]:
    loop = asyncio.new_event_loop()
    opened = scratch(server, purpose="laws")
    url = loop.run_until_complete(opened.__aenter__())
    try:
        yield Database(url, loop)
    finally:
        loop.run_until_complete(opened.__aexit__(None, None, None))
        loop.close()


@pytest.fixture(scope="module")
def database(test_server: Server) -> Iterator[Database]:
    """One database for all examples of this module."""
    with _database(test_server) as opened:
        yield opened


@given(c=catalogs())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_made_is_what_is_read(database: Database, c: Catalog) -> None:
    """A catalog made in an empty database is read back equal, in every field of every object."""
    assert diff(sort(normalize(c)), sort(database.round_trip(c))) == ()
