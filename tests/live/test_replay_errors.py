"""A migration that does not run is shown where it fails, with what Postgres says and what to do."""

from pathlib import Path

import pytest

from pgkit.diag import PgkitError
from pgkit.jobs.replay import ReplayOptions
from pgkit.jobs.replay_prelude import preludes
from pgkit.runtime.embedded import Server
from tests.live.replays import BREAK, place, problem, replayed, tables


def test_the_place_that_postgres_names(test_server: Server) -> None:
    """The file, the line and the column are those of the word that Postgres stumbled over."""
    found = problem(
        test_server,
        "-- é\n\nCREATE TABLE a (b int);",
        f"-- ü{BREAK}\n  CREATE VIEW v AS\n SELECT wrong FROM a;",
    )
    assert place(found) == "0001_m.sql:4:9 wrong"
    assert found.code == "replay-failed"
    assert found.message == 'column "wrong" does not exist (42703)'
    assert found.help == "Drizzle's migrator stops here too; correct this file, or what runs before it"


def test_the_statement_when_postgres_names_no_place(test_server: Server) -> None:
    """Of several statements in one chunk, the one that failed is shown."""
    found = problem(
        test_server, "CREATE TABLE a (b int);\n-- again\nCREATE TABLE a (b int);\nCREATE TABLE c (d int);"
    )
    assert place(found) == "0000_m.sql:3:1 CREATE TABLE a (b int)"
    assert found.message == 'relation "a" already exists (42P07)'


def test_the_chunk_when_it_ends_a_transaction_itself(test_server: Server) -> None:
    """Statements that commit go to Postgres together, as Drizzle sends them."""
    found = problem(test_server, f"CREATE TABLE a ();{BREAK}COMMIT; CREATE TABLE a ();")
    assert place(found) == "0000_m.sql:2:1 COMMIT; CREATE TABLE a ()"


def test_a_syntax_error(test_server: Server) -> None:
    """The word is shown, whatever stands before it in the chunk."""
    found = problem(test_server, "CREATE TABLE a (b int);\nCREATE TABEL c (d int);")
    assert place(found) == "0000_m.sql:2:8 TABEL"
    assert found.message == 'syntax error at or near "TABEL" (42601)'


def test_what_postgres_adds_is_told(test_server: Server) -> None:
    """The detail and the hint of the error are part of the message and the help."""
    sql = "CREATE TABLE a (b int UNIQUE); INSERT INTO a VALUES (1), (1);"
    assert problem(test_server, sql).message == (
        'duplicate key value violates unique constraint "a_b_key": Key (b)=(1) already exists. (23505)'
    )
    hinted = problem(test_server, "CREATE TABLE a (some_column int); SELECT some_colum FROM a;")
    assert hinted.help is not None
    assert hinted.help.startswith('Postgres: Perhaps you meant to reference the column "a.some_column"; ')


def test_what_fails_only_at_the_end(test_server: Server) -> None:
    """A deferred constraint is checked by the migrator's own COMMIT, after the last statement."""
    sql = f"CREATE TABLE a (b int UNIQUE DEFERRABLE INITIALLY DEFERRED);{BREAK}INSERT INTO a VALUES (1), (1);"
    assert place(problem(test_server, sql)) == "0000_m.sql:2:1 INSERT INTO a VALUES (1), (1)"


@pytest.mark.parametrize(
    ("sql", "sqlstate", "help"),
    [
        ("CREATE TABLE a (b int); CREATE INDEX CONCURRENTLY i ON a (b);", "25001", "put a `COMMIT;` chunk"),
        (
            "CREATE TYPE e AS ENUM ('a'); COMMIT; BEGIN;--> statement-breakpoint\n"
            "ALTER TYPE e ADD VALUE 'b';--> statement-breakpoint\nCREATE TABLE t (c e DEFAULT 'b');",
            "55P04",
            "between ALTER TYPE ... ADD VALUE and",
        ),
        ("CREATE TABLE a (b int REFERENCES auth.users (id));", "3F000", 'prelude = ["supabase"]'),
        ("CREATE VIEW v AS SELECT * FROM storage.objects;", "42P01", 'prelude = ["supabase"]'),
        ("CREATE TABLE a (); CREATE POLICY p ON a TO authenticated;", "42704", 'prelude = ["supabase"]'),
        ("CREATE TABLE a (b uuid DEFAULT uuid_generate_v4());", "42883", "the extension uuid-ossp brings it"),
        ("CREATE TABLE a (b citext);", "42704", "the extension citext brings it"),
        ("CREATE TABLE a (b storage);", "42704", "Drizzle's migrator stops here too"),
    ],
)
def test_help_for_what_is_often_met(test_server: Server, sql: str, sqlstate: str, help: str) -> None:
    """The ways out are named where they are known."""
    found = problem(test_server, sql)
    assert f"({sqlstate})" in found.message
    assert help in (found.help or "")


def test_an_extension_that_the_server_lacks(test_server: Server) -> None:
    """All three ways out are named, the last ready to be pasted."""
    found = problem(test_server, 'CREATE EXTENSION IF NOT EXISTS "no-such-thing";')
    assert place(found) == '0000_m.sql:1:1 CREATE EXTENSION IF NOT EXISTS "no-such-thing"'
    for way in ("--server URL", "--server local", '`without_extensions = ["no-such-thing"]`'):
        assert way in (found.help or "")


def test_a_baseline_that_is_all_comment(test_server: Server) -> None:
    """What `drizzle-kit pull` wrote makes nothing, and that is why the next file fails."""
    found = problem(test_server, "-- pulled\n/*\nCREATE TABLE a (b int);\n*/", "ALTER TABLE a ADD c int;")
    assert place(found).startswith("0001_m.sql:1:")
    assert "take the /* and */ out of it" in (found.help or "")


@pytest.mark.parametrize(
    "copy",
    [
        "COPY a FROM STDIN;",
        "copy public.a (b) from stdin with (format csv);",
        "COPY a (b) FROM stdin;\n1\n\\.\n",
    ],
)
def test_copy_from_stdin_is_refused(test_server: Server, copy: str) -> None:
    """It would wait for data for ever; nothing runs before it is found."""
    found = problem(test_server, "SELECT 1/0;", f"CREATE TABLE a (b int);\n{copy}", code=3)
    assert found.code == "copy-from-stdin"
    assert place(found).lower().startswith("0001_m.sql:2:1 copy ")


def test_commands_of_psql_are_refused(test_server: Server) -> None:
    """They are no SQL, and what they would do cannot be known."""
    found = problem(test_server, "CREATE TABLE a (b int);\n\\connect other\n", code=3)
    assert (found.code, found.message) == ("psql-command", "cannot run psql's \\connect")
    assert place(found) == "0000_m.sql:2:1 \\connect other"


def test_a_migration_without_its_file(test_server: Server) -> None:
    """Drizzle's migrator stops there, and so does the replay."""
    found = problem(test_server, "CREATE TABLE a ();", None, code=3)
    assert (found.code, found.where) == ("no-sql-file", "0001_m.sql")


def test_a_zero_byte(test_server: Server) -> None:
    """Postgres cannot be sent one."""
    found = problem(test_server, "CREATE TABLE a ();\nSELECT '\0';", code=3)
    assert place(found).startswith("0000_m.sql:2:9 ")


def test_a_session_that_ends_itself(test_server: Server) -> None:
    """A lost connection is told like any other failure."""
    found = problem(test_server, "SELECT pg_terminate_backend(pg_backend_pid());")
    assert place(found).startswith("0000_m.sql:1:1 ")


def test_a_prelude_that_fails(test_server: Server, tmp_path: Path) -> None:
    """It is shown like a migration."""
    (tmp_path / "first.sql").write_text("CREATE TABLE a ();\nCREATE TABLE a ();")
    options = ReplayOptions(prelude=preludes(["first.sql"], tmp_path))
    assert place(problem(test_server, "", options=options)) == f"{tmp_path}/first.sql:2:1 CREATE TABLE a ()"


@pytest.mark.parametrize("name", ["nothing.sql", "supabse", "", "."])
def test_a_prelude_that_is_not_there(name: str, tmp_path: Path) -> None:
    """The built-in ones are named."""
    with pytest.raises(PgkitError) as caught:
        preludes([name], tmp_path)
    (found,) = caught.value.diagnostics
    assert found.code == "no-prelude"
    assert "supabase" in (found.help or "")


def test_a_statement_among_many_after_a_commit(test_server: Server) -> None:
    """Statements that went to the server together are told apart again when one fails."""
    first = "".join(f"CREATE TABLE t{i} (b int);{BREAK}" for i in range(5))
    found = problem(
        test_server, f"COMMIT;{BREAK}{first}CREATE TABLE t3 (c int);{BREAK}CREATE TABLE u (d int);"
    )
    assert place(found) == "0000_m.sql:7:1 CREATE TABLE t3 (c int)"


def test_syntax_that_the_server_does_not_know_yet(contrib: Server) -> None:
    """What our parser accepts may be too new for the server, also among statements that go together."""
    sql = f"CREATE TABLE é (b int);{BREAK}CREATE TABLE a (b int,\n c int GENERATED ALWAYS AS (b) VIRTUAL);{BREAK}CREATE TABLE d ();"
    if contrib.version == 15:
        assert place(problem(contrib, sql)) == "0000_m.sql:3:32 VIRTUAL"
    else:
        assert tables(replayed(contrib, sql).catalog) == {"public.a", "public.d", "public.é"}
