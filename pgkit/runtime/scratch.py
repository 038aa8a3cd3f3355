"""Scratch databases: made to ask Postgres a question, and dropped whatever happens to whoever asks."""

import asyncio
import os
import secrets
import signal
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress

from pgkit.diag import PgkitError, fail
from pgkit.runtime.connect import SqlError, open_
from pgkit.runtime.embedded import Server
from pgkit.runtime.session import AsyncpgExecutor
from pgkit.runtime.url import redact, with_database

PREFIX = "pgkit_scratch_"
_LOCK = "pg_advisory_lock(pg_catalog.hashtextextended($1, 0))"


@asynccontextmanager
async def scratch(
    server: Server, *, template: str = "template0", purpose: str = "replay"
) -> AsyncIterator[str]:
    """The URL of a fresh, empty database, dropped at the end, also by Ctrl-C, SIGTERM or cancellation.

    On a server of ours the next call drops what a killed process left behind; on a server of the user's
    nothing is ever dropped but what this call made.
    """
    _interrupt_on_termination()
    name = f"{PREFIX}{purpose}_{os.getpid()}_{secrets.token_hex(4)}"
    async with open_(server.url) as keeper:
        if server.owned:
            await _sweep(keeper)
            # Whoever gets this lock takes the database for abandoned; it is ours until the session ends
            await keeper.fetch(f"SELECT pg_catalog.{_LOCK}", name)
        try:
            await _create(keeper, server, name, template)
            yield with_database(server.url, name)
        except BaseException:
            with suppress(PgkitError):  # what went wrong first is what matters
                await _to_the_end(_drop(keeper, server, name))
            raise
        await _to_the_end(_drop(keeper, server, name))


async def _create(keeper: AsyncpgExecutor, server: Server, name: str, template: str) -> None:
    try:
        options = _fastest(server) if server.owned else await _in_utf8(keeper, template)
        await keeper.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{options}')
    except SqlError as error:
        help = error.hint
        if error.sqlstate == "42501":
            help = "grant CREATEDB to the role of --server, or leave --server out to use the embedded server"
        message = f"cannot create a scratch database: {error.message}"
        raise fail("no-scratch-database", message, where=redact(server.url), help=help) from None


def _fastest(server: Server) -> str:
    """Without fsync, copying files takes two thirds of the time that going through the WAL takes."""
    return " STRATEGY FILE_COPY" if (server.version or 0) >= 15 else ""


async def _in_utf8(keeper: AsyncpgExecutor, template: str) -> str:
    encoding = (
        "SELECT pg_catalog.pg_encoding_to_char(encoding)::text FROM pg_catalog.pg_database WHERE datname = $1"
    )
    rows = await keeper.fetch(encoding, template)
    return "" if rows and rows[0][0] == "UTF8" else " ENCODING 'UTF8' LOCALE 'C'"


async def _drop(keeper: AsyncpgExecutor, server: Server, name: str) -> None:
    try:
        if keeper.is_closed():
            async with open_(server.url) as again:
                await again.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        else:
            await keeper.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    except SqlError as error:
        message = f"cannot drop the scratch database {name}: {error.message}"
        raise fail(
            "scratch-database-left", message, where=redact(server.url), help="drop it by hand"
        ) from None


async def _sweep(keeper: AsyncpgExecutor) -> None:
    """Drops what killed processes left: databases whose lock nobody holds."""
    found = "SELECT datname::text FROM pg_catalog.pg_database WHERE pg_catalog.starts_with(datname::text, $1)"
    for (name,) in await keeper.fetch(found, PREFIX):
        if (await keeper.fetch(f"SELECT pg_catalog.{_LOCK.replace('pg_', 'pg_try_', 1)}", name))[0][0]:
            with suppress(SqlError):
                await keeper.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await keeper.fetch(f"SELECT pg_catalog.{_LOCK.replace('_lock', '_unlock', 1)}", name)


async def _to_the_end(work: Coroutine[object, object, None]) -> None:
    """Awaits work that being cancelled, again and again if need be, does not stop."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
    task.result()
    if cancelled:
        raise asyncio.CancelledError


def _interrupt_on_termination() -> None:
    """Has SIGTERM and SIGHUP do what Ctrl-C does, where nobody else handles them: asyncio would just die.

    They stay so, since scratch databases may overlap.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
