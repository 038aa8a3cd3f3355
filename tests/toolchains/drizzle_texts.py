"""Tables of the schema that both tools must agree on: each in schema.ts, and in the schema language."""

USERS_TS = """\
export const users = pg.pgTable("users", {
  id: pg.integer().primaryKey().generatedAlwaysAsIdentity(),
  email: pg.varchar({ length: 255 }).notNull().unique(),
  name: pg.text(),
});
"""
USERS = """\
table users {
  id integer primary key generated always as identity
  email varchar(255) not null unique
  name text
}
"""
ORGS_TS = (
    'export const orgs = pg.pgTable("orgs", { id: pg.serial().primaryKey(), name: pg.text().notNull() });\n'
)
ORGS = "table orgs {\n  id serial primary key\n  name text not null\n}\n"
POSTS_TS = """\
export const posts = pg.pgTable("posts", {
  id: pg.uuid().primaryKey().defaultRandom(),
  author: pg.integer().notNull().references(() => users.id, { onDelete: "cascade" }),
  title: pg.text().notNull().default("it's"),
  score: pg.integer().default(0),
  rank: pg.bigint({ mode: "number" }).default(-7),
  ratio: pg.doublePrecision().default(1.5),
  price: pg.numeric({ precision: 10, scale: 2 }).default("1.50"),
  hot: pg.boolean().notNull().default(false),
  meta: pg.jsonb().notNull().default({ a: [1, "two"] }),
  tags: pg.text().array().notNull().default([]),
  colours: pg.text().array().default(["red", "blue"]),
  made: pg.timestamp({ withTimezone: true, precision: 3 }).notNull().defaultNow(),
  day: pg.date().default("2020-01-02"),
  at: pg.time().default("10:00"),
  code: pg.char({ length: 3 }),
  ip: pg.inet(),
});
"""
POSTS = """\
table posts {
  id uuid primary key default gen_random_uuid()
  author integer not null references users (id) on delete cascade
  title text not null default 'it''s'
  score integer default 0
  rank bigint default -7
  ratio double precision default 1.5
  price numeric(10, 2) default '1.50'
  hot boolean not null default false
  meta jsonb not null default '{"a": [1, "two"]}'
  tags text[] not null default '{}'
  colours text[] default '{red,blue}'
  made timestamptz(3) not null default now()
  day date default '2020-01-02'
  at time default '10:00'
  code char(3)
  ip inet
}
"""
MEMBERS_TS = """\
export const members = pg.pgTable("members", {
  user: pg.integer().notNull().references(() => users.id),
  org: pg.integer().notNull().references(() => orgs.id, { onUpdate: "restrict" }),
  since: pg.date(),
}, (t) => [pg.primaryKey({ columns: [t.org, t.user] })]);
"""
MEMBERS = """\
table members {
  "user" integer not null references users (id)
  org integer not null references orgs (id) on update restrict
  since date
  primary key (org, "user")
}
"""
KINDS_TS = """\
export const kinds = pg.pgTable("kinds_of_columns_in_a_table_with_a_long_name", {
  small: pg.smallint().default(3),
  real: pg.real().default(0.5),
  exact: pg.numeric({ mode: "number" }).default(3),
  numbers: pg.integer().array().default([1, 2]),
  flags: pg.boolean().array().default([true, false]),
  words: pg.varchar({ length: 20 }).default("a, b"),
  list: pg.jsonb().default([]),
  object: pg.json().default({ its: null }),
  span: pg.interval().default("1 day"),
  zone: pg.time({ withTimezone: true, precision: 2 }),
  now: pg.timestamp().default(sql`CURRENT_TIMESTAMP`),
  key: pg.uuid().default(sql`gen_random_uuid()`),
  mac: pg.macaddr(),
  net: pg.cidr(),
  point: pg.point(),
  bits: pg.bit({ dimensions: 4 }),
  reference_to_an_organisation: pg.integer().references(() => orgs.id),
});
"""
KINDS = """\
table kinds_of_columns_in_a_table_with_a_long_name {
  small smallint default 3
  real real default 0.5
  exact numeric default 3
  numbers integer[] default '{1,2}'
  flags boolean[] default '{true,false}'
  words varchar(20) default 'a, b'
  list jsonb default '[]'
  object json default '{"its": null}'
  span interval default '1 day'
  zone timetz(2)
  now timestamp default CURRENT_TIMESTAMP
  key uuid default gen_random_uuid()
  mac macaddr
  net cidr
  point point
  bits bit(4)
  reference_to_an_organisation integer references orgs (id)
}
"""
