"""Settling: has Postgres itself write a catalog's expressions, so that two of them compare exactly.

Postgres rewrites what it stores: `x IN ('a', 'b')` comes back as `x = ANY (ARRAY[...])`. The objects in
question are made in a scratch database and read back, to a fixed point.
"""

from typing import Any

import attrs
from attrs import frozen

from pgkit.backends.ddl import Statement, emit
from pgkit.diag import Diagnostic, Severity
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.kinds import Extension
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from pgkit.ir.walk import Declared, index, members_of, ref_of, refs_in
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import creation
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from pgkit.sql import quote

PASSES = 3


@frozen
class Surroundings:
    """What a server must hold before the objects can be made: extensions, functions, SQL run first."""

    extensions: tuple[Extension, ...] = ()
    functions: tuple[str, ...] = ()  # definitions, in whatever order
    prelude: tuple[str, ...] = ()


@frozen
class Settled:
    """A catalog as Postgres writes it, and what a server at hand could not hold."""

    catalog: Catalog
    findings: tuple[Diagnostic, ...] = ()


async def settle(catalog: Catalog, wanted: frozenset[Ref], server: Server, around: Surroundings) -> Settled:
    """The catalog with the `wanted` top-level objects as Postgres writes them after at most three passes.

    An object that the server cannot hold stays as it was, with a finding.
    """
    findings: dict[str, Diagnostic] = {}
    for _ in range(PASSES):
        part = _part(catalog, wanted)
        made, problems = await _round_trip(part, server, around)
        findings.update((d.where, d) for d in problems)
        settled = _merged(catalog, made, wanted, {d.where for d in problems})
        if settled == catalog:
            break
        catalog = settled
    return Settled(catalog, tuple(findings.values()))


def _part(catalog: Catalog, wanted: frozenset[Ref]) -> Catalog:
    """The wanted objects and all that they need, less what has no expression: foreign keys and roles."""
    objects = {ref: _lean(obj) for ref, obj in members_of(catalog) if ref.kind not in _LEFT}
    needed: set[Ref] = set()
    open_refs = [ref for ref in wanted if ref in objects]
    while open_refs:
        ref = open_refs.pop()
        if ref in needed:
            continue
        needed.add(ref)
        mentioned = (r.owner or r for r in refs_in(objects[ref]))
        schema = Ref("schema", "", ref.schema)
        open_refs += [r for r in (*mentioned, schema) if r in objects and r not in needed]
    kept: dict[str, Any] = {
        name: tuple(_lean(o) for o in getattr(catalog, name) if ref_of(o) in needed)
        for name in fields_marked(Catalog, Mark.MEMBERS)
    }
    return attrs.evolve(catalog, **kept)


_LEFT = frozenset({"role", "extension"})


def _lean(obj: Declared) -> Declared:
    """A table without foreign keys, its policies for PUBLIC: neither changes how Postgres writes the rest."""
    if not isinstance(obj, Table):
        return obj
    policies = tuple(attrs.evolve(p, roles=()) for p in obj.policies)
    return attrs.evolve(obj, foreign_keys=(), policies=policies)


def _merged(catalog: Catalog, made: Catalog, wanted: frozenset[Ref], failed: set[str]) -> Catalog:
    found = index(made)
    merged: dict[str, Any] = {}
    for name in fields_marked(Catalog, Mark.MEMBERS):
        held = getattr(catalog, name)
        merged[name] = tuple(_restored(o, found, failed) if ref_of(o) in wanted else o for o in held)
    return attrs.evolve(catalog, postgres=made.postgres, **merged)


def _restored(old: Declared, found: dict[Ref, Declared], failed: set[str]) -> Declared:
    """What was read back for `old`, with what was left out of it put in again."""
    ref = ref_of(old)
    new = found.get(ref)
    if new is None:
        return old
    kept: dict[str, Any] = {}
    for name in fields_marked(type(old), Mark.MEMBERS):
        read = {ref_of(m, ref): m for m in getattr(new, name)}
        kept[name] = tuple(
            m if name == "foreign_keys" else _with_roles(m, read.get(ref_of(m, ref), m))
            for m in getattr(old, name)
        )
    return attrs.evolve(new, **kept)


def _with_roles(old: Any, new: Any) -> Any:
    given = {"given": old.given} if hasattr(old, "given") else {}
    return attrs.evolve(new, roles=old.roles) if hasattr(old, "roles") else attrs.evolve(new, **given)


async def _round_trip(
    part: Catalog, server: Server, around: Surroundings
) -> tuple[Catalog, list[Diagnostic]]:
    async with scratch(server, purpose="settle") as url:
        async with open_(url, settings=running(_path(around))) as session:
            await _prepare(session, around)
            problems = await _make(session, list(emit(creation(part))), around)
        async with open_(url) as session:
            return normalize((await read_catalog(session)).catalog), problems


def _path(around: Surroundings) -> str:
    schemas = {"public": None, **{e.schema: None for e in around.extensions if e.schema}}
    return ", ".join(quote(s) for s in schemas if s != "pg_catalog")


async def _prepare(session: Any, around: Surroundings) -> None:
    await session.execute("SET check_function_bodies = off; SET client_min_messages = error")
    for text in around.prelude:
        await session.execute(text)
    for extension in around.extensions:
        name, schema = quote(extension.name), quote(extension.schema or "public")
        await _attempt(session, f"CREATE SCHEMA IF NOT EXISTS {schema}")
        await _attempt(session, f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA {schema}")


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
