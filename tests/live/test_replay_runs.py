"""The replay runs a journal's SQL as Drizzle's migrator does, and gives back all that it makes."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pgkit.frontends.drizzle import read
from pgkit.jobs.replay import ReplayOptions, replay, replaying
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server, server
from pgkit.runtime.scratch import PREFIX
from tests.live.reading import run, table
from tests.live.replays import BREAK, folder, replayed, tables


def test_everything_that_the_files_make_is_there(test_server: Server) -> None:
    """Files run in order, each after what the ones before it made."""
    found = replayed(
        test_server, "CREATE TABLE a (b int);", "ALTER TABLE a ADD c text; CREATE TYPE e AS ENUM ('x');"
    )
    assert [column.name for column in table(found.catalog, "a").columns] == ["b", "c"]
    assert [enum.name for enum in found.catalog.enums] == ["e"]
    assert (found.findings, found.skipped) == ((), ())
    assert found.given.tables == ()


def test_all_files_share_one_transaction(test_server: Server) -> None:
    """A temporary table that is dropped at commit lives until the last file."""
    found = replayed(
        test_server,
        "CREATE TEMP TABLE seen ON COMMIT DROP AS SELECT 7 AS n;",
        f"CREATE TABLE a (n int);{BREAK}INSERT INTO a SELECT n FROM seen;{BREAK}"
        "DO $$ BEGIN IF (SELECT n FROM a) <> 7 THEN RAISE 'lost'; END IF; END $$;",
    )
    assert tables(found.catalog) == {"public.a"}


def test_after_a_commit_everything_commits_at_once(test_server: Server) -> None:
    """What cannot run in a transaction runs after a chunk that commits, also in the files that follow."""
    found = replayed(
        test_server,
        f"CREATE TABLE a (b int);{BREAK}COMMIT;{BREAK}CREATE INDEX CONCURRENTLY one ON a (b);",
        "CREATE INDEX CONCURRENTLY two ON a (b);",
    )
    assert {index.name for index in table(found.catalog, "a").indexes} == {"one", "two"}


def test_a_begin_after_a_commit_holds_on(test_server: Server) -> None:
    """A transaction that a file begins lasts to the end, and is committed there."""
    found = replayed(
        test_server,
        f"COMMIT;{BREAK}BEGIN;{BREAK}CREATE TEMP TABLE seen (n int) ON COMMIT DROP;",
        "CREATE TABLE a (LIKE seen);",
    )
    assert tables(found.catalog) == {"public.a"}


def test_a_rollback_undoes_what_drizzle_would_lose(test_server: Server) -> None:
    """A file that rolls back takes with it all that has not been committed."""
    found = replayed(test_server, "CREATE TABLE a (b int);", f"ROLLBACK;{BREAK}CREATE TABLE c (d int);")
    assert tables(found.catalog) == {"public.c"}


@pytest.mark.parametrize(
    "empty", ["", ";", " ;; \n", "-- nothing", "/* a /* b */ c */", "\n-- a\n;\n/* b */"]
)
def test_chunks_without_a_statement_are_passed_over(test_server: Server, empty: str) -> None:
    """Drizzle sends them, and Postgres does nothing."""
    found = replayed(test_server, empty, f"{empty}{BREAK}CREATE TABLE a (b int);{BREAK}{empty}")
    assert tables(found.catalog) == {"public.a"}


def test_statements_of_one_chunk_after_a_commit_are_one_transaction(test_server: Server) -> None:
    """Postgres runs several statements that come together as a transaction."""
    found = replayed(
        test_server,
        f"COMMIT;{BREAK}CREATE TEMP TABLE t (n int) ON COMMIT DROP; CREATE TABLE a (LIKE t);",
    )
    assert tables(found.catalog) == {"public.a"}


def test_settings_and_search_path_last_for_the_session(test_server: Server) -> None:
    """What a file sets holds in the files that follow, as in the migrator's session."""
    found = replayed(
        test_server,
        f"SET lock_timeout = '5s';{BREAK}CREATE SCHEMA s;{BREAK}SET search_path = s, public;",
        "CREATE TABLE a (b int);",
    )
    assert tables(found.catalog) == {"s.a"}


def test_the_search_path_can_be_chosen(test_server: Server) -> None:
    """Unqualified names are made where the configuration says."""
    options = ReplayOptions(search_path="app, public")
    found = replayed(test_server, f"CREATE SCHEMA app;{BREAK}CREATE TABLE a (b int);", options=options)
    assert tables(found.catalog) == {"app.a"}


def test_old_migrations_that_guard_their_statements(test_server: Server) -> None:
    """Kits before 0.30 wrapped types and foreign keys in DO blocks, with breakpoints after them."""
    guard = "DO $$ BEGIN\n {} EXCEPTION\n WHEN duplicate_object THEN null;\nEND $$;\n"
    enum = guard.format("CREATE TYPE \"mood\" AS ENUM('sad');")
    key = guard.format('ALTER TABLE "b" ADD CONSTRAINT "k" FOREIGN KEY ("a") REFERENCES "a"("id");')
    made = f'CREATE TABLE IF NOT EXISTS "a" ("id" int PRIMARY KEY);{BREAK}CREATE TABLE "b" ("a" int);'
    found = replayed(test_server, f"{enum}{BREAK}{enum}{BREAK}{made}{BREAK}{key}{BREAK}{key}")
    assert [enum.labels for enum in found.catalog.enums] == [("sad",)]
    assert [key.name for key in table(found.catalog, "b").foreign_keys] == ["k"]


def test_the_guards_of_pg_dump_are_dropped(test_server: Server) -> None:
    """A dump pasted into a migration starts and ends with lines that only psql reads."""
    found = replayed(test_server, "\\restrict x1\nCREATE TABLE a (b int);\n\\unrestrict x1\n")
    assert tables(found.catalog) == {"public.a"}


def test_a_backslash_inside_a_string_is_no_command(test_server: Server) -> None:
    """Only lines that Postgres's parser cannot read are looked at for psql's commands."""
    found = replayed(test_server, "CREATE TABLE a (b text DEFAULT '\n\\d\nCOPY t FROM stdin;\n');")
    assert tables(found.catalog) == {"public.a"}


def test_up_to_a_tag(test_server: Server) -> None:
    """With a tag, the entries after it do not run."""
    upto = folder("CREATE TABLE a ();", "CREATE TABLE b ();", "CREATE TABLE c ();", tag="0001_m")
    assert tables(run(replay(upto, test_server)).catalog) == {"public.a", "public.b"}


def test_folders_of_version_one(test_server: Server, tmp_path: Path) -> None:
    """Migrations in folders run in the order of their names."""
    for name, sql in (
        ("20250102000000_b", "ALTER TABLE a ADD c int;"),
        ("20250101000000_a", "CREATE TABLE a ();"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "migration.sql").write_text(sql)
    assert tables(run(replay(read(tmp_path), test_server)).catalog) == {"public.a"}


def test_a_journal_on_disk(test_server: Server, tmp_path: Path) -> None:
    """The order is that of the journal, whatever the files are called."""
    entries = [
        {"idx": i, "version": "7", "when": i, "tag": tag, "breakpoints": True}
        for i, tag in enumerate(("9_z", "1_a"))
    ]
    (tmp_path / "meta").mkdir()
    journal = {"version": "7", "dialect": "postgresql", "entries": entries}
    (tmp_path / "meta" / "_journal.json").write_text(json.dumps(journal))
    (tmp_path / "9_z.sql").write_text("CREATE TABLE a ();")
    (tmp_path / "1_a.sql").write_text("ALTER TABLE a RENAME TO b;")
    assert tables(run(replay(read(tmp_path), test_server)).catalog) == {"public.b"}


def test_the_database_is_there_as_long_as_it_is_wanted(test_server: Server) -> None:
    """`replaying` leaves the scratch database open for the caller, and drops it at its end."""

    async def seen() -> tuple[int, int]:
        async with replaying(
            folder("CREATE TABLE a (b int); INSERT INTO a VALUES (5);"), test_server
        ) as found:
            async with open_(found.url) as session:
                rows = await session.fetch("SELECT b FROM public.a")
            name = found.url.partition("?")[0].rpartition("/")[2]
        async with open_(test_server.url) as session:
            left = await session.fetch("SELECT count(*) FROM pg_database WHERE datname = $1", name)
        return rows[0][0], left[0][0]

    assert run(seen()) == (5, 0)


def test_roles_that_the_sql_makes_are_part_of_the_result(test_server: Server) -> None:
    """They are read with the rest, and gone from the server afterwards."""
    if not test_server.owned:
        pytest.skip("makes roles, which no test does on a server of the user's")
    found = replayed(test_server, 'CREATE ROLE "app role" NOINHERIT CREATEDB;')
    (role,) = found.catalog.roles
    assert (role.name, role.inherit, role.create_db) == ("app role", False, True)
    assert found.given.roles == ()


def test_replays_at_once_that_make_the_same_role() -> None:
    """Roles belong to the whole server, and yet replays do not disturb each other."""
    sql = "CREATE ROLE same; CREATE TABLE a (b int); CREATE POLICY p ON a TO same;"

    async def together(there: Server) -> list[set[str]]:
        plain = [replay(folder("CREATE TABLE a (b int);"), there) for _ in range(2)]
        with_role = [replay(folder(sql), there) for _ in range(3)]
        return [
            {role.name for role in found.catalog.roles} for found in await asyncio.gather(*plain, *with_role)
        ]

    with server("embedded") as there:
        assert run(together(there)) == [set(), set(), {"same"}, {"same"}, {"same"}]


SLEEPER = """
import asyncio, sys
from pathlib import Path
from pgkit.diag import Source
from pgkit.frontends.drizzle import Entry, Folder
from pgkit.jobs.replay import replay
from pgkit.runtime.embedded import server
sql = Source("0000_m.sql", "CREATE TABLE a (); SELECT pg_sleep(600) AS interrupted_here;")
entries = (Entry(idx=0, tag="0000_m", when=0, sql=sql),)
with server("embedded") as there:
    print("started", flush=True)
    asyncio.run(replay(Folder(path=Path("."), layout="journal", entries=entries), there))
"""


async def sleepers(url: str) -> list[str]:
    """The scratch databases in which a replay sleeps."""
    query = """
        SELECT datname::text FROM pg_stat_activity
        WHERE query LIKE '%pg_sleep(600) AS interrupted_here%' AND starts_with(datname, $1)"""
    async with open_(url) as session:
        return [name for (name,) in await session.fetch(query, PREFIX)]


def test_an_interrupted_replay_leaves_nothing() -> None:
    """Ctrl-C in the middle of a statement ends it and drops the scratch database."""
    with server("embedded") as there:
        process = subprocess.Popen(
            [sys.executable, "-c", SLEEPER], stderr=subprocess.PIPE, env=dict(os.environ)
        )
        try:
            deadline = time.monotonic() + 60
            while not (names := run(sleepers(there.url))) and time.monotonic() < deadline:
                time.sleep(0.1)
            assert len(names) == 1
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        finally:
            process.kill()

        async def left() -> int:
            async with open_(there.url) as session:
                return int(
                    (await session.fetch("SELECT count(*) FROM pg_database WHERE datname = $1", names[0]))[0][
                        0
                    ]
                )

        assert run(left()) == 0
