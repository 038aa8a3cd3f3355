// Every column builder of drizzle-orm/pg-core in every mode: a table each, with the column as it may be declared.

import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  bit,
  boolean,
  char,
  cidr,
  customType,
  date,
  doublePrecision,
  halfvec,
  inet,
  integer,
  interval,
  json,
  jsonb,
  line,
  macaddr,
  macaddr8,
  numeric,
  pgEnum,
  pgSchema,
  pgTable,
  pgView,
  type PgColumnBuilderBase,
  point,
  real,
  serial,
  smallint,
  smallserial,
  sparsevec,
  text,
  time,
  timestamp,
  uuid,
  varchar,
  vector,
} from "drizzle-orm/pg-core";

const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

export const moodEnum = pgEnum("mood", ["sad", "in review", "2nd"]);

/** A value that each table's columns hold, by the table's name. */
export const samples: Record<string, unknown> = {};

/** A default of the table's type. */
function literal(sample: unknown) {
  if (sample instanceof Date) return sql.raw(`'${sample.toISOString()}'`);
  if (Buffer.isBuffer(sample)) return sql.raw(String.raw`'\x01'`);
  return sql.raw(`'${sample}'`);
}

const id = () => integer("row_id").primaryKey().generatedAlwaysAsIdentity();

function columns<B extends PgColumnBuilderBase>(
  name: string,
  make: (column: string) => B,
  sample: unknown,
  text = sample,
) {
  const any = make as unknown as (column: string) => any;
  samples[name] = sample;
  return pgTable(name, {
    id: id(),
    isRequired: any("is_required").notNull(),
    mayBeNull: any("may_be_null"),
    hasDefault: any("has_default").notNull().default(literal(text)),
    isFilledIn: any("is_filled_in")
      .notNull()
      .$defaultFn(() => sample),
  });
}

/** Of the serial types, Postgres itself makes a default and NOT NULL. */
function counters<B extends PgColumnBuilderBase>(name: string, make: (column: string) => B, sample: unknown) {
  samples[name] = sample;
  return pgTable(name, { id: id(), isRequired: make("is_required") });
}

export const smallints = columns("smallint", (n) => smallint(n), 1);
export const integers = columns("integer", (n) => integer(n), 1);
export const bigintNumbers = columns("bigint_number", (n) => bigint(n, { mode: "number" }), 1);
export const bigintBigints = columns("bigint_bigint", (n) => bigint(n, { mode: "bigint" }), 1n);
export const smallserials = counters("smallserial", (n) => smallserial(n), 1);
export const serials = counters("serial", (n) => serial(n), 1);
export const bigserialNumbers = counters("bigserial_number", (n) => bigserial(n, { mode: "number" }), 1);
export const bigserialBigints = counters("bigserial_bigint", (n) => bigserial(n, { mode: "bigint" }), 1n);
export const reals = columns("real", (n) => real(n), 1);
export const doubles = columns("double", (n) => doublePrecision(n), 1);
export const numerics = columns("numeric", (n) => numeric(n), "1");
export const prices = columns("numeric_10_2", (n) => numeric(n, { precision: 10, scale: 2 }), "1");
export const numericNumbers = columns("numeric_number", (n) => numeric(n, { mode: "number" }), 1);
export const numericBigints = columns("numeric_bigint", (n) => numeric(n, { mode: "bigint" }), 1n);
export const booleans = columns("boolean", (n) => boolean(n), true);
export const texts = columns("text", (n) => text(n), "a");
export const textEnums = columns("text_enum", (n) => text(n, { enum: ["a", "b c", "B C"] }), "a");
export const varchars = columns("varchar", (n) => varchar(n), "a");
export const shorts = columns("varchar_5", (n) => varchar(n, { length: 5 }), "a");
export const varcharEnums = columns("varchar_enum", (n) => varchar(n, { length: 5, enum: ["a", "é"] }), "a");
export const chars = columns("char", (n) => char(n), "a");
export const codes = columns("char_3", (n) => char(n, { length: 3 }), "abc");
export const moods = columns("mood_column", (n) => moodEnum(n), "sad");
export const uuids = columns("uuid", (n) => uuid(n), "00000000-0000-0000-0000-000000000000");
export const jsons = columns("json", (n) => json(n), 1);
export const jsonbs = columns("jsonb", (n) => jsonb(n), 1);
export const dates = columns("date", (n) => date(n), "2024-01-02");
export const dateDates = columns("date_date", (n) => date(n, { mode: "date" }), new Date(0));
export const timestamps = columns("timestamp", (n) => timestamp(n), new Date(0));
export const timestampStrings = columns("timestamp_string", (n) => timestamp(n, { mode: "string" }), "2024-01-02");
export const instants = columns("timestamptz", (n) => timestamp(n, { withTimezone: true }), new Date(0));
export const instantStrings = columns(
  "timestamptz_string",
  (n) => timestamp(n, { withTimezone: true, mode: "string", precision: 3 }),
  "2024-01-02",
);
export const times = columns("time", (n) => time(n), "01:02");
export const zonedTimes = columns("timetz", (n) => time(n, { withTimezone: true }), "01:02");
export const intervals = columns("interval", (n) => interval(n), "1 day");
export const inets = columns("inet", (n) => inet(n), "::1");
export const cidrs = columns("cidr", (n) => cidr(n), "::1");
export const macs = columns("macaddr", (n) => macaddr(n), "08:00:2b:01:02:03");
export const mac8s = columns("macaddr8", (n) => macaddr8(n), "08:00:2b:01:02:03:04:05");
export const points = columns("point", (n) => point(n), [1, 2], "(1,2)");
export const pointObjects = columns("point_xy", (n) => point(n, { mode: "xy" }), { x: 1, y: 2 }, "(1,2)");
export const lines = columns("line", (n) => line(n), [1, 2, 3], "{1,2,3}");
export const lineObjects = columns("line_abc", (n) => line(n, { mode: "abc" }), { a: 1, b: 2, c: 3 }, "{1,2,3}");
export const vectors = columns("vector_3", (n) => vector(n, { dimensions: 3 }), [1, 2, 3], "[1,2,3]");
export const halfvecs = columns("halfvec_3", (n) => halfvec(n, { dimensions: 3 }), [1, 2, 3], "[1,2,3]");
export const sparsevecs = columns("sparsevec_3", (n) => sparsevec(n, { dimensions: 3 }), "{1:1}/3");
export const bits = columns("bit_3", (n) => bit(n, { dimensions: 3 }), "101");
export const byteas = columns("bytea", (n) => bytea(n), Buffer.from([1]));
export const integerArrays = columns("integer_array", (n) => integer(n).array(), [1], "{1}");
export const integerGrids = columns("integer_grid", (n) => integer(n).array().array(), [[1]], "{{1}}");
export const textArrays = columns("text_array", (n) => text(n).array(), ["a"], "{a}");
export const textTriples = columns("text_array_3", (n) => text(n).array(3), ["a", "b", "c"], "{a,b,c}");
export const moodArrays = columns("mood_array", (n) => moodEnum(n).array(), ["sad"], "{sad}");
export const textEnumArrays = columns("text_enum_array", (n) => text(n, { enum: ["a", "b"] }).array(), ["a"], "{a}");
export const timestampArrays = columns("timestamp_array", (n) => timestamp(n).array(), [new Date(0)], "{1970-01-01}");
export const bigintArrays = columns("bigint_array", (n) => bigint(n, { mode: "bigint" }).array(), [1n], "{1}");

export const sales = pgSchema("sales");

/** What the database makes, and names that differ from those of the database. */
export const salesOrders = sales.table("orders", {
  orderId: integer("id").primaryKey(),
  byDefault: integer("by_default").notNull().generatedByDefaultAsIdentity(),
  always: integer("always").notNull().generatedAlwaysAsIdentity({ name: "always_numbers" }),
  twice: integer("twice").generatedAlwaysAs(sql`id * 2`),
  settings: jsonb("settings").$type<{ theme: string; size?: number }>().notNull(),
  tags: text().array(),
  image: bytea("image"),
  state: text("state", { enum: ["open", "closed"] }).notNull().default("open"),
  states: text("states", { enum: ["open", "closed"] }).array(),
  mood: moodEnum("mood"),
  email: varchar("email", { length: 20 }).notNull(),
  token: uuid("token").defaultRandom().notNull(),
  total: numeric("total").notNull(),
  weight: real("weight"),
  large: bigint("large", { mode: "bigint" }).notNull(),
  count: bigint("count", { mode: "number" }).notNull(),
  place: point("place", { mode: "xy" }),
  spot: point("spot"),
  day: date("day").notNull(),
  changedAt: timestamp("changed_at")
    .notNull()
    .$onUpdate(() => new Date()),
});

export const orderIds = pgView("order_ids").as((db) =>
  db.select({ key: salesOrders.orderId, size: sql<string>`tags`.as("size") }).from(salesOrders),
);
