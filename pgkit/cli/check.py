"""`pgkit check`: every mistake in a schema."""

from pathlib import Path

from pgkit.cli.output import Outcome
from pgkit.diag import Severity
from pgkit.jobs.check import check as find


async def check(files: list[Path]) -> Outcome:
    """Reports what is wrong; 1 if anything is."""
    found = find(files)
    wrong = any(f.severity is Severity.ERROR for f in found)
    return Outcome(findings=found, exit_code=1 if wrong else 0)
