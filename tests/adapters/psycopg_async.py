"""psycopg 3, async: `AsyncRawCursor` takes `$1` as it is."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import psycopg


class PsycopgExecutor:
    """An Executor over an async connection of psycopg 3."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self.connection = connection

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        cursor = await psycopg.AsyncRawCursor(self.connection).execute(query, args)
        return await cursor.fetchall() if cursor.description else []

    async def execute(self, script: str) -> None:
        await self.connection.execute(script)

    def transaction(self) -> AbstractAsyncContextManager[object]:
        return self.connection.transaction()
