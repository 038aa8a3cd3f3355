"""Every type of SCALARS has a type in Rust and SQL that reads it; the wire tests prove the values."""

import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.values import Own
from pgkit.diag import PgkitError
from pgkit.ir.kinds import Attribute, Composite, Domain, Enum
from pgkit.ir.relations import Column
from pgkit.ir.scalars import SCALARS, Shape
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Array, Named, PgType, Scalar
from tests.backends.rust.printed import column, fields, printed, ref, selected, table

PLAIN = {
    "boolean": "bool",
    "smallint": "i16",
    "integer": "i32",
    "bigint": "i64",
    "real": "f32",
    "double precision": "f64",
    "text": "String",
    "character varying(10)": "String",
    "character(5)": "String",
    "bpchar": "String",
    "name": "String",
    "bytea": "Vec<u8>",
    "uuid": "::uuid::Uuid",
    "date": "::chrono::NaiveDate",
    "timestamp": "::chrono::NaiveDateTime",
    "timestamp(3) with time zone": "::chrono::DateTime<::chrono::Utc>",
    "interval": "::sqlx::postgres::types::PgInterval",
    "json": "::serde_json::Value",
    "jsonb": "::serde_json::Value",
    "vector(3)": "::pgvector::Vector",
    "numeric(10,2)": "::rust_decimal::Decimal",
    "numeric(28,28)": "::rust_decimal::Decimal",
    "numeric(3,5)": "::rust_decimal::Decimal",
    "numeric(5,-2)": "::rust_decimal::Decimal",
}
CAST = {
    "oid": ("i64", "int8"),
    "numeric": ("String", "text"),
    "numeric(29,0)": ("String", "text"),
    "numeric(28,-1)": ("String", "text"),
    "numeric(1,29)": ("String", "text"),
    "time": ("String", "text"),
    "timetz": ("String", "text"),
    "bit(3)": ("String", "text"),
    "citext": ("String", "text"),
    "halfvec(3)": ("::pgvector::Vector", "text"),
    "sparsevec(3)": ("String", "text"),
    "geometry(Point,4326)": ("String", "text"),
    "extensions.unheard_of(3)": ("String", "text"),
    "unheard_of": ("String", "text"),
}


@pytest.mark.parametrize("type", PLAIN)
def test_read_as_it_is(type: str) -> None:
    """What sqlx or the runtime can decode is selected without a cast, nullable or not."""
    columns = column("a", type), column("b", type, nullable=True)
    assert fields(*columns) == [f"pub a: {PLAIN[type]},", f"pub b: Option<{PLAIN[type]}>,"]
    assert selected(*columns) == ['"a"', '"b"']


@pytest.mark.parametrize("type", CAST)
def test_read_by_cast(type: str) -> None:
    """The rest is cast, an array to an array."""
    rust, cast = CAST[type]
    columns = column("a", type), column("b", Array(parse_type(type)))
    assert fields(*columns) == [f"pub a: {rust},", f"pub b: Vec<{rust}>,"]
    assert selected(*columns) == [f'"a"::{cast} AS "a"', f'"b"::{cast}[] AS "b"']


@pytest.mark.parametrize("row", [r for r in SCALARS if r.shape is Shape.TEXTUAL], ids=lambda r: r.name)
def test_textual(row: object) -> None:
    """Whatever is best handled as text is read as text."""
    (field,) = fields(column("a", Scalar(row.name)))
    (read,) = selected(column("a", Scalar(row.name)))
    assert field == "pub a: String,"
    assert read in ('"a"::text AS "a"', '"a"::numeric::text AS "a"', 'pg_catalog.abbrev("a") AS "a"')


def test_exceptions() -> None:
    """money without its currency, inet without a netmask that nobody wrote; arrays of them, and of vectors."""
    columns = [column(name, f"{name}[]") for name in ("money", "inet", "cidr", "vector")]
    assert selected(column("money", "money"), column("inet", "inet")) == [
        '"money"::numeric::text AS "money"',
        'pg_catalog.abbrev("inet") AS "inet"',
    ]
    assert selected(*columns) == [
        '"money"::numeric[]::text[] AS "money"',
        '"inet"::text::text[] AS "inet"',
        '"cidr"::text[] AS "cidr"',
        '"vector"::text[] AS "vector"',
    ]


def test_nested_arrays() -> None:
    """Two dimensions are read flat, with their bounds; sqlx reads one."""
    grid = column("grid", "bigint[][]", nullable=True)
    assert fields(grid) == ["pub grid: Option<Vec<Vec<i64>>>,"]
    flat = 'ROW(pg_catalog.array_dims("grid"), ARRAY(SELECT pg_catalog.unnest("grid")))'
    assert selected(grid) == [f'CASE WHEN "grid" IS NOT NULL THEN {flat} END AS "grid"']
    assert 'grid: super::rt::nested::<i64, _>(row, "grid")?,' in printed(table(grid))["t.rs"]


def in_table(type: PgType, *others: Enum | Composite | Domain) -> tuple[str, str]:
    """The field and the select item of one column."""
    text = printed(table(Column(name="c", type=type, nullable=False)), *others)["t.rs"]
    field = next(line for line in text.splitlines() if line.startswith("    pub "))
    item = text.split('&str = "\\\n')[1].split('";\n')[0]
    return field.strip(), item.strip().replace('\\"', '"')


PRICE = Domain(name="price", type=parse_type("numeric(10,2)"))
NET = Domain(name="net", type=Named(ref("domain", "price")))
MOOD = Enum(name="mood", labels=("sad", "ok"))
FEELING = Domain(name="feeling", type=Named(ref("enum", "mood")))
SCORES = Domain(name="scores", type=parse_type("integer[]"))


def test_domains() -> None:
    """A domain, or one over it, is what is below it; its array is cast, since sqlx does not see into it."""
    decimal, net = "::rust_decimal::Decimal", Named(ref("domain", "net"))
    assert in_table(net, PRICE, NET) == (f"pub c: {decimal},", '"c"')
    assert in_table(Array(net), PRICE, NET) == (
        f"pub c: Vec<{decimal}>,",
        '"c"::numeric(10,2)[] AS "c"',
    )
    assert in_table(Array(Named(ref("domain", "feeling"))), MOOD, FEELING) == (
        "pub c: Vec<super::enums::Mood>,",
        '"c"::text[] AS "c"',
    )
    assert in_table(Named(ref("domain", "scores")), SCORES) == ("pub c: Vec<i32>,", '"c"')
    assert in_table(Array(Named(ref("domain", "scores"))), SCORES) == (
        "pub c: Vec<String>,",
        '"c"::text[] AS "c"',
    )


def test_not_null_domain() -> None:
    """A domain that is not null makes a nullable column so."""
    strict = Domain(name="strict", type=parse_type("text"), nullable=False)
    text = printed(table(Column(name="c", type=Named(ref("domain", "strict")))), strict)["t.rs"]
    assert "pub c: String," in text


def test_enums() -> None:
    """An enum is its Rust enum; one without labels has no value to be named."""
    mood = Named(ref("enum", "mood"))
    assert in_table(mood, MOOD) == ("pub c: super::enums::Mood,", '"c"')
    assert in_table(Array(mood), MOOD) == ("pub c: Vec<super::enums::Mood>,", '"c"')
    nothing = Enum(name="nothing")
    assert in_table(Named(ref("enum", "nothing")), nothing) == ("pub c: String,", '"c"::text AS "c"')
    assert "enums.rs" not in printed(nothing)


POINT = Composite(
    name="point3",
    attributes=(
        Attribute(name="x", type=parse_type("double precision")),
        Attribute(name="at y", type=Named(ref("domain", "price"))),
        Attribute(name="mood", type=Named(ref("enum", "mood"))),
        Attribute(name="v", type=parse_type("vector(2)")),
    ),
)


def test_composites() -> None:
    """A composite is read attribute by attribute, as columns are; each may be null, and so may the whole."""
    field, read = in_table(Named(ref("composite", "point3")), POINT, PRICE, MOOD)
    assert field == "pub c: super::composites::Point3,"
    attributes = '("c")."x", ("c")."at y"::numeric(10,2), ("c")."mood"::text, ("c")."v"::text'
    assert read == f'CASE WHEN "c" IS DISTINCT FROM NULL THEN ROW({attributes}) END AS "c"'
    struct = printed(POINT, PRICE, MOOD)["composites.rs"]
    assert '    #[serde(with = "super::rt::wire")]\n    pub x: Option<f64>,\n' in struct
    assert (
        'rename = "at y", with = "super::rt::wire")]\n    pub at_y: Option<::rust_decimal::Decimal>,'
        in struct
    )
    assert "            mood: fields.get()?,\n" in struct


def test_wire_of_arrays() -> None:
    """What has a JSON form of its own has it inside arrays and options too."""
    for type in ("bigint", "real", "numeric(10,2)", "bytea", "interval"):
        text = printed(table(column("c", f"{type}[]", nullable=True)))["t.rs"]
        assert '    #[serde(with = "super::rt::wire")]\n    pub c: Option<Vec<' in text
    for type in ("integer", "text", "uuid", "jsonb", "timestamptz", "oid", "numeric"):
        assert "rt::wire" not in printed(table(column("c", type)))["t.rs"]


def test_own_types_inside() -> None:
    """JSON may be a type of the project's anywhere; other types neither in composites nor nested, and it is said."""
    pair = Composite(name="pair", attributes=(Attribute(name="x", type=parse_type("real")),))
    columns = column("c", Named(ref("composite", "pair"))), column("grid", "real[][]")
    attribute = ref("composite", "pair").of("attribute", "x")
    grid = ref("table", "t").of("column", "grid")
    said = {"real": Own(rust="crate::Small")}
    assert refused(ModelOptions(own=said), pair, *columns) == [str(attribute), str(grid)]
    usual = said | {attribute: Own(rust="f32"), grid: Own(rust="f32")}
    assert refused(ModelOptions(own=usual), pair, *columns) == []
    assert refused(ModelOptions(own={"real": Own(write_sql="abs({})")}), pair, *columns) == [str(attribute)]


def refused(options: ModelOptions, composite: Composite, *columns: Column) -> list[str]:
    """What diagnostics are about."""
    try:
        printed(table(*columns), composite, options=options)
    except PgkitError as error:
        return [d.where for d in error.diagnostics]
    return []
