"""The executor seam over other clients (tests/adapters), each held against asyncpg's."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest
import sqlalchemy
from sqlalchemy.ext.asyncio import create_async_engine

from pgkit.executor import Executor, pyformat
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from pgkit.runtime.target import parse
from tests.adapters.psycopg_async import PsycopgExecutor
from tests.adapters.psycopg_sync import SyncPsycopgExecutor
from tests.adapters.sqlalchemy_async import SqlAlchemyExecutor
from tests.adapters.sqlalchemy_sync import SyncSqlAlchemyExecutor
from tests.runtime.types import different, of_server, tables_of
from tests.toolchains.servers import contrib_server

T = TypeVar("T")
SAMPLES = Path(__file__).parents[1] / "live" / "samples"
Opened = Callable[[str], AbstractAsyncContextManager[Executor]]


@asynccontextmanager
async def by_psycopg(url: str) -> AsyncIterator[Executor]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        yield PsycopgExecutor(connection)


@asynccontextmanager
async def by_psycopg_autocommit(url: str) -> AsyncIterator[Executor]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        yield PsycopgExecutor(connection)


@asynccontextmanager
async def by_sync_psycopg(url: str) -> AsyncIterator[Executor]:
    with psycopg.connect(url) as connection:
        yield SyncPsycopgExecutor(connection)


def named(url: str, driver: str) -> sqlalchemy.URL:
    """The URL that SQLAlchemy wants: `host` of a socket goes into the query."""
    params = dict(parse(url).params)
    database, user = params.pop("dbname"), params.pop("user")
    return sqlalchemy.URL.create(f"postgresql+{driver}", username=user, database=database, query=params)


@asynccontextmanager
async def by_sqlalchemy(url: str) -> AsyncIterator[Executor]:
    engine = create_async_engine(named(url, "asyncpg"))
    async with engine.connect() as connection:
        yield SqlAlchemyExecutor(connection)
    await engine.dispose()


@asynccontextmanager
async def by_sync_sqlalchemy(url: str) -> AsyncIterator[Executor]:
    engine = sqlalchemy.create_engine(named(url, "psycopg"))
    with engine.connect() as connection:
        yield SyncSqlAlchemyExecutor(connection)
    engine.dispose()


CLIENTS = [by_psycopg, by_psycopg_autocommit, by_sync_psycopg, by_sqlalchemy, by_sync_sqlalchemy]
ALL = [open_, *CLIENTS]


@pytest.fixture(scope="module")
def contrib18() -> Iterator[Server]:
    """A server with all of contrib."""
    with local_server(contrib_server(18)) as server:
        yield server


def on_scratch(server: Server, use: Callable[[str], Awaitable[T]]) -> T:
    """What `use` makes of the URL of an empty database."""

    async def work() -> T:
        async with scratch(server, purpose="test") as url:
            return await use(url)

    return asyncio.run(work())


def test_each_client_reads_the_same_catalog(contrib18: Server) -> None:
    """A database that has an object of every kind is the same through every client."""

    async def read(client: Opened, url: str) -> Catalog:
        async with client(url) as executor:
            return (await read_catalog(executor)).catalog

    async def all_read(url: str) -> list[Catalog]:
        async with open_(url, settings=running()) as session:
            for name in ("modelled.sql", "unmodelled.sql"):
                await session.execute((SAMPLES / name).read_text())
        return [await read(client, url) for client in ALL]

    expected, *others = on_scratch(contrib18, all_read)
    assert len(expected.tables) > 3
    assert len(expected.unmodelled) > 10
    for client, catalog in zip(CLIENTS, others, strict=True):
        assert catalog == expected, client.__name__


async def given_up(executor: Executor, statement: str) -> None:
    """A transaction that is left by an error."""
    async with executor.transaction():
        assert list(await executor.fetch(statement)) == []
        raise RuntimeError


@pytest.mark.parametrize("client", ALL)
def test_each_client_keeps_the_contract(client: Opened, contrib18: Server) -> None:
    """Placeholders, scripts, and transactions that commit, roll back and nest: the same for all."""

    async def kept(url: str) -> None:
        async with client(url) as executor:
            async with executor.transaction():
                await executor.execute(
                    "CREATE SCHEMA public_too; CREATE TABLE public.t (a int, b text DEFAULT '$1 %')"
                )
            async with executor.transaction():
                query = "INSERT INTO public.t AS \"%s $1\" SELECT $2::int % 4, $1::text || '%(x)s $2' RETURNING a, b"
                assert [tuple(row) for row in await executor.fetch(query, "é", 7)] == [(3, "é%(x)s $2")]
                with pytest.raises(RuntimeError):
                    await given_up(executor, "INSERT INTO public.t VALUES (8)")
            with pytest.raises(RuntimeError):
                await given_up(executor, "UPDATE public.t SET a = 9")
        async with open_(url) as other:
            assert [row[0] for row in await other.fetch("SELECT a FROM public.t")] == [3]

    on_scratch(contrib18, kept)


@pytest.mark.parametrize("client", ALL)
def test_no_transaction_ends_in_silence(client: Opened, contrib18: Server) -> None:
    """A commit that fails raises: a constraint that is checked at the end is not passed over."""

    async def refused(url: str) -> None:
        async with open_(url) as session:
            await session.execute(
                "CREATE TABLE public.t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO public.t VALUES (1)"
            )
        async with client(url) as executor:
            with pytest.raises(Exception, match="duplicate key"):
                async with executor.transaction():
                    await executor.fetch("INSERT INTO public.t VALUES ($1)", 1)

    on_scratch(contrib18, refused)


def test_a_failed_transaction_is_not_committed(contrib18: Server) -> None:
    """An error that the block swallows would end in a COMMIT that rolls back: that is an error as well."""

    async def swallowed(url: str) -> None:
        async with open_(url) as session, session.transaction():
            with pytest.raises(SqlError, match="division"):
                await session.fetch("SELECT 1/0")

    with pytest.raises(SqlError, match="nothing was committed"):
        on_scratch(contrib18, swallowed)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT $1, $2, $1", "SELECT %(p1)s, %(p2)s, %(p1)s"),
        ("SELECT $12::int%2", "SELECT %(p12)s::int%%2"),
        ("""SELECT 'a$1''$2', "x$1""$2", $1""", """SELECT 'a$1''$2', "x$1""$2", %(p1)s"""),
        (r"SELECT E'\'$1', e'a''$2', 'b\', $1", r"SELECT E'\'$1', e'a''$2', 'b\', %(p1)s"),
        ("SELECT $$ $1 % $$, $a$ $$ $1 $a$, $1", "SELECT $$ $1 %% $$, $a$ $$ $1 $a$, %(p1)s"),
        ("SELECT 1 -- $1\n/* $2 */ + $1", "SELECT 1 -- $1\n/* $2 */ + %(p1)s"),
        ("SELECT a$1, b$2$3 FROM t", "SELECT a$1, b$2$3 FROM t"),
    ],
)
def test_pyformat(query: str, expected: str) -> None:
    """Only what Postgres takes for a placeholder is one."""
    assert pyformat(query, (4, "x")) == (expected, {"p1": 4, "p2": "x"})


@pytest.mark.parametrize(
    "adapter", [PsycopgExecutor, SyncPsycopgExecutor, SqlAlchemyExecutor, SyncSqlAlchemyExecutor]
)
def test_ten_lines(adapter: type[Any]) -> None:
    """The promise of the seam: a dozen lines at most, its documentation and decorators aside."""
    lines = [line.strip() for line in inspect.getsource(adapter).splitlines()]
    assert len([line for line in lines if line and not line.startswith(("@", '"""', "#"))]) <= 14


@pytest.mark.parametrize("client", CLIENTS)
def test_each_client_has_the_same_tenant_tables(client: Opened, contrib18: Server) -> None:
    """Values of every type go in and come out as they do with asyncpg."""
    names = of_server("contrib18")

    async def wrong(url: str) -> list[object]:
        async with open_(url, settings=running()) as session:
            await session.execute(tables_of(names))
        async with open_(url) as session:
            catalog = (await read_catalog(session)).catalog
        async with client(url) as executor:
            return await different(executor, catalog, names)

    assert on_scratch(contrib18, wrong) == []
