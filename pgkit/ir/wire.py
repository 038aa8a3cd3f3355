"""The wire form of each type: what generated Rust prints as JSON, and what JavaScript's clients hand over.

The one table from which serde attributes, TypeScript types and Zod schemas are derived.
"""

from enum import Enum
from typing import Final, Literal

from pgkit.ir.scalars import ScalarRow, Shape

Client = Literal["json", "pg", "postgres", "drizzle"]
"""Where JavaScript has a row from: Rust's JSON, node-postgres, postgres.js, or Drizzle on top of them."""

JsonType = Literal["boolean", "number", "string", "array", "any"]


class Wire(Enum):
    """A form that keeps every value of a type."""

    BOOLEAN = "boolean"
    INTEGER = "integer"  # a JSON number that a double holds exactly
    INT64 = "int64"  # a decimal string: JSON numbers lose it past 2^53
    NUMBER = "number"  # a finite JSON number
    DECIMAL = "decimal"  # a string: digits; NaN or Infinity unless fits_decimal
    STRING = "string"
    GUID = "guid"  # lower-case hex, 8-4-4-4-12
    BASE64 = "base64"  # padded
    DATE = "date"  # 2024-01-02, +12345-01-02, -0043-01-02
    TIME = "time"  # 03:04:05.123456
    LOCAL_DATETIME = "local-datetime"  # 2024-01-02T03:04:05.123456
    DATETIME = "datetime"  # RFC 3339 in UTC
    INTERVAL = "interval"  # P<months>M<days>DT<seconds>S, each part signed
    JSON = "json"
    BITS = "bits"  # a string of 0 and 1
    NUMBERS = "numbers"  # an array of finite numbers


_WIRE: Final = {
    Shape.BOOL: Wire.BOOLEAN,
    Shape.INT: Wire.INTEGER,
    Shape.OID: Wire.INTEGER,
    Shape.FLOAT: Wire.NUMBER,
    Shape.DECIMAL: Wire.DECIMAL,
    Shape.TEXT: Wire.STRING,
    Shape.BYTES: Wire.BASE64,
    Shape.UUID: Wire.GUID,
    Shape.DATE: Wire.DATE,
    Shape.TIME: Wire.TIME,
    Shape.TIMESTAMP: Wire.LOCAL_DATETIME,
    Shape.INSTANT: Wire.DATETIME,
    Shape.INTERVAL: Wire.INTERVAL,
    Shape.JSON: Wire.JSON,
    Shape.BITS: Wire.BITS,
    Shape.VECTOR: Wire.NUMBERS,
    Shape.TEXTUAL: Wire.STRING,
    Shape.UNKNOWN: Wire.STRING,
}


_JSON_TYPES: Final[dict[Wire, JsonType]] = {
    Wire.BOOLEAN: "boolean",
    Wire.INTEGER: "number",
    Wire.NUMBER: "number",
    Wire.NUMBERS: "array",
    Wire.JSON: "any",
}


def wire(row: ScalarRow, client: Client = "json") -> Wire:
    """The form of a scalar type as a client has it."""
    return Wire.INT64 if row.shape is Shape.INT and row.bits == 64 else _WIRE[row.shape]


def json_type(form: Wire) -> JsonType:
    """The JSON type of a form that Rust prints; what is not told apart here is a string."""
    return _JSON_TYPES.get(form, "string")


MOST_DIGITS: Final = 28
"""What any decimal of 96 bits can hold, wherever its point is."""


def fits_decimal(mods: tuple[str, ...]) -> bool:
    """Whether a numeric of these modifiers is read as a decimal, and so is never NaN."""
    if len(mods) != 2:
        return False
    precision, scale = map(int, mods)
    return max(precision, scale, precision - scale) <= MOST_DIGITS
