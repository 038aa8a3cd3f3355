"""The servers that the passes are held against: an old version and the newest."""

from collections.abc import Iterator

import pytest

from pgkit.runtime.embedded import Server, local_server
from tests.passes.asking import Postgres, asking
from tests.toolchains.servers import contrib_server


@pytest.fixture(scope="session")
def postgres(test_server: Server) -> Iterator[Postgres]:
    """The newest Postgres."""
    with asking(test_server) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres15() -> Iterator[Postgres]:
    """A Postgres whose NOT NULL has no name."""
    with local_server(contrib_server(15)) as server, asking(server) as opened:
        yield opened


@pytest.fixture(scope="session", params=[15, 18])
def any_postgres(request: pytest.FixtureRequest) -> Postgres:
    """Postgres, old and new."""
    found: Postgres = request.getfixturevalue("postgres15" if request.param == 15 else "postgres")
    return found
