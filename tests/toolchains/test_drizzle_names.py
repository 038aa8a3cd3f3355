"""`pgkit names`: what it reads out of a schema, whatever the version of drizzle-orm, and what it says of a bad one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

from pgkit.cli.app import run
from tests.toolchains.npm import NEXT, NODE, link_packages
from tests.toolchains.shell import run as execute

SCHEMA: Final = """\
import { sql } from "drizzle-orm";
import * as pg from "drizzle-orm/pg-core";

const auth = pg.pgSchema("auth");
export const mood = pg.pgEnum("mood", ["sad"]);
export const { users, posts } = {
  users: auth.table("users", {
    userId: pg.uuid("id").primaryKey(),
    createdAt: pg.timestamp("created_at").notNull(),
    seenOn: pg.date("seen_on", { mode: "date" }),
    credits: pg.bigint("credits", { mode: "bigint" }),
    followers: pg.bigint("followers", { mode: "number" }),
    price: pg.numeric("price", { mode: "number" }),
    state: pg.text("state", { enum: ["open", "closed"] }),
    mood: mood("mood"),
    home: pg.point("home", { mode: "xy" }),
    path: pg.line("path"),
    near: pg.geometry("near"),
    meaning: pg.vector("meaning", { dimensions: 3 }),
    raw: pg.customType({ dataType: () => "bytea" })("raw"),
    settings: pg.jsonb("settings"),
    slug: pg.text("slug").$defaultFn(() => "a"),
    tags: pg.text("tags").array(),
  }),
  posts: pg.pgTable("posts", { postId: pg.integer("id") }),
};
export const usersAgain = users;
export const relations = { users: { table: users } };
export const recentPosts = pg
  .pgMaterializedView("recent_posts")
  .as((db) => db.select({ key: posts.postId, total: sql`count(*)`.as("total_count") }).from(posts));
"""
USERS: Final[dict[str, Any]] = {
    "created_at": {"property": "createdAt", "js": "date"},
    "credits": {"property": "credits", "js": "bigint"},
    "followers": {"property": "followers", "js": "number"},
    "home": {"property": "home", "js": "object"},
    "id": {"property": "userId", "js": "string"},
    "meaning": {"property": "meaning", "js": "numbers"},
    "mood": {"property": "mood", "js": "string"},
    "near": {"property": "near", "js": "tuple"},
    "path": {"property": "path", "js": "tuple"},
    "price": {"property": "price", "js": "number"},
    "raw": {"property": "raw", "js": "custom"},
    "seen_on": {"property": "seenOn", "js": "date"},
    "settings": {"property": "settings", "js": "json"},
    "slug": {"property": "slug", "js": "string", "default": True},
    "state": {"property": "state", "js": "string", "values": ["open", "closed"]},
    "tags": {"property": "tags", "js": "string", "dimensions": 1},
}
NAMES: Final = {
    "format": "pgkit-drizzle-names",
    "version": 1,
    "relations": {
        "auth.users": {"export": "users", "columns": USERS},
        "public.posts": {"export": "posts", "columns": {"id": {"property": "postId", "js": "number"}}},
        "public.recent_posts": {
            "export": "recentPosts",
            "columns": {
                "id": {"property": "key", "js": "number"},
                "total_count": {"property": "total", "js": "custom"},
            },
        },
    },
    "enums": {"public.mood": "mood"},
}


@pytest.mark.parametrize("packages", [NODE, NEXT], ids=["0.45", "1.0"])
def test_names(packages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each column's property and mode, from either version of drizzle-orm; a view's from its query."""
    link_packages(tmp_path, packages)
    schema = tmp_path / "schema.mjs"
    schema.write_text(SCHEMA)
    assert run(["names", str(schema), "--output", str(tmp_path / "names.json")]) == 0
    assert json.loads((tmp_path / "names.json").read_text()) == NAMES
    assert list(json.loads((tmp_path / "names.json").read_text())["relations"]["auth.users"]["columns"]) == [
        *USERS
    ]
    assert run(["names", str(schema)]) == 0
    assert capsys.readouterr().out == (tmp_path / "names.json").read_text()


def test_casing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Columns that have no name but their key are spelled as drizzle() is told to."""
    link_packages(tmp_path)
    schema = tmp_path / "schema.ts"
    schema.write_text(
        'import { pgTable, text } from "drizzle-orm/pg-core";\n'
        'export const users = pgTable("users", { givenName: text(), last: text("Last") });\n'
    )
    assert run(["names", str(schema), "--casing", "snake_case"]) == 0
    columns = json.loads(capsys.readouterr().out)["relations"]["public.users"]["columns"]
    assert {name: column["property"] for name, column in columns.items()} == {
        "Last": "last",
        "given_name": "givenName",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("export const a = 1;", "no table is exported"),
        ("export const = 1;", "cannot load"),
        ('import "./gone";', "cannot load"),
        ('throw new Error("DATABASE_URL is not set");', "DATABASE_URL is not set"),
        (
            'import { pgTable, text } from "drizzle-orm/pg-core";\n'
            'export const a = pgTable("t", { a: text() });\nexport const b = pgTable("t", { b: text() });',
            "public.t is declared twice: as a and as b",
        ),
    ],
)
def test_bad_schemas(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    """A module that cannot be read is an error of one line, and nothing is written."""
    link_packages(tmp_path)
    (tmp_path / "schema.ts").write_text(text)
    assert run(["names", str(tmp_path / "schema.ts"), "--output", str(tmp_path / "names.json")]) == 3
    err = capsys.readouterr().err
    assert said in err
    assert "\n    at " not in err
    assert not (tmp_path / "names.json").exists()


def test_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The script is printed whole, for those who have no pgkit where they have their schema."""
    link_packages(tmp_path)
    assert run(["names", "--script"]) == 0
    (tmp_path / "names.mjs").write_text(capsys.readouterr().out)
    (tmp_path / "schema.mjs").write_text(SCHEMA)
    assert json.loads(execute(["node", "names.mjs", "schema.mjs"], tmp_path).check()) == NAMES


def test_wrong_calls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No module, one that is not there, and no node are each said."""
    assert run(["names"]) == 2
    assert "expected the modules of a schema, or --script alone" in capsys.readouterr().err
    assert run(["names", str(tmp_path / "gone.ts")]) == 2
    assert "no such module" in capsys.readouterr().err
    (tmp_path / "schema.ts").write_text("")
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    assert run(["names", str(tmp_path / "schema.ts")]) == 3
    assert "node is not on PATH" in capsys.readouterr().err
