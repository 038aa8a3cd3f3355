"""`pgkit drift`: the gate on the command line."""

from pathlib import Path

from pgkit.cli.drift_text import as_annotations, as_text, as_values
from pgkit.cli.output import Format, Outcome
from pgkit.jobs.config import load
from pgkit.jobs.gate import against_database, against_replay
from pgkit.jobs.sources import options_of


async def drift(
    expected: str, db: str | None, format: Format, config: Path | None, server: str | None
) -> Outcome:
    """Compares, with a database if there is a `db`, else with what the folder's own SQL makes."""
    settings = load(config)
    options = options_of(settings, server)
    if db is not None:
        verdict = await against_database(expected, db, options, settings)
    else:
        verdict = await against_replay(expected, options, settings)
    found = verdict.differences
    return Outcome(
        text=as_annotations(found) if format == "github" else as_text(found),
        result=as_values(found),
        findings=verdict.findings,
        exit_code=1 if found else 0,
    )
