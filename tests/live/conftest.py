"""The servers that reading is tested on: an old version and the newest, both with contrib."""

from collections.abc import Iterator

import pytest

from pgkit.runtime.embedded import Server, local_server
from tests.toolchains.servers import contrib_server


@pytest.fixture(scope="session", params=[15, 18])
def contrib(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server with all of contrib, of each version."""
    with local_server(contrib_server(request.param)) as server:
        yield server


@pytest.fixture(scope="session")
def contrib18() -> Iterator[Server]:
    """A server of version 18, for what older ones do not have."""
    with local_server(contrib_server(18)) as server:
        yield server
