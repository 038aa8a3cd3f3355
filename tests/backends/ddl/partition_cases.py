"""Partitions and children: pairs of schemas, each in a schema of its own, that one plan must bring about."""

from typing import Final

PARENT = """
    CREATE TABLE p (a int NOT NULL, b text DEFAULT 'x', c int CONSTRAINT cc CHECK (c > 0), PRIMARY KEY (a))
    PARTITION BY RANGE (a); CREATE INDEX ib ON p (b);
"""
KEYLESS = PARENT.replace(", PRIMARY KEY (a)", "")
BARE = PARENT.replace("CREATE INDEX ib ON p (b);", "")
FIRST = "CREATE TABLE p1 PARTITION OF p (b DEFAULT 'y') FOR VALUES FROM (0) TO (10);"
SECOND = """
    CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20) PARTITION BY LIST (a);
    CREATE TABLE p3 PARTITION OF p2 DEFAULT;
"""
ALL = PARENT + FIRST + SECOND
ALONE = "CREATE TABLE p1 (a int NOT NULL, b text DEFAULT 'y', c int);"
PLAIN = "CREATE TABLE m (a int NOT NULL, b text DEFAULT 'x', c int CONSTRAINT cc CHECK (c > 0));"
FAMILY = PLAIN + "CREATE TABLE k (z int) INHERITS (m);"
FUNCTION = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
TRIGGER = ALL + FUNCTION + "CREATE TRIGGER t AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();"
GENERATED = PARENT + "ALTER TABLE p ADD g int GENERATED ALWAYS AS (a + {}) STORED;" + FIRST
WITH_D = "ALTER TABLE p ADD d int DEFAULT 3;"

PAIRS: Final[dict[str, tuple[str, str]]] = {
    "made from nothing": ("", ALL),
    "all dropped": (ALL, ""),
    "a column more": (ALL, ALL + WITH_D + "COMMENT ON COLUMN p1.d IS 'x'"),
    "a column less": (ALL + WITH_D, ALL),
    "a column more, with a default of its own below": (
        ALL,
        ALL + WITH_D + "ALTER TABLE p2 ALTER d SET DEFAULT 4",
    ),
    "another type": (ALL, ALL + "ALTER TABLE p ALTER c TYPE bigint"),
    "a column made anew": (ALL, ALL + "ALTER TABLE p DROP c; ALTER TABLE p ADD c date"),
    "other defaults": (
        ALL,
        ALL + "ALTER TABLE p ALTER b SET DEFAULT 'z'; ALTER TABLE p2 ALTER b SET DEFAULT 'q'",
    ),
    "a default above only": (ALL, ALL + "ALTER TABLE ONLY p ALTER b SET DEFAULT 'z'"),
    "not null": (ALL, ALL + "ALTER TABLE p ALTER b SET NOT NULL"),
    "nullable": (ALL + "ALTER TABLE p ALTER b SET NOT NULL", ALL),
    "not null below only": (ALL, ALL + "ALTER TABLE p1 ALTER b SET NOT NULL"),
    "a check more": (ALL, ALL + "ALTER TABLE p ADD CONSTRAINT c2 CHECK (a < 100)"),
    "a check less": (ALL, ALL + "ALTER TABLE p DROP CONSTRAINT cc"),
    "an index more": (ALL, ALL + "CREATE INDEX i3 ON p (c)"),
    "an index less": (ALL, BARE + FIRST + SECOND),
    "an index below only": (ALL, BARE + FIRST + SECOND + "CREATE INDEX ON p1 (b)"),
    "an index goes up": (BARE + FIRST + SECOND + "CREATE INDEX ON p1 (b)", ALL),
    "a key more": (KEYLESS + FIRST + SECOND, ALL),
    "a key less": (ALL, KEYLESS + FIRST + SECOND),
    "a unique constraint": (ALL, ALL + "ALTER TABLE p ADD CONSTRAINT uu UNIQUE (a, b)"),
    "partitions more": (PARENT + FIRST, ALL),
    "a tree of partitions less": (ALL, PARENT + FIRST),
    "a partition's partition less": (ALL, ALL + "DROP TABLE p3"),
    "another bound": (ALL, ALL.replace("TO (10)", "TO (9)")),
    "bounds that change places": (
        ALL,
        PARENT + FIRST.replace("(0) TO (10)", "(10) TO (20)") + SECOND.replace("(10) TO (20)", "(0) TO (10)"),
    ),
    "attached": (PARENT + ALONE, PARENT + FIRST),
    "attached with all it needs": (
        PARENT
        + ALONE.replace("c int", "c int CONSTRAINT cc CHECK (c > 0), PRIMARY KEY (a)")
        + "CREATE INDEX p1_b_idx ON p1 (b)",
        PARENT + FIRST,
    ),
    "attached, a column more": (PARENT + ALONE, PARENT + "ALTER TABLE p ADD d int;" + FIRST),
    "detached": (PARENT + FIRST, PARENT + FIRST + "ALTER TABLE p DETACH PARTITION p1"),
    "detached, the parent dropped": (
        PARENT + FIRST,
        PARENT + FIRST + "ALTER TABLE p DETACH PARTITION p1; DROP TABLE p",
    ),
    "detached, without what it had": (PARENT + FIRST, PARENT + ALONE),
    "detached, a column less": (PARENT + FIRST, PARENT + ALONE.replace(", c int", "")),
    "a trigger more": (ALL + FUNCTION, TRIGGER),
    "a trigger off below": (TRIGGER, TRIGGER + "ALTER TABLE p1 DISABLE TRIGGER t"),
    "foreign keys there and back": (
        ALL,
        ALL + "CREATE TABLE n (i int PRIMARY KEY); CREATE TABLE o (x int REFERENCES p, y int REFERENCES p1);"
        "ALTER TABLE p ADD FOREIGN KEY (c) REFERENCES n",
    ),
    "a foreign key below": (
        ALL,
        ALL + "CREATE TABLE n (i int PRIMARY KEY); ALTER TABLE p1 ADD FOREIGN KEY (c) REFERENCES n",
    ),
    "an identity": (
        ALL,
        ALL + "ALTER TABLE p ALTER c SET NOT NULL; ALTER TABLE p ALTER c ADD GENERATED ALWAYS AS IDENTITY",
    ),
    "a generated column": (PARENT + FIRST, GENERATED.format(1)),
    "another expression": (GENERATED.format(1), GENERATED.format(2)),
    "row security": (
        ALL,
        ALL + "ALTER TABLE p ENABLE ROW LEVEL SECURITY; CREATE POLICY y ON p USING (a > 0)",
    ),
    "views over both": (
        ALL + "CREATE VIEW v AS SELECT * FROM p; CREATE VIEW w AS SELECT * FROM p1",
        PARENT
        + "ALTER TABLE p ALTER c TYPE bigint;"
        + FIRST
        + SECOND
        + "CREATE VIEW v AS SELECT * FROM p; CREATE VIEW w AS SELECT * FROM p1",
    ),
    "children from nothing": (
        "",
        FAMILY + "ALTER TABLE k ALTER b SET DEFAULT 'q', ALTER c SET NOT NULL; COMMENT ON COLUMN k.b IS 'c'",
    ),
    "two parents": ("", PLAIN + "CREATE TABLE b (y int); CREATE TABLE k (z int) INHERITS (b, m)"),
    "a child's own column too": ("", PLAIN + "CREATE TABLE k (b text, z int) INHERITS (m)"),
    "children dropped": (FAMILY, ""),
    "a child's column more": (FAMILY, FAMILY + "ALTER TABLE m ADD d int"),
    "a child's column less": (FAMILY + "ALTER TABLE m ADD d int", FAMILY),
    "a child's type": (FAMILY, FAMILY + "ALTER TABLE m ALTER c TYPE bigint"),
    "a child's check less": (FAMILY, FAMILY + "ALTER TABLE m DROP CONSTRAINT cc"),
    "parents change places": (
        "CREATE TABLE m (x int); CREATE TABLE n (y int); CREATE TABLE k (x int, y int);"
        "ALTER TABLE k INHERIT m; ALTER TABLE k INHERIT n",
        "CREATE TABLE m (x int); CREATE TABLE n (y int); CREATE TABLE k (x int, y int);"
        "ALTER TABLE k INHERIT n; ALTER TABLE k INHERIT m",
    ),
    "another parent": (
        "CREATE TABLE m (x int); CREATE TABLE n (y int); CREATE TABLE k (x int, y int); ALTER TABLE k INHERIT m",
        "CREATE TABLE m (x int); CREATE TABLE n (y int); CREATE TABLE k (x int, y int); ALTER TABLE k INHERIT n",
    ),
    "no child any more": (FAMILY, FAMILY + "ALTER TABLE k NO INHERIT m"),
    "a child by then": (
        PLAIN + PLAIN.replace("TABLE m", "TABLE k"),
        PLAIN + PLAIN.replace("TABLE m", "TABLE k") + "ALTER TABLE k INHERIT m",
    ),
}
