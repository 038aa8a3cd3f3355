"""One schema in eleven states, each in schema.ts and in the schema language: what both tools must agree on."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from tests.toolchains.drizzle_texts import (
    KINDS,
    KINDS_TS,
    MEMBERS,
    MEMBERS_TS,
    ORGS,
    ORGS_TS,
    POSTS,
    POSTS_TS,
    USERS,
    USERS_TS,
)


@frozen(kw_only=True)
class Step:
    """What changes: blocks of both files by name; a block stays until another takes its place."""

    name: str
    ts: Mapping[str, str] = field(factory=dict)
    pgkit: Mapping[str, str] = field(factory=dict)
    files: int = 1  # how many the migration has


HEAD = 'import { sql } from "drizzle-orm";\nimport * as pg from "drizzle-orm/pg-core";\n'

START = Step(name="start", ts={"users": USERS_TS, "orgs": ORGS_TS}, pgkit={"users": USERS, "orgs": ORGS})

POST = Step(
    name="posts",
    ts={"posts": POSTS_TS, "members": MEMBERS_TS, "kinds": KINDS_TS},
    pgkit={"posts": POSTS, "members": MEMBERS, "kinds": KINDS},
)

COLUMNS = Step(
    name="columns",
    ts={
        "users": USERS_TS.replace(
            "  name: pg.text(),\n",
            "  name: pg.text(),\n  age: pg.smallint(),\n  bio: pg.text().notNull().default(''),\n"
            "  seen: pg.timestamp().defaultNow(),\n",
        )
    },
    pgkit={
        "users": USERS.replace(
            "  name text\n",
            "  name text\n  age smallint\n  bio text not null default ''\n  seen timestamp default now()\n",
        )
    },
)


def renamed(text: str) -> str:
    """The posts as articles, the author as writer."""
    return (
        text.replace("posts = pg", "articles = pg")
        .replace('"posts"', '"articles"')
        .replace("author:", "writer:")
        .replace("table posts {", "table articles was posts {")
        .replace("author integer", "writer integer was author")
    )


def settled(text: str) -> str:
    """Without the words that tell of a rename: it is done."""
    return text.replace(" was posts", "").replace(" was author", "")


def retyped(text: str) -> str:
    """The articles with wider types."""
    return (
        settled(renamed(text))
        .replace('rank: pg.bigint({ mode: "number" })', "rank: pg.real()")
        .replace("scale: 2", "scale: 4")
        .replace("precision: 3 }", "precision: 6 }")
        .replace("score: pg.integer()", 'score: pg.bigint({ mode: "number" })')
        .replace("rank bigint", "rank real")
        .replace("numeric(10, 2)", "numeric(10, 4)")
        .replace("timestamptz(3)", "timestamptz(6)")
        .replace("score integer", "score bigint")
    )


def with_members(text: str, ts: str = "", pgkit: str = "") -> str:
    """A table with more in it: columns and constraints of schema.ts as the last argument, or of a block."""
    if pgkit:
        return text.rstrip().removesuffix("}") + pgkit + "}\n"
    return text.rstrip().removesuffix("});") + ts + "\n"


RENAMED = Step(name="renamed", ts={"posts": renamed(POSTS_TS)}, pgkit={"posts": renamed(POSTS)})
RETYPED = Step(name="retyped", ts={"posts": retyped(POSTS_TS)}, pgkit={"posts": retyped(POSTS)})

MOOD_TS = 'export const mood = pg.pgEnum("mood", ["sad", "ok"]);\n'
MOOD = "enum mood { sad, ok }\n"
ENUM = Step(
    name="enums",
    ts={
        "mood": MOOD_TS,
        "feelings": """\
export const feelings = pg.pgTable("feelings", {
  id: pg.bigserial({ mode: "number" }).primaryKey(),
  now: mood().notNull().default("ok"),
  past: mood().array(),
});
""",
    },
    pgkit={
        "mood": MOOD,
        "feelings": """\
table feelings {
  id bigserial primary key
  now mood not null default 'ok'
  past mood[]
}
""",
    },
)
LABEL = Step(
    name="label",
    ts={
        "mood": 'export const mood = pg.pgEnum("mood", ["sad", "ok", "happy"]);\n',
        "feelings": ENUM.ts["feelings"].replace('default("ok")', 'default("happy")'),
    },
    pgkit={
        "mood": "enum mood { sad, ok, happy }\n",
        "feelings": ENUM.pgkit["feelings"].replace("'ok'", "'happy'"),
    },
    files=2,
)
CONSTRAINTS = Step(
    name="constraints",
    ts={
        "feelings": with_members(
            LABEL.ts["feelings"],
            """}, (t) => [
  pg.unique().on(t.now, t.past),
  pg.unique("feelings_once").on(t.past).nullsNotDistinct(),
  pg.check("feelings_positive", sql`${t.id} > 0`),
]);""",
        ),
        "members": MEMBERS_TS.replace(
            "[pg.primaryKey({ columns: [t.org, t.user] })]",
            """[
  pg.primaryKey({ columns: [t.org, t.user] }),
  pg.foreignKey({ columns: [t.org], foreignColumns: [orgs.id], name: "members_org_again" }).onDelete("set null"),
]""",
        ),
    },
    pgkit={
        "feelings": with_members(
            LABEL.pgkit["feelings"],
            pgkit="""\
  unique (now, past)
  constraint feelings_once unique nulls not distinct (past)
  constraint feelings_positive check (id > 0)
""",
        ),
        "members": with_members(
            MEMBERS,
            pgkit="  constraint members_org_again foreign key (org) references orgs (id) on delete set null\n",
        ),
    },
)
INDEXES = Step(
    name="indexes",
    ts={
        "posts": with_members(
            retyped(POSTS_TS),
            """}, (t) => [
  pg.index().on(t.writer, t.made.desc().nullsFirst()),
  pg.uniqueIndex("articles_slug").on(sql`lower(${t.title})`).where(sql`${t.hot} = true`),
  pg.index("articles_meta").using("gin", t.meta.op("jsonb_path_ops")).with({ fastupdate: false }),
  pg.index("articles_rank").on(t.rank.desc().nullsLast(), t.score),
]);""",
        )
    },
    pgkit={
        "posts": with_members(
            retyped(POSTS),
            pgkit="""\
  index articles_writer_made_index (writer, made desc)
  unique index articles_slug (lower(title)) where hot = true
  index articles_meta using gin (meta jsonb_path_ops) with (fastupdate = false)
  index articles_rank (rank desc nulls last, score)
""",
        )
    },
)
APP = Step(
    name="app",
    ts={
        "app": """\
export const app = pg.pgSchema("app");
export const level = app.enum("level", ["lo", "hi"]);
export const ticket = app.sequence("ticket", { startWith: 100, increment: 5, cache: 3 });
export const down = pg.pgSequence("down", { increment: -2, minValue: -1000, maxValue: 500, startWith: 500, cycle: true });
export const plans = app.table("plans", {
  id: pg.bigint({ mode: "number" }).primaryKey().generatedByDefaultAsIdentity({ startWith: 10, increment: 2 }),
  level: level().notNull().default("lo"),
  org: pg.integer().references(() => orgs.id),
}, (t) => [pg.check("plans_id", sql`${t.id} <> 0`)]);
"""
    },
    pgkit={
        "app": """\
schema app
enum app.level { lo, hi }
sequence app.ticket start 100 increment 5 cache 3
sequence down increment -2 minvalue -1000 maxvalue 500 start 500 cycle
table app.plans {
  id bigint primary key generated by default as identity (start with 10 increment by 2)
  level app.level not null default 'lo'
  org integer references orgs (id)
  constraint plans_id check (id <> 0)
}
"""
    },
)
GUARDED = Step(
    name="guarded",
    ts={
        "notes": """\
export const notes = pg.pgTable("notes", {
  id: pg.integer().primaryKey(),
  owner: pg.text().notNull(),
  text: pg.text(),
  loud: pg.text().generatedAlwaysAs((): any => sql`upper(${notes.text})`),
}, (t) => [
  pg.pgPolicy("notes_own", { as: "permissive", for: "select", to: "public", using: sql`${t.owner} = current_user` }),
  pg.pgPolicy("notes_add", { as: "restrictive", for: "insert", withCheck: sql`${t.text} is not null` }),
]);
export const secrets = pg.pgTable("secrets", { id: pg.integer().primaryKey() }).enableRLS();
""",
        "views": """\
export const loud = pg.pgView("loud").with({ securityInvoker: true }).as((qb) => qb.select({ id: notes.id, loud: notes.loud }).from(notes));
export const names = pg.pgMaterializedView("names").as((qb) => qb.select({ name: orgs.name }).from(orgs));
""",
    },
    pgkit={
        "notes": """\
table notes {
  id integer primary key
  owner text not null
  text text
  loud text generated always as (upper(text)) stored
  row level security
  policy notes_own for select using (owner = current_user)
  policy notes_add as restrictive for insert with check (text is not null)
}
table secrets {
  id integer primary key
  row level security
}
""",
        "views": """\
view loud with (security_invoker = true) as $$select id, loud from notes$$
materialized view names as $$select name from orgs$$
""",
    },
)
LESS = Step(
    name="less",
    ts={
        "users": COLUMNS.ts["users"]
        .replace("  age: pg.smallint(),\n", "")
        .replace("notNull().default('')", "default('x')"),
        "feelings": CONSTRAINTS.ts["feelings"].replace(
            '  pg.unique("feelings_once").on(t.past).nullsNotDistinct(),\n', ""
        ),
        "posts": INDEXES.ts["posts"].replace(
            '  pg.index("articles_rank").on(t.rank.desc().nullsLast(), t.score),\n', ""
        ),
        "views": "",
    },
    pgkit={
        "users": COLUMNS.pgkit["users"]
        .replace("  age smallint\n", "")
        .replace("not null default ''", "default 'x'"),
        "feelings": CONSTRAINTS.pgkit["feelings"].replace(
            "  constraint feelings_once unique nulls not distinct (past)\n", ""
        ),
        "posts": settled(INDEXES.pgkit["posts"]).replace(
            "  index articles_rank (rank desc nulls last, score)\n", ""
        ),
        "views": "",
    },
)
# drizzle-kit asks somebody at a terminal about a rename: where it is the one to write, there is none.
RENAMED_FROM_THE_START = Step(
    name="posts",
    ts={"posts": renamed(POSTS_TS), "members": MEMBERS_TS},
    pgkit={"posts": settled(renamed(POSTS)), "members": MEMBERS},
)
OF_DRIZZLE = (RENAMED_FROM_THE_START, COLUMNS, RETYPED, ENUM, LABEL, CONSTRAINTS, INDEXES, APP, GUARDED, LESS)
STEPS = (POST, COLUMNS, RENAMED, RETYPED, ENUM, LABEL, CONSTRAINTS, INDEXES, APP, GUARDED, LESS)


def schema_ts(steps: tuple[Step, ...]) -> str:
    """schema.ts after these steps."""
    blocks = {name: text for step in steps for name, text in step.ts.items()}
    return HEAD + "".join(blocks.values())


def schema_pgkit(steps: tuple[Step, ...]) -> str:
    """The schema language after these steps."""
    blocks = {name: text for step in steps for name, text in step.pgkit.items()}
    return "\n".join(blocks.values())
