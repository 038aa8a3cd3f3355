"""Rows of extreme values go in and out of the demo's tables by the generated inserts, and drift is found."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import takewhile
from pathlib import Path

import asyncpg

from pgkit.backends.options import ModelOptions
from pgkit.backends.values import Own
from pgkit.frontends import drizzle
from pgkit.ir.names import Ref
from pgkit.ir.walk import ref_of
from pgkit.jobs.sources import Options
from pgkit.jobs.views import with_columns
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.backends.rows_plan import UNCHECKED, row_plans
from tests.backends.rows_program import plan_file, rows_program
from tests.toolchains import Crate, crate
from tests.toolchains.test_shop import SHOP, migrations

BUILD = Path(__file__).resolve().parents[2] / "build" / "toolchains"
CATALOG = drizzle.lower(drizzle.read(SHOP / "drizzle")).catalog
VIEWS = frozenset(map(ref_of, (*CATALOG.views, *CATALOG.materialized_views)))
TENANT = "organization_id"
OPTIONS = ModelOptions(
    tenants={
        **{t.ref: TENANT for t in CATALOG.tables if any(c.name == TENANT for c in t.columns)},
        **dict.fromkeys(VIEWS, TENANT),
    },
    own={
        Ref("table", "public", "orders").of("column", "placed_at"): Own(infinity="text"),
        Ref("table", "public", "products").of("column", "available_from"): Own(infinity="text"),
        Ref("table", "public", "coupons").of("column", "ends_at"): Own(infinity="text"),
    },
)
CHOSEN = {"order_items.unit_price": ["-0.01", "0.01", "0.00"]}  # times a quantity, it must fit line_total
DRIFT = "database_is_as_generated"
ALTERED = """
    ALTER TABLE coupons ALTER uses_left TYPE integer;
    ALTER TABLE memberships DROP COLUMN role;
    ALTER TYPE channel RENAME VALUE 'store' TO 'shop';
"""


def test_shop(test_server: Server, tmp_path: Path) -> None:
    """Every table takes every row, and the drift test is red, green and red again as the database changes."""
    options = Options(server=test_server.url)
    catalog, findings = asyncio.run(with_columns(CATALOG, VIEWS, options))
    assert findings == ()
    sources, plans = rows_program(catalog, OPTIONS, "drift", partial(row_plans, chosen=CHOSEN))
    made = crate(BUILD / "rows-shop", "0.9", "2024", sources, ["drift"])
    asyncio.run(check(made, test_server, plan_file(plans, tmp_path)))


async def check(made: Crate, server: Server, plan: str) -> None:
    """What the crate's tests say of the database that the migrations make, and of what becomes of it."""
    async with scratch(server) as url:
        env = {"DATABASE_URL": url, "PLAN": plan, "RUST_BACKTRACE": "0"}
        connection = await asyncpg.connect(url)
        for statement in (*migrations(SHOP), UNCHECKED):
            await connection.execute(statement)
        assert await drift(made, env) == ['"public"."orders", "currency": can be NULL']
        await connection.execute("ALTER TABLE orders ALTER currency SET NOT NULL")
        (await asyncio.to_thread(made.test, env=env)).check()
        await connection.execute(ALTERED)
        await connection.close()
        found = await drift(made, env)
        statements = [line for line in found if not line.startswith('"')]
        assert all(
            'column "role" ' in line and line.startswith("public.memberships, ") for line in statements
        )
        assert {line.split()[1] for line in statements} >= {"FIND:", "LIST:", "INSERT:", "UPDATE:", "DELETE:"}
        assert found[len(statements) :] == [
            '"public"."coupons", "uses_left": expected smallint, found integer',
            '"public"."memberships": no column "role"',
            '"public"."channel": expected ["web", "store", "marketplace"], found ["web", "shop", "marketplace"]',
        ]


async def drift(made: Crate, env: dict[str, str]) -> list[str]:
    """The lines by which the generated test fails: what it panics with."""
    said = await asyncio.to_thread(made.test, DRIFT, env=env)
    assert "1 failed" in said.stdout, said.said
    panicked = said.stdout.partition("panicked at ")[2].splitlines()[1:]
    return [*takewhile(lambda line: line and not line.startswith("note: "), panicked)]
