"""What _pg.ts may hold: a schema for each form that is more than one call of Zod's, and what it needs."""

from typing import Final

from pgkit.backends.zod.drivers import DRIVER_PARTS
from pgkit.backends.zod.expressions import Chain, called, z
from pgkit.backends.zod.parts import Code, Helper
from pgkit.backends.zod.predicates import PREDICATES


def _string(form: str, *options: str) -> Chain:
    return z("string").then("regex", Chain(form), *map(Chain, options))


def _custom(type: str, check: str) -> Chain:
    return z(f"custom<{type}>", Chain(check))


_ABC: Final = "{ a: number; b: number; c: number }"


def _decimal(form: str, check: str) -> Chain:
    fits = Chain(f"{check}(precision, scale)")
    return _string(form, _ABORT).then("refine", fits, Chain('"Out of range for numeric"'))


_ABORT: Final = "{ abort: true }"
_DIGITS: Final = "precision: number, scale: number"
_LENGTH: Final = "length: number"

ALL: Final[tuple[Helper | Code, ...]] = (
    Helper("int2", "`smallint`.", z("int").then("min", Chain("-32768")).then("max", Chain("32767"))),
    Code(
        "isInt8",
        "const isInt8 = (text: string) =>\n  BigInt.asIntN(64, BigInt(text)) === BigInt(text);",
    ),
    Helper(
        "int8",
        "`bigint` as a decimal string: a JSON number loses it past 2^53.",
        _string(r"/^-?\d{1,19}$/", _ABORT).then(
            "refine", Chain("isInt8"), Chain('"Out of range for bigint"')
        ),
    ),
    Helper(
        "float4",
        "`real`, within the range of its largest value as Rust prints it.",
        z("number").then("min", Chain("-3.4028235e38")).then("max", Chain("3.4028235e38")),
    ),
    Helper(
        "float2",
        "An element of `halfvec`: what rounds to 65504 at most.",
        z("number").then("min", Chain("-65519.99")).then("max", Chain("65519.99")),
    ),
    Code(
        "isNumeric",
        """\
/** Whether it has no more digits once it is rounded, which Postgres does itself. */
const isNumeric = (precision: number, scale: number) => (text: string) => {
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const end = whole.length + scale;
  if (text === "NaN" || end < 0) return true;
  const digits = (whole + fraction).padEnd(end + 1, "0");
  const rounded =
    BigInt(digits.slice(0, end)) + BigInt(digits.charAt(end) >= "5");
  return rounded < BigInt(10) ** BigInt(precision);
};""",
    ),
    Code(
        "isDecimal",
        """\
/** Whether it also has no more than the 28 digits that any decimal of Rust's holds. */
const isDecimal = (precision: number, scale: number) => (text: string) =>
  text.replace(/^-?0*|\\./g, "").length <= 28 &&
  isNumeric(precision, scale)(text);""",
    ),
    Code("decimalForm", r"const decimalForm = /^-?\d+(\.\d+)?$/;"),
    Helper(
        "numeric",
        "`numeric(p,s)` as a string.",
        _decimal("decimalForm", "isDecimal"),
        _DIGITS,
    ),
    Code("longDecimalForm", r"const longDecimalForm = /^(-?\d+(\.\d+)?|NaN)$/;"),
    Helper(
        "longNumeric",
        "`numeric(p,s)` of more digits than a decimal of Rust's holds: NaN, too.",
        _decimal("longDecimalForm", "isNumeric"),
        _DIGITS,
    ),
    Helper("anyNumeric", "`numeric` of any length.", _string(r"/^(-?\d+(\.\d+)?|NaN|-?Infinity)$/")),
    Helper("bits", "`bit varying`.", _string("/^[01]*$/")),
    Helper("bit", "`bit(n)`.", Chain("bits").then("length", Chain("length")), _LENGTH),
    Helper("varbit", "`bit varying(n)`.", Chain("bits").then("max", Chain("length")), _LENGTH),
    Helper(
        "vector",
        "`vector(n)`.",
        z("array", Chain("float4")).then("length", Chain("length")),
        _LENGTH,
    ),
    Helper(
        "halfvec",
        "`halfvec(n)`.",
        z("array", Chain("float2")).then("length", Chain("length")),
        _LENGTH,
    ),
    Code(
        "day",
        "/** Years past 9999 have a sign, and 0000 is 1 BC. */\n"
        r'const day = "(\\d{4}|[+-]\\d{4,6})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])";',
    ),
    Code("clock", r'const clock = "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?";'),
    Code(
        "isMoment",
        """\
/** Whether there is such a day, from the first that Postgres has to the last of Rust's. */
const isMoment = (text: string) => {
  const [date = "", rest = ""] = text.split("T");
  const day = Number(date.slice(-2));
  const moment = new Date(0);
  moment.setUTCFullYear(
    Number(date.slice(0, -6)),
    Number(date.slice(-5, -3)) - 1,
    day,
  );
  if (moment.getUTCDate() !== day) return false;
  const [hours = 0, minutes = 0, seconds = 0] = rest
    .slice(0, 8)
    .split(":")
    .map(Number);
  const [, sign, ahead, and] = /([+-])(..):(..)$/.exec(rest) ?? [];
  const zone =
    Number(`${sign ?? ""}1`) * (Number(ahead ?? 0) * 60 + Number(and ?? 0));
  moment.setUTCHours(hours, minutes - zone, seconds);
  return (
    moment.getTime() >= -210866803200000 && moment.getTime() < 8210266876800000
  );
};""",
    ),
    Helper(
        "dated",
        "",
        _string("new RegExp(`^${form}$`)", _ABORT).then(
            "refine", Chain("isMoment"), Chain('"No such moment"')
        ),
        "form: string",
        exported=False,
    ),
    Helper("date", "`date`: `2024-01-02`.", called("dated", Chain("day"))),
    Helper(
        "timestamp",
        "`timestamp`: `2024-01-02T03:04:05.123456`, of no zone.",
        called("dated", Chain("`${day}T${clock}`")),
    ),
    Helper(
        "timestamptz",
        "`timestamptz`: `2024-01-02T03:04:05.123456Z`.",
        called("dated", Chain(r"`${day}T${clock}(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)`")),
    ),
    Helper(
        "time",
        "`time`: `03:04:05.123456`, and 24:00 as well.",
        _string(r"/^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?|24:00(:00(\.0{1,6})?)?)$/"),
    ),
    Code(
        "isInterval",
        """\
/** What Postgres takes for infinity. */
const endless = [
  "2147483647,2147483647,9223372036854775807",
  "-2147483648,-2147483648,-9223372036854775808",
];

/** Whether months and days have 32 bits, and microseconds 64. */
const isInterval = (text: string) => {
  const [months = "", days = "", seconds = ""] = text
    .slice(1, -1)
    .split(/M|DT/);
  const [whole = "", fraction = ""] = seconds.split(".");
  const parts = [months, days, whole + fraction.padEnd(6, "0")].map(BigInt);
  const fits = (part: bigint, i: number) =>
    BigInt.asIntN(i < 2 ? 32 : 64, part) === part;
  return parts.every(fits) && !endless.includes(String(parts));
};""",
    ),
    Helper(
        "interval",
        "`interval`: `P<months>M<days>DT<seconds>S`, each part with a sign of its own.",
        _string(r"/^P-?\d+M-?\d+DT-?\d+(\.\d{1,6})?S$/", _ABORT).then(
            "refine", Chain("isInterval"), Chain('"Out of range for interval"')
        ),
    ),
    Helper(
        "text",
        "Text as Postgres stores it: no U+0000, no half of a surrogate pair.",
        _string(r"/^[^\0\p{Cs}]*$/u"),
    ),
    Code(
        "isJson",
        """\
const isJson = (value: unknown, within = new Set<unknown>()): boolean => {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value !== "object" || value === null) return value === null;
  const kind = Object.prototype.toString.call(value);
  if (kind !== "[object Object]" && !Array.isArray(value)) return false;
  if (within.has(value)) return false;
  within.add(value);
  const all = Object.values(value).every((inner) => isJson(inner, within));
  within.delete(value);
  return all;
};""",
    ),
    Code(
        "ownValue",
        'const ownValue = (value: unknown) =>\n  typeof value === "function" ? undefined : value;',
    ),
    Helper(
        "own",
        "A key that every object inherits: what is inherited does not count.",
        z("preprocess", Chain("ownValue"), Chain("schema")),
        "schema: T",
        generics="T",
    ),
    Helper(
        "typed",
        "A schema of values whose type is known better than it says.",
        Chain("schema"),
        "schema: z.core.$ZodType",
        cast=True,
    ),
    Helper(
        "json",
        "`json` or `jsonb`, kept as it is: `z.json()` would drop a key `__proto__`.",
        z("custom<Json>", Chain("(value) => isJson(value)"), Chain('"Not JSON"')),
    ),
    Code(
        "isStorable",
        """\
const isText = (text: string) => /^[^\\0\\p{Cs}]*$/u.test(text);

const isAllText = (value: unknown, depth: number): boolean => {
  if (typeof value === "string") return isText(value);
  if (typeof value !== "object" || value === null) return true;
  if (depth === 120) return false;
  return Object.entries(value).every(
    ([key, inner]) => isText(key) && isAllText(inner, depth + 1),
  );
};

/** Whether Postgres stores it, and it is no deeper than Rust reads it. */
const isStorable = (value: unknown) => isJson(value) && isAllText(value, 0);""",
    ),
    Helper("storedJson", "`json` or `jsonb` to be stored.", _custom("Json", "isStorable")),
    Helper(
        "bigInt64",
        "`bigint` as a bigint of JavaScript's.",
        z("bigint").then("min", Chain("-9223372036854775808n")).then("max", Chain("9223372036854775807n")),
    ),
    Code("isNumber", 'const isNumber = (value: unknown) => typeof value === "number";'),
    Helper("double", "`double precision`: NaN and the infinities, too.", _custom("number", "isNumber")),
    Code(
        "isReal",
        """\
const isReal = (value: number) => {
  const near = Math.fround(value);
  const isSame = Number.isFinite(near) === Number.isFinite(value);
  return isSame && (near === 0) === (value === 0);
};""",
    ),
    Helper(
        "real",
        "`real`: NaN and the infinities, too.",
        Chain("double").then("refine", Chain("isReal"), Chain('"Out of range for real"')),
    ),
    Code(
        "areNumbers",
        """\
const areNumbers = (value: unknown, length: number) =>
  Array.isArray(value) && value.length === length && value.every(isNumber);""",
    ),
    Code(
        "haveNumbers",
        """\
const haveNumbers = (value: unknown, keys: string[]) =>
  typeof value === "object" &&
  value !== null &&
  keys.every((key) => isNumber((value as Record<string, unknown>)[key]));""",
    ),
    Code("isPair", "const isPair = (value: unknown) => areNumbers(value, 2);"),
    Helper("pointTuple", "A point as `[x, y]`.", _custom("[number, number]", "isPair")),
    Code("isTriple", "const isTriple = (value: unknown) => areNumbers(value, 3);"),
    Helper("lineTuple", "A line as `[a, b, c]`.", _custom("[number, number, number]", "isTriple")),
    Code("isXY", 'const isXY = (value: unknown) => haveNumbers(value, ["x", "y"]);'),
    Helper("pointObject", "A point as `{ x, y }`.", _custom("{ x: number; y: number }", "isXY")),
    Code("isABC", 'const isABC = (value: unknown) => haveNumbers(value, ["a", "b", "c"]);'),
    Helper("lineObject", "A line as `{ a, b, c }`.", _custom(_ABC, "isABC")),
    Code(
        "isPrintable",
        """\
const isPrintable = (value: unknown) => {
  if (typeof value === "number") return Number.isFinite(value);
  const kind = Object.prototype.toString.call(value);
  if (/^.object (?!Object|Array|Null|String|Boolean)/.test(kind)) return false;
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
};""",
    ),
    Helper(
        "printableOrNull",
        "`json` or `jsonb`: what JSON.stringify takes.",
        _custom("Json", "isPrintable"),
    ),
    Code(
        "isStored",
        "const isStored = (value: unknown) => value !== null && isPrintable(value);",
    ),
    Helper(
        "printable",
        "The same to be stored, where null would be NULL.",
        _custom("Json", "isStored"),
    ),
    *DRIVER_PARTS,
    *PREDICATES,
)

BY_NAME: Final = {part.name: part for part in ALL}
HELPERS: Final = frozenset(part.name for part in ALL if part.exported)
"""What _pg.ts may export."""
