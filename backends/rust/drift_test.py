"""drift.rs: whether a database is what the code was generated from, asked by the program's own tests."""

from collections.abc import Iterator
from typing import Final

from pgkit.backends.model import Model
from pgkit.backends.rows import RowModel
from pgkit.backends.rust.access import Access
from pgkit.backends.rust.idents import module_ident, type_ident
from pgkit.backends.rust.statements import constants, fragments
from pgkit.backends.rust.text import string
from pgkit.backends.values import EnumModel
from pgkit.ir.relations import Table
from pgkit.ir.type_text import spell
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.sql import quoted
from pgkit.sql.text import quote

_CHECK: Final = """\

/// What is otherwise in the database than it was when this was generated; nothing, if all is well.
///
/// Every statement is prepared, and every column and label is looked at. Nothing is changed.
///
/// # Errors
///
/// As sqlx has them, where the database cannot be asked.
pub async fn differences(db: &mut ::sqlx::PgConnection) -> ::sqlx::Result<Vec<String>> {
    let mut found = Vec::new();
    for (name, sql) in STATEMENTS {
        let prepared = ::sqlx::QueryBuilder::new("PREPARE pgkit_drift AS ")
            .push(sql)
            .build()
            .persistent(false)
            .execute(&mut *db)
            .await;
        match prepared {
            Ok(_) => {
                ::sqlx::query("DEALLOCATE pgkit_drift")
                    .execute(&mut *db)
                    .await?;
            }
            Err(::sqlx::Error::Database(error)) => {
                found.push(format!("{name}: {}", error.message()));
            }
            Err(error) => return Err(error),
        }
    }
    let mut read = ::sqlx::Connection::begin(db).await?;
    ::sqlx::query("SET LOCAL search_path = ''")
        .execute(&mut *read)
        .await?;
    for (relation, columns) in COLUMNS {
        let there: Vec<(String, String, bool)> = ::sqlx::query_as(
            "SELECT attname::text, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute \\
             WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
        )
        .bind(relation)
        .fetch_all(&mut *read)
        .await?;
        compare(relation, columns, &there, &mut found);
    }
    for (name, labels) in LABELS {
        let there: Vec<String> = ::sqlx::query_scalar(
            "SELECT enumlabel::text FROM pg_enum WHERE enumtypid = to_regtype($1) ORDER BY enumsortorder",
        )
        .bind(name)
        .fetch_all(&mut *read)
        .await?;
        if there != *labels {
            found.push(format!("{name}: expected {labels:?}, found {there:?}"));
        }
    }
    Ok(found)
}

fn compare(
    relation: &str,
    columns: Columns,
    there: &[(String, String, bool)],
    found: &mut Vec<String>,
) {
    for (name, expected, required) in columns {
        let Some(column) = there.iter().find(|column| column.0 == *name) else {
            found.push(format!("{relation}: no column {name:?}"));
            continue;
        };
        // The schema of an extension is not always known.
        let same = column.1 == *expected || column.1.ends_with(&format!(".{expected}"));
        if !same {
            let is = &column.1;
            found.push(format!(
                "{relation}, {name:?}: expected {expected}, found {is}"
            ));
        }
        if column.2 != *required {
            let is = if column.2 { "cannot" } else { "can" };
            found.push(format!("{relation}, {name:?}: {is} be NULL"));
        }
    }
    for (name, ..) in there {
        if !columns.iter().any(|column| column.0 == name) {
            found.push(format!("{relation}: a new column {name:?}"));
        }
    }
}

#[cfg(test)]
mod tests {
    #[::tokio::test]
    async fn database_is_as_generated() {
        let url = ::std::env::var("DATABASE_URL").expect("DATABASE_URL is set");
        let mut db = <::sqlx::PgConnection as ::sqlx::Connection>::connect(&url)
            .await
            .expect("the database answers");
        let found = super::differences(&mut db).await.expect("it can be read");
        assert!(found.is_empty(), "{}", found.join("\\n"));
    }
}
"""


def drift_module(model: Model, accesses: list[Access]) -> list[str]:
    """The lines of drift.rs, below its header."""
    return [
        "/// Names, types, and whether NULL is kept out.",
        "type Columns = &'static [(&'static str, &'static str, bool)];",
        "",
        "#[rustfmt::skip]",
        "const STATEMENTS: &[(&str, &str)] = &[",
        *(line for access in accesses for line in _statements(access)),
        "];",
        "",
        "#[rustfmt::skip]",
        "const COLUMNS: &[(&str, Columns)] = &[",
        *(line for row in model.rows for line in _columns(row)),
        "];",
        "",
        "#[rustfmt::skip]",
        "const LABELS: &[(&str, &[&str])] = &[",
        *map(_labels, model.enums),
        "];",
        *_CHECK.splitlines(),
    ]


def _statements(access: Access) -> Iterator[str]:
    if access.refused:
        return
    module, name = module_ident(access.row.module), type_ident(access.row.stem)
    for constant in constants(access, fragments(access)):
        label = string(f"{access.row.ref}, {constant}")
        yield f"    ({label}, super::{module}::{name}::{constant}),"


def _columns(row: RowModel) -> Iterator[str]:
    is_table = isinstance(row.relation, Table)
    yield f"    ({string(f'{quoted(row.ref.schema)}.{quoted(row.ref.name)}')}, &["
    for column in row.relation.columns:
        required = str(is_table and not column.nullable).lower()
        yield f"        ({string(column.name)}, {string(_format_type(column.type))}, {required}),"
    yield "    ]),"


def _labels(enum: EnumModel) -> str:
    labels = ", ".join(map(string, enum.labels))
    return f"    ({string(f'{quoted(enum.ref.schema)}.{quoted(enum.ref.name)}')}, &[{labels}]),"


def _format_type(type: PgType) -> str:
    """A type as format_type() prints it while no schema is on the path."""
    match type:
        case Array(of):
            return f"{_format_type(of).removesuffix('[]')}[]"
        case Named(ref):
            return f"{quote(ref.schema)}.{quote(ref.member or ref.name)}"
        case Scalar(name, mods, schema):
            return f"{quote(schema)}.{spell(quote(name), mods)}" if schema else spell(name, mods)
