"""Mentions inside SQL: every name that means an object of the catalog becomes a Ref, and only those."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgkit.grammar import postgres
from pgkit.grammar.mentions import Scope, names_of
from pgkit.ir.catalog import Catalog
from pgkit.ir.expr import Call, Cast, Lit, Opaque
from pgkit.ir.kinds import Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Sequence, Table, sequence_options
from pgkit.ir.types import Named, Scalar
from pgkit.ir.walk import refs_in
from pgkit.sql import render


def table(name: str, *columns: str, schema: str = "public") -> Table:
    """A table of integers."""
    return Table(
        schema=schema, name=name, columns=tuple(Column(name=c, type=Scalar("integer")) for c in columns)
    )


CATALOG = Catalog(
    enums=(Enum(name="mood", labels=("a",)), Enum(schema="app", name="Kind", labels=("x",))),
    sequences=(Sequence(name="My seq", type=Scalar("bigint"), options=sequence_options()),),
    tables=(table("orders", "id", "total", "Odd name"), table("lines", "id", "order_id", schema="app")),
)
NAMES = names_of(CATALOG)
ORDERS = Scope(NAMES, table=Ref("table", "public", "orders"))
ANYWHERE = Scope(NAMES)


def mentioned(value: object) -> set[str]:
    """What is mentioned, in short."""
    return {f"{r.kind} {r}" for r in refs_in(value)}


EXPRESSIONS = [
    ("total > 0", {"column public.orders.total"}, "total > 0"),
    ('orders."Odd name" = total', {"column public.orders.Odd name", "column public.orders.total"}, None),
    ("public.orders.id is null", {"column public.orders.id"}, "public.orders.id is null"),
    ("total > 0 -- total", {"column public.orders.total"}, None),
    ("'total' <> ''", set(), "'total' <> ''"),
    ("total(1) > nothing", set(), "total(1) > nothing"),
    ("id::mood = 'a'", {"column public.orders.id", "enum public.mood"}, "id::public.mood = 'a'"),
    ("id = any ('{}'::app.\"Kind\"[])", {"column public.orders.id", "enum app.Kind"}, None),
    ("total = (select id from app.lines where order_id = orders.id)", {
        "table app.lines", "column public.orders.id", "column public.orders.total", "column app.lines.id",
        "column app.lines.order_id",
    }, None),
    ("exists (select 1 from orders o where o.total > orders.total)", {
        "table public.orders", "column public.orders.total",
    }, "exists (select 1 from public.orders o where o.total > orders.total)"),
    ("nextval('\"My seq\"'::regclass)", {"sequence public.My seq"}, "nextval('public.\"My seq\"'::regclass)"),
    ("nextval('public.\"My seq\"')", {"sequence public.My seq"}, None),
    ("E'\\'' || total || $$total$$ || 'ü'", {"column public.orders.total"}, None),
    ("(with lines as (select 1 as id) select id from lines)", set(), None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "refs", "printed"), EXPRESSIONS, ids=[e[0] for e in EXPRESSIONS])
def test_an_expression_mentions(text: str, refs: set[str], printed: str | None) -> None:
    """Columns of the table, relations and types are found; strings, comments, functions and WITH names are not."""
    bound = postgres.expression(text, ORDERS)
    assert mentioned(bound) == refs
    if printed is not None:
        assert render(bound) == printed
    assert postgres.expression(render(bound), ORDERS) == bound


QUERIES = [
    ("select id, total from orders", {"table public.orders", "column public.orders.id", "column public.orders.total"}),
    ("select o.id from orders as o", {"table public.orders", "column public.orders.id"}),
    ("select orders.id, l.order_id, id from orders join app.lines l on l.order_id = orders.id", {
        "table public.orders", "table app.lines", "column public.orders.id", "column app.lines.order_id",
    }),
    ("select * from app.lines union select * from app.lines", {"table app.lines"}),
    ("with o as (select id from orders) select o.id from o", {"table public.orders", "column public.orders.id"}),
    ("select orders.id, (select order_id from app.lines where id = total) from orders join app.lines on true", {
        "table public.orders", "table app.lines", "column public.orders.id", "column app.lines.order_id",
        "column app.lines.id", "column public.orders.total",
    }),
    ("select total as id from orders order by id", {"table public.orders", "column public.orders.total"}),
    ("select id from orders group by id order by id", {"table public.orders", "column public.orders.id"}),
    ("select x.id from orders x(id), app.lines y", {"table public.orders", "table app.lines"}),
    ("select total from orders, generate_series(1, 2) g", {"table public.orders"}),
    ("select s.id from orders, (select order_id as id from app.lines, lateral (select total) z) s", {
        "table public.orders", "table app.lines",
    }),
    ("select id from orders union select order_id from app.lines order by id", {
        "table public.orders", "column public.orders.id", "table app.lines", "column app.lines.order_id",
    }),
    ("select from nowhere", set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "refs"), QUERIES, ids=[q[0] for q in QUERIES])
def test_a_query_mentions(text: str, refs: set[str]) -> None:
    """Relations are found through aliases; a bare name counts only where there is one relation to have it."""
    bound = postgres.query(text, ANYWHERE)
    assert mentioned(bound) == refs
    assert postgres.query(render(bound), ANYWHERE) == bound


def test_what_is_simple_is_understood() -> None:
    """Constants, plain calls and casts of them are values, whatever the spelling."""
    assert postgres.expression("NULL", ANYWHERE) == Lit("null")
    assert postgres.expression(" TRUE", ANYWHERE) == Lit("bool", "true")
    assert postgres.expression("-1.50", ANYWHERE) == Lit("number", "-1.50")
    assert postgres.expression("'it''s'", ANYWHERE) == Lit("string", "it's")
    assert postgres.expression("NOW( )", ANYWHERE) == Call(Ref("function", "", "now"))
    mood = Named(Ref("enum", "public", "mood"))
    assert postgres.expression("'a'::mood", ANYWHERE) == Cast(Lit("string", "a"), mood)
    assert postgres.expression("cast('1' as numeric(4))", ANYWHERE) == Cast(
        Lit("string", "1"), Scalar("numeric", ("4", "0"))
    )


@pytest.mark.parametrize(
    "text", ["", "1; drop table orders", "1) + (2", "a b c", "select 1", "'", "1, 2", "\x00", "--"]
)
def test_what_is_no_expression_stays_text(text: str) -> None:
    """Text that is not exactly one expression is kept as it is, with nothing bound."""
    assert postgres.expression(text, ORDERS) == Opaque((text,))


@given(st.text(alphabet="total>0 '\"$.()-/*;orders\\ü\n", max_size=40))
def test_binding_keeps_the_text(text: str) -> None:
    """Whatever is bound prints as SQL that binds to the same again."""
    bound = postgres.expression(text, ORDERS)
    assert postgres.expression(render(bound), ORDERS) == bound
