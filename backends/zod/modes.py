"""Schemas of what Drizzle hands over by a column's mode: Dates, bigints, tuples."""

from typing import Final

from pgkit.backends.zod.expressions import Chain, helper, z
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Scalar
from pgkit.ir.wire import Wire

_HELPERS: Final = {
    Wire.POINT_TUPLE: "pointTuple",
    Wire.POINT_OBJECT: "pointObject",
    Wire.LINE_TUPLE: "lineTuple",
    Wire.LINE_OBJECT: "lineObject",
}


def mode_schema(type: Scalar, form: Wire, *, insert: bool) -> Chain:
    """The schema of a scalar in one of these forms."""
    match form:
        case Wire.SAFE_INTEGER:
            return z("int")
        case Wire.BIG_INTEGER:
            return helper("bigInt64") if type.row.shape is Shape.INT else z("bigint")
        case Wire.FLOAT:
            return helper("real" if type.row.shape is Shape.FLOAT and type.row.bits == 32 else "double")
        case Wire.MOMENT:
            return z("date")
        case Wire.BUFFER:
            return z("instanceof", Chain("Uint8Array"))
        case Wire.PRINTABLE:
            # Drizzle sends null as NULL, whatever the type; but a json null is what a select may find.
            return helper("printable" if insert else "printableOrNull")
        case Wire.ANY:
            return z("unknown")
        case _:
            return helper(_HELPERS[form])
