"""What a value of each Postgres type is in Python, and the SQL by which every client passes it on alike.

Types that all clients know are passed as they are; of the others, Postgres's own text goes over the wire.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from attrs import evolve, frozen

from pgkit.ir.names import Ref
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, PgType, Scalar
from pgkit.ir.walk import Declared
from pgkit.sql.statements import Form, base, oid_form, text_form, typed_form

Objects = Mapping[Ref, Declared]


@frozen
class Codec:
    """How a type's values go to a client and come back: `says` is what it takes, None aside."""

    form: Form
    says: str
    takes: Callable[[Any], bool]
    dump: Callable[[Any], Any]
    load: Callable[[Any], Any]
    dims: int | None = 0  # how deep a list is an array's; None: as deep as it goes


def codec(type: PgType, objects: Objects) -> Codec:
    """The codec of a column's type; domains are seen through."""
    under = base(type, objects)
    if not isinstance(under, Array):
        return _single(under, objects)
    of = _single(under.of, objects)
    form = _plain_form(under.of)(type, objects)
    # A list may be one such value itself; other values never are, so that any depth will do
    dims = under.dims if _shape(under.of) in (Shape.JSON, Shape.VECTOR) else None
    return evolve(of, form=form, says=f"a list of {of.says}", dims=dims)


def to_sql(codec: Codec, value: object) -> object:
    """The value as it is bound. Raises ValueError where the type takes no such value."""
    return _dumped(codec, value, codec.dims)


def from_sql(codec: Codec, value: Any) -> Any:
    """The value as the caller has it."""
    if value is None:
        return None
    return [from_sql(codec, item) for item in value] if isinstance(value, list) else codec.load(value)


def _dumped(codec: Codec, value: object, dims: int | None) -> object:
    if value is None:
        return None
    if isinstance(value, list | tuple) and dims != 0:
        return [_dumped(codec, item, None if dims is None else dims - 1) for item in value]
    if dims or not codec.takes(value):
        raise ValueError(f"expected {codec.says}")
    return codec.dump(value)


def _single(type: PgType, objects: Objects) -> Codec:
    if _shape(type) in _NATIVE:
        return _native(type, objects)
    form = text_form(type, objects)
    if type == Scalar('"char"'):
        return Codec(form, "a str of one byte", _is_byte, str, str)
    match _shape(type):
        case Shape.JSON:
            return Codec(form, "what JSON can hold", _is_json, _json, json.loads)
        case Shape.VECTOR:
            return Codec(form, "a list of numbers", _are_numbers, _json, json.loads)
        case Shape.INTERVAL:
            return Codec(form, "a timedelta or a str", _is(str, timedelta), _interval, str)
        case _:
            return Codec(form, "a str", _is(str), str, str)


def _shape(type: PgType) -> Shape:
    return type.row.shape if isinstance(type, Scalar) else Shape.UNKNOWN


def _is(*types: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, types)


def _is_byte(value: Any) -> bool:
    """A longer one would be cut in silence; what is not ASCII has three octal digits."""
    return isinstance(value, str) and re.fullmatch(r"(?s)|[\0-\x7f]|\\[0-7]{3}", value) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_numbers(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(map(_is_number, value))


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_decimal(value: Any) -> bool:
    return isinstance(value, Decimal) or _is_int(value)


def _is_local(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is None


def _is_instant(value: Any) -> bool:
    return isinstance(value, datetime) and value.utcoffset() is not None


def _is_json(value: Any) -> bool:
    try:
        _json(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False)


def _interval(value: str | timedelta) -> str:
    if isinstance(value, str):
        return value
    return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"


def _same(value: Any) -> Any:
    return value


_NATIVE: Final[Mapping[Shape, tuple[str, Callable[[Any], bool], Callable[[Any], Any]]]] = {
    Shape.BOOL: ("a bool", _is(bool), bool),
    Shape.INT: ("an int", _is_int, int),
    Shape.OID: ("an int", _is_int, int),
    Shape.FLOAT: ("a float", _is_number, float),
    Shape.DECIMAL: ("a Decimal", _is_decimal, Decimal),
    Shape.TEXT: ("a str", _is(str), str),
    Shape.BYTES: ("bytes", _is(bytes, bytearray, memoryview), bytes),
    Shape.UUID: ("a UUID", _is(UUID), _same),
    Shape.DATE: ("a date", lambda v: isinstance(v, date) and not isinstance(v, datetime), _same),
    Shape.TIME: ("a time without a zone", lambda v: isinstance(v, time) and v.tzinfo is None, _same),
    Shape.TIMESTAMP: ("a datetime without a zone", _is_local, _same),
    Shape.INSTANT: ("a datetime with a zone", _is_instant, _same),
}


def _plain_form(type: PgType) -> Callable[[PgType, Objects], Form]:
    """What every client knows has its own type; they differ in what they make of varchar and its like."""
    shape = _shape(type)
    if shape is Shape.OID:
        return oid_form
    return typed_form if shape in _NATIVE and shape is not Shape.TEXT else text_form


def _native(type: PgType, objects: Objects) -> Codec:
    says, takes, convert = _NATIVE[_shape(type)]
    return Codec(_plain_form(type)(type, objects), says, takes, convert, convert)
