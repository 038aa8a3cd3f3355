"""The statements of a table: their text, what they want bound, and that Postgres takes each of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pgkit.ir.catalog import Catalog
from pgkit.ir.relations import Column, Table
from pgkit.ir.types import Array
from pgkit.ir.walk import index
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.session import AsyncpgExecutor
from pgkit.sql import statements as made
from pgkit.sql.statements import Form, Role, Scope, Statement
from tests.runtime.databases import on_database
from tests.toolchains.servers import contrib_server

SAMPLES = Path(__file__).parents[1] / "live" / "samples"
TABLE = """
    CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('ok'); CREATE EXTENSION citext SCHEMA app;
    CREATE TABLE app.item (org uuid NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, slug app.citext NOT NULL,
        mood app.mood, name varchar(3), twice int GENERATED ALWAYS AS (1) STORED, PRIMARY KEY (id), UNIQUE (slug, org));
"""
ALL = '"app"."item" AS t'
COLUMNS = (
    't."org", t."id", t."slug"::text AS "slug", t."mood"::text AS "mood", t."name"::text AS "name", t."twice"'
)
WRITTEN = '$2::text::"app".citext, $3::text::"app"."mood", $4::text::varchar'
EXPECTED = {
    "find": f'SELECT {COLUMNS} FROM {ALL} WHERE t."org" = $1::uuid AND t."id" = $2::bigint',
    "lock": f'SELECT {COLUMNS} FROM {ALL} WHERE t."org" = $1::uuid AND t."id" = $2::bigint FOR UPDATE OF t',
    "find_many": f'SELECT {COLUMNS} FROM {ALL} WHERE t."org" = $1::uuid AND t."id" = ANY ($2::bigint[])',
    "list_": f'SELECT {COLUMNS} FROM {ALL} WHERE t."org" = $1::uuid ORDER BY t."id" LIMIT $2::bigint',
    "list_after": f'SELECT {COLUMNS} FROM {ALL} WHERE t."org" = $1::uuid AND t."id" > $3::bigint ORDER BY t."id" LIMIT $2::bigint',
    "count": f'SELECT pg_catalog.count(*) FROM {ALL} WHERE t."org" = $1::uuid',
    "insert": f'INSERT INTO {ALL} ("org", "slug", "mood", "name") VALUES ($1::uuid, {WRITTEN}) RETURNING {COLUMNS}',
    "patch": (
        f'UPDATE {ALL} SET "slug" = CASE WHEN $3::boolean THEN $4::text::"app".citext ELSE t."slug" END, '
        '"mood" = CASE WHEN $5::boolean THEN $6::text::"app"."mood" ELSE t."mood" END, '
        '"name" = CASE WHEN $7::boolean THEN $8::text::varchar ELSE t."name" END '
        f'WHERE t."org" = $1::uuid AND t."id" = $2::bigint RETURNING {COLUMNS}'
    ),
    "upsert": (
        f'INSERT INTO {ALL} ("org", "slug", "mood", "name") VALUES ($1::uuid, {WRITTEN}) ON CONFLICT ("id") DO UPDATE '
        'SET "slug" = EXCLUDED."slug", "mood" = EXCLUDED."mood", "name" = EXCLUDED."name" '
        f'WHERE t."org" = EXCLUDED."org" RETURNING {COLUMNS}'
    ),
    "delete": f'DELETE FROM {ALL} WHERE t."org" = $1::uuid AND t."id" = $2::bigint RETURNING {COLUMNS}',
}


@pytest.fixture(scope="module")
def contrib18() -> Iterator[Server]:
    """A server with all of contrib."""
    with local_server(contrib_server(18)) as server:
        yield server


def scope_of(catalog: Catalog, name: str, **options: Any) -> Scope:
    """The scope of a table whose texts are bound as text, and the rest as what it is."""
    objects = index(catalog)
    (table,) = (t for t in catalog.tables if t.name == name)

    def form(column: Column) -> Form:
        typed = {"uuid", "bigint", "integer"}
        plain = getattr(column.type, "name", "") in typed
        return (made.typed_form if plain else made.text_form)(column.type, objects)

    return made.scope(table, objects, form, **options)


def test_the_text_of_each(contrib18: Server) -> None:
    """Held to a tenant: `$1` first, then the key, then what is written; `LIMIT` before the key of the last page."""

    async def read(_: AsyncpgExecutor, catalog: Catalog) -> Catalog:
        return catalog

    scope = scope_of(on_database(contrib18, TABLE, read), "item", tenant="org")
    assert {name: getattr(made, name)(scope).text for name in EXPECTED} == EXPECTED
    assert [c.name for c in made.insertable(scope)] == ["slug", "mood", "name"]
    assert made.find(scope).columns == scope.table.columns
    roles = [(p.role, p.column and p.column.name) for p in made.list_after(scope).parameters]
    assert roles == [(Role.TENANT, "org"), (Role.LIMIT, None), (Role.AFTER, "id")]
    slug = [c for c in scope.table.columns if c.name in ("slug", "org")]
    by_slug = 'WHERE t."org" = $1::uuid AND t."slug" OPERATOR("app".=) $2::text::"app".citext'
    assert made.find_by(scope, slug).text.endswith(by_slug)
    parts = made.insert_parts(scope)
    assert str(parts.head) == f'INSERT INTO {ALL} ("org", "slug", "mood", "name") VALUES ('
    assert str(parts.tail) == f") RETURNING {COLUMNS}"
    without = scope_of_without(scope)
    assert made.find(without).text == f'SELECT {COLUMNS} FROM {ALL} WHERE t."id" = $1::bigint'
    assert "WHERE" not in made.upsert(without).text
    assert (
        made.list_(without).text == f'SELECT {COLUMNS} FROM {ALL} WHERE true ORDER BY t."id" LIMIT $1::bigint'
    )


def scope_of_without(scope: Scope) -> Scope:
    """The same table, not held to a tenant."""
    return made.scope(scope.table, scope.objects, scope.forms)


def every(scope: Scope) -> Iterator[Statement]:
    """Every statement of a scope."""
    names = [name for name in EXPECTED if name != "find_many"]
    yield from (getattr(made, name)(scope) for name in names)
    yield from (made.insert(scope, given) for given in ((), [c.name for c in made.insertable(scope)][:1]))
    yield from (made.update(scope, [c.name]) for c in made.changeable(scope))
    by_name = {c.name: c for c in scope.table.columns}
    for unique in made.uniques(scope.table):
        yield made.find_by(scope, [by_name[ref.member] for ref in unique.columns])
    if scope.own_key and not any(isinstance(made.base(c.type, scope.objects), Array) for c in scope.own_key):
        yield made.find_many(scope)


def tenants(table: Table) -> list[str | None]:
    """Each column that could be a tenant's, and none."""
    return [None, *(c.name for c in table.columns)]


def test_postgres_takes_each(contrib18: Server) -> None:
    """Of tables with every kind of column and key: plain, and held to whatever column could be the tenant's."""
    sql = (SAMPLES / "modelled.sql").read_text() + TABLE.replace(
        "CREATE EXTENSION citext SCHEMA app;", ""
    ).replace("app.citext", "extensions.citext")

    async def prepared(session: AsyncpgExecutor, catalog: Catalog) -> int:
        objects, count = index(catalog), 0
        await session.execute("SET search_path = pg_catalog")  # extensions are found all the same
        for table in catalog.tables:
            for tenant in tenants(table):
                if any(made.problems(table, objects, tenant=tenant)):
                    continue
                scope = made.scope(table, objects, lambda c: made.text_form(c.type, objects), tenant=tenant)
                for statement in every(scope):
                    await session.execute(f"PREPARE p AS {statement.text}; DEALLOCATE p")
                    assert all(f"${at}" in statement.text for at in range(1, len(statement.parameters) + 1))
                    assert f"${len(statement.parameters) + 1}" not in statement.text
                    count += 1
        return count

    assert on_database(contrib18, sql, prepared) > 100
