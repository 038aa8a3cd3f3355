"""How a value is written: the SQL that takes a parameter of it, and the expression that binds it.

    write_sql("$3", value)          =>  $3::text::"app"."mood"
    bind("&self.mood", value)       =>  super::rt::Text::text(&self.mood)

A parameter stands in its SQL once, so that it can be pushed to a statement that is being built. No cast
carries a length: the column's own is applied on assignment, where what is too long is an error, not cut off.
"""

from functools import lru_cache
from typing import assert_never

from pgkit.backends.rust.types import json_form, leaf
from pgkit.backends.values import ArrayValue, CompositeValue, EnumValue, ScalarValue, TextValue, Value, own_of
from pgkit.ir.names import Ref
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.sql import quoted

_TEXT = "text"


@lru_cache(maxsize=4096)
def write_sql(param: str, value: Value) -> str:
    """What stands for a value in a statement, given its parameter; right to assign and to compare with."""
    own = own_of(value)
    if own.write_sql is not None:
        return own.write_sql.replace("{}", param)
    casts = () if _is_typed_array(value) else _casts(value)
    if not isinstance(value, ArrayValue):
        return param + "".join(f"::{c}" for c in casts)
    if not is_text(value):
        return param + "".join(f"::{c}[]" for c in casts)
    # text[] comes first: arrays of some types have another delimiter than the comma
    steps = casts or (type_name(value.of),)
    return f"{param}::text" + "".join(f"::{c}[]" for c in steps)


def bind(reference: str, value: Value) -> str:
    """What to bind for a reference to a value, or to an `Option` of one: itself, or its text."""
    function = _bound_by(value)
    return f"{function}({reference})" if function else reference


@lru_cache(maxsize=4096)
def _bound_by(value: Value) -> str:
    """The function that makes of a reference to a value what is bound; none if that is the reference."""
    if _is_typed_array(value):
        return f"super::rt::json_text::<{json_form(value, bool(own_of(value).nullable))}>"
    if leaf(value).reader == "json":
        return "super::rt::to_json_or_null" if own_of(value).nullable else "super::rt::to_json"
    return "super::rt::Text::text" if is_text(value) else ""


@lru_cache(maxsize=4096)
def is_text(value: Value) -> bool:
    """Whether a value is bound as its text, an `Option<String>` in Rust."""
    match value:
        case ArrayValue(of, dims):
            return dims > 1 or is_text(of) or _is_typed_array(value)
        case _ if value.own.rust is not None:
            return leaf(value).crate == "rust_decimal"  # sqlx loses the scale of zero
        case EnumValue() | CompositeValue():
            return True  # sqlx would ask the server for the type's number
        case ScalarValue(type):
            return type.row.shape is Shape.VECTOR or _is_json_text(type)
        case TextValue():
            return False
        case _:
            assert_never(value)


def _is_typed_array(value: Value) -> bool:
    """Whether a value is an array of JSON in a type of the project's."""
    return isinstance(value, ArrayValue) and leaf(value).reader == "json"


def type_name(value: Value) -> str:
    """The type below a value's domains and arrays as SQL, without modifiers."""
    match value:
        case ScalarValue(type, _, schema):
            return _scalar_name(type, schema)
        case EnumValue(enum):
            return _path(enum.ref)
        case CompositeValue(composite):
            return _path(composite.ref)
        case TextValue(type):
            return _named(type)
        case ArrayValue(of):
            return type_name(of)
        case _:
            assert_never(value)


@lru_cache(maxsize=4096)
def _casts(value: Value) -> tuple[str, ...]:
    """The casts from what is bound to the type, those of one element for an array."""
    match value:
        case ArrayValue(of):
            return _casts(of)
        case ScalarValue(type) if leaf(value).reader == "json":
            return ("jsonb", "json") if _is_json_text(type) else ("jsonb",)
        case _ if leaf(value).reader == "own":
            return ()
        case ScalarValue(Scalar("money")):
            return _TEXT, "numeric", "money"  # its own text depends on lc_monetary
        case ScalarValue(type) if type.row.shape is Shape.OID:
            return "int8", "oid"
        case ScalarValue(Scalar("character" | "bpchar", schema="")):
            return ("bpchar",)  # as text, the blanks at its end would count
        case ScalarValue(type) if not _goes_as_text(value):
            return ()
        case _:
            return _TEXT, type_name(value)


def _goes_as_text(value: ScalarValue) -> bool:
    """Whether the type is one that only its text is bound of."""
    is_string = leaf(value).rust == "String" and value.type.row.shape is not Shape.TEXT
    return is_string or is_text(value)


def _is_json_text(type: Scalar) -> bool:
    # jsonb would put its keys in another order, and refuses U+0000, which json holds
    return type.name == "json" and not type.schema


def _scalar_name(type: Scalar, schema: str) -> str:
    row = type.row
    if row.shape is Shape.UNKNOWN:
        return f"{quoted(type.schema)}.{quoted(type.name)}" if type.schema else quoted(type.name)
    if row.shape is Shape.BITS:
        return "varbit"  # a bare `bit` is one bit long
    if row.extension:
        return f"{quoted(schema)}.{quoted(type.name)}" if schema else quoted(type.name)
    return "bpchar" if row.name == "character" else row.spelling


def _named(type: PgType) -> str:
    match type:
        case Named(ref):
            return f"{quoted(ref.schema)}.{quoted(ref.member or ref.name)}"
        case Array(of, dims):
            return _named(of) + "[]" * dims
        case Scalar():
            return _scalar_name(type, "")
        case _:
            assert_never(type)


def _path(ref: Ref) -> str:
    return f"{quoted(ref.schema)}.{quoted(ref.name)}"
