/** What a schema does not tell: texts of the types of which it takes any text, and values at edges. */

import fc from "fast-check";

type Texts = fc.Arbitrary<string>;

const matching = (pattern: RegExp) => fc.stringMatching(pattern);
const joined = (separator: string, ...parts: Texts[]) =>
  fc.tuple(...parts).map((found) => found.join(separator));
const listed = (of: Texts, separator: string, minLength = 0) =>
  fc.array(of, { minLength, maxLength: 4 }).map((found) => found.join(separator));

export const base64: Texts = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("base64"));

export const document: fc.Arbitrary<unknown> = fc.jsonValue({ stringUnit: "binary" });

const int4 = fc.integer({ min: -2147483648, max: 2147483646 });
const int8 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 2n });
const uint32 = fc.integer({ min: 0, max: 4294967295 }).map(String);
const decimal = matching(/^-?\d{1,20}(\.\d{1,9})?$/);
const double = fc.oneof(
  fc.double().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toExponential()),
);
const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(String);
const point = fc.tuple(double, double).map(([x, y]) => `(${x},${y})`);
const place = fc.tuple(finite, finite).map(([x, y]) => `(${x},${y})`);
const word = matching(/^[a-z][a-z0-9]{0,5}$/);
const name = matching(/^[A-Za-z0-9_]{1,9}$/);
const hex = (digits: number) => matching(new RegExp(`^[0-9a-f]{${digits}}$`));

const day = fc.tuple(
  fc.integer({ min: 1, max: 9999 }),
  fc.integer({ min: 1, max: 12 }),
  fc.integer({ min: 1, max: 28 }),
);
const two = (part: number) => String(part).padStart(2, "0");
const ordinal = (parts: number[]) => parts[0]! * 10000 + parts[1]! * 100 + parts[2]!;
const dateText = ([y, m, d]: number[]) => `${String(y).padStart(4, "0")}-${two(m!)}-${two(d!)}`;

/** A range between two bounds in order, or without one, or empty. */
function range<T>(
  bound: fc.Arbitrary<T>,
  text: (value: T) => string,
  order: (value: T) => number | bigint,
): Texts {
  const bounds = fc.tuple(bound, bound).map((two) => {
    const [low, high] = two.sort((a, b) => (order(a) < order(b) ? -1 : 1));
    return `${text(low)},${text(high)}`;
  });
  const open = fc.oneof(
    bound.map((value) => `${text(value)},`),
    bound.map((value) => `,${text(value)}`),
    fc.constant(","),
  );
  const both = fc.oneof({ weight: 3, arbitrary: bounds }, open);
  return fc.oneof(
    { weight: 9, arbitrary: both.map((inner) => `[${inner})`) },
    { weight: 3, arbitrary: both.map((inner) => `(${inner}]`) },
    fc.constant("empty"),
  );
}

const ranges: Record<string, Texts> = {
  int4: range(int4, String, (value) => value),
  int8: range(int8, String, (value) => value),
  num: range(decimal, (value) => value, Number),
  date: range(day, dateText, ordinal),
  ts: range(day, (value) => `"${dateText(value)} 03:04:05.5"`, ordinal),
  tstz: range(day, (value) => `"${dateText(value)} 03:04:05+02"`, ordinal),
};

const ipv4 = fc.ipV4();
const ip = fc.oneof(ipv4, fc.ipV6());
const address = fc.oneof(
  ip,
  joined("/", ipv4, fc.integer({ min: 0, max: 32 }).map(String)),
  joined("/", fc.ipV6(), fc.integer({ min: 0, max: 128 }).map(String)),
);
const network = fc.oneof(
  joined("/", ip),
  fc.integer({ min: 0, max: 255 }).map((byte) => `${byte}.0.0.0/8`),
  fc.constantFrom("::/0", "fe80::/10", "0.0.0.0/0", "10.1/16"),
);
const snapshot = fc
  .uniqueArray(fc.integer({ min: 1, max: 1e9 }), { minLength: 2, maxLength: 6 })
  .map((found) => found.sort((a, b) => a - b))
  .map((found) => `${found[0]}:${found.at(-1)! + 1}:${found.slice(0, -1).join(",")}`);
const lexeme = fc
  .string({ minLength: 1, unit: "binary" })
  .filter((text) => !/[\0\p{Cs}]/u.test(text))
  .map((text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`);
const position = matching(/^[1-9]\d{0,3}[ABCD]?$/);
const quoted = fc
  .string({ unit: "binary" })
  .filter((text) => !/[\0\p{Cs}]/u.test(text))
  .map((text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`);

/** The last digit of a thirteen-digit article number, which is computed from the others. */
const checked = (digits: string) => {
  const sum = [...digits].reduce((n, digit, i) => n + Number(digit) * (i % 2 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
};
const article = (prefix: string, digits: number) =>
  matching(new RegExp(`^${prefix}\\d{${digits}}$`)).map(checked);

/** By type; of all others the schema tells what is in them. */
export const FORMS: Record<string, Texts> = {
  '"char"': fc.constantFrom("", ..."aZ09 ~\\"),
  ...Object.fromEntries(
    Object.entries(ranges).flatMap(([base, of]) => [
      [`${base}range`, of],
      [`${base}multirange`, listed(of, ",").map((text) => `{${text}}`)],
    ]),
  ),
  inet: address,
  cidr: network,
  macaddr: fc.oneof(hex(12), joined(":", ...Array(6).fill(hex(2))), joined("-", hex(6), hex(6))),
  macaddr8: fc.oneof(hex(16), joined(":", ...Array(8).fill(hex(2)))),
  point,
  lseg: fc.tuple(point, point).map(([a, b]) => `[${a},${b}]`),
  box: fc.tuple(point, point).map(([a, b]) => `${a},${b}`),
  line: fc.tuple(finite, finite).map(([a, b]) => `{${a},1,${b}}`),
  path: fc.oneof(
    listed(point, ",", 1).map((text) => `[${text}]`),
    listed(point, ",", 1).map((text) => `(${text})`),
  ),
  polygon: listed(place, ",", 1).map((text) => `(${text})`),
  circle: fc.tuple(place, fc.nat()).map(([at, radius]) => `<${at},${radius}>`),
  money: matching(/^-?\d{1,16}(\.\d{1,4})?$/),
  "time with time zone": matching(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?[+-](0\d|1[0-5]):[0-5]\d$/),
  jsonpath: fc.tuple(quoted, fc.integer()).map(([key, n]) => `$.${key}[*]?(@ > ${n})`),
  tsvector: listed(
    fc.oneof(
      lexeme,
      fc.tuple(lexeme, position).map(([of, at]) => `${of}:${at}`),
    ),
    " ",
  ),
  tsquery: fc.tuple(lexeme, lexeme, lexeme).map(([a, b, c]) => `${a} & !(${b} | ${c}:*)`),
  pg_lsn: fc.tuple(hex(8), matching(/^[0-9A-F]{1,8}$/)).map((both) => both.join("/")),
  refcursor: name,
  aclitem: fc.subarray([..."arwdDxtXUCTc"]).map((rights) => `pg_monitor=${rights.join("")}/pg_read_all_data`),
  txid_snapshot: snapshot,
  pg_snapshot: snapshot,
  xid: uint32,
  xid8: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  cid: uint32,
  tid: fc.tuple(uint32, fc.integer({ min: 0, max: 65535 })).map(([a, b]) => `(${a},${b})`),
  int2vector: listed(fc.integer({ min: -32768, max: 32767 }).map(String), " "),
  oidvector: listed(uint32, " "),
  regclass: fc.constantFrom("pg_class", "pg_catalog.pg_type"),
  regcollation: fc.constantFrom('"C"', '"POSIX"', "-"),
  regconfig: fc.constantFrom("simple", "english", "-"),
  regdictionary: fc.constantFrom("simple", "english_stem", "-"),
  regnamespace: fc.constantFrom("pg_catalog", "public", "app", "-"),
  regoper: fc.constantFrom("||/", "|/", "0"),
  regoperator: fc.constantFrom("+(integer,integer)", "=(text,text)", "0"),
  regproc: fc.constantFrom("pg_backend_pid", "-"),
  regprocedure: fc.constantFrom("pg_backend_pid()", "abs(integer)", "-"),
  regrole: fc.constantFrom("pg_monitor", "pg_read_all_data", "-"),
  regtype: fc.constantFrom("integer", "int4[]", "double precision", "-"),
  sparsevec: fc
    .uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 4 })
    .map((found) => `{${found.map((i) => `${i}:${i * 1.5}`).join(",")}}/5`),
  float_range: range(fc.double({ noNaN: true }), String, (value) => value),
  float_multirange: listed(
    range(fc.double({ noNaN: true }), String, (value) => value),
    ",",
  ).map((text) => `{${text}}`),
  small: fc.tuple(int4, quoted).map(([id, note]) => `(${id},${note})`),
  scores: listed(int4.map(String), ",").map((text) => `{${text}}`),
  hstore: listed(
    fc.tuple(quoted, fc.oneof(quoted, fc.constant("NULL"))).map((two) => two.join("=>")),
    ", ",
  ),
  ltree: listed(name, "."),
  lquery: listed(fc.oneof(name, fc.constantFrom("*", "*{1,2}", "!a", "a|b@*")), ".", 1),
  ltxtquery: joined(" & ", name, name),
  cube: fc.tuple(finite, finite, finite, finite).map(([a, b, c, d]) => `(${a}, ${b}),(${c}, ${d})`),
  seg: fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `${Math.min(a, b)} .. ${Math.max(a, b) + 1}`),
  isbn: article("978", 9),
  ismn: article("9790", 8),
  issn: matching(/^977\d{7}00$/).map(checked),
  isbn13: article("978", 9),
  ismn13: article("9790", 8),
  issn13: matching(/^977\d{7}00$/).map(checked),
  ean13: article("[1-8]", 11),
  upc: article("0", 11),
};

/**
 * What lies at the edge of some type, each offered to every schema. No interval or moment is so close to its
 * end that the modifier of a type, which schemas do not know, would round it out of range.
 */
export const EDGES: readonly unknown[] = [
  ...[0, -0, 1, -1, 0.1, 1.5, 1e21, 1e300, 5e-324, 1e-45, 3.4028235e38, 3.4028234663852886e38],
  ...[1.7976931348623157e308, 32767, -32768, 65504, 2147483647, -2147483648, 4294967295],
  ...[2 ** 53, 2 ** 63, -(2 ** 63), 2 ** 64, 123456789012345680000],
  ...["", " ", "0", "-0", "00", "-0.00", "1e5", ".5", "1.", "NaN", "Infinity", "-Infinity"],
  ...["9223372036854775807", "-9223372036854775808", "9".repeat(28), "0." + "9".repeat(28)],
  ...["0." + "0".repeat(40) + "1", "9".repeat(40) + "." + "9".repeat(40), "99999999.994"],
  ...["99999999.995", "-99999999.995", "9999949", "99999.5", "0.009994", "0.009996"],
  ...["null", "NULL", "true", "{}", "[]", "\\x00", "a\\b", "'", '"', "a\u0000b", "\ud800", "e\u0301"],
  ...["\u{1f600}", "\u{1f600}".repeat(17), "ab   ", "ab          ", "\u202e", "\uffff", "x".repeat(64)],
  ...["0000-01-01", "0000-02-29", "-4712-01-01", "-4713-12-31", "-4713-11-24", "-4712-01-01T00:00:00"],
  ...["+262142-12-31", "+262143-01-01", "+294276-12-31", "+10000-01-01", "9999-12-31", "+2024-01-01"],
  ...["+0000-01-01", "-0000-01-01", "-0001-01-01", "0000-01-01T00:00:00.999999", "-00001-01-01"],
  ...["+262142-12-31T23:59:58.999999", "+262142-12-31T23:59:59.9999999", "2024-01-02T03:04:05.1234567"],
  ...["-4713-12-31T00:00:00Z", "-4712-01-01T00:00:00+15:59", "+262142-12-31T23:59:58.999999Z"],
  ...["2024-01-02T03:04:05+23:59", "2024-01-02T03:04:05-23:59", "2024-01-02T03:04:05+24:00"],
  ...["2024-01-02T03:04:05+99:99", "2024-01-02T03:04:60Z", "2024-01-02T03:04:05.999999999Z"],
  ...["2024-01-02T03:04:05-00:00", "1900-02-28T00:00:00.000000001Z", "+262142-12-31T23:59:59.9999999Z"],
  ...["24:00:00", "24:00", "23:59:59.999999", "03:04", "23:59:60", "00:00:00.000001"],
  ...["P0M0DT0S", "P-0M-0DT-0S", "P2147483647M2147483647DT9223372036854.775S"],
  ...["P-2147483648M-2147483648DT-9223372036854.775S", "P2147483648M0DT0S", "P0M2147483648DT0S"],
  ...["P0M0DT9223372036854.775808S", "P0M0DT-0.5S", "P00001M0DT00.1S", "P0M0DT999999999999999S"],
  ...["ffffffff-ffff-ffff-ffff-ffffffffffff", "FFFFFFFF-0000-0000-0000-000000000000"],
  ...["", "AA==", "AB==", "AAB=", "AAA=", "////", "101", "1", "1".repeat(70)],
  ...[true, false, null, [], {}, [null], { "": 0 }, { ["__proto__"]: 1 }, { toJSON: 1 }, "\u0000"],
  ...[{ "\u0000": 1 }, ["\u0000"], ["\ud800"], [1e300, -0, 2 ** 64], nested(100), nested(200)],
];

function nested(depth: number): unknown {
  return depth === 0 ? [] : [nested(depth - 1)];
}
