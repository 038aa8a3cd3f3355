"""The TypeScript type of each wire form, and the types in _pg.ts that they mention."""

from typing import Final

from pgkit.ir.wire import Client, Wire

_POINT: Final = "{ x: number; y: number }"
_TYPES: Final = {
    **dict.fromkeys((Wire.INT64, Wire.DECIMAL, Wire.NUMERIC, Wire.STRING, Wire.GUID), "string"),
    **dict.fromkeys((Wire.BASE64, Wire.BITS, Wire.DATE, Wire.TIME, Wire.LOCAL_DATETIME), "string"),
    **dict.fromkeys((Wire.DATETIME, Wire.INTERVAL), "string"),
    **dict.fromkeys(
        (Wire.INTEGER, Wire.NUMBER, Wire.SAFE_INTEGER, Wire.FLOAT, Wire.NUMERIC_NUMBER), "number"
    ),
    **dict.fromkeys((Wire.JSON, Wire.PRINTABLE, Wire.PARSED_JSON), "Json"),
    **dict.fromkeys((Wire.MOMENT, Wire.ANY_MOMENT, Wire.FINITE_MOMENT), "Date"),
    Wire.BOOLEAN: "boolean",
    Wire.BIG_INTEGER: "bigint",
    Wire.NUMBERS: "number[]",
    Wire.BUFFER: "Uint8Array",
    Wire.MOMENT_OR_INFINITY: "Date | number",
    Wire.JSON_PARAMETER: "JsonParameter",
    Wire.INTERVAL_OBJECT: "PostgresInterval",
    Wire.POINT_OBJECT: _POINT,
    Wire.CIRCLE_OBJECT: "{ x: number; y: number; radius: number }",
    Wire.POINT_TUPLE: "[number, number]",
    Wire.LINE_TUPLE: "[number, number, number]",
    Wire.LINE_OBJECT: "{ a: number; b: number; c: number }",
    Wire.ANY: "unknown",
}
SOURCES: Final[dict[Client, str]] = {
    "json": "the JSON that Rust prints",
    "pg": "what node-postgres hands over",
    "postgres": "what postgres.js hands over",
    "drizzle": "what Drizzle hands over",
}
"""What _pg.ts says that it is from."""

_JSON: Final = """\
export interface JsonObject {
  [key: string]: Json;
}

/** What a `json` or `jsonb` column holds. */
export type Json = null | boolean | number | string | Json[] | JsonObject;"""

_PG: Final = """\
/**
 * What node-postgres takes for `json` and `jsonb`. It sends a string as it is: as
 * JSON text. It sends an array as one of Postgres's: give its JSON text instead.
 */
export type JsonParameter = boolean | number | string | JsonObject;

/** What node-postgres makes of an `interval`. */
export interface PostgresInterval {
  years?: number;
  months?: number;
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
  toPostgres(): string;
}"""

NAMES: Final = ("Json", "JsonObject", "JsonParameter", "PostgresInterval")
"""The types that _pg.ts may export."""


def wire_type(form: Wire) -> str:
    """The TypeScript type of a scalar by its wire form."""
    return _TYPES[form]


def pg_types(client: Client) -> list[str]:
    """The types of _pg.ts, as declared."""
    return [_JSON, _PG] if client == "pg" else [_JSON]


def pg_names(client: Client) -> tuple[str, ...]:
    """Their names."""
    return NAMES if client == "pg" else NAMES[:2]
