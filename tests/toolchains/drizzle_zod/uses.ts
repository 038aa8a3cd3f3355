// An application that has changed the one import line: what it had of drizzle-zod it has of the generated module.

import * as theirs from "drizzle-zod";
import * as z from "zod";

import { codes, moodEnum, orderIds, salesOrders } from "./schema.ts";
import { createInsertSchema, createSelectSchema, createUpdateSchema } from "./zod/drizzle.js";

type Insertable = typeof salesOrders.$inferInsert;

const select = createSelectSchema(salesOrders);
const insert = createInsertSchema(salesOrders);
const update = createUpdateSchema(salesOrders);
const theirSelect = theirs.createSelectSchema(salesOrders);
const theirInsert = theirs.createInsertSchema(salesOrders);
const theirUpdate = theirs.createUpdateSchema(salesOrders);

const refined = createInsertSchema(salesOrders, {
  email: (schema) => schema.min(3).regex(/@/),
  count: (schema) => schema.gte(1),
  weight: (schema) => schema.positive(),
  tags: (schema) => schema.max(2),
  settings: z.object({ theme: z.string() }),
  state: (schema) => schema.exclude(["closed"]),
});
const theirRefined = theirs.createInsertSchema(salesOrders, {
  email: (schema) => schema.min(3).regex(/@/),
  count: (schema) => schema.gte(1),
  weight: (schema) => schema.positive(),
  tags: (schema) => schema.max(2),
  settings: z.object({ theme: z.string() }),
  state: (schema) => schema.exclude(["closed"]),
});

// Each is what the other is, to those who use it; but drizzle-zod takes a custom type that is an object apart, and
// forgets that a column may be left out of an insert once it is refined.
type Of<S extends z.ZodType> = Omit<z.output<S>, "image">;
type Refined<S extends z.ZodType> = Omit<Of<S>, "tags" | "weight" | "state">;

export const types = {
  select: [(row: Of<typeof select>): Of<typeof theirSelect> => row],
  selected: [(row: Of<typeof theirSelect>): Of<typeof select> => row],
  insert: [(row: Of<typeof insert>): Of<typeof theirInsert> => row],
  inserted: [(row: Of<typeof theirInsert>): Of<typeof insert> => row],
  update: [(row: Of<typeof update>): Of<typeof theirUpdate> => row],
  updated: [(row: Of<typeof theirUpdate>): Of<typeof update> => row],
  refined: [(row: Refined<typeof refined>): Refined<typeof theirRefined> => row],
  refinedToo: [(row: Refined<typeof theirRefined>): Refined<typeof refined> => row],
  insertable: [(row: z.output<typeof insert>): Insertable => row],
};

const mood: "sad" | "in review" | "2nd" = createSelectSchema(moodEnum).parse("2nd");
const key: number | null = createSelectSchema(orderIds).shape.key.parse(1);

export const misuses = [
  // @ts-expect-error no such column
  () => createInsertSchema(salesOrders, { nothing: z.string() }),
  // @ts-expect-error no such method
  () => createInsertSchema(salesOrders, { email: (schema) => schema.gte(1) }),
];

const row = {
  orderId: 1,
  settings: { theme: "dark" },
  email: "a@b.c",
  total: "1",
  large: 1n,
  count: 1,
  day: "2024-01-02",
};
const cases: Record<string, unknown> = {
  row,
  unknownKey: { ...row, always: 1, more: true },
  withoutKey: { ...row, email: undefined },
  key: { orderId: 2 },
  emptyChange: {},
  text: { ...row, email: "a" },
  pattern: { ...row, email: "abc" },
  low: { ...row, count: 0 },
  nullWeight: { ...row, weight: null },
  lightWeight: { ...row, weight: -1 },
  longTags: { ...row, tags: ["a", "b", "c"] },
  nullTags: { ...row, tags: null },
  otherSettings: { ...row, settings: { theme: "dark", more: 1 } },
  noSettings: { ...row, settings: {} },
  closed: { ...row, state: "closed" },
};
const pairs: [string, z.ZodType, z.ZodType][] = [
  ["select", select, theirSelect],
  ["insert", insert, theirInsert],
  ["update", update, theirUpdate],
  ["refined", refined, theirRefined],
  ["select of char(3)", createSelectSchema(codes), theirs.createSelectSchema(codes)],
];
const said = (schema: z.ZodType, value: unknown) => {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : "refused";
};
const shown = (value: unknown) => JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v));
const answers = pairs.flatMap(([name, own, other]) =>
  Object.entries(cases).map(([what, value]) => [name, what, shown(said(own, value)), shown(said(other, value))]),
);
console.log(JSON.stringify({ mood, key, answers }));
