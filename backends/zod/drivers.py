"""Schemas of what node-postgres and postgres.js hand over and take, and the helpers that they need."""

from typing import Final

from pgkit.backends.values import ScalarValue, Value
from pgkit.backends.zod.expressions import Chain, helper, z
from pgkit.backends.zod.parts import Code, Helper
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Scalar
from pgkit.ir.wire import Wire

_READ: Final = {
    Wire.ANY_MOMENT: "anyDate",
    Wire.FINITE_MOMENT: "anyDate",
    Wire.MOMENT_OR_INFINITY: "dateOrInfinity",
    Wire.PARSED_JSON: "parsedJson",
    Wire.JSON_PARAMETER: "jsonParameter",
    Wire.INTERVAL_OBJECT: "intervalObject",
    Wire.CIRCLE_OBJECT: "circleObject",
}
_GIVEN: Final = {
    **_READ,
    Wire.ANY_MOMENT: "isoDate",
    Wire.FINITE_MOMENT: "sentDate",
    Wire.MOMENT_OR_INFINITY: "sentDateOrInfinity",
    Wire.PARSED_JSON: "untypedJson",
    Wire.INTERVAL_OBJECT: "sentInterval",
}
FORMS: Final = frozenset((*_READ, Wire.NUMERIC, Wire.NUMERIC_NUMBER))


def driver_schema(type: Scalar, form: Wire, *, insert: bool) -> Chain:
    """The schema of a scalar in one of these forms."""
    if form in (Wire.NUMERIC, Wire.NUMERIC_NUMBER):
        return _numeric(type, form, insert)
    zoned = insert and type.row.shape is Shape.INSTANT
    if zoned and form is Wire.MOMENT_OR_INFINITY:
        return helper("sentMomentOrInfinity")
    if zoned and form is Wire.FINITE_MOMENT:
        return helper("sentMoment")
    return helper((_GIVEN if insert else _READ)[form])


def json_element(value: Value, *, insert: bool) -> Chain | None:
    """The schema of JSON in an array, where it is not that of JSON alone."""
    if not isinstance(value, ScalarValue) or value.form is not Wire.PARSED_JSON or value.own.replaces:
        return None
    return helper("jsonElement") if insert else None


def _numeric(type: Scalar, form: Wire, insert: bool) -> Chain:
    if form is Wire.NUMERIC:
        return helper("longNumeric", *_digits(type)) if type.mods else helper("anyNumeric")
    return helper("numericDouble", *_digits(type)) if insert and type.mods else helper("double")


def _digits(type: Scalar) -> tuple[int, int]:
    precision, scale = (*map(int, type.mods), 0)[:2]
    return precision, scale


def _custom(type: str, check: str) -> Chain:
    return z(f"custom<{type}>", Chain(check))


DRIVER_PARTS: Final[tuple[Helper | Code, ...]] = (
    Helper(
        "arrayText",
        'An array as Postgres writes it: `{a,"b c",NULL}`.',
        z("string").then("regex", Chain(r"/^(\[[-\d:\][]+\]=)?\{[^\0\p{Cs}]*\}$/u")),
    ),
    Code("isDate", "const isDate = (value: unknown) => value instanceof Date;"),
    Code(
        "isInfinite",
        "const isInfinite = (value: unknown) =>\n  value === Infinity || value === -Infinity;",
    ),
    Code("DateOrInfinity", "type DateOrInfinity = Date | number;"),
    Helper("anyDate", "A Date: an invalid one for what JavaScript has none for.", _custom("Date", "isDate")),
    Code(
        "isDateOrInfinity",
        "const isDateOrInfinity = (value: unknown) => isDate(value) || isInfinite(value);",
    ),
    Helper(
        "dateOrInfinity",
        "A Date, an invalid one for what JavaScript has none for; or an infinity.",
        _custom("DateOrInfinity", "isDateOrInfinity"),
    ),
    Code(
        "isIsoDate",
        """\
/** Years from 1 to 9999, which toISOString writes as Postgres reads them. */
const isIsoDate = (value: unknown) =>
  value instanceof Date &&
  value.getTime() >= -62135596800000 &&
  value.getTime() < 253402300800000;""",
    ),
    Helper("isoDate", "A Date as postgres.js sends it.", _custom("Date", "isIsoDate")),
    Code(
        "isSentDate",
        """\
/** From the second day that Postgres has, whatever the zone. */
const isSentDate = (value: unknown) =>
  value instanceof Date && value.getTime() >= -210866716800000;""",
    ),
    Code(
        "isSentMoment",
        """\
/** node-postgres cuts off the seconds of a zone: most have some before 1900. */
const isSentMoment = (value: unknown) =>
  value instanceof Date &&
  isSentDate(value) &&
  value.getSeconds() === value.getUTCSeconds();""",
    ),
    Helper("sentDate", "A Date as node-postgres sends it.", _custom("Date", "isSentDate")),
    Code(
        "isSentDateOrInfinity",
        "const isSentDateOrInfinity = (value: unknown) =>\n  isSentDate(value) || isInfinite(value);",
    ),
    Helper(
        "sentDateOrInfinity",
        "A Date as node-postgres sends it; or an infinity.",
        _custom("DateOrInfinity", "isSentDateOrInfinity"),
    ),
    Helper(
        "sentMoment",
        "A Date as node-postgres sends it with its zone.",
        _custom("Date", "isSentMoment"),
    ),
    Code(
        "isSentMomentOrInfinity",
        "const isSentMomentOrInfinity = (value: unknown) =>\n  isSentMoment(value) || isInfinite(value);",
    ),
    Helper(
        "sentMomentOrInfinity",
        "A Date as node-postgres sends it with its zone; or an infinity.",
        _custom("DateOrInfinity", "isSentMomentOrInfinity"),
    ),
    Code(
        "isParsed",
        """\
/** Numbers past a double come as an infinity. */
const isParsed = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null)
    return value === null || /^[bns]/.test(typeof value);
  const kind = Object.prototype.toString.call(value);
  return kind === "[object Object]" || kind === "[object Array]";
};""",
    ),
    Helper("parsedJson", "`json` or `jsonb`, parsed: it is not looked into.", _custom("Json", "isParsed")),
    Code(
        "isIntervalObject",
        """\
const isIntervalObject = (value: unknown): value is PostgresInterval =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as { toPostgres?: unknown }).toPostgres === "function";""",
    ),
    Code(
        "isJsonParameter",
        """\
const isJsonParameter = (value: unknown) => {
  if (value === null || Array.isArray(value)) return false;
  if (isIntervalObject(value)) return false;
  if (typeof value !== "string") return isStorable(value);
  try {
    return isStorable(JSON.parse(value));
  } catch {
    return false;
  }
};""",
    ),
    Helper(
        "jsonParameter",
        "`json` or `jsonb` as node-postgres sends it: a string is JSON text.",
        _custom("JsonParameter", "isJsonParameter"),
    ),
    Code(
        "isBoolean",
        """\
/** Whether postgres.js takes it for a boolean: it looks at the first element. */
const isBoolean = (value: unknown): boolean =>
  Array.isArray(value) ? isBoolean(value[0]) : typeof value === "boolean";""",
    ),
    Code(
        "isUntyped",
        """\
const isUntyped = (value: unknown) =>
  value !== null && isStorable(value) && !isBoolean(value);""",
    ),
    Helper("untypedJson", "`json` or `jsonb` as postgres.js sends it.", _custom("Json", "isUntyped")),
    Code(
        "isJsonElement",
        """\
/** Of an object with a type, postgres.js sends the property `value` alone. */
const isJsonElement = (value: unknown) =>
  isUntyped(value) &&
  !Array.isArray(value) &&
  !(value as { type?: unknown }).type;""",
    ),
    Helper(
        "jsonElement",
        "An element of `json[]` or `jsonb[]` as postgres.js sends it.",
        _custom("Json", "isJsonElement"),
    ),
    Helper(
        "intervalObject",
        "`interval` as node-postgres hands it over.",
        _custom("PostgresInterval", "isIntervalObject"),
    ),
    Code(
        "isSentInterval",
        """\
const isSentInterval = (value: unknown) => {
  if (!isIntervalObject(value)) return false;
  const { years = 0, months = 0, days = 0, hours = 0 } = value;
  const { minutes = 0, seconds = 0, milliseconds = 0 } = value;
  const whole = [years, months, days, hours, minutes, seconds];
  const time = hours * 3600 + minutes * 60 + seconds + milliseconds / 1000;
  return (
    whole.every(Number.isSafeInteger) &&
    Math.abs(years * 12 + months) < 2 ** 31 &&
    days >= -(2 ** 31) &&
    days < 2 ** 31 &&
    Math.abs(time) < 9223372036854
  );
};""",
    ),
    Helper(
        "sentInterval",
        "`interval` as node-postgres sends it.",
        _custom("PostgresInterval", "isSentInterval"),
    ),
    Code("isCircle", 'const isCircle = (value: unknown) => haveNumbers(value, ["x", "y", "radius"]);'),
    Helper(
        "circleObject",
        "A circle as `{ x, y, radius }`.",
        _custom("{ x: number; y: number; radius: number }", "isCircle"),
    ),
    Code(
        "fitsNumeric",
        """\
const fitsNumeric = (precision: number, scale: number) => (value: unknown) =>
  typeof value === "number" &&
  !(
    Math.abs(value) >=
    Number(`1e${precision - scale}`) - Number(`5e${-scale - 1}`)
  );""",
    ),
    Helper(
        "numericDouble",
        "`numeric(p,s)` as a number.",
        _custom("number", "fitsNumeric(precision, scale)"),
        "precision: number, scale: number",
    ),
)
