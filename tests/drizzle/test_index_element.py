"""What drizzle-kit leaves inside the text of an index expression."""

import pytest

from pgkit.frontends.drizzle.index_element import index_key
from pgkit.ir.constraints import IndexKey
from pgkit.ir.expr import opaque
from pgkit.ir.names import Ref
from pgkit.ir.names import column as column_ref

T = Ref("table", "public", "t")


def col(name: str, **more: object) -> IndexKey:
    return IndexKey(column=column_ref(T, name), **more)  # type: ignore[arg-type]


def expr(text: str, **more: object) -> IndexKey:
    return IndexKey(expr=opaque(text), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('"data" jsonb_path_ops', col("data", opclass="jsonb_path_ops")),
        ("Name", col("name")),
        ('"started_at" DESC NULLS LAST', col("started_at", descending=True)),
        ('"id" desc', col("id", descending=True, nulls_first=True)),
        ('"id" asc nulls first', col("id", nulls_first=True)),
        ('"a""b" text_ops ASC', col('a"b', opclass="text_ops")),
        ('"n" COLLATE "C"', col("n", collation=Ref("collation", "", "C"))),
        (
            '"n" collate pg_catalog."de_DE" ext.gin_trgm_ops',
            col("n", collation=Ref("collation", "pg_catalog", "de_DE"), opclass="ext.gin_trgm_ops"),
        ),
        (
            '"n" gist_trgm_ops (siglen = 32)',
            col("n", opclass="gist_trgm_ops", opclass_params=(("siglen", "32"),)),
        ),
        ('"n" "Ext"."odd ops"', col("n", opclass='"Ext"."odd ops"')),
        ('lower("name")', expr('lower("name")')),
        ('app.f("name", 1) DESC', expr('app.f("name", 1)', descending=True, nulls_first=True)),
        ("coalesce(x, ') desc')", expr("coalesce(x, ') desc')")),
        ("(data ->> 'a)') text_pattern_ops", expr("(data ->> 'a)')", opclass="text_pattern_ops")),
        ("($q$)$q$ || a) nulls first", expr("($q$)$q$ || a)", nulls_first=True)),
        ("a || b", expr("a || b")),
        ("(a, b", expr("(a, b")),
        ("", expr("")),
        ('"desc"', col("desc")),
    ],
)
def test_index_key(text: str, key: IndexKey) -> None:
    """A key is a column, a call or an expression in parentheses, then how it is sorted; else all is kept."""
    assert index_key(T, text) == key
