"""A Rust program that reads and writes rows through the generated modules, each as a line of JSON.

    sources = wire_program(catalog)             for `tests.toolchains.crate`; several: wire_programs
    lines = wire_lines(crate.run(env={"DATABASE_URL": url}).check())
    lines = wire_lines(crate.run("db", "insert", env=..., stdin="app_small\\t{...}\\n").check())

It prints {"table": module, "row": {...}} for a row, and {"table": module, "error": "..."} for one that
cannot be read or printed; rows come in the order of their `id`. To insert rows, it takes a line for each, the
module, a tab and the JSON of the table's Insert; it prints the row that it got back, or an error and `by`
whom: "serde", "postgres", or "read" where the row is in the table, and cannot be read or printed.
"""

import json
from collections.abc import Mapping
from typing import Any

from pgkit.backends.model import model
from pgkit.backends.options import ModelOptions
from pgkit.backends.rows import RowModel
from pgkit.backends.rust import Rust
from pgkit.backends.rust.idents import module_ident, type_ident
from pgkit.backends.rust.rows import columns_const
from pgkit.backends.rust.text import string
from pgkit.ir.catalog import Catalog
from pgkit.ir.relations import Table
from pgkit.sql import quoted

_MAIN = """\
MODS

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().collect();
    let insert = words.get(2).is_some();
    match words.get(1).map_or("db", String::as_str) {
RUNS
        other => panic!("{other} is not here"),
    }
}
"""

_ROWS = """\
use crate::DB::{self as db, rt::Table};
use serde::{de::DeserializeOwned, Serialize};
use sqlx::{postgres::PgRow, Connection, FromRow, PgConnection};
use std::io::BufRead;

async fn print<R>(db: &mut PgConnection, table: &str, select: &'static str)
where
    R: for<'r> FromRow<'r, PgRow> + Serialize + DeserializeOwned,
{
    for row in sqlx::query(select).fetch_all(db).await.unwrap() {
        let printed = R::from_row(&row)
            .map_err(|e| e.to_string())
            .and_then(|row| serde_json::to_string(&row).map_err(|e| e.to_string()));
        match printed {
            Ok(json) => {
                let read: R = serde_json::from_str(&json).unwrap();
                let again = serde_json::to_string(&read).unwrap();
                assert_eq!(again, json, "{table} is another when read from JSON");
                println!("{{\\"table\\":\\"{table}\\",\\"row\\":{json}}}");
            }
            Err(e) => println!(
                "{{\\"table\\":\\"{table}\\",\\"error\\":{}}}",
                serde_json::json!(e)
            ),
        }
    }
}

async fn insert<T: Table>(db: &mut PgConnection, json: &str) -> Result<String, (&'static str, String)>
where
    T::Row: Serialize,
    T::Insert: DeserializeOwned,
{
    let new: T::Insert = serde_json::from_str(json).map_err(|e| ("serde", e.to_string()))?;
    let row = T::insert(db, new).await.map_err(|e| match e {
        sqlx::Error::Database(_) => ("postgres", e.to_string()),
        _ => ("read", e.to_string()),
    })?;
    serde_json::to_string(&row).map_err(|e| ("read", e.to_string()))
}

#[rustfmt::skip]
async fn insert_into(db: &mut PgConnection, table: &str, json: &str) -> Result<String, (&'static str, String)> {
    match table {
INSERTS
        _ => panic!("no table {table}"),
    }
}

async fn insert_all(db: &mut PgConnection) {
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let (table, json) = line.split_once('\\t').unwrap();
        match insert_into(db, table, json).await {
            Ok(row) => println!("{{\\"table\\":\\"{table}\\",\\"row\\":{row}}}"),
            Err((by, error)) => println!(
                "{{\\"table\\":\\"{table}\\",\\"by\\":\\"{by}\\",\\"error\\":{}}}",
                serde_json::json!(error)
            ),
        }
    }
}

#[rustfmt::skip]
async fn print_all(db: &mut PgConnection) {
PRINTS
}

pub async fn run(insert: bool) {
    let url = std::env::var("DATABASE_URL").unwrap();
    let mut db = PgConnection::connect(&url).await.unwrap();
    if insert {
        return insert_all(&mut db).await;
    }
    print_all(&mut db).await;
}
"""


def wire_program(catalog: Catalog, options: ModelOptions | None = None) -> dict[str, str]:
    """The sources of the program, by path; the generated modules are in src/db."""
    return wire_programs({"db": (catalog, options or ModelOptions())})


def wire_programs(catalogs: Mapping[str, tuple[Catalog, ModelOptions]]) -> dict[str, str]:
    """One program of several catalogs: it takes the name of one as its first word."""
    mods = "\n".join(f"mod {name};\nmod {name}_rows;" for name in catalogs)
    runs = "\n".join(f'        "{name}" => {name}_rows::run(insert).await,' for name in catalogs)
    files = {"src/main.rs": _MAIN.replace("MODS", mods).replace("RUNS", runs)}
    for name, (catalog, options) in catalogs.items():
        files[f"src/{name}_rows.rs"] = _rows(name, model(catalog, options).rows)
        modules = Rust(options=options).emit(catalog)
        files |= {f"src/{name}/{path}": text for path, text in modules.items()}
    return files


def wire_lines(printed: str) -> list[dict[str, Any]]:
    """The lines that the program has printed."""
    return [json.loads(line) for line in printed.split("\n") if line]


def has_key(row: RowModel) -> bool:
    """Whether it is a table that the program can insert into."""
    return isinstance(row.relation, Table) and bool(row.relation.primary_keys)


def _rows(name: str, rows: tuple[RowModel, ...]) -> str:
    prints = "\n".join(_print(row) for row in rows if any(f.name == "id" for f in row.fields))
    inserts = "\n".join(_insert(row) for row in rows if has_key(row))
    text = _ROWS.replace("DB", name, 1)
    return text.replace("PRINTS", prints).replace("INSERTS", inserts)


def _insert(row: RowModel) -> str:
    type = f"db::{module_ident(row.module)}::{type_ident(row.stem)}"
    return f"        {string(row.module)} => insert::<{type}>(db, json).await,"


def _print(row: RowModel) -> str:
    module = f"db::{module_ident(row.module)}"
    table = f"{quoted(row.ref.schema)}.{quoted(row.ref.name)}"
    rest = string(f' FROM {table} AS t ORDER BY t."id"')
    select = f'db::rt::sql!("SELECT ", {module}::{columns_const(row)}, {rest})'
    return f"    print::<{module}::{row.stem}Row>(db, {string(row.module)}, {select}).await;"
