"""The server that is harmed, the databases on it, and the processes that run on them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.matrix import lines, text
from tests.faults.reference import References
from tests.faults.runners import Runners, runners
from tests.faults.servers import LOSSY, Harmed, harmed


@pytest.fixture(scope="session")
def victim() -> Iterator[Harmed]:
    """A server for these tests alone: it may be crashed, and comes up again. It loses commits if it is let."""
    with harmed(**LOSSY) as server:
        yield server


@pytest.fixture
def database(victim: Harmed) -> Iterator[str]:
    """The URL of a fresh database."""
    with victim.database() as url:
        yield url


@pytest.fixture
def run() -> Iterator[Runners]:
    """Runners, gone at the end of the test."""
    with runners() as started:
        yield started


@pytest.fixture(scope="session")
def references(victim: Harmed, tmp_path_factory: pytest.TempPathFactory) -> References:
    """What undisturbed runs leave."""
    return References(victim, Path(tmp_path_factory.mktemp("references")))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the matrix of guarantees after the full sweep."""
    if not os.environ.get("PGKIT_PROOF"):
        return
    ended = [report for reports in terminalreporter.stats.values() for report in reports]
    found = lines(report for report in ended if isinstance(report, pytest.TestReport))
    if found:
        terminalreporter.section("guarantees under fault")
        terminalreporter.write_line("\n".join(text(found)))
