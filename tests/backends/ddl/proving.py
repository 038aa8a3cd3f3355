"""A change made on a real server: the state before, the statements, and the state that they lead to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
from attrs import frozen

from pgkit.backends.ddl import emit
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Change, Rename
from pgkit.ir.expr import opaque
from pgkit.ir.hints import Hints
from pgkit.ir.json import dumps
from pgkit.ir.names import Ref
from pgkit.ir.walk import map_members
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.runtime.connect import SqlError, open_
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch

Rows = Sequence[tuple[Any, ...]]


@frozen
class Case:
    """What is there `before` and `after`, in a schema `s`, and the statements that lead from one to the other.

    `sql` is None where only the end counts. `rows` is a query and what it gives afterwards. `renames` are the changes, when those are renames.
    """

    name: str
    before: str
    after: str
    sql: str | None
    rows: tuple[str, Rows] | None = None
    using: str | None = None
    renames: tuple[tuple[Ref, Ref], ...] = ()
    since: int = 14
    until: int = 99


@frozen
class Outcome:
    """What happened to a case on a server."""

    statements: tuple[str, ...]
    error: str | None
    left: tuple[Change, ...]  # what is different still
    derived: bool  # whether what follows from the rest is as it should be, too: the columns of views
    rows: Rows | None


async def prove(server: Server, cases: Iterable[Case]) -> Mapping[str, Outcome]:
    """Every case in two databases: in one it is changed, in the other it is made as it should become."""
    version = server.version or 0
    fitting = {f"s{i}": case for i, case in enumerate(cases) if case.since <= version <= case.until}
    async with scratch(server, purpose="ddl") as changed, scratch(server, purpose="ddl") as fresh:
        before = await _made(changed, {s: c.before for s, c in fitting.items()})
        after = await _made(fresh, {s: c.after for s, c in fitting.items()})
        ran = {}
        async with open_(changed) as session:
            for schema, case in fitting.items():
                statements = _statements(schema, case, before, after, version)
                ran[schema] = statements, *await _run(session, schema, case, statements)
        now = await _read(changed)
    return {
        case.name: Outcome(
            tuple(text.replace(f"{s}.", "s.") for text in ran[s][0]),
            ran[s][1],
            diff(_part(now, s), _part(after, s), Hints(), version),
            dumps(_part(now, s)) == dumps(_part(after, s)),
            ran[s][2],
        )
        for s, case in fitting.items()
    }


async def _made(url: str, scripts: Mapping[str, str]) -> Catalog:
    async with open_(url) as session:
        for schema, script in scripts.items():
            # What Postgres makes of a name that is not qualified must not hang on the schema's name
            await session.execute(f"CREATE SCHEMA {schema}; SET search_path = {schema}")
            try:
                await session.execute(script or "SELECT")
            except SqlError as error:
                raise AssertionError(f"{error.message} in: {script}") from None
    return await _read(url)


async def _read(url: str) -> Catalog:
    async with open_(url) as session:
        return normalize((await read_catalog(session)).catalog)


def _part(catalog: Catalog, schema: str) -> Catalog:
    """What is in one schema."""
    return map_members(catalog, lambda ref, obj: obj if ref.schema == schema else None)


def _statements(schema: str, case: Case, before: Catalog, after: Catalog, version: int) -> list[str]:
    changes: Iterable[Change]
    if case.renames:
        changes = [Rename(_placed(old, schema), _placed(new, schema)) for old, new in case.renames]
    else:
        changes = diff(_part(before, schema), _part(after, schema), Hints(), version)
    return [s.sql.text for s in emit(_using(case, changes))]


def _placed(ref: Ref, schema: str) -> Ref:
    return attrs.evolve(ref, schema=schema)


def _using(case: Case, changes: Iterable[Change]) -> Iterator[Change]:
    for change in changes:
        if isinstance(change, Alter) and case.using is not None and change.ref.kind == "column":
            yield attrs.evolve(change, using=opaque(case.using.replace("s.", f"{change.ref.schema}.")))
        else:
            yield change


async def _run(
    session: Any, schema: str, case: Case, statements: list[str]
) -> tuple[str | None, Rows | None]:
    try:
        for statement in statements:
            await session.execute(statement)
        if case.rows is None:
            return None, None
        rows = await session.fetch(case.rows[0].replace("s.", f"{schema}."))
        return None, [tuple(row) for row in rows]
    except SqlError as error:
        return f"{error.sqlstate}: {error.message}", None
