"""An empty database for each test that wants one."""

import asyncio
from collections.abc import Iterator

import pytest

from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch


@pytest.fixture
def db(test_server: Server) -> Iterator[str]:
    """The URL of a database of its own."""
    with asyncio.Runner() as runner:
        context = scratch(test_server)
        url = runner.run(context.__aenter__())
        try:
            yield url
        finally:
            runner.run(context.__aexit__(None, None, None))
