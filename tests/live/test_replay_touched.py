"""What a statement would make, change or drop is told from its text."""

import pytest

from pgkit.grammar.split import reads_client_data, split_statements
from pgkit.grammar.touched import extension_of, touched


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("CREATE TABLE s.a (b int)", "table s.a"),
        ('CREATE TABLE "A" AS SELECT 1', "table public.A"),
        ("CREATE VIEW v AS SELECT 1", "view public.v"),
        ("CREATE MATERIALIZED VIEW m AS SELECT 1", "materialized_view public.m"),
        ("CREATE SEQUENCE q", "sequence public.q"),
        ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON s.a USING gin (b)", "index s.a.i"),
        ("CREATE INDEX ON a (b)", ""),
        (
            "ALTER TABLE a ADD b citext UNIQUE, ADD CONSTRAINT k CHECK (b > 0)",
            "column public.a.b, check public.a.k",
        ),
        ("ALTER TABLE a ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES c", "foreign_key public.a.k"),
        ("ALTER TABLE a ADD CONSTRAINT k PRIMARY KEY (b)", "primary_key public.a.k"),
        (
            "ALTER TABLE a ALTER b TYPE citext, ALTER c SET NOT NULL, DROP d",
            "column a.b, column a.c, column a.d",
        ),
        ("ALTER TABLE a DROP CONSTRAINT k, ENABLE ROW LEVEL SECURITY", "constraint a.k, table public.a"),
        ("ALTER TABLE a RENAME b TO c", "column public.a.b, column public.a.c"),
        ("ALTER INDEX i RENAME TO j", "index public.i, index public.j"),
        ("CREATE TYPE e AS ENUM ('x')", "enum public.e"),
        ("ALTER TYPE e ADD VALUE 'y'", "enum public.e"),
        ("CREATE TYPE c AS (a int)", "composite public.c"),
        ("CREATE TYPE r AS RANGE (subtype = int)", "range public.r"),
        ("CREATE DOMAIN s.d AS citext", "domain s.d"),
        ("CREATE FUNCTION f(int) RETURNS int RETURN 1", "function public.f"),
        ("CREATE TRIGGER g BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()", "trigger public.a.g"),
        ("CREATE POLICY p ON a", "policy public.a.p"),
        ("CREATE SCHEMA s", "schema s"),
        ("CREATE EXTENSION e", "extension e"),
        ("DROP TABLE a, s.b", "table public.a, table s.b"),
        ("DROP TRIGGER g ON a", "trigger public.a.g"),
        ("DROP FUNCTION f(int)", "function public.f"),
        (
            "DO $$ BEGIN CREATE TYPE e AS ENUM (); EXCEPTION WHEN duplicate_object THEN null; END $$",
            "enum public.e",
        ),
        ("UPDATE a SET b = 1", ""),
        ("not SQL", ""),
    ],
)
def test_what_is_touched(sql: str, told: str) -> None:
    """Each object with its kind; a name without a schema is one of the schema at hand."""
    written = told.replace(" a.", " public.a.")
    assert ", ".join(f"{ref.kind} {ref}" for ref in touched(sql)) == written


@pytest.mark.parametrize("does", ["CREATE EXTENSION IF NOT EXISTS", "ALTER EXTENSION", "DROP EXTENSION"])
def test_the_extension_of_a_statement(does: str) -> None:
    """Whatever is done to it."""
    rest = " UPDATE" if does.startswith("ALTER") else ""
    assert extension_of(f'{does} "uuid-ossp"{rest}') == "uuid-ossp"
    assert extension_of("CREATE TABLE extension (a int)") is None


@pytest.mark.parametrize(
    ("sql", "parts"),
    [
        ("", []),
        ("-- a\n;;/* b /* c */ ; */", []),
        ("SELECT 1;\n-- two; \r SELECT 'é;😀' -- end", ["SELECT 1", "SELECT 'é;😀' -- end"]),
        ("SELECT $$;$$; SELECT ';'", ["SELECT $$;$$", "SELECT ';'"]),
        (
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3",
            ["CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END", "SELECT 3"],
        ),
        ("SELEC 1", None),
    ],
)
def test_splitting(sql: str, parts: list[str] | None) -> None:
    """Statements are found where Postgres finds them; text that it cannot read is not split."""
    spans = split_statements(sql)
    assert (None if spans is None else [sql[a:b] for a, b in spans]) == parts


def test_copy_that_waits_for_the_client() -> None:
    """Only COPY from standard input does."""
    waiting = ("COPY a FROM STDIN", "copy a (b) from stdin with (format csv)")
    others = ("COPY a TO STDOUT", "COPY a FROM '/x'", "COPY a FROM PROGRAM 'x'", "SELECT 1")
    assert [reads_client_data(sql) for sql in (*waiting, *others)] == [True] * 2 + [False] * 4
