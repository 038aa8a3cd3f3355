"""The servers that the corpus runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from pgkit.runtime.binaries import embedded_bin
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server, local_server
from tests.corpus.cases import Case
from tests.live.reading import run
from tests.toolchains.servers import contrib_server

Servers = Callable[[Case, int], Server | None]


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """A server of a version that offers all that a case needs, if there is one."""
    with ExitStack() as stack:

        @cache
        def running(version: int, embedded: bool) -> Server:
            programs = embedded_bin() if embedded else contrib_server(15 if version == 15 else 18)
            return stack.enter_context(local_server(programs))

        def choose(case: Case, version: int) -> Server | None:
            for embedded in (False, True):
                server = running(version, embedded)
                if server.version == version and run(offers(server, case.needs.extensions)):
                    return server
            return None

        yield choose


@pytest.fixture(scope="session")
def updated(request: pytest.FixtureRequest) -> set[Path] | None:
    """The cases that this run has filled in so far; None without --update."""
    return set() if request.config.getoption("--update") else None


async def offers(server: Server, extensions: tuple[str, ...]) -> bool:
    """Whether a server has these extensions."""
    if not extensions:
        return True
    async with open_(server.url) as session:
        query = "SELECT count(*) FROM pg_catalog.pg_available_extensions WHERE name = ANY ($1::text[])"
        return bool((await session.fetch(query, list(extensions)))[0][0] == len(set(extensions)))
