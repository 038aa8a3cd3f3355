"""Renames and moves: each changes the last name or the schema, never both."""

from pgkit.ir.names import Ref
from tests.backends.ddl.proving import Case

_T = Ref("table", "s", "t")
_M = Ref("materialized_view", "s", "m")
_TABLE = """
CREATE TABLE t (
    a integer NOT NULL, {c} text, CONSTRAINT {pk} PRIMARY KEY (a), CONSTRAINT {u} UNIQUE (a, {c}),
    CONSTRAINT {fk} FOREIGN KEY (a) REFERENCES t, CONSTRAINT {k} CHECK (a > 0)
);
CREATE INDEX {i} ON t ({c});
CREATE POLICY {p} ON t;
"""
_NAMES = {name: name for name in ("c", "pk", "u", "fk", "k", "i", "p")}


def _one(name: str, kind: str, create: str, sql: str, old: str = "a", new: str = "b") -> Case:
    """Something that stands alone, renamed."""
    change = (Ref(kind, "s", old), Ref(kind, "s", new))
    return Case(name, create.format(old), create.format(new), sql, renames=(change,))


def _member(what: str, kind: str, sql: str) -> Case:
    """Something of a table, renamed."""
    change = (_T.of(kind, what), _T.of(kind, f"new {what}"))
    after = _TABLE.format(**{**_NAMES, what: f'"new {what}"'})
    return Case(f"{kind} renamed", _TABLE.format(**_NAMES), after, sql, renames=(change,))


CASES = (
    _one("table renamed", "table", 'CREATE TABLE "{}" (x integer)', "ALTER TABLE s.a RENAME TO b"),
    _one("view renamed", "view", 'CREATE VIEW "{}" AS SELECT 1 AS x', "ALTER VIEW s.a RENAME TO b"),
    _one("odd names", "view", 'CREATE VIEW "{}" AS SELECT 1 AS x', 'ALTER VIEW s."Odd" RENAME TO "select"', "Odd", "select"),
    _one(
        "materialized view renamed",
        "materialized_view",
        'CREATE MATERIALIZED VIEW "{}" AS SELECT 1 AS x',
        "ALTER MATERIALIZED VIEW s.a RENAME TO b",
    ),
    _one("sequence renamed", "sequence", 'CREATE SEQUENCE "{}"', "ALTER SEQUENCE s.a RENAME TO b"),
    _one("enum renamed", "enum", """CREATE TYPE "{}" AS ENUM ('x')""", "ALTER TYPE s.a RENAME TO b"),
    _one("domain renamed", "domain", 'CREATE DOMAIN "{}" AS integer', "ALTER DOMAIN s.a RENAME TO b"),
    _one("composite type renamed", "composite", 'CREATE TYPE "{}" AS (x integer)', "ALTER TYPE s.a RENAME TO b"),
    _one(
        "range renamed",
        "range",
        'CREATE TYPE "{}" AS RANGE (SUBTYPE = real, MULTIRANGE_TYPE_NAME = many)',
        "ALTER TYPE s.a RENAME TO b",
    ),
    _member("c", "column", 'ALTER TABLE s.t RENAME COLUMN c TO "new c"'),
    _member("pk", "primary_key", 'ALTER TABLE s.t RENAME CONSTRAINT pk TO "new pk"'),
    _member("u", "unique", 'ALTER TABLE s.t RENAME CONSTRAINT u TO "new u"'),
    _member("fk", "foreign_key", 'ALTER TABLE s.t RENAME CONSTRAINT fk TO "new fk"'),
    _member("k", "check", 'ALTER TABLE s.t RENAME CONSTRAINT k TO "new k"'),
    _member("i", "index", 'ALTER INDEX s.i RENAME TO "new i"'),
    _member("p", "policy", 'ALTER POLICY p ON s.t RENAME TO "new p"'),
    Case(
        "index of a materialized view renamed",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS x; CREATE INDEX i ON m (x)",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS x; CREATE INDEX j ON m (x)",
        "ALTER INDEX s.i RENAME TO j",
        renames=((_M.of("index", "i"), _M.of("index", "j")),),
    ),
    Case(
        "check of a domain renamed",
        "CREATE DOMAIN d AS integer CONSTRAINT k CHECK (VALUE > 0)",
        "CREATE DOMAIN d AS integer CONSTRAINT l CHECK (VALUE > 0)",
        "ALTER DOMAIN s.d RENAME CONSTRAINT k TO l",
        renames=((Ref("check", "s", "d", "k", "domain"), Ref("check", "s", "d", "l", "domain")),),
    ),
    Case(
        "attribute renamed while a column holds the type",
        "CREATE TYPE c AS (a integer); CREATE TABLE t (c c); INSERT INTO t VALUES (ROW(1))",
        "CREATE TYPE c AS (b integer); CREATE TABLE t (c c)",
        "ALTER TYPE s.c RENAME ATTRIBUTE a TO b",
        ("SELECT (c).b FROM s.t", [(1,)]),
        renames=((Ref("attribute", "s", "c", "a", "composite"), Ref("attribute", "s", "c", "b", "composite")),),
    ),
    Case(
        "multirange renamed",
        "CREATE TYPE r AS RANGE (SUBTYPE = real)",
        "CREATE TYPE r AS RANGE (SUBTYPE = real, MULTIRANGE_TYPE_NAME = many)",
        "ALTER TYPE s.r_multirange RENAME TO many",
        renames=((Ref("multirange", "s", "r", "r_multirange", "range"), Ref("multirange", "s", "r", "many", "range")),),
    ),
    Case(
        "label renamed",
        "CREATE TYPE e AS ENUM ('a', 'it''s'); CREATE TABLE t (e e DEFAULT 'it''s'); INSERT INTO t VALUES ('it''s')",
        "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (e e DEFAULT 'b')",
        "ALTER TYPE s.e RENAME VALUE 'it''s' TO 'b'",
        ("SELECT e::text FROM s.t", [("b",)]),
        renames=((Ref("enum_value", "s", "e", "it's", "enum"), Ref("enum_value", "s", "e", "b", "enum")),),
    ),
    Case(
        "column of a view renamed",
        "CREATE VIEW v AS SELECT 1 AS a",
        "CREATE VIEW v AS SELECT 1 AS b",
        "ALTER VIEW s.v RENAME COLUMN a TO b",
        renames=((Ref("column", "s", "v", "a", "view"), Ref("column", "s", "v", "b", "view")),),
    ),
    Case(
        "column of a materialized view renamed",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a",
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS b",
        "ALTER MATERIALIZED VIEW s.m RENAME COLUMN a TO b",
        renames=((_M.of("column", "a"), _M.of("column", "b")),),
    ),
)  # fmt: skip
