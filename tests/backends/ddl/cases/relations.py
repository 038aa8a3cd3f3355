"""Tables, views and materialized views: their own fields."""

from tests.backends.ddl.proving import Case

_T = "CREATE TABLE t (a integer, b text);"


def _view(name: str, before: str, after: str, sql: str) -> Case:
    """A view that changes."""
    return Case(name, f"{_T} CREATE VIEW v {before}", f"{_T} CREATE VIEW v {after}", sql)


def _view_anew(name: str, before: str, after: str) -> Case:
    """A view that cannot be replaced."""
    start = "CREATE VIEW v AS SELECT"
    sql = f"DROP VIEW s.v;\nCREATE VIEW s.v AS SELECT {after}"
    return Case(f"{name}: made anew", f"{start} {before}", f"{start} {after}", sql)


def _matview(name: str, before: str, after: str, sql: str) -> Case:
    """A materialized view that changes."""
    start = f"{_T} CREATE MATERIALIZED VIEW m"
    return Case(name, f"{start} {before}", f"{start} {after}", sql)


_QUERY = "AS SELECT a FROM t"

CASES = (
    Case("table becomes unlogged", "CREATE TABLE t (a integer)", "CREATE UNLOGGED TABLE t (a integer)", "ALTER TABLE s.t SET UNLOGGED"),
    Case("table becomes logged", "CREATE UNLOGGED TABLE t (a integer)", "CREATE TABLE t (a integer)", "ALTER TABLE s.t SET LOGGED"),
    Case(
        "row security on, forced, with a comment",
        _T,
        _T + "ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; COMMENT ON TABLE t IS 'x'",
        "ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;\nALTER TABLE s.t FORCE ROW LEVEL SECURITY;\n"
        "COMMENT ON TABLE s.t IS 'x'",
    ),
    Case(
        "row security off, not forced, without a comment",
        _T + "ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; COMMENT ON TABLE t IS 'x'",
        _T,
        "ALTER TABLE s.t DISABLE ROW LEVEL SECURITY;\nALTER TABLE s.t NO FORCE ROW LEVEL SECURITY;\n"
        "COMMENT ON TABLE s.t IS NULL",
    ),
    Case(
        "storage of a table, and of its toast",
        "CREATE TABLE t (a text) WITH (fillfactor = 50, autovacuum_enabled = false, toast.autovacuum_enabled = false)",
        "CREATE TABLE t (a text) WITH (fillfactor = 60, toast.vacuum_truncate = false)",
        "ALTER TABLE s.t RESET (autovacuum_enabled, toast.autovacuum_enabled), "
        "SET (fillfactor = '60', toast.vacuum_truncate = 'false')",
    ),
    _view("view replaced", "AS SELECT 1 AS a", "AS SELECT 2 AS a", "CREATE OR REPLACE VIEW s.v AS SELECT 2 AS a"),
    _view(
        "view replaced by one with more columns, and options, and comments",
        "WITH (security_barrier) AS SELECT 1 AS a; COMMENT ON VIEW v IS 'was'; COMMENT ON COLUMN v.a IS 'a'",
        "WITH (security_barrier) AS SELECT 1 AS a, 2 AS b;"
        "COMMENT ON COLUMN v.a IS 'A'; COMMENT ON COLUMN v.b IS 'b'",
        "CREATE OR REPLACE VIEW s.v WITH (security_barrier = 'true') AS SELECT 1 AS a,\n    2 AS b;\n"
        "COMMENT ON COLUMN s.v.a IS 'A';\nCOMMENT ON COLUMN s.v.b IS 'b';\nCOMMENT ON VIEW s.v IS NULL",
    ),
    _view(
        "view replaced, and its options go",
        "WITH (security_barrier) AS SELECT 1 AS a",
        "AS SELECT 2 AS a",
        "CREATE OR REPLACE VIEW s.v AS SELECT 2 AS a",
    ),
    _view_anew("view of another column", "1 AS a", "1 AS b"),
    _view_anew("view of fewer columns", "1 AS a,\n    2 AS b", "1 AS a"),
    _view_anew("view of another type", "1 AS a", "(1)::bigint AS a"),
    _view_anew("view of another length", "'x'::character varying(3) AS a", "'x'::character varying(4) AS a"),
    _view_anew("view of another collation", "'x'::text AS a", "('x'::text COLLATE \"C\") AS a"),
    _view(
        "options of a view",
        f"WITH (security_barrier) {_QUERY}",
        f"WITH (check_option = local) {_QUERY}",
        "ALTER VIEW s.v RESET (security_barrier), SET (check_option = 'local')",
    ),
    _view(
        "value of an option of a view",
        f"WITH (check_option = cascaded) {_QUERY}",
        f"WITH (check_option = local) {_QUERY}",
        "ALTER VIEW s.v SET (check_option = 'local')",
    ),
    _view("comment on a view", _QUERY, f"{_QUERY}; COMMENT ON VIEW v IS 'x'", "COMMENT ON VIEW s.v IS 'x'"),
    Case("view dropped", f"{_T} CREATE VIEW v {_QUERY}", _T, "DROP VIEW s.v"),
    Case("view created", "", "CREATE VIEW v AS SELECT 1 AS a", "CREATE VIEW s.v AS SELECT 1 AS a"),
    _matview(
        "materialized view says something else: made anew",
        "AS SELECT 1 AS a",
        "AS SELECT 2 AS a",
        "DROP MATERIALIZED VIEW s.m;\nCREATE MATERIALIZED VIEW s.m AS SELECT 2 AS a",
    ),
    _matview(
        "storage of a materialized view",
        f"WITH (fillfactor = 50, autovacuum_enabled = false) {_QUERY}",
        f"WITH (fillfactor = 60, toast_tuple_target = 200) {_QUERY}",
        "ALTER MATERIALIZED VIEW s.m RESET (autovacuum_enabled), SET (fillfactor = '60', toast_tuple_target = '200')",
    ),
    _matview(
        "toast storage of a materialized view",
        "AS SELECT b FROM t",
        "WITH (toast.autovacuum_enabled = false) AS SELECT b FROM t",
        "ALTER MATERIALIZED VIEW s.m SET (toast.autovacuum_enabled = 'false')",
    ),
    _matview("comment on a materialized view", _QUERY, f"{_QUERY}; COMMENT ON MATERIALIZED VIEW m IS 'x'", "COMMENT ON MATERIALIZED VIEW s.m IS 'x'"),
    Case("materialized view dropped", f"{_T} CREATE MATERIALIZED VIEW m {_QUERY}", _T, "DROP MATERIALIZED VIEW s.m"),
    Case("column dropped", _T, "CREATE TABLE t (a integer)", "ALTER TABLE s.t DROP COLUMN b"),
    Case(
        "column added, with a comment",
        "CREATE TABLE t (a integer)",
        "CREATE TABLE t (a integer, b text COLLATE \"C\" NOT NULL DEFAULT 'x'); COMMENT ON COLUMN t.b IS 'x'",
        "ALTER TABLE s.t ADD COLUMN b text COLLATE pg_catalog.\"C\" DEFAULT 'x' NOT NULL;\n"
        "COMMENT ON COLUMN s.t.b IS 'x'",
    ),
    Case("table dropped", _T, "", "DROP TABLE s.t"),
)  # fmt: skip
