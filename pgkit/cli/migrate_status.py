"""`pgkit migrate status`, `verify` and `baseline` on the command line."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pgkit.cli.migrate_choices import BaselineChoices, StatusChoices, VerifyChoices
from pgkit.cli.migrate_choices import Place as Chosen
from pgkit.cli.output import Outcome, finding_json
from pgkit.diag import printable
from pgkit.jobs.config import load
from pgkit.jobs.migrate import baseline as baselines
from pgkit.jobs.migrate import status as statuses
from pgkit.jobs.migrate import verify as verifying
from pgkit.jobs.migrate.baseline import Baselined
from pgkit.jobs.migrate.ledgers import Place, place
from pgkit.jobs.migrate.standings import Line, Standings
from pgkit.jobs.migrate.status import Status
from pgkit.jobs.migrate.verify import Verified


async def status(choices: StatusChoices) -> Outcome:
    """Where each migration stands."""
    said = await statuses.status(_place(choices))
    return Outcome(
        text="\n".join(_table(standings) for standings in said.ledgers.values()),
        result=_status_values(said),
        findings=said.findings,
        exit_code=1 if choices.check and not said.clean else 0,
    )


async def verify(choices: VerifyChoices) -> Outcome:
    """The ledger against the files, and what is repaired if that is wished."""
    where = _place(choices)
    said = await (verifying.repair(where) if choices.repair else verifying.verify(where))
    return Outcome(
        text=_verified_text(said),
        result=_verified_values(said),
        findings=(*said.findings, *said.wrong),
        exit_code=1 if said.wrong else 0,
    )


async def baseline(choices: BaselineChoices) -> Outcome:
    """Records migrations as applied."""
    done = await baselines.baseline(_place(choices), choices.to)
    return Outcome(text=_baseline_text(done), result=_baseline_values(done), findings=done.findings)


def _place(chosen: Chosen) -> Place:
    settings = load(chosen.config)
    return place(chosen.dir, chosen.db, chosen.ledger, settings.migrate)


def _table(standings: Standings) -> str:
    """A line for each migration, and a last one that counts them."""
    width = max((len(line.standing) for line in standings.lines), default=0)
    rows = (f"  {line.standing:{width}}  {_words(line)}" for line in standings.lines)
    head = f"{standings.title}{'' if standings.exists else ' (not there yet)'}"
    return "\n".join((head, *rows, _counted(standings), ""))


def _words(line: Line) -> str:
    return printable(f"{line.tag}  ({line.detail})" if line.detail else line.tag)


def _counted(standings: Standings) -> str:
    counts = Counter(line.standing for line in standings.lines)
    said = ", ".join(f"{count} {standing}" for standing, count in counts.items())
    return f"{_plural(len(standings.lines), 'migration')}{f': {said}' if said else ''}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _status_values(said: Status) -> dict[str, Any]:
    ledgers = [
        {"ledger": name, **_values(standings), "chosen": name == said.chosen}
        for name, standings in said.ledgers.items()
    ]
    return {"ledgers": ledgers, "clean": said.clean}


def _values(standings: Standings) -> dict[str, Any]:
    return {
        "table": standings.title,
        "exists": standings.exists,
        "migrations": [_line_values(line) for line in standings.lines],
        "pending": sum(line.pending for line in standings.lines),
        "wrong": len(standings.wrong),
    }


def _line_values(line: Line) -> dict[str, Any]:
    migration = line.migration
    return {
        "tag": line.tag,
        "status": str(line.standing),
        "detail": line.detail or None,
        "file": migration.source.name if migration else None,
        "when": migration.when if migration else None,
        "applied_at": line.applied_at.isoformat() if line.applied_at else None,
        "checksum": migration.checksum if migration else None,
    }


def _verified_text(said: Verified) -> str:
    repaired = [f"{printable(one.tag)}: {one.done}" for one in said.repairs]
    wrong = f"{_plural(len(said.wrong), 'disagreement')} between {said.standings.title} and the files"
    end = wrong if said.wrong else f"{said.standings.title} and the files agree"
    return "\n".join((*repaired, end, ""))


def _verified_values(said: Verified) -> dict[str, Any]:
    repairs = [{"tag": one.tag, "was": str(one.was), "done": one.done} for one in said.repairs]
    return {
        **_values(said.standings),
        "disagreements": [finding_json(finding) for finding in said.wrong],
        "repairs": repairs,
    }


def _baseline_text(done: Baselined) -> str:
    return "\n".join((*_baseline_lines(done), ""))


def _baseline_lines(done: Baselined) -> Iterator[str]:
    by = f", as {done.adopted} has it" if done.adopted else ""
    yield from (f"  recorded  {tag}" for tag in done.recorded)
    kept = f"; {done.kept} were before" if done.kept else ""
    yield f"{_plural(len(done.recorded), 'migration')} recorded in {done.title} and not run{by}{kept}"
    if done.pending:
        yield f"{_plural(len(done.pending), 'migration')} pending: {', '.join(done.pending[:5])}"


def _baseline_values(done: Baselined) -> dict[str, Any]:
    return {
        "table": done.title,
        "recorded": list(done.recorded),
        "kept": done.kept,
        "pending": list(done.pending),
        "adopted": done.adopted,
    }
