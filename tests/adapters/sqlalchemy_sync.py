"""SQLAlchemy, sync, over psycopg (or psycopg2): `pyformat` writes the placeholders its way."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection

from pgkit.executor import pyformat


class SyncSqlAlchemyExecutor:
    """An Executor over a connection of `create_engine("postgresql+psycopg://...")`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        result = self.connection.exec_driver_sql(*pyformat(query, args))
        return result.all() if result.returns_rows else []

    async def execute(self, script: str) -> None:
        self.connection.exec_driver_sql(script, execution_options={"no_parameters": True})

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        inside = self.connection.in_transaction()
        with self.connection.begin_nested() if inside else self.connection.begin():
            yield
