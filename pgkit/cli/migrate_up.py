"""`pgkit migrate up` on the command line: its options, what it tells on the way, and its result."""

import sys
from typing import Any

from pgkit.cli.migrate_choices import UpChoices
from pgkit.cli.migrate_progress import Progress
from pgkit.cli.output import Outcome
from pgkit.jobs.config import MigrateConfig, load
from pgkit.jobs.migrate.ledgers import place
from pgkit.jobs.migrate.up import Report, Request, Stopped
from pgkit.jobs.migrate.up import up as run
from pgkit.runtime.migrate.options import Options, seconds

DEFAULTS = Options()


async def up(choices: UpChoices) -> Outcome:
    """Applies what is pending, and tells of it while it does."""
    request = _request(choices)
    progress = Progress(sys.stderr, quiet=choices.format == "json")
    try:
        report = await run(request, progress)
    except Stopped as stopped:
        progress.clear()
        return Outcome(
            text=_text(stopped.report, stopped=True),
            result=_values(stopped.report),
            findings=(*stopped.report.findings, *stopped.diagnostics),
            exit_code=stopped.exit_code,
        )
    finally:
        progress.clear()
    return Outcome(text=_text(report), result=_values(report), findings=report.findings)


def _request(choices: UpChoices) -> Request:
    loaded = load(choices.config)
    where = place(choices.dir, choices.db, choices.ledger, loaded.migrate)
    return Request(
        folder=where.folder,
        db=where.url,
        ledger=where.ledger or loaded.migrate.ledger,
        names=loaded.migrate,
        options=_options(choices, loaded.migrate),
        to=choices.to,
        out_of_order=choices.out_of_order,
        dry_run=choices.dry_run,
    )


def _options(choices: UpChoices, config: MigrateConfig) -> Options:
    return Options(
        lock_timeout=seconds(choices.lock_timeout or config.lock_timeout, "lock_timeout"),
        lock_wait=seconds(choices.lock_wait or config.lock_wait, "lock_wait"),
        statement_timeout=seconds(choices.statement_timeout or config.statement_timeout, "statement_timeout"),
        retries=DEFAULTS.retries if choices.retries is None else choices.retries,
        search_path=None if config.search_path == MigrateConfig().search_path else config.search_path,
    )


def _text(report: Report, *, stopped: bool = False) -> str:
    if report.trial is not None:
        tried = [f"would apply  {tag}" for tag in report.trial.tried]
        untried = [f"not tried    {one.tag}  ({one.why})" for one in report.trial.untried]
        lines = [*tried, *untried]
    else:
        applied = [f"applied  {one.tag}  ({one.ms} ms)" for one in report.applied]
        lines = [*applied, *(f"pending  {tag}" for tag in report.pending)]
    return "\n".join(lines) if lines or stopped else "nothing to do"


def _values(report: Report) -> dict[str, Any]:
    values: dict[str, Any] = {
        "applied": [{"tag": one.tag, "ms": one.ms} for one in report.applied],
        "pending": list(report.pending),
        "dry_run": report.trial is not None,
    }
    if report.trial is not None:
        values["tried"] = list(report.trial.tried)
        values["untried"] = [{"tag": one.tag, "why": one.why} for one in report.trial.untried]
    return values
