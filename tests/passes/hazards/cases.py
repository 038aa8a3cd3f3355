"""Changes with the hazards that they have: what Postgres does is measured, what we say is written here."""

from typing import Final

from tests.passes.hazards.measured import Case

CASES: Final[list[Case]] = []


def case(
    name: str, before: str, after: str, codes: str = "", *, good: str = "", bad: str = "", since: int = 14
) -> None:
    CASES.append(Case(name, before, after, frozenset(codes.split()), good, bad, since))


def column(name: str, before: str, after: str, codes: str = "", **rest: str | int) -> None:
    """A change of the columns and constraints of a table `t`, which holds a row."""
    case(name, f"CREATE TABLE t ({before})", f"CREATE TABLE t ({after})", codes, **rest)  # type: ignore[arg-type]


ROW: Final = "INSERT INTO t VALUES (1)"
MANY: Final = "INSERT INTO t SELECT generate_series(1, 5000); ANALYZE t"
REWRITE: Final = "rewrites-table blocks-reads"
CHECKED: Final = "may-fail scans-table blocks-reads"

# Columns that are added or dropped
column("a column", "a int", "a int, b int", good=ROW)
column("a column with a constant", "a int", "a int, b int NOT NULL DEFAULT 5", good=ROW)
column("a column with a stable default", "a int", "a int, b timestamptz NOT NULL DEFAULT now()", good=ROW)
column(
    "a column with a volatile default", "a int", "a int, b uuid DEFAULT gen_random_uuid()", REWRITE, good=ROW
)
column("a column with a sequence", "a int", "a int, b serial", REWRITE, good=ROW)
column("an identity column", "a int", "a int, b int GENERATED ALWAYS AS IDENTITY", REWRITE, good=ROW)
column("a stored column", "a int", "a int, b int GENERATED ALWAYS AS (a + 1) STORED", REWRITE, good=ROW)
column("a virtual column", "a int", "a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL", good=ROW, since=18)
column(
    "a virtual column without null", "a int", "a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL NOT NULL",
    "scans-table blocks-reads", good=ROW, since=18,
)  # fmt: skip
column("a column that nothing fills", "a int", "a int, b int NOT NULL", "may-fail", bad=ROW)
column("a dropped column", "a int, b int", "a int", "deletes-data", good="INSERT INTO t VALUES (1, 2)")
column("a dropped generated column", "a int, b int GENERATED ALWAYS AS (a) STORED", "a int", good=ROW)
column(
    "a column that becomes generated", "a int, b int", "a int, b int GENERATED ALWAYS AS (a + 1) STORED",
    f"deletes-data {REWRITE}", good="INSERT INTO t VALUES (1, 2)",
)  # fmt: skip
column(
    "another expression", "a int, b int GENERATED ALWAYS AS (a + 1) STORED",
    "a int, b int GENERATED ALWAYS AS (a + 2) STORED", REWRITE, good=ROW,
)  # fmt: skip
column("no expression any more", "a int, b int GENERATED ALWAYS AS (a + 1) STORED", "a int, b int", good=ROW)

FUNCTIONS: Final = """
    CREATE FUNCTION each() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
    CREATE FUNCTION inlined() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION not_inlined() RETURNS float8 LANGUAGE sql AS 'SELECT random()';
    CREATE FUNCTION returned() RETURNS float8 RETURN random();
    CREATE FUNCTION once() RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 1; END';
"""
case(
    "a column with a function of ours",
    f"{FUNCTIONS}; CREATE TABLE t (a int)", f"{FUNCTIONS}; CREATE TABLE t (a int, b int DEFAULT each())", REWRITE, good=ROW,
)  # fmt: skip
case(
    "a column with a stable function of ours",
    f"{FUNCTIONS}; CREATE TABLE t (a int)", f"{FUNCTIONS}; CREATE TABLE t (a int, b int DEFAULT once())", good=ROW,
)  # fmt: skip
case(
    "a column with a function that is put in its place", f"{FUNCTIONS}; CREATE TABLE t (a int)",
    f"{FUNCTIONS}; CREATE TABLE t (a int, b int DEFAULT inlined())", good=ROW,
)  # fmt: skip
case(
    "a column with a function that is volatile within", f"{FUNCTIONS}; CREATE TABLE t (a int)",
    f"{FUNCTIONS}; CREATE TABLE t (a int, b float8 DEFAULT not_inlined())", REWRITE, good=ROW,
)  # fmt: skip
case(
    "a column with a function whose body is an expression", f"{FUNCTIONS}; CREATE TABLE t (a int)",
    f"{FUNCTIONS}; CREATE TABLE t (a int, b float8 DEFAULT returned())", REWRITE, good=ROW,
)  # fmt: skip
DOMAINS: Final = """
    CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE DOMAIN plain AS int;
    CREATE DOMAIN five AS int NOT NULL DEFAULT 5; CREATE DOMAIN there AS int NOT NULL;
"""
case(
    "a column of a domain with a check", f"{DOMAINS}; CREATE TABLE t (a int)",
    f"{DOMAINS}; CREATE TABLE t (a int, b positive)", REWRITE, good=ROW,
)  # fmt: skip
case(
    "a column of a plain domain",
    f"{DOMAINS}; CREATE TABLE t (a int)",
    f"{DOMAINS}; CREATE TABLE t (a int, b plain)",
    good=ROW,
)
case(
    "a column of a domain that brings a default", f"{DOMAINS}; CREATE TABLE t (a int)",
    f"{DOMAINS}; CREATE TABLE t (a int, b five)", REWRITE, good=ROW,
)  # fmt: skip
case(
    "a column of a domain without null", f"{DOMAINS}; CREATE TABLE t (a int)",
    f"{DOMAINS}; CREATE TABLE t (a int, b there)", f"may-fail {REWRITE}", bad=ROW,
)  # fmt: skip

# Null
column("a required column", "a int", "a int NOT NULL", CHECKED, good=ROW, bad="INSERT INTO t VALUES (NULL)")
column(
    "a required column that a check proves", "a int, CONSTRAINT c CHECK (a IS NOT NULL)",
    "a int NOT NULL, CONSTRAINT c CHECK (a IS NOT NULL)", good=ROW,
)  # fmt: skip
case(
    "a required column that an unproven check speaks of",
    "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID",
    "CREATE TABLE t (a int NOT NULL); ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID",
    CHECKED, good=ROW,
)  # fmt: skip
column(
    "a required column whose proof goes", "a int, CONSTRAINT c CHECK (a IS NOT NULL)", "a int NOT NULL",
    CHECKED, good=ROW,
)  # fmt: skip
column("a column that may be null", "a int NOT NULL", "a int", good=ROW)
column("a default", "a int", "a int DEFAULT 5", good=ROW)
column(
    "an identity on a column with an index",
    "a int PRIMARY KEY",
    "a int PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY",
    good=MANY,
)
column(
    "an identity on a column without", "a int NOT NULL", "a int NOT NULL GENERATED BY DEFAULT AS IDENTITY",
    "scans-table blocks-reads", good=MANY,
)  # fmt: skip

# Types
V: Final = "INSERT INTO t VALUES ('abc')"
column("a longer varchar", "a varchar(10)", "a varchar(20)", good=V)
column("a varchar without a limit", "a varchar(10)", "a text", good=V)
column(
    "a shorter varchar",
    "a varchar(10)",
    "a varchar(5)",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES ('abcde'), ('abc      ')",
    bad="INSERT INTO t VALUES ('abcdef')",
)
column(
    "a text with a limit",
    "a text",
    "a varchar(5)",
    f"may-fail {REWRITE}",
    good=V,
    bad="INSERT INTO t VALUES ('abcdef')",
)
column(
    "a varchar as a char",
    "a varchar(10)",
    "a char(5)",
    f"may-fail {REWRITE}",
    good=V,
    bad="INSERT INTO t VALUES ('abcdef')",
)
column("an indexed varchar as a text", "a varchar(10) PRIMARY KEY", "a text PRIMARY KEY", good=V)
column("another collation", 'a text COLLATE "C"', "a text", "changes-meaning", good=V)
column(
    "another collation under an index",
    'a text COLLATE "C" PRIMARY KEY',
    "a text PRIMARY KEY",
    "changes-meaning blocks-reads",
    good=V,
)
column(
    "a longer varchar with a check",
    "a varchar(10) CONSTRAINT c CHECK (a <> '')",
    "a varchar(20) CONSTRAINT c CHECK (a <> '')",
    "scans-table blocks-reads",
    good=V,
)
column("a wider integer", "a int", "a bigint", REWRITE, good=ROW)
column(
    "a narrower integer",
    "a bigint",
    "a int",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES (2147483647)",
    bad="INSERT INTO t VALUES (2147483648)",
)
column("an integer as a numeric", "a int", "a numeric", REWRITE, good=ROW)
column("a wider numeric", "a numeric(10,2)", "a numeric(12,2)", good=ROW)
column(
    "a narrower numeric",
    "a numeric(10,2)",
    "a numeric(4,2)",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES (-99.99)",
    bad="INSERT INTO t VALUES (99.999)".replace("99.999", "100"),
)
column("a rounder numeric", "a numeric(10,2)", "a numeric(10,0)", f"deletes-data {REWRITE}", good=ROW)
column(
    "a numeric with a limit",
    "a numeric",
    "a numeric(4,2)",
    f"deletes-data may-fail {REWRITE}",
    good="INSERT INTO t VALUES (99.99), ('NaN')",
    bad="INSERT INTO t VALUES (99.999)",
)
column(
    "a numeric as an integer",
    "a numeric",
    "a int",
    f"deletes-data may-fail {REWRITE}",
    good="INSERT INTO t VALUES (1.5)",
    bad="INSERT INTO t VALUES (2147483647.5)",
)
column(
    "a float as an integer",
    "a float8",
    "a smallint",
    f"deletes-data may-fail {REWRITE}",
    good="INSERT INTO t VALUES (1.5)",
    bad="INSERT INTO t VALUES ('NaN')",
)
column(
    "a float as a numeric with a limit",
    "a float8",
    "a numeric(4,2)",
    f"deletes-data may-fail {REWRITE}",
    good="INSERT INTO t VALUES (1.5)",
    bad="INSERT INTO t VALUES ('Infinity')",
)
column(
    "a text as an integer",
    "a text",
    "a int",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES ('5'), (NULL)",
    bad="INSERT INTO t VALUES ('x')",
)
column(
    "a text as a date",
    "a text",
    "a date",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES ('2024-02-29')",
    bad="INSERT INTO t VALUES ('2023-02-29')",
)
column("an integer as a boolean", "a int", "a boolean", REWRITE, good=ROW)
column("a boolean as a bigint", "a boolean", "a bigint", REWRITE, good="INSERT INTO t VALUES (true)")
column("an integer as json", "a int", "a jsonb", REWRITE, good=ROW)
column(
    "json as an integer",
    "a jsonb",
    "a int",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES ('5')",
    bad="INSERT INTO t VALUES ('\"5\"')",
)
column(
    "json as a uuid",
    "a jsonb",
    "a uuid",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES ('\"6ecd8c99-4036-403d-bf84-cf8400f67836\"')",
    bad="INSERT INTO t VALUES ('1')",
)
column(
    "a uuid as a varchar",
    "a uuid",
    "a varchar(36)",
    REWRITE,
    good="INSERT INTO t VALUES ('6ecd8c99-4036-403d-bf84-cf8400f67836')",
)
column(
    "a uuid as an integer",
    "a uuid",
    "a int",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES (NULL)",
    bad="INSERT INTO t VALUES (gen_random_uuid())",
)
column("an integer in an array", "a int", "a int[]", REWRITE, good=ROW)
column(
    "a timestamp with a zone",
    "a timestamp",
    "a timestamptz",
    f"changes-meaning {REWRITE}",
    good="INSERT INTO t VALUES (now())",
)
column(
    "a timestamp as a date",
    "a timestamp",
    "a date",
    f"deletes-data {REWRITE}",
    good="INSERT INTO t VALUES (now())",
)
column("a finer timestamp", "a timestamp(3)", "a timestamp", good="INSERT INTO t VALUES (now())")
column(
    "a coarser timestamp",
    "a timestamp",
    "a timestamp(0)",
    f"deletes-data {REWRITE}",
    good="INSERT INTO t VALUES (now())",
)
column("more bits", "a varbit(3)", "a varbit(5)", good="INSERT INTO t VALUES ('101')")
column(
    "fewer bits",
    "a varbit(5)",
    "a bit(3)",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES ('101')",
    bad="INSERT INTO t VALUES ('10')",
)
column("a network as an address", "a cidr", "a inet", good="INSERT INTO t VALUES ('10.0.0.0/8')")
column(
    "an address as a network",
    "a inet",
    "a cidr",
    f"deletes-data {REWRITE}",
    good="INSERT INTO t VALUES ('10.0.0.1')",
)
case(
    "a text as a domain",
    f"{DOMAINS}; CREATE TABLE t (a text)",
    f"{DOMAINS}; CREATE TABLE t (a positive)",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES ('5')",
    bad="INSERT INTO t VALUES ('-5')",
)
case(
    "an integer as a domain",
    f"{DOMAINS}; CREATE TABLE t (a int)",
    f"{DOMAINS}; CREATE TABLE t (a positive)",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES (5), (NULL)",
    bad="INSERT INTO t VALUES (-5)",
)
case(
    "an integer as a domain without null",
    f"{DOMAINS}; CREATE TABLE t (a int)",
    f"{DOMAINS}; CREATE TABLE t (a there)",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES (5)",
    bad="INSERT INTO t VALUES (NULL)",
)
case(
    "a domain as an integer",
    f"{DOMAINS}; CREATE TABLE t (a positive)",
    f"{DOMAINS}; CREATE TABLE t (a int)",
    good="INSERT INTO t VALUES (5)",
)
MOODS: Final = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE state AS ENUM ('ok', 'new')"
case(
    "a text as an enum",
    f"{MOODS}; CREATE TABLE t (a text)",
    f"{MOODS}; CREATE TABLE t (a mood)",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES ('sad'), (NULL)",
    bad="INSERT INTO t VALUES ('Sad')",
)
case(
    "an enum as another",
    f"{MOODS}; CREATE TABLE t (a mood)",
    f"{MOODS}; CREATE TABLE t (a state)",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES ('ok'), (NULL)",
    bad="INSERT INTO t VALUES ('sad')",
)
case(
    "enums as others",
    f"{MOODS}; CREATE TABLE t (a mood[])",
    f"{MOODS}; CREATE TABLE t (a state[])",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES ('{ok,NULL}'), (NULL)",
    bad="INSERT INTO t VALUES ('{ok,sad}')",
)
case(
    "an enum as a text",
    f"{MOODS}; CREATE TABLE t (a mood)",
    f"{MOODS}; CREATE TABLE t (a varchar(3))",
    REWRITE,
    good="INSERT INTO t VALUES ('sad')",
)
case(
    "an enum as a short text",
    f"{MOODS}; CREATE TABLE t (a mood)",
    f"{MOODS}; CREATE TABLE t (a varchar(2))",
    f"may-fail {REWRITE}",
    good="INSERT INTO t VALUES ('ok')",
    bad="INSERT INTO t VALUES ('sad')",
)

# Keys and indexes
TWICE: Final = "INSERT INTO t VALUES (1), (1)"
PAIRS: Final = "INSERT INTO t VALUES (1, 1), (1, NULL), (1, NULL)"
column(
    "a primary key",
    "a int NOT NULL",
    "a int NOT NULL, CONSTRAINT k PRIMARY KEY (a)",
    "may-fail blocks-reads",
    good=ROW,
    bad=TWICE,
)
column(
    "a primary key over null",
    "a int",
    "a int NOT NULL, CONSTRAINT k PRIMARY KEY (a)",
    CHECKED,
    good=ROW,
    bad="INSERT INTO t VALUES (NULL)",
)
column(
    "a unique constraint",
    "a int, b int",
    "a int, b int, CONSTRAINT k UNIQUE (a, b)",
    "may-fail blocks-reads",
    good=PAIRS,
    bad=f"{PAIRS}, (1, 1)",
)
column(
    "a unique constraint over nulls", "a int, b int", "a int, b int, CONSTRAINT k UNIQUE NULLS NOT DISTINCT (a, b)",
    "may-fail blocks-reads", good="INSERT INTO t VALUES (1, 1), (1, NULL)", bad=PAIRS, since=15,
)  # fmt: skip
column(
    "more of what is unique", "a int NOT NULL, b int, CONSTRAINT j UNIQUE (a)",
    "a int NOT NULL, b int, CONSTRAINT j UNIQUE (a), CONSTRAINT k UNIQUE (b, a)", "blocks-reads", good="INSERT INTO t VALUES (1, 1), (2, 1)",
)  # fmt: skip
column(
    "a unique constraint on a new column",
    "a int",
    "a int, b int, CONSTRAINT k UNIQUE (b)",
    "blocks-reads",
    good=TWICE,
)
column(
    "a unique constraint on a new column with one value", "a int", "a int, b int DEFAULT 1, CONSTRAINT k UNIQUE (b)",
    "may-fail blocks-reads", good=ROW,
)  # fmt: skip
column(
    "a primary key on a new identity", "a int", "a int, b int GENERATED ALWAYS AS IDENTITY, CONSTRAINT k PRIMARY KEY (b)",
    REWRITE, good=TWICE,
)  # fmt: skip
case(
    "an index",
    "CREATE TABLE t (a int)",
    "CREATE TABLE t (a int); CREATE INDEX i ON t (a)",
    "blocks-writes",
    good=ROW,
)
case(
    "a unique index",
    "CREATE TABLE t (a int)",
    "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a)",
    "may-fail blocks-writes",
    good=ROW,
    bad=TWICE,
)
case(
    "a unique index of some rows", "CREATE TABLE t (a int, b text)", "CREATE TABLE t (a int, b text); CREATE UNIQUE INDEX i ON t (lower(b)) WHERE a > 0",
    "may-fail blocks-writes", good="INSERT INTO t VALUES (1, 'x'), (0, 'X'), (1, NULL), (1, NULL)", bad="INSERT INTO t VALUES (1, 'x'), (2, 'X')",
)  # fmt: skip
case("an index on a new table", "", "CREATE TABLE t (a int PRIMARY KEY); CREATE INDEX i ON t (a)")
MV: Final = "CREATE TABLE t (a int); CREATE MATERIALIZED VIEW v AS SELECT a FROM t"
case(
    "a unique index on a materialized view",
    MV,
    f"{MV}; CREATE UNIQUE INDEX i ON v (a)",
    "may-fail blocks-writes",
    good=f"{ROW}; REFRESH MATERIALIZED VIEW v",
    bad=f"{TWICE}; REFRESH MATERIALIZED VIEW v",
)
column(
    "an exclusion", "a int4range", "a int4range, CONSTRAINT x EXCLUDE USING gist (a WITH &&)", "may-fail blocks-reads",
    good="INSERT INTO t VALUES ('[1,2)')",
)  # fmt: skip
column("a dropped key", "a int CONSTRAINT k PRIMARY KEY", "a int NOT NULL", good=ROW)
column(
    "a key made anew",
    "a int, CONSTRAINT k UNIQUE (a)",
    "a int, CONSTRAINT k UNIQUE (a) DEFERRABLE",
    "blocks-reads",
    good=ROW,
)

# Foreign keys
TWO: Final = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int)"
THERE: Final = "INSERT INTO p VALUES (1); INSERT INTO t VALUES (1), (NULL)"
ORPHAN: Final = "INSERT INTO p VALUES (1); INSERT INTO t VALUES (2)"
FK: Final = "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p"
case("a foreign key", TWO, f"{TWO}; {FK}", "may-fail scans-table blocks-writes", good=THERE, bad=ORPHAN)
case("a foreign key that is not valid", TWO, f"{TWO}; {FK} NOT VALID", good=ORPHAN)
case("a foreign key that is not enforced", TWO, f"{TWO}; {FK} NOT ENFORCED", good=ORPHAN, since=18)
case("a validated foreign key", f"{TWO}; {FK} NOT VALID", f"{TWO}; {FK}", "may-fail scans-table", good=THERE)
case(
    "an enforced foreign key",
    f"{TWO}; {FK} NOT ENFORCED",
    f"{TWO}; {FK}",
    "may-fail scans-table blocks-reads",
    good=THERE,
    bad=ORPHAN,
    since=18,
)
case(
    "a foreign key to a new table", "CREATE TABLE t (a int)", f"{TWO}; {FK}", "may-fail scans-table blocks-writes",
    good="INSERT INTO t VALUES (NULL)", bad=ROW,
)  # fmt: skip
case(
    "a foreign key on a new column", "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (b int)",
    "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (b int, a int); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p",
    "scans-table blocks-writes", good=ROW,
)  # fmt: skip
case(
    "a foreign key of a new table",
    "CREATE TABLE p (id int PRIMARY KEY)",
    f"{TWO}; {FK}",
    good="INSERT INTO p VALUES (1)",
)
case(
    "a foreign key that deletes",
    f"{TWO}; {FK}",
    f"{TWO}; {FK} ON DELETE CASCADE",
    "changes-meaning scans-table blocks-writes",
    good=THERE,
)
case("a foreign key that waits", f"{TWO}; {FK}", f"{TWO}; {FK} DEFERRABLE", good=THERE)
case(
    "a foreign key over two columns", "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (x int, y int)",
    "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (x int, y int); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p",
    "may-fail scans-table blocks-writes", good="INSERT INTO p VALUES (1, 2); INSERT INTO t VALUES (1, 2), (9, NULL)",
    bad="INSERT INTO p VALUES (1, 2); INSERT INTO t VALUES (2, 1)",
)  # fmt: skip
case(
    "a foreign key over two columns in full", "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (x int, y int)",
    "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (x int, y int); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p MATCH FULL",
    "may-fail scans-table blocks-writes", good="INSERT INTO p VALUES (1, 2); INSERT INTO t VALUES (1, 2), (NULL, NULL)",
    bad="INSERT INTO p VALUES (1, 2); INSERT INTO t VALUES (9, NULL)",
)  # fmt: skip

WIDE: Final = "CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE t (a int)"
case(
    "a referenced column of another type",
    f"{TWO}; {FK}",
    f"{WIDE}; {FK}",
    f"scans-table {REWRITE}",
    good=THERE,
)
case(
    "a referring column of another type",
    f"{TWO}; {FK}",
    f"{TWO.replace('a int', 'a bigint')}; {FK}",
    f"scans-table {REWRITE}",
    good=THERE,
)
case(
    "both ends of a foreign key",
    f"{TWO}; {FK}",
    f"{WIDE.replace('a int', 'a bigint')}; {FK}",
    f"scans-table {REWRITE}",
    good=THERE,
)
TEXTS: Final = "CREATE TABLE p (id varchar(9) PRIMARY KEY); CREATE TABLE t (a varchar(9))"
case("a referring text", f"{TEXTS}; {FK}", f"{TEXTS.replace('a varchar(9)', 'a text')}; {FK}", good=THERE)

# Checks
column(
    "a check",
    "a int",
    "a int, CONSTRAINT c CHECK (a > 0)",
    CHECKED,
    good="INSERT INTO t VALUES (1), (NULL)",
    bad="INSERT INTO t VALUES (0)",
)
case(
    "a check that is not valid",
    "CREATE TABLE t (a int)",
    "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
    good="INSERT INTO t VALUES (0)",
)
case(
    "a validated check", "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0))",
    "may-fail scans-table", good=ROW,
)  # fmt: skip
column(
    "a check that is not enforced",
    "a int",
    "a int, CONSTRAINT c CHECK (a > 0) NOT ENFORCED",
    good="INSERT INTO t VALUES (0)",
    since=18,
)
column("a dropped check", "a int, CONSTRAINT c CHECK (a > 0)", "a int", good=ROW)
D: Final = "CREATE TABLE t (a plain, b plain); CREATE TABLE u (c int)"
case(
    "a check of a domain", f"CREATE DOMAIN plain AS int; {D}", f"CREATE DOMAIN plain AS int CONSTRAINT c CHECK (VALUE > 0); {D}",
    "may-fail scans-table blocks-writes", good="INSERT INTO t VALUES (1, NULL)", bad="INSERT INTO t VALUES (1, 0)",
)  # fmt: skip
case(
    "a check of a domain that is not valid", f"CREATE DOMAIN plain AS int; {D}",
    f"CREATE DOMAIN plain AS int; {D}; ALTER DOMAIN plain ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID", good="INSERT INTO t VALUES (0, 0)",
)  # fmt: skip
case(
    "a domain without null", f"CREATE DOMAIN plain AS int; {D}", f"CREATE DOMAIN plain AS int NOT NULL; {D}",
    "may-fail scans-table blocks-writes", good="INSERT INTO t VALUES (1, 1)", bad="INSERT INTO t VALUES (1, NULL)",
)  # fmt: skip
case(
    "a check of a domain that nothing holds",
    "CREATE DOMAIN plain AS int",
    "CREATE DOMAIN plain AS int CONSTRAINT c CHECK (VALUE > 0)",
)

# Tables and other objects
case(
    "an unlogged table",
    "CREATE TABLE t (a int)",
    "CREATE UNLOGGED TABLE t (a int)",
    f"changes-meaning {REWRITE}",
    good=ROW,
)
case("a logged table", "CREATE UNLOGGED TABLE t (a int)", "CREATE TABLE t (a int)", REWRITE, good=ROW)
case(
    "a storage parameter", "CREATE TABLE t (a int)", "CREATE TABLE t (a int) WITH (fillfactor = 50)", good=ROW
)
case("a dropped table", "CREATE TABLE t (a int)", "", "deletes-data", good=ROW)
case(
    "a dropped table with a trigger",
    "CREATE TABLE t (a int); CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "", "deletes-data loses-dependents", good=ROW,
)  # fmt: skip
case("a dropped sequence", "CREATE SEQUENCE q", "", "deletes-data")
case("a dropped serial", "CREATE TABLE t (a serial)", "", "deletes-data")
case(
    "a dropped view",
    "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t",
    "CREATE TABLE t (a int)",
    good=ROW,
)
case(
    "a view made anew", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t", "CREATE TABLE t (a bigint); CREATE VIEW v AS SELECT a FROM t",
    f"loses-privileges {REWRITE}", good=ROW,
)  # fmt: skip
case(
    "a view replaced",
    "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t",
    "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t WHERE a > 0",
    good=ROW,
)
case(
    "a function made anew", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
    "loses-privileges",
)  # fmt: skip
case(
    "a function replaced",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'",
)
case(
    "a label more", "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (a mood)", "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (a mood)",
    good="INSERT INTO t VALUES ('ok')",
)  # fmt: skip
case(
    "a label less", "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (a mood)", "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (a mood)",
    f"may-fail loses-privileges {REWRITE}", good="INSERT INTO t VALUES ('ok')", bad="INSERT INTO t VALUES ('sad')",
)  # fmt: skip
case(
    "labels in another order", "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (a mood)", "CREATE TYPE mood AS ENUM ('ok', 'sad'); CREATE TABLE t (a mood)",
    f"loses-privileges {REWRITE}", good="INSERT INTO t VALUES ('ok'), ('sad')",
)  # fmt: skip
case(
    "an attribute less", "CREATE TYPE pair AS (a int, b int); CREATE TABLE t (c pair)", "CREATE TYPE pair AS (a int); CREATE TABLE t (c pair)",
    "deletes-data", good="INSERT INTO t VALUES ((1, 2))",
)  # fmt: skip
case(
    "an attribute less of a type that nothing holds",
    "CREATE TYPE pair AS (a int, b int)",
    "CREATE TYPE pair AS (a int)",
)
RLS: Final = "CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY"
case("row-level security", "CREATE TABLE t (a int)", RLS, "changes-meaning", good=ROW)
case("no row-level security", RLS, "CREATE TABLE t (a int)", "changes-meaning", good=ROW)
case("row-level security for the owner", RLS, f"{RLS}, FORCE ROW LEVEL SECURITY", "changes-meaning", good=ROW)
case("a policy", RLS, f"{RLS}; CREATE POLICY p ON t USING (true)", "changes-meaning", good=ROW)
case(
    "a policy that is not looked at",
    "CREATE TABLE t (a int)",
    "CREATE TABLE t (a int); CREATE POLICY p ON t USING (true)",
    good=ROW,
)
case(
    "another policy",
    f"{RLS}; CREATE POLICY p ON t USING (true)",
    f"{RLS}; CREATE POLICY p ON t USING (false)",
    "changes-meaning",
    good=ROW,
)
case("no policy", f"{RLS}; CREATE POLICY p ON t USING (true)", RLS, "changes-meaning", good=ROW)
case(
    "a comment on a policy",
    f"{RLS}; CREATE POLICY p ON t USING (true)",
    f"{RLS}; CREATE POLICY p ON t USING (true); COMMENT ON POLICY p ON t IS 'x'",
    good=ROW,
)
case(
    "a function that still says a dropped column",
    "CREATE TABLE t (a int, odd int); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT odd FROM t); END'",
    "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT odd FROM t); END'",
    "deletes-data touches-unmodelled", good="INSERT INTO t VALUES (1, 2)",
)  # fmt: skip
case(
    "a partition", "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE u (a int)",
    "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE u PARTITION OF t FOR VALUES IN (1)",
    CHECKED, good="INSERT INTO u VALUES (1)",
)  # fmt: skip
