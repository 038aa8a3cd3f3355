"""Keys of one table are not those of another, and JSON is what a schema of the project's says, in every style."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from pgkit.diag import Source
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import ForeignKey, PrimaryKey
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Attribute, Composite, Domain, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table, View
from pgkit.ir.types import Array, Named, Scalar
from pgkit.jobs.config import Config, Override, TypeScriptConfig, ZodConfig
from pgkit.jobs.gen import emit
from pgkit.jobs.naming import model_options
from tests.backends.typescript.samples import column
from tests.toolchains import eslint, prettier_check, run_typescript, tsc
from tests.toolchains.typescript_folders import write

OWN = """\
import * as z from "zod";

export interface Settings {
  theme: "dark" | "light";
  size?: number | undefined;
}

export const settingsSchema: z.ZodType<Settings> = z.strictObject({
  theme: z.enum(["dark", "light"]),
  size: z.number().optional(),
});

export interface Tag {
  name: string;
}

export const schemas: { tag: z.ZodType<Tag> } = {
  tag: z.object({ name: z.string() }),
};

export interface Pair<A, B> {
  a: A;
  b: B;
}
"""
MODULE = "./own/settings.js"
SETTINGS = Override(ts="Settings", ts_import=MODULE, zod="settingsSchema")
TAG = Override(zod="schemas.tag", zod_import=MODULE)
PAIR = Override(ts="Pair<string,number>", ts_import=MODULE, array_nulls=True)
SIZE = Override(ts='"small"|"large"')
OVERRIDES = {
    "app.users.settings": SETTINGS,
    "app.users.maybe_settings": SETTINGS,
    "app.users.tags": TAG,
    "app.users.pairs": PAIR,
    "app.users.size": SIZE,
    "app.users.sizes": SIZE,
    "app.posts.meta": TAG,
    "app.visible.settings": SETTINGS,
    "app.mood": Override(ts='"sad" | "ok"'),
    "xml": TAG,
}
STYLES = {
    "both": Config(typescript=TypeScriptConfig(), zod=ZodConfig()),
    "explicit": Config(typescript=TypeScriptConfig(files="one"), zod=ZodConfig(explicit_schema_types=True)),
    "alone": Config(zod=ZodConfig(files="one")),
    "mini": Config(zod=ZodConfig(mini=True, explicit_schema_types=True)),
    "pg": Config(typescript=TypeScriptConfig(wire="pg"), zod=ZodConfig(wire="pg")),
    "postgres": Config(zod=ZodConfig(wire="postgres")),
    "plain": Config(typescript=TypeScriptConfig(ids=True), zod=ZodConfig(ids=False)),
}
WITH_TYPES = ("both", "explicit", "pg", "plain")
INFERRED = ("both/zod", "alone/zod", "pg/zod", "postgres/zod", "plain/zod")


def table(name: str, *columns: Column, key: tuple[str, ...] = ("id",), **references: str) -> Table:
    """A table; a column and the column that it refers to are given as column="table.column"."""
    ref = Ref("table", "app", name)
    keys = [(c, *to.split(".")) for c, to in references.items()]
    return Table(
        schema="app",
        name=name,
        columns=columns,
        primary_keys=(PrimaryKey(name=f"{name}_pkey", columns=tuple(ref.of("column", c) for c in key)),),
        foreign_keys=tuple(
            ForeignKey(
                name=f"{name}_{c}_fkey",
                columns=(ref.of("column", c),),
                references=(Ref("table", "app", to).of("column", member),),
            )
            for c, to, member in keys
        ),
    )


CATALOG = Catalog(
    enums=(Enum(schema="app", name="mood", labels=("sad", "ok")),),
    domains=(Domain(schema="app", name="code", type=Scalar("character varying", ("26",))),),
    composites=(
        Composite(
            schema="app",
            name="place",
            attributes=(
                Attribute(name="doc", type=Scalar("xml")),
                Attribute(name="id", type=Scalar("bigint")),
            ),
        ),
    ),
    tables=(
        table("orgs", column("id", "uuid")),
        table("countries", column("code", "character(2)"), key=("code",)),
        table("codes", column("id", Named(Ref("domain", "app", "code")))),
        table(
            "users",
            column("id", "bigint"),
            column("org_id", "uuid", nullable=True),
            column("country", "character(5)"),
            column("code", "character varying(30)"),
            column("settings", "jsonb"),
            column("maybe_settings", "json", nullable=True),
            column("tags", Array(Scalar("jsonb"), 2)),
            column("pairs", Array(Scalar("jsonb")), nullable=True),
            column("size", "text"),
            column("sizes", Array(Scalar("text"))),
            column("moods", Array(Named(Ref("enum", "app", "mood")))),
            column("place", Named(Ref("composite", "app", "place")), nullable=True),
            org_id="orgs.id",
            country="countries.code",
            code="codes.id",
        ),
        table(
            "posts",
            column("id", "integer"),
            column("author_id", "bigint"),
            column("meta", "jsonb", nullable=True),
            author_id="users.id",
        ),
        table("pins", column("post", "integer"), column("place", "smallint"), key=("post",), post="posts.id"),
    ),
    views=(
        View(
            schema="app",
            name="visible",
            query=opaque("SELECT 1"),
            columns=(column("id", "bigint"), column("settings", "jsonb")),
        ),
    ),
)
USE = """\
import type {
  OrgsId,
  PinsRow,
  PostsId,
  PostsInsert,
  UsersId,
  UsersInsert,
  UsersRow,
} from "./TYPES/index.js";
import {
  countriesIdSchema,
  postsInsertSchema,
  usersIdSchema,
  usersSelectSchema,
} from "./zod/index.js";
import type { Settings, Tag } from "../own/settings.js";

export const key: UsersId = usersIdSchema.parse("1");
export const cast = "1" as UsersId;
export const post = 1 as PostsId;
export const text: string = key;
export const row: UsersRow = usersSelectSchema.parse({});
export const settings: Settings = row.settings;
export const none: Settings | null = row.maybeSettings;
export const tags: Tag[][] = row.tags;
export const sizes: ("small" | "large")[] = row.sizes;
export const insert: PostsInsert = {
  id: post,
  authorId: row.id,
  meta: { name: "a" },
};
export const parsed: PostsInsert = postsInsertSchema.parse({});
export const author: UsersId = parsed.authorId;
export const pinned = (row: PinsRow): PostsId => row.post;
export const org: OrgsId | null = row.orgId;
export const country: UsersInsert["country"] = countriesIdSchema.parse("AT");
"""
MISUSES = (
    'export const a: UsersId = "1";',
    "export const a: OrgsId = row.id;",
    "export const a: UsersId = post;",
    'export const a: PostsInsert = { id: post, authorId: "1" };',
    'export const a: Settings = { theme: "blue" };',
    "export const a: UsersRow = { ...row, settings: {} };",
    'export const a: UsersRow = { ...row, size: "huge" };',
    "export const a: Tag[] = row.tags;",
    'export const a: PostsInsert = { id: post, authorId: row.id, meta: "a" };',
    "export const a: PinsRow = { post: 1, place: 1 };",
)


def generate(folder: Path, style: str) -> None:
    """A style's targets, each deeper than the one before, for paths to be told apart."""
    dirs = {"zod": folder / style / "zod"}
    if style in WITH_TYPES:
        dirs["typescript"] = folder / style / "db" / "types"
    file = Source(str(folder / "pgkit.toml"), "")
    config = evolve(STYLES[style], schema="app", overrides=OVERRIDES, file=file)
    for output in emit(CATALOG, dirs, config, model_options(config, CATALOG)):
        write(output.dir, output.files)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every style, each with a file that uses it, and the module of the project's that they import."""
    folder = tmp_path_factory.mktemp("overrides")
    (folder / "own").mkdir()
    (folder / "own" / "settings.ts").write_text(OWN)
    for style in STYLES:
        generate(folder, style)
        if style != "plain":
            types = "db/types" if style in WITH_TYPES else "zod"
            (folder / style / "use.ts").write_text(USE.replace("TYPES", types))
    return folder


def test_compiles(generated: Path) -> None:
    """Rows have the project's types, its schemas give them, and keys are those of their tables."""
    tsc("5.5", generated).check()


def test_compiles_today(generated: Path) -> None:
    """So it is today; and constants with their types can be declared one file at a time."""
    said = tsc("7.0", generated, {"isolatedDeclarations": True, "declaration": True}).said
    found = [line for line in said.splitlines() if "error TS" in line and not line.startswith(INFERRED)]
    undeclared = [line for line in said.splitlines() if "error TS" in line and "error TS90" not in line]
    assert found == undeclared == []


def test_is_clean(generated: Path) -> None:
    """Neither prettier nor eslint has anything to say."""
    prettier_check(generated).check()
    eslint(generated).check()


def test_misuses(tmp_path: Path) -> None:
    """A key of another table, plain text for a key, JSON of another shape: each is an error."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "settings.ts").write_text(OWN)
    generate(tmp_path, "both")
    use = USE.replace("TYPES", "db/types")
    for number, misuse in enumerate(MISUSES):
        (tmp_path / "both" / f"misuse{number}.ts").write_text(f"{use}{misuse}\n")
    said = tsc("7.0", tmp_path).said
    assert [n for n in range(len(MISUSES)) if f"misuse{n}.ts(" not in said] == []
    assert said.count("error TS") == len(MISUSES)


ROW = {
    "id": "9007199254740993",
    "orgId": "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "country": "AT   ",
    "code": "a",
    "settings": {"theme": "dark", "size": 1},
    "maybeSettings": None,
    "tags": [[{"name": "a"}], []],
    "pairs": [None, {"anything": 1}],
    "size": "small",
    "sizes": [],
    "moods": ["ok"],
    "place": None,
}
BAD: dict[str, Any] = {
    "id": 1,
    "orgId": "x",
    "country": None,
    "code": 5,
    "settings": {"theme": "blue"},
    "maybeSettings": {"theme": "dark", "colour": "red"},
    "tags": [{"name": "a"}],
    "pairs": "{}",
    "size": 1,
    "moods": ["glad"],
}
SCRIPT = """\
import { readFileSync } from "node:fs";
import * as zod from "./zod/index.js";

const rows = JSON.parse(readFileSync(0, "utf8")) as unknown[];
const found = rows.map((row) => {
  const read = zod.usersSelectSchema.safeParse(row);
  return read.success ? read.data : read.error.issues.map((issue) => issue.path[0]);
});
console.log(JSON.stringify(found));
"""


@pytest.mark.parametrize("style", ["both", "mini"])
def test_values(generated: Path, style: str) -> None:
    """The project's schemas are asked: they refuse what they should, and give back the rest as it was."""
    (generated / style / "parse.ts").write_text(SCRIPT)
    rows = [ROW, *({**ROW, key: bad} for key, bad in BAD.items())]
    said = run_typescript(generated / style / "parse.ts", stdin=json.dumps(rows)).check()
    assert json.loads(said) == [ROW, *([key] for key in BAD)]
