"""Columns: type, collation, default, nullability, comment, and what of these comes together."""

from tests.backends.ddl.proving import Case

CASES = (
    Case(
        "type",
        "CREATE TABLE t (c integer); INSERT INTO t VALUES (7)",
        "CREATE TABLE t (c bigint)",
        "ALTER TABLE s.t ALTER COLUMN c TYPE bigint",
        ("SELECT c FROM s.t", [(7,)]),
    ),
    Case(
        "type, with USING",
        "CREATE TABLE t (c text); INSERT INTO t VALUES ('7')",
        "CREATE TABLE t (c integer)",
        "ALTER TABLE s.t ALTER COLUMN c TYPE integer USING c::integer",
        ("SELECT c FROM s.t", [(7,)]),
        using="c::integer",
    ),
    Case(
        "length only: the default stays",
        "CREATE TABLE t (c varchar(10) DEFAULT 'x')",
        "CREATE TABLE t (c varchar(20) DEFAULT 'x')",
        "ALTER TABLE s.t ALTER COLUMN c TYPE varchar(20)",
    ),
    Case(
        "type under an equal constant: the default is said again",
        "CREATE TABLE t (c varchar(10) DEFAULT 'x')",
        "CREATE TABLE t (c text DEFAULT 'x')",
        "ALTER TABLE s.t ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c TYPE text, ALTER COLUMN c SET DEFAULT 'x'",
    ),
    Case(
        "type under an equal number: the default stays",
        "CREATE TABLE t (c integer DEFAULT 5)",
        "CREATE TABLE t (c bigint DEFAULT 5)",
        "ALTER TABLE s.t ALTER COLUMN c TYPE bigint",
    ),
    Case(
        "type under an equal call: the default stays",
        "CREATE TABLE t (c timestamp DEFAULT now())",
        "CREATE TABLE t (c timestamptz DEFAULT now())",
        "ALTER TABLE s.t ALTER COLUMN c TYPE timestamptz",
    ),
    Case(
        "type and default",
        "CREATE TABLE t (c text DEFAULT 'x'); INSERT INTO t VALUES ('1')",
        "CREATE TABLE t (c integer DEFAULT 3)",
        "ALTER TABLE s.t ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c TYPE integer USING c::integer, "
        "ALTER COLUMN c SET DEFAULT 3",
        ("INSERT INTO s.t DEFAULT VALUES RETURNING c, (SELECT max(c) FROM s.t)", [(3, 1)]),
        using="c::integer",
    ),
    Case(
        "type, and the default goes",
        "CREATE TABLE t (c text DEFAULT 'x'); INSERT INTO t VALUES ('1')",
        "CREATE TABLE t (c integer)",
        "ALTER TABLE s.t ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c TYPE integer USING c::integer",
        using="c::integer",
    ),
    Case(
        "type, and a default comes",
        "CREATE TABLE t (c text); INSERT INTO t VALUES ('1')",
        "CREATE TABLE t (c integer DEFAULT 0)",
        "ALTER TABLE s.t ALTER COLUMN c TYPE integer USING c::integer, ALTER COLUMN c SET DEFAULT 0",
        using="c::integer",
    ),
    Case(
        "one enum for another, through text, with an equal default",
        "CREATE TYPE a AS ENUM ('x', 'y'); CREATE TYPE b AS ENUM ('y', 'x');"
        "CREATE TABLE t (c a DEFAULT 'x'); INSERT INTO t VALUES ('y')",
        "CREATE TYPE a AS ENUM ('x', 'y'); CREATE TYPE b AS ENUM ('y', 'x'); CREATE TABLE t (c b DEFAULT 'x')",
        "ALTER TABLE s.t ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c TYPE s.b USING c::text::s.b, "
        "ALTER COLUMN c SET DEFAULT 'x'",
        ("SELECT c::text FROM s.t", [("y",)]),
        using="c::text::s.b",
    ),
    Case(
        "arrays, with a default",
        "CREATE TABLE t (c varchar[] DEFAULT '{a}'); INSERT INTO t VALUES ('{b}')",
        "CREATE TABLE t (c text[] DEFAULT '{a}')",
        "ALTER TABLE s.t ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c TYPE text[], "
        "ALTER COLUMN c SET DEFAULT '{a}'",
        ("SELECT c FROM s.t", [(["b"],)]),
    ),
    Case(
        "type, default and NOT NULL",
        "CREATE TABLE t (c text DEFAULT 'x'); INSERT INTO t VALUES ('1')",
        "CREATE TABLE t (c integer NOT NULL DEFAULT 3)",
        "ALTER TABLE s.t ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c TYPE integer USING c::integer, "
        "ALTER COLUMN c SET DEFAULT 3, ALTER COLUMN c SET NOT NULL",
        using="c::integer",
    ),
    Case(
        "type, and NOT NULL goes",
        "CREATE TABLE t (c integer NOT NULL)",
        "CREATE TABLE t (c bigint)",
        "ALTER TABLE s.t ALTER COLUMN c DROP NOT NULL, ALTER COLUMN c TYPE bigint",
    ),
    Case(
        "USING that gives nulls, and NOT NULL goes",
        "CREATE TABLE t (c text NOT NULL); INSERT INTO t VALUES ('')",
        "CREATE TABLE t (c integer)",
        "ALTER TABLE s.t ALTER COLUMN c DROP NOT NULL, ALTER COLUMN c TYPE integer USING nullif(c, '')::integer",
        ("SELECT c FROM s.t", [(None,)]),
        using="nullif(c, '')::integer",
    ),
    Case(
        "collation",
        "CREATE TABLE t (c text); INSERT INTO t VALUES ('x')",
        'CREATE TABLE t (c text COLLATE "C")',
        'ALTER TABLE s.t ALTER COLUMN c TYPE text COLLATE pg_catalog."C"',
        ("SELECT c FROM s.t", [("x",)]),
    ),
    Case(
        "collation, back to the type's own",
        'CREATE TABLE t (c text COLLATE "C")',
        "CREATE TABLE t (c text)",
        "ALTER TABLE s.t ALTER COLUMN c TYPE text",
    ),
    Case(
        "type under a collation that stays",
        'CREATE TABLE t (c varchar(3) COLLATE "C")',
        'CREATE TABLE t (c varchar(5) COLLATE "C")',
        'ALTER TABLE s.t ALTER COLUMN c TYPE varchar(5) COLLATE pg_catalog."C"',
    ),
    Case(
        "default set",
        "CREATE TABLE t (c integer)",
        "CREATE TABLE t (c integer DEFAULT 1)",
        "ALTER TABLE s.t ALTER COLUMN c SET DEFAULT 1",
    ),
    Case(
        "default changed",
        "CREATE TABLE t (c timestamptz DEFAULT now())",
        "CREATE TABLE t (c timestamptz DEFAULT clock_timestamp())",
        "ALTER TABLE s.t ALTER COLUMN c SET DEFAULT clock_timestamp()",
    ),
    Case(
        "default dropped",
        "CREATE TABLE t (c integer DEFAULT 1)",
        "CREATE TABLE t (c integer)",
        "ALTER TABLE s.t ALTER COLUMN c DROP DEFAULT",
    ),
    Case(
        "default of quotes and backslashes",
        "CREATE TABLE t (c text)",
        r"CREATE TABLE t (c text DEFAULT 'it''s \n')",
        r"ALTER TABLE s.t ALTER COLUMN c SET DEFAULT E'it''s \\n'",
        ("INSERT INTO s.t DEFAULT VALUES RETURNING c", [("it's \\n",)]),
    ),
    Case(
        "NOT NULL set",
        "CREATE TABLE t (c integer)",
        "CREATE TABLE t (c integer NOT NULL)",
        "ALTER TABLE s.t ALTER COLUMN c SET NOT NULL",
    ),
    Case(
        "NOT NULL dropped",
        "CREATE TABLE t (c integer NOT NULL)",
        "CREATE TABLE t (c integer)",
        "ALTER TABLE s.t ALTER COLUMN c DROP NOT NULL",
    ),
    Case(
        "default and NOT NULL",
        "CREATE TABLE t (c integer)",
        "CREATE TABLE t (c integer NOT NULL DEFAULT 1)",
        "ALTER TABLE s.t ALTER COLUMN c SET DEFAULT 1, ALTER COLUMN c SET NOT NULL",
    ),
    Case(
        "default and NOT NULL go",
        "CREATE TABLE t (c integer NOT NULL DEFAULT 1)",
        "CREATE TABLE t (c integer)",
        "ALTER TABLE s.t ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c DROP NOT NULL",
    ),
    Case(
        "comment on a column",
        "CREATE TABLE t (c integer); COMMENT ON COLUMN t.c IS 'was'",
        "CREATE TABLE t (c integer); COMMENT ON COLUMN t.c IS 'it''s'",
        "COMMENT ON COLUMN s.t.c IS 'it''s'",
    ),
    Case(
        "comment on a column taken away",
        "CREATE TABLE t (c integer); COMMENT ON COLUMN t.c IS 'was'",
        "CREATE TABLE t (c integer)",
        "COMMENT ON COLUMN s.t.c IS NULL",
    ),
    Case(
        "everything at once, odd names",
        """CREATE TABLE "T t" ("C c" text DEFAULT 'x'); INSERT INTO "T t" VALUES ('1')""",
        """CREATE TABLE "T t" ("C c" integer NOT NULL DEFAULT 2); COMMENT ON COLUMN "T t"."C c" IS 'n'""",
        """ALTER TABLE s."T t" ALTER COLUMN "C c" DROP DEFAULT, """
        """ALTER COLUMN "C c" TYPE integer USING "C c"::integer, ALTER COLUMN "C c" SET DEFAULT 2, """
        """ALTER COLUMN "C c" SET NOT NULL;\nCOMMENT ON COLUMN s."T t"."C c" IS 'n'""",
        using='"C c"::integer',
    ),
)
