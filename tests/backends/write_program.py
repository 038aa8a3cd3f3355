"""A Rust program that copies every row of every table through bound parameters, and reads it back equal.

    sources = write_program(catalog)            for `tests.toolchains.crate`
    crate.run(env={"DATABASE_URL": url}).check()

Each table `x` has an empty `copies.x` beside it; the program prints how many rows it has copied to each.
Rows that hold a NaN equal nothing; in the database they are the same text, which `differences_sql` compares.
"""

from pgkit.backends.model import model
from pgkit.backends.options import ModelOptions
from pgkit.backends.rows import RowModel
from pgkit.backends.rust import Rust
from pgkit.backends.rust.fields import Member, members
from pgkit.backends.rust.idents import module_ident
from pgkit.backends.rust.params import bind, write_sql
from pgkit.backends.rust.rows import columns_const
from pgkit.backends.rust.text import string
from pgkit.ir.catalog import Catalog
from pgkit.ir.relations import Table
from pgkit.sql import quoted

_MAIN = """\
mod db;

use sqlx::Connection;

#[rustfmt::skip]
#[tokio::main]
async fn main() {
    let url = std::env::var("DATABASE_URL").unwrap();
    let mut db = sqlx::PgConnection::connect(&url).await.unwrap();
CALLS
}
"""

_COPY = """\

#[rustfmt::skip]
async fn copy_MODULE(db: &mut sqlx::PgConnection) {
    let select = db::rt::sql!("SELECT ", db::MODULE::COLUMNS, FROM);
    let rows: Vec<db::MODULE::ROW> = sqlx::query_as(select).fetch_all(&mut *db).await.unwrap();
    for row in &rows {
        let insert = sqlx::query(INSERT);
BINDS
        insert.execute(&mut *db).await.unwrap();
    }
    let select = db::rt::sql!("SELECT ", db::MODULE::COLUMNS, COPIES);
    let copies: Vec<db::MODULE::ROW> = sqlx::query_as(select).fetch_all(&mut *db).await.unwrap();
    for (row, copy) in rows.iter().zip(&copies) {
        assert_eq!(copy, row);
    }
    println!("MODULE {} of {}", copies.len(), rows.len());
}
"""


def write_program(catalog: Catalog, options: ModelOptions | None = None, more: str = "") -> dict[str, str]:
    """The sources of the program, by path; the generated modules are in src/db, `more` is in src/main.rs."""
    chosen = options or ModelOptions()
    rows = [r for r in model(catalog, chosen).rows if isinstance(r.relation, Table)]
    calls = "\n".join(f"    copy_{module_ident(row.module)}(&mut db).await;" for row in rows)
    copies = "".join(_copy(row) for row in rows)
    modules = {f"src/db/{path}": text for path, text in Rust(options=chosen).emit(catalog).items()}
    return {"src/main.rs": _MAIN.replace("CALLS", calls) + copies + more, **modules}


def copies_sql(catalog: Catalog) -> str:
    """The empty tables that take the copies."""
    made = (f'CREATE TABLE copies."{t.name}" (LIKE app."{t.name}");' for t in catalog.tables)
    return "\n".join(["CREATE SCHEMA copies;", *made])


def _copy(row: RowModel) -> str:
    fields = members(row.fields)
    text = _COPY.replace("MODULE", module_ident(row.module)).replace("ROW", f"{row.stem}Row")
    text = text.replace("INSERT", string(insert_sql(row))).replace("COLUMNS", columns_const(row))
    text = text.replace("FROM", string(_ordered(row, row.ref.schema)))
    text = text.replace("COPIES", string(_ordered(row, "copies")))
    return text.replace("BINDS", "\n".join(map(_bind, fields)))


def _bind(member: Member) -> str:
    return f"        let insert = insert.bind({bind(f'&row.{member.ident}', member.field.value)});".replace(
        "super::", "db::"
    )


def insert_sql(row: RowModel) -> str:
    """An INSERT of every column, each written as its value is."""
    columns = ", ".join(quoted(f.name) for f in row.fields)
    values = ", ".join(write_sql(f"${i}", f.value) for i, f in enumerate(row.fields, 1))
    return f'INSERT INTO "copies".{quoted(row.ref.name)} ({columns}) VALUES ({values})'


def _ordered(row: RowModel, schema: str) -> str:
    return f' FROM {quoted(schema)}.{quoted(row.ref.name)} AS t ORDER BY t."id"'
