"""The Zod schema of each value: accepts all that Rust prints for it, and on insert no more than fits."""

from collections.abc import Iterable, Iterator
from typing import Final, Literal, assert_never

from pgkit.backends.typescript.files import lower_first
from pgkit.backends.typescript.interfaces import Needed, innermost, type_name
from pgkit.backends.values import (
    ArrayValue,
    CompositeModel,
    CompositeValue,
    EnumModel,
    EnumValue,
    Field,
    ScalarValue,
    TextValue,
    Value,
)
from pgkit.backends.zod.expressions import Chain, helper, z
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Scalar
from pgkit.ir.wire import Wire, fits_decimal

_MOMENTS: Final = {Wire.LOCAL_DATETIME: "timestamp", Wire.DATETIME: "timestamptz"}
HELPERS: Final = frozenset(
    (
        *("int2", "int8", "float4", "numeric", "longNumeric", "anyNumeric", "json", "own"),
        *("bit", "varbit", "bits", "vector", "date", "time", "timestamp", "timestamptz", "interval"),
    )
)
"""What _pg.ts exports."""


def schema_name(model: EnumModel | CompositeModel) -> str:
    """The name of an enum's or a composite's schema."""
    return f"{lower_first(type_name(model))}Schema"


def value_schema(value: Value, *, insert: bool = False) -> Chain:
    """The schema of a value that is not null."""
    match value:
        case ScalarValue(type, form=form):
            return _scalar(type, form, insert)
        case EnumValue(enum):
            return Chain(schema_name(enum))
        case ArrayValue(of, dims):
            schema = value_schema(of, insert=insert)
            for _ in range(dims):
                schema = z("array", schema)
            return schema
        case CompositeValue(composite):
            return Chain(schema_name(composite))
        case TextValue():
            return z("string")
        case _:
            assert_never(value)


def needed_schemas(chains: Iterable[Chain], fields: Iterable[Field]) -> Iterator[Needed]:
    """The schemas and helpers of other files that `chains`, the schemas of `fields`, are made of."""
    for chain in chains:
        for root in _roots(chain):
            if root in HELPERS:
                yield Needed(root, "_pg")
    for field in fields:
        match innermost(field.value):
            case EnumValue(enum):
                yield Needed(schema_name(enum), "enums")
            case CompositeValue(composite):
                yield Needed(schema_name(composite), "composites")
            case _:
                pass


def _roots(chain: Chain) -> Iterator[str]:
    yield chain.root
    for call in chain.calls:
        if call.arg is not None:
            yield from _roots(call.arg)


def _scalar(type: Scalar, form: Wire, insert: bool) -> Chain:
    match form:
        case Wire.BOOLEAN | Wire.GUID | Wire.BASE64:
            return z(form.value)
        case Wire.INTEGER | Wire.INT64 | Wire.NUMBER | Wire.DECIMAL:
            return _number(type, form)
        case Wire.NUMBERS:
            return helper("vector", int(type.mods[0])) if type.mods else z("array", z("number"))
        case Wire.STRING:
            return _string(type, insert)
        case Wire.BITS:
            return _bits(type)
        case Wire.DATE | Wire.TIME | Wire.LOCAL_DATETIME | Wire.DATETIME | Wire.INTERVAL | Wire.JSON:
            return helper(_MOMENTS.get(form, form.value))
        case _:
            assert_never(form)


def _number(type: Scalar, form: Literal[Wire.INTEGER, Wire.INT64, Wire.NUMBER, Wire.DECIMAL]) -> Chain:
    match form:
        case Wire.INT64:
            return helper("int8")
        case Wire.INTEGER if type.row.shape is Shape.OID:
            return z("uint32")
        case Wire.INTEGER:
            return z("int32") if type.row.bits == 32 else helper("int2")
        case Wire.NUMBER:
            return z("number") if type.row.bits == 64 else helper("float4")
        case Wire.DECIMAL:
            return _decimal(type.mods)
        case _:
            assert_never(form)


def _decimal(mods: tuple[str, ...]) -> Chain:
    if not mods:
        return helper("anyNumeric")
    precision, scale = (*map(int, mods), 0)[:2]
    return helper("numeric" if fits_decimal(mods) else "longNumeric", max(precision - scale, 0))


def _string(type: Scalar, insert: bool) -> Chain:
    padded = type.row.name == "character"  # Postgres pads what it gives back
    if type.mods and (type.row.name == "character varying" or (padded and insert)):
        return z("string").then("max", Chain(type.mods[0]))
    return z("string")


def _bits(type: Scalar) -> Chain:
    if not type.mods:
        return helper("bits")
    return helper("bit" if type.row.name == "bit" else "varbit", int(type.mods[0]))
