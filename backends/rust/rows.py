"""One module a table or view: its row struct, its select list, and how a row is read."""

from pgkit.backends.model import RowModel
from pgkit.backends.rust.fields import Member, struct
from pgkit.backends.rust.text import code, doc, shown, skipped_if_long, sql_const, string
from pgkit.backends.rust.types import read_sql
from pgkit.sql import quoted

DERIVES = ["Debug", "Clone", "PartialEq", "::serde::Serialize", "::serde::Deserialize"]


def row_module(row: RowModel, fields: tuple[Member, ...], derives: tuple[str, ...]) -> list[str]:
    """The lines of a module, below its header."""
    name = f"{row.stem}Row"
    return [
        *([f"// REDACTED, never selected: {shown(', '.join(row.redacted))}", ""] if row.redacted else []),
        *doc(f"A row of {code(row.ref)}."),
        *(["///", *doc(row.comment)] if row.comment else []),
        *skipped_if_long(struct(name, fields, [*DERIVES, *derives])),
        "",
        *_columns(row, name),
        "",
        *_from_row(name, fields),
    ]


def select_list(row: RowModel) -> list[str]:
    """What to select of a row, column by column, under the columns' own names."""
    return [_selected(quoted(f.name), read_sql(quoted(f.name), f.value)) for f in row.fields]


def _selected(column: str, read: str) -> str:
    return column if read == column else f"{read} AS {column}"


def _columns(row: RowModel, name: str) -> list[str]:
    return [
        f"/// The select list of [`{name}`]; `rt::sql!` joins it with the rest of a statement. Order by a",
        '/// column with its table, `ORDER BY t."id"`: a bare name would mean what is selected here, and',
        "/// text sorts as text.",
        *sql_const(columns_const(row), select_list(row)),
    ]


def columns_const(row: RowModel) -> str:
    """The name of the constant that holds the select list."""
    name = f"{row.module.upper()}_COLUMNS"
    return f"_{name}" if name[0].isdigit() else name


def _from_row(name: str, fields: tuple[Member, ...]) -> list[str]:
    row = "row" if fields else "_row"
    calls = [f"row, {string(m.field.name)}" for m in fields]
    body = [m.initialized("super::rt::", call) for m, call in zip(fields, calls, strict=True)]
    made = ["        Ok(Self {", *body, "        })"] if body else ["        Ok(Self {})"]
    lines = [
        f"impl<'r> ::sqlx::FromRow<'r, ::sqlx::postgres::PgRow> for {name} {{",
        f"    fn from_row({row}: &'r ::sqlx::postgres::PgRow) -> ::sqlx::Result<Self> {{",
        *made,
        "    }",
        "}",
    ]
    return skipped_if_long(lines, calls)
