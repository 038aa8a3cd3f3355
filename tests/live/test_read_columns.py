"""Columns as they are read: types, defaults, identity, generated columns, collations, nullability."""

import pytest

from pgkit.ir.expr import opaque
from pgkit.ir.names import Ref
from pgkit.ir.relations import Generated, Identity, SequenceOptions
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.runtime.embedded import Server
from tests.live.reading import catalog_of, columns, table, unmodelled

BUILT_IN = {
    "smallint": Scalar("smallint"),
    "int8": Scalar("bigint"),
    "numeric": Scalar("numeric"),
    "numeric(10,2)": Scalar("numeric", ("10", "2")),
    "numeric(5)": Scalar("numeric", ("5", "0")),
    "numeric(3,-2)": Scalar("numeric", ("3", "-2")),
    "float(24)": Scalar("real"),
    "float": Scalar("double precision"),
    "varchar": Scalar("character varying"),
    "varchar(20)": Scalar("character varying", ("20",)),
    "char": Scalar("character", ("1",)),
    "char(7)": Scalar("character", ("7",)),
    "bpchar": Scalar("bpchar"),
    '"char"': Scalar('"char"'),
    "name": Scalar("name"),
    "timestamp": Scalar("timestamp without time zone"),
    "timestamp(3)": Scalar("timestamp without time zone", ("3",)),
    "timestamptz": Scalar("timestamp with time zone"),
    "timestamptz(0)": Scalar("timestamp with time zone", ("0",)),
    "time(2)": Scalar("time without time zone", ("2",)),
    "timetz": Scalar("time with time zone"),
    "interval": Scalar("interval"),
    "interval(2)": Scalar("interval", ("2",)),
    "interval year to month": Scalar("interval", ("year to month",)),
    "interval day to second(1)": Scalar("interval", ("day to second", "1")),
    "bit": Scalar("bit", ("1",)),
    "bit(3)": Scalar("bit", ("3",)),
    "varbit": Scalar("bit varying"),
    "varbit(4)": Scalar("bit varying", ("4",)),
    "boolean": Scalar("boolean"),
    "uuid": Scalar("uuid"),
    "jsonb": Scalar("jsonb"),
    "oidvector": Scalar("oidvector"),
    "int2vector": Scalar("int2vector"),
    "regclass": Scalar("regclass"),
    "tstzrange": Scalar("tstzrange"),
    "int4multirange": Scalar("int4multirange"),
    "text[]": Array(Scalar("text")),
    "numeric(4,1)[]": Array(Scalar("numeric", ("4", "1"))),
    "timestamptz(3)[]": Array(Scalar("timestamp with time zone", ("3",))),
    '"char"[]': Array(Scalar('"char"')),
    "int2vector[]": Array(Scalar("int2vector")),
}


def test_built_in_types(contrib: Server) -> None:
    """A type comes back under format_type's name, with the modifiers that Postgres filled in."""
    declared = ", ".join(f"c{number} {text}" for number, text in enumerate(BUILT_IN))
    found = [
        column.type for column in table(catalog_of(contrib, f"CREATE TABLE t ({declared})"), "t").columns
    ]
    assert found == list(BUILT_IN.values())


def test_dimensions(contrib: Server) -> None:
    """An array has the dimensions that were written, at least one where none were kept."""
    sql = (
        "CREATE TABLE t (one int[], two int[][], sized int[3][3][3]); CREATE TABLE made AS SELECT two FROM t"
    )
    catalog = catalog_of(contrib, sql)
    types = [column.type for name in ("t", "made") for column in table(catalog, name).columns]
    assert [type.dims for type in types if isinstance(type, Array)] == [1, 2, 3, 1]


EXTENSIONS = """
    CREATE SCHEMA ext;
    CREATE EXTENSION citext SCHEMA ext;
    CREATE EXTENSION hstore SCHEMA public;
    CREATE EXTENSION cube SCHEMA ext;
    CREATE EXTENSION intarray SCHEMA ext;
    CREATE TABLE t (a ext.citext, b hstore[], c ext.cube, d ext.query_int);
"""


def test_types_of_extensions(contrib: Server) -> None:
    """A type that pgkit knows has no schema, wherever its extension is installed; others keep theirs."""
    catalog = catalog_of(contrib, EXTENSIONS)
    assert [column.type for column in table(catalog, "t").columns] == [
        Scalar("citext"),
        Array(Scalar("hstore")),
        Scalar("cube"),
        Scalar("query_int", (), "ext"),
    ]
    assert [(e.name, e.schema) for e in catalog.extensions] == [
        ("citext", "ext"),
        ("cube", "ext"),
        ("hstore", "public"),
        ("intarray", "ext"),
    ]


IMPOSTOR = """
    CREATE TYPE public.hstore AS ENUM ('a');
    CREATE TYPE public.cube AS (a int);
    CREATE TABLE t (a public.hstore, b public.cube);
"""


def test_a_type_with_the_name_of_an_extensions(contrib: Server) -> None:
    """A user's own type may be called like one of an extension that is not there."""
    types = [column.type for column in table(catalog_of(contrib, IMPOSTOR), "t").columns]
    assert types == [Named(Ref("enum", "public", "hstore")), Named(Ref("composite", "public", "cube"))]


DECLARED: dict[str, PgType] = {
    'a."Mood"': Named(Ref("enum", "a", "Mood")),
    'public."Mood"[]': Array(Named(Ref("enum", "public", "Mood"))),
    "a.email": Named(Ref("domain", "a", "email")),
    "a.email[]": Array(Named(Ref("domain", "a", "email"))),
    "a.pair": Named(Ref("composite", "a", "pair")),
    "a.span": Named(Ref("range", "a", "span")),
    "a.spans": Named(Ref("range", "a", "span").of("multirange", "spans")),
    "a.spans[]": Array(Named(Ref("range", "a", "span").of("multirange", "spans"))),
    "a.other": Named(Ref("table", "a", "other")),
    "a.seen": Named(Ref("view", "a", "seen")),
    "a.kept[]": Array(Named(Ref("materialized_view", "a", "kept"))),
    'a."weird "".name"': Named(Ref("enum", "a", 'weird ".name')),
}
TYPES = """
    CREATE SCHEMA a;
    CREATE TYPE a."Mood" AS ENUM ('x'); CREATE TYPE public."Mood" AS ENUM ('y');
    CREATE DOMAIN a.email AS text; CREATE TYPE a.pair AS (x int, y int);
    CREATE TYPE a.span AS RANGE (subtype = float8, multirange_type_name = a.spans);
    CREATE TABLE a.other (id int); CREATE VIEW a.seen AS SELECT id FROM a.other;
    CREATE MATERIALIZED VIEW a.kept AS SELECT id FROM a.other;
    CREATE TYPE a."weird "".name" AS ENUM ('z');
"""


def test_declared_types(contrib: Server) -> None:
    """A type that the database declares is a Ref to it, whatever its kind and its name."""
    declared = ", ".join(f"c{number} {text}" for number, text in enumerate(DECLARED))
    catalog = catalog_of(contrib, f"{TYPES} CREATE TABLE t ({declared})")
    assert [column.type for column in table(catalog, "t").columns] == list(DECLARED.values())


DEFAULTS = """
    CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('ok');
    CREATE FUNCTION app.next() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE TABLE t (
        none int, nothing int DEFAULT NULL, number int DEFAULT 3, text varchar(9) DEFAULT 'it''s',
        mood app.mood DEFAULT 'ok', called int DEFAULT app.next(), stamp timestamptz DEFAULT now(),
        serial serial
    );
"""


def test_defaults(contrib: Server) -> None:
    """A default is the server's text, every name outside pg_catalog qualified."""
    found = columns(table(catalog_of(contrib, DEFAULTS), "t"))
    texts = {name: column.default for name, column in found.items()}
    assert texts == {
        "none": None,
        "nothing": None,
        "number": opaque("3"),
        "text": opaque("'it''s'::character varying"),
        "mood": opaque("'ok'::app.mood"),
        "called": opaque("app.next()"),
        "stamp": opaque("now()"),
        "serial": opaque("nextval('public.t_serial_seq'::regclass)"),
    }


IDENTITY = """
    CREATE TABLE t (
        always bigint GENERATED ALWAYS AS IDENTITY,
        given smallint GENERATED BY DEFAULT AS IDENTITY
            (SEQUENCE NAME odd INCREMENT 5 START 10 MINVALUE 5 MAXVALUE 100 CACHE 7 CYCLE)
    );
"""


def test_identity(contrib: Server) -> None:
    """An identity column holds its sequence's numbers; the sequence is none of its own."""
    catalog = catalog_of(contrib, IDENTITY)
    found = columns(table(catalog, "t"))
    assert found["always"].identity == Identity(always=True, options=SequenceOptions())
    assert found["always"].default is None
    assert not found["always"].nullable
    options = SequenceOptions(increment=5, start=10, min_value=5, max_value=100, cache=7, cycle=True)
    assert found["given"].identity == Identity(always=False, options=options)
    assert found["given"].identity.sequence == Ref("sequence", "public", "odd")
    assert catalog.sequences == ()


def test_generated(contrib: Server) -> None:
    """What a column is generated from is no default."""
    sql = "CREATE TABLE t (a int, double int GENERATED ALWAYS AS (a * 2) STORED)"
    found = columns(table(catalog_of(contrib, sql), "t"))["double"]
    assert (found.generated, found.default) == (Generated(expr=opaque("(a * 2)"), stored=True), None)


@pytest.mark.parametrize("word", ["VIRTUAL", ""])
def test_generated_when_read(contrib18: Server, word: str) -> None:
    """From 18 on a generated column may be virtual, and is when nothing is said."""
    sql = f"CREATE TABLE t (a int, double int GENERATED ALWAYS AS (a * 2) {word})"
    found = columns(table(catalog_of(contrib18, sql), "t"))["double"]
    assert found.generated == Generated(expr=opaque("(a * 2)"), stored=False)


COLLATIONS = """
    CREATE SCHEMA app; CREATE COLLATION app.german FROM "C"; CREATE DOMAIN app.code AS text COLLATE "C";
    CREATE TABLE t (
        plain text, spelled text COLLATE "default", c text COLLATE "C", own varchar(3)[] COLLATE app.german,
        domain app.code, over app.code COLLATE app.german, number int
    );
"""


def test_collations(contrib: Server) -> None:
    """A collation is told where it is not the type's own, a domain's being its own."""
    found = columns(table(catalog_of(contrib, COLLATIONS), "t"))
    assert {name: str(column.collation) for name, column in found.items() if column.collation} == {
        "c": "pg_catalog.C",
        "own": "app.german",
        "over": "app.german",
    }


def test_not_null(contrib: Server) -> None:
    """NOT NULL, a primary key and an identity each rule nulls out."""
    sql = "CREATE TABLE t (a int PRIMARY KEY, b int NOT NULL, c int, d int GENERATED ALWAYS AS IDENTITY)"
    found = columns(table(catalog_of(contrib, sql), "t"))
    assert [column.name for column in found.values() if column.nullable] == ["c"]


def test_not_null_not_valid(contrib18: Server) -> None:
    """From 18 on a NOT NULL may be NOT VALID: the column may hold nulls, and the constraint is told."""
    sql = """
        CREATE TABLE t (a int, b int); ALTER TABLE t ADD CONSTRAINT later NOT NULL a NOT VALID;
        ALTER TABLE t ADD CONSTRAINT now NOT NULL b;
        CREATE TABLE own (c int CONSTRAINT mine NOT NULL NO INHERIT);
    """
    catalog = catalog_of(contrib18, sql)
    found = columns(table(catalog, "t"))
    assert (found["a"].nullable, found["b"].nullable) == (True, False)
    assert {key: u.definition for key, u in unmodelled(catalog, "not_null").items()} == {
        ("public", "own", "mine"): "ALTER TABLE public.own ALTER COLUMN c DROP NOT NULL;\n"
        "ALTER TABLE ONLY public.own ADD CONSTRAINT mine NOT NULL c NO INHERIT",
        ("public", "t", "later"): "ALTER TABLE ONLY public.t ADD CONSTRAINT later NOT NULL a NOT VALID",
    }
    assert not columns(table(catalog, "own"))["c"].nullable


ORDER = """
    CREATE TABLE t (z int, gone int, a int, "Quoted ""col" int, "née 🐘" int);
    ALTER TABLE t DROP COLUMN gone; ALTER TABLE t ADD COLUMN b int;
"""


def test_order_and_names(contrib: Server) -> None:
    """Columns come in the table's order, the dropped ones left out, with names of any kind."""
    found = table(catalog_of(contrib, ORDER), "t")
    assert [column.name for column in found.columns] == ["z", "a", 'Quoted "col', "née 🐘", "b"]
