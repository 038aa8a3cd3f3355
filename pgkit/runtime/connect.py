"""Connections to a database: session settings, SQL errors, and what to tell when there is no connection."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import frozen

from pgkit.runtime.target import parse
from pgkit.runtime.url import redact

if TYPE_CHECKING:
    from pgkit.runtime.session import AsyncpgExecutor

__all__ = ["READING", "SqlError", "connect", "open_", "redact", "running", "settings_sql"]

# What Postgres prints depends on these. An empty path keeps functions of others from being found by name.
READING: Mapping[str, str] = MappingProxyType(
    {
        "search_path": "",
        "TimeZone": "UTC",
        "DateStyle": "ISO, MDY",
        "IntervalStyle": "postgres",
        "extra_float_digits": "1",
        "bytea_output": "hex",
        "quote_all_identifiers": "off",
        "lc_monetary": "C",
        "jit": "off",
        "application_name": "pgkit",
    }
)
USER_PATH = '"$user", public'


@frozen
class SqlError(Exception):
    """What Postgres says against a statement; `position` counts characters of the text sent, from one."""

    sqlstate: str
    message: str
    detail: str | None = None
    hint: str | None = None
    position: int | None = None

    def __str__(self) -> str:
        return f"{self.message} ({self.sqlstate})"


def running(search_path: str = USER_PATH) -> Mapping[str, str]:
    """The settings under which SQL of the user runs: those of reading, with a path to find names on."""
    return MappingProxyType({**READING, "search_path": search_path})


def settings_sql(settings: Mapping[str, str]) -> str:
    """The statement that pins the settings for the rest of a transaction, to stand first in it."""
    calls = (
        f"pg_catalog.set_config({_literal(name)}, {_literal(value)}, true)"
        for name, value in settings.items()
    )
    return f"SELECT {', '.join(calls)};"


async def connect(url: str, *, settings: Mapping[str, str] = READING) -> "AsyncpgExecutor":
    """An open session on the database of a libpq URL, with the settings in its startup packet.

    A pooler may refuse them: then `unpinned` holds what is left to pin with `settings_sql`.
    """
    from pgkit.runtime.session import dial

    return await dial(parse(url), settings)


@asynccontextmanager
async def open_(url: str, *, settings: Mapping[str, str] = READING) -> "AsyncIterator[AsyncpgExecutor]":
    """`connect` as a context: the session is closed at its end."""
    session = await connect(url, settings=settings)
    try:
        yield session
    finally:
        await session.close()


def _literal(text: str) -> str:
    doubled = text.replace("'", "''")
    if "\\" not in doubled:
        return f"'{doubled}'"
    # E'' reads the same whatever standard_conforming_strings says
    return "E'" + doubled.replace("\\", "\\\\") + "'"
