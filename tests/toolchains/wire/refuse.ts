/**
 * Prints rows that the insert schemas refuse for one value each: the table, the key of that value and the JSON
 * of the row, with tabs between.
 */

import fc from "fast-check";
import type { ZodType } from "zod";
import { readFileSync } from "node:fs";

import { EDGES } from "./forms.js";
import { defOf, drawable, valuesOf, type Hint } from "./values.js";
import * as schemas from "./zod/index.js";

type Row = Record<string, unknown>;
type Table = { schema: string; hints: Record<string, Hint>; count: number; key: string };

const found = schemas as unknown as Record<string, ZodType>;
const { seed, tables } = JSON.parse(readFileSync(0, "utf8")) as {
  seed: number;
  tables: Record<string, Table>;
};
const CHARACTERS = [..."0 9-+.eTZ:{}[](),\"'\\a\u00e9\u0000\ud800"];
const JUNK = [
  ...["1e5", ".5", "1 ", " 1", "1\n", "\u0661", "0x10", "1_000", "infinity", "now", "P1Y", "PT1S", "\u0000"],
  ...["ab          ", "2024-1-2", "2024-02-30", "23:59:60", "2024-01-02T03:04:05.1234567"],
  ...["2024-01-02T03:04:05.1234567Z", [1], [[]], [[1], [1, 2]], 1e40, -1e40, -1, 0.5, true, {}],
];

/** Values that are nearly one that is accepted. */
const spoiled = (drawn: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(drawn, fc.nat(), fc.constantFrom("", ...CHARACTERS), fc.boolean())
    .map(([value, at, character, instead]) => {
      if (typeof value === "number") return [value + 0.5, value * 1e10, String(value), [value]][at % 4];
      if (Array.isArray(value)) return [[...value, null], [value], value[0], "{}"][at % 4];
      if (typeof value !== "string") return [JSON.stringify(value), [value], 0, {}][at % 4];
      const place = at % (value.length + 1);
      return value.slice(0, place) + character + value.slice(place + Number(instead));
    });

/** What is refused at a place where the other values are accepted. */
function refused(schema: ZodType, hint: Hint, count: number): unknown[] {
  const near = drawable(schema) ? spoiled(valuesOf(schema, hint)) : fc.string();
  const spoil = fc.sample(near, { numRuns: count, seed });
  const edges = fc.sample(fc.shuffledSubarray([...EDGES], { minLength: EDGES.length }), { numRuns: 1, seed });
  const mixed = JUNK.flatMap((value, i) => [value, spoil[i]]);
  const texts = [...mixed, ...spoil, ...edges.flat()].map((value) => JSON.stringify(value) ?? "null");
  const values = [...new Set(texts)].map((text): unknown => JSON.parse(text));
  return values.filter((value) => !schema.safeParse(value).success).slice(0, count);
}

let id = 0;
for (const [table, { schema: name, hints, count, key: own }] of Object.entries(tables)) {
  const schema = found[name]!;
  const [good] = fc.sample(valuesOf(schema, hints), { numRuns: 1, seed }) as Row[];
  const shape = Object.entries(defOf(schema).shape!);
  const say = (key: string, row: Row) =>
    console.log(`${table}\t${key}\t${JSON.stringify({ ...row, [own]: (id += 1) })}`);
  const needed = Object.fromEntries(
    shape.filter(([, of]) => of._zod.optin !== "optional").map(([key]) => [key, good![key]]),
  );
  for (const [key, of] of shape) {
    if (key === own) continue;
    for (const value of refused(of, hints[key]!, count)) say(key, { ...needed, [key]: value });
    if (key in needed) {
      const { [key]: _, ...rest } = needed;
      say(`-${key}`, rest);
      if (!of.safeParse(null).success) say(`null ${key}`, { ...rest, [key]: null });
    }
  }
  say("+", { ...needed, "no such column": 1 });
}
