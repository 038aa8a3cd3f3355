"""`pgkit fmt`: schema files in their one form."""

from pathlib import Path

from pgkit.cli.output import Outcome
from pgkit.cli.show import put
from pgkit.jobs.fmt import fmt as format_files
from pgkit.jobs.fmt import unformatted


async def fmt(files: list[Path], check: bool) -> Outcome:
    """Writes the files that change; with `check` names them, and writes none."""
    done = format_files(files)
    changed = list(unformatted(done))
    if check:
        return Outcome(text="".join(f"{path}\n" for path in changed), exit_code=1 if changed else 0)
    for file in done:
        if file.changed:
            put(file.path, file.text)
    return Outcome()
