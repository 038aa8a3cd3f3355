"""The functions of _pg.ts that say whether a value passes a check, each as Postgres would say it.

None throws, and each passes what is no such value at all: the schema before it has refused that already.
"""

from typing import Final

from pgkit.backends.zod.parts import Code

_PRIVATE: Final = {
    "Op": 'type Op = "<" | "<=" | ">" | ">=" | "=" | "<>";',
    "Test": "type Test<T> = (value: T) => boolean;",
    "isAs": """\
/** Whether an order, below 0 or above it or 0, is as `op` wants it. */
const isAs = (op: Op, order: number) =>
  (order < 0 && op.startsWith("<")) ||
  (order > 0 && op.endsWith(">")) ||
  (order > 0 && op === ">=") ||
  (order === 0 && op.endsWith("="));""",
    "orderOf": """\
/** NaN is above all others. */
const orderOf = (value: number | bigint, bound: number | bigint) =>
  value < bound ? -1 : value > bound || Number.isNaN(value) ? 1 : 0;""",
    "scaled": """\
/** A decimal as a number of units of 10^-scale, rounded as Postgres does. */
const scaled = (text: string, scale: number) => {
  const [, sign, whole, rest = ""] = /^(-?)(\\d*)\\.?(\\d*)$/.exec(text) ?? [];
  const digits = `${whole}${rest.slice(0, scale).padEnd(scale, "0")}`;
  const up = rest.charAt(scale) >= "5" ? 1n : 0n;
  return (sign === "-" ? -1n : 1n) * (BigInt(digits) + up);
};""",
    "scaleOf": """\
const scaleOf = (text: string) => text.split(".")[1]?.length ?? 0;""",
    "isDigits": """\
const isDigits = (text: string) => /^-?(\\d+\\.?\\d*|\\.\\d+)$/.test(text);""",
}

_PUBLIC: Final = {
    "numberIs": """\
const numberIs =
  (op: Op, bound: number | bigint): Test<number | bigint> =>
  (value) =>
    isAs(op, orderOf(value, bound));""",
    "realIs": """\
/** A `real` is compared as what is stored of it. */
const realIs =
  (op: Op, bound: number): Test<number> =>
  (value) =>
    isAs(op, orderOf(Math.fround(value), bound));""",
    "int8Is": """\
const int8Is =
  (op: Op, bound: bigint): Test<string> =>
  (text) =>
    !/^-?\\d+$/.test(text) || isAs(op, orderOf(BigInt(text), bound));""",
    "numericIs": """\
/** A `numeric(p,scale)` is rounded before it is compared. */
const numericIs =
  (op: Op, bound: string, scale?: number): Test<string> =>
  (text) => {
    if (!isDigits(text)) return isAs(op, text.startsWith("-") ? -1 : 1);
    const own = scale ?? scaleOf(text);
    const common = Math.max(own, scaleOf(bound));
    const value = scaled(text, own) * 10n ** BigInt(common - own);
    return isAs(op, orderOf(value, scaled(bound, common)));
  };""",
    "lengthIs": """\
/** Of a text, how many code points it has. */
const lengthIs =
  (op: Op, length: number): Test<string | readonly unknown[]> =>
  (value) =>
    isAs(op, [...value].length - length);""",
    "isOneOf": """\
const isOneOf =
  (...values: readonly string[]): Test<string> =>
  (value) =>
    values.includes(value);""",
    "isNoneOf": """\
const isNoneOf =
  (...values: readonly string[]): Test<string> =>
  (value) =>
    !values.includes(value);""",
    "matches": """\
const matches =
  (regex: RegExp): Test<string> =>
  (text) =>
    regex.test(text);""",
    "matchesNot": """\
const matchesNot =
  (regex: RegExp): Test<string> =>
  (text) =>
    !regex.test(text);""",
    "unpadded": """\
/** What a test says without the spaces that pad a `char(n)`. */
const unpadded =
  (test: Test<string>): Test<string> =>
  (text) =>
    test(text.replace(/ +$/, ""));""",
    "trimmed": """\
/** What a test says without the spaces at both ends. */
const trimmed =
  (test: Test<string>): Test<string> =>
  (text) =>
    test(text.replace(/^ +| +$/g, ""));""",
    "emptyOr": """\
const emptyOr =
  (test: Test<readonly unknown[]>): Test<readonly unknown[]> =>
  (items) =>
    items.length === 0 || test(items);""",
    "anyOf": """\
const anyOf =
  <T>(...tests: readonly Test<T>[]): Test<T> =>
  (value) =>
    tests.some((test) => test(value));""",
    "allOf": """\
const allOf =
  <T>(...tests: readonly Test<T>[]): Test<T> =>
  (value) =>
    tests.every((test) => test(value));""",
}

PREDICATES: Final = (
    *(Code(name, text) for name, text in _PRIVATE.items()),
    *(Code(name, text, exported=True) for name, text in _PUBLIC.items()),
)
