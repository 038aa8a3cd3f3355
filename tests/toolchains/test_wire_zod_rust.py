"""What the generated insert schemas accept lands in Postgres through generated Rust; what they refuse does not."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg

from pgkit.backends.options import ModelOptions
from pgkit.frontends import drizzle
from pgkit.ir.catalog import Catalog
from pgkit.jobs.api import create_sql
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from tests.backends import odd_names
from tests.backends.every_type import catalog, every_type_catalog_sql
from tests.backends.wire_program import wire_program, wire_programs
from tests.toolchains import Crate, contrib_server, crate
from tests.toolchains.typescript_folders import SHOP
from tests.toolchains.wire_rows import Wired, accepted, differences, tables, type_of

BUILD: Final = Path(__file__).resolve().parents[2] / "build" / "toolchains"
PROOF: Final = bool(os.environ.get("PGKIT_PROOF"))
SEED: Final = random.randrange(2**31) if PROOF else 7

UNTOLD: Final = (
    *("coupons_ends_after_start", "coupons_value_fits_kind", "orders_placed_has_date"),
    *("categories_not_own_parent", "addresses_country_code", "product_variants_list_price_above"),
    *("duplicate key value", "numeric field overflow"),
)
"""What refuses rows of the shop and no schema knows: checks of two columns or of a function's result, a key
that another row has, the size of a computed total."""

_TEXTS = ("character", "character varying")
_DATED = ("date", "timestamp without time zone", "timestamp with time zone")
# What schemas refuse although it lands, by the types of the columns: the JSON of the value, and why.
LANDS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "other spellings of a number: schemas have one, 1e5 is 100000": (
        ("numeric",),
        r"^\"[+-]?\s*((\d[\d_]*)?\.?[\d_]*([eE][+-]?\d+)?|0[xX].*|inf(inity)?|nan)\s*\"$|^\"\s*\S+\s*\"$",
    ),
    "U+0000, which json keeps as it is written and jsonb does not have": (("json",), r"\\u0000"),
    "more blanks at the end than there is room for, which Postgres cuts off": (_TEXTS, r" \"$"),
    "whatever Postgres makes of a time: 23:59:60, 1:2, now": (("time without time zone",), ""),
    "a date of which chrono reads less or more: blanks, single digits, years of less than four": (
        _DATED,
        r"\s|\"[+-]?\d{1,3}-|-\d(?!\d)|T\d:|:\d(?!\d)|:60",
    ),
    "parts of a microsecond, which sqlx cuts off": (_DATED, r"\.\d{7,}"),
}


@asynccontextmanager
async def wired(server: Server, folder: Path, made: Crate, *, contrib: bool) -> AsyncIterator[Wired]:
    """A database with an empty table of every type, the schemas and the program."""
    async with scratch(server) as url:
        await run_sql(url, every_type_catalog_sql(contrib))
        found = Wired(folder, catalog(contrib), ModelOptions(), made, url)
        found.prepare()
        yield found


async def run_sql(url: str, script: str) -> None:
    """Runs a script of statements."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(script)
    finally:
        await connection.close()


async def check_accepted(found: Wired, counts: Mapping[str, int], most: int) -> None:
    """Rows land, come back, and are what was sent but for what Postgres itself makes of it."""
    rows = await asyncio.to_thread(accepted, found, counts, most, SEED)
    assert await differences(found, [(table, row) for table, row, _ in rows]) == []
    assert await differences(found, [(table, row) for table, _, row in rows]) == []


def landed(found: Wired, counts: Mapping[str, int], most: int) -> list[tuple[str, str, str]]:
    """What the schemas refuse and yet lands: column, type and JSON of the value."""
    known = tables(found, counts, most)
    drawn = found.script("refuse.ts", {"seed": SEED, "tables": known})
    lines = [line.split("\t", 2) for line in drawn.split("\n") if line]
    said = found.insert("".join(f"{table}\t{row}\n" for table, _, row in lines))
    assert len(said) == len(lines)
    return [
        (f"{table}.{key}", type_of(known, table, key), json.dumps(json.loads(row).get(key)))
        for (table, key, row), line in zip(lines, said, strict=True)
        if line.get("by") not in ("serde", "postgres")
    ]


def reasons(type: str, value: str) -> set[str]:
    """Which of the documented reasons a value has to land."""
    return {why for why, (types, form) in LANDS.items() if type in types and re.search(form, value)}


def test_accepted_lands(test_server: Server, tmp_path: Path) -> None:
    """All of Postgres 18's own types, and pgvector's: 200 random values of each."""
    made = crate(BUILD / "wire", "0.9", "2024", wire_program(catalog(contrib=False)))

    async def check() -> None:
        async with wired(test_server, tmp_path, made, contrib=False) as found:
            counts = {} if PROOF else {"app_required": 200, "app_named": 200, "app_composed": 200}
            await check_accepted(found, counts, 400 if PROOF else 20)

    asyncio.run(check())


def test_accepted_lands_of_contrib(tmp_path: Path) -> None:
    """The types of citext, hstore, ltree, cube, seg and isn, on the oldest server."""
    made = crate(BUILD / "wire-contrib", "0.9", "2021", wire_program(catalog(contrib=True)))

    async def check(server: Server) -> None:
        async with wired(server, tmp_path, made, contrib=True) as found:
            await check_accepted(found, {"app_required": 200}, 100 if PROOF else 3)

    with local_server(contrib_server(15)) as server:
        asyncio.run(check(server))


def test_refused_does_not_land(test_server: Server, tmp_path: Path) -> None:
    """Serde or Postgres refuses it as well, except for what is listed here; and all of that occurs."""
    made = crate(BUILD / "wire", "0.9", "2024", wire_program(catalog(contrib=False)))

    async def check() -> list[tuple[str, str, str]]:
        async with wired(test_server, tmp_path, made, contrib=False) as found:
            counts = {} if PROOF else {"app_optional": 60}
            return await asyncio.to_thread(landed, found, counts, 200 if PROOF else 5)

    known = [(case, reasons(*case[1:])) for case in asyncio.run(check())]
    assert [case for case, why in known if not why] == []
    assert {why for _, each in known for why in each} == set(LANDS)


def projects() -> dict[str, tuple[Catalog, ModelOptions]]:
    """Names that break careless generators, and the demo; one program has both."""
    shop = drizzle.lower(drizzle.read(SHOP)).catalog
    return {"odd": (odd_names.odd_names(), odd_names.OPTIONS), "shop": (shop, ModelOptions())}


async def check_project(server: Server, folder: Path, name: str, most: int) -> list[Any]:
    """Random rows of all tables land, whatever their foreign keys say, and come back."""
    found, options = projects()[name]
    made = crate(BUILD / "wire-names", "0.9", "2024", wire_programs(projects()))
    async with scratch(server) as url:
        if name == "shop":
            await run_sql(url, "CREATE EXTENSION vector")  # snapshots know nothing of extensions
        await run_sql(url, create_sql(found))
        no_triggers = f"{url}{'&' if '?' in url else '?'}options=-csession_replication_role%3Dreplica"
        here = Wired(folder, found, options, made, no_triggers, name)
        here.prepare()
        return await asyncio.to_thread(accepted, here, {}, most, SEED, UNTOLD)


def test_odd_names(test_server: Server, tmp_path: Path) -> None:
    """Whatever a column, an attribute, a label or a table is called."""
    rows = asyncio.run(check_project(test_server, tmp_path, "odd", 6))
    assert {table for table, *_ in rows} == set(Wired(tmp_path, *projects()["odd"], None, "").rows)
    assert [row for _, row, _ in rows if set(row) - {"id"}]
    assert [(sent, back) for _, sent, back in rows if {**dict.fromkeys(back), **sent} != back] == []


def test_shop(test_server: Server, tmp_path: Path) -> None:
    """Every table of the demo."""
    rows = asyncio.run(check_project(test_server, tmp_path, "shop", 40))
    assert len({table for table, *_ in rows}) == len(projects()["shop"][0].tables)
