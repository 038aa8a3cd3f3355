"""What a step of a plan does to a server: files written anew, tables read, locks held while that is done."""

from collections.abc import AsyncIterator, Iterable, Mapping, Set

import attrs
from attrs import frozen

from pgkit.backends.ddl import emit
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.plan import Hazard, HazardCode, Step
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import plan
from pgkit.runtime.connect import READING, SqlError, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from pgkit.runtime.session import AsyncpgExecutor

_RELATIONS = """
    SELECT c.oid::bigint AS oid, c.relkind::text AS kind, c.relfilenode::bigint AS file,
        COALESCE(pg_catalog.pg_stat_get_xact_numscans(c.oid), 0)::bigint AS scans,
        COALESCE(i.indrelid, c.oid)::bigint AS of
    FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname ~ '^s[0-9]+$' AND c.relkind IN ('r', 'm', 'i')
"""
_LOCKS = """
    SELECT relation::bigint, mode::text FROM pg_catalog.pg_locks
    WHERE pid = pg_catalog.pg_backend_pid() AND relation IS NOT NULL
"""
# What keeps others from writing, and from reading.
_AGAINST_WRITES = {"ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"}
_AGAINST_READS = {"AccessExclusiveLock"}
# A time zone that is not UTC: there, timestamps change with their type.
_SETTINGS = {"TimeZone": "Europe/Berlin", "track_counts": "on"}


@frozen
class Case:
    """A change, with rows that pass and perhaps rows that do not; `codes` are the hazards of all its steps.

    `before` and `after` make the state of one schema, which is first on the path.
    """

    name: str
    before: str
    after: str
    codes: frozenset[str]
    good: str = ""
    bad: str = ""
    since: int = 14


@frozen
class Measured:
    """What a step did, in the terms of hazards."""

    rewrites: bool
    scans: bool
    blocks_writes: bool
    blocks_reads: bool


@frozen
class Ran:
    """A step with what the queries of its hazards found, and what came of it; `error` is an SQLSTATE."""

    step: Step
    found: tuple[bool | None, ...]
    measured: Measured | None = None
    error: str | None = None


@frozen
class Relation:
    """A table, materialized view or index at a moment; `of` is the table of an index."""

    kind: str
    file: int
    scans: int
    of: int


async def measure(server: Server, cases: Iterable[Case]) -> Mapping[str, list[Ran]]:
    """Every step of every case on good rows, in the order of the plan."""
    return await _run(server, tuple(cases), "good")


async def fail(server: Server, cases: Iterable[Case]) -> Mapping[str, list[Ran]]:
    """Every step of every case on bad rows, up to the one that is refused."""
    return await _run(server, tuple(cases), "bad")


async def _run(server: Server, cases: tuple[Case, ...], rows: str) -> Mapping[str, list[Ran]]:
    """The cases of one kind side by side, each in a schema of its own, as one plan."""
    fitting = {f"s{i}": case for i, case in enumerate(cases) if case.since <= (server.version or 0)}
    async with scratch(server, purpose="test") as changed, scratch(server, purpose="test") as fresh:
        before = await _made(changed, {s: f"{c.before};{getattr(c, rows)}" for s, c in fitting.items()})
        after = await _made(fresh, {s: c.after for s, c in fitting.items()})
        steps = plan(before, after, version=server.version or 0).steps
        async with open_(changed, settings={**READING, **_SETTINGS}) as session:
            there = (await _relations(session)).keys()
            ran = {case.name: await _asked(session, steps, s) for s, case in fitting.items()}
            return {name: [r async for r in _stepped(session, own, there)] for name, own in ran.items()}


async def _made(url: str, schemas: Mapping[str, str]) -> Catalog:
    async with open_(url, settings={**running(), **_SETTINGS}) as session:
        for schema, script in schemas.items():
            await session.execute(f"CREATE SCHEMA {schema}; SET search_path = {schema}; {script}")
    async with open_(url) as session:
        return normalize((await read_catalog(session)).catalog)


async def _asked(session: AsyncpgExecutor, steps: Iterable[Step], schema: str) -> list[Ran]:
    """The steps of a schema, with what the queries of their hazards say before anything is changed."""
    own = [step for step in steps if schema in (step.change.ref.schema, step.change.ref.name)]
    return [Ran(step, tuple([await _says(session, h) for h in step.hazards])) for step in own]


async def _says(session: AsyncpgExecutor, hazard: Hazard) -> bool | None:
    return bool(await session.fetch(hazard.query)) if hazard.query is not None else None


async def _stepped(session: AsyncpgExecutor, steps: Iterable[Ran], there: Set[int]) -> AsyncIterator[Ran]:
    for ran in steps:
        try:
            yield attrs.evolve(ran, measured=await _measured(session, ran.step, there))
        except SqlError as error:
            await session.execute("ROLLBACK")
            yield attrs.evolve(ran, error=error.sqlstate)
            return


async def _measured(session: AsyncpgExecutor, step: Step, there: Set[int]) -> Measured:
    await session.execute("BEGIN")
    before = await _relations(session)
    for statement in emit((step.change,)):
        await session.execute(str(statement.sql))
    after = await _relations(session)
    locks = [(oid, mode) for oid, mode in await session.fetch(_LOCKS)]
    await session.execute("COMMIT")
    return _measure(before, after, locks, there & before.keys() & after.keys())


def _measure(
    before: Mapping[int, Relation],
    after: Mapping[int, Relation],
    locks: Iterable[tuple[int, str]],
    there: Set[int],
) -> Measured:
    """`there` are the relations that were there before the plan: others have no rows."""
    # An index that is made anew may keep its file
    files = {relation.file for relation in before.values()}
    new = {oid for oid in after if after[oid].file not in files}
    rewritten = {oid for oid in new & there if after[oid].kind != "i"}
    built = {after[oid].of for oid in new if after[oid].kind == "i"} - rewritten
    tables = {oid for oid in there if after[oid].kind != "i"}
    read = {oid for oid in tables if after[oid].scans > before[oid].scans} - rewritten
    built &= there
    busy = rewritten | built | read
    held = {mode for oid, mode in locks if oid in busy}
    return Measured(
        rewrites=bool(rewritten),
        scans=bool(read - built),
        blocks_writes=bool(held & _AGAINST_WRITES) and not held & _AGAINST_READS,
        blocks_reads=bool(held & _AGAINST_READS),
    )


async def _relations(session: AsyncpgExecutor) -> Mapping[int, Relation]:
    return {row[0]: Relation(*row[1:]) for row in await session.fetch(_RELATIONS)}


def said(step: Step) -> Measured:
    """What the hazards of a step say of it."""
    codes = {hazard.code for hazard in step.hazards}
    return Measured(
        rewrites=HazardCode.REWRITES_TABLE in codes,
        scans=HazardCode.SCANS_TABLE in codes,
        blocks_writes=HazardCode.BLOCKS_WRITES in codes,
        blocks_reads=HazardCode.BLOCKS_READS in codes,
    )
