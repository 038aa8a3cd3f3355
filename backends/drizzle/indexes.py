"""The keys of an index: columns by name; what Drizzle has no word for goes into the text of an expression."""

from attrs import frozen

from pgkit.backends.drizzle.line import Line
from pgkit.backends.drizzle.texts import expression
from pgkit.ir.constraints import IndexKey
from pgkit.ir.names import Ref
from pgkit.sql import quoted, render, written_name


@frozen(kw_only=True)
class KeyText:
    """One key: a column's name, or SQL."""

    text: str
    is_expression: bool
    descending: bool = False
    nulls_first: bool = False
    opclass: str | None = None


def key_text(key: IndexKey, table: Ref, line: Line) -> KeyText:
    """The key as drizzle-kit keeps it. Of an expression the order is in its text."""
    plain = key.column is not None and key.collation is None and not key.opclass_params
    if plain and key.column is not None:
        return KeyText(
            text=key.column.member,
            is_expression=False,
            descending=key.descending,
            nulls_first=key.nulls_first,
            opclass=key.opclass,
        )
    return KeyText(text=_sql(key, table), is_expression=True)


def _sql(key: IndexKey, table: Ref) -> str:
    if key.column is not None:
        what = quoted(key.column.member)
    else:
        assert key.expr is not None
        what = expression(key.expr, table, qualified=False)
    words = [what]
    if key.collation is not None:
        words.append(f"COLLATE {render(key.collation)}")
    if key.opclass is not None:
        params = ", ".join(f"{name}={value}" for name, value in key.opclass_params)
        words.append(render(written_name(key.opclass)) + (f" ({params})" if params else ""))
    if key.descending:
        words.append("DESC")
    if key.nulls_first != key.descending:
        words.append("NULLS FIRST" if key.nulls_first else "NULLS LAST")
    return " ".join(words)
