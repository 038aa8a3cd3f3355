"""Tables whose every row belongs to a tenant: no statement reaches a row of another one.

    orders = TenantTable(catalog, "shop.orders", tenant="organization_id")

    async with open_(url) as executor:
        order = await orders.insert(executor, organization, {"total": Decimal("9.99")})
        order = await orders.update(executor, organization, order["id"], {"note": None})
        page = await orders.list_by_tenant(executor, organization, after=orders.key_of(page[-1]), limit=50)

Every call takes an executor (pgkit.executor), so it is part of whatever transaction is open there, and a
tenant, which is bound as `$1` to each statement. No argument is SQL, and names are looked up in the catalog.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from pgkit.diag import fail
from pgkit.executor import Executor
from pgkit.ir.catalog import Catalog
from pgkit.runtime.binding import Call, Row, Values, bind
from pgkit.sql import statements
from pgkit.sql.statements import Scope, Statement

Key = object
"""The value of the key's one column, or a mapping from each of its columns to a value."""

MOST: Final = 1000
"""How many rows a page has at most."""
_KEPT: Final = 500  # statements; there are as many as sets of columns that are given


class TenantTable:
    """One table of a catalog; each call is held to one tenant, or raises PgkitError before it sends anything.

    A table without a key or a tenant column, or with one that may be null, is refused when this is made.
    Rows are dictionaries by column. README.md says what a value of each type is.
    """

    def __init__(
        self, catalog: Catalog, table: str, *, tenant: str, key: Sequence[str] | None = None
    ) -> None:
        self._binding = bind(catalog, table, tenant, key)
        self._made: dict[tuple[str, frozenset[str]], Statement] = {}

    async def find_by_id(self, executor: Executor, tenant: object, key: Key) -> Row | None:
        """The row with a key; None where there is none, or where it is another tenant's."""
        return await self._one(executor, statements.find, tenant, key)

    async def lock_by_id(self, executor: Executor, tenant: object, key: Key) -> Row | None:
        """`find_by_id`, with the row locked until the executor's transaction ends."""
        return await self._one(executor, statements.lock, tenant, key)

    async def find_many(self, executor: Executor, tenant: object, keys: Iterable[Key]) -> list[Row]:
        """The tenant's rows among those with these keys, in no order."""
        call = Call(tenant=tenant, keys=[self._binding.key(key) for key in keys])
        return await self._rows(executor, self._constant(statements.find_many), call)

    async def list_by_tenant(
        self, executor: Executor, tenant: object, *, after: Key | None = None, limit: int = 100
    ) -> list[Row]:
        """A page of the tenant's rows by key: the first, or the one after a key (`key_of` the last row)."""
        if not 1 <= limit <= MOST:
            raise fail("bad-limit", f"expected a limit from 1 to {MOST}, found {limit}", exit_code=2)
        if after is None:
            call = Call(tenant=tenant, limit=limit)
            return await self._rows(executor, self._constant(statements.list_), call)
        call = Call(tenant=tenant, limit=limit, key=self._binding.key(after))
        return await self._rows(executor, self._constant(statements.list_after), call)

    async def count_by_tenant(self, executor: Executor, tenant: object) -> int:
        """How many rows the tenant has."""
        made = self._constant(statements.count)
        found = await executor.fetch(made.text, *self._binding.bound(made, Call(tenant=tenant)))
        return int(found[0][0])

    async def insert(self, executor: Executor, tenant: object, values: Values) -> Row:
        """A new row of the tenant's; columns that are left out take their defaults, None is NULL."""
        self._binding.to_insert(values)
        made = self._given(statements.insert, values)
        rows = await self._rows(executor, made, Call(tenant=tenant, values=values))
        if not rows:  # a trigger may have said so
            where = self._binding.name
            raise fail("not-inserted", "the database did not keep the new row", where=where, exit_code=4)
        return rows[0]

    async def update(self, executor: Executor, tenant: object, key: Key, changes: Values) -> Row | None:
        """Changes the columns that are given, None to NULL; None where the tenant has no such row."""
        self._binding.to_change(changes)
        made = self._given(statements.update, changes)
        call = Call(tenant=tenant, key=self._binding.key(key), values=changes)
        return _first(await self._rows(executor, made, call))

    async def upsert(self, executor: Executor, tenant: object, values: Values) -> Row | None:
        """A new row, or these values for the one with its key; None where that one is another tenant's."""
        self._binding.to_insert(values)
        self._binding.key({c.name: values.get(c.name) for c in self._binding.scope.own_key})
        made = self._given(statements.upsert, values)
        return _first(await self._rows(executor, made, Call(tenant=tenant, values=values)))

    async def delete_by_id(self, executor: Executor, tenant: object, key: Key) -> Row | None:
        """Deletes the row with a key and gives it; None where the tenant has no such row."""
        return await self._one(executor, statements.delete, tenant, key)

    def key_of(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The key of a row that was read: what the other calls take, and where the next page begins."""
        return {column.name: row[column.name] for column in self._binding.scope.own_key}

    def __repr__(self) -> str:
        return f"TenantTable({self._binding.name})"

    async def _one(
        self, executor: Executor, make: Callable[[Scope], Statement], tenant: object, key: Key
    ) -> Row | None:
        call = Call(tenant=tenant, key=self._binding.key(key))
        return _first(await self._rows(executor, self._constant(make), call))

    async def _rows(self, executor: Executor, made: Statement, call: Call) -> list[Row]:
        return self._binding.rows(made, await executor.fetch(made.text, *self._binding.bound(made, call)))

    def _constant(self, make: Callable[[Scope], Statement]) -> Statement:
        return self._cached(make.__name__, frozenset(), lambda: make(self._binding.scope))

    def _given(self, make: Callable[[Scope, Collection[str]], Statement], values: Values) -> Statement:
        given = frozenset(values)
        return self._cached(make.__name__, given, lambda: make(self._binding.scope, given))

    def _cached(self, name: str, given: frozenset[str], make: Callable[[], Statement]) -> Statement:
        place = name, given
        if place not in self._made:
            if len(self._made) >= _KEPT:
                self._made.clear()
            self._made[place] = make()
        return self._made[place]


@asynccontextmanager
async def scoped(
    executor: Executor, tenant: object, *, setting: str = "app.tenant_id"
) -> AsyncIterator[None]:
    """A transaction in which a setting says who the tenant is, for the policies of row level security.

    async with scoped(executor, organization):
        await orders.list_by_tenant(executor, organization)
    """
    async with executor.transaction():
        await executor.fetch("SELECT pg_catalog.set_config($1::text, $2::text, true)", setting, str(tenant))
        yield


def _first(rows: Sequence[Row]) -> Row | None:
    return rows[0] if rows else None
