"""A label that the database has and the code was generated without: read as it is, and never written by a schema."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Final, Literal

import asyncpg
import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.backends.typescript import TypeScript
from pgkit.backends.zod import Zod
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import local_server
from pgkit.runtime.scratch import scratch
from tests.toolchains import contrib_server, crate, run_typescript, tsc
from tests.toolchains.typescript_folders import write

BUILD: Final = Path(__file__).resolve().parents[2] / "build" / "toolchains"
OPTIONS: Final = ModelOptions(open_enums=frozenset((Ref("enum", "public", "mood"),)))
SCHEMA: Final = """
CREATE TYPE mood AS ENUM ('sad', 'ok', 'in-between');
CREATE TYPE closed AS ENUM ('a', 'b');
CREATE TYPE pair AS (feeling mood, feelings mood[]);
CREATE DOMAIN feeling AS mood;
CREATE TABLE t (
    id integer PRIMARY KEY,
    plain mood NOT NULL,
    maybe mood,
    many mood[] NOT NULL,
    grid mood[][],
    pair pair,
    pairs pair[],
    domain feeling,
    closed closed NOT NULL,
    UNIQUE (plain, closed)
);
"""
NEWER: Final = """
ALTER TYPE mood ADD VALUE 'brand "new"' BEFORE 'ok';
"""
ROWS: Final = """
INSERT INTO t VALUES
    (1, 'sad', NULL, '{}', NULL, NULL, NULL, NULL, 'a'),
    (2, 'brand "new"', 'brand "new"', '{ok,"brand \\"new\\""}', '{{sad,"brand \\"new\\""}}',
     ROW('brand "new"', '{"brand \\"new\\"",sad}'), ARRAY[ROW('brand "new"', '{sad}')::pair], 'brand "new"', 'b');
"""
MAIN: Final = """
mod db;

use db::enums::{Closed, Mood};
use db::rt::Table;
use db::t::{TInsert, TPatch, T};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let pool = sqlx::PgPool::connect(&std::env::var("DATABASE_URL").unwrap()).await.unwrap();
    let new = Mood::Other(String::from("brand \\"new\\""));
    let rows = T::list(&pool, &db::rt::Page::first(10)).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].plain, Mood::Sad);
    assert_eq!(rows[1].plain, new);
    assert_eq!(rows[1].maybe.as_ref(), Some(&new));
    assert_eq!(rows[1].many, [Mood::Ok, new.clone()]);
    assert!(Mood::ALL.into_iter().all(|known| known < new));
    assert_eq!(new.as_str(), "brand \\"new\\"");

    // What is read can be written again, since the database has it.
    let mut text = serde_json::to_value(&rows[1]).unwrap();
    text["id"] = 3.into();
    text["closed"] = "a".into();
    let copy: TInsert = serde_json::from_value(text).unwrap();
    assert_eq!(copy.plain, new);
    let stored = T::insert(&pool, copy).await.unwrap();
    assert_eq!((&stored.pair, &stored.pairs, &stored.grid), (&rows[1].pair, &rows[1].pairs, &rows[1].grid));
    let found = T::find_by_plain_and_closed(&pool, &new, &Closed::B).await.unwrap();
    assert_eq!(found.as_ref(), Some(&rows[1]));

    // What it does not have, it refuses.
    let bad = TPatch { plain: Some(Mood::Other(String::from("never"))), ..TPatch::default() };
    let error = T::update(&pool, &stored.id, bad).await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("22P02"));
    // An enum that is not open has its labels, and no other.
    assert!(serde_json::from_str::<Closed>("\\"c\\"").is_err());

    for row in T::list(&pool, &db::rt::Page::first(10)).await.unwrap() {
        println!("{}", serde_json::to_string(&row).unwrap());
    }
}
"""
VERSIONS: Final[tuple[Literal["5.5", "7.0"], ...]] = ("5.5", "7.0")
CHECK: Final = """\
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import * as mini from "./mini/index.js";
import type { TRow } from "./ts/index.js";
import * as classic from "./zod/index.js";

const rows = readFileSync(0, "utf8").split("\\n").filter(Boolean).map((line) => JSON.parse(line) as TRow);
const { plain, many, pair, domain } = rows[0]!;
const outcomes: unknown[] = [];
for (const { moodSchema, tSelectSchema, tInsertSchema, tUpdateSchema } of [classic, mini]) {
  for (const row of rows) {
    const read = tSelectSchema.safeParse(row);
    outcomes.push([read.success && isDeepStrictEqual(read.data, row), tInsertSchema.safeParse(row).success]);
  }
  const updates = [{ plain, many, pair, domain }, ...["never"].flatMap((never) => [
    { plain: never }, { many: [never] }, { domain: never }, { pair: { feeling: never, feelings: null } },
  ])];
  outcomes.push(updates.map((update) => tUpdateSchema.safeParse(update).success));
  const odd = tSelectSchema.safeParse({ ...rows[0]!, closed: "c" });
  outcomes.push([odd.success, moodSchema.safeParse("never").success]);
}
console.log(JSON.stringify(outcomes));
"""
TYPES: Final = """\
import { Mood } from "./ts/index.js";
import type { TInsert, TRow, TUpdate } from "./ts/index.js";

export const known: TRow["plain"] = Mood.Sad;
export const unknown: TRow["plain"] = "never" as string;
// @ts-expect-error: a new row has labels that are listed, alone
export const insert: TInsert["plain"] = "never" as string;
// @ts-expect-error: and so has a change
export const update: TUpdate["many"] = ["never"];
"""


async def filled(url: str) -> Catalog:
    """The catalog as it was before the label came, with which there are rows now."""
    connection = await asyncpg.connect(url)
    await connection.execute(SCHEMA)
    async with open_(url) as session:
        catalog = (await read_catalog(session)).catalog
    await connection.execute(NEWER)
    await connection.execute(ROWS)
    await connection.close()
    return catalog


@pytest.mark.parametrize(
    ("major", "sqlx", "edition"), [(18, "0.9", "2024"), (15, "0.8", "2021")], ids=["18", "15"]
)
def test_other(
    major: Literal[15, 18], sqlx: Literal["0.8", "0.9"], edition: Literal["2021", "2024"], tmp_path: Path
) -> None:
    """Alone, in arrays of one and two dimensions, in composites and domains, from Postgres to Zod."""

    async def lines() -> tuple[Catalog, str]:
        with local_server(contrib_server(major)) as server:
            async with scratch(server) as url:
                catalog = await filled(url)
                files = {f"src/db/{p}": text for p, text in Rust(options=OPTIONS).emit(catalog).items()}
                made = crate(BUILD / "open-enums", sqlx, edition, {"src/main.rs": MAIN, **files})
                return catalog, (await asyncio.to_thread(made.run, env={"DATABASE_URL": url})).check()

    catalog, rows = asyncio.run(lines())
    write(tmp_path / "zod", Zod(options=OPTIONS).emit(catalog))
    write(tmp_path / "mini", Zod(options=OPTIONS, mini=True, explicit_schema_types=True).emit(catalog))
    write(tmp_path / "ts", TypeScript(options=OPTIONS).emit(catalog))
    (tmp_path / "types.ts").write_text(TYPES)
    for version in VERSIONS:
        tsc(version, tmp_path).check()
    (tmp_path / "check.ts").write_text(CHECK)
    said = json.loads(run_typescript(tmp_path / "check.ts", stdin=rows).check())
    updates = [True, False, False, False, False]
    assert said == [[True, True], [True, False], [True, False], updates, [False, False]] * 2
