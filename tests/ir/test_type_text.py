"""Types as text: every spelling of a type is the same value, and it is written as format_type() writes it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgkit.ir.scalars import SCALARS, Shape
from pgkit.ir.type_text import parse_type, type_text
from pgkit.ir.types import Array, PgType, Scalar
from pgkit.sql import render

SPELLINGS = [
    (("int", "INT4", "integer", " pg_catalog.int4 ", '"int4"'), Scalar("integer")),
    (("varchar(20)", "character varying( 20 )", "VARCHAR (20)"), Scalar("character varying", ("20",))),
    (("char", "character", "character(1)", "char(1)"), Scalar("character", ("1",))),
    (('"char"', 'pg_catalog."char"'), Scalar('"char"')),
    (("numeric(10, 2)", "decimal(10,2)"), Scalar("numeric", ("10", "2"))),
    (("numeric(10)", "dec(10,0)"), Scalar("numeric", ("10", "0"))),
    (("numeric(3,-2)",), Scalar("numeric", ("3", "-2"))),
    (("timestamptz(3)", "timestamp (3) with time zone"), Scalar("timestamp with time zone", ("3",))),
    (("timestamp", "timestamp without time zone"), Scalar("timestamp without time zone")),
    (("time(0)", "time (0) without time zone"), Scalar("time without time zone", ("0",))),
    (("interval",), Scalar("interval")),
    (("interval(3)",), Scalar("interval", ("3",))),
    (("interval day to second(3)", "INTERVAL DAY  TO SECOND (3)"), Scalar("interval", ("day to second", "3"))),
    (("float", "float8", "float(53)", "double precision"), Scalar("double precision")),
    (("float(1)", "real", "float4"), Scalar("real")),
    (("bit", "bit(1)"), Scalar("bit", ("1",))),
    (("varbit", "bit varying"), Scalar("bit varying")),
    (("public.vector(3)", "vector(3)", "extensions.vector(3)"), Scalar("vector", ("3",))),
    (("geometry(point,4326)", "geometry(Point, 4326)"), Scalar("geometry", ("Point", "4326"))),
    (("geography(MULTIPOLYGONZM)",), Scalar("geography", ("MultiPolygonZM",))),
    (("int[]", "integer ARRAY", "int4[3]"), Array(Scalar("integer"))),
    (("app.thing", 'app."thing"'), Scalar("thing", (), "app")),
    (('app."Thing"(3,a)',), Scalar("Thing", ("3", "a"), "app")),
    (('"a.b"',), Scalar("a.b")),
    (("numeric(1); drop table x",), Scalar("numeric(1); drop table x")),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "type"), SPELLINGS, ids=[s[0][0] for s in SPELLINGS])
def test_spellings(texts: tuple[str, ...], type: PgType) -> None:
    """All spellings of a type are one value."""
    assert {parse_type(text) for text in texts} == {type}


@pytest.mark.parametrize("row", SCALARS, ids=[r.name for r in SCALARS])
def test_each_scalar_is_read_back(row) -> None:  # type: ignore[no-untyped-def]
    """Each row's name, aliases and SQL spelling mean that row; its canonical text is read back equal."""
    for name in (row.name, *row.aliases, row.spelling):
        found = parse_type(name)
        assert isinstance(found, Scalar)
        assert found.row is row
        assert parse_type(type_text(found)) == found
        assert parse_type(render(found)) == found


def test_what_is_unknown_keeps_its_name() -> None:
    """A type that pgkit does not know is carried by name and schema, quoted where it is printed."""
    found = parse_type('odd."My type"(7)')
    assert isinstance(found, Scalar)
    assert found.row.shape is Shape.UNKNOWN
    assert render(found) == 'odd."My type"(7)'


def test_dimensions_are_carried_and_do_not_count() -> None:
    """Postgres does not enforce dimensions: two arrays that differ in them are equal, and both print theirs."""
    assert parse_type("int[][]") == parse_type("int[]")
    assert render(parse_type("int[][3]")) == "integer[][]"


@given(st.text(alphabet='ab1 ."()[],;-%ntimewhzo', max_size=30))
def test_any_text_is_a_type(text: str) -> None:
    """Whatever is written is read as some type, never as two statements, and settles after one reading."""
    printed = render(parse_type(text))
    assert ";" not in printed or '"' in printed
    assert parse_type(render(parse_type(printed))) == parse_type(printed)


@pytest.mark.parametrize(
    "text", ["interval" + " " * 5000 + "x", "a " * 5000, "(" * 5000, '"' * 4999, "int" + "[]" * 5000]
)
def test_it_is_quick(text: str) -> None:
    """No text takes long."""
    start = time.process_time()
    parse_type(text)
    assert time.process_time() - start < 1
