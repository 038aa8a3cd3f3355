/** Prints rows that the insert schemas accept: a line each, the name of its table, a tab, and the JSON. */

import fc from "fast-check";
import type { ZodType } from "zod";
import { readFileSync } from "node:fs";

import { valuesOf, type Hint } from "./values.js";
import * as schemas from "./zod/index.js";

type Table = { schema: string; hints: Hint; count: number; key: string };

const found = schemas as unknown as Record<string, ZodType>;
const { seed, tables } = JSON.parse(readFileSync(0, "utf8")) as {
  seed: number;
  tables: Record<string, Table>;
};

/** A row of a key that no other has, where its type can count. */
function numbered(schema: ZodType, row: object, key: string, id: number): object {
  const rows = [id, String(id)].map((value) => ({ ...row, [key]: value }));
  return rows.find((row) => schema.safeParse(row).success) ?? row;
}

for (const [table, { schema: name, hints, count, key }] of Object.entries(tables)) {
  const schema = found[name]!;
  const rows = fc.sample(valuesOf(schema, hints), { numRuns: count, seed });
  rows.forEach((row, id) => {
    const line = numbered(schema, row as object, key, id);
    schema.parse(line);
    console.log(`${table}\t${JSON.stringify(line)}`);
  });
}
