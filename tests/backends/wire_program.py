"""A Rust program that reads every row through the generated modules and prints it as a line of JSON.

    sources = wire_program(catalog)             for `tests.toolchains.crate`
    lines = wire_lines(crate.run(env={"DATABASE_URL": url}).check())

It prints {"table": module, "row": {...}} for a row, and {"table": module, "error": "..."} for one that
cannot be read or printed; rows come in the order of their `id`.
"""

import json
from typing import Any

from pgkit.backends.model import ModelOptions, RowModel, model
from pgkit.backends.rust import Rust
from pgkit.backends.rust.idents import module_ident
from pgkit.backends.rust.rows import columns_const
from pgkit.backends.rust.text import string
from pgkit.ir.catalog import Catalog
from pgkit.sql import quoted

_MAIN = """\
mod db;

use sqlx::{Connection, FromRow};

async fn print<R>(db: &mut sqlx::PgConnection, table: &str, select: &'static str)
where
    R: for<'r> FromRow<'r, sqlx::postgres::PgRow> + serde::Serialize + serde::de::DeserializeOwned,
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

#[rustfmt::skip]
#[tokio::main]
async fn main() {
    let url = std::env::var("DATABASE_URL").unwrap();
    let mut db = sqlx::PgConnection::connect(&url).await.unwrap();
CALLS
}
"""


def wire_program(catalog: Catalog, options: ModelOptions | None = None) -> dict[str, str]:
    """The sources of the program, by path; the generated modules are in src/db."""
    chosen = options or ModelOptions()
    calls = "\n".join(_call(row) for row in model(catalog, chosen).rows)
    modules = {f"src/db/{path}": text for path, text in Rust(options=chosen).emit(catalog).items()}
    return {"src/main.rs": _MAIN.replace("CALLS", calls), **modules}


def wire_lines(printed: str) -> list[dict[str, Any]]:
    """The lines that the program has printed."""
    return [json.loads(line) for line in printed.split("\n") if line]


def _call(row: RowModel) -> str:
    module = f"db::{module_ident(row.module)}"
    table = f"{quoted(row.ref.schema)}.{quoted(row.ref.name)}"
    rest = string(f' FROM {table} AS t ORDER BY t."id"')
    select = f'db::rt::sql!("SELECT ", {module}::{columns_const(row)}, {rest})'
    return f"    print::<{module}::{row.stem}Row>(&mut db, {string(row.module)}, {select}).await;"
