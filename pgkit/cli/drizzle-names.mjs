// Writes the names and modes that a Drizzle schema gives its columns, which no migration holds, as JSON for
// `pgkit gen --names`. Usage: node drizzle-names.mjs src/schema.ts [more...] [--casing snake_case|camelCase]
// Drizzle's values are known by their symbols, so that any version of drizzle-orm will do, and none is imported.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const VERSION = 1;
const CASINGS = ["snake_case", "camelCase"];
const symbol = (name) => Symbol.for(`drizzle:${name}`);

/** What a value of each kind of column is in JavaScript, where Drizzle's word for it does not say. */
const SPECIAL = {
  PgPointTuple: "tuple",
  PgLine: "tuple",
  PgGeometry: "tuple",
  PgPointObject: "object",
  PgLineABC: "object",
  PgGeometryObject: "object",
  PgVector: "numbers",
  PgHalfVector: "numbers",
  PgJson: "json",
  PgJsonb: "json",
  PgBytea: "buffer",
  PgTimestamp: "date",
  PgDate: "date",
};
const PLAIN = ["number", "bigint", "string", "boolean", "date"];

class Problem extends Error {
  constructor(message, help = "") {
    super(help && `${message}\n  help: ${help}` || message);
  }
}

const words = (text, first) =>
  text.replace(/['\u2019]/g, "").match(first) ?? [];

/** Drizzle's own two ways to tell words apart: with ASCII letters until 0.x, with all letters from 1.0. */
const ASCII = /[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+/g;

function cased(name, casing) {
  const found = words(name, ASCII);
  if (casing === "snake_case") return found.map((w) => w.toLowerCase()).join("_");
  if (casing === "camelCase")
    return found.map((w, i) => (i === 0 ? w.toLowerCase() : w[0].toUpperCase() + w.slice(1))).join("");
  return name;
}

function asked(args) {
  const files = [];
  let casing;
  for (let i = 0; i < args.length; i++) {
    const [flag, given] = args[i].split("=", 2);
    if (flag === "--casing") casing = given ?? args[++i];
    else if (flag.startsWith("-")) throw new Problem(`no option ${flag}`, "there is --casing");
    else files.push(args[i]);
    if (flag === "--casing" && !CASINGS.includes(casing))
      throw new Problem(`expected ${CASINGS.join(" or ")} as --casing, found ${casing ?? "nothing"}`);
  }
  if (!files.length)
    throw new Problem("no schema to read", "node drizzle-names.mjs src/schema.ts > names.json");
  return { files, casing };
}

async function load(file) {
  try {
    return await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    const typed = /\.[cm]?tsx?\b/.test(String(error?.message)) || /\.[cm]?tsx?$/.test(file);
    const unread = ["ERR_UNKNOWN_FILE_EXTENSION", "ERR_MODULE_NOT_FOUND", "ERR_UNSUPPORTED_DIR_IMPORT"];
    const syntax = error?.name === "SyntaxError" || error?.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
    const help =
      typed && (unread.includes(error?.code) || syntax)
        ? "node reads TypeScript from 22.18 on, and imports by their full names; " +
          "else npm install --save-dev tsx, and run node --import tsx drizzle-names.mjs"
        : "";
    throw new Problem(`cannot load ${file}: ${error?.message ?? error}`, help);
  }
}

const isObject = (value) => typeof value === "object" && value !== null;
const isTable = (value) => isObject(value) && symbol("IsDrizzleTable") in value;
const isView = (value) => isObject(value) && isObject(value[symbol("ViewBaseConfig")]);
const isEnum = (value) => typeof value === "function" && value[symbol("isPgEnum")] === true;
const isModule = (value) => isObject(value) && value[Symbol.toStringTag] === "Module";
const isPlain = (value) =>
  isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** Tables, views and enums under their exports' names; what is exported at the top counts before the rest. */
function* exported(holder, depth = 0) {
  for (const name of Object.keys(holder).sort()) {
    const value = holder[name];
    if (isTable(value) || isView(value) || isEnum(value)) yield { name, value, depth };
    else if (isModule(value) && depth < 8) yield* exported(value, depth + 1);
    else if (isPlain(value) && (depth === 0 || name === "default")) yield* exported(value, depth + 8);
  }
}

function kindOf(column) {
  if (column.columnType in SPECIAL) return SPECIAL[column.columnType];
  const [word] = String(column.dataType).split(" ");
  return PLAIN.includes(word) ? word : "custom";
}

/** The column below an array, and its number of dimensions: nested in 0.x, a number from 1.0 on. */
function unwrapped(column) {
  let dimensions = 0;
  for (; column.columnType === "PgArray"; column = column.baseColumn) dimensions++;
  if ("isLengthExact" in column && column.dimensions > 0) dimensions += column.dimensions;
  return { column, dimensions };
}

function described(property, outer) {
  const { column, dimensions } = unwrapped(outer);
  const isOfEnum = column.columnType === "PgEnumColumn" || column.columnType === "PgEnumObjectColumn";
  const values = !isOfEnum && Array.isArray(column.enumValues) ? column.enumValues : [];
  return {
    property,
    js: kindOf(column),
    ...(dimensions && { dimensions }),
    ...(values.length && { values: [...values] }),
    ...((outer.defaultFn || outer.onUpdateFn) && { default: true }),
  };
}

function columnName(property, column, casing) {
  // From 1.0 on, the name is cased already.
  const isKey = column.keyAsName && column.name === property;
  return isKey ? cased(column.name, casing) : column.name;
}

function ofTable(table, casing) {
  const columns = Object.entries(table[symbol("Columns")]);
  return columns.map(([property, c]) => [columnName(property, c, casing), described(property, c)]);
}

/** A view's columns; one that a query computes has the name that the query gives it. */
function ofView(view, casing) {
  const fields = Object.entries(view[symbol("ViewBaseConfig")].selectedFields);
  return fields.flatMap(([property, field]) => {
    if (typeof field?.columnType === "string")
      return [[columnName(property, field, casing), described(property, field)]];
    const alias = field?.fieldAlias;
    return typeof alias === "string" ? [[alias, { property, js: "custom" }]] : [];
  });
}

function relation({ name, value }, casing) {
  const isOfTable = isTable(value);
  const config = isOfTable ? undefined : value[symbol("ViewBaseConfig")];
  const schema = (isOfTable ? value[symbol("Schema")] : config.schema) ?? "public";
  const columns = isOfTable ? ofTable(value, casing) : ofView(value, casing);
  const key = `${schema}.${isOfTable ? value[symbol("Name")] : config.name}`;
  return [key, { export: name, columns: sorted(columns) }];
}

const sorted = (pairs) =>
  Object.fromEntries([...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

/** What is exported, each thing once, under the name that is nearest to the top. */
function unique(found) {
  const best = new Map();
  for (const item of [...found].sort((a, b) => a.depth - b.depth))
    if (!best.has(item.value)) best.set(item.value, item);
  return [...best.values()];
}

function relations(items, casing) {
  const found = new Map();
  for (const item of items) {
    if (isEnum(item.value) || item.value[symbol("IsAlias")] === true) continue;
    const [key, entry] = relation(item, casing);
    const other = found.get(key);
    if (other && JSON.stringify(other.columns) !== JSON.stringify(entry.columns))
      throw new Problem(`${key} is declared twice: as ${other.export} and as ${entry.export}`);
    if (!other) found.set(key, entry);
  }
  return sorted(found);
}

function enums(items) {
  const found = items.filter(({ value }) => isEnum(value));
  return sorted(found.map(({ name, value }) => [`${value.schema ?? "public"}.${value.enumName}`, name]));
}

async function main() {
  const { files, casing } = asked(process.argv.slice(2));
  const found = [];
  for (const file of files) found.push(...exported(await load(file)));
  const items = unique(found);
  const tables = relations(items, casing);
  if (!Object.keys(tables).length)
    throw new Problem(`no table is exported by ${files.join(", ")}`, "name the modules that declare tables");
  const names = { format: "pgkit-drizzle-names", version: VERSION, relations: tables, enums: enums(items) };
  return JSON.stringify(names, null, 2) + "\n";
}

// Pools that the modules may have opened would keep the process alive.
main().then(
  (text) => process.stdout.write(text, () => process.exit(0)),
  (error) => {
    process.stderr.write(`${error instanceof Problem ? `error: ${error.message}` : error.stack}\n`);
    process.exit(1);
  },
);
