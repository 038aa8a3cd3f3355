"""Databases of a case: made from one side of it, with its rows, and dropped again."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from attrs import evolve, frozen

from pgkit.frontends.live import read_catalog
from pgkit.grammar.split import split_statements
from pgkit.ir.catalog import Catalog
from pgkit.jobs.replay_shared import about_roles
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.roles import roles_guard
from pgkit.runtime.scratch import scratch
from pgkit.runtime.session import AsyncpgExecutor
from pgkit.sql import quote
from tests.corpus import planning
from tests.corpus.cases import Case
from tests.corpus.planning import Side

_ROLE: Final = re.compile(r"^role\s", re.MULTILINE)


class Refused(Exception):
    """A statement that Postgres refuses, and what it says."""


@frozen
class Made:
    """A database that holds one side of a case."""

    url: str
    side: Side


def has_roles(case: Case) -> bool:
    """Whether a case makes roles, which all databases of a server share: it must be alone with them."""
    texts = (case.side("before"), case.side("after"))
    return bool(case.needs.roles) or any(
        _ROLE.search(text) if language == "pgkit" else about_roles(text) for language, text in texts
    )


@asynccontextmanager
async def made(case: Case, side: str, server: Server) -> AsyncIterator[Made]:
    """A database made from `before` or `after`; it and its roles are gone at the end."""
    known = planning.offline(case, side)
    async with AsyncExitStack() as stack:
        if has_roles(case):
            await stack.enter_async_context(roles_guard(server))
        url = await stack.enter_async_context(scratch(server, purpose="corpus"))
        async with open_(url, settings=running()) as session:
            for statement in (
                *_given(case, side),
                *statements(known.script if known else case.side(side)[1]),
            ):
                await run(session, statement)
        yield Made(url, known or planning.ran(case, side, await catalog_of(case, url)))


async def catalog_of(case: Case, url: str) -> Catalog:
    """The catalog of a database: roles only if they are the case's own."""
    async with open_(url) as session:
        catalog = (await read_catalog(session)).catalog
    own = [role for role in catalog.roles if role.name not in case.needs.roles] if has_roles(case) else []
    return evolve(catalog, roles=tuple(own))


async def run(session: AsyncpgExecutor, statement: str) -> None:
    """Runs one statement. Raises Refused with it."""
    try:
        await session.execute(statement)
    except SqlError as error:
        more = "".join(f"\n  {text}" for text in (error.detail, error.hint) if text)
        raise Refused(f"{statement}\n  {error}{more}") from None


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one; all at once if Postgres's parser does not know them."""
    spans = split_statements(script)
    yield from [script] if spans is None else (script[start:end] for start, end in spans)


def _given(case: Case, side: str) -> Iterator[str]:
    """What is there before the case begins; a catalog holds its extensions itself."""
    if case.side(side)[0] == "sql":
        yield from (f"CREATE EXTENSION {quote(extension)}" for extension in case.undeclared_extensions)
    yield from (f"CREATE ROLE {quote(role)}" for role in case.needs.roles)
