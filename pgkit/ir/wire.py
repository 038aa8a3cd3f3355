"""The wire form of each type: what generated Rust prints as JSON, and what JavaScript's clients hand over.

The one table from which serde attributes, TypeScript types and Zod schemas are derived.
"""

from enum import Enum
from typing import Final, Literal

from pgkit.ir.scalars import ScalarRow, Shape

Client = Literal["json", "pg", "postgres", "drizzle"]
"""Where JavaScript has a row from: Rust's JSON, node-postgres, postgres.js, or Drizzle on top of them."""

DRIVERS: Final = ("pg", "postgres")

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
    SAFE_INTEGER = "safe-integer"  # a number of JavaScript's up to 2^53, of a type that goes further
    BIG_INTEGER = "big-integer"  # a bigint of JavaScript's
    FLOAT = "float"  # a number of JavaScript's: NaN and the infinities, too
    MOMENT = "moment"  # a Date of JavaScript's
    BUFFER = "buffer"  # a Uint8Array, as Node's Buffer is one
    POINT_TUPLE = "point-tuple"  # [x, y]
    POINT_OBJECT = "point-object"  # {x, y}
    LINE_TUPLE = "line-tuple"  # [a, b, c]
    LINE_OBJECT = "line-object"  # {a, b, c}
    PRINTABLE = "printable"  # what JSON.stringify makes JSON of
    ANY = "any"  # whatever a type of the project's own makes of it
    NUMERIC = "numeric"  # a string: digits or NaN; the infinities where there is no precision
    NUMERIC_NUMBER = "numeric-number"  # the double next to it
    ANY_MOMENT = "any-moment"  # a Date, and an invalid one for what JavaScript has none for
    MOMENT_OR_INFINITY = "moment-or-infinity"  # the same, or the number Infinity or -Infinity
    PARSED_JSON = "parsed-json"  # what JSON.parse makes of it
    JSON_PARAMETER = "json-parameter"  # JSON that is no array; a string is JSON text
    INTERVAL_OBJECT = "interval-object"  # {months, days, hours, ...} and a method toPostgres
    CIRCLE_OBJECT = "circle-object"  # {x, y, radius}
    FINITE_MOMENT = "finite-moment"  # a Date of node-postgres, where the project says it is never infinite


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


Js = Literal[
    "number", "bigint", "string", "boolean", "date", "json", "tuple", "object", "numbers", "buffer", "custom"
]
"""What a column of Drizzle's is in JavaScript, by its kind and its mode."""

_UNSAID: Final[dict[Shape, Js]] = {
    Shape.BOOL: "boolean",
    Shape.INT: "number",
    Shape.OID: "number",
    Shape.FLOAT: "number",
    Shape.TIMESTAMP: "date",
    Shape.INSTANT: "date",
    Shape.JSON: "json",
    Shape.BYTES: "buffer",
    Shape.VECTOR: "numbers",
}
_OF_JS: Final[dict[Js, Wire]] = {
    "number": Wire.FLOAT,
    "bigint": Wire.BIG_INTEGER,
    "string": Wire.STRING,
    "boolean": Wire.BOOLEAN,
    "date": Wire.MOMENT,
    "json": Wire.PRINTABLE,
    "tuple": Wire.POINT_TUPLE,
    "object": Wire.POINT_OBJECT,
    "numbers": Wire.NUMBERS,
    "buffer": Wire.BUFFER,
    "custom": Wire.ANY,
}
_DRIZZLE: Final[dict[tuple[Shape, Js], Wire]] = {
    (Shape.INT, "number"): Wire.INTEGER,
    (Shape.OID, "number"): Wire.INTEGER,
    (Shape.UUID, "string"): Wire.GUID,
    (Shape.BITS, "string"): Wire.BITS,
}
_GEOMETRIC: Final = ("point", "line", "geometry")


def drizzle(row: ScalarRow, js: Js) -> Wire:
    """The form of a scalar type in a column of Drizzle's."""
    if row.name == "line" and js in ("tuple", "object"):
        return Wire.LINE_TUPLE if js == "tuple" else Wire.LINE_OBJECT
    if row.shape is Shape.INT and row.bits == 64 and js == "number":
        return Wire.SAFE_INTEGER
    return _DRIZZLE.get((row.shape, js), _OF_JS[js])


def _unsaid(row: ScalarRow) -> Js:
    """What Drizzle makes of a type where nobody says in which mode."""
    return "tuple" if row.name in _GEOMETRIC else _UNSAID.get(row.shape, "string")


# Measured with pg 8.16 (pg-types 2.2) and postgres 3.4.9, with no parsers of the project's own.
_DRIVER: Final = {
    Shape.FLOAT: Wire.FLOAT,
    Shape.DECIMAL: Wire.NUMERIC,
    Shape.BYTES: Wire.BUFFER,
    Shape.JSON: Wire.PARSED_JSON,
    Shape.VECTOR: Wire.STRING,
}
_MOMENTS: Final = (Shape.DATE, Shape.TIMESTAMP, Shape.INSTANT)
_CLIENTS: Final[dict[Client, dict[Shape, Wire]]] = {
    "json": {},
    "pg": {
        **_DRIVER,
        **dict.fromkeys(_MOMENTS, Wire.MOMENT_OR_INFINITY),
        Shape.INTERVAL: Wire.INTERVAL_OBJECT,
    },
    "postgres": {**_DRIVER, **dict.fromkeys(_MOMENTS, Wire.ANY_MOMENT), Shape.INTERVAL: Wire.STRING},
}
_NAMED: Final[dict[tuple[Client, str], Wire]] = {
    ("pg", "point"): Wire.POINT_OBJECT,
    ("pg", "circle"): Wire.CIRCLE_OBJECT,
}
_PG_ARRAYS: Final = frozenset(
    (
        *("boolean", "smallint", "integer", "bigint", "oid", "real", "double precision", "numeric", "money"),
        *("text", "character varying", "character", "bpchar", "uuid", "bytea", "json", "jsonb", "regproc"),
        *("date", "timestamp without time zone", "timestamp with time zone", "interval"),
        *("time without time zone", "time with time zone", "inet", "cidr", "macaddr", "point", "numrange"),
    )
)
"""The types whose arrays node-postgres takes apart; any other array is text."""


def element_form(row: ScalarRow, client: Client) -> Wire | None:
    """The form of a scalar type as an element of an array; None where the client has the array as text."""
    if client == "pg" and row.name not in _PG_ARRAYS:
        return None
    if client == "pg" and row.shape is Shape.DECIMAL:
        return Wire.NUMERIC_NUMBER
    return wire(row, client)


_SENT: Final[dict[Client, dict[Wire, Wire]]] = {
    "pg": {
        Wire.POINT_OBJECT: Wire.STRING,
        Wire.CIRCLE_OBJECT: Wire.STRING,
        Wire.PARSED_JSON: Wire.JSON_PARAMETER,
    },
}
_SEPARATED: Final = ("box", "geometry", "geography", "box2d", "box3d")  # by other than commas
_TYPED: Final = (Wire.BOOLEAN, Wire.BUFFER, Wire.ANY_MOMENT)


def sent(form: Wire, client: Client) -> Wire:
    """The form in which a client takes as a parameter what it hands over in this one."""
    return _SENT.get(client, {}).get(form, form)


def sent_as_text(row: ScalarRow, form: Wire, client: Client) -> bool:
    """Whether a client takes arrays of this only as text.

    postgres.js takes an array for a single value of its first element's type, where it knows that type.
    node-postgres puts commas between elements, whatever their type.
    """
    return form in _TYPED if client == "postgres" else row.name in _SEPARATED


def wire(row: ScalarRow, client: Client = "json") -> Wire:
    """The form of a scalar type as a client has it."""
    if client == "drizzle":
        return drizzle(row, _unsaid(row))
    if form := _NAMED.get((client, row.name)) or _CLIENTS[client].get(row.shape):
        return form
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
