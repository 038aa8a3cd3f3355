/** Reads rows as Rust has printed them; says of each that its select schema does not hand on as it was. */

import type { ZodType } from "zod";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import * as schemas from "./zod/index.js";

const found = schemas as unknown as Record<string, ZodType>;
const { names, printed } = JSON.parse(readFileSync(0, "utf8")) as {
  names: Record<string, string>;
  printed: string;
};
let count = 0;
const wrong: unknown[] = [];
for (const line of printed.split("\n").filter(Boolean)) {
  const { table, row } = JSON.parse(line);
  const parsed = found[names[table]!]!.safeParse(row);
  count += 1;
  if (!parsed.success) wrong.push([table, row, parsed.error.issues]);
  else if (!isDeepStrictEqual(parsed.data, row)) wrong.push([table, row, "changed"]);
}
console.log(JSON.stringify({ count, wrong }));
