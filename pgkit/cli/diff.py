"""`pgkit diff`: the way from one schema to another on the command line."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from attrs import evolve, frozen

from pgkit.backends.ddl.script import Run, guards, runs, script
from pgkit.cli.migrate_choices import NewChoices
from pgkit.cli.output import Outcome
from pgkit.ir.change import Alter, Change, Create, Drop, Rename
from pgkit.ir.hints import Hints
from pgkit.ir.plan import Plan
from pgkit.jobs.ask import can_ask
from pgkit.jobs.config import load
from pgkit.jobs.diff import Asked, Difference, diff, tried, unplanned
from pgkit.jobs.hints import DEFAULT_FILE, asked_hints, kept_answers
from pgkit.jobs.sources import options_of

Format = Literal["sql", "json", "summary"]


@frozen(kw_only=True)
class Choices:
    """What the command line says beside the two sources."""

    renames: tuple[str, ...] = ()
    hints: Path | None = None
    format: Format = "sql"
    exit_code: bool = False
    try_: bool = False
    postgres: int | None = None


async def compare(
    before: str, after: str, choices: Choices, config: Path | None, server: str | None
) -> Outcome:
    """Plans the way from `before` to `after`, and tries it if asked to."""
    settings = load(config)
    options = options_of(settings, server)
    asked = evolve(asked_by(choices), strict_names=settings.drift.names == "strict")
    found = await diff(before, after, options, asked)
    findings = (*found.findings, *unplanned(found), *(await tried(found, options) if choices.try_ else ()))
    return Outcome(
        text=_text(found, choices.format),
        result=as_values(found.plan),
        findings=findings,
        exit_code=1 if choices.exit_code and found.plan.steps else 0,
    )


def asked_by(choices: Choices | NewChoices) -> Asked:
    """How the command line has two schemas compared."""
    return Asked(
        hints=asked_hints(choices.renames, choices.hints),
        kept=Hints() if choices.hints else kept_answers(),
        ask=can_ask() and choices.format != "json",
        hints_file=choices.hints or DEFAULT_FILE,
        postgres=choices.postgres,
    )


def _text(found: Difference, format: Format) -> str:
    return "".join(summary(found.plan)) if format == "summary" else script(found.plan)


def summary(plan: Plan) -> Iterator[str]:
    """A line for each step: what it does, to what, and the codes of its hazards."""
    for step in plan.steps:
        codes = ", ".join(dict.fromkeys(h.code for h in step.hazards))
        yield f"{_words(step.change)}{f'  [{codes}]' if codes else ''}\n"


def _words(change: Change) -> str:
    noun = change.ref.kind.replace("_", " ")
    match change:
        case Create():
            return f"create {noun} {change.ref}"
        case Drop():
            return f"drop {noun} {change.ref}"
        case Rename(ref, to):
            return f"rename {noun} {ref} -> {to}"
        case Alter():
            fields = ", ".join(f.replace("_", " ") for f in change.fields)
            return f"alter {noun} {change.ref}: {fields}"


def as_values(plan: Plan) -> dict[str, Any]:
    """The stable form for programs."""
    return {
        "base": plan.base,
        "guards": [statement.text for statement in guards(plan)],
        "steps": [_step(run) for run in runs(plan)],
    }


def _step(run: Run) -> Mapping[str, Any]:
    step = run.step
    ref = step.change.ref
    return {
        "change": type(step.change).__name__.lower(),
        "ref": [part for part in (ref.kind, ref.schema, ref.name, ref.member) if part],
        "sql": [statement.text for statement in run.statements],
        "transactional": step.transactional,
        "commit_before": step.commit_before,
        "hazards": [_hazard(h.code, h.message, h.query) for h in step.hazards],
    }


def _hazard(code: str, message: str, query: str | None) -> dict[str, str]:
    return {"code": code, "message": message} | ({"query": query} if query else {})
