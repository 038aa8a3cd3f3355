"""Objects without a kind in the IR: what is there without them, with them, and with them altered.

Each case lives in a schema of its own, whose name stands for {s}: what has no schema has that in its name.
"""

from collections.abc import Mapping
from typing import Final

from attrs import frozen


@frozen(kw_only=True)
class Case:
    """SQL that runs first, and the two states that a database then goes through in every direction."""

    name: str
    first: str
    old: str
    new: str
    since: int = 14
    anew: bool = False  # whether Postgres cannot alter the one into the other


_TABLE = "CREATE TABLE t (a int NOT NULL, b text, c int);"
_TRIGGER = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';" + _TABLE

ROUTINES: Final = (
    Case(
        name="a function body",
        first="",
        old="CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$SELECT 1; SELECT 2;\nSELECT 3$$",
        new="CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql STABLE AS $$BEGIN RETURN 2; END$$; "
        "COMMENT ON FUNCTION f IS E'it''s\nso \\\\ or';",
    ),
    Case(
        name="a function gives another type",
        first="",
        old="CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMENT ON FUNCTION f IS 'x'",
        new="CREATE FUNCTION f(a int) RETURNS text LANGUAGE sql AS 'SELECT 1::text'",
        anew=True,
    ),
    Case(
        name="a parameter has another name",
        first="",
        old="CREATE FUNCTION f(a int, b text DEFAULT '') RETURNS int LANGUAGE sql AS 'SELECT 1'",
        new="CREATE FUNCTION f(a int, c text DEFAULT '') RETURNS int LANGUAGE sql AS 'SELECT 1'",
        anew=True,
    ),
    Case(
        name="a parameter gets a name and a default",
        first="",
        old="CREATE FUNCTION f(int, OUT b text) LANGUAGE sql AS $$SELECT 'x'$$",
        new="CREATE FUNCTION f(a int DEFAULT 4, OUT b text) LANGUAGE sql AS $$SELECT 'y'$$",
    ),
    Case(
        name="a parameter loses its default",
        first="",
        old="CREATE FUNCTION f(a int DEFAULT 4) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        new="CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        anew=True,
    ),
    Case(
        name="an odd name",
        first="CREATE TYPE \"we(ird\" AS ENUM ('a')",
        old='CREATE FUNCTION "F (x"(a "we(ird"[], VARIADIC b text[]) RETURNS TABLE (x int, "Y" text) '
        "LANGUAGE sql AS 'SELECT 1, NULL'",
        new='CREATE FUNCTION "F (x"(a "we(ird"[], VARIADIC b text[]) RETURNS TABLE (x int, "Y" text) '
        "LANGUAGE sql COST 7 ROWS 3 SET work_mem = '1MB' AS 'SELECT 2, NULL'",
    ),
    Case(
        name="an atomic body",
        first=_TABLE,
        old="CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT count(*) FROM t; END",
        new="CREATE FUNCTION f() RETURNS bigint LANGUAGE sql RETURN (SELECT sum(a) FROM t); COMMENT ON FUNCTION f IS 'x'",
    ),
    Case(
        name="a window function",
        first="",
        old="CREATE FUNCTION f() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number'",
        new="CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        anew=True,
    ),
    Case(
        name="a procedure",
        first="",
        old="CREATE PROCEDURE p(INOUT x int, OUT y text) LANGUAGE plpgsql AS 'BEGIN x := 1; END'",
        new="CREATE PROCEDURE p(INOUT x int, OUT y text) LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN x := 2; END'; "
        "COMMENT ON PROCEDURE p IS 'why'",
    ),
)
TRIGGERS: Final = (
    Case(
        name="a trigger",
        first=_TRIGGER,
        old="CREATE TRIGGER x BEFORE UPDATE OF b ON t FOR EACH ROW WHEN (old.a <> 1) EXECUTE FUNCTION f('x')",
        new="CREATE TRIGGER x AFTER INSERT ON t REFERENCING NEW TABLE AS n EXECUTE FUNCTION f('y')",
    ),
    Case(
        name="a trigger is switched off",
        first=_TRIGGER,
        old="CREATE TRIGGER x BEFORE INSERT ON t EXECUTE FUNCTION f(); COMMENT ON TRIGGER x ON t IS 'c'",
        new="CREATE TRIGGER x BEFORE INSERT ON t EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER x",
    ),
    Case(
        name="a trigger is switched on again and replaced",
        first=_TRIGGER,
        old="CREATE TRIGGER x BEFORE INSERT ON t EXECUTE FUNCTION f(); ALTER TABLE t ENABLE REPLICA TRIGGER x",
        new="CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()",
    ),
    Case(
        name="a trigger that stays off is replaced",
        first=_TRIGGER,
        old="CREATE TRIGGER x BEFORE INSERT ON t EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER x",
        new="CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER x",
    ),
    Case(
        name="a constraint trigger",
        first=_TRIGGER,
        old='CREATE CONSTRAINT TRIGGER "X y" AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()',
        new='CREATE CONSTRAINT TRIGGER "X y" AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()',
        anew=True,
    ),
    Case(
        name="a trigger of a view",
        first=_TRIGGER + "CREATE VIEW v AS SELECT a FROM t;",
        old="CREATE TRIGGER x INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f(1)",
        new="CREATE TRIGGER x INSTEAD OF INSERT OR DELETE ON v FOR EACH ROW EXECUTE FUNCTION f(2)",
    ),
    Case(
        name="a trigger off on one partition",
        first=_TRIGGER
        + "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE q PARTITION OF p DEFAULT;"
        + "CREATE TRIGGER x AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();",
        old="ALTER TABLE q DISABLE TRIGGER x",
        new="ALTER TABLE q ENABLE ALWAYS TRIGGER x",
    ),
    Case(
        name="an event trigger",
        first="CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        old="CREATE EVENT TRIGGER {s}_x ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION e(); "
        "ALTER EVENT TRIGGER {s}_x ENABLE ALWAYS; COMMENT ON EVENT TRIGGER {s}_x IS 'c'",
        new="CREATE EVENT TRIGGER {s}_x ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION e()",
    ),
    Case(
        name="an event trigger of another event",
        first="CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        old="CREATE EVENT TRIGGER {s}_x ON ddl_command_end EXECUTE FUNCTION e()",
        new="CREATE EVENT TRIGGER {s}_x ON sql_drop EXECUTE FUNCTION e(); ALTER EVENT TRIGGER {s}_x DISABLE",
        anew=True,
    ),
    Case(
        name="a rule",
        first=_TABLE,
        old="CREATE RULE x AS ON DELETE TO t DO INSTEAD NOTHING; ALTER TABLE t DISABLE RULE x",
        new="CREATE RULE x AS ON DELETE TO t WHERE old.a > 1 DO ALSO (INSERT INTO t VALUES (1); DELETE FROM t)"
        + "; COMMENT ON RULE x ON t IS ';'",
    ),
)
COLUMNS: Final = (
    Case(
        name="storage",
        first=_TABLE,
        old="ALTER TABLE t ALTER b SET STORAGE EXTERNAL",
        new="ALTER TABLE t ALTER b SET STORAGE PLAIN",
    ),
    Case(
        name="compression",
        first=_TABLE,
        old="ALTER TABLE t ALTER b SET COMPRESSION pglz",
        new="ALTER TABLE t ALTER b SET COMPRESSION pglz, ALTER c SET STATISTICS 3",
    ),
    Case(
        name="statistics target",
        first=_TABLE,
        old="ALTER TABLE t ALTER b SET STATISTICS 300",
        new="ALTER TABLE t ALTER b SET STATISTICS 0",
    ),
    Case(
        name="parameters",
        first=_TABLE,
        old="ALTER TABLE t ALTER b SET (n_distinct = -0.5, n_distinct_inherited = 5)",
        new="ALTER TABLE t ALTER b SET (n_distinct = 12)",
    ),
    Case(
        name="a view's default",
        first=_TABLE + "CREATE VIEW v AS SELECT a FROM t; CREATE SEQUENCE s;",
        old="ALTER VIEW v ALTER a SET DEFAULT 7",
        new="ALTER VIEW v ALTER a SET DEFAULT nextval('s')",
    ),
    Case(
        name="the storage of a materialized view's column",
        first="CREATE MATERIALIZED VIEW m AS SELECT 'x'::text AS \"B\"",
        old='ALTER MATERIALIZED VIEW m ALTER "B" SET STORAGE EXTERNAL',
        new='ALTER MATERIALIZED VIEW m ALTER "B" SET STATISTICS 7',
    ),
)
TABLES: Final = (
    Case(
        name="replica identity",
        first=_TABLE + "CREATE UNIQUE INDEX i ON t (a);",
        old="ALTER TABLE t REPLICA IDENTITY FULL",
        new="ALTER TABLE t REPLICA IDENTITY USING INDEX i",
    ),
    Case(
        name="cluster",
        first=_TABLE + "CREATE INDEX i ON t (a); CREATE INDEX j ON t (b);",
        old="ALTER TABLE t CLUSTER ON i",
        new="ALTER TABLE t CLUSTER ON j",
    ),
    Case(
        name="statistics",
        first=_TABLE,
        old="CREATE STATISTICS s (dependencies) ON a, b FROM t; ALTER STATISTICS s SET STATISTICS 42; "
        "COMMENT ON STATISTICS s IS 'c'",
        new="CREATE STATISTICS s (dependencies) ON a, b FROM t",
    ),
    Case(
        name="statistics on others",
        first=_TABLE,
        old="CREATE STATISTICS s ON (a + 1) FROM t",
        new="CREATE STATISTICS s (mcv) ON b, (a + 2) FROM t",
        anew=True,
    ),
    Case(
        name="an exclusion constraint",
        first=_TABLE,
        old="ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (b WITH =) WHERE (a > 0)",
        new="ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (b WITH =, a WITH <>) DEFERRABLE; "
        "COMMENT ON CONSTRAINT x ON t IS 'c'",
        anew=True,
    ),
    Case(
        name="the storage of an index inside a constraint",
        first="CREATE TABLE t (a int CONSTRAINT k PRIMARY KEY)",
        old="ALTER INDEX k SET (fillfactor = 80, deduplicate_items = off)",
        new="ALTER INDEX k SET (fillfactor = 70)",
    ),
    Case(
        name="statistics of an index",
        first=_TABLE + 'CREATE INDEX "I 1" ON t (lower(b), (c + 1));',
        old='ALTER INDEX "I 1" ALTER COLUMN 2 SET STATISTICS 500',
        new='ALTER INDEX "I 1" ALTER COLUMN 2 SET STATISTICS 5',
    ),
    Case(
        name="a typed table",
        first="CREATE TYPE y AS (a int); CREATE TYPE z AS (a int); CREATE TABLE t (a int)",
        old="ALTER TABLE t OF y",
        new="ALTER TABLE t OF z",
        anew=True,
    ),
    Case(
        name="an access method",
        first="CREATE ACCESS METHOD {s}_2 TYPE TABLE HANDLER heap_tableam_handler; "
        "CREATE ACCESS METHOD {s}_3 TYPE TABLE HANDLER heap_tableam_handler;" + _TABLE,
        old="ALTER TABLE t SET ACCESS METHOD {s}_2",
        new="ALTER TABLE t SET ACCESS METHOD {s}_3",
        since=15,
    ),
    Case(
        name="a period key",
        first=_TABLE.replace("c int", "c daterange NOT NULL"),
        old="ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a, c WITHOUT OVERLAPS)",
        new="ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, c WITHOUT OVERLAPS)",
        since=18,
        anew=True,
    ),
    Case(
        name="a not null that is not valid",
        first=_TABLE,
        old="ALTER TABLE t ADD CONSTRAINT n NOT NULL b NOT VALID",
        new="ALTER TABLE t ADD CONSTRAINT n NOT NULL b NOT VALID; COMMENT ON CONSTRAINT n ON t IS 'c'",
        since=18,
    ),
)
AGGREGATES: Final = (
    Case(
        name="an aggregate",
        first="",
        old="CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = SAFE)",
        new="CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '1', MSFUNC = int4pl, MINVFUNC = int4mi, "
        "MSTYPE = int, FINALFUNC_MODIFY = SHAREABLE, SORTOP = <); COMMENT ON AGGREGATE total(int) IS 'x'",
        anew=True,
    ),
    Case(
        name="a hypothetical-set aggregate",
        first="",
        old='CREATE AGGREGATE ranked(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, '
        "STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL)",
        new='CREATE AGGREGATE ranked(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, '
        "STYPE = internal, FINALFUNC = dense_rank_final, FINALFUNC_EXTRA, HYPOTHETICAL)",
        anew=True,
    ),
    Case(
        name="an ordered-set aggregate",
        first="",
        old="CREATE AGGREGATE pct(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, "
        "FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA)",
        new="CREATE AGGREGATE pct(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, "
        "FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA, FINALFUNC_MODIFY = READ_ONLY)",
        anew=True,
    ),
)
OPERATORS: Final = (
    Case(
        name="operators that name each other",
        first="CREATE FUNCTION lt(int, text) RETURNS bool LANGUAGE sql AS 'SELECT true'; "
        "CREATE FUNCTION gt(text, int) RETURNS bool LANGUAGE sql AS 'SELECT true'",
        old="CREATE OPERATOR << (FUNCTION = lt, LEFTARG = int, RIGHTARG = text, COMMUTATOR = >>); "
        "CREATE OPERATOR >> (FUNCTION = gt, LEFTARG = text, RIGHTARG = int, COMMUTATOR = <<)",
        new="CREATE OPERATOR << (FUNCTION = lt, LEFTARG = int, RIGHTARG = text, COMMUTATOR = >>, RESTRICT = eqsel, "
        "JOIN = eqjoinsel, HASHES, MERGES); CREATE OPERATOR >> (FUNCTION = gt, LEFTARG = text, RIGHTARG = int, "
        "COMMUTATOR = <<)",
        anew=True,
    ),
    Case(
        name="a prefix operator",
        first="CREATE FUNCTION neg(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        old="CREATE OPERATOR !@ (FUNCTION = neg, RIGHTARG = int)",
        new="CREATE OPERATOR !@ (FUNCTION = neg, RIGHTARG = int); COMMENT ON OPERATOR !@ (NONE, int) IS 'x'",
    ),
    Case(
        name="an operator class and its family",
        first="CREATE FUNCTION lt(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > $2'",
        old="CREATE OPERATOR <<< (FUNCTION = lt, LEFTARG = int, RIGHTARG = int); CREATE OPERATOR FAMILY fam USING btree; "
        "CREATE OPERATOR CLASS rev FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <<<, OPERATOR 2 >=, OPERATOR 3 =, "
        "OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(int, int)",
        new="CREATE OPERATOR FAMILY fam USING btree; CREATE OPERATOR CLASS rev FOR TYPE int USING btree FAMILY fam AS "
        "OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(int, int); "
        "ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 > (int4, int8), FUNCTION 1 (int4, int8) btint48cmp(int4, int8)",
        anew=True,
    ),
    Case(
        name="a class that stores another type",
        first="",
        old="CREATE OPERATOR CLASS g FOR TYPE int[] USING gin AS OPERATOR 1 && (anyarray, anyarray), FUNCTION 1 btint4cmp(int4, int4), "
        "FUNCTION 2 ginarrayextract(anyarray, internal, internal), "
        "FUNCTION 3 ginqueryarrayextract(anyarray, internal, smallint, internal, internal, internal, internal), "
        "FUNCTION 4 ginarrayconsistent(internal, smallint, anyarray, int, internal, internal, internal, internal), STORAGE int4",
        new="CREATE OPERATOR CLASS h FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int)",
    ),
    Case(
        name="casts",
        first="CREATE TYPE mood AS ENUM ('a'); CREATE FUNCTION to_int(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        old="CREATE CAST (mood AS int) WITH FUNCTION to_int(mood); CREATE CAST (text AS mood) WITH INOUT",
        new="CREATE CAST (mood AS int) WITH FUNCTION to_int(mood) AS ASSIGNMENT; CREATE CAST (text AS mood) WITH INOUT; "
        "COMMENT ON CAST (text AS mood) IS 'x'",
        anew=True,
    ),
    Case(
        name="a conversion",
        first="",
        old="CREATE CONVERSION conv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
        new="CREATE DEFAULT CONVERSION conv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
        anew=True,
    ),
    Case(
        name="a language",
        first="",
        old="CREATE LANGUAGE {s}_l HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler",
        new="CREATE TRUSTED LANGUAGE {s}_l HANDLER plpgsql_call_handler; COMMENT ON LANGUAGE {s}_l IS 'x'; "
        "CREATE FUNCTION f() RETURNS int LANGUAGE {s}_l AS 'BEGIN RETURN 1; END'",
        anew=True,
    ),
    Case(
        name="a transform",
        first="CREATE TYPE y AS (a int); CREATE FUNCTION fro(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'array_subscript_handler'; "
        "CREATE FUNCTION too(internal) RETURNS y LANGUAGE internal IMMUTABLE AS 'array_subscript_handler'",
        old="CREATE TRANSFORM FOR y LANGUAGE plpgsql (FROM SQL WITH FUNCTION fro(internal), TO SQL WITH FUNCTION too(internal))",
        new="CREATE TRANSFORM FOR y LANGUAGE plpgsql (FROM SQL WITH FUNCTION fro(internal))",
        anew=True,
    ),
    Case(
        name="an access method",
        first="",
        old="CREATE ACCESS METHOD {s}_m TYPE TABLE HANDLER heap_tableam_handler",
        new="CREATE ACCESS METHOD {s}_m TYPE INDEX HANDLER bthandler",
        anew=True,
    ),
    Case(name="a shell type", first="", old="CREATE TYPE shell", new="CREATE TYPE other"),
)
TEXTS: Final = (
    Case(
        name="collations",
        first="",
        old="CREATE COLLATION german (PROVIDER = icu, LOCALE = 'de', DETERMINISTIC = false); CREATE COLLATION c (LOCALE = 'C')",
        new="CREATE COLLATION german (PROVIDER = icu, LOCALE = 'de-AT'); CREATE COLLATION c (LOCALE = 'C'); "
        "COMMENT ON COLLATION c IS 'x'",
        anew=True,
    ),
    Case(
        name="collations of later versions",
        first="",
        old="CREATE COLLATION r (PROVIDER = icu, LOCALE = 'de', RULES = '&a < g'); CREATE COLLATION b (PROVIDER = builtin, LOCALE = 'C')",
        new="CREATE COLLATION r (PROVIDER = icu, LOCALE = 'de'); CREATE COLLATION b (PROVIDER = builtin, LOCALE = 'C.UTF-8')",
        since=18,
        anew=True,
    ),
    Case(
        name="a configuration and its mappings",
        first="CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple, stopwords = english)",
        old="CREATE TEXT SEARCH CONFIGURATION own (PARSER = default); ALTER TEXT SEARCH CONFIGURATION own "
        "ADD MAPPING FOR word, asciiword WITH plain, simple",
        new="CREATE TEXT SEARCH CONFIGURATION own (PARSER = default); ALTER TEXT SEARCH CONFIGURATION own "
        "ADD MAPPING FOR word WITH simple; ALTER TEXT SEARCH CONFIGURATION own ADD MAPPING FOR email WITH plain; "
        "COMMENT ON TEXT SEARCH CONFIGURATION own IS 'x'",
    ),
    Case(
        name="a dictionary",
        first="",
        old="CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, stopwords = english)",
        new="CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = snowball, language = 'german')",
        anew=True,
    ),
    Case(
        name="a template and a parser",
        first="",
        old="CREATE TEXT SEARCH TEMPLATE tt (LEXIZE = dsimple_lexize); CREATE TEXT SEARCH PARSER pp (START = prsd_start, "
        "GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype)",
        new="CREATE TEXT SEARCH TEMPLATE tt (INIT = dsimple_init, LEXIZE = dsimple_lexize); CREATE TEXT SEARCH PARSER pp "
        "(START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline)",
        anew=True,
    ),
)
OUTSIDE: Final = (
    Case(
        name="a wrapper",
        first="",
        old="CREATE FOREIGN DATA WRAPPER {s}_w OPTIONS (debug 'true')",
        new="CREATE FOREIGN DATA WRAPPER {s}_w OPTIONS (\"Debug\" E'it''s \\\\ so', more '2'); "
        "COMMENT ON FOREIGN DATA WRAPPER {s}_w IS 'x'",
    ),
    Case(
        name="a server and its tables",
        first="CREATE TYPE mood AS ENUM ('a')",
        old="CREATE SERVER {s}_far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'example.org', port '5433'); "
        "CREATE USER MAPPING FOR PUBLIC SERVER {s}_far OPTIONS (user 'me'); CREATE FOREIGN TABLE ft (a int OPTIONS "
        "(column_name 'x') NOT NULL, b text COLLATE \"C\" DEFAULT 'y', m mood, CONSTRAINT ck CHECK (a > 0)) "
        "SERVER {s}_far OPTIONS (table_name 'z')",
        new="CREATE SERVER {s}_far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'example.net', dbname 'd'); "
        "CREATE USER MAPPING FOR PUBLIC SERVER {s}_far OPTIONS (user 'you'); CREATE FOREIGN TABLE ft (a int OPTIONS "
        "(column_name 'x') NOT NULL, b text COLLATE \"C\" DEFAULT 'y', m mood, CONSTRAINT ck CHECK (a > 0)) "
        "SERVER {s}_far; COMMENT ON FOREIGN TABLE ft IS 'x'; COMMENT ON COLUMN ft.b IS 'y'",
    ),
    Case(
        name="a foreign table with other columns",
        first="CREATE SERVER {s}_far FOREIGN DATA WRAPPER postgres_fdw",
        old="CREATE FOREIGN TABLE ft (a int) SERVER {s}_far",
        new="CREATE FOREIGN TABLE ft (a int, g int GENERATED ALWAYS AS (a + 1) STORED) SERVER {s}_far",
        anew=True,
    ),
    Case(
        name="publications",
        first=_TABLE + "CREATE TABLE u (a int);",
        old="CREATE PUBLICATION {s}_p FOR TABLE u, t; CREATE PUBLICATION {s}_q FOR TABLE u; CREATE PUBLICATION {s}_r",
        new="CREATE PUBLICATION {s}_p FOR TABLE t (a) WHERE (a > 3), TABLES IN SCHEMA public WITH (publish = 'insert, truncate'); "
        "CREATE PUBLICATION {s}_q FOR TABLE u WITH (publish_via_partition_root); CREATE PUBLICATION {s}_r".replace(
            ", TABLES IN SCHEMA public", ""
        ),
    ),
    Case(
        name="publications of more",
        first=_TABLE,
        old="CREATE PUBLICATION {s}_p FOR TABLES IN SCHEMA {s}, public; CREATE PUBLICATION {s}_q FOR ALL TABLES",
        new="CREATE PUBLICATION {s}_p FOR TABLE t, TABLES IN SCHEMA public; CREATE PUBLICATION {s}_q FOR TABLE t",
        anew=True,
    ),
)
GROUPS: Final[Mapping[str, tuple[Case, ...]]] = {
    "routines": ROUTINES,
    "triggers": TRIGGERS,
    "columns": COLUMNS,
    "tables": TABLES,
    "aggregates": AGGREGATES,
    "operators": OPERATORS,
    "texts": TEXTS,
    "outside": OUTSIDE,
}
