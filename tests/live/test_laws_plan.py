"""Plans on a real server: between any two catalogs, with renames and with rows."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgkit.backends.ddl import emit
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.json import sort
from pgkit.ir.names import Ref
from pgkit.ir.plan import HazardCode, Plan
from pgkit.ir.relations import Table
from pgkit.ir.walk import index
from pgkit.passes.align_names import align_names
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import creation, plan
from pgkit.passes.renames.names import new_names
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from pgkit.runtime.session import AsyncpgExecutor
from pgkit.sql import render
from pgkit.testing import catalogs, edited, renamed

# 500 pairs of each test in `make test`, 10,000 in `make proof`: 1,000 and 20,000 in all.
EXAMPLES = int(os.environ.get("PGKIT_EXAMPLES") or (10_000 if os.environ.get("PGKIT_PROOF") else 500))
CLEAN = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
  CREATE SCHEMA public;
END $$
"""


class Database:
    """A scratch database that is emptied before each example, and its one session."""

    def __init__(self, session: AsyncpgExecutor, reader: AsyncpgExecutor) -> None:
        self.session = session
        self.reader = reader

    async def make(self, catalog: Catalog) -> None:
        """Makes a catalog in place of whatever was there."""
        await self.session.execute(CLEAN)
        await self.session.execute(";\n".join(s.sql.text for s in emit(creation(catalog))) or "SELECT 1")

    async def fill(self, catalog: Catalog) -> dict[Ref, int]:
        """A row of defaults in each table that takes one, and how many each has."""
        filled = {}
        for table in catalog.tables:
            try:
                await self.session.execute(f"INSERT INTO {render(table.ref)} DEFAULT VALUES")
                filled[table.ref] = 1
            except SqlError:  # a column that must be given a value
                filled[table.ref] = 0
        return filled

    async def count(self, table: Ref) -> int:
        """The rows of a table."""
        return int((await self.session.fetch(f"SELECT count(*)::int FROM {render(table)}"))[0][0])

    async def run(self, steps: Plan) -> tuple[int, SqlError] | None:
        """Runs the steps; the one that fails, and why."""
        for i, change in enumerate(steps.changes):
            for statement in emit((change,)):
                try:
                    await self.session.execute(statement.sql.text)
                except SqlError as error:
                    return i, error
        return None

    async def read(self) -> Catalog:
        """What is there."""
        return attrs.evolve(normalize((await read_catalog(self.reader)).catalog), roles=())


async def prove(database: Database, before: Catalog, after: Catalog, hints: Hints) -> None:
    """The plan works on rows, but where it says that it may not; ends in `after`; and leaves nothing to do."""
    steps = plan(before, after, hints)
    await database.make(before)
    rows = await database.fill(before)
    failed = await database.run(steps)
    if failed is not None:
        step = steps.steps[failed[0]]
        assert any(h.code is HazardCode.MAY_FAIL for h in step.hazards), failed[1]
        await database.make(before)
        rows = {}
        assert await database.run(steps) is None
    made = await database.read()
    assert diff(sort(after), sort(align_names(after, made))) == ()
    assert plan(made, align_names(made, after)).steps == ()
    names, there = new_names(before, hints), index(after)
    for table, count in rows.items():
        if isinstance(there.get(names.of(table)), Table):
            assert await database.count(names.of(table)) == count


@contextmanager
def _database(server: Server) -> Iterator[tuple[Database, asyncio.AbstractEventLoop]]:
    async def forever() -> None:
        async with (
            scratch(server, purpose="laws") as url,
            open_(url, settings=running("public")) as session,
            open_(url) as reader,
        ):
            opened.set_result(Database(session, reader))
            await closing.wait()

    loop = asyncio.new_event_loop()
    opened: asyncio.Future[Database] = loop.create_future()
    closing = asyncio.Event()
    task = loop.create_task(forever())
    try:
        loop.run_until_complete(asyncio.wait((opened, task), return_when=asyncio.FIRST_COMPLETED))
        yield opened.result(), loop
    finally:
        closing.set()
        loop.run_until_complete(task)
        loop.close()


@pytest.fixture(scope="module")
def database(test_server: Server) -> Iterator[tuple[Database, asyncio.AbstractEventLoop]]:
    """One database for all examples of this module."""
    with _database(test_server) as opened:
        yield opened


LAW = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@given(a=catalogs(), b=catalogs())
@LAW
def test_between_any_two(
    database: tuple[Database, asyncio.AbstractEventLoop], a: Catalog, b: Catalog
) -> None:
    """The plan from any catalog to any other."""
    it, loop = database
    loop.run_until_complete(prove(it, normalize(a), normalize(b), Hints()))


@given(data=st.data())
@LAW
def test_edits_and_renames(database: tuple[Database, asyncio.AbstractEventLoop], data: st.DataObject) -> None:
    """The plan to a catalog that was edited and whose objects were renamed: no row is lost."""
    it, loop = database
    before = normalize(data.draw(catalogs()))
    after, hints = data.draw(renamed(data.draw(edited(before))))
    kept = Hints(tuple(h for h in hints.renames if h[0] in index(before)))
    loop.run_until_complete(prove(it, before, after, kept))
