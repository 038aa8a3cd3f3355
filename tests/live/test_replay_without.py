"""A replay without extensions leaves out what needs them, lists it, and hides nothing else."""

import pytest

from pgkit.ir.names import Ref
from pgkit.jobs.replay import Replayed, ReplayOptions
from pgkit.runtime.embedded import Server
from tests.live.reading import table
from tests.live.replays import BREAK, place, problem, replayed, tables


def without(server: Server, extensions: str, *files: str) -> Replayed:
    """A replay that goes without these extensions."""
    return replayed(server, *files, options=ReplayOptions(without_extensions=frozenset(extensions.split())))


def skipped(found: Replayed) -> list[str]:
    """What was skipped, each with its extension."""
    return [f"{skip.extension}: {skip.statement}" for skip in found.skipped]


@pytest.fixture
def bare(test_server: Server) -> Server:
    """A server without contrib, as the embedded one is."""
    if not test_server.owned:
        pytest.skip("the server may have the extensions that this goes without")
    return test_server


def test_an_index_that_wants_a_default_operator_class(bare: Server) -> None:
    """btree_gin lets plain columns into a GIN index: CREATE EXTENSION and that index are left out."""
    found = without(
        bare,
        "btree_gin",
        "CREATE TABLE a (id uuid, kind text, data jsonb);",
        f"CREATE EXTENSION IF NOT EXISTS btree_gin;{BREAK}COMMIT;{BREAK}"
        f"CREATE INDEX CONCURRENTLY two ON a USING gin (kind, data jsonb_path_ops);{BREAK}"
        "CREATE INDEX one ON a USING gin (data);",
    )
    assert [index.name for index in table(found.catalog, "a").indexes] == ["one"]
    assert [skip.touches for skip in found.skipped] == [
        (Ref("extension", "", "btree_gin"),),
        (Ref("table", "public", "a").of("index", "two"),),
    ]
    assert [finding.code for finding in found.findings] == ["skipped-statement"] * 2
    assert place(found.findings[1]).startswith("0001_m.sql:3:1 CREATE INDEX CONCURRENTLY two")
    assert found.findings[1].message == (
        "skipped for want of the extension btree_gin: data type text has no default operator class "
        'for access method "gin"'
    )


def test_everything_else_is_the_same(contrib18: Server) -> None:
    """One transaction, temporary tables, settings, new labels and DO blocks work as without it."""
    found = without(
        contrib18,
        "citext",
        f"CREATE TEMP TABLE seen (n int) ON COMMIT DROP;{BREAK}SET LOCAL search_path = s, public;",
        f"CREATE SCHEMA s; CREATE TABLE a (LIKE public.nothing);{BREAK}".replace("public.nothing", "seen"),
        f"DO $$ BEGIN CREATE TYPE e AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN null; END $$;{BREAK}"
        f"CREATE TYPE f AS ENUM ('a');{BREAK}ALTER TYPE f ADD VALUE 'b';{BREAK}"
        "CREATE TABLE g (h f DEFAULT 'b');",
    )
    assert tables(found.catalog) == {"s.a", "s.g"}
    assert skipped(found) == []


def test_what_builds_on_the_skipped_is_skipped_too(bare: Server) -> None:
    """A table with a column of the extension's type takes its indexes, keys and views with it."""
    found = without(
        bare,
        "citext",
        f"CREATE EXTENSION citext;{BREAK}CREATE TABLE a (id int PRIMARY KEY, mail citext);{BREAK}"
        "CREATE TABLE b (a_id int); CREATE INDEX i ON a (mail); CREATE VIEW v AS SELECT mail FROM a;",
        f"ALTER TABLE b ADD CONSTRAINT k FOREIGN KEY (a_id) REFERENCES a (id);{BREAK}DROP INDEX i;{BREAK}"
        f"ALTER TABLE b ADD COLUMN mail citext;{BREAK}CREATE INDEX j ON b (mail);{BREAK}"
        "CREATE INDEX k ON b (a_id);",
    )
    assert tables(found.catalog) == {"public.b"}
    assert [index.name for index in table(found.catalog, "b").indexes] == ["k"]
    assert [str(skip.touches[0]) for skip in found.skipped] == [
        "citext",
        "public.a",
        "public.a.i",
        "public.v",
        "public.b.k",
        "public.i",
        "public.b.mail",
        "public.b.j",
    ]


def test_unqualified_names_are_those_of_the_search_path(bare: Server) -> None:
    """What a skipped statement would have made is named with the schema in which it would be."""
    found = without(bare, "citext", "CREATE SCHEMA s; SET search_path = s; CREATE TABLE a (b citext);")
    assert [skip.touches for skip in found.skipped] == [(Ref("table", "s", "a"),)]


def test_several_statements_in_one_chunk(bare: Server) -> None:
    """Only the one that wants the extension is left out, in a transaction and outside of one."""
    chunk = (
        "CREATE TABLE {0} (b text); CREATE INDEX i_{0} ON {0} USING gin (b gin_trgm_ops);"
        "CREATE INDEX j_{0} ON {0} (b);"
    )
    found = without(bare, "pg_trgm", f"{chunk.format('a')}{BREAK}COMMIT;{BREAK}{chunk.format('c')}")
    names = {index.name for name in "ac" for index in table(found.catalog, name).indexes}
    assert names == {"j_a", "j_c"}
    assert len(found.skipped) == 2


@pytest.mark.parametrize(
    ("extension", "sql"),
    [
        ("pg_trgm", "CREATE INDEX i ON a USING gin (b gin_trgm_ops);"),
        ("pg_trgm", "CREATE VIEW v AS SELECT * FROM a WHERE b % 'x';"),
        ("pg_trgm", "CREATE VIEW v AS SELECT similarity(b, 'x') FROM a;"),
        ("uuid-ossp", "CREATE TABLE c (id uuid DEFAULT uuid_generate_v4());"),
        ("uuid-ossp", "CREATE TABLE c (id uuid DEFAULT public.uuid_generate_v4());"),
        ("pgcrypto", "UPDATE a SET b = crypt('x', gen_salt('bf'));"),
        ("citext", "ALTER TABLE a ALTER b TYPE citext;"),
        ("citext", "CREATE TABLE c (d citext[]);"),
        ("hstore", "ALTER TABLE a ADD COLUMN c hstore DEFAULT ''::hstore;"),
        ("btree_gist", "CREATE TABLE c (d int, e tstzrange, EXCLUDE USING gist (d WITH =, e WITH &&));"),
        ("btree_gin", "CREATE TYPE m AS ENUM (); CREATE TABLE c (d m); CREATE INDEX i ON c USING gin (d);"),
        ("unaccent", "CREATE TEXT SEARCH CONFIGURATION u (COPY = simple); "
         "ALTER TEXT SEARCH CONFIGURATION u ALTER MAPPING FOR word WITH unaccent;"),
        ("postgis", "CREATE TABLE c (d geometry(Point, 4326));"),
        ("postgis", "CREATE VIEW v AS SELECT st_makepoint(1, 2);"),
        ("pg_cron", "SELECT cron.schedule('n', '* * * * *', 'SELECT 1');"),
        ("plv8", "CREATE FUNCTION f() RETURNS int LANGUAGE plv8 AS '1';"),
        ("pg_search", "CREATE INDEX i ON a USING bm25 (b);"),
        ("pg_stat_statements", "CREATE VIEW v AS SELECT * FROM pg_stat_statements;"),
        ("postgres_fdw", "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw;"),
        ("citext", "COMMENT ON EXTENSION citext IS 'x';"),
        ("citext", "ALTER EXTENSION citext UPDATE;"),
        ("citext", "DROP EXTENSION citext;"),
        ("citext", "DO $$ BEGIN CREATE EXTENSION citext; END $$;"),
        ("my_own", "CREATE TABLE c (d my_type);"),
        ("my_own", "CREATE VIEW v AS SELECT my_function(b) FROM a;"),
    ],
)  # fmt: skip
def test_what_wants_an_extension_is_told(bare: Server, extension: str, sql: str) -> None:
    """Types, functions, operators, methods, languages, schemas: all by what Postgres says."""
    found = without(bare, extension, "CREATE TABLE a (b text);", sql)
    assert [skip.extension for skip in found.skipped] == [extension]


@pytest.mark.parametrize(
    ("extension", "sql"),
    [
        ("pg_trgm", "CREATE TABLE c (d citext);"),
        ("pg_trgm", "CREATE INDEX i ON a USING gin (b gin_tgrm_ops);"),
        ("pg_trgm", "CREATE VIEW v AS SELECT b > n FROM a;"),
        ("pg_trgm", "CREATE VIEW v AS SELECT n % b FROM a;"),
        ("btree_gin", "CREATE TABLE c (d point); CREATE INDEX i ON c USING gin (d);"),
        ("btree_gin", "CREATE INDEX i ON a USING gist (n);"),
        ("citext", "CREATE TABLE c (d mood);"),
        ("citext", "CREATE TABLE c (d int REFERENCES nowhere (id));"),
        ("citext", "CREATE INDEX i ON a (nothing);"),
        ("citext", "CREATE TABLE a (b citext);\nCREATE TABLE a (n int);"),
        ("citext", "SELECT 1/0;"),
        ("citext", "CREATE EXTENSION hstore;"),
        ("my_own", "CREATE TABLE c (d citext);"),
        ("my_own", "SELECT late();--> statement-breakpoint\nCREATE FUNCTION late() RETURNS int RETURN 1;"),
        ("my_own", "ALTER TABLE a DROP COLUMN nothing;"),
    ],
)
def test_what_is_wrong_for_another_reason_still_fails(bare: Server, extension: str, sql: str) -> None:
    """A skipped mistake would hide drift: only what the extension brings may be missing."""
    options = ReplayOptions(without_extensions=frozenset((extension,)))
    assert problem(bare, "CREATE TABLE a (b text, n int);", sql, options=options).code == "replay-failed"


def test_places_are_right_under_savepoints(bare: Server) -> None:
    """What is put before a statement to guard it does not shift the place of its error."""
    options = ReplayOptions(without_extensions=frozenset(("citext",)))
    found = problem(bare, "CREATE TABLE a ();\n CREATE VIEW v AS SELECT é FROM a;", options=options)
    assert place(found) == "0000_m.sql:2:26 é"


def test_an_extension_that_the_server_has_is_left_out_as_well(bare: Server) -> None:
    """The answer does not depend on the server."""
    found = without(bare, "plpgsql", "CREATE EXTENSION IF NOT EXISTS plpgsql; CREATE TABLE a ();")
    assert tables(found.catalog) == {"public.a"}
    assert skipped(found) == ["plpgsql: CREATE EXTENSION IF NOT EXISTS plpgsql"]
