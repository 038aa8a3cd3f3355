"""Settling: has Postgres itself write a catalog's expressions, so that two of them compare exactly.

Postgres rewrites what it stores: `x IN ('a', 'b')` comes back as `x = ANY (ARRAY[...])`. The objects in
question are made in a scratch database and read back.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
from attrs import frozen

from pgkit.backends.ddl import emit
from pgkit.diag import Diagnostic
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Change
from pgkit.ir.constraints import Policy, PrimaryKey
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.kinds import Extension
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.walk import Declared, index, map_members, members_of, ref_of, refs_in, scalars_in
from pgkit.jobs.ddl import extension_path
from pgkit.jobs.replay_extensions import wanted as extension_wanted
from pgkit.jobs.replay_missing import Missing
from pgkit.jobs.singly import bare, singly
from pgkit.jobs.unsettled import Failure, findings
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import creation
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from pgkit.sql import quote

# What of an object does not follow from its own text: all that depends on it is not there to be read back.
_NOT_TEXT: Final = ("roles", "given", "inherited", "attached", "refs", "needed_by")
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
    trip = await round_trip(catalog, wanted, server, around)
    found = {ref: obj for ref, obj in index(trip.made).items() if ref in wanted}
    return Settled(_replaced(catalog, found), trip.findings(wanted))


def _part(catalog: Catalog, wanted: frozenset[Ref]) -> Catalog:
    """The wanted objects and what they need, bare of all that does not change how Postgres writes them."""
    objects = {ref: _lean(ref, obj, wanted) for ref, obj in members_of(catalog)}
    needed: set[Ref] = set()
    waiting = [ref if ref in objects else ref.owner or ref for ref in wanted]
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

    What it inherits it has by itself, as its parents are not asked about. A primary key lets a view group by
    it and select the other columns (the manual, 7.2.3).
    """
    kept: dict[str, Any] = {
        name: tuple(_without_roles(m) for m in getattr(obj, name) if ref_of(m, ref) in wanted)
        for name in ("uniques", "foreign_keys", "checks", "indexes", "policies")
        if hasattr(obj, name)
    }
    if isinstance(obj, Table):
        columns = (c if ref.of("column", c.name) in wanted else bare(c) for c in obj.columns)
        kept["columns"] = tuple(attrs.evolve(c, inherited=False) for c in columns)
    return attrs.evolve(obj, **kept) if kept else obj


def _without_roles(member: Any) -> Any:
    """A policy for PUBLIC: roles belong to the server, and change nothing about its expressions."""
    return attrs.evolve(member, roles=()) if isinstance(member, Policy) else member


def _replaced(catalog: Catalog, found: dict[Ref, Declared]) -> Catalog:
    """The catalog with what was read back in its place."""

    def restored(ref: Ref, old: Declared) -> Declared:
        """`old`, or what was read back for it, with all as it was that is not its own text."""
        old = map_members(old, restored, ref)
        kept = (*fields_marked(type(old), Mark.MEMBERS), *_NOT_TEXT)
        new = found.get(ref)
        same: dict[str, Any] = {name: getattr(old, name) for name in kept if hasattr(old, name)}
        return old if new is None else attrs.evolve(new, **same)

    return map_members(catalog, restored)


@frozen
class Trip:
    """What was to be made in a scratch database, what was read back, and what came between."""

    part: Catalog
    made: Catalog
    failures: tuple[Failure, ...]
    lacking: tuple[str, ...]  # extensions that the server does not have
    gone: Mapping[Ref, Ref]  # columns that were left out, by the extension that their type wants

    def findings(self, wanted: frozenset[Ref]) -> tuple[Diagnostic, ...]:
        """What to tell about the wanted objects that are not among what was made."""
        return findings(self.failures, self.part, wanted, self.lacking, self.gone)


async def round_trip(catalog: Catalog, wanted: frozenset[Ref], server: Server, around: Surroundings) -> Trip:
    """The wanted objects, with what they need, made in a scratch database and read back."""
    part = _part(catalog, wanted)
    async with scratch(server, purpose="settle") as url:
        async with open_(url, settings=running(around.path)) as session:
            lacking = await prepare(session, around)
            gone = _wanting(part, lacking, wanted)
            part = _without(part, gone)
            if around.prelude:
                part = await _made_room(session, part)
            failures = await _make(session, creation(part), around)
        async with open_(url) as session:
            made = normalize((await read_catalog(session)).catalog)
    return Trip(part, made, tuple(failures), lacking, gone)


async def prepare(session: Any, around: Surroundings) -> tuple[str, ...]:
    """Makes in a scratch database what comes before all objects; the extensions that it cannot have."""
    await session.execute("SET check_function_bodies = off; SET client_min_messages = error")
    for text in around.prelude:
        await session.execute(text)
    lacking = []
    for extension in around.extensions:
        name, schema = quote(extension.name), quote(extension.schema or "public")
        await _attempt(session, f"CREATE SCHEMA IF NOT EXISTS {schema}")
        if not await _attempt(session, f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA {schema}"):
            lacking.append(extension.name)
    return tuple(lacking)


def _wanting(part: Catalog, lacking: tuple[str, ...], wanted: frozenset[Ref]) -> dict[Ref, Ref]:
    """The columns of types that are not there, but the wanted ones, by the extension that has them."""
    found = {}
    for ref, obj in index(part).items() if lacking else ():
        if isinstance(obj, Column) and ref not in wanted:
            for scalar in scalars_in(obj.type):
                if extension := extension_wanted(Missing("type", scalar.name), lacking):
                    found[ref] = Ref("extension", "", extension)
    return found


def _without(part: Catalog, gone: Mapping[Ref, Ref]) -> Catalog:
    """The part without these columns and the primary keys over them, so that their tables can be made."""

    def kept(ref: Ref, obj: Declared) -> Declared | None:
        if ref in gone or (isinstance(obj, PrimaryKey) and any(r in gone for r in refs_in(obj))):
            return None
        return map_members(obj, kept, ref)

    return map_members(part, kept) if gone else part


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


async def _make(session: Any, changes: Sequence[Change], around: Surroundings) -> list[Failure]:
    """Makes all in one script if that works, else with the functions of the source, else member by member."""
    script = ";\n".join(s.sql.text for s in emit(changes))
    if not script or await _attempt(session, _transaction(script)):
        return []
    functions = [f for f in around.functions if not await _attempt(session, f)]
    if around.functions and await _attempt(session, _transaction(script)):
        return []
    failures = []
    for statement in emit(singly(changes)):
        error = await _error(session, statement.sql.text)
        if error is not None and functions:  # one may need a table that is there by now
            functions = [f for f in functions if not await _attempt(session, f)]
            error = await _error(session, statement.sql.text)
        if error is not None:
            failures.append(Failure(statement.ref, error))
    return failures


def _transaction(script: str) -> str:
    return f"BEGIN;\n{script};\nCOMMIT"


async def _error(session: Any, script: str) -> SqlError | None:
    try:
        await session.execute(script)
    except SqlError as error:
        await session.execute("ROLLBACK")
        return error
    return None
