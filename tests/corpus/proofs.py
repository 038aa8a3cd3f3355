"""What is proven of a case: the text of its plan, that it works on rows, is true, and converges."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import StrEnum
from typing import Final

from attrs import evolve, frozen

from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from tests.corpus import planning
from tests.corpus.cases import Case
from tests.corpus.databases import Refused, catalog_of, has_roles, made, run, statements
from tests.corpus.dumps import difference, roles_dump, schema_dump
from tests.corpus.names import Names, align, names
from tests.corpus.planning import Side
from tests.corpus.rows import expected, found

_COMMIT: Final = re.compile(r"^-- commit$\n?", re.MULTILINE)
_ALONE: Final = re.compile(r"^-- hazard not-transactional\b", re.MULTILINE)


class Proof(StrEnum):
    """What may turn out not to hold."""

    TEXT = "text"
    HINTS = "hints"
    WORKS = "works"
    ROWS = "rows"
    TRUE = "true"
    CONVERGES = "converges"
    DUMP = "dump"


class Refuted(AssertionError):
    """Something that does not hold."""

    def __init__(self, proof: Proof, message: str) -> None:
        self.proof = proof
        super().__init__(f"{proof}: {message}")


@frozen
class Wanted:
    """A database made from `after`: what a migrated one must be like."""

    side: Side
    names: Names
    dump: tuple[str, ...]
    roles: tuple[str, ...]


@frozen
class Migrated:
    """A database on which a plan has run."""

    case: Case
    version: int
    server: Server
    url: str
    live: Catalog
    wanted: Wanted


async def prove(case: Case, version: int, server: Server) -> str:
    """Proves all of a case but the text of its plan, and gives that."""
    return await refute(case, version, server, None, PROOFS)


async def refute(
    case: Case, version: int, server: Server, plan: str | None, proofs: tuple[Prove, ...]
) -> str:
    """Runs a plan, None for pgkit's own, and these proofs of it. Raises Refuted for what does not hold."""
    wanted = await _wanted(case, server)
    async with made(case, "before", server) as before:
        if plan is None:
            plan = await _plan(case, before.side, wanted.side, version, server)
        await _migrate(case, before.url, plan)
        live = await catalog_of(case, before.url)
        migrated = Migrated(case, version, server, before.url, live, wanted)
        for proof in proofs:
            await proof(migrated)
    return plan


async def text(case: Case, version: int, server: Server | None = None) -> str:
    """The text of the plan alone. Without a server, for sides that need none."""
    before, after = [await _side(case, name, server) for name in ("before", "after")]
    return await planning.plan_text(before, after, planning.hints_of(case), version, server)


async def complaints(case: Case, version: int, server: Server | None) -> str:
    """What is said of a case that can have no plan."""
    try:
        await text(case, version, server)
    except PgkitError as error:
        return "".join(f"{diagnostic.render()}\n" for diagnostic in error.diagnostics)
    return ""


async def prove_rows(on: Migrated) -> None:
    """The rows are there that the case expects."""
    if "sql rows" not in on.case.blocks:
        return
    async with open_(on.url, settings=running()) as session:
        for wanted in expected(on.case.blocks.get("sql rows", "")):
            rows = await found(session, wanted.query)
            if rows != wanted.rows:
                lines = "\n".join(f"-- {row}" for row in rows)
                raise Refuted(Proof.ROWS, f"{wanted.query};\n{lines or '-- no rows'}")


async def prove_true(on: Migrated) -> None:
    """The database, read back, is `after`."""
    for d in await planning.differences(on.wanted.side, on.live, on.server):
        message = f"{d.class_} {d.kind} {d.ref} {d.field or ''}: expected {d.expected}, found {d.actual}"
        raise Refuted(Proof.TRUE, message)


async def prove_converges(on: Migrated) -> None:
    """From the database to `after` there is nothing left to do."""
    side = planning.live(on.url, on.live)
    left = await planning.plan_text(side, on.wanted.side, Hints(), on.version, on.server)
    if left:
        raise Refuted(Proof.CONVERGES, left)


async def prove_dump(on: Migrated) -> None:
    """To pg_dump the database is one made from `after`, and so are the roles to pg_dumpall."""
    async with open_(on.url) as session:
        await align(session, on.wanted.names)
    dump, roles = await schema_dump(on.url), await _roles(on.case, on.url)
    if differs := difference(dump, on.wanted.dump) or difference(roles, on.wanted.roles):
        raise Refuted(Proof.DUMP, differs)


Prove = Callable[[Migrated], Awaitable[None]]
PROOFS: Final[tuple[Prove, ...]] = (prove_rows, prove_true, prove_converges, prove_dump)


async def _wanted(case: Case, server: Server) -> Wanted:
    async with made(case, "after", server) as after:
        async with open_(after.url) as session:
            there = await names(session)
        return Wanted(after.side, there, await schema_dump(after.url), await _roles(case, after.url))


async def _roles(case: Case, url: str) -> tuple[str, ...]:
    return await roles_dump(url) if has_roles(case) else ()


async def _side(case: Case, name: str, server: Server | None) -> Side:
    if side := planning.offline(case, name):
        return side
    assert server is not None, "SQL needs a server to run on"
    async with made(case, name, server) as database:
        return database.side


async def _plan(case: Case, before: Side, after: Side, version: int, server: Server) -> str:
    """The plan. Every hint has a part in it: without, there is another, or none, on whichever version."""
    hints = planning.hints_of(case)
    text = await planning.plan_text(before, after, hints, version, server)
    for hint in (*hints.renames, *hints.labels) if version == case.versions[0] else ():
        with suppress(PgkitError):
            if await planning.plan_text(before, after, _without(hints, hint), version, server) == text:
                raise Refuted(Proof.HINTS, f"{hint[0]} -> {hint[1]} changes nothing")
    return text


def _without(hints: Hints, hint: tuple[Ref, Ref]) -> Hints:
    renames = tuple(h for h in hints.renames if h != hint)
    return evolve(hints, renames=renames, labels=tuple(h for h in hints.labels if h != hint))


async def _migrate(case: Case, url: str, plan: str) -> None:
    """Puts the rows in and runs a plan, up to each commit in one transaction, as a migration file would."""
    async with open_(url, settings=running()) as session:
        for statement in statements(case.blocks.get("sql seed", "")):
            await run(session, statement)
        for section in _COMMIT.split(plan):
            begin, end = ([], []) if _ALONE.search(section) else (["BEGIN"], ["COMMIT"])
            try:
                for statement in (*begin, *statements(section), *end):
                    await run(session, statement)
            except Refused as error:
                raise Refuted(Proof.WORKS, str(error)) from None
