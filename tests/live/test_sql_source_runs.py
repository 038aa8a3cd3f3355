"""SQL files as a source: they are run as psql would run them, and what they make is the catalog."""

from pathlib import Path

import pytest

from pgkit.diag import PgkitError, Source
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.jobs.replay import ReplayOptions
from pgkit.jobs.replay_prelude import preludes
from pgkit.jobs.sources import Options, load
from pgkit.jobs.sql_files import run_sql
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.live.reading import columns, indexes, run, table, unmodelled
from tests.live.replays import tables
from tests.live.sql_sources import made, said

A = "CREATE TABLE a (b int);"


def test_files_run_in_one_session(test_server: Server) -> None:
    """What one file sets holds in the next, as with several `-f` of psql."""
    found = made(
        test_server,
        "SELECT pg_catalog.set_config('search_path', '', false); CREATE SCHEMA s;",
        "CREATE TABLE s.a (b int); SET search_path = s;",
        "CREATE TABLE c (d int);",
    )
    assert (tables(found.catalog), said(found)) == ({"s.a", "s.c"}, [])


def test_each_statement_is_a_transaction(test_server: Server) -> None:
    """A new label is used at once, and what may not run in a transaction runs."""
    found = made(
        test_server,
        "CREATE TYPE e AS ENUM ('x'); ALTER TYPE e ADD VALUE 'y'; CREATE TABLE a (b e DEFAULT 'y');"
        "CREATE INDEX CONCURRENTLY i ON a (b); REINDEX INDEX CONCURRENTLY i; VACUUM a; ANALYZE;"
        "ALTER TABLE a ADD c int; DROP INDEX CONCURRENTLY IF EXISTS j;",
    )
    assert set(indexes(table(found.catalog, "a"))) == {"i"}
    assert found.catalog.enums[0].labels == ("x", "y")


def test_transactions_of_the_files_own(test_server: Server) -> None:
    """What is committed stays, also across files; what is rolled back was never there."""
    found = made(
        test_server,
        f"BEGIN; {A} COMMIT; START TRANSACTION; CREATE TABLE gone (b int); ROLLBACK;",
        "BEGIN; CREATE TABLE c (d int); SAVEPOINT s; CREATE TABLE gone (b int); ROLLBACK TO s;",
        "CREATE TABLE e (f int); END;",
    )
    assert tables(found.catalog) == {"public.a", "public.c", "public.e"}


@pytest.mark.parametrize(
    ("sql", "bodies"),
    [
        ("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;" + A, 1),
        ("CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $a$ SELECT ';$$'::text; $a$;" + A, 1),
        ("/* ; /* ' */ */ " + A + " -- ; CREATE\n;;", 0),
        (f"{A}\n--> statement-breakpoint\nALTER TABLE a ADD c text DEFAULT ';--''';", 0),
        (f"\r\n{A}\r\n\r\nCOMMENT ON TABLE a\r\n  IS 'x';\r\n", 0),
        ("CREATE RULE r AS ON INSERT TO x DO ALSO (SELECT 1; SELECT 2);", 0),
        (A.removesuffix(";"), 0),
    ],
    ids=["atomic", "dollars", "comments", "breakpoints", "crlf", "rule", "unended"],
)
def test_statements_end_where_postgres_ends_them(test_server: Server, sql: str, bodies: int) -> None:
    """Semicolons in bodies, strings, names and comments end nothing."""
    found = made(test_server, "CREATE TABLE x ();" + sql if "RULE" in sql else sql)
    assert len(unmodelled(found.catalog, "function")) == bodies
    assert tables(found.catalog) <= {"public.a", "public.x"}
    assert len(tables(found.catalog)) == 1


def test_a_file_and_a_folder(tmp_path: Path) -> None:
    """The files at the top run by name; byte order marks, odd ends of names and hidden files do no harm."""
    (tmp_path / "10_b.SQL").write_text("ALTER TABLE a ADD c int;")
    (tmp_path / "09_a.sql").write_bytes(b"\xef\xbb\xbf" + A.encode())
    (tmp_path / "._09_a.sql").write_bytes(b"\0\5")
    (tmp_path / "notes.txt").write_text("CREATE TABLE wrong ();")
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "20.sql").write_text("CREATE TABLE wrong ();")
    catalog = run(load(str(tmp_path), Options())).catalog
    assert list(columns(table(catalog, "a"))) == ["b", "c"]
    assert tables(run(load(str(tmp_path / "09_a.sql"), Options())).catalog) == {"public.a"}


def test_nothing_is_a_schema_too(test_server: Server) -> None:
    """A file without a statement makes nothing."""
    assert tables(made(test_server, "", "-- later\n").catalog) == set()


def test_what_a_prelude_makes_is_not_the_sources(test_server: Server, tmp_path: Path) -> None:
    """`[replay] prelude` prepares the database for a SQL source too, and its search path holds."""
    (tmp_path / "first.sql").write_text("CREATE SCHEMA s; CREATE TABLE s.given (id int PRIMARY KEY);")
    options = ReplayOptions(prelude=preludes(["first.sql"], tmp_path), search_path="s")
    found = made(test_server, "CREATE TABLE a (b int REFERENCES given);", options=options)
    assert tables(found.given) == {"s.given"}
    assert tables(found.catalog) == {"s.given", "s.a"}


def test_extensions_that_are_left_out(test_server: Server) -> None:
    """`[replay] without_extensions` skips what wants them, inside of a transaction and outside of one."""
    found = made(
        test_server,
        "CREATE EXTENSION IF NOT EXISTS btree_gin;"
        "CREATE TABLE a (b int); CREATE INDEX i ON a USING gin (b); BEGIN; CREATE INDEX j ON a USING gin (b);"
        "CREATE INDEX k ON a (b); COMMIT;",
        options=ReplayOptions(without_extensions=frozenset(["btree_gin"])),
    )
    assert set(indexes(table(found.catalog, "a"))) == {"k"}
    assert [f"{s.extension}: {s.statement[:14]}" for s in found.skipped] == [
        "btree_gin: CREATE EXTENSI",
        "btree_gin: CREATE INDEX i",
        "btree_gin: CREATE INDEX j",
    ]
    assert {str(ref) for ref in found.left_out} >= {"public.a.i", "public.a.j"}


def test_rows_are_put_in_and_forgotten(test_server: Server) -> None:
    """INSERT, COPY to the client, DO blocks and procedures that commit run; rows are no part of a catalog."""
    found = made(
        test_server,
        A + "INSERT INTO a VALUES (1); COPY a TO STDOUT; DO $$ BEGIN CREATE TABLE c (); END $$;"
        "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; CREATE TABLE d (); END $$; CALL p();",
    )
    assert tables(found.catalog) == {"public.a", "public.c", "public.d"}


def test_sql_on_a_database_of_ones_own(test_server: Server) -> None:
    """`run_sql` runs a script statement by statement on a database that is there."""

    async def work() -> Catalog:
        async with scratch(test_server, purpose="test") as url:
            script = Source(
                "<plan>", "CREATE TYPE public.e AS ENUM ('x');\nALTER TYPE public.e ADD VALUE 'y';\n"
            )
            await run_sql(url, script)
            with pytest.raises(PgkitError, match=r"no schema has been selected[\s\S]*<plan>:1:14"):
                await run_sql(url, Source("<plan>", A))
            await run_sql(url, Source("<plan>", A), search_path="public")
            async with open_(url) as session:
                return (await read_catalog(session)).catalog

    catalog = run(work())
    assert tables(catalog) == {"public.a"}
    assert catalog.enums[0].labels == ("x", "y")
