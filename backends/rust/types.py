"""What a value is in Rust: its type, the SQL that reads it, its serde attribute, the crate it needs.

The one table from shapes; how a value is written is in params. What a value looks like as JSON is in
pgkit.ir.wire: a leaf of which serde alone would print another JSON type is printed by rt::wire.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, assert_never

from attrs import evolve, frozen

from pgkit.backends.rust.idents import id_ident, type_ident
from pgkit.backends.values import (
    ArrayValue,
    CompositeModel,
    CompositeValue,
    EnumValue,
    IdModel,
    ScalarValue,
    TextValue,
    Value,
    own_of,
    shape,
)
from pgkit.ir.scalars import Shape
from pgkit.ir.type_text import type_text
from pgkit.ir.types import PgType, Scalar
from pgkit.ir.wire import JsonType, Wire, fits_decimal, json_type, wire
from pgkit.sql import quoted


@frozen
class Leaf:
    """One type as Rust has it. `read` and `read_array` are SQL around an expression."""

    rust: str
    read: str = "{}"
    read_array: str = "{}"
    serde: JsonType | None = "string"  # what serde alone prints, if that holds every value
    wire: bool = False  # printed by rt::wire
    crate: str = ""
    reader: Literal["get", "own", "json"] = "get"  # what reads it in rt


_AS_TEXT: Final = Leaf("String", "{}::text", "{}::text[]")
_DECIMAL: Final = Leaf("::rust_decimal::Decimal", serde=None, crate="rust_decimal")  # by its features
_FLOATS: Final = {32: Leaf("f32", serde=None), 64: Leaf("f64", serde=None)}  # NaN would be null
_INTS: Final = {bits: Leaf(f"i{bits}", serde="number") for bits in (16, 32, 64)}
_LEAVES: Final = {
    Shape.BOOL: Leaf("bool", serde="boolean"),
    Shape.OID: Leaf("i64", "{}::int8", "{}::int8[]", serde="number"),
    Shape.TEXT: Leaf("String"),
    Shape.BYTES: Leaf("Vec<u8>", serde="array"),
    Shape.UUID: Leaf("::uuid::Uuid", crate="uuid"),
    Shape.DATE: Leaf("::chrono::NaiveDate", crate="chrono"),
    Shape.TIME: _AS_TEXT,  # chrono and sqlx take 24:00:00 for 00:00:00
    Shape.TIMESTAMP: Leaf("::chrono::NaiveDateTime", crate="chrono"),
    Shape.INSTANT: Leaf("::chrono::DateTime<::chrono::Utc>", crate="chrono"),
    Shape.INTERVAL: Leaf("::sqlx::postgres::types::PgInterval", serde=None),
    Shape.JSON: Leaf("::serde_json::Value", serde="any", crate="serde_json"),
    Shape.BITS: _AS_TEXT,
    Shape.VECTOR: Leaf("::pgvector::Vector", "{}::text", "{}::text[]", serde="array", crate="pgvector"),
    Shape.TEXTUAL: _AS_TEXT,
    Shape.UNKNOWN: _AS_TEXT,
}
_EXCEPTIONS: Final = {
    # the text of money depends on lc_monetary
    "money": Leaf("String", "{}::numeric::text", "{}::numeric[]::text[]"),
    # a cast to text adds the netmask /32; the output function does not
    "inet": Leaf("String", "pg_catalog.abbrev({})", "{}::text::text[]"),
    # its binary form is pgvector's own, found by name in whatever schema it is
    "vector": Leaf("::pgvector::Vector", "{}", "{}::text[]", serde="array", crate="pgvector"),
}
_OURS: Final = {  # that a project may choose for a type which is read as another
    **dict.fromkeys(("String", "::std::string::String"), _AS_TEXT),
    **dict.fromkeys(("rust_decimal::Decimal", "::rust_decimal::Decimal"), _DECIMAL),
}
_ISO: Final = "pg_catalog.to_jsonb({}) #>> ARRAY[]::text[]"  # whatever DateStyle says
_UTC: Final = _ISO.format("{} AT TIME ZONE 'UTC'")
_TEMPORAL: Final = {
    Shape.DATE: _ISO,
    Shape.TIMESTAMP: _ISO,
    # a Z behind the time, which may be followed by BC, but not behind infinity
    Shape.INSTANT: f"pg_catalog.regexp_replace({_UTC}, '^([0-9][-0-9T:.]*)', '\\1Z')",
}


@lru_cache(maxsize=4096)
def leaf(value: Value) -> Leaf:
    """What is at the bottom of a value, under its arrays."""
    match value:
        case ArrayValue(of):
            return leaf(of)
        case _ if (rust := value.own.rust) is not None:
            return _own(value, rust)
        case ScalarValue(type, id=id):
            return _key(type, id) if id else _printed(_scalar(type), wire(type.row))
        case EnumValue(enum):
            return Leaf(f"super::enums::{type_ident(enum.stem)}")
        case CompositeValue(composite):
            return Leaf(f"super::composites::{type_ident(composite.stem)}")
        case TextValue(type):
            return _text(type)
        case _:
            assert_never(value)


def rust_type(value: Value) -> str:
    """The type of a value that is there."""
    if isinstance(value, ArrayValue):
        return "Vec<" * value.dims + element_type(value) + ">" * value.dims
    return leaf(value).rust


@lru_cache(maxsize=4096)
def element_type(value: Value) -> str:
    """The type at the bottom of a value's vectors."""
    nulls = isinstance(value, ArrayValue) and value.nulls
    return f"Option<{leaf(value).rust}>" if nulls else leaf(value).rust


def json_form(value: Value, nullable: bool) -> str:
    """A field's type for rt::Form: where JSON is read as a type of the project's, that type is `Typed<_>`."""
    form = json_element_form(value)
    if isinstance(value, ArrayValue):
        form = "Vec<" * value.dims + form + ">" * value.dims
    return f"Option<{form}>" if nullable else form


def json_element_form(value: Value) -> str:
    """What is at the bottom of a form's vectors."""
    nulls = isinstance(value, ArrayValue) and value.nulls
    return "Option<super::rt::Typed<_>>" if nulls else "super::rt::Typed<_>"


def is_nested(value: Value) -> bool:
    """Whether a value is an array of more than one dimension."""
    return isinstance(value, ArrayValue) and value.dims > 1


@lru_cache(maxsize=4096)
def read_sql(expr: str, value: Value, *, in_record: bool = False) -> str:
    """The SQL by which the Rust type of a value is read; inside a record sqlx knows built-in types only."""
    own = own_of(value)
    if own.read_sql is not None:
        return own.read_sql.replace("{}", expr)
    if leaf(value).reader == "own":
        return expr
    match value:
        case CompositeValue(composite):
            return _record(expr, composite)
        case ArrayValue():
            return _array(expr, value, in_record)
        case _:
            return _single(expr, value, in_record)


@lru_cache(maxsize=4096)
def comment_on_reading(value: Value) -> str:
    """What is worth saying of a field's type: that it is the text form of something."""
    match value:
        case ScalarValue(type) | TextValue(Scalar() as type) if (
            leaf(value).rust == "String" and type.row.shape is not Shape.TEXT
        ):
            return f"`{type_text(type)}` as text."
        case ArrayValue(of):
            return comment_on_reading(of)
        case _:
            return ""


def values_in(value: Value) -> Iterator[Value]:
    """A value and all that is inside it."""
    yield value
    if isinstance(value, ArrayValue):
        yield from values_in(value.of)


def _own(value: ScalarValue | EnumValue | CompositeValue | TextValue, rust: str) -> Leaf:
    """A type of the project's: what sqlx reads, or for JSON, what serde does."""
    if rust.removeprefix("::") == usual(value).removeprefix("::"):
        return _unsaid(value)
    if rust in _OURS:
        form = value.form if isinstance(value, ScalarValue) else Wire.STRING
        return _printed(_OURS[rust], form)
    if shape(value) is Shape.JSON:
        return Leaf(rust, crate="serde_json", reader="json")
    return Leaf(rust, reader="own")


def usual(value: Value) -> str:
    """The type that the elements of a value have where a project has said nothing of it."""
    return usual(value.of) if isinstance(value, ArrayValue) else _unsaid(value).rust


def _unsaid(value: ScalarValue | EnumValue | CompositeValue | TextValue) -> Leaf:
    return leaf(evolve(value, own=evolve(value.own, rust=None)))


def _key(type: Scalar, id: IdModel) -> Leaf:
    return evolve(_scalar(type), rust=f"super::ids::{id_ident(id.stem)}")


def _text(type: PgType) -> Leaf:
    """The text of a moment is ISO 8601, any other what Postgres prints."""
    read = _TEMPORAL.get(type.row.shape) if isinstance(type, Scalar) else None
    if read is None:
        return _AS_TEXT
    items = f"ARRAY(SELECT {read.format('u.e')} FROM pg_catalog.unnest({{0}}) AS u(e))"
    return Leaf("String", read, f"CASE WHEN {{0}} IS NOT NULL THEN {items} END")


def _printed(leaf: Leaf, form: Wire) -> Leaf:
    return leaf if leaf.serde == json_type(form) else evolve(leaf, wire=True)


def _scalar(type: Scalar) -> Leaf:
    row = type.row
    if type.name in _EXCEPTIONS and not type.schema:
        return _EXCEPTIONS[type.name]
    match row.shape:
        case Shape.INT:
            return _INTS[row.bits]
        case Shape.FLOAT:
            return _FLOATS[row.bits]
        case Shape.DECIMAL:
            return _DECIMAL if fits_decimal(type.mods) else _AS_TEXT
        case shape:
            return _LEAVES[shape]


def _single(expr: str, value: Value, in_record: bool) -> str:
    found = leaf(value)
    if in_record and (isinstance(value, EnumValue) or found.crate == "pgvector"):
        return f"{expr}::text"
    if in_record and value.through_domain and found.read == "{}" and isinstance(value, ScalarValue):
        return f"{expr}::{type_text(value.type)}"
    return found.read.format(expr)


def _array(expr: str, value: ArrayValue, in_record: bool) -> str:
    """An array; one of more dimensions goes flat, with its bounds beside it."""
    if isinstance(value.of, CompositeValue):
        # unnest in a select list, not in FROM, where a NULL element would become a row of NULLs
        items = f"(SELECT pg_catalog.unnest({expr}) AS e) AS u"
        array = f"ARRAY(SELECT {_record('u.e', value.of.composite)} FROM {items})"
    elif value.dims == 1:
        return _elements(expr, value, in_record)
    else:
        array = f"ARRAY(SELECT pg_catalog.unnest({_elements(expr, value, True)}))"
    read = array if value.dims == 1 else f"ROW(pg_catalog.array_dims({expr}), {array})"
    return f"CASE WHEN {expr} IS NOT NULL THEN {read} END"


def _elements(expr: str, value: ArrayValue, in_record: bool) -> str:
    """An array of what is no composite; sqlx sees through a domain, but not through one of the elements."""
    of, found = value.of, leaf(value)
    if isinstance(of, EnumValue) and (in_record or of.through_domain):
        return f"{expr}::text[]"
    domain = of.through_domain or (in_record and value.through_domain)
    if domain and found.read_array == "{}" and isinstance(of, ScalarValue):
        return f"{expr}::{type_text(of.type)}[]"
    return found.read_array.format(expr)


def _record(expr: str, composite: CompositeModel) -> str:
    """A composite value, its attributes each read as a column would be; NULL stays NULL."""
    attributes = (read_sql(f"({expr}).{quoted(f.name)}", f.value, in_record=True) for f in composite.fields)
    return f"CASE WHEN {expr} IS DISTINCT FROM NULL THEN ROW({', '.join(attributes)}) END"
