"""Roles belong to the whole server: a replay that makes some is alone with them, and they go with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pgkit.diag import fail
from pgkit.runtime.connect import SqlError, open_
from pgkit.runtime.embedded import Server
from pgkit.runtime.session import AsyncpgExecutor
from pgkit.runtime.url import redact

_KEY = "pg_catalog.hashtextextended('pgkit roles', 0)"
_ROLES = """
    SELECT pg_catalog.string_agg(pg_catalog.quote_ident(rolname), ', ' ORDER BY oid),
           pg_catalog.array_agg(pg_catalog.quote_ident(rolname) ORDER BY oid)
    FROM pg_catalog.pg_roles WHERE oid >= 16384"""
_SETTINGS = """
    SELECT pg_catalog.format('ALTER ROLE %s RESET ALL', coalesce(pg_catalog.quote_ident(rolname), 'ALL'))
    FROM pg_catalog.pg_db_role_setting LEFT JOIN pg_catalog.pg_roles ON pg_roles.oid = setrole
    WHERE setdatabase = 0"""


@asynccontextmanager
async def roles_guard(server: Server) -> AsyncIterator[None]:
    """Holds off every other user of roles on a server of ours, and drops the roles that were made meanwhile.

    To be entered before `scratch` and left after it: a role that owns something cannot be dropped.
    """
    if not server.owned:
        help = "leave --server out, so that this runs on the embedded server"
        raise fail(
            "roles-would-stay",
            "cannot create roles on a server of yours",
            where=redact(server.url),
            help=help,
        )
    async with open_(server.url) as session:
        # Polled: whoever waits inside a statement holds a snapshot, on which others may wait.
        while not (await session.fetch(f"SELECT pg_catalog.pg_try_advisory_lock({_KEY})"))[0][0]:
            await asyncio.sleep(0.05)
        await _forget_roles(session)  # of a process that was killed
        try:
            yield
        finally:
            await _forget_roles(session)


async def _forget_roles(session: AsyncpgExecutor) -> None:
    for (statement,) in await session.fetch(_SETTINGS):
        await session.execute(statement)
    together, each = (await session.fetch(_ROLES))[0]
    if together is None:
        return
    try:
        # Together, since one may have granted another's membership
        await session.execute(f"DROP OWNED BY {together} CASCADE; DROP ROLE {together};")
    except SqlError:
        for role in each:
            await _try(session, f"DROP ROLE {role}")


async def _try(session: AsyncpgExecutor, statement: str) -> None:
    try:
        await session.execute(statement)
    except SqlError:
        return
