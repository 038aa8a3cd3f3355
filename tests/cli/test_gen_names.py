"""`pgkit gen --names` and `--wire`: what `schema.ts` calls columns, and what it says that the catalog does not."""

import json
from pathlib import Path
from typing import Any

import pytest

from pgkit.cli.app import run

SCHEMA = """\
create table users (id bigint primary key, created_at timestamptz not null, note jsonb, state text not null);
create table posts (id integer primary key, title text);
"""
USERS: dict[str, Any] = {
    "id": {"property": "userId", "js": "bigint"},
    "created_at": {"property": "createdOn", "js": "date"},
    "note": {"property": "note", "js": "json"},
    "state": {"property": "state", "js": "string", "values": ["open", "closed"], "default": True},
}
POSTS: dict[str, Any] = {
    "id": {"property": "id", "js": "number"},
    "title": {"property": "title", "js": "string"},
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a schema and its names."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema.sql").write_text(SCHEMA)
    write_names(tmp_path, users=("userTable", USERS), posts=("posts", POSTS))
    return tmp_path


def write_names(folder: Path, **relations: tuple[str, dict[str, Any]]) -> None:
    """Writes names.json, as the script does."""
    named = {f"public.{name}": {"export": e, "columns": columns} for name, (e, columns) in relations.items()}
    body = {"format": "pgkit-drizzle-names", "version": 1, "relations": named, "enums": {}}
    (folder / "names.json").write_text(json.dumps(body))


def test_properties_are_keys(folder: Path) -> None:
    """In all three languages; the export's name is that of types and schemas, but not in Rust."""
    argv = [
        "gen",
        "schema.sql",
        "--names",
        "names.json",
        "--rust",
        "rs",
        "--typescript",
        "ts",
        "--zod",
        "zod",
    ]
    assert run(argv) == 0
    assert '    #[serde(rename = "createdOn")]\n    pub created_at: ' in (folder / "rs/users.rs").read_text()
    assert "pub struct UsersRow" in (folder / "rs/users.rs").read_text()
    assert "export interface UserTableRow {\n" in (folder / "ts/userTable.ts").read_text()
    assert "  createdOn: " in (folder / "ts/userTable.ts").read_text()
    assert "export const userTableSelectSchema = z.object({\n" in (folder / "zod/userTable.ts").read_text()
    assert "state: z.string()," in (folder / "zod/userTable.ts").read_text()


def test_overrides_win(folder: Path) -> None:
    """A name of the configuration is the one that counts, and names can be said there too."""
    (folder / "pgkit.toml").write_text(
        'source = "schema.sql"\nnames = "names.json"\n[zod]\ndir = "zod"\n'
        '[overrides."public.users"]\nname = "Person"\n'
        '[overrides."public.users.created_at"]\njson_name = "made"\n'
    )
    assert run(["gen"]) == 0
    text = (folder / "zod/person.ts").read_text()
    assert "userId: " in text
    assert "made: " in text


def test_modes(folder: Path) -> None:
    """With `--wire drizzle`, values are what Drizzle makes of them, and what it fills in may be left out."""
    assert run(["gen", "schema.sql", "--names", "names.json", "--wire", "drizzle", "--zod", "zod"]) == 0
    text = (folder / "zod/userTable.ts").read_text()
    assert "  userId: bigint;\n  createdOn: Date;" in text.replace("  /** `bigint` */\n", "").replace(
        "  /** `timestamptz` */\n", ""
    )
    assert "  state: userTableStateSchema.optional()," in text
    assert "createInsertSchema" in (folder / "zod/drizzle.ts").read_text()
    assert "drizzle" not in (folder / "zod/index.ts").read_text()


def test_wire_without_names(folder: Path) -> None:
    """Without names, Drizzle's own defaults hold."""
    assert run(["gen", "schema.sql", "--wire", "drizzle", "--zod", "zod"]) == 0
    text = (folder / "zod/users.ts").read_text()
    assert "id: z.int()," in text
    assert "createdAt: z.date()," in text


@pytest.mark.parametrize(
    ("relations", "said"),
    [
        ({"gone": ("gone", POSTS)}, "it has public.gone, which does not exist"),
        ({"posts": ("posts", {"id": POSTS["id"]})}, "for public.posts, it lacks column title"),
        (
            {"posts": ("posts", {**POSTS, "body": POSTS["title"]})},
            "for public.posts, it has a column that is not there: body",
        ),
        (
            {"posts": ("posts", {**POSTS, "title": {"property": "title", "js": "date"}})},
            "for public.posts, it has another type for column title",
        ),
        (
            {"posts": ("posts", {**POSTS, "title": {**POSTS["title"], "dimensions": 1}})},
            "for public.posts, it has another type for column title",
        ),
    ],
)
def test_drift(
    folder: Path, capsys: pytest.CaptureFixture[str], relations: dict[str, Any], said: str
) -> None:
    """What the names and the catalog do not agree on is said, and what to do about it."""
    write_names(folder, **relations)
    assert run(["gen", "schema.sql", "--names", "names.json", "--wire", "drizzle", "--zod", "zod"]) == 0
    err = capsys.readouterr().err
    assert f"warning[stale-names]: schema.ts is not what is generated from: {said}" in err
    assert "write it again with `pgkit names src/schema.ts --output names.json`" in err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "expected JSON as drizzle-names.mjs writes it"),
        ("[]", "expected JSON as drizzle-names.mjs writes it"),
        ('{"format": "pgkit-drizzle-names", "version": 2}', "expected names of version 1, found 2"),
        (
            '{"format": "pgkit-drizzle-names", "version": 1, "relations": {"public.t": {"export": 1}}}',
            "expected names as drizzle-names.mjs writes them",
        ),
        (
            '{"format": "pgkit-drizzle-names", "version": 1, "relations": {"public.t": {"export": "t", '
            '"columns": {"a": {"property": "a", "js": "colour"}}}}}',
            "expected names as drizzle-names.mjs writes them",
        ),
    ],
)
def test_bad_files(folder: Path, capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    """A file that is no such file is refused, with the way to one."""
    (folder / "names.json").write_text(text)
    assert run(["gen", "schema.sql", "--names", "names.json", "--zod", "zod"]) == 3
    err = capsys.readouterr().err
    assert said in err
    assert "`pgkit names src/schema.ts --output names.json`" in err
    assert not (folder / "zod").exists()


def test_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    """Nor is there any."""
    assert run(["gen", "schema.sql", "--names", "gone.json", "--zod", "zod"]) == 3
    assert "error[no-names]: cannot read the names: no such file or directory" in capsys.readouterr().err
