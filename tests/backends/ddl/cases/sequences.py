"""Sequences: each option, the type that moves bounds by itself, the column that owns it."""

from tests.backends.ddl.proving import Case


def _options(name: str, before: str, after: str, clauses: str) -> Case:
    """A sequence whose options change."""
    sql = f"ALTER SEQUENCE s.q {clauses}"
    return Case(name, f"CREATE SEQUENCE q {before}", f"CREATE SEQUENCE q {after}", sql)


_T = "CREATE TABLE t (a bigint, b bigint);"

CASES = (
    Case(
        "sequence created",
        "",
        "CREATE SEQUENCE q AS integer INCREMENT 2 MINVALUE 5 MAXVALUE 99 START 7 CACHE 3 CYCLE; COMMENT ON SEQUENCE q IS 'x'",
        "CREATE SEQUENCE s.q AS integer INCREMENT BY 2 MINVALUE 5 MAXVALUE 99 START WITH 7 CACHE 3 CYCLE;\n"
        "COMMENT ON SEQUENCE s.q IS 'x'",
    ),
    Case("sequence dropped", "CREATE SEQUENCE q", "", "DROP SEQUENCE s.q"),
    _options("increment", "", "INCREMENT 5", "INCREMENT BY 5"),
    Case(
        "start: the sequence stays where it is",
        "CREATE SEQUENCE q; SELECT nextval('q'); SELECT nextval('q')",
        "CREATE SEQUENCE q START 100",
        "ALTER SEQUENCE s.q START WITH 100",
        ("SELECT nextval('s.q')", [(3,)]),
    ),
    _options("end, cache and cycle", "", "MAXVALUE 99 CACHE 5 CYCLE", "MAXVALUE 99 CACHE 5 CYCLE"),
    _options("end, cache and cycle, back", "MAXVALUE 99 CACHE 5 CYCLE", "", "MAXVALUE 9223372036854775807 CACHE 1 NO CYCLE"),
    _options("beginning, lower", "MINVALUE 5", "MINVALUE -5 START 5", "MINVALUE -5"),
    _options("wider type", "AS integer", "", "AS bigint"),
    _options("narrower type", "", "AS smallint", "AS smallint"),
    _options("falling, wider type", "AS smallint INCREMENT -1", "INCREMENT -1", "AS bigint"),
    _options("type under bounds of its own", "AS integer MAXVALUE 99", "MAXVALUE 99", "AS bigint"),
    _options("type, and the old bound is kept", "AS integer", "MAXVALUE 2147483647", "AS bigint MAXVALUE 2147483647"),
    _options("type, and an end of its own goes", "AS integer MAXVALUE 99", "", "AS bigint MAXVALUE 9223372036854775807"),
    _options(
        "type, and a start of the old type's bound",
        "AS smallint INCREMENT -1 MAXVALUE 32767",
        "AS integer INCREMENT -1 MAXVALUE 32767",
        "AS integer MAXVALUE 32767",
    ),
    _options(
        "falling instead of rising",
        "",
        "INCREMENT -1",
        "INCREMENT BY -1 MINVALUE -9223372036854775808 MAXVALUE -1 START WITH -1 RESTART",
    ),
    Case(
        "bounds that a new sequence has not reached",
        "CREATE SEQUENCE q",
        "CREATE SEQUENCE q MINVALUE 100 MAXVALUE 900 START 200",
        "SELECT pg_catalog.setval('s.q', 200, false) FROM s.q WHERE last_value < 100 OR (NOT is_called AND last_value > 900);\n"
        "ALTER SEQUENCE s.q MINVALUE 100 MAXVALUE 900 START WITH 200",
        ("SELECT nextval('s.q')", [(200,)]),
    ),
    Case(
        "bounds that leave a sequence where it is",
        "CREATE SEQUENCE q START 500; SELECT nextval('q')",
        "CREATE SEQUENCE q MINVALUE 100 MAXVALUE 900 START 200",
        "SELECT pg_catalog.setval('s.q', 200, false) FROM s.q WHERE last_value < 100 OR (NOT is_called AND last_value > 900);\n"
        "ALTER SEQUENCE s.q MINVALUE 100 MAXVALUE 900 START WITH 200",
        ("SELECT nextval('s.q')", [(501,)]),
    ),
    Case(
        "bounds below a new sequence",
        "CREATE SEQUENCE q START 1000",
        "CREATE SEQUENCE q MAXVALUE 500 START 1",
        "SELECT pg_catalog.setval('s.q', 1, false) FROM s.q WHERE last_value < 1 OR (NOT is_called AND last_value > 500);\n"
        "ALTER SEQUENCE s.q MAXVALUE 500 START WITH 1",
        ("SELECT nextval('s.q')", [(1,)]),
    ),
    Case(
        "bounds of a falling sequence",
        "CREATE SEQUENCE q INCREMENT -1; SELECT nextval('q')",
        "CREATE SEQUENCE q INCREMENT -1 MAXVALUE -10",
        "SELECT pg_catalog.setval('s.q', -10, false) FROM s.q "
        "WHERE last_value > -10 OR (NOT is_called AND last_value < -9223372036854775808);\n"
        "ALTER SEQUENCE s.q MAXVALUE -10 START WITH -10",
        ("SELECT nextval('s.q')", [(-10,)]),
    ),
    Case(
        "start beyond the old end",
        "CREATE SEQUENCE q MAXVALUE 50",
        "CREATE SEQUENCE q MINVALUE 10 MAXVALUE 900 START 200",
        "SELECT pg_catalog.setval('s.q', 10, false) FROM s.q WHERE last_value < 10 OR (NOT is_called AND last_value > 900);\n"
        "ALTER SEQUENCE s.q MINVALUE 10 MAXVALUE 900 START WITH 200",
        ("SELECT nextval('s.q')", [(10,)]),
    ),
    Case(
        "sequence becomes unlogged",
        "CREATE SEQUENCE q",
        "CREATE UNLOGGED SEQUENCE q",
        "ALTER SEQUENCE s.q SET UNLOGGED",
        since=15,
    ),
    Case(
        "sequence becomes logged",
        "CREATE UNLOGGED SEQUENCE q",
        "CREATE SEQUENCE q",
        "ALTER SEQUENCE s.q SET LOGGED",
        since=15,
    ),
    Case(
        "sequence goes with a column",
        _T + "CREATE SEQUENCE q",
        _T + "CREATE SEQUENCE q OWNED BY t.a",
        "ALTER SEQUENCE s.q OWNED BY s.t.a",
    ),
    Case(
        "sequence goes with another column",
        _T + "CREATE SEQUENCE q OWNED BY t.a",
        _T + "CREATE SEQUENCE q OWNED BY t.b",
        "ALTER SEQUENCE s.q OWNED BY s.t.b",
    ),
    Case(
        "sequence goes with no column",
        _T + "CREATE SEQUENCE q OWNED BY t.a; ALTER TABLE t ALTER a SET DEFAULT nextval('q')",
        _T + "CREATE SEQUENCE q; ALTER TABLE t ALTER a SET DEFAULT nextval('q')",
        "ALTER SEQUENCE s.q OWNED BY NONE",
    ),
    Case(
        "comment on a sequence",
        "CREATE SEQUENCE q; COMMENT ON SEQUENCE q IS 'x'",
        "CREATE SEQUENCE q CACHE 2",
        "ALTER SEQUENCE s.q CACHE 2;\nCOMMENT ON SEQUENCE s.q IS NULL",
    ),
)  # fmt: skip
