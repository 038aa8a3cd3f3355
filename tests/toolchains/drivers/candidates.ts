/** What is offered to an insert schema: edges of every type, texts of its type, what was read of it. */

import fc from "fast-check";
import pg from "pg";

import { EDGES, FORMS } from "./forms.js";
import { textOf, type Client } from "./texts.js";

/** A column: its type in SQL, what is at the bottom of it, and how many dimensions it has. */
export type Column = { type: string; base: string; dimensions: number };

const FREE = ["text", "character varying", "character", "bpchar", "citext", "json", "jsonb"];
const interval = pg.types.getTypeParser(1186, "text");
const MOMENTS = [
  ...["2024-01-02T03:04:05.678Z", "2024-03-10T07:30:00Z", "2024-11-03T06:30:00Z", "1800-01-01T00:00:00Z"],
  ...["1883-11-18T17:00:00Z", "0001-01-01T00:00:00Z", "0000-12-31T23:59:59.999Z", "-000043-03-15T00:00:00Z"],
  ...["9999-12-31T23:59:59.999Z", "+010000-01-01T00:00:00Z", "+275760-09-13T00:00:00Z", "nonsense"],
  ...["-004713-11-24T00:00:00Z", "-004713-11-26T12:00:00Z", "-004714-01-01T00:00:00Z", "1900-01-01T12:00:00Z"],
].map((text) => new Date(text));
const INTERVALS = [
  ...["00:00:00", "-1 mons +2 days -00:00:00.000001", "178000000 years", "-178000000 years"],
  ...["-2147483648 days", "2147483647 days 2562047787:00:54.775807", "1 year 2 mons 3 days 04:05:06.7"],
].map(interval);
const OWN = [
  ...[NaN, Infinity, -Infinity, 99999999.99, 99999999.995, -1e28, ...MOMENTS, ...INTERVALS],
  ...[new Uint8Array(), new Uint8Array([0, 255, 92]), Buffer.from("buffer"), { x: 1, y: 2 }],
  ...[{ days: 1 }, "{}", "{a", '{"a": 1}', '"a"', "[1]", [true], [[false]], [null], { type: 1, value: 2 }],
  ...[{ toPostgres: 1 }, { a: "\u0000" }, "1e400", "2024-01-02", "(1,2)", "1 day", [1, "a"], { a: [true] }],
];

/** Elements of which postgres.js takes no array but as text. */
const TYPED: Record<string, unknown[]> = {
  integer: [1, -2],
  boolean: [true, false],
  bytea: [new Uint8Array(), new Uint8Array([0, 255, 92])],
  date: [MOMENTS[0]],
  "timestamp without time zone": [MOMENTS[0]],
  "timestamp with time zone": [MOMENTS[0]],
};

/** Whether any text is accepted, though Postgres takes few: only texts of the type are offered then. */
const isLoose = (accepts: (value: unknown) => boolean, base: string) =>
  accepts("no such thing") && !FREE.includes(base);

function elements(column: Column, accepts: (value: unknown) => boolean): unknown[] {
  const form = FORMS[column.base];
  const texts = form === undefined ? [] : fc.sample(form, { numRuns: 8, seed: 7 });
  return isLoose(accepts, column.base) ? texts : [...texts, ...EDGES, ...OWN];
}

/** What to offer a column; `read` is what the driver has handed over. */
export function candidates(
  column: Column,
  accepts: (value: unknown) => boolean,
  read: unknown[],
  client: Client,
): unknown[] {
  const { base, dimensions } = column;
  if (dimensions === 0) return [...read, ...elements(column, accepts)];
  const nest = (value: unknown, depth: number): unknown =>
    depth === 0 ? value : [nest(value, depth - 1)];
  const acceptsOne = (value: unknown) => accepts(nest(value, dimensions));
  const literal = (value: unknown) => textOf(value, base, client, dimensions);
  const arrays = [[], ...elements(column, acceptsOne).map((value) => nest(value, dimensions))];
  const whole = !accepts("{}") ? [] : TYPED[base] ?? [];
  return [...read, ...arrays, ...whole.map((value) => literal(nest(value, dimensions)))];
}
