"""A Rust program that takes every row out of its table and puts it back, through what the table's type offers.

    sources = insert_program(catalog)           for `tests.toolchains.crate`
    crate.run(env={"DATABASE_URL": url}).check()

Rows are paged, deleted, inserted from their own JSON, found, patched with all of it, found among many and
upserted; each time the row that comes back is printed as it was. It prints the rows that each table has.
"""

from pgkit.backends.model import ModelOptions, RowModel, model
from pgkit.backends.rust import Rust
from pgkit.backends.rust.idents import module_ident, type_ident
from pgkit.backends.rust.text import string
from pgkit.ir.catalog import Catalog

_MAIN = """\
mod db;

use db::rt::{Page, Upsert};
use serde::{de::DeserializeOwned, Serialize};
use serde_json::{from_value, to_value, Value};

async fn table<T: Upsert>(db: &sqlx::PgPool, name: &str)
where
    T::Row: Serialize,
    T::Insert: DeserializeOwned,
    T::Patch: DeserializeOwned,
{
    let mut page = Page::first(2);
    let mut count = 0;
    loop {
        let rows = T::list(db, &page).await.unwrap();
        for row in &rows {
            again::<T>(db, name, row).await;
            page = Page::after(T::key_of(row), 2);
            count += 1;
        }
        if rows.is_empty() {
            break;
        }
    }
    assert_eq!(T::count(db).await.unwrap(), count);
    println!("{name} {count}");
}

async fn again<T: Upsert>(db: &sqlx::PgPool, name: &str, row: &T::Row)
where
    T::Row: Serialize,
    T::Insert: DeserializeOwned,
    T::Patch: DeserializeOwned,
{
    let key = T::key_of(row);
    let json = to_value(row).unwrap();
    let same = |row: T::Row| assert_eq!(to_value(row).unwrap(), json, "{name}");
    let insert = || from_value::<T::Insert>(json.clone()).unwrap();
    same(T::delete_by_id(db, &key).await.unwrap().unwrap());
    assert!(T::find_by_id(db, &key).await.unwrap().is_none());
    same(T::insert(db, insert()).await.unwrap());
    let mut patch = json.clone();
    patch.as_object_mut().unwrap().remove("id");
    let nothing = from_value(Value::Object(serde_json::Map::new())).unwrap();
    same(T::update(db, &key, nothing).await.unwrap().unwrap());
    same(T::update(db, &key, from_value(patch).unwrap()).await.unwrap().unwrap());
    same(T::upsert(db, &key, insert()).await.unwrap());
    same(T::find_many(db, &[key.clone()]).await.unwrap().pop().unwrap());
    T::delete_by_id(db, &key).await.unwrap();
    same(T::upsert(db, &key, insert()).await.unwrap());
    same(T::find_by_id(db, &key).await.unwrap().unwrap());
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let db = sqlx::PgPool::connect(&std::env::var("DATABASE_URL").unwrap()).await.unwrap();
    let found = db::drift::differences(&mut db.acquire().await.unwrap()).await.unwrap();
    assert!(found.is_empty(), "{found:?}");
CALLS
}
"""


def insert_program(catalog: Catalog) -> dict[str, str]:
    """The sources of the program, by path; the generated modules are in src/db, with the feature `drift`."""
    rows = [row for row in model(catalog, ModelOptions()).rows if row.writable]
    modules = {f"src/db/{path}": text for path, text in Rust(drift="drift").emit(catalog).items()}
    return {"src/main.rs": _MAIN.replace("CALLS", "\n".join(map(_call, rows))), **modules}


def _call(row: RowModel) -> str:
    type = f"db::{module_ident(row.module)}::{type_ident(row.stem)}"
    return f"    table::<{type}>(&db, {string(row.ref.name)}).await;"
