"""Enums, domains, composite types and ranges."""

from tests.backends.ddl.proving import Case


def _enum(name: str, before: str, after: str, *added: str) -> Case:
    """An enum with more labels."""
    sql = ";\n".join(f"ALTER TYPE s.e ADD VALUE {a}" for a in added)
    return Case(name, f"CREATE TYPE e AS ENUM ({before})", f"CREATE TYPE e AS ENUM ({after})", sql)


def _domain(name: str, before: str, after: str, sql: str) -> Case:
    """A domain that changes."""
    return Case(name, f"CREATE DOMAIN d AS integer {before}", f"CREATE DOMAIN d AS integer {after}", sql)


def _composite(name: str, before: str, after: str, sql: str) -> Case:
    """A composite type that changes."""
    return Case(name, f"CREATE TYPE c AS ({before})", f"CREATE TYPE c AS ({after})", sql)


_RANGE = "CREATE TYPE r AS RANGE (SUBTYPE = real);"

CASES = (
    _enum("label at the end", "'a'", "'a', 'b'", "'b'"),
    _enum("labels at the end", "'a'", "'a', 'c', 'b'", "'c'", "'b'"),
    _enum("label at the beginning", "'b'", "'a', 'b'", "'a' BEFORE 'b'"),
    _enum("labels in between", "'a', 'd'", "'a', 'b', 'c', 'd'", "'b' BEFORE 'd'", "'c' BEFORE 'd'"),
    _enum("labels everywhere", "'b', 'd'", "'a', 'b', 'c', 'd', 'e'", "'a' BEFORE 'b'", "'c' BEFORE 'd'", "'e'"),
    _enum("first label", "", "'a', 'b'", "'a'", "'b'"),
    _enum("label with a quote", "'it''s'", "'\"', 'it''s'", "'\"' BEFORE 'it''s'"),
    Case(
        "comment on an enum",
        "CREATE TYPE e AS ENUM ('a')",
        "CREATE TYPE e AS ENUM ('a', 'b'); COMMENT ON TYPE e IS 'x'",
        "ALTER TYPE s.e ADD VALUE 'b';\nCOMMENT ON TYPE s.e IS 'x'",
    ),
    Case(
        "label goes from an enum: made anew",
        "CREATE TYPE e AS ENUM ('a', 'b')",
        "CREATE TYPE e AS ENUM ('a')",
        "DROP TYPE s.e;\nCREATE TYPE s.e AS ENUM ('a')",
    ),
    Case(
        "labels in another order: made anew",
        "CREATE TYPE e AS ENUM ('a', 'b')",
        "CREATE TYPE e AS ENUM ('b', 'a')",
        "DROP TYPE s.e;\nCREATE TYPE s.e AS ENUM ('b', 'a')",
    ),
    _domain("default of a domain", "", "DEFAULT 5", "ALTER DOMAIN s.d SET DEFAULT 5"),
    _domain("default of a domain changed", "DEFAULT 5", "DEFAULT 6", "ALTER DOMAIN s.d SET DEFAULT 6"),
    _domain("default of a domain dropped", "DEFAULT 5", "", "ALTER DOMAIN s.d DROP DEFAULT"),
    _domain("domain becomes NOT NULL", "", "NOT NULL", "ALTER DOMAIN s.d SET NOT NULL"),
    _domain("domain is no longer NOT NULL", "NOT NULL", "", "ALTER DOMAIN s.d DROP NOT NULL"),
    _domain("default and NOT NULL of a domain", "", "DEFAULT 5 NOT NULL", "ALTER DOMAIN s.d SET DEFAULT 5;\nALTER DOMAIN s.d SET NOT NULL"),
    _domain("check of a domain added", "", "CONSTRAINT k CHECK (VALUE > 0)", "ALTER DOMAIN s.d ADD CONSTRAINT k CHECK ((VALUE > 0))"),
    _domain("check of a domain dropped", "CONSTRAINT k CHECK (VALUE > 0)", "", "ALTER DOMAIN s.d DROP CONSTRAINT k"),
    _domain(
        "check of a domain says something else: made anew",
        "CONSTRAINT k CHECK (VALUE > 0)",
        "CONSTRAINT k CHECK (VALUE > 1)",
        "ALTER DOMAIN s.d DROP CONSTRAINT k;\nALTER DOMAIN s.d ADD CONSTRAINT k CHECK ((VALUE > 1))",
    ),
    Case(
        "check of a domain validated, with a comment",
        "CREATE DOMAIN d AS integer; ALTER DOMAIN d ADD CONSTRAINT k CHECK (VALUE > 0) NOT VALID",
        "CREATE DOMAIN d AS integer CONSTRAINT k CHECK (VALUE > 0); COMMENT ON CONSTRAINT k ON DOMAIN d IS 'x'",
        "ALTER DOMAIN s.d VALIDATE CONSTRAINT k;\nCOMMENT ON CONSTRAINT k ON DOMAIN s.d IS 'x'",
    ),
    Case(
        "check of a domain added, not valid",
        "CREATE DOMAIN d AS integer; CREATE TABLE t (d d); INSERT INTO t VALUES (-1)",
        "CREATE DOMAIN d AS integer; CREATE TABLE t (d d);"
        "ALTER DOMAIN d ADD CONSTRAINT k CHECK (VALUE > 0) NOT VALID; COMMENT ON CONSTRAINT k ON DOMAIN d IS 'x'",
        "ALTER DOMAIN s.d ADD CONSTRAINT k CHECK ((VALUE > 0)) NOT VALID;\n"
        "COMMENT ON CONSTRAINT k ON DOMAIN s.d IS 'x'",
    ),
    _domain("comment on a domain", "", "; COMMENT ON DOMAIN d IS 'x'", "COMMENT ON DOMAIN s.d IS 'x'"),
    Case(
        "type and collation of a domain: made anew",
        "CREATE DOMAIN d AS varchar(5)",
        "CREATE DOMAIN d AS text COLLATE \"C\" CONSTRAINT k CHECK (VALUE <> '')",
        "DROP DOMAIN s.d;\nCREATE DOMAIN s.d AS text COLLATE pg_catalog.\"C\" CONSTRAINT k CHECK ((VALUE <> ''::text))",
    ),
    _composite("attribute added", "a integer", 'a integer, b text COLLATE "C"', 'ALTER TYPE s.c ADD ATTRIBUTE b text COLLATE pg_catalog."C"'),
    _composite("attribute dropped", "a integer, b text", "a integer", "ALTER TYPE s.c DROP ATTRIBUTE b"),
    Case(
        "attribute added and dropped while a column holds the type",
        "CREATE TYPE c AS (a integer, b text); CREATE TABLE t (c c); INSERT INTO t VALUES (ROW(1, 'x'))",
        "CREATE TYPE c AS (a integer, d text); CREATE TABLE t (c c)",
        "ALTER TYPE s.c DROP ATTRIBUTE b;\nALTER TYPE s.c ADD ATTRIBUTE d text",
        ("SELECT (c).a, (c).d FROM s.t", [(1, None)]),
    ),
    _composite("type of an attribute", "a integer", "a bigint", "ALTER TYPE s.c ALTER ATTRIBUTE a TYPE bigint"),
    _composite("collation of an attribute", "a text", 'a text COLLATE "C"', 'ALTER TYPE s.c ALTER ATTRIBUTE a TYPE text COLLATE pg_catalog."C"'),
    Case(
        "comments on an attribute and on its type",
        "CREATE TYPE c AS (a integer)",
        "CREATE TYPE c AS (a integer); COMMENT ON COLUMN c.a IS 'a'; COMMENT ON TYPE c IS 'c'",
        "COMMENT ON TYPE s.c IS 'c';\nCOMMENT ON COLUMN s.c.a IS 'a'",
    ),
    Case(
        "attribute added with a comment",
        "CREATE TYPE c AS (a integer)",
        "CREATE TYPE c AS (a integer, b text); COMMENT ON COLUMN c.b IS 'b'",
        "ALTER TYPE s.c ADD ATTRIBUTE b text;\nCOMMENT ON COLUMN s.c.b IS 'b'",
    ),
    Case("comment on a range", _RANGE, _RANGE + "COMMENT ON TYPE r IS 'x'", "COMMENT ON TYPE s.r IS 'x'"),
    Case(
        "subtype of a range: made anew",
        _RANGE,
        "CREATE TYPE r AS RANGE (SUBTYPE = text, COLLATION = \"C\", SUBTYPE_OPCLASS = text_pattern_ops)",
        "DROP TYPE s.r;\nCREATE TYPE s.r AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, "
        'COLLATION = pg_catalog."C", MULTIRANGE_TYPE_NAME = s.r_multirange)',
    ),
    Case("enum dropped", "CREATE TYPE e AS ENUM ('a')", "", "DROP TYPE s.e"),
    Case("domain dropped", "CREATE DOMAIN d AS integer", "", "DROP DOMAIN s.d"),
    Case("composite type dropped", "CREATE TYPE c AS (a integer)", "", "DROP TYPE s.c"),
    Case("range dropped, its multirange with it", _RANGE, "", "DROP TYPE s.r"),
)  # fmt: skip
