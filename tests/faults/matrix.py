"""The matrix of guarantees: how many cases each was tried on, how many broke it, and how long that took."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

import pytest
from attrs import define

Property = Callable[[str, object], None]
CASES = "cases"  # the property under which a test that tries many says how many


@define
class Line:
    """What became of the tests of one guarantee."""

    cases: int = 0
    violations: int = 0
    skipped: int = 0
    seconds: float = 0.0


def lines(reports: Iterable[pytest.TestReport]) -> dict[str, Line]:
    """A line for each guarantee; tests tell theirs by the name of their module."""
    found: dict[str, Line] = defaultdict(Line)
    for report in reports:
        named = re.search(r"tests/faults/test_(g\d+)_", report.nodeid)
        if named is None:
            continue
        line = found[named[1].upper()]
        line.seconds += report.duration
        if report.when == "call" or report.outcome == "failed":
            line.violations += report.outcome == "failed"
            line.cases += int(dict(report.user_properties).get(CASES, 1))
        line.skipped += report.outcome == "skipped"
    return dict(sorted(found.items()))


def text(found: dict[str, Line]) -> list[str]:
    """The matrix, to be read by people."""
    head = f"{'':4} {'cases':>6} {'violations':>11} {'skipped':>8} {'seconds':>8}"
    rows = [
        f"{name:4} {line.cases:6} {line.violations:11} {line.skipped:8} {line.seconds:8.0f}"
        for name, line in found.items()
    ]
    return [head, *rows]
