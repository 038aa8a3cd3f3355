"""Settling: has Postgres itself write a catalog's expressions, so that two of them compare exactly.

Postgres rewrites what it stores: `x IN ('a', 'b')` comes back as `x = ANY (ARRAY[...])`. The objects in
question are made in a scratch database and read back.
"""

from typing import Any, Final

import attrs
from attrs import frozen

from pgkit.backends.ddl import Statement, emit
from pgkit.diag import Diagnostic, Severity
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Policy
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.kinds import Extension
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from pgkit.ir.walk import Declared, index, map_members, members_of, ref_of, refs_in
from pgkit.jobs.ddl import extension_path
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import creation
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from pgkit.sql import quote

_DROPPED: Final = {
    "views": "VIEW",
    "materialized_views": "MATERIALIZED VIEW",
    "tables": "TABLE",
    "sequences": "SEQUENCE",
    "domains": "DOMAIN",
    "ranges": "TYPE",
    "composites": "TYPE",
    "enums": "TYPE",
}


@frozen
class Surroundings:
    """What a server must hold before the objects can be made: extensions, functions, SQL run first."""

    extensions: tuple[Extension, ...] = ()
    functions: tuple[str, ...] = ()  # definitions, in whatever order
    prelude: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The search path on which the types and operator classes of the extensions are found."""
        return extension_path(self.extensions)


@frozen
class Settled:
    """A catalog as Postgres writes it, and what a server at hand could not hold."""

    catalog: Catalog
    findings: tuple[Diagnostic, ...] = ()


async def settle(catalog: Catalog, wanted: frozenset[Ref], server: Server, around: Surroundings) -> Settled:
    """The catalog with the `wanted` objects, members too, as Postgres writes them when it stores them.

    An object that the server cannot hold stays as it was, with a finding. Text over varchar takes a second
    pass to come to its last form: call again while something changes.
    """
    made, problems = await round_trip(catalog, wanted, server, around)
    found = {ref: obj for ref, obj in index(made).items() if ref in wanted}
    return Settled(_replaced(catalog, found), tuple(problems))


def _part(catalog: Catalog, wanted: frozenset[Ref]) -> Catalog:
    """The wanted objects and what they need, bare of all that does not change how Postgres writes them."""
    objects = {ref: _lean(ref, obj, wanted) for ref, obj in members_of(catalog)}
    needed: set[Ref] = set()
    waiting = [ref.owner or ref for ref in wanted]
    while waiting:
        ref = waiting.pop()
        if ref in needed or ref not in objects:
            continue
        needed.add(ref)
        waiting += [Ref("schema", "", ref.schema), *(r.owner or r for r in refs_in(objects[ref]))]
    part = map_members(catalog, lambda ref, _: objects[ref] if ref in needed else None)
    return attrs.evolve(part, roles=(), extensions=())


def _lean(ref: Ref, obj: Declared, wanted: frozenset[Ref]) -> Declared:
    """An object with its columns and its primary key, and of its other members those that are wanted.

    A primary key lets a view group by it and select the other columns (the manual, 7.2.3).
    """
    kept: dict[str, Any] = {
        name: tuple(_without_roles(m) for m in getattr(obj, name) if ref_of(m, ref) in wanted)
        for name in ("uniques", "foreign_keys", "checks", "indexes", "policies")
        if hasattr(obj, name)
    }
    if isinstance(obj, Table):
        kept["columns"] = tuple(
            c if ref.of("column", c.name) in wanted else attrs.evolve(c, default=None, identity=None)
            for c in obj.columns
        )
    return attrs.evolve(obj, **kept) if kept else obj


def _without_roles(member: Any) -> Any:
    """A policy for PUBLIC: roles belong to the server, and change nothing about its expressions."""
    return attrs.evolve(member, roles=()) if isinstance(member, Policy) else member


def _replaced(catalog: Catalog, found: dict[Ref, Declared]) -> Catalog:
    """The catalog with what was read back in its place."""

    def restored(ref: Ref, old: Declared) -> Declared:
        """`old`, or what was read back for it, with its members, roles and given name as they were."""
        old = map_members(old, restored, ref)
        kept = (*fields_marked(type(old), Mark.MEMBERS), "roles", "given")
        new = found.get(ref)
        same: dict[str, Any] = {name: getattr(old, name) for name in kept if hasattr(old, name)}
        return old if new is None else attrs.evolve(new, **same)

    return map_members(catalog, restored)


async def round_trip(
    catalog: Catalog, wanted: frozenset[Ref], server: Server, around: Surroundings
) -> tuple[Catalog, list[Diagnostic]]:
    """The wanted objects, with what they need, made in a scratch database and read back."""
    part = _part(catalog, wanted)
    async with scratch(server, purpose="settle") as url:
        async with open_(url, settings=running(around.path)) as session:
            await prepare(session, around)
            if around.prelude:
                part = await _made_room(session, part)
            problems = await _make(session, list(emit(creation(part))), around)
        async with open_(url) as session:
            return normalize((await read_catalog(session)).catalog), problems


async def prepare(session: Any, around: Surroundings) -> None:
    """Makes in a scratch database what comes before all objects."""
    await session.execute("SET check_function_bodies = off; SET client_min_messages = error")
    for text in around.prelude:
        await session.execute(text)
    for extension in around.extensions:
        name, schema = quote(extension.name), quote(extension.schema or "public")
        await _attempt(session, f"CREATE SCHEMA IF NOT EXISTS {schema}")
        await _attempt(session, f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA {schema}")


async def _made_room(session: Any, part: Catalog) -> Catalog:
    """The part less the schemas that a prelude has made; all else of it that one has made is dropped."""
    for name, word in _DROPPED.items():
        for obj in getattr(part, name):
            await _attempt(session, f"DROP {word} IF EXISTS {quote(obj.schema)}.{quote(obj.name)} CASCADE")
    found = await session.fetch("SELECT nspname::pg_catalog.text FROM pg_catalog.pg_namespace")
    there = {name for (name,) in found}
    return attrs.evolve(part, schemas=tuple(s for s in part.schemas if s.name not in there))


async def _attempt(session: Any, script: str) -> bool:
    return await _error(session, script) is None


async def _make(session: Any, statements: list[Statement], around: Surroundings) -> list[Diagnostic]:
    """Makes all in one script if that works, else with the functions of the source, else one by one."""
    script = ";\n".join(s.sql.text for s in statements)
    if not script or await _attempt(session, _transaction(script)):
        return []
    functions = [f for f in around.functions if not await _attempt(session, f)]
    if around.functions and await _attempt(session, _transaction(script)):
        return []
    problems = []
    for statement in statements:
        error = await _error(session, statement.sql.text)
        if error is not None and functions:  # one may need a table that is there by now
            functions = [f for f in functions if not await _attempt(session, f)]
            error = await _error(session, statement.sql.text)
        if error is not None:
            problems.append(_unsettled(statement, error))
    return problems


def _transaction(script: str) -> str:
    return f"BEGIN;\n{script};\nCOMMIT"


async def _error(session: Any, script: str) -> SqlError | None:
    try:
        await session.execute(script)
    except SqlError as error:
        await session.execute("ROLLBACK")
        return error
    return None


def _unsettled(statement: Statement, error: SqlError) -> Diagnostic:
    return Diagnostic(
        "unsettled",
        f"the scratch server cannot hold {statement.ref.kind} {statement.ref}: {error.message}",
        where=str(statement.ref),
        help="it is compared as text; give a server that can hold it with --server",
        severity=Severity.NOTE,
    )
