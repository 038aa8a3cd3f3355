/** Random values that a Zod schema accepts, drawn from what the schema says of itself. */

import fc from "fast-check";
import type { ZodType } from "zod";

import { EDGES, FORMS, base64, document } from "./forms.js";

/** The name of a column's type, for arrays that of an element, and of composite types one for each key. */
export type Hint = string | { [key: string]: Hint };

type Check = {
  check: string;
  pattern?: RegExp;
  value?: number;
  maximum?: number;
  minimum?: number;
  length?: number;
};
type Def = {
  type: string;
  format?: string;
  pattern?: RegExp;
  checks?: { _zod: { def: Check } }[];
  innerType?: ZodType;
  element?: ZodType;
  out?: ZodType;
  options?: ZodType[];
  entries?: Record<string, string>;
  shape?: Record<string, ZodType>;
};
type Arbitrary = fc.Arbitrary<unknown>;

const WHOLE: Record<string, [number, number]> = {
  int32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
  safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

export const defOf = (schema: ZodType) => schema._zod.def as unknown as Def;

const checksOf = (def: Def) => (def.checks ?? []).map((check) => check._zod.def);

/** Values of a schema; each part of it refuses what it would not accept. */
export function valuesOf(schema: ZodType, hint: Hint): Arbitrary {
  const def = defOf(schema);
  const accepted = (value: unknown) => schema.safeParse(value).success;
  switch (def.type) {
    case "optional":
      return valuesOf(def.innerType!, hint);
    case "pipe":
      return valuesOf(def.out!, hint);
    case "nullable":
      if (!drawable(def.innerType!)) return fc.constant(null);
      return fc.oneof(
        { weight: 9, arbitrary: valuesOf(def.innerType!, hint) },
        { weight: 1, arbitrary: fc.constant(null) },
      );
    case "union":
      return fc.oneof(...def.options!.map((option) => valuesOf(option, hint)));
    case "array":
      return arrays(def, hint).filter(accepted);
    case "object":
      return objects(def, hint);
    case "enum":
      return fc.constantFrom(...Object.values(def.entries!));
    case "boolean":
      return fc.boolean();
    case "number":
      return mixed(numbers(def), accepted);
    case "string":
      return FORMS[hint as string]?.filter(accepted) ?? mixed(strings(def), accepted);
    case "custom":
      return mixed(document, accepted);
    default:
      throw new Error(`no values are known of ${def.type}`);
  }
}

/** Objects that lack some of the keys that they may lack. */
export function objects(def: Def, hint: Hint): Arbitrary {
  const shape = Object.entries(def.shape!).filter(([, schema]) => drawable(schema));
  const model = shape.map(([key, schema]): [string, Arbitrary] => [
    key,
    valuesOf(schema, (hint as Record<string, Hint>)[key]!),
  ]);
  const needed = shape.filter(([, schema]) => schema._zod.optin !== "optional");
  const requiredKeys = needed.map(([key]) => key);
  return fc.record(Object.fromEntries(model), { requiredKeys, noNullPrototype: true });
}

/** Whether there is any value: an enum may have no labels. */
export function drawable(schema: ZodType): boolean {
  const def = defOf(schema);
  const inner = def.innerType ?? def.out;
  if (def.type === "never" || def.type === "nullable") return def.type === "nullable";
  if (def.type === "enum") return Object.keys(def.entries!).length > 0;
  return inner === undefined || drawable(inner);
}

function arrays(def: Def, hint: Hint): Arbitrary {
  const exact = checksOf(def).find((check) => check.length !== undefined)?.length;
  if (!drawable(def.element!)) return fc.constant([]);
  if (defOf(def.element!).type === "array") return grids(def.element!, hint);
  const [minLength, maxLength] = [exact ?? 0, exact ?? 4];
  return fc.array(valuesOf(def.element!, hint), { minLength, maxLength });
}

/** Arrays of arrays, which Postgres wants to be of one length. */
function grids(element: ZodType, hint: Hint): Arbitrary {
  const rows = valuesOf(element, hint);
  return fc.oneof(
    fc.constant([]),
    rows
      .filter((row) => (row as unknown[]).length > 0)
      .chain((row) => fc.integer({ min: 1, max: 3 }).map((n) => Array(n).fill(row))),
  );
}

function numbers(def: Def): Arbitrary {
  const [low, high] = WHOLE[def.format ?? ""] ?? [];
  const bound = (name: string) => checksOf(def).find((c) => c.check === name)?.value;
  const [min, max] = [bound("greater_than") ?? low, bound("less_than") ?? high];
  if (low !== undefined) return fc.integer({ min: min!, max: max! });
  const limits = min === undefined ? {} : { min, max: max! };
  return fc.double({ noNaN: true, noDefaultInfinity: true, ...limits });
}

function strings(def: Def): Arbitrary {
  if (def.format === "base64") return base64;
  const checks = checksOf(def);
  const pattern = def.pattern ?? checks.find((check) => check.pattern)?.pattern;
  if (pattern !== undefined && !pattern.source.startsWith("^[^"))
    return fc.stringMatching(new RegExp(pattern.source.replace(/\(\?=.*?\)/g, "")));
  const maxLength = checks.find((check) => check.maximum !== undefined)?.maximum;
  return fc.string({ unit: "binary", ...(maxLength === undefined ? {} : { maxLength }) });
}

/** What is drawn, and now and then what lies at an edge of some type. */
function mixed(drawn: Arbitrary, accepted: (value: unknown) => boolean): Arbitrary {
  const edges = EDGES.filter(accepted);
  const many = drawn.filter(accepted);
  if (edges.length === 0) return many;
  return fc.oneof({ weight: 4, arbitrary: many }, { weight: 1, arbitrary: fc.constantFrom(...edges) });
}
