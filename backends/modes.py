"""Column modes: how Drizzle hands values over, which `schema.ts` says and no migration does."""

from typing import Final

from attrs import evolve, frozen

from pgkit.backends.names import pascal
from pgkit.backends.values import (
    ArrayValue,
    CompositeValue,
    EnumModel,
    EnumValue,
    ScalarValue,
    TextValue,
    Value,
    own_of,
)
from pgkit.ir.names import Ref
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, PgType, Scalar
from pgkit.ir.wire import Js, Wire, drizzle

_FITTING: Final[dict[Shape, tuple[Js, ...]]] = {
    Shape.BOOL: ("boolean",),
    Shape.INT: ("number", "bigint", "string"),
    Shape.OID: ("number", "bigint", "string"),
    Shape.FLOAT: ("number",),
    Shape.DECIMAL: ("string", "number", "bigint"),
    Shape.DATE: ("date", "string"),
    Shape.TIMESTAMP: ("date", "string"),
    Shape.INSTANT: ("date", "string"),
    Shape.JSON: ("json",),
    Shape.BYTES: ("buffer",),
    Shape.VECTOR: ("numbers",),
    Shape.TEXTUAL: ("string", "tuple", "object"),
}


@frozen(kw_only=True)
class Mode:
    """A column of `schema.ts`: what its values are in JavaScript, of an array its elements."""

    js: Js = "custom"
    dimensions: int = 0
    values: tuple[str, ...] = ()  # of `text({ enum: [...] })`
    default: bool = False  # whether Drizzle fills it in by a function: $defaultFn, $onUpdate


def fits(type: PgType, mode: Mode) -> bool:
    """Whether a column of this type, its domains seen through, can be of this mode."""
    if mode.js == "custom":
        return True
    if isinstance(type, Array) != (mode.dimensions > 0):
        return False
    element = type.of if isinstance(type, Array) else type
    return not isinstance(element, Scalar) or _fits(element, mode.js)


def _fits(type: Scalar, js: Js) -> bool:
    shape = type.row.shape
    return shape is Shape.UNKNOWN or js in _FITTING.get(shape, ("string",))


def moded(value: Value, type: PgType, mode: Mode) -> Value:
    """The value of a column of this type as Drizzle hands it over in this mode."""
    if mode.js == "custom":
        return TextValue(type, own=own_of(value), form=Wire.ANY)
    match value:
        case ScalarValue(scalar):
            return evolve(value, form=drizzle(scalar.row, mode.js))
        case ArrayValue(of, dims):
            element = type.of if isinstance(type, Array) else type
            return evolve(value, of=moded(of, element, mode), dims=mode.dimensions or dims)
        case EnumValue() | CompositeValue() | TextValue():
            return value


def is_text(value: Value) -> bool:
    """Whether a value is any text, or an array of such."""
    if isinstance(value, ArrayValue):
        return is_text(value.of)
    return isinstance(value, ScalarValue) and value.type.row.shape is Shape.TEXT


def labelled(value: Value, enum: EnumModel) -> Value:
    """The value with these labels in place of any text."""
    if isinstance(value, ArrayValue):
        return evolve(value, of=labelled(value.of, enum))
    own = own_of(value)
    return EnumValue(enum, value.through_domain, own)


def label_enum(column: Ref, stem: str, labels: tuple[str, ...]) -> EnumModel:
    """The enum of a text column whose values `schema.ts` lists."""
    members: list[str] = []
    for label in dict.fromkeys(labels):
        name = pascal(label)
        name = f"V{name}" if name[0].isdigit() else name
        same = sum(member.rstrip("0123456789_") == name for member in members)
        members.append(f"{name}_{same + 1}" if name in members else name)
    return EnumModel(column, stem, tuple(dict.fromkeys(labels)), tuple(members))
