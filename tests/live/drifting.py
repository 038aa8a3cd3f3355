"""Edits by hand, one after the other, each in a transaction that is taken back: what drift tells of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, nullcontext

import asyncpg
import attrs
from attrs import define, field

from pgkit.backends.ddl.script import runs, settings
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.plan import Plan
from pgkit.jobs.drift import Difference, Drift, DriftOptions, drift
from pgkit.runtime.embedded import Server
from tests.live.hand_edits import Database, Draw, Edit, edits
from tests.live.inventory import Inventory, Said, compared, inventory

SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; "


@define
class Inside:
    """An executor over a session that is in a transaction, and stays in it whatever is begun and ended."""

    connection: asyncpg.Connection

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """The rows of a statement."""
        return await self.connection.fetch(query, *args)

    async def execute(self, script: str) -> None:
        """Runs the script, in the transaction as it is."""
        await self.connection.execute(script.replace(SNAPSHOT, ""))

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """The one that the session is in."""
        return nullcontext()


@define
class Tally:
    """What became of the edits."""

    made: Counter[str] = field(factory=Counter)
    refused: Counter[str] = field(factory=Counter)
    idle: Counter[str] = field(factory=Counter)  # nothing was different after them
    mended: int = 0
    by_hand: list[str] = field(factory=list)  # mends that no statement is
    problems: list[str] = field(factory=list)


@define
class Drifting:
    """A database that is edited by hand, and what it is expected to be: itself, as it was."""

    connection: asyncpg.Connection
    server: Server
    before: Inventory
    expected: Catalog
    tally: Tally = field(factory=Tally)

    async def edit(self, count: int, seed: str, catalogue: tuple[Draw, ...]) -> Tally:
        """So many edits that Postgres accepts and that change something, or must not."""
        assert (await self.drift()).differences == ()
        drawn = edits(Database(self.before, random.Random(seed)), catalogue)
        while self.tally.made.total() < count:
            await self._edit(next(drawn))
        return self.tally

    async def drift(self) -> Drift:
        """How the database differs at this moment from what it was."""
        catalog = (await read_catalog(Inside(self.connection))).catalog
        actual = attrs.evolve(catalog, roles=())  # other tests may have roles on the server
        return await drift(self.expected, actual, lambda: self.server, DriftOptions())

    async def _edit(self, edit: Edit) -> None:
        await self.connection.execute("BEGIN")
        try:
            await self.connection.execute(f"SET LOCAL client_min_messages = error; {edit.sql}")
            await self._check(edit)
        except asyncpg.PostgresError as error:
            self.tally.refused[f"{edit.what}: {error}"] += 1
        finally:
            await self.connection.execute("ROLLBACK")

    async def _check(self, edit: Edit) -> None:
        wanted = compared(self.before, await inventory(self.connection)) if edit.makes else set()
        if edit.makes and not wanted:
            self.tally.idle[edit.what] += 1
            return
        self.tally.made[edit.what] += 1
        if edit.makes and edit.makes not in {(class_, kind, f) for class_, kind, _, f in wanted}:
            self.tally.problems.append(
                f"{edit.what}: the oracle misses {edit.makes}\n  {edit.sql}\n  {wanted}"
            )
        found = await self.drift()
        said = {told(d) for d in found.differences}
        if said != wanted or len(said) != len(found.differences):
            lines = [f"  told for nothing {x}" for x in sorted(said - wanted, key=str)]
            lines += [f"  not told {x}" for x in sorted(wanted - said, key=str)]
            self.tally.problems.append("\n".join((f"{edit.what}: {edit.sql}", *lines)))
        await self._mend(edit, found)

    async def _mend(self, edit: Edit, found: Drift) -> None:
        """Runs the plan that the mends are parts of, after which nothing may differ."""
        self.tally.by_hand += [f"{edit.what}: {told(d)} {d.mend}" for d in found.differences if not sql_of(d)]
        if found.plan is None or any(step.commit_before for step in found.plan.steps):
            return
        lines = "\n".join(d.mend for d in found.differences)
        for statement in statements(found.plan):
            if f"{statement};" not in lines and not statement.startswith("SET "):
                self.tally.problems.append(f"{edit.what}: in no mend: {statement}")
        try:
            await self.connection.execute("SET LOCAL search_path = public")  # where the extensions are
            for statement in statements(found.plan):
                await self.connection.execute(statement)
        except asyncpg.PostgresError as error:
            self.tally.problems.append(f"{edit.what}: {edit.sql}\n  mend fails: {error}\n  {statement}")
            return
        left = {told(d) for d in (await self.drift()).differences}
        hopeless = {told(d) for d in found.differences if not sql_of(d)}
        self.tally.mended += not left
        if left - hopeless:
            self.tally.problems.append(f"{edit.what}: {edit.sql}\n  mend leaves {left}\n  {lines}")


def told(d: Difference) -> Said:
    """A difference in short."""
    return str(d.class_), d.kind, str(d.ref), d.field


def sql_of(d: Difference) -> list[str]:
    """The lines of a mend that are no comments."""
    return [line for line in d.mend.splitlines() if not line.startswith("--")]


def statements(plan: Plan) -> Iterator[str]:
    """All that a plan runs, but for its guards."""
    yield from (statement.text for statement in settings(plan))
    yield from (statement.text for run in runs(plan) for statement in run.statements)


async def drifting(connection: asyncpg.Connection, server: Server) -> Drifting:
    """The database of this session, as it is now."""
    before = await inventory(connection)
    await connection.execute("BEGIN")
    catalog = (await read_catalog(Inside(connection))).catalog
    await connection.execute("ROLLBACK")
    return Drifting(connection, server, before, attrs.evolve(catalog, roles=()))
