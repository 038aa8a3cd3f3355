"""Lowering of columns: types, defaults, NOT NULL, identities, serials, generated columns."""

from pathlib import Path
from typing import Any

import pytest

from pgkit.ir.constraints import PrimaryKey
from pgkit.ir.expr import opaque
from pgkit.ir.names import Ref, object_name
from pgkit.ir.names import column as column_ref
from pgkit.ir.relations import Generated, Identity, Sequence, SequenceOptions, sequence_options
from pgkit.ir.types import Array, Named, PgType, Scalar
from tests.drizzle.folders import (
    codes,
    column,
    columns,
    journal,
    lower_table,
    lowered,
    named,
    only_table,
    snapshot,
    table,
)

T = Ref("table", "public", "t")
MOOD = {"name": "mood", "schema": "public", "values": ["sad", "ok"]}


@pytest.mark.parametrize(
    ("written", "type"),
    [
        ("integer", Scalar("integer")),
        ("varchar(255)", Scalar("character varying", ("255",))),
        ("numeric(10, 2)", Scalar("numeric", ("10", "2"))),
        ("timestamp (3) with time zone", Scalar("timestamp with time zone", ("3",))),
        ("interval day to second", Scalar("interval", ("day to second",))),
        ("vector(3)", Scalar("vector", ("3",))),
        ("text[]", Array(Scalar("text"))),
        ("integer[3][]", Array(Scalar("integer"), 2)),
        ("citext", Scalar("citext")),
        ("s.dom", Scalar("dom", (), "s")),
    ],
)
def test_types(tmp_path: Path, written: str, type: PgType) -> None:
    """Types are read as drizzle-kit writes them, and what is unknown keeps its name and schema."""
    assert columns(lower_table(tmp_path, column("c", written)))["c"].type == type


@pytest.mark.parametrize(
    ("written", "ref"),
    [
        (column("c", "mood", typeSchema="public"), "public.mood"),
        (column("c", "mood"), "public.mood"),
        (column("c", "lvl"), None),
        (column("c", "lvl", typeSchema="app"), "app.lvl"),
        (column("c", "app.lvl"), "app.lvl"),
        (column("c", "date"), None),
        (column("c", "date", typeSchema="public"), "public.date"),
    ],
)
def test_enum_columns(tmp_path: Path, written: dict[str, Any], ref: str | None) -> None:
    """An enum is known by its typeSchema, else by its name, but a type of Postgres goes before a name."""
    enums = named(MOOD, MOOD | {"name": "lvl", "schema": "app"}, MOOD | {"name": "date"})
    made = only_table(lowered(journal(tmp_path, snapshot(table("t", written), enums=enums))))
    type = made.columns[0].type
    assert (str(type.ref) if isinstance(type, Named) else None) == ref


def test_enum_in_the_schema_of_its_table(tmp_path: Path) -> None:
    """A bare name is also looked for in the schema of the table, arrays of it too."""
    enums = named(MOOD | {"schema": "app"})
    written = table("t", column("c", "mood[]"), schema="app")
    made = only_table(lowered(journal(tmp_path, snapshot(written, enums=enums))))
    assert made.columns[0].type == Array(Named(Ref("enum", "app", "mood")))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("now()", "now()"),
        ("'it''s'", "'it''s'"),
        (3, "3"),
        (1.5, "1.5"),
        (1e-7, "1e-7"),
        (1e20, "100000000000000000000"),
        (True, "true"),
        (False, "false"),
        ("""'{"a":"it's"}'::jsonb""", """'{"a":"it''s"}'::jsonb"""),
        ("""'{"a":"it''s"}'::jsonb""", """'{"a":"it''s"}'::jsonb"""),
        ("""'{}'::jsonb || '{"a":1}'::jsonb""", """'{}'::jsonb || '{"a":1}'::jsonb"""),
    ],
)
def test_defaults(tmp_path: Path, written: Any, text: str) -> None:
    """A default is the SQL that the kit would write; only the quotes that it leaves in JSON are mended."""
    made = columns(lower_table(tmp_path, column("c", default=written)))
    assert made["c"].default == opaque(text)


def test_not_null_follows_from_keys_and_identity(tmp_path: Path) -> None:
    """Postgres makes key columns, serials and identities NOT NULL, whatever the snapshot says of them."""
    identity = {"type": "byDefault", "name": "q", "schema": "public", "increment": "2", "cycle": True}
    made = lower_table(
        tmp_path,
        *(column("k1"), column("k2"), column("s", "bigserial"), column("free")),
        column("i", "integer", identity=identity),
        compositePrimaryKeys={"x": {"name": "x", "columns": ["k2", "k1"]}},
    )
    assert {c.name: c.nullable for c in made.columns} == {
        **dict.fromkeys(("k1", "k2", "s", "i"), False),
        "free": True,
    }
    assert made.primary_key == PrimaryKey(name="x", columns=(column_ref(T, "k2"), column_ref(T, "k1")))
    options = sequence_options("integer", increment=2, cycle=True)
    assert columns(made)["i"].identity == Identity(always=False, options=options)


def test_identity_options(tmp_path: Path) -> None:
    """The numbers of an identity are taken as written, and its sequence is known by name."""
    numbers = {"increment": "-2", "startWith": "9", "minValue": "-32768", "maxValue": "10", "cache": "5"}
    written = {"type": "always", "name": "q", "schema": "app", "cycle": False, **numbers}
    identity = columns(lower_table(tmp_path, column("c", "bigint", identity=written)))["c"].identity
    assert identity is not None
    assert identity.options == SequenceOptions(increment=-2, start=9, min_value=-32768, max_value=10, cache=5)
    assert identity.sequence == Ref("sequence", "app", "q")


def test_serial_is_a_sequence(tmp_path: Path) -> None:
    """A serial is an integer with a sequence of its own, and a default that Postgres would print so."""
    written = table("Odd t", column("id", "smallserial", primaryKey=True, notNull=True), schema="app")
    result = lowered(journal(tmp_path, snapshot(written)))
    made = only_table(result).columns[0]
    assert made.type == Scalar("smallint")
    assert made.default == opaque("""nextval('app."Odd t_id_seq"'::regclass)""")
    owner = column_ref(Ref("table", "app", "Odd t"), "id")
    options = sequence_options("smallint")
    expected = Sequence(
        schema="app", name="Odd t_id_seq", type=Scalar("smallint"), options=options, owned_by=owner
    )
    assert result.catalog.sequences == (expected,)


def test_serials_do_not_share_a_sequence(tmp_path: Path) -> None:
    """Where the name of a serial's sequence is taken, Postgres counts on."""
    written = (table("a", column("b_c", "serial")), table("a_b", column("c", "serial")))
    result = lowered(journal(tmp_path, snapshot(*written)))
    assert [s.name for s in result.catalog.sequences] == ["a_b_c_seq", "a_b_c_seq1"]
    assert result.catalog.tables[1].columns[0].default == opaque("nextval('public.a_b_c_seq1'::regclass)")


def test_single_column_key_has_the_name_postgres_gives(tmp_path: Path) -> None:
    """`.primaryKey()` has no name in the snapshot; Postgres makes one, and shortens the table's for it."""
    long = "t" * 63
    written = table(long, column("id", primaryKey=True, notNull=True))
    key = only_table(lowered(journal(tmp_path, snapshot(written)))).primary_key
    assert key is not None
    assert key.name == "t" * 58 + "_pkey"


@pytest.mark.parametrize(
    ("table_name", "column_name", "made"),
    [
        ("short", "col", "short_col_seq"),
        ("t" * 63, "c", "t" * 57 + "_c_seq"),
        ("a", "b" * 63, "a_" + "b" * 57 + "_seq"),
        ("é" * 31, "ü" * 31, "é" * 14 + "_" + "ü" * 14 + "_seq"),
        ("é" * 20, "x" * 63, "é" * 14 + "_" + "x" * 29 + "_seq"),
        ("€" * 21, "c" * 40, "€" * 9 + "_" + "c" * 29 + "_seq"),
        ("t" * 40, "c" * 40, "t" * 29 + "_" + "c" * 29 + "_seq"),
    ],
)
def test_names_that_postgres_makes(table_name: str, column_name: str, made: str) -> None:
    """The longer of table and column gives way, byte by byte but never inside a character (Postgres 18)."""
    assert object_name(table_name, column_name, "seq") == made


def test_two_primary_keys_are_a_finding(tmp_path: Path) -> None:
    """The named key is the one that is written; that there is another is said."""
    keys = {"x": {"name": "x", "columns": ["b"]}}
    written = table("t", column("a", primaryKey=True), column("b"), compositePrimaryKeys=keys)
    result = lowered(journal(tmp_path, snapshot(written)))
    assert codes(result) == ["several-primary-keys"]
    assert [k.name for k in result.catalog.tables[0].primary_keys] == ["x"]


def test_generated_columns(tmp_path: Path) -> None:
    """Generated columns keep their expression, stored or virtual."""
    made = lower_table(
        tmp_path,
        column("a", generated={"as": "lower(b)", "type": "stored"}),
        column("b", generated={"as": "upper(c)", "type": "virtual"}),
    )
    assert columns(made)["a"].generated == Generated(expr=opaque("lower(b)"))
    assert columns(made)["b"].generated == Generated(expr=opaque("upper(c)"), stored=False)


def test_column_order_is_kept(tmp_path: Path) -> None:
    """Columns stay in the order in which they are declared."""
    made = lower_table(tmp_path, column("b"), column("a"))
    assert [c.name for c in made.columns] == ["b", "a"]
