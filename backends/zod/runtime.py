"""The text of _pg.ts: a schema for each wire form that is more than one call of Zod's."""

from typing import Final

HELPERS: Final = r"""
/** `smallint`. */
export const int2 = z.int().min(-32768).max(32767);

/** `bigint` as a decimal string: a JSON number loses it past 2^53. */
export const int8 = z
  .string()
  .regex(/^-?\d{1,19}$/, { abort: true })
  .refine(
    (text) => BigInt.asIntN(64, BigInt(text)) === BigInt(text),
    "Out of range for bigint",
  );

/** `real`, within the range of its largest value as Rust prints it. */
export const float4 = z.number().min(-3.4028235e38).max(3.4028235e38);

const decimal = (integerDigits: number) =>
  `-?(?=\\d)0*\\d{0,${integerDigits}}(\\.\\d+)?`;

/** `numeric(p,s)` as a string; Postgres itself rounds the fraction. */
export const numeric = (integerDigits: number) =>
  z.string().regex(new RegExp(`^${decimal(integerDigits)}$`));

/** `numeric(p,s)` of more digits than a decimal of Rust's holds: NaN, too. */
export const longNumeric = (integerDigits: number) =>
  z.string().regex(new RegExp(`^(${decimal(integerDigits)}|NaN)$`));

/** `numeric` of any length. */
export const anyNumeric = z.string().regex(/^(-?\d+(\.\d+)?|NaN|-?Infinity)$/);

/** `bit varying`. */
export const bits = z.string().regex(/^[01]*$/);

/** `bit(n)`. */
export const bit = (length: number) => bits.length(length);

/** `bit varying(n)`. */
export const varbit = (length: number) => bits.max(length);

/** `vector(n)` or `halfvec(n)`. */
export const vector = (length: number) => z.array(z.number()).length(length);

/** Years past 9999 have a sign, and 0000 is 1 BC. */
const day = "(\\d{4}|[+-]\\d{4,6})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])";
const clock = "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?";

/** Whether the month of a date has that day; leap years come back after 400. */
const dayExists = (text: string) => {
  const [date = ""] = text.split("T");
  const year = 2000 + (Number(date.slice(0, -6)) % 400);
  const [month, day] = [Number(date.slice(-5, -3)), Number(date.slice(-2))];
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
};

const dated = (form: string) =>
  z
    .string()
    .regex(new RegExp(`^${form}$`), { abort: true })
    .refine(dayExists, "No such day");

/** `date`: `2024-01-02`. */
export const date = dated(day);

/** `timestamp`: `2024-01-02T03:04:05.123456`, of no zone. */
export const timestamp = dated(`${day}T${clock}`);

/** `timestamptz`: `2024-01-02T03:04:05.123456Z`. */
export const timestamptz = dated(`${day}T${clock}(Z|[+-]\\d{2}:\\d{2})`);

/** `time`: `03:04:05.123456`, and 24:00 as well. */
export const time = z
  .string()
  .regex(
    /^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?|24:00(:00(\.0{1,6})?)?)$/,
  );

/** `interval`: `P<months>M<days>DT<seconds>S`, each part with a sign of its own. */
export const interval = z.string().regex(/^P-?\d+M-?\d+DT-?\d+(\.\d{1,6})?S$/);

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
};

/** A key that every object inherits: what is inherited does not count. */
export const own = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === "function" ? undefined : value),
    schema,
  );

/** `json` or `jsonb`, kept as it is: `z.json()` would drop a key `__proto__`. */
export const json = z
  .unknown()
  .refine((value) => isJson(value), "Not JSON") as z.ZodType<Json, Json>;
""".strip()
