"""A plan as a script: its statements, with what they risk as comments above them."""

from collections.abc import Iterator

from attrs import frozen

from pgkit.backends.ddl import emit
from pgkit.ir.change import Alter, Create
from pgkit.ir.expr import Lit
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.plan import Guard, Hazard, Plan, Step
from pgkit.ir.walk import Declared
from pgkit.sql import Sql, sql

COMMIT = "-- commit"
_TAG = "$pgkit$"
_ROUTINES = ("function", "procedure")


@frozen
class Run:
    """A step with its statements, none of which has its semicolon."""

    step: Step
    statements: tuple[Sql, ...]


def runs(plan: Plan) -> Iterator[Run]:
    """The steps of a plan with their statements; those that print nothing are there as well."""
    for step in plan.steps:
        yield Run(step, tuple(s.sql for s in emit((step.change,))))


def guards(plan: Plan) -> Iterator[Sql]:
    """The statements that stop a plan before it changes anything, if rows are in its way."""
    for guard in dict.fromkeys(step.guard for step in plan.steps if step.guard is not None):
        yield _guard(guard)


def settings(plan: Plan) -> Iterator[Sql]:
    """What the session needs: a body in SQL may name what is made after its function."""
    if any(isinstance(c, Create | Alter) and _has_body(c.new) for c in plan.changes):
        yield Sql("SET check_function_bodies = off")


def _has_body(obj: Declared) -> bool:
    text = obj.definition or "" if isinstance(obj, Unmodelled) and obj.kind in _ROUTINES else ""
    return "\n LANGUAGE sql\n" in text and "\nAS $" in text


def script(plan: Plan) -> str:
    """The whole plan as SQL for psql or a migration file: guards first, `-- commit` where one must be."""
    lines = [f"{statement};" for statement in (*settings(plan), *guards(plan))]
    for run in runs(plan):
        if not run.statements:
            continue
        if run.step.commit_before:
            lines.append(COMMIT)
        for hazard in run.step.hazards:
            lines += comment_lines(hazard)
        lines += [f"{statement};" for statement in run.statements]
    return "".join(f"{line}\n" for line in lines)


def comment_lines(hazard: Hazard) -> Iterator[str]:
    """A hazard as comments, its query below it."""
    first, *rest = f"hazard {hazard.code}: {hazard.message}".splitlines()
    yield from (f"-- {first}", *(f"--   {line}" for line in rest))
    yield from (f"--   {line}" for line in (hazard.query or "").splitlines())


def _guard(guard: Guard) -> Sql:
    """Raises what the guard says when its query finds a row, with the query as the way to find them all."""
    tag = _TAG
    while tag[:-1] in guard.query + guard.message:
        tag = f"${tag[1:-1]}_$"
    return sql(
        "DO {tag}\nBEGIN\n"
        "  IF EXISTS (\n    {query}\n  ) THEN\n"
        "    RAISE EXCEPTION USING MESSAGE = {message}, HINT = {hint};\n"
        "  END IF;\nEND\n{tag}",
        tag=Sql(tag),
        query=Sql(guard.query.replace("\n", "\n    ")),
        message=Lit("string", guard.message),
        hint=Lit("string", f"find them with: {guard.query}"),
    )
