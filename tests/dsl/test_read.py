"""What the words of the language mean."""

from pathlib import Path

import pytest

from pgkit.frontends.dsl import lower, read
from pgkit.ir.constraints import Action
from pgkit.ir.expr import Lit
from pgkit.ir.names import Ref
from pgkit.ir.types import Array, Named, Scalar
from tests.dsl.schemas import catalog, declared


def test_the_names_that_postgres_gives() -> None:
    """What has no name gets the one that Postgres would give."""
    (table,) = catalog("table t { id serial primary key, a int unique check (a > 0), index (a) }").tables
    assert [k.name for k in table.primary_keys] == ["t_pkey"]
    assert [u.name for u in table.uniques] == ["t_a_key"]
    assert [c.name for c in table.checks] == ["t_a_check"]
    assert [i.name for i in table.indexes] == ["t_a_idx"]


def test_serial() -> None:
    """`serial` is an integer that is not null and takes its values from a sequence of its own."""
    found = catalog("table app.t { id bigserial }")
    (sequence,) = found.sequences
    (column,) = found.tables[0].columns
    assert (sequence.schema, sequence.name, sequence.owned_by) == (
        "app",
        "t_id_seq",
        Ref("column", "app", "t", "id"),
    )
    assert (column.type, column.nullable) == (Scalar("bigint"), False)


def test_types_of_the_schema() -> None:
    """A name that the schema declares is that type, any other stays what it is."""
    found = catalog("enum mood { a }\ntable t { a mood[], b public.mood, c other.thing, d varchar(3) }")
    mood = Named(Ref("enum", "public", "mood"))
    types = [c.type for c in found.tables[0].columns]
    assert types == [Array(mood), mood, Scalar("thing", schema="other"), Scalar("character varying", ("3",))]


def test_references_without_columns() -> None:
    """They refer to the primary key, in whatever file it stands."""
    found = catalog("table t { a int references s on delete cascade }\ntable s { id int primary key }")
    (key,) = found.tables[-1].foreign_keys if found.tables[-1].foreign_keys else found.tables[0].foreign_keys
    assert key.references == (Ref("column", "public", "s", "id"),)
    assert key.on_delete is Action.CASCADE


def test_members_and_lines() -> None:
    """A member ends with its line; a deeper line that opens with a clause goes on with it."""
    text = """
table t {
  id int
    not null
    default 1
      + 2
   over int
  note text -- with a comment
    check (note <> '')
}
"""
    (table,) = catalog(text).tables
    assert [c.name for c in table.columns] == ["id", "over", "note"]
    assert not table.columns[0].nullable
    assert len(table.checks) == 1


@pytest.mark.parametrize(
    "column", ["comment text", "policy text", "row_ int", "force text", "comment int not null"]
)
def test_words_that_are_names(column: str) -> None:
    """A word of the language is the name of a column where it can be nothing else."""
    (table,) = catalog(f"table t {{ {column} }}").tables
    assert [c.name for c in table.columns] == [column.split()[0]]


def test_renames() -> None:
    """`was` says what something was called, wholly in the names of before."""
    found = declared("table people was users { full_name text was name }\nenum e { blue was sad }")
    assert found.hints.renames == (
        (Ref("table", "public", "users"), Ref("table", "public", "people")),
        (Ref("column", "public", "users", "name"), Ref("column", "public", "people", "full_name")),
        (Ref("enum_value", "public", "e", "sad", "enum"), Ref("enum_value", "public", "e", "blue", "enum")),
    )


def test_sql_blocks() -> None:
    """A block keeps its text to the letter, and where it was put."""
    (block,) = declared("sql f after tables, view app.v $x$ select '$$' ;\n $x$").catalog.unmodelled
    assert (block.kind, block.name, block.definition) == ("sql", "f", " select '$$' ;\n ")
    assert block.after == (Ref("table", "", ""), Ref("view", "app", "v"))


def test_comments_and_strings() -> None:
    """Comments nest as in SQL; a default is what Postgres reads."""
    text = "/* a /* b */ c */ table t { a text default E'\\n' -- x\n, b text default 'it''s' }"
    (table,) = catalog(text).tables
    assert [c.default for c in table.columns] == [Lit("string", "\n"), Lit("string", "it's")]


def test_a_folder_is_one_schema(tmp_path: Path) -> None:
    """Its files are read in the order of their names; a mistake knows its file."""
    (tmp_path / "b.pgkit").write_text("table t { a mood }\ntable u { a int; }\n")
    (tmp_path / "a.pgkit").write_text("enum mood { x }\n")
    (tmp_path / "c.pgkit").write_bytes(b"\xff")
    found = lower(read(tmp_path))
    assert found.catalog.tables[0].columns[0].type == Named(Ref("enum", "public", "mood"))
    assert [(d.code, Path(d.span.source.name if d.span else d.where).name) for d in found.diagnostics] == [
        ("stray-semicolon", "b.pgkit"), ("not-utf8", "c.pgkit"),
    ]  # fmt: skip


def test_every_object_knows_its_place() -> None:
    """Spans point at names, in the file that declares them."""
    (table,) = declared("\n  table t {\n  id int\n  constraint c check (id > 0)\n}").catalog.tables
    assert table.span
    assert table.span.line_col() == (2, 9)
    assert table.columns[0].span
    assert table.columns[0].span.line_col() == (3, 3)
    assert table.checks[0].span
    assert table.checks[0].span.line_col() == (4, 14)


def test_a_multirange_by_the_name_that_postgres_gives() -> None:
    """A range without `multirange_type_name` has a multirange all the same, and columns may be of it."""
    found = declared("schema a\nrange a.span (subtype = real)\ntable t { x a.span_multirange }")
    name = Ref("range", "a", "span").of("multirange", "span_multirange")
    assert found.catalog.tables[0].columns[0].type == Named(name)
