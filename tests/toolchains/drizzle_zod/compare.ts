// Asks drizzle-zod, the generated schemas and Postgres about the same values, and prints where they disagree.

import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { getTableColumns, getTableName, is, Table } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import * as theirs from "drizzle-zod";
import pg from "pg";
import type { ZodObject, ZodType } from "zod";

import * as schema from "./schema.ts";
import * as ours from "./zod/drizzle.js";
import { values } from "./values.ts";

interface Answer {
  table: string;
  column: string;
  kind: string;
  value: string;
  theirs: boolean;
  ours: boolean;
  held: boolean;
}

const { url, count } = JSON.parse(readFileSync(0, "utf8")) as { url: string; count: number };
const pool = new pg.Client({ connectionString: url });
await pool.connect();
const db = drizzle(pool);
const answers: Answer[] = [];
const unread: unknown[] = [];
let asked = 0;

/** node-postgres waits for ever once it has failed to make a parameter of a value. */
function isSendable(value: unknown) {
  try {
    return typeof value === "bigint" || value === undefined || JSON.stringify(value) !== undefined;
  } catch {
    return Array.isArray(value);
  }
}

/** Whether Postgres keeps a value that Drizzle sends it, and what is read back. */
async function held(table: any, key: string, value: unknown, sample: unknown) {
  const row: Record<string, unknown> = {};
  for (const name of Object.keys(getTableColumns(table)))
    if (name !== "id" && name !== "mayBeNull" && name !== "isFilledIn") row[name] = sample;
  if (value === undefined) delete row[key];
  else row[key] = value;
  if (!isSendable(value)) return undefined;
  asked++;
  await pool.query("SAVEPOINT s");
  try {
    const [back] = await db.insert(table).values(row).returning();
    return { back: (back as Record<string, unknown>)[key] };
  } catch {
    await pool.query("ROLLBACK TO s");
    return undefined;
  } finally {
    await pool.query("RELEASE s");
  }
}

const accepts = (schema: ZodType | undefined, value: unknown) => schema?.safeParse(value).success ?? false;

async function compare(table: any, key: string, sample: unknown) {
  const kinds = ["Select", "Insert", "Update"] as const;
  const pairs = kinds.map((kind) => {
    const of = (side: any) => (side[`create${kind}Schema`](table) as ZodObject).shape[key] as ZodType | undefined;
    return { kind: kind.toLowerCase(), theirs: of(theirs), ours: of(ours) };
  });
  const asking = key === "isRequired" ? values(count) : [undefined, null, sample];
  for (const value of asking) {
    const said = pairs.map((p) => ({ kind: p.kind, theirs: accepts(p.theirs, value), ours: accepts(p.ours, value) }));
    if (!said.some((s) => s.theirs || s.ours)) continue;
    const kept = await held(table, key, value, sample);
    for (const s of said) {
      const absent = value === undefined && s.kind === "update"; // which changes nothing
      const fine = absent || (kept !== undefined && (value !== undefined || s.kind === "insert"));
      answers.push({ ...s, table: getTableName(table), column: key, value: inspect(value), held: fine });
    }
    if (kept && !accepts(pairs[0]!.ours, kept.back)) unread.push([getTableName(table), key, inspect(kept.back)]);
  }
}

await pool.query("BEGIN");
for (const table of Object.values(schema)) {
  if (!is(table, Table)) continue;
  const sample = schema.samples[getTableName(table)];
  if (sample === undefined) continue;
  for (const key of Object.keys(getTableColumns(table))) if (key !== "id") await compare(table, key, sample);
}
await pool.query("ROLLBACK");
await pool.end();
const different = answers.filter((a) => a.theirs !== a.ours);
const differences = different.map((a) => [a.theirs ? "theirs" : "ours", a.held, a.kind, a.table]);
const refused = different.filter((a) => a.theirs && a.held);
console.log(JSON.stringify({ asked, answers: answers.length, differences, refused, unread }));
