"""A model of tenant tables that knows the truth, and random calls that are held against it."""

from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from random import Random
from typing import Any

import pytest
from attrs import define, field, frozen

from pgkit.executor import Executor
from pgkit.ir.catalog import Catalog
from pgkit.runtime.connect import SqlError
from pgkit.runtime.tenant import TenantTable, scoped

Row = dict[str, Any]
SCHEMA = """
    CREATE SCHEMA "My App";
    CREATE TYPE "My App".mood AS ENUM ('sad', 'ok', 'Happy; very');
    CREATE TABLE "My App".items (id int PRIMARY KEY, org uuid NOT NULL, name varchar(9) DEFAULT 'nobody', n int,
        mood "My App".mood NOT NULL DEFAULT 'ok', twice int GENERATED ALWAYS AS (n * 2) STORED);
    CREATE TABLE "My App".lines (org uuid, "order" int, no text, note jsonb, PRIMARY KEY (no, org, "order"));
    CREATE TABLE "My App".codes (region text, code int, org uuid NOT NULL, note text, PRIMARY KEY (region, code));
    CREATE TABLE "My App".settings (org uuid PRIMARY KEY, theme text DEFAULT 'dark', n int);
"""
SECURED = "".join(
    f"""ALTER TABLE "My App".{name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY own ON "My App".{name} USING (org = current_setting('app.tenant_id')::uuid);"""
    for name in ("items", "lines", "codes", "settings")
)


@frozen
class Kind:
    """A table of the model: what its key is, what can be written, and what is there by itself."""

    name: str
    key: tuple[str, ...]  # as the constraint has it
    keys: Mapping[str, Sequence[Any]]  # few values, so that tenants meet
    values: Mapping[str, Sequence[Any]]
    defaults: Row

    @property
    def own_key(self) -> tuple[str, ...]:
        """The key, less the tenant."""
        return tuple(name for name in self.key if name != "org")

    def derived(self, row: Row) -> Row:
        """The row with what Postgres generates."""
        n = row.get("n")
        return {**row, "twice": None if n is None else n * 2} if self.name == "items" else row


ORDERS, WORDS = range(4), ["", "a", "B", "é'\"; --"]
KINDS = (
    Kind(
        "items",
        ("id",),
        {"id": range(8)},
        {"name": [None, "", "x' OR '1", "$1"], "n": [None, 0, -7, 10**6], "mood": ["sad", "Happy; very"]},
        {"name": "nobody", "n": None, "mood": "ok"},
    ),
    Kind(
        "lines",
        ("no", "org", "order"),
        {"order": ORDERS, "no": WORDS},
        {"note": [None, {"a": [1, None]}, "text", []]},
        {"note": None},
    ),
    Kind(
        "codes",
        ("region", "code"),
        {"region": WORDS, "code": ORDERS},
        {"note": [None, *WORDS]},
        {"note": None},
    ),
    Kind(
        "settings",
        ("org",),
        {},
        {"theme": [None, "light"], "n": [None, 1]},
        {"theme": "dark", "n": None},
    ),
)
Rows = dict[tuple[Any, ...], Row]


@define
class World:
    """All rows of all tenants, a session to them, and dice."""

    session: Executor
    catalog: Catalog
    tenants: Sequence[Any]
    dice: Random
    secured: bool = False
    rows: dict[str, Rows] = field(factory=lambda: {kind.name: {} for kind in KINDS})
    calls: int = 0
    refused: int = 0  # calls that met a row of another tenant
    tables: dict[str, TenantTable] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.tables = {k.name: TenantTable(self.catalog, f"My App.{k.name}", tenant="org") for k in KINDS}

    async def sequence(self) -> None:
        """Some calls, in a transaction that is kept or not, or one by one; then all rows are compared."""
        tenant, before = (
            self.dice.choice(self.tenants),
            {name: dict(rows) for name, rows in self.rows.items()},
        )
        shape = "kept" if self.secured else self.dice.choice(["single", "kept", "dropped"])
        if shape == "single":
            for _ in range(self.dice.randint(1, 8)):
                await self.call(self.dice.choice(self.tenants))
        else:
            with suppress(Dropped):
                async with self.transaction(tenant):
                    for _ in range(self.dice.randint(1, 8)):
                        await self.call(tenant if self.secured else self.dice.choice(self.tenants))
                    if shape == "dropped" or self.dice.random() < 0.2:
                        raise Dropped
                before = self.rows
            self.rows = before
        await self.compare()

    def transaction(self, tenant: Any) -> AbstractAsyncContextManager[object]:
        return scoped(self.session, tenant) if self.secured else self.session.transaction()

    async def call(self, tenant: Any) -> None:
        """One random call, whose answer is the model's."""
        kind = self.dice.choice(KINDS)
        self.calls += 1
        act = self.dice.choice(
            [
                self.find,
                self.lock,
                self.many,
                self.list_,
                self.insert,
                self.insert,
                self.update,
                self.upsert,
                self.delete,
            ]
        )
        await act(kind, tenant)

    async def find(self, kind: Kind, tenant: Any) -> None:
        key = self.key(kind)
        found = await self.tables[kind.name].find_by_id(self.session, tenant, self.given(kind, key))
        assert found == self.own(kind, tenant, key), (kind.name, tenant, key)
        assert await self.tables[kind.name].count_by_tenant(self.session, tenant) == len(
            self.all_of(kind, tenant)
        )

    async def lock(self, kind: Kind, tenant: Any) -> None:
        key = self.key(kind)
        found = await self.tables[kind.name].lock_by_id(self.session, tenant, key)
        assert found == self.own(kind, tenant, key)

    async def many(self, kind: Kind, tenant: Any) -> None:
        if not kind.own_key:
            return
        keys = [self.key(kind) for _ in range(self.dice.randint(0, 5))]
        found = await self.tables[kind.name].find_many(self.session, tenant, keys)
        expected = {tuple(key.values()): row for key in keys if (row := self.own(kind, tenant, key))}
        assert sorted(map(repr, found)) == sorted(map(repr, expected.values()))

    async def list_(self, kind: Kind, tenant: Any) -> None:
        limit, after = self.dice.randint(1, 5), self.key(kind) if self.dice.random() < 0.6 else None
        table = self.tables[kind.name]
        found = await table.list_by_tenant(self.session, tenant, after=after, limit=limit)
        rows = sorted(self.all_of(kind, tenant), key=lambda row: self.order(kind, row))
        if after is not None:
            rows = [r for r in rows if self.order(kind, r) > self.order(kind, after)] if kind.own_key else []
        assert found == rows[:limit], (kind.name, tenant, after)

    async def insert(self, kind: Kind, tenant: Any) -> None:
        key, values = self.key(kind), self.some(kind)
        there = self.any(kind, tenant, key)
        made = self.made(kind, tenant, key, values)
        call = self.tables[kind.name].insert(self.session, tenant, {**key, **values})
        if there is None:
            assert await call == made
            self.rows[kind.name][self.place(kind, tenant, key)] = made
        else:
            await self.refuse(call)

    async def update(self, kind: Kind, tenant: Any) -> None:
        key, values = self.key(kind), self.some(kind)
        found = await self.tables[kind.name].update(self.session, tenant, self.given(kind, key), values)
        own = self.own(kind, tenant, key)
        changed = None if own is None else kind.derived({**own, **values})
        assert found == changed
        if changed is not None:
            self.rows[kind.name][self.place(kind, tenant, key)] = changed

    async def upsert(self, kind: Kind, tenant: Any) -> None:
        key, values = self.key(kind), self.some(kind)
        there, own = self.any(kind, tenant, key), self.own(kind, tenant, key)
        call = self.tables[kind.name].upsert(self.session, tenant, {**key, **values})
        if there is not None and own is None:
            self.refused += 1
            assert await call is None
            return
        made = self.made(kind, tenant, key, values) if own is None else kind.derived({**own, **values})
        assert await call == made
        self.rows[kind.name][self.place(kind, tenant, key)] = made

    async def delete(self, kind: Kind, tenant: Any) -> None:
        key = self.key(kind)
        found = await self.tables[kind.name].delete_by_id(self.session, tenant, key)
        own = self.own(kind, tenant, key)
        assert found == own
        if own is not None:
            del self.rows[kind.name][self.place(kind, tenant, key)]

    async def refuse(self, call: Awaitable[Any]) -> None:
        """The key is taken, says the database; in a savepoint where a transaction is open."""
        with pytest.raises(SqlError) as caught:
            async with self.session.transaction():
                await call
        assert caught.value.sqlstate == "23505"

    async def compare(self) -> None:
        """The tables hold what the model does: nothing of anyone's is lost, changed or added."""
        for kind in KINDS:
            seen: list[Row] = []
            for tenant in self.tenants:
                async with self.transaction(tenant):
                    seen += await self.tables[kind.name].list_by_tenant(self.session, tenant, limit=1000)
            assert sorted(map(repr, seen)) == sorted(map(repr, self.rows[kind.name].values())), kind.name

    def key(self, kind: Kind) -> Row:
        return {name: self.dice.choice(values) for name, values in kind.keys.items()}

    def given(self, kind: Kind, key: Row) -> Any:
        """A key as a mapping, or by its only value."""
        return next(iter(key.values())) if len(key) == 1 and self.dice.random() < 0.5 else key

    def some(self, kind: Kind) -> Row:
        """Values for some columns."""
        chosen = [name for name in kind.values if self.dice.random() < 0.5]
        return {name: self.dice.choice(kind.values[name]) for name in chosen}

    def made(self, kind: Kind, tenant: Any, key: Row, values: Row) -> Row:
        """What an insert makes, in the order of the table's columns."""
        row = kind.derived({**kind.defaults, **key, **values, "org": tenant})
        return {c.name: row[c.name] for t in self.catalog.tables if t.name == kind.name for c in t.columns}

    def order(self, kind: Kind, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in kind.own_key)

    def place(self, kind: Kind, tenant: Any, key: Row) -> tuple[Any, ...]:
        """The row's key in the model, which is the constraint's."""
        return tuple({**key, "org": tenant}[name] for name in kind.key)

    def any(self, kind: Kind, tenant: Any, key: Row) -> Row | None:
        return self.rows[kind.name].get(self.place(kind, tenant, key))

    def own(self, kind: Kind, tenant: Any, key: Row) -> Row | None:
        found = self.any(kind, tenant, key)
        return found if found and found["org"] == tenant else None

    def all_of(self, kind: Kind, tenant: Any) -> list[Row]:
        return [row for row in self.rows[kind.name].values() if row["org"] == tenant]


class Dropped(Exception):
    """Rolls a transaction back."""
