"""Types that the database declares, and its views, as they are read."""

from pgkit.ir.constraints import Check
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Attribute, Composite, Domain, Enum, Multirange, Range
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, View
from pgkit.ir.types import Array, Named, Scalar
from pgkit.runtime.embedded import Server
from tests.live.reading import catalog_of, unmodelled

ENUMS = """
    CREATE TYPE mood AS ENUM ('sad', 'Ok', 'it''s "fine", {x}', 'happy');
    ALTER TYPE mood ADD VALUE 'low' BEFORE 'sad';
    ALTER TYPE mood ADD VALUE 'mid' AFTER 'Ok';
    CREATE TYPE none AS ENUM ();
"""


def test_enums(contrib: Server) -> None:
    """Labels come in sort order, wherever they were added."""
    assert catalog_of(contrib, ENUMS).enums == (
        Enum(name="mood", labels=("low", "sad", "Ok", "mid", 'it\'s "fine", {x}', "happy")),
        Enum(name="none"),
    )


DOMAINS = """
    CREATE SCHEMA app;
    CREATE DOMAIN app.code AS varchar(5) COLLATE "C" DEFAULT 'x' NOT NULL
        CONSTRAINT short CHECK (length(VALUE) > 1) CONSTRAINT lower CHECK (VALUE = lower(VALUE));
    CREATE DOMAIN app.codes AS app.code[]; CREATE DOMAIN app.sub AS app.code;
    ALTER DOMAIN app.sub ADD CONSTRAINT later CHECK (VALUE <> 'y') NOT VALID;
"""


def test_domains(contrib: Server) -> None:
    """A domain may be over another, whose default Postgres copies, or over an array of it."""
    code = Named(Ref("domain", "app", "code"))
    assert catalog_of(contrib, DOMAINS).domains == (
        Domain(
            schema="app",
            name="code",
            type=Scalar("character varying", ("5",)),
            collation=Ref("collation", "pg_catalog", "C"),
            nullable=False,
            default=opaque("'x'::character varying"),
            checks=(
                Check(name="lower", expr=opaque("((VALUE)::text = lower((VALUE)::text))")),
                Check(name="short", expr=opaque("(length((VALUE)::text) > 1)")),
            ),
        ),
        Domain(schema="app", name="codes", type=Array(code)),
        Domain(
            schema="app",
            name="sub",
            type=code,
            default=opaque("'x'::character varying"),
            checks=(Check(name="later", expr=opaque("((VALUE)::text <> 'y'::text)"), validated=False),),
        ),
    )


COMPOSITES = """
    CREATE TYPE inner_type AS (n numeric(4,1)); CREATE TYPE empty AS ();
    CREATE TYPE outer_type AS (a inner_type[], gone int, b text COLLATE "C", "C d" timestamptz(3));
    ALTER TYPE outer_type DROP ATTRIBUTE gone;
"""


def test_composites(contrib: Server) -> None:
    """A composite type has its attributes in order; it is no table."""
    catalog = catalog_of(contrib, COMPOSITES)
    assert catalog.tables == ()
    assert catalog.composites == (
        Composite(name="empty"),
        Composite(name="inner_type", attributes=(Attribute(name="n", type=Scalar("numeric", ("4", "1"))),)),
        Composite(
            name="outer_type",
            attributes=(
                Attribute(name="a", type=Array(Named(Ref("composite", "public", "inner_type")))),
                Attribute(name="b", type=Scalar("text"), collation=Ref("collation", "pg_catalog", "C")),
                Attribute(name="C d", type=Scalar("timestamp with time zone", ("3",))),
            ),
        ),
    )


RANGES = """
    CREATE SCHEMA app;
    CREATE TYPE app.plain AS RANGE (subtype = float8);
    CREATE FUNCTION app.apart(text, text) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 1.0::float8';
    CREATE TYPE app.texts;
    CREATE TYPE app.words AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops,
        subtype_diff = app.apart, multirange_type_name = app."Many words");
    CREATE TYPE app.spans AS RANGE (subtype = float8, subtype_diff = float8mi);
"""


def test_ranges(contrib: Server) -> None:
    """A range has what was written, and its multirange, whose name it may choose."""
    catalog = catalog_of(contrib, RANGES)
    assert catalog.ranges == (
        Range(
            schema="app",
            name="plain",
            subtype=Scalar("double precision"),
            multiranges=(Multirange(name="plain_multirange"),),
        ),
        Range(
            schema="app",
            name="spans",
            subtype=Scalar("double precision"),
            subtype_diff=Ref("function", "pg_catalog", "float8mi(double precision, double precision)"),
            multiranges=(Multirange(name="spans_multirange"),),
        ),
        Range(
            schema="app",
            name="words",
            subtype=Scalar("text"),
            opclass="text_pattern_ops",
            collation=Ref("collation", "pg_catalog", "C"),
            subtype_diff=Ref("function", "app", "apart(text, text)"),
            multiranges=(Multirange(name="Many words"),),
        ),
    )
    assert list(unmodelled(catalog, "function")) == [("app", "apart(text, text)", "")]
    assert list(unmodelled(catalog, "base_type")) == [("app", "texts", "")]
    assert unmodelled(catalog, "cast") == {}


VIEWS = """
    CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('ok');
    CREATE TABLE app.t (a int NOT NULL, m app.mood);
    CREATE VIEW app.v WITH (security_barrier = true, check_option = local) AS SELECT a, m, 'x'::varchar(3) AS w FROM app.t;
    CREATE MATERIALIZED VIEW "Mat" WITH (fillfactor = 60) AS SELECT a FROM app.t WITH NO DATA;
"""


def test_views(contrib: Server) -> None:
    """A view is its query, as this version of the server writes it; its columns have types."""
    catalog = catalog_of(contrib, VIEWS)
    prefix = "t." if (catalog.postgres or 0) < 16 else ""
    (view,) = catalog.views
    query = f" SELECT {prefix}a,\n    {prefix}m,\n    'x'::character varying(3) AS w\n   FROM app.t".lstrip()
    options = (("check_option", "local"), ("security_barrier", "true"))
    assert view == View(schema="app", name="v", query=opaque(query), options=options)
    assert view.columns == (
        Column(name="a", type=Scalar("integer")),
        Column(name="m", type=Named(Ref("enum", "app", "mood"))),
        Column(name="w", type=Scalar("character varying", ("3",))),
    )
    (kept,) = catalog.materialized_views
    query = f"SELECT {prefix}a\n   FROM app.t"
    assert kept == MaterializedView(name="Mat", query=opaque(query), storage=(("fillfactor", "60"),))
    assert not kept.populated


def test_security_invoker(contrib: Server) -> None:
    """Since 15 a view may run with the rights of who asks."""
    (view,) = catalog_of(contrib, "CREATE VIEW v WITH (security_invoker) AS SELECT 1 AS a").views
    assert view.options == (("security_invoker", "true"),)
