"""Every scalar type through the statements of a table: what is inserted is found, as it was."""

from collections.abc import Iterator
from typing import Any

import pytest

from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.scalars import SCALARS
from pgkit.runtime.connect import SqlError
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.session import AsyncpgExecutor
from pgkit.runtime.tenant import TenantTable
from pgkit.sql import quoted
from tests.runtime.databases import on_database
from tests.runtime.samples import SAMPLES, WITHOUT
from tests.runtime.types import different, installed, of_server, tables_of, written
from tests.toolchains.servers import contrib_server

# They have no order of their own, so no table can have them in a primary key.
UNORDERED = {
    *("json", "point", "line", "lseg", "box", "path", "polygon", "circle", "xml", "jsonpath", "xid", "cid"),
    *("aclitem", "refcursor", "txid_snapshot", "pg_snapshot", "lquery", "ltxtquery"),
}


@pytest.fixture(scope="module")
def contrib18() -> Iterator[Server]:
    """A server with all of contrib."""
    with local_server(contrib_server(18)) as server:
        yield server


def test_there_is_a_sample_of_every_type() -> None:
    """A type that is new in the table of types must have values here."""
    assert {row.name for row in SCALARS} == SAMPLES.keys() | WITHOUT
    assert not SAMPLES.keys() & WITHOUT


@pytest.mark.parametrize("server", ["contrib18", "test_server"])
def test_every_type_comes_back(server: str, request: pytest.FixtureRequest) -> None:
    """By itself, in an array with a null, under a domain, and as a column that is changed and emptied."""
    names = of_server(server)

    async def wrong(session: AsyncpgExecutor, catalog: Catalog) -> list[object]:
        return await different(session, catalog, names)

    assert on_database(request.getfixturevalue(server), tables_of(names), wrong) == []


@pytest.mark.parametrize("server", ["contrib18", "test_server"])
def test_every_type_is_a_key(server: str, request: pytest.FixtureRequest) -> None:
    """Found, paged, changed and deleted by a key of the type, where the type has an order."""
    names = of_server(server)

    async def wrong(session: AsyncpgExecutor, _: Catalog) -> tuple[list[str], set[str]]:
        ordered = {
            name: f"k{at}" for at, name in enumerate(names) if await is_ordered(session, f"k{at}", name)
        }
        catalog = (await read_catalog(session)).catalog
        found = [
            bad for name, table in ordered.items() for bad in await misses(session, catalog, table, name)
        ]
        return found, set(names) - ordered.keys()

    found, unordered = on_database(request.getfixturevalue(server), installed(names), wrong)
    assert found == []
    assert unordered == UNORDERED & set(names)


async def is_ordered(session: AsyncpgExecutor, table: str, name: str) -> bool:
    """Makes a table whose key is of the type, unless the type has no order."""
    try:
        await session.execute(
            f"CREATE TABLE {table} (org int NOT NULL, key {written(name)} PRIMARY KEY, note text)"
        )
    except SqlError as error:
        if error.sqlstate != "42704":
            raise
        return False
    return True


async def misses(session: AsyncpgExecutor, catalog: Catalog, of: str, name: str) -> list[str]:
    """What goes wrong with keys of one type."""
    table, values, wrong = TenantTable(catalog, of, tenant="org"), SAMPLES[name], []
    rows = [await table.insert(session, 1, {"key": value}) for value in values]
    keys = [table.key_of(row) for row in rows]
    page, paged = await table.list_by_tenant(session, 1, limit=1), []
    while page and len(paged) <= len(rows):
        paged += page
        page = await table.list_by_tenant(session, 1, after=table.key_of(page[-1]), limit=1)
    if sorted(map(repr, paged)) != sorted(map(repr, rows)):
        wrong.append(f"{name}: pages")
    many = await table.find_many(session, 1, keys)
    if sorted(map(repr, many)) != sorted(map(repr, rows)):
        wrong.append(f"{name}: many")
    for row, key in zip(rows, keys, strict=True):
        wrong += [f"{name}: {said}" for said in await one(table, session, row, key)]
    return wrong


async def one(
    table: TenantTable, session: AsyncpgExecutor, row: dict[str, Any], key: dict[str, Any]
) -> list[str]:
    """What goes wrong with one row: every way to it, then its end."""
    noted = {**row, "note": "x"}
    ways = {
        "find": await table.find_by_id(session, 1, key) == row,
        "another's": await table.find_by_id(session, 2, key) is None,
        "update": await table.update(session, 1, key, {"note": "x"}) == noted,
        "upsert": await table.upsert(session, 1, {**key, "note": "x"}) == noted,
        "another's upsert": await table.upsert(session, 2, {**key, "note": "y"}) is None,
        "lock": await table.lock_by_id(session, 1, key) == noted,
        "another's delete": await table.delete_by_id(session, 2, key) is None,
        "delete": await table.delete_by_id(session, 1, key) == noted,
        "gone": await table.find_by_id(session, 1, key) is None,
    }
    return [said for said, good in ways.items() if not good]


def test_names_are_quoted(contrib18: Server) -> None:
    """Names that are SQL, key words, or half of a statement are names and nothing else."""
    odd = [
        'x"; DROP TABLE t; --',
        "$1",
        "%s",
        "{0}",
        "user",
        "order",
        "é 日本",
        "a.b",
        "T",
        "t",
        "?",
        ":x",
        "k0",
    ]
    columns = ", ".join(f"{quoted(name)} text" for name in odd)
    sql = f"""CREATE SCHEMA "o""dd"; CREATE TYPE "o""dd"."Mo'od" AS ENUM ('it''s', 'B"');
        CREATE TABLE "o""dd"."T$1" ("te""nant" int, "%(id)s" int, {columns}, m "o""dd"."Mo'od",
        PRIMARY KEY ("te""nant", "%(id)s"))"""

    async def kept(session: AsyncpgExecutor, catalog: Catalog) -> None:
        table = TenantTable(catalog, 'o"dd.T$1', tenant='te"nant')
        values = {name: f"{name} {{}} $1 %s '\"" for name in odd}
        row = await table.insert(session, 1, {"%(id)s": 7, "m": "it's", **values})
        assert row == {'te"nant': 1, "%(id)s": 7, "m": "it's", **values}
        assert await table.find_many(session, 1, [{"%(id)s": 7}]) == [row]
        assert await table.list_by_tenant(session, 1, after=6) == [row]
        changed = await table.update(session, 1, 7, {name: None for name in odd})
        assert changed == {**row, **dict.fromkeys(odd)}
        assert await table.upsert(session, 1, row_without(row, 'te"nant')) == row

    on_database(contrib18, sql, kept)


def row_without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """The row, less some columns."""
    return {name: value for name, value in row.items() if name not in names}
