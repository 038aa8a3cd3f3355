"""The server that tests run on: the one that PGKIT_TEST_SERVER names, else the embedded one."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from pgkit.runtime.embedded import Server, server

# `make test` draws the same samples each time; `make proof` draws new ones.
settings.register_profile("sample", derandomize=True, database=None, deadline=None)
if not os.environ.get("PGKIT_PROOF"):
    settings.load_profile("sample")

# Says at the end which tools were missing, and fails the run for it in CI.
pytest_plugins = ("tests.toolchains.strict",)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` fills in what corpus files expect."""
    parser.addoption("--update", action="store_true", help="write the expected blocks of corpus/")


def pytest_configure(config: pytest.Config) -> None:
    """Refuses `--update` under CI: what is expected is read before it is committed."""
    # A shell starts what it runs in the background with Ctrl-C ignored, and so would be all that tests start
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # by nohup
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if config.getoption("--update") and os.environ.get("CI", "") not in ("", "0", "false"):
        raise pytest.UsageError("--update is refused under CI: expected blocks are reviewed, then committed")


@pytest.fixture(scope="session")
def test_server() -> Iterator[Server]:
    """A running server for scratch databases."""
    with server(os.environ.get("PGKIT_TEST_SERVER", "embedded")) as running:
        yield running


@pytest.fixture(scope="session")
def server_url(test_server: Server) -> str:
    """The URL of that server."""
    return test_server.url
