"""SQLAlchemy, asyncio, over asyncpg: its driver takes `$1` as it is."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection


class SqlAlchemyExecutor:
    """An Executor over a connection of `create_async_engine("postgresql+asyncpg://...")`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        result = await self.connection.exec_driver_sql(query, args)
        return result.all() if result.returns_rows else []

    async def execute(self, script: str) -> None:
        await self.connection.exec_driver_sql("")  # begins what SQLAlchemy has put off
        # SQLAlchemy prepares every statement, and a script of several cannot be
        await (await self.connection.get_raw_connection()).driver_connection.execute(script)  # type: ignore[union-attr]

    def transaction(self) -> AbstractAsyncContextManager[object]:
        inside = self.connection.in_transaction()
        return self.connection.begin_nested() if inside else self.connection.begin()
