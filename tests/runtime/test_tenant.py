"""TenantTable: what it refuses, what it never sends, and that it is part of the transaction around it."""

import asyncio
from decimal import Decimal

import pytest

from pgkit.ir.catalog import Catalog
from pgkit.runtime.connect import SqlError, connect
from pgkit.runtime.embedded import Server
from pgkit.runtime.session import AsyncpgExecutor
from pgkit.runtime.tenant import TenantTable, scoped
from pgkit.runtime.url import with_database
from tests.runtime.databases import Counting, on_database, refused, with_tables


def test_values_are_values(test_server: Server) -> None:
    """SQL in a value, a key or a tenant is text; every statement binds the tenant first, and names no value."""
    evil = "x' OR '1'='1'; DROP TABLE app.items; --"

    async def kept(session: Counting, catalog: Catalog) -> None:
        items = TenantTable(catalog, "app.items", tenant="org")
        one = TenantTable(catalog, "app.one", tenant="org")
        row = await items.insert(session, "a", {"mail": evil})
        assert await items.find_by_id(session, evil, row["id"]) is None
        assert await items.list_by_tenant(session, evil) == []
        assert await items.count_by_tenant(session, "a' OR 'a'='a") == 0
        assert await items.delete_by_id(session, evil, row["id"]) is None
        assert await items.find_by_id(session, "a", row["id"]) == row
        assert row["mail"] == evil
        assert await one.upsert(session, evil, {"note": evil}) == {"org": evil, "note": evil}
        assert await one.find_by_id(session, "a", {}) is None
        assert all(
            "DROP" not in query and "$1" in query and args[0] in ("a", evil, "a' OR 'a'='a")
            for query, args in session.sent
        )

    with_tables(test_server, kept)


def test_absent_is_not_none(test_server: Server) -> None:
    """What is left out keeps its value or takes its default; None is NULL; nothing given changes nothing."""

    async def told_apart(session: Counting, catalog: Catalog) -> None:
        items = TenantTable(catalog, "app.items", tenant="org")
        row = await items.insert(session, "a", {"price": Decimal("9.99")})
        assert row == {
            "org": "a",
            "id": 1,
            "mail": None,
            "n": 7,
            "twice": 14,
            "price": Decimal("9.99"),
            "at": None,
            "mood": None,
        }
        assert (await items.insert(session, "a", {"n": None}))["n"] is None
        assert await items.update(session, "a", 1, {}) == row
        assert session.sent[-1][0].startswith("SELECT")
        assert await items.update(session, "a", 1, {"n": None, "mood": "ok"}) == {
            **row,
            "n": None,
            "twice": None,
            "mood": "ok",
        }
        assert await items.update(session, "b", 1, {"n": 1}) is None
        assert await items.update(session, "a", 99, {}) is None

    with_tables(test_server, told_apart)


def test_pages(test_server: Server) -> None:
    """A walk over pages meets each of the tenant's rows once, in the order of the key."""

    async def walked(session: Counting, catalog: Catalog) -> None:
        pairs = TenantTable(catalog, "app.pairs", tenant="org")
        for a in range(6):
            for b in ("", "x", "y"):
                await pairs.insert(session, "ab"[(a + len(b)) % 2], {"a": a, "b": b})
        seen, page = [], await pairs.list_by_tenant(session, "a", limit=2)
        while page and len(seen) < 50:
            seen += page
            page = await pairs.list_by_tenant(session, "a", after=pairs.key_of(page[-1]), limit=2)
        assert [(row["a"], row["b"]) for row in seen] == sorted((row["a"], row["b"]) for row in seen)
        assert len(seen) == await pairs.count_by_tenant(session, "a") == 9
        assert {row["org"] for row in seen} == {"a"}
        one = TenantTable(catalog, "app.one", tenant="org")
        await one.insert(session, "a", {})
        assert len(await one.list_by_tenant(session, "a")) == 1
        assert await one.list_by_tenant(session, "a", after={}) == []

    with_tables(test_server, walked)


def test_no_tenant_is_cut_short(test_server: Server) -> None:
    """Types that cut what is too long: a longer tenant or key is not the one that it begins with."""
    kinds = {
        "name": "x" * 63,
        '"char"': "x",
        "varchar(3)": "xxx",
        "char(3)": "xxx",
        "bit(3)": "111",
        "varbit(3)": "111",
    }
    sql = "".join(
        f"CREATE TABLE t{at} (org {kind} NOT NULL, id {kind} PRIMARY KEY);" for at, kind in enumerate(kinds)
    )

    async def apart(session: AsyncpgExecutor, catalog: Catalog) -> None:
        for at, value in enumerate(kinds.values()):
            table, longer = TenantTable(catalog, f"t{at}", tenant="org"), value + value[0]
            row = await table.insert(session, value, {"id": value})
            assert (
                await table.list_by_tenant(session, value)
                == [row]
                == await table.find_many(session, value, [value])
            )
            if longer == "xx":
                assert "a str of one byte" in await refused(table.count_by_tenant(session, longer))
                continue
            assert await table.count_by_tenant(session, longer) == 0
            assert await table.find_by_id(session, value, longer) is None
            assert await table.delete_by_id(session, longer, value) is None
            if len(value) == 3:
                with pytest.raises(SqlError, match=r"too long|does not match"):
                    await table.insert(session, value, {"id": longer})

    on_database(test_server, sql, apart)


def test_a_key_that_is_not_the_primary_one(test_server: Server) -> None:
    """A unique constraint over columns that are not null will do: the first, or the one that is named."""

    async def keyed(session: Counting, catalog: Catalog) -> None:
        by_slug = TenantTable(catalog, "app.own", tenant="org", key=["slug"])
        by_code = TenantTable(catalog, "app.own", tenant="org", key=["code", "org"])
        row = await by_slug.insert(session, "a", {"slug": "s", "code": 1})
        assert await by_code.find_by_id(session, "a", 1) == row
        assert await by_code.upsert(session, "b", {"slug": "t", "code": 1}) == {
            "org": "b",
            "slug": "t",
            "code": 1,
        }
        assert await by_slug.upsert(session, "b", {"slug": "s", "code": 2}) is None
        assert await by_slug.find_by_id(session, "a", "s") == row
        assert await by_code.update(session, "a", 1, {"slug": "u"}) == {**row, "slug": "u"}

    with_tables(test_server, keyed)


def test_the_transaction_around_it(test_server: Server) -> None:
    """Calls are part of what is open on the executor, down to its savepoints."""

    async def rolled_back(session: Counting, catalog: Catalog) -> None:
        items = TenantTable(catalog, "app.items", tenant="org")
        async with session.transaction():
            await items.insert(session, "a", {"mail": "kept"})
            with pytest.raises(ZeroDivisionError):
                await _undone(items, session)
            assert await items.count_by_tenant(session, "a") == 1
        with pytest.raises(ZeroDivisionError):
            await _undone(items, session)
        assert [row["mail"] for row in await items.list_by_tenant(session, "a")] == ["kept"]

    with_tables(test_server, rolled_back)


async def _undone(items: TenantTable, session: Counting) -> None:
    async with session.transaction():
        await items.insert(session, "a", {"mail": "lost"})
        for row in await items.list_by_tenant(session, "a"):
            await items.delete_by_id(session, "a", row["id"])
        raise ZeroDivisionError


def test_scoped_says_who_the_tenant_is(test_server: Server) -> None:
    """For the policies of row level security, and for one transaction only."""

    async def told(session: Counting, catalog: Catalog) -> None:
        query = "SELECT current_setting('my.tenant', true)"
        async with scoped(session, "a'; --", setting="my.tenant"):
            assert (await session.fetch(query))[0][0] == "a'; --"
        assert (await session.fetch(query))[0][0] in (None, "")

    with_tables(test_server, told)


def test_two_at_a_time(test_server: Server) -> None:
    """A locked row is waited for: two that add one to the same row both count."""

    async def counted(session: Counting, catalog: Catalog) -> None:
        items = TenantTable(catalog, "app.items", tenant="org")
        id = (await items.insert(session, "a", {"n": 0}))["id"]
        name = (await session.fetch("SELECT current_database()::text"))[0][0]

        async def add() -> None:
            other = await connect(with_database(test_server.url, str(name)))
            async with other.transaction():
                row = await items.lock_by_id(other, "a", id)
                assert row is not None
                await asyncio.sleep(0.02)
                await items.update(other, "a", id, {"n": row["n"] + 1})
            await other.close()

        await asyncio.gather(*(add() for _ in range(4)))
        row = await items.find_by_id(session, "a", id)
        assert row is not None
        assert row["n"] == 4

    with_tables(test_server, counted)
