"""psycopg 3, sync: for programs without an event loop, under `asyncio.run`."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg


class SyncPsycopgExecutor:
    """An Executor over a connection of psycopg 3; it holds up the event loop while it waits."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        cursor = psycopg.RawCursor(self.connection).execute(query, args)
        return cursor.fetchall() if cursor.description else []

    async def execute(self, script: str) -> None:
        self.connection.execute(script)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        with self.connection.transaction():
            yield
