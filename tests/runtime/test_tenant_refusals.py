"""TenantTable: what it refuses, before anything is sent."""

from typing import Any

import pytest

from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.runtime.embedded import Server
from pgkit.runtime.session import AsyncpgExecutor
from pgkit.runtime.tenant import TenantTable
from tests.runtime.databases import SCHEMA, Counting, on_database, refused, with_tables


@pytest.fixture(scope="module")
def catalog(test_server: Server) -> Catalog:
    """The catalog of the tables above."""

    async def same(_: AsyncpgExecutor, catalog: Catalog) -> Catalog:
        return catalog

    return on_database(test_server, SCHEMA, same)


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ("app.nobody", None, ["no-tenant-column", 'the table has no tenant column "org"', "app.nobody"]),
        ("app.anybody", None, ["nullable-tenant", "the tenant column may be null", "app.anybody.org"]),
        ("app.keyless", None, ["no-key", "the table has no key", "app.keyless"]),
        ("app.computed", None, ["generated-tenant", "app.computed.org"]),
        ("app.items", ["mail"], ["no-key", "(mail) is no key of the table", "its keys are (id)"]),
        ("app.item", None, ["unknown-table", 'no table named "app.item"', "did you mean app.items?"]),
        ("app.items; --", None, ["unknown-table"]),
    ],
)
def test_a_table_that_cannot_be_held_to_a_tenant(
    catalog: Catalog, table: str, key: list[str] | None, said: list[str]
) -> None:
    """Refused when it is made, with the reason."""
    with pytest.raises(PgkitError) as caught:
        TenantTable(catalog, table, tenant="org", key=key)
    assert all(part in str(caught.value) for part in said), str(caught.value)


def test_all_reasons_are_told_at_once(catalog: Catalog) -> None:
    """Neither a key nor a tenant: both are said."""
    with pytest.raises(PgkitError) as caught:
        TenantTable(catalog, "app.keyless", tenant="organisation")
    assert [d.code for d in caught.value.diagnostics] == ["no-key", "no-tenant-column"]


BAD_NAMES: list[Any] = ["nope", "n = 1, org", 'n" = 1 --', "N", "", " n", "*", None, 7, ("n",), b"n"]


def test_nothing_wrong_is_sent(test_server: Server) -> None:
    """Names that are not the caller's, and values that are not the type's, never reach the server."""

    async def all_refused(session: Counting, catalog: Catalog) -> None:
        items = TenantTable(catalog, "app.items", tenant="org")
        for name in BAD_NAMES:
            assert "unknown-column" in await refused(items.insert(session, "a", {name: 1}))
            assert "unknown-column" in await refused(items.update(session, "a", 1, {"n": 1, name: 1}))
            assert "bad-key" in await refused(items.find_by_id(session, "a", {name: 1}))
            assert "bad-key" in await refused(items.list_by_tenant(session, "a", after={"id": 1, name: 1}))
        for name, why in {
            "org": "the tenant's",
            "id": "Postgres generates",
            "twice": "Postgres generates",
        }.items():
            assert why in await refused(items.insert(session, "a", {name: None}))
            assert why in await refused(items.update(session, "a", 1, {name: 1}))
        pairs = TenantTable(catalog, "app.pairs", tenant="org")
        assert "part of the key" in await refused(pairs.update(session, "a", {"a": 1, "b": "x"}, {"b": "y"}))
        assert "part of the key" not in await refused(pairs.upsert(session, "a", {"a": 1}))
        for key in (1, {"a": 1}, {"a": 1, "b": None}, {"a": 1, "b": "x", "org": "b"}, [1, "x"], None, {}):
            assert "bad-key" in await refused(pairs.delete_by_id(session, "a", key))
        for values in (
            {"n": "1 OR 1=1"},
            {"n": True},
            {"price": 1.5},
            {"at": "now"},
            {"mail": 7},
            {"mood": 1},
            {"n": [1]},
        ):
            assert "bad-value" in await refused(items.insert(session, "a", values))
        for tenant in (None, 1, ["a"], {"a": 1}):
            assert (
                "no-tenant" in (said := await refused(items.count_by_tenant(session, tenant)))
                or "bad-value" in said
            )
        for limit in (0, -1, 1001, 10**9):
            assert "bad-limit" in await refused(items.list_by_tenant(session, "a", limit=limit))
        assert session.sent == []

    with_tables(test_server, all_refused)


class Anything(str):
    """A name that claims to be whatever it is compared with."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("n")


def test_a_name_that_lies(test_server: Server) -> None:
    """Statements are made of the catalog's names, never of the caller's, whatever these say that they are."""

    async def unmoved(session: Counting, catalog: Catalog) -> None:
        items = TenantTable(catalog, "app.items", tenant="org")
        mine = await items.insert(session, "a", {})
        changed = await items.update(session, "a", mine["id"], {Anything("org\" = 'b' --"): 5})
        assert changed == {**mine, "n": 5, "twice": 10}
        assert not any("--" in query for query, _ in session.sent)

    with_tables(test_server, unmoved)
