"""The pytest plugin that keeps a skip for want of a tool from passing unseen.

Always, the run ends with a line for each tool that was missing. Where `CI` or `PGKIT_NO_SKIPS` is set, it
fails as well. `tests/conftest.py` loads it, since only there pytest-xdist's controller sees it too.
"""

from __future__ import annotations

import os

import pytest

from tests.toolchains.shell import CANNOT_RUN

FAILS = ("CI", "PGKIT_NO_SKIPS")


def wanted_tools(reporter: pytest.TerminalReporter) -> dict[str, int]:
    """Each line that a test without its tool was skipped with, and how many tests said it."""
    lines: dict[str, int] = {}
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if CANNOT_RUN in reason:
            line = reason.removeprefix("Skipped: ")
            lines[line] = lines.get(line, 0) + 1
    return lines


def skips_fail() -> bool:
    """Whether a tool that is not there fails the run."""
    return any(os.environ.get(name, "") not in ("", "0", "false") for name in FAILS)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails a run that went well but for the tests that could not run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and skips_fail() and wanted_tools(reporter) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which tools were missing, one line each, and whether that fails the run."""
    lines = wanted_tools(terminalreporter)
    if not lines:
        return
    terminalreporter.section("missing tools", red=skips_fail(), yellow=not skips_fail())
    for line, tests in lines.items():
        terminalreporter.line(f"{line} ({tests} skipped)")
    if skips_fail():
        terminalreporter.line("the run fails, since CI or PGKIT_NO_SKIPS is set")
