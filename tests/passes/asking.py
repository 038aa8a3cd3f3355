"""Asking Postgres: SQL that is run and taken back, and what it said."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from pgkit.backends.ddl import emit
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Create
from pgkit.ir.walk import members_of
from pgkit.passes.plan.order import order
from pgkit.passes.plan.unfold import unfold
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from pgkit.runtime.session import AsyncpgExecutor


class Postgres:
    """An empty database that stays empty: what is asked runs in a transaction that is rolled back."""

    def __init__(self, session: AsyncpgExecutor, loop: asyncio.AbstractEventLoop, version: int) -> None:
        self._session = session
        self._loop = loop
        self.version = version

    def after(self, script: str, *queries: str) -> tuple[Sequence[Sequence[Any]], ...]:
        """The rows of each query after the script; raises SqlError when Postgres refuses the script."""
        return self._loop.run_until_complete(self._after(script, queries))

    def refusal(self, script: str) -> str | None:
        """Why Postgres refuses a script; None if it does not."""
        try:
            self.after(script)
        except SqlError as error:
            return f"{error.sqlstate}: {error.message}"
        return None

    async def _after(self, script: str, queries: tuple[str, ...]) -> tuple[Sequence[Sequence[Any]], ...]:
        await self._session.execute("BEGIN")
        try:
            await self._session.execute(script)
            return tuple([await self._session.fetch(query) for query in queries])
        finally:
            await self._session.execute("ROLLBACK")


@contextlib.contextmanager
def asking(server: Server) -> Iterator[Postgres]:
    """A database of the server to ask."""
    loop = asyncio.new_event_loop()
    stack = contextlib.AsyncExitStack()

    async def opened() -> Postgres:
        url = await stack.enter_async_context(scratch(server, purpose="asking"))
        session = await stack.enter_async_context(open_(url, settings=running()))
        rows = await session.fetch("SELECT pg_catalog.current_setting('server_version_num')::int / 10000")
        return Postgres(session, loop, rows[0][0])

    try:
        yield loop.run_until_complete(opened())
    finally:
        loop.run_until_complete(stack.aclose())
        loop.close()


def script_of(catalog: Catalog) -> str:
    """The DDL of a catalog, two objects of one name written twice, as a person would."""
    changes = unfold(Create(ref, obj) for ref, obj in members_of(catalog))
    return ";\n".join(s.sql.text for s in emit(order(tuple(changes))))
