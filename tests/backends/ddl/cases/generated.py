"""Generated columns: made plain with their values kept, and given another expression."""

from tests.backends.ddl.proving import Case

CASES = (
    Case(
        "stored becomes plain",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer, c integer)",
        "ALTER TABLE s.t ALTER COLUMN c DROP EXPRESSION",
        ("SELECT a, c FROM s.t", [(2, 4)]),
    ),
    Case(
        "stored becomes plain with a default",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer, c integer DEFAULT 5)",
        "ALTER TABLE s.t ALTER COLUMN c DROP EXPRESSION, ALTER COLUMN c SET DEFAULT 5",
        ("INSERT INTO s.t (a) VALUES (3) RETURNING c, (SELECT c FROM s.t)", [(5, 4)]),
    ),
    Case(
        "stored becomes plain of another type",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED NOT NULL);"
        "INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer, c text DEFAULT 'x')",
        "ALTER TABLE s.t ALTER COLUMN c DROP EXPRESSION;\n"
        "ALTER TABLE s.t ALTER COLUMN c DROP NOT NULL, ALTER COLUMN c TYPE text USING '<' || c || '>', "
        "ALTER COLUMN c SET DEFAULT 'x'",
        ("SELECT c FROM s.t", [("<4>",)]),
        using="'<' || c || '>'",
    ),
    Case(
        "stored becomes identity",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS IDENTITY)",
        "ALTER TABLE s.t ALTER COLUMN c DROP EXPRESSION, ALTER COLUMN c SET NOT NULL, "
        "ALTER COLUMN c ADD GENERATED ALWAYS AS IDENTITY;\n"
        "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence('s.t', 'c'), pg_catalog.max(c)) "
        "FROM s.t WHERE c >= 1",
        ("INSERT INTO s.t (a) VALUES (3) RETURNING c", [(5,)]),
    ),
    Case(
        "type of a stored column",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer, c bigint GENERATED ALWAYS AS (a * 2) STORED)",
        "ALTER TABLE s.t ALTER COLUMN c TYPE bigint",
        ("SELECT c FROM s.t", [(4,)]),
        using="c::bigint",  # what a plain column would need
    ),
    Case(
        "another expression",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 3) STORED)",
        "ALTER TABLE s.t ALTER COLUMN c SET EXPRESSION AS ((a * 3))",
        ("SELECT c FROM s.t", [(6,)]),
        since=17,
    ),
    Case(
        "another expression, before 17",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 3) STORED)",
        "ALTER TABLE s.t DROP COLUMN c;\n"
        "ALTER TABLE s.t ADD COLUMN c integer GENERATED ALWAYS AS ((a * 3)) STORED",
        ("SELECT c FROM s.t", [(6,)]),
        until=16,
    ),
    Case(
        "another expression and NOT NULL",
        "CREATE TABLE t (a integer, c text GENERATED ALWAYS AS (a::text) STORED); INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer, c text GENERATED ALWAYS AS ('x'::text) STORED NOT NULL)",
        "ALTER TABLE s.t ALTER COLUMN c SET EXPRESSION AS ('x'::text), ALTER COLUMN c SET NOT NULL",
        since=17,
    ),
    Case(
        "another expression and another type: made anew",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer, c text GENERATED ALWAYS AS ('x'::text) STORED)",
        "ALTER TABLE s.t DROP COLUMN c;\n"
        "ALTER TABLE s.t ADD COLUMN c text GENERATED ALWAYS AS ('x'::text) STORED",
    ),
    Case(
        "another expression and another collation",
        "CREATE TABLE t (a text, c text GENERATED ALWAYS AS (a) STORED); INSERT INTO t VALUES ('a')",
        """CREATE TABLE t (a text, c text COLLATE "C" GENERATED ALWAYS AS ('x'::text) STORED)""",
        'ALTER TABLE s.t ALTER COLUMN c TYPE text COLLATE pg_catalog."C", '
        "ALTER COLUMN c SET EXPRESSION AS ('x'::text)",
        ("SELECT c FROM s.t", [("x",)]),
        since=17,
    ),
    Case(
        "plain becomes stored: made anew",
        "CREATE TABLE t (a integer, c integer); INSERT INTO t VALUES (2, 9)",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED)",
        "ALTER TABLE s.t DROP COLUMN c;\n"
        "ALTER TABLE s.t ADD COLUMN c integer GENERATED ALWAYS AS ((a * 2)) STORED",
        ("SELECT c FROM s.t", [(4,)]),
    ),
    Case(
        "virtual becomes stored: made anew",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) VIRTUAL); INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) STORED)",
        "ALTER TABLE s.t DROP COLUMN c;\n"
        "ALTER TABLE s.t ADD COLUMN c integer GENERATED ALWAYS AS ((a * 2)) STORED",
        ("SELECT c FROM s.t", [(4,)]),
        since=18,
    ),
    Case(
        "virtual becomes plain: made anew",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) VIRTUAL)",
        "CREATE TABLE t (a integer, c integer)",
        "ALTER TABLE s.t DROP COLUMN c;\nALTER TABLE s.t ADD COLUMN c integer",
        since=18,
    ),
    Case(
        "another virtual expression, in a table with a check: made anew",
        "CREATE TABLE t (a integer CHECK (a > 0), c integer GENERATED ALWAYS AS (a * 2) VIRTUAL);"
        "INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer CHECK (a > 0), c integer GENERATED ALWAYS AS (a * 3) VIRTUAL)",
        "ALTER TABLE s.t DROP COLUMN c;\n"
        "ALTER TABLE s.t ADD COLUMN c integer GENERATED ALWAYS AS ((a * 3)) VIRTUAL",
        ("SELECT c FROM s.t", [(6,)]),
        since=18,
    ),
    Case(
        "type and NOT NULL of a virtual column",
        "CREATE TABLE t (a integer, c integer GENERATED ALWAYS AS (a * 2) VIRTUAL); INSERT INTO t VALUES (2)",
        "CREATE TABLE t (a integer, c bigint GENERATED ALWAYS AS (a * 2) VIRTUAL NOT NULL)",
        "ALTER TABLE s.t ALTER COLUMN c TYPE bigint, ALTER COLUMN c SET NOT NULL",
        ("SELECT c FROM s.t", [(4,)]),
        since=18,
    ),
)
