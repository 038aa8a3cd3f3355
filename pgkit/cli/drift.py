"""`pgkit drift`: the gate on the command line."""

from pathlib import Path

from pgkit.cli.drift_text import as_annotations, as_text, as_values
from pgkit.cli.output import Format, Outcome
from pgkit.jobs.config import load
from pgkit.jobs.gate import against_database, against_replay
from pgkit.jobs.sources import Options


async def drift(
    expected: str, db: str | None, format: Format, config: Path | None, server: str | None
) -> Outcome:
    """Compares, with a database if there is a `db`, else with what the folder's own SQL makes."""
    settings = load(config)
    options = Options(server=server, replay=settings.replay, base=settings.folder)
    if db is not None:
        verdict = await against_database(expected, db, options, settings.drift)
    else:
        verdict = await against_replay(expected, options, settings.drift)
    found = verdict.differences
    return Outcome(
        text=as_annotations(found) if format == "github" else as_text(found),
        result=as_values(found),
        findings=verdict.findings,
        exit_code=1 if found else 0,
    )
