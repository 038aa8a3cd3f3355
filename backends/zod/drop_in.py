"""The text of drizzle.ts: drizzle-zod's functions, giving the generated schemas of their tables."""

from collections.abc import Iterable
from typing import Final

from pgkit.backends.rows import RowModel
from pgkit.backends.typescript import syntax
from pgkit.backends.zod.expressions import Chain, member
from pgkit.backends.zod.objects import row_names

_KINDS: Final = ("select", "insert", "update")


def relations_text(rows: Iterable[RowModel]) -> str:
    """The constant that holds the schemas of each relation under its schema and name."""
    lines = ["const relations = {"]
    for row in rows:
        lines.append(f"  {syntax.string(str(row.ref))}: {{")
        names = zip(_KINDS, row_names(row), strict=False)
        lines += [member(kind, Chain(name), 4) for kind, (name, _) in names]
        lines.append("  },")
    return "\n".join((*lines, "};")) if len(lines) > 1 else "const relations = {};"


DROP_IN: Final = """\
type Relations = typeof relations;

/** A table or view of drizzle-orm's, of any version. */
interface DrizzleRelation {
  readonly _: { readonly name: string };
}

/** An enum of drizzle-orm's. */
interface DrizzleEnum {
  readonly enumName: string;
  readonly enumValues: readonly string[];
}

/** `schema.name`; the type of a view does not say its schema. */
type KeyOf<T> = T extends {
  _: {
    name: infer N extends string;
    schema: infer S extends string | undefined;
  };
}
  ? `${S extends string ? S : "public"}.${N}`
  : T extends { _: { name: infer N extends string } }
    ? Extract<keyof Relations, `${string}.${N}`>
    : never;

type ColumnOf<T, K> = T extends
  { _: { columns: infer C } } | { _: { selectedFields: infer C } }
  ? K extends keyof C
    ? C[K]
    : unknown
  : unknown;

type DataOf<C> = C extends { _: { data: infer D } } ? D : unknown;

/** The schema that a refinement is given: without null and undefined. */
type Base<S> =
  S extends z.ZodOptional<infer I>
    ? Base<I>
    : S extends z.ZodNullable<infer I>
      ? Base<I>
      : S extends z.ZodCustom<number, number>
        ? z.ZodNumber
        : S;

type Wrapped<S, R extends z.ZodType> =
  S extends z.ZodOptional<z.ZodNullable>
    ? z.ZodOptional<z.ZodNullable<R>>
    : S extends z.ZodOptional
      ? z.ZodOptional<R>
      : S extends z.ZodNullable
        ? z.ZodNullable<R>
        : R;

/** An enum whose keys are its labels. */
type Labels<E> = z.ZodEnum<{ [L in E[keyof E] & string]: L }>;

/** What holds anything is of the type that `$type` or the custom type says. */
type Typed<S, C> =
  Base<S> extends z.ZodUnknown | z.ZodCustom<Json, Json>
    ? Wrapped<S, z.ZodType<DataOf<C>, DataOf<C>>>
    : Base<S> extends z.ZodEnum<infer E>
      ? Wrapped<S, Labels<E>>
      : Base<S> extends z.ZodArray<z.ZodEnum<infer E>>
        ? Wrapped<S, z.ZodArray<Labels<E>>>
        : S;

type SchemasOf<T> = Relations[Extract<KeyOf<T>, keyof Relations>];

type ShapeOf<K extends string, T> =
  SchemasOf<T> extends { [P in K]: { shape: infer S } }
    ? { [P in keyof S]: Typed<S[P], ColumnOf<T, P>> }
    : never;

type Refinements<S> = {
  [P in keyof S]?: z.ZodType | ((schema: Base<S[P]>) => z.ZodType);
};

type NoOthers<R, S> = { [P in keyof R]: P extends keyof S ? R[P] : never };

type Returned<F> = F extends (schema: never) => infer T
  ? Extract<T, z.ZodType>
  : never;

type Refined<S, F> = [F] extends [never]
  ? S
  : F extends z.ZodType
    ? F
    : Wrapped<S, Returned<F>>;

type Schema<K extends string, T, R> = z.ZodObject<
  {
    [P in keyof ShapeOf<K, T>]: Extract<
      Refined<ShapeOf<K, T>[P], P extends keyof R ? R[P] : never>,
      z.ZodType
    >;
  },
  z.core.$strip
>;

type Refine = z.ZodType | ((schema: z.ZodType) => z.ZodType);

function nameOf(relation: object): string {
  const of = (name: string): unknown =>
    Reflect.get(relation, Symbol.for(`drizzle:${name}`));
  const view = of("ViewBaseConfig") as
    { name: string; schema?: string } | undefined;
  const [schema, name] = view
    ? [view.schema, view.name]
    : [of("Schema"), of("OriginalName")];
  return `${schema ?? "public"}.${name}`;
}

const inner = (schema: { unwrap(): z.core.$ZodType }) =>
  schema.unwrap() as z.ZodType;

/** The same, but for enums, whose keys are their labels. */
function labelled(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional)
    return labelled(inner(schema)).optional();
  if (schema instanceof z.ZodNullable)
    return labelled(inner(schema)).nullable();
  if (schema instanceof z.ZodArray && schema.element instanceof z.ZodEnum)
    return z.array(labelled(schema.element));
  return schema instanceof z.ZodEnum
    ? z.enum(schema.options as string[])
    : schema;
}

/** A number with what the schema demands; Zod's own refuses NaN and Infinity. */
function base(schema: z.ZodType): z.ZodType {
  const isNumber = schema instanceof z.ZodCustom && schema.safeParse(0).success;
  return isNumber && !schema.safeParse("").success
    ? z.number().refine((value) => schema.safeParse(value).success)
    : schema;
}

function wrapped(
  schema: z.ZodType,
  refine: (schema: z.ZodType) => z.ZodType,
): z.ZodType {
  if (schema instanceof z.ZodOptional)
    return wrapped(inner(schema), refine).optional();
  if (schema instanceof z.ZodNullable)
    return wrapped(inner(schema), refine).nullable();
  return refine(base(schema));
}

function refined(
  kind: string,
  relation: object,
  refine: Record<string, Refine | undefined>,
): z.ZodType {
  const name = nameOf(relation);
  const kinds: Record<string, z.ZodObject> | undefined = (
    relations as Record<string, Record<string, z.ZodObject>>
  )[name];
  const schema = kinds?.[kind];
  if (!schema) throw new Error(`No ${kind} schema was generated for ${name}`);
  const shape: Record<string, z.ZodType> = {};
  for (const [key, column] of Object.entries(schema.shape)) {
    const given = refine[key];
    const own = labelled(column as z.ZodType);
    shape[key] =
      typeof given === "function" ? wrapped(own, given) : (given ?? own);
  }
  return z.object(shape);
}

/** The schema of what a select gives, or of an enum; as drizzle-zod's. */
export function createSelectSchema<E extends DrizzleEnum>(
  enum_: E,
): z.ZodEnum<{ [L in E["enumValues"][number]]: L }>;
export function createSelectSchema<
  T extends DrizzleRelation,
  R extends Refinements<ShapeOf<"select", T>> = Record<never, never>,
>(
  relation: T,
  refine?: NoOthers<R, ShapeOf<"select", T>>,
): Schema<"select", T, R>;
export function createSelectSchema(
  relation: DrizzleEnum | DrizzleRelation,
  refine: Record<string, Refine | undefined> = {},
): unknown {
  if ("enumValues" in relation) return z.enum(relation.enumValues);
  return refined("select", relation, refine);
}

/** The schema of what an insert takes; as drizzle-zod's. */
export function createInsertSchema<
  T extends DrizzleRelation,
  R extends Refinements<ShapeOf<"insert", T>> = Record<never, never>,
>(table: T, refine?: NoOthers<R, ShapeOf<"insert", T>>): Schema<"insert", T, R>;
export function createInsertSchema(
  table: DrizzleRelation,
  refine: Record<string, Refine | undefined> = {},
): unknown {
  return refined("insert", table, refine);
}

/** The schema of what an update takes; as drizzle-zod's. */
export function createUpdateSchema<
  T extends DrizzleRelation,
  R extends Refinements<ShapeOf<"update", T>> = Record<never, never>,
>(table: T, refine?: NoOthers<R, ShapeOf<"update", T>>): Schema<"update", T, R>;
export function createUpdateSchema(
  table: DrizzleRelation,
  refine: Record<string, Refine | undefined> = {},
): unknown {
  return refined("update", table, refine);
}"""
