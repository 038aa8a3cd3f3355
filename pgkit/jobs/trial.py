"""trial: a scratch copy of `before` -> the plan's statements -> read back -> compared with `after`."""

import attrs

from pgkit.backends.ddl import emit
from pgkit.backends.ddl.script import guards, runs, settings
from pgkit.diag import Diagnostic, Severity
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Policy
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.plan import Plan
from pgkit.ir.walk import Declared, map_members, ref_of
from pgkit.jobs.drift import DriftOptions, drift
from pgkit.jobs.settle import Surroundings, prepare
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import creation, plan
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch


async def trial(
    before: Catalog, after: Catalog, hints: Hints, version: int, server: Server, around: Surroundings
) -> tuple[Diagnostic, ...]:
    """What goes wrong when the plan is run on a scratch copy of `before`, without rows; nothing if it works.

    Roles belong to the server, and none is ever created: policies are tried without their roles.
    """
    before, after = _without_roles(before), _without_roles(after)
    steps = plan(before, after, hints, version)
    async with scratch(server, purpose="try") as url:
        problem = await _run(before, steps, url, around)
        if problem is not None:
            return (problem,)
        async with open_(url) as session:
            made = normalize((await read_catalog(session)).catalog)
    after, made = _without_blocks(after, attrs.evolve(made, roles=()))
    found = await drift(after, made, lambda: server, DriftOptions(prelude=around.prelude))
    return tuple(
        _problem(
            "not-reached",
            f"the plan leaves a difference: {d.kind.replace('_', ' ')} {d.ref} {d.class_}",
            f"expected {d.expected or 'nothing'}, found {d.actual or 'nothing'}",
        )
        for d in found.differences
    )


def _without_blocks(after: Catalog, made: Catalog) -> tuple[Catalog, Catalog]:
    """Both without `sql` blocks and what these have made, which nothing but a server knows."""
    wanted = {ref_of(u) for u in after.unmodelled if u.kind != "sql"}
    if len(wanted) == len(after.unmodelled):
        return after, made
    left = tuple(u for u in after.unmodelled if u.kind != "sql")
    there = tuple(u for u in made.unmodelled if ref_of(u) in wanted)
    return attrs.evolve(after, unmodelled=left), attrs.evolve(made, unmodelled=there)


async def _run(before: Catalog, steps: Plan, url: str, around: Surroundings) -> Diagnostic | None:
    async with open_(url, settings=running(around.path)) as session:
        await prepare(session, around)
        copy = "".join(f"{s.sql.text};\n" for s in emit(creation(before)))
        try:
            await session.execute(copy or "SELECT 1")
        except SqlError as error:
            help = "give a server that can hold it with --server"
            return _problem("not-tried", f"the plan was not tried: {error.message}", help, Severity.WARNING)
        statements = [*settings(steps), *guards(steps), *(s for run in runs(steps) for s in run.statements)]
        for statement in statements:
            try:
                await session.execute(statement.text)
            except SqlError as error:
                help = f"the statement was: {statement.text}"
                return _problem("plan-fails", f"the plan fails on a copy: {error.message}", help)
    return None


def _problem(code: str, message: str, help: str, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic(code, message, help=help, severity=severity)


def _without_roles(catalog: Catalog) -> Catalog:
    def bare(ref: Ref, obj: Declared) -> Declared | None:
        if isinstance(obj, Unmodelled):
            return obj if obj.definition is not None else None
        return map_members(obj, lambda _, m: attrs.evolve(m, roles=()) if isinstance(m, Policy) else m, ref)

    return attrs.evolve(map_members(catalog, bare), roles=())
