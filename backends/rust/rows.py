"""One module a table or view: its row struct, its select list, and how a row is read."""

from pgkit.backends.rows import RowModel
from pgkit.backends.rust.access import Access
from pgkit.backends.rust.fields import Member, struct
from pgkit.backends.rust.text import doc, shown, skipped_if_long, sql_const

DERIVES = ("Debug", "Clone", "PartialEq", "::serde::Serialize", "::serde::Deserialize")


def row_items(access: Access, derives: tuple[str, ...]) -> list[str]:
    """What a module begins with, below its header."""
    row, fields = access.row, access.read
    name = f"{row.stem}Row"
    return [
        *([f"// REDACTED, never selected: {shown(', '.join(row.redacted))}", ""] if row.redacted else []),
        *doc(f"A row of {access.label}."),
        *(["///", *doc(row.comment)] if row.comment else []),
        *struct(name, fields, (*DERIVES, *derives)),
        "",
        f"/// The select list of [`{name}`]; `rt::sql!` joins it with the rest of a statement. Order by a",
        '/// column with its table, `ORDER BY t."id"`: a bare name would mean what is selected here, and',
        "/// text sorts as text.",
        *sql_const(columns_const(row), [m.selected for m in fields]),
        "",
        *_from_row(name, fields),
    ]


def columns_const(row: RowModel) -> str:
    """The name of the constant that holds the select list."""
    name = f"{row.module.upper()}_COLUMNS"
    return f"_{name}" if name[0].isdigit() else name


def _from_row(name: str, fields: tuple[Member, ...]) -> list[str]:
    row = "row" if fields else "_row"
    before = [
        f"impl<'r> ::sqlx::FromRow<'r, ::sqlx::postgres::PgRow> for {name} {{",
        f"    fn from_row({row}: &'r ::sqlx::postgres::PgRow) -> ::sqlx::Result<Self> {{",
        "        Ok(Self {" if fields else "        Ok(Self {})",
    ]
    after = [*(["        })"] if fields else []), "    }", "}"]
    return skipped_if_long(before, [m.read for m in fields], after)
