"""What the tests of tenant tables share: SQL run on a scratch database, and a session on it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

import pytest
from attrs import define, field

from pgkit.diag import PgkitError
from pgkit.executor import Executor
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from pgkit.runtime.session import AsyncpgExecutor

T = TypeVar("T")
SCHEMA = """
    CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('ok');
    CREATE DOMAIN app.org AS text NOT NULL; CREATE DOMAIN app.maybe AS text;
    CREATE TABLE app.items (org text NOT NULL, id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail text UNIQUE,
        n int DEFAULT 7, twice int GENERATED ALWAYS AS (n * 2) STORED, price numeric(5,2), at timestamptz, mood app.mood);
    CREATE TABLE app.pairs (org app.org, a int, b varchar(3), note text, PRIMARY KEY (a, b));
    CREATE TABLE app.one (org text PRIMARY KEY, note text);
    CREATE TABLE app.own (org text NOT NULL, slug text NOT NULL UNIQUE, code int NOT NULL, UNIQUE (code, org));
    CREATE TABLE app.nobody (id int PRIMARY KEY);
    CREATE TABLE app.anybody (id int PRIMARY KEY, org app.maybe);
    CREATE TABLE app.keyless (org text NOT NULL, a int UNIQUE);
    CREATE TABLE app.computed (id int PRIMARY KEY, org text NOT NULL GENERATED ALWAYS AS ('x') STORED);
    CREATE TABLE items (org text NOT NULL, id int PRIMARY KEY);
"""


def on_database(server: Server, sql: str, use: Callable[[AsyncpgExecutor, Catalog], Awaitable[T]]) -> T:
    """What `use` makes of a session and the catalog of a database where `sql` ran."""

    async def work() -> T:
        async with scratch(server, purpose="test") as url, open_(url, settings=running()) as session:
            await session.execute(sql)
            async with open_(url) as reader:
                catalog = (await read_catalog(reader)).catalog
            return await use(session, catalog)

    return asyncio.run(work())


@define
class Counting:
    """An executor that keeps what it is sent."""

    inner: Executor
    sent: list[tuple[str, tuple[object, ...]]] = field(factory=list)

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        self.sent.append((query, args))
        return await self.inner.fetch(query, *args)

    async def execute(self, script: str) -> None:
        raise AssertionError("a tenant table runs no scripts")

    def transaction(self) -> AbstractAsyncContextManager[object]:
        return self.inner.transaction()


def with_tables(server: Server, use: Callable[[Counting, Catalog], Awaitable[None]]) -> None:
    """Runs `use` on a database with the tables above."""

    async def counted(session: AsyncpgExecutor, catalog: Catalog) -> None:
        await use(Counting(session), catalog)

    on_database(server, SCHEMA, counted)


async def refused(call: Awaitable[object]) -> str:
    """What is said against a call."""
    with pytest.raises(PgkitError) as caught:
        await call
    assert caught.value.exit_code == 2
    return str(caught.value)
