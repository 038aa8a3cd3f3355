/** Reads every row through a driver and its select schema; then inserts what the insert schemas accept. */

import type { ZodObject, ZodType } from "zod";
import pg from "pg";
import postgres from "postgres";
import { readFileSync } from "node:fs";
import { inspect, isDeepStrictEqual } from "node:util";

import { candidates, type Column } from "./candidates.js";
import { textOf, type Client } from "./texts.js";
import * as schemas from "./zod/index.js";

type Row = Record<string, unknown>;
type Where = { host: string; port: number; user: string; database: string };
type Table = { select: string; insert: string | null; columns: Record<string, Column> };
type Driver = {
  read(text: string): Promise<Row[]>;
  insert(into: string, value: unknown, text: string | null, type: string): Promise<Row[]>;
  close(): Promise<void>;
};

const found = schemas as unknown as Record<string, ZodObject>;
const { client, where, tables, probes, most } = JSON.parse(readFileSync(0, "utf8")) as {
  client: Client;
  where: Where;
  tables: Record<string, Table>;
  probes: Record<string, string>;
  most: number;
};

async function nodePostgres(): Promise<Driver> {
  const connection = new pg.Client(where);
  await connection.connect();
  const query = async (text: string, values: unknown[] = []) => (await connection.query(text, values)).rows;
  return {
    read: query,
    insert: (into, value, text, type) =>
      query(`insert into given.${into} values ($1) ${returning("$2", type)}`, [value, text]),
    close: () => connection.end(),
  };
}

/** By turns through a tagged insert, and as a parameter of a text. */
function postgresJs(): Driver {
  const sql = postgres({ ...where, max: 1, onnotice: () => {} });
  let turn = 0;
  return {
    read: async (text) => [...(await sql.unsafe(text))],
    insert: async (into, value, text, type) =>
      (turn += 1) % 2
        ? [
            ...(await sql`insert into ${sql(`given.${into}`)} ${sql({ c: value as never })}
              ${sql.unsafe(returning(quoted(text), type))}`),
          ]
        : [
            ...(await sql.unsafe(
              `insert into given.${into} values ($1) ${returning("$2", type)}`,
              [value, text] as never[],
            )),
          ],
    close: () => sql.end(),
  };
}

const quoted = (text: string | null) => `'${(text ?? "").replaceAll("'", "''")}'`;

/** Whether what is stored is what a text says, as Postgres compares them. */
const returning = (text: string, type: string) =>
  `returning c::text is not distinct from (${text}::text::${type})::text as same, c::text as stored`;

const show = (value: unknown) => inspect(value, { breakLength: Infinity }).slice(0, 200);
const wrong: unknown[] = [];
let read = 0;
let sent = 0;
const unsent: string[] = [];
const strict: [string, string][] = [];

function checkRow(table: string, schema: ZodType, row: Row): void {
  const parsed = schema.safeParse(row);
  read += 1;
  if (!parsed.success)
    for (const issue of parsed.error.issues)
      wrong.push(["read", table, issue.path.join("."), show(row[String(issue.path[0])]), issue.message]);
  else if (!isDeepStrictEqual(parsed.data, row)) wrong.push(["changed", table, show(row)]);
}

/** What is wrong with a value in the database, if it is there at all. */
async function insert(
  driver: Driver,
  name: string,
  column: Column,
  value: unknown,
): Promise<unknown[] | null> {
  const text = textOf(value, column.base, client, column.dimensions);
  try {
    const [row] = await driver.insert(probes[name]!, value, text, column.type);
    sent += 1;
    return row!["same"] === true ? null : ["stored", name, show(value), text, row!["stored"]];
  } catch (error) {
    return ["refused", name, show(value), (error as Error).message];
  }
}

/** What a value is to JavaScript, an array by its first element. */
function kind(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length === 0 ? "" : kind(value[0])}]`;
  if (value instanceof Date || value instanceof Uint8Array) return value.constructor.name;
  return typeof value;
}

/** Some of many. */
function some<T>(values: T[]): T[] {
  const step = Math.ceil(values.length / most);
  return values.filter((_, i) => i % step === 0);
}

async function checkColumn(
  driver: Driver,
  name: string,
  column: Column,
  accepts: (value: unknown) => boolean,
  offered: unknown[],
): Promise<void> {
  const accepted = offered.filter(accepts);
  const kinds = new Set(accepted.map(kind));
  const refused = offered.filter((value) => !accepts(value) && kinds.has(kind(value)));
  if (accepted.length === 0) unsent.push(name);
  for (const value of some(accepted)) {
    const found = await insert(driver, name, column, value);
    if (found !== null) wrong.push(found);
  }
  for (const value of some(refused))
    if ((await insert(driver, name, column, value)) === null) strict.push([column.base, show(value)]);
}

const driver = client === "pg" ? await nodePostgres() : postgresJs();
for (const [table, { select, insert: inserted, columns }] of Object.entries(tables)) {
  const rows = await driver.read(`select * from app.${table} order by id`);
  for (const row of rows) checkRow(table, found[select]!, row);
  if (inserted === null) continue;
  for (const [key, column] of Object.entries(columns)) {
    const schema = found[inserted]!.shape[key] as ZodType;
    const accepts = (value: unknown) => value !== null && schema.safeParse(value).success;
    const offered = candidates(column, accepts, rows.map((row) => row[key]), client);
    await checkColumn(driver, `${table}.${key}`, column, accepts, offered.filter((value) => value !== null));
  }
}
await driver.close();
console.log(JSON.stringify({ read, sent, unsent, wrong, strict }));
