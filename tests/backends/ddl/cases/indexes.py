"""Indexes of tables and of materialized views, and what ALTER INDEX can change of them."""

from tests.backends.ddl.proving import Case

_T = "CREATE TABLE t (a integer, b text);"


def _anew(name: str, before: str, after: str, create: str, since: int = 14) -> Case:
    """An index that is dropped and created."""
    return Case(name, _T + before, _T + after, f"DROP INDEX s.i;\n{create}", since=since)


CASES = (
    Case(
        "index created",
        _T,
        _T + "CREATE UNIQUE INDEX i ON t (a DESC, lower(b)) INCLUDE (b) WITH (fillfactor=70) WHERE a > 0;"
        "COMMENT ON INDEX i IS 'x'",
        "CREATE UNIQUE INDEX i ON s.t (a DESC, (lower(b))) INCLUDE (b) WITH (fillfactor = '70') "
        "WHERE (a > 0);\nCOMMENT ON INDEX s.i IS 'x'",
    ),
    Case("index dropped", _T + "CREATE INDEX i ON t (a)", _T, "DROP INDEX s.i"),
    _anew("other keys", "CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (b)", "CREATE INDEX i ON s.t (b)"),
    _anew("index becomes unique", "CREATE INDEX i ON t (a)", "CREATE UNIQUE INDEX i ON t (a)", "CREATE UNIQUE INDEX i ON s.t (a)"),
    _anew(
        "index takes nulls for equal",
        "CREATE UNIQUE INDEX i ON t (a)",
        "CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT",
        "CREATE UNIQUE INDEX i ON s.t (a) NULLS NOT DISTINCT",
        since=15,
    ),
    _anew("method", "CREATE INDEX i ON t (a)", "CREATE INDEX i ON t USING hash (a)", "CREATE INDEX i ON s.t USING hash (a)"),
    _anew("index includes", "CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a) INCLUDE (b)", "CREATE INDEX i ON s.t (a) INCLUDE (b)"),
    _anew("index becomes partial", "CREATE INDEX i ON t (a)", "CREATE INDEX i ON t (a) WHERE b = 'x'", "CREATE INDEX i ON s.t (a) WHERE (b = 'x'::text)"),
    Case(
        "storage of an index set and reset",
        _T + "CREATE INDEX i ON t (a) WITH (deduplicate_items = off)",
        _T + "CREATE INDEX i ON t (a) WITH (fillfactor = 70)",
        "ALTER INDEX s.i RESET (deduplicate_items), SET (fillfactor = '70')",
    ),
    Case(
        "storage of a hash index changed, with a comment",
        _T + "CREATE INDEX i ON t USING hash (a) WITH (fillfactor = 60); COMMENT ON INDEX i IS 'x'",
        _T + "CREATE INDEX i ON t USING hash (a) WITH (fillfactor = 70)",
        "ALTER INDEX s.i SET (fillfactor = '70');\nCOMMENT ON INDEX s.i IS NULL",
    ),
    Case(
        "storage of a gin index",
        _T + "CREATE INDEX i ON t USING gin (to_tsvector('english', b))",
        _T + "CREATE INDEX i ON t USING gin (to_tsvector('english', b)) WITH (fastupdate = off, gin_pending_list_limit = 99)",
        "ALTER INDEX s.i SET (fastupdate = 'off', gin_pending_list_limit = '99')",
    ),
    Case(
        "storage of a gist index",
        _T + "CREATE INDEX i ON t USING gist (point(a, a))",
        _T + "CREATE INDEX i ON t USING gist (point(a, a)) WITH (buffering = on, fillfactor = 80)",
        "ALTER INDEX s.i SET (buffering = 'on', fillfactor = '80')",
    ),
    Case(
        "storage of a brin index that works at once",
        _T + "CREATE INDEX i ON t USING brin (a)",
        _T + "CREATE INDEX i ON t USING brin (a) WITH (autosummarize = on)",
        "ALTER INDEX s.i SET (autosummarize = 'on')",
    ),
    _anew(
        "storage of a brin index that shapes it",
        "CREATE INDEX i ON t USING brin (a)",
        "CREATE INDEX i ON t USING brin (a) WITH (pages_per_range = 4)",
        "CREATE INDEX i ON s.t USING brin (a) WITH (pages_per_range = '4')",
    ),
    Case(
        "comment on an index",
        _T + "CREATE INDEX i ON t (a)",
        _T + "CREATE INDEX i ON t (a); COMMENT ON INDEX i IS 'x'",
        "COMMENT ON INDEX s.i IS 'x'",
    ),
    Case(
        "index of a materialized view created",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON m (a)",
        "CREATE UNIQUE INDEX i ON s.m (a)",
    ),
    Case(
        "index of a materialized view dropped",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON m (a)",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a",
        "DROP INDEX s.i",
    ),
    Case(
        "index of a materialized view altered",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON m (a)",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX i ON m (a) WITH (fillfactor = 50);"
        "COMMENT ON INDEX i IS 'x'",
        "ALTER INDEX s.i SET (fillfactor = '50');\nCOMMENT ON INDEX s.i IS 'x'",
    ),
)  # fmt: skip
