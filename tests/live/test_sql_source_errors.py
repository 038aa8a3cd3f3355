"""What is said about SQL files that cannot be run: the place, what Postgres says, and the way out."""

import pytest

from pgkit.runtime.embedded import Server
from tests.live.sql_sources import place, problem

A = "CREATE TABLE a (b int);\n"


def test_the_place_that_postgres_names(test_server: Server) -> None:
    """The file, the line and the column, also where many statements went to the server together."""
    found = problem(
        test_server, A, "-- ö\nALTER TABLE a ADD c int;\nCREATE VIEW v AS SELECT b, d FROM a;\n" + A
    )
    assert place(found) == "2.sql:3:28 d"
    assert (found.code, found.message) == ("sql-failed", 'column "d" does not exist (42703)')


def test_the_statement_when_postgres_names_no_place(test_server: Server) -> None:
    """The statement is shown, and Postgres's detail and hint with it."""
    found = problem(test_server, A + "ALTER TABLE a ADD CHECK (b > 0);\nDROP TABLE a, c;")
    assert place(found) == "1.sql:3:1 DROP TABLE a, c"
    found = problem(
        test_server,
        "CREATE TYPE t AS (a int, c int);\nCREATE FUNCTION f() RETURNS t LANGUAGE sql AS 'SELECT 1';",
    )
    assert "Final statement returns" in found.message


def test_a_syntax_error(test_server: Server) -> None:
    """The word is shown that Postgres's parser stumbled over, whatever stands before it in the file."""
    found = problem(test_server, A, "CREATE TABLE ö (b int);\nCREATE TABEL c (d int);")
    assert place(found) == "2.sql:2:8 TABEL"


@pytest.mark.parametrize(
    ("sql", "help"),
    [
        ("BEGIN; VACUUM; COMMIT;", "take it out of BEGIN and COMMIT"),
        (
            "BEGIN; ALTER TYPE e ADD VALUE 'y'; CREATE TABLE t (b e DEFAULT 'y'); COMMIT;",
            "put a COMMIT between",
        ),
        ("SET search_path = ''; CREATE TABLE c (d int);", "the search path is empty"),
        ("CREATE TABLE c (d text DEFAULT :'name');", "psql puts a variable's value there"),
        ('CREATE EXTENSION "no-such-thing";', "without_extensions"),
        ("CREATE TABLE c (d citext);", "the extension citext brings it"),
        ("CREATE TABLE auth.users (d int);", 'prelude = ["supabase"]'),
    ],
)
def test_help_for_what_is_often_met(test_server: Server, sql: str, help: str) -> None:
    """The ways out are those of a file, not of a migrator."""
    found = problem(test_server, "CREATE TYPE e AS ENUM ('x'); " + sql)
    assert help in (found.help or "")
    assert "Drizzle" not in (found.help or "")


@pytest.mark.parametrize(
    "copy", ["COPY a FROM stdin;\n1\n\\.\n", "copy a (b) from STDIN;\n\\N\n\\.\n", "COPY a FROM STDIN"]
)
def test_rows_of_copy_are_refused(test_server: Server, copy: str) -> None:
    """A dump with rows is turned down before anything runs, with the way to dump without."""
    found = problem(test_server, "SELECT 1/0;", A + copy, code=3)
    assert place(found).lower().startswith("2.sql:2:1 copy a")
    assert (found.code, found.message) == ("copy-from-stdin", "cannot run COPY FROM STDIN")
    assert "pg_dump -s" in (found.help or "")


@pytest.mark.parametrize(
    ("command", "at"),
    [
        ("\\i other.sql", "2:1 \\i other.sql"),
        ("\\set ON_ERROR_STOP on", "2:1 \\set ON_ERROR_STOP on"),
        ("  \\echo done", "2:3 \\echo done"),
        ("SELECT 1 AS x \\gset", "2:15 \\gset"),
        ("\\copy a from 'x.csv'", "2:1 \\copy a from 'x.csv'"),
        ("SELECT '\\connect';\n\\! ls", "3:1 \\! ls"),
    ],
)
def test_commands_of_psql_are_refused(test_server: Server, command: str, at: str) -> None:
    """What they would do is psql's to know; inside of a string they are text."""
    found = problem(test_server, f"{A}{command}\n", code=3)
    assert (found.code, place(found)) == ("psql-command", f"1.sql:{at}")
    assert "put SQL in their place" in (found.help or "")


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER SYSTEM SET work_mem = '8MB'",
        "CREATE TABLESPACE t LOCATION '/tmp'",
        "DROP TABLESPACE IF EXISTS t",
        "ALTER TABLESPACE t RENAME TO u",
        "COMMENT ON TABLESPACE pg_default IS 'x'",
    ],
)
def test_what_the_server_shares_is_left_alone(test_server: Server, statement: str) -> None:
    """A server of ours is shared by all that ask it: its settings are not a file's to change."""
    found = problem(test_server, A + statement, code=3)
    assert (found.code, place(found)) == ("server-would-change", f"1.sql:2:1 {statement}")


def test_a_transaction_that_does_not_end(test_server: Server) -> None:
    """psql would undo it all at the end of the file, without a word."""
    found = problem(test_server, A + "BEGIN;\nCREATE TABLE c (d int);\n", code=3)
    assert (found.code, place(found)) == ("open-transaction", "1.sql:2:1 BEGIN")
    found = problem(test_server, "BEGIN; CREATE TABLE c (d int UNIQUE DEFERRABLE INITIALLY DEFERRED);"
                    "INSERT INTO c VALUES (1), (1);\nCOMMIT;")  # fmt: skip
    assert place(found) == "1.sql:2:1 COMMIT"


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE DATABASE one; CREATE DATABASE two;",
        "\\connect one\nCREATE TABLE a ();\n\\connect two\nCREATE TABLE b ();",
        "CREATE DATABASE one;\n\\connect two\n",
        "CREATE TABLE a ();\n\\connect one\n",
        "\\connect -reuse-previous=on \"dbname='one'\"\n\\c two\n",
    ],
)
def test_a_source_is_one_database(test_server: Server, sql: str) -> None:
    """What pg_dumpall writes is several catalogs, not one."""
    found = problem(test_server, sql, code=3)
    assert found.code == "two-databases"
    assert "each by itself" in (found.help or "")
    assert found.span is not None


def test_zero_bytes(test_server: Server) -> None:
    """Postgres cannot be sent one."""
    assert place(problem(test_server, A + "SELECT '\0';", code=3)) == "1.sql:2:9 \0"
