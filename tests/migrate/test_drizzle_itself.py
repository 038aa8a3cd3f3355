"""The real drizzle-kit and ours on one folder and one database: each knows what the other has done."""

import json
from pathlib import Path
from typing import Any

import pytest

from pgkit.jobs.migrate.files import migrations
from pgkit.runtime.target import parse
from tests.migrate.asking import apply, ask, codes, mend, rows, settle, sql, stands
from tests.migrate.folders import BREAK, FIRST, journal, write, write_v1
from tests.toolchains import Run, link_packages, npx
from tests.toolchains.npm import NEXT, NODE

ROWS = "SELECT id, hash, created_at FROM drizzle.__drizzle_migrations ORDER BY id"
TABLE = """
    SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
        (SELECT string_agg(pg_get_indexdef(indexrelid), ';') FROM pg_index WHERE indrelid = a.attrelid)
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    WHERE a.attrelid = 'drizzle.__drizzle_migrations'::regclass AND a.attnum > 0 ORDER BY a.attnum
"""
FILES = {
    "0000_a": f"CREATE TYPE m AS ENUM ('x');{BREAK}CREATE TABLE a (m m);\r\n{BREAK}-- nothing\n",
    "0001_b": "-- é\nCREATE TABLE b (); INSERT INTO a VALUES ('x')",
    "0002_c": "CREATE TABLE c ();",
}
TAGS = list(FILES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three migrations in a project that drizzle-kit can run in."""
    link_packages(tmp_path)
    (tmp_path / "schema.ts").write_text("export {};\n")
    return write(tmp_path / "drizzle", FILES)


def kit(folder: Path, db: str, tools: Path = NODE) -> Run:
    """`drizzle-kit migrate`, of 0.31 or, from its own folder, of 1.0."""
    params = parse(db).params
    url = f"postgresql://{params['user']}@localhost/{params['dbname']}?host={params['host']}"
    config = {
        "dialect": "postgresql",
        "schema": "./schema.ts",
        "out": f"./{folder.name}",
        "dbCredentials": {"url": f"{url}&port={params.get('port', '5432')}"},
    }
    (folder.parent / "drizzle.config.ts").write_text(f"export default {json.dumps(config)};\n")
    return npx("drizzle-kit", "migrate", cwd=folder.parent, folder=tools)


def form(db: str) -> list[tuple[Any, ...]]:
    """The ledger's table: columns, types, defaults and indexes."""
    return rows(db, TABLE)


def test_what_drizzle_kit_has_applied_is_applied(folder: Path, db: str) -> None:
    """Status says so, `up` has nothing to do, and a baseline takes it over."""
    kit(folder, db).check()
    assert stands(folder, db) == dict.fromkeys(TAGS, "applied")
    assert apply(folder, db, "drizzle").applied == ()
    assert settle(folder, db).recorded == tuple(TAGS)
    assert apply(folder, db).applied == ()


def test_what_we_have_applied_drizzle_kit_has_nothing_to_do_about(folder: Path, db: str) -> None:
    """In turns, on one database; its rows are those that drizzle-kit alone writes, in the table it makes."""
    journal(folder, TAGS[:1])
    apply(folder, db, "drizzle")
    ours = form(db)
    kit(folder, db).check()
    assert len(rows(db, ROWS)) == 1
    journal(folder, TAGS[:2])
    kit(folder, db).check()
    journal(folder, TAGS)
    assert [one.tag for one in apply(folder, db, "drizzle").applied] == TAGS[2:]
    kit(folder, db).check()
    by_both = rows(db, ROWS)
    assert ask(folder, db).clean
    sql(db, "DROP SCHEMA drizzle, public CASCADE; CREATE SCHEMA public")
    kit(folder, db).check()
    assert (rows(db, ROWS), form(db)) == (by_both, ours)


def test_what_is_called_skipped_is_skipped(folder: Path, db: str) -> None:
    """A branch merged late: drizzle-kit is content and has not run it; ours runs it, and both are content."""
    whens = {tag: FIRST + i for i, tag in enumerate(TAGS)}
    journal(folder, [TAGS[0], TAGS[2]], whens)
    kit(folder, db).check()
    journal(folder, [TAGS[0], TAGS[2], TAGS[1]], whens)
    assert stands(folder, db)[TAGS[1]] == "skipped"
    kit(folder, db).check()
    assert stands(folder, db)[TAGS[1]] == "skipped"
    assert [one.tag for one in apply(folder, db, "drizzle").applied] == [TAGS[1]]
    assert ask(folder, db).clean
    kit(folder, db).check()
    assert len(rows(db, ROWS)) == 3


def test_what_is_called_restamped_would_run_again(folder: Path, db: str) -> None:
    """drizzle-kit goes by the time alone; repaired, it knows the file again."""
    kit(folder, db).check()
    journal(folder, TAGS, {TAGS[2]: FIRST + 999_999})
    assert codes(folder, db) == ["restamped"]
    assert not kit(folder, db).ok  # the table is there already; drizzle-kit does not say so
    mend(folder, db)
    kit(folder, db).check()
    assert codes(folder, db) == []


def test_an_edit_is_none_of_its_concern(folder: Path, db: str) -> None:
    """drizzle-kit keeps the hash and never looks at it; ours does."""
    kit(folder, db).check()
    (folder / f"{TAGS[2]}.sql").write_text("CREATE TABLE other ();")
    kit(folder, db).check()
    assert codes(folder, db) == ["edited"]
    mend(folder, db)
    assert rows(db, ROWS)[2][1] == migrations(folder).migrations[2].raw


NAMED = "SELECT id, hash, created_at, name, applied_at IS NULL FROM drizzle.__drizzle_migrations ORDER BY id"
V1 = {f"2024010203040{i}_{tag[5:]}": text for i, (tag, text) in enumerate(FILES.items())}


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """The same migrations as folders of 1.0, in a project for its drizzle-kit."""
    project = tmp_path / "next"
    project.mkdir()
    link_packages(project, NEXT)
    (project / "schema.ts").write_text("export {};\n")
    return write_v1(project / "drizzle", V1)


def test_drizzle_kit_1_0_and_ours_agree_on_folders(folders: Path, db: str) -> None:
    """Either finds nothing to do after the other, and the rows and the table are the same."""
    kit(folders, db, NEXT).check()
    theirs = rows(db, NAMED), form(db)
    assert stands(folders, db) == dict.fromkeys(V1, "applied")
    assert apply(folders, db, "drizzle").applied == ()
    sql(db, "DROP SCHEMA drizzle, public CASCADE; CREATE SCHEMA public")
    apply(folders, db, "drizzle")
    assert (rows(db, NAMED), form(db)) == theirs
    kit(folders, db, NEXT).check()
    assert rows(db, NAMED) == theirs[0]


def test_a_database_of_0_31_is_brought_up_to_date(folder: Path, folders: Path, db: str) -> None:
    """The folder was converted to 1.0: ours names the rows as drizzle-kit does, and goes on."""
    whens = {m.tag: m.when for m in migrations(folders).migrations}
    times = {tag: when + 7 for tag, when in zip(TAGS, whens.values(), strict=True)}
    journal(folder, TAGS[:2], times)
    outcomes = []
    for first in ("ours", "theirs"):
        sql(db, "DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS drizzle CASCADE; CREATE SCHEMA public")
        kit(folder, db).check()
        if first == "ours":
            assert [one.tag for one in apply(folders, db, "drizzle").applied] == list(V1)[2:]
        kit(folders, db, NEXT).check()
        outcomes.append((rows(db, NAMED), form(db)))
    assert outcomes[0] == outcomes[1]


def test_what_has_no_name_would_run_again(folders: Path, db: str) -> None:
    """drizzle-kit 1.0 goes by the name alone; repaired, it knows the folder again."""
    kit(folders, db, NEXT).check()
    sql(db, "UPDATE drizzle.__drizzle_migrations SET name = NULL WHERE id = 3")
    assert codes(folders, db) == ["unnamed"]
    assert not kit(folders, db, NEXT).ok
    mend(folders, db)
    kit(folders, db, NEXT).check()
    assert codes(folders, db) == []
