/**
 * The database of a shop that many organizations share.
 *
 * Every table but `organizations` and `users` carries `organization_id`. Where a row of one tenant
 * points at another row of the same tenant, the foreign key holds both columns, so that no row can
 * ever point across tenants.
 */
import { eq, sql, type SQL } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  char,
  check,
  customType,
  date,
  doublePrecision,
  foreignKey,
  index,
  inet,
  integer,
  interval,
  jsonb,
  numeric,
  pgEnum,
  pgPolicy,
  pgSchema,
  pgSequence,
  pgTable,
  pgView,
  primaryKey,
  serial,
  smallint,
  text,
  time,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  varchar,
  vector,
} from "drizzle-orm/pg-core";

const bytea = customType<{ data: Uint8Array }>({
  dataType: () => "bytea",
});

const createdAt = () => timestamp("created_at", { withTimezone: true }).notNull().defaultNow();

const organizationId = () =>
  uuid("organization_id")
    .notNull()
    .references(() => organizations.id, { onDelete: "cascade" });

/** A row is seen and written only by the tenant that the connection says it works for. */
const ofTenant = sql`organization_id = current_setting('shop.organization_id', true)::uuid`;

const tenantOnly = (table: string) =>
  pgPolicy(`${table}_tenant_only`, {
    for: "all",
    to: "public",
    using: ofTenant,
    withCheck: ofTenant,
  });

export const memberRole = pgEnum("member_role", ["owner", "admin", "staff", "viewer"]);

export const organizations = pgTable("organizations", {
  id: uuid("id").primaryKey().defaultRandom(),
  slug: varchar("slug", { length: 63 }).notNull().unique(),
  name: text("name").notNull(),
  settings: jsonb("settings").notNull().default({ locale: "en", taxIncluded: true }),
  createdAt: createdAt(),
});

export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    email: varchar("email", { length: 320 }).notNull(),
    displayName: text("display_name"),
    passwordHash: bytea("password_hash").notNull(),
    lastLoginIp: inet("last_login_ip"),
    lastLoginAt: timestamp("last_login_at", { withTimezone: true }),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex("users_email_key").on(sql`lower(${table.email})`)],
);

export const memberships = pgTable(
  "memberships",
  {
    organizationId: organizationId(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: memberRole("role").notNull().default("viewer"),
    invitedBy: uuid("invited_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.userId] }),
    index("memberships_user_id_index").on(table.userId),
    tenantOnly("memberships"),
  ],
);

export const channel = pgEnum("channel", ["web", "store", "marketplace"]);

export const categories = pgTable(
  "categories",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedByDefaultAsIdentity(),
    organizationId: organizationId(),
    parentId: bigint("parent_id", { mode: "number" }),
    name: text("name").notNull(),
    position: integer("position").notNull().default(0),
  },
  (table) => [
    unique("categories_organization_id_id_key").on(table.organizationId, table.id),
    // Two categories at the top, where there is no parent, may not share a name either.
    unique("categories_parent_id_name_key")
      .on(table.organizationId, table.parentId, table.name)
      .nullsNotDistinct(),
    foreignKey({
      name: "categories_parent_fk",
      columns: [table.organizationId, table.parentId],
      foreignColumns: [table.organizationId, table.id],
    }).onDelete("cascade"),
    check("categories_not_own_parent", sql`${table.parentId} <> ${table.id}`),
    tenantOnly("categories"),
  ],
);

export const products = pgTable(
  "products",
  {
    id: bigint("id", { mode: "number" })
      .primaryKey()
      .generatedByDefaultAsIdentity({ name: "products_id_seq", startWith: 1000, cache: 20 }),
    organizationId: organizationId(),
    categoryId: bigint("category_id", { mode: "number" }),
    handle: varchar("handle", { length: 120 }).notNull(),
    title: text("title").notNull(),
    description: text("description").notNull().default(""),
    channels: channel("channels").array().notNull().default(["web"]),
    attributes: jsonb("attributes").notNull().default({}),
    keywords: text("keywords").array(),
    searchText: text("search_text").generatedAlwaysAs(
      (): SQL => sql`lower(${products.title} || ' ' || ${products.description})`,
    ),
    availableFrom: date("available_from"),
    archivedAt: timestamp("archived_at", { withTimezone: true }),
    createdAt: createdAt(),
  },
  (table) => [
    unique("products_organization_id_id_key").on(table.organizationId, table.id),
    // An archived product gives its handle free.
    uniqueIndex("products_handle_key")
      .on(table.organizationId, table.handle)
      .where(sql`${table.archivedAt} is null`),
    index("products_category_id_index").on(table.organizationId, table.categoryId),
    index("products_attributes_index").using("gin", table.attributes.op("jsonb_path_ops")),
    foreignKey({
      name: "products_category_fk",
      columns: [table.organizationId, table.categoryId],
      foreignColumns: [categories.organizationId, categories.id],
    }),
    check("products_handle_form", sql`${table.handle} ~ '^[a-z0-9]+(-[a-z0-9]+)*$'`),
    tenantOnly("products"),
  ],
);

export const productVariants = pgTable(
  "product_variants",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    organizationId: organizationId(),
    productId: bigint("product_id", { mode: "number" }).notNull(),
    sku: varchar("sku", { length: 64 }).notNull(),
    price: numeric("price", { precision: 12, scale: 2 }).notNull(),
    listPrice: numeric("list_price", { precision: 12, scale: 2 }),
    weightKg: doublePrecision("weight_kg"),
    inStock: integer("in_stock").notNull().default(0),
    isDefault: boolean("is_default").notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [
    unique("product_variants_organization_id_id_key").on(table.organizationId, table.id),
    unique("product_variants_sku_key").on(table.organizationId, table.sku),
    uniqueIndex("product_variants_one_default_key")
      .on(table.organizationId, table.productId)
      .where(sql`${table.isDefault}`),
    foreignKey({
      name: "product_variants_product_fk",
      columns: [table.organizationId, table.productId],
      foreignColumns: [products.organizationId, products.id],
    }).onDelete("cascade"),
    check("product_variants_price_positive", sql`${table.price} >= 0`),
    check(
      "product_variants_list_price_above",
      sql`${table.listPrice} is null or ${table.listPrice} > ${table.price}`,
    ),
    tenantOnly("product_variants"),
  ],
);

/** Read and written by the search service alone, which owns the tables: no policy lets others in. */
export const productEmbeddings = pgTable(
  "product_embeddings",
  {
    organizationId: organizationId(),
    productId: bigint("product_id", { mode: "number" }).notNull(),
    model: text("model").notNull(),
    embedding: vector("embedding", { dimensions: 8 }).notNull(),
    embeddedAt: timestamp("embedded_at", { withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [
    primaryKey({
      name: "product_embeddings_pkey",
      columns: [table.organizationId, table.productId, table.model],
    }),
    foreignKey({
      name: "product_embeddings_product_fk",
      columns: [table.organizationId, table.productId],
      foreignColumns: [products.organizationId, products.id],
    }).onDelete("cascade"),
    index("product_embeddings_embedding_index")
      .using("hnsw", table.embedding.op("vector_cosine_ops"))
      .with({ m: 16, ef_construction: 64 }),
  ],
).enableRLS();

export const orderStatus = pgEnum("order_status", [
  "draft",
  "placed",
  "paid",
  "shipped",
  "returned",
  "cancelled",
]);

export const orderNumbers = pgSequence("order_numbers", { startWith: 10000, increment: 1 });

export const addresses = pgTable(
  "addresses",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    organizationId: organizationId(),
    userId: uuid("user_id").references(() => users.id, { onDelete: "set null" }),
    lines: text("lines").array().notNull(),
    postcode: varchar("postcode", { length: 16 }),
    city: text("city").notNull(),
    country: char("country", { length: 2 }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    unique("addresses_organization_id_id_key").on(table.organizationId, table.id),
    check("addresses_has_lines", sql`cardinality(${table.lines}) between 1 and 4`),
    check("addresses_country_code", sql`${table.country} = upper(${table.country})`),
    tenantOnly("addresses"),
  ],
);

export const discountKind = pgEnum("discount_kind", ["percent", "amount", "free-shipping"]);

export const coupons = pgTable(
  "coupons",
  {
    id: serial("id").primaryKey(),
    organizationId: organizationId(),
    code: varchar("code", { length: 32 }).notNull(),
    kind: discountKind("kind").notNull(),
    value: numeric("value", { precision: 12, scale: 2 }).notNull().default("0"),
    channels: channel("channels").array(),
    usesLeft: smallint("uses_left"),
    startsAt: timestamp("starts_at").notNull(),
    endsAt: timestamp("ends_at"),
  },
  (table) => [
    unique("coupons_organization_id_id_key").on(table.organizationId, table.id),
    uniqueIndex("coupons_code_key").on(table.organizationId, sql`upper(${table.code})`),
    check("coupons_value_fits_kind", sql`${table.kind} <> 'percent' or ${table.value} <= 100`),
    check("coupons_ends_after_start", sql`${table.endsAt} > ${table.startsAt}`),
    tenantOnly("coupons"),
  ],
);

export const orders = pgTable(
  "orders",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    organizationId: organizationId(),
    number: bigint("number", { mode: "number" })
      .notNull()
      .default(sql`nextval('public.order_numbers')`),
    customerId: uuid("customer_id")
      .notNull()
      .references(() => users.id, { onDelete: "restrict" }),
    status: orderStatus("status").notNull().default("draft"),
    history: orderStatus("history").array().notNull().default([]),
    shipTo: bigint("ship_to", { mode: "number" }),
    couponId: integer("coupon_id"),
    total: numeric("total", { precision: 12, scale: 2 }).notNull().default("0"),
    currency: char("currency", { length: 3 }).notNull(),
    deliverOn: date("deliver_on"),
    deliverAfter: time("deliver_after"),
    holdFor: interval("hold_for").notNull().default("30 minutes"),
    placedAt: timestamp("placed_at", { withTimezone: true }),
    createdAt: createdAt(),
  },
  (table) => [
    unique("orders_organization_id_id_key").on(table.organizationId, table.id),
    unique("orders_number_key").on(table.organizationId, table.number),
    index("orders_newest_index").on(table.organizationId, table.placedAt.desc().nullsLast()),
    index("orders_open_index")
      .on(table.organizationId, table.status)
      .where(sql`${table.status} in ('placed', 'paid')`),
    index("orders_cancelled_index")
      .on(table.organizationId, table.placedAt)
      .where(sql`${table.status} = 'cancelled'`),
    foreignKey({
      name: "orders_ship_to_fk",
      columns: [table.organizationId, table.shipTo],
      foreignColumns: [addresses.organizationId, addresses.id],
    }),
    foreignKey({
      name: "orders_coupon_fk",
      columns: [table.organizationId, table.couponId],
      foreignColumns: [coupons.organizationId, coupons.id],
    }),
    check(
      "orders_placed_has_date",
      sql`${table.status} = 'draft' or ${table.placedAt} is not null`,
    ),
    tenantOnly("orders"),
  ],
);

export const orderItems = pgTable(
  "order_items",
  {
    organizationId: organizationId(),
    orderId: bigint("order_id", { mode: "number" }).notNull(),
    line: smallint("line").notNull(),
    variantId: bigint("variant_id", { mode: "number" }).notNull(),
    quantity: integer("quantity").notNull(),
    unitPrice: numeric("unit_price", { precision: 12, scale: 2 }).notNull(),
    lineTotal: numeric("line_total", { precision: 14, scale: 2 }).generatedAlwaysAs(
      (): SQL => sql`${orderItems.quantity} * ${orderItems.unitPrice}`,
    ),
    note: text("note"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.orderId, table.line] }),
    foreignKey({
      name: "order_items_order_fk",
      columns: [table.organizationId, table.orderId],
      foreignColumns: [orders.organizationId, orders.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "order_items_variant_fk",
      columns: [table.organizationId, table.variantId],
      foreignColumns: [productVariants.organizationId, productVariants.id],
    }).onDelete("restrict"),
    index("order_items_variant_id_index").on(table.organizationId, table.variantId),
    check("order_items_quantity_positive", sql`${table.quantity} > 0`),
    tenantOnly("order_items"),
  ],
);

export const orderSummaries = pgView("order_summaries")
  .with({ securityInvoker: true })
  .as((db) =>
    db
      .select({
        organizationId: orders.organizationId,
        orderId: orders.id,
        number: orders.number,
        status: orders.status,
        email: users.email,
        items: sql<number>`count(${orderItems.line})`.as("items"),
        itemsTotal: sql<string>`coalesce(sum(${orderItems.lineTotal}), 0)`.as("items_total"),
      })
      .from(orders)
      .innerJoin(users, eq(users.id, orders.customerId))
      .leftJoin(orderItems, eq(orderItems.orderId, orders.id))
      .groupBy(orders.id, users.email),
  );

export const audit = pgSchema("audit");

export const auditAction = audit.enum("action", ["insert", "update", "delete", "export"]);

export const auditEvents = audit.table(
  "events",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    organizationId: organizationId(),
    actorId: uuid("actor_id").references(() => users.id, { onDelete: "set null" }),
    action: auditAction("action").notNull(),
    relation: text("relation").notNull(),
    rowKey: jsonb("row_key").notNull(),
    changes: jsonb("changes"),
    requestIp: inet("request_ip"),
    happenedAt: timestamp("happened_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index("events_happened_at_index").using("brin", table.happenedAt),
    index("events_relation_index").on(
      table.organizationId,
      table.relation,
      table.happenedAt.desc(),
    ),
    pgPolicy("events_read", { for: "select", to: "public", using: ofTenant }),
    pgPolicy("events_append", { for: "insert", to: "public", withCheck: ofTenant }),
  ],
);

export const dailyActivity = audit.materializedView("daily_activity").as((db) =>
  db
    .select({
      organizationId: auditEvents.organizationId,
      day: sql<string>`(${auditEvents.happenedAt} at time zone 'UTC')::date`.as("day"),
      action: auditEvents.action,
      events: sql<number>`count(*)`.as("events"),
    })
    .from(auditEvents)
    .groupBy(auditEvents.organizationId, sql`2`, auditEvents.action),
);
