"""What a project says of its types is what is compiled, and what is read and written."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

import asyncpg
import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.frontends.live import read_catalog
from pgkit.jobs.config import Config, Override, RustConfig
from pgkit.jobs.naming import model_options
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.backends.write_program import copies_sql, write_program
from tests.toolchains import crate

BUILD = Path(__file__).resolve().parents[2] / "build" / "toolchains"
SCHEMA = """
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'ok');
CREATE TYPE app.pair AS (a bigint, b text);
CREATE DOMAIN app.moment AS timestamptz;
CREATE DOMAIN app.doc AS jsonb;
CREATE TYPE app.deep AS (doc app.doc, docs app.doc[], grid jsonb[][], celsius double precision);
CREATE TYPE app.wide AS (
    deep app.deep, deeps app.deep[], at timestamptz, day date, moments app.moment[], cash money, cashes money[]
);
CREATE TABLE app.country (id char(2) PRIMARY KEY);
CREATE TABLE app.parent (
    id bigint PRIMARY KEY,
    country char(2) NOT NULL REFERENCES app.country,
    above bigint REFERENCES app.parent
);
CREATE TABLE app.detail (id bigint PRIMARY KEY REFERENCES app.parent, note text);
CREATE TABLE app.chosen (
    id uuid PRIMARY KEY,
    parent bigint NOT NULL REFERENCES app.parent,
    detail bigint REFERENCES app.detail,
    meta jsonb NOT NULL,
    maybe_meta jsonb,
    text_meta json,
    at timestamptz,
    moment app.moment,
    local timestamp,
    day date,
    ats timestamptz[],
    amount numeric,
    big bigint NOT NULL,
    celsius double precision,
    label app.mood,
    names text[],
    bigs bigint[],
    moods app.mood[],
    pairs app.pair[],
    blobs bytea[],
    grid integer[][],
    prices numeric(10,2)[],
    docs jsonb[] NOT NULL DEFAULT '{}',
    texts json[],
    boxes jsonb[][],
    wide app.wide,
    wides app.wide[]
);
INSERT INTO app.country VALUES ('AT'), ('de'), ('');
INSERT INTO app.parent VALUES (-9223372036854775808, 'AT', NULL), (9223372036854775807, '', -9223372036854775808);
INSERT INTO app.detail VALUES (9223372036854775807, 'x');
INSERT INTO app.chosen VALUES (
    '00000000-0000-0000-0000-000000000001', 9223372036854775807, 9223372036854775807,
    '{"name": "a", "tags": ["x"]}', '{"name": "\\u00e9", "tags": []}', '{"name": "b", "tags": []}',
    'infinity', '-infinity', '-infinity', 'infinity', '{infinity,NULL,2024-01-02 03:04:05.1+00}',
    1.5, 9007199254740993, 36.6, 'ok', '{a,NULL,"NULL",""}', '{1,NULL}', '{NULL,sad}',
    ARRAY[ROW(1, NULL)::app.pair, NULL], ARRAY['\\x00', NULL]::bytea[], '{{1,NULL},{NULL,4}}', '{0,NULL}'
), (
    '00000000-0000-0000-0000-000000000002', 9223372036854775807, NULL,
    '{"name": "", "tags": []}', NULL, NULL,
    '0044-03-15 12:00:00.000001+00 BC', '2024-01-02 03:04:05+05:30', '294276-12-31 23:59:59.999999',
    '5874897-12-31', '{}', NULL, 0, NULL, NULL, '{}', '{}', '{}', '{}', '{}', '{}', '{}'
), (
    '00000000-0000-0000-0000-000000000003', -9223372036854775808, NULL, '{"name": "", "tags": []}',
    NULL, NULL, '294276-12-31 23:59:59.999999+00', NULL, '4713-01-01 00:00:00 BC', '4713-01-01 BC',
    NULL, 0.00, -1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
);
"""
TYPES = """
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Meta {
    name: String,
    tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[sqlx(transparent)]
pub struct Celsius(f64);
"""
META = Override(rust="crate::Meta")
NULLS = Override(array_nulls=True)
CONFIG = Config(
    schema="app",
    rust=RustConfig(),
    overrides={
        "app.chosen.meta": META,
        "app.chosen.maybe_meta": META,
        "app.chosen.text_meta": META,
        "timestamptz": Override(infinity="text"),
        "app.chosen.local": Override(infinity="text"),
        "date": Override(infinity="text"),
        "numeric": Override(rust="::rust_decimal::Decimal"),
        "app.chosen.big": Override(rust="i64"),
        "app.mood": Override(rust="String"),
        "app.chosen.names": NULLS,
        "app.chosen.bigs": NULLS,
        "app.chosen.moods": NULLS,
        "app.chosen.pairs": NULLS,
        "app.chosen.blobs": NULLS,
        "app.chosen.grid": NULLS,
        "app.chosen.prices": NULLS,
        "app.chosen.ats": NULLS,
        "app.chosen.texts": Override(rust="crate::Meta", array_nulls=True),
        "jsonb": META,
        "double precision": Override(rust="crate::Celsius"),
        "app.deep.celsius": Override(rust="f64"),  # in a composite type there is none of the project's
    },
)
FIELDS = {
    "id": "super::ids::ChosenId",
    "parent": "super::ids::ParentId",
    "detail": "Option<super::ids::ParentId>",
    "meta": "crate::Meta",
    "maybe_meta": "Option<crate::Meta>",
    "text_meta": "Option<crate::Meta>",
    "at": "Option<String>",
    "moment": "Option<String>",
    "local": "Option<String>",
    "day": "Option<String>",
    "ats": "Option<Vec<Option<String>>>",
    "amount": "Option<::rust_decimal::Decimal>",
    "big": "i64",
    "celsius": "Option<crate::Celsius>",
    "label": "Option<String>",
    "names": "Option<Vec<Option<String>>>",
    "bigs": "Option<Vec<Option<i64>>>",
    "moods": "Option<Vec<Option<String>>>",
    "pairs": "Option<Vec<Option<super::composites::Pair>>>",
    "blobs": "Option<Vec<Option<Vec<u8>>>>",
    "grid": "Option<Vec<Vec<Option<i32>>>>",
    "prices": "Option<Vec<Option<::rust_decimal::Decimal>>>",
    "docs": "Vec<crate::Meta>",
    "texts": "Option<Vec<Option<crate::Meta>>>",
    "boxes": "Option<Vec<Vec<crate::Meta>>>",
    "wide": "Option<super::composites::Wide>",
    "wides": "Option<Vec<super::composites::Wide>>",
}
TEXTS = {
    ("infinity", "-infinity", "-infinity", "infinity"),
    (
        "0044-03-15T12:00:00.000001Z BC",
        "2024-01-01T21:34:05Z",
        "294276-12-31T23:59:59.999999",
        "5874897-12-31",
    ),
    ("294276-12-31T23:59:59.999999Z", None, "4713-01-01T00:00:00 BC", "4713-01-01 BC"),
}


async def copied(server: Server, sqlx: Literal["0.8", "0.9"]) -> tuple[str, str, set[tuple[str | None, ...]]]:
    """What is generated for the table, what the program prints, and the texts that a select list gives."""
    async with scratch(server) as url:
        connection = await asyncpg.connect(url)
        await connection.execute(SCHEMA)
        async with open_(url) as session:
            catalog = (await read_catalog(session)).catalog
        await connection.execute(copies_sql(catalog))
        options = model_options(CONFIG, catalog)
        made = crate(BUILD / "overrides", sqlx, "2021", write_program(catalog, options, TYPES))
        made.fmt_check().check()
        elsewhere = f"{url}&options=-cTimeZone%3DAsia/Tokyo%20-cDateStyle%3DGerman"
        printed = made.run(env={"DATABASE_URL": elsewhere}).check()
        await same(connection)
        module = Rust(options=options).emit(catalog)["chosen.rs"]
        texts = await selected(connection, module)
        await connection.close()
    return module, printed, texts


async def same(connection: asyncpg.Connection) -> None:
    """Each row and its copy are one text, json's blanks aside."""
    for table in ("country", "parent", "detail", "chosen"):
        rows = await connection.fetch(
            f"SELECT to_jsonb(t)::text AS old, to_jsonb(c)::text AS new "
            f"FROM app.{table} AS t LEFT JOIN copies.{table} AS c USING (id)"
        )
        assert [row["new"] for row in rows] == [row["old"] for row in rows]


async def selected(connection: asyncpg.Connection, module: str) -> set[tuple[str | None, ...]]:
    """The moments of each row, as the module selects them."""
    constant = module.split('CHOSEN_COLUMNS: &str = "\\\n')[1].split('";\n')[0].replace('\\"', '"')
    columns = " ".join(line.strip().removesuffix("\\") for line in constant.splitlines())
    await connection.execute("SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German'")
    read = f"SELECT {columns.replace(chr(92) * 2, chr(92))} FROM app.chosen"
    rows = await connection.fetch(f"SELECT at, moment, local, day FROM ({read}) AS r")
    return {(r["at"], r["moment"], r["local"], r["day"]) for r in rows}


@pytest.mark.parametrize("sqlx", ["0.9", "0.8"])
def test_overrides(sqlx: Literal["0.8", "0.9"], test_server: Server) -> None:
    """The fields have the types that were asked for, and every value comes back, whatever DateStyle says."""
    module, printed, texts = asyncio.run(copied(test_server, sqlx))
    row = module.split("pub struct ChosenRow {")[1].split("\n}")[0]
    declared = [line.strip()[4:-1] for line in row.splitlines() if line.startswith("    pub ")]
    assert dict(line.split(": ", 1) for line in declared) == FIELDS
    assert "chosen 3 of 3" in printed
    assert texts == TEXTS


def test_ids_can_be_left_out(test_server: Server) -> None:
    """Without ids, keys are what they are in the database."""

    async def module() -> str:
        async with scratch(test_server) as url:
            connection = await asyncpg.connect(url)
            await connection.execute(SCHEMA)
            await connection.close()
            async with open_(url) as session:
                catalog = (await read_catalog(session)).catalog
        files = Rust(options=ModelOptions(main_schema="app", ids=False)).emit(catalog)
        assert "ids.rs" not in files
        return files["chosen.rs"]

    assert "    pub parent: i64,\n" in asyncio.run(module())
