"""What depends on objects without a kind in the IR, and what they depend on: pairs for one plan."""

from typing import Final

SAYS_INT = "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select 1';"
SAYS_BIGINT = "CREATE FUNCTION f(int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'select 2::bigint';"
CALLS = "CREATE TABLE t (a int DEFAULT f(1), g bigint GENERATED ALWAYS AS (f(a)) STORED, b int CHECK (f(b) > 0)); CREATE INDEX i ON t (f(a)) WHERE f(b) > 1; CREATE VIEW v AS SELECT f(a) AS x FROM t; CREATE VIEW w AS SELECT x FROM v; CREATE MATERIALIZED VIEW m AS SELECT f(1) AS y; CREATE INDEX mi ON m (f(1)); CREATE POLICY p ON t USING (f(a) > 0); CREATE DOMAIN d AS int DEFAULT f(3) CHECK (f(value) > 0);"
TABLE = "CREATE TABLE t (a int PRIMARY KEY, b text, c int);"
FUNCTION = "CREATE FUNCTION tf() RETURNS TRIGGER LANGUAGE plpgsql AS 'begin return new; end';"

PAIRS: Final[dict[str, tuple[str, str]]] = {
    "functions from nothing": ("", SAYS_INT + CALLS),
    "another body": (
        SAYS_INT + CALLS,
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select 1 + $1';" + CALLS,
    ),
    "another return type, under all that calls it": (SAYS_INT + CALLS, SAYS_BIGINT + CALLS),
    "a function dropped with what calls it": (SAYS_INT + CALLS, ""),
    "a function dropped, what called it stays": (
        SAYS_INT
        + "CREATE TABLE t (a int DEFAULT f(1), b int CHECK (f(b) > 0)); CREATE VIEW v AS SELECT f(a) AS x FROM t",
        "CREATE TABLE t (a int DEFAULT 1, b int CHECK (b > 0)); CREATE VIEW v AS SELECT a AS x FROM t",
    ),
    "another parameter name": (
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select 1';" + CALLS,
        "CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select 1';" + CALLS,
    ),
    "a function over the rows of a table": (
        "",
        "CREATE TABLE t (a int); CREATE FUNCTION g(t) RETURNS SETOF t LANGUAGE sql AS 'select * from t'; CREATE VIEW v AS SELECT g(t) AS q FROM t",
    ),
    "the rows of a table have a column more": (
        "CREATE TABLE t (a int); CREATE FUNCTION g(x t) RETURNS int LANGUAGE sql AS 'select x.a'; CREATE VIEW v AS SELECT g(t) AS q FROM t",
        "CREATE TABLE t (a int, b text); CREATE FUNCTION g(x t) RETURNS int LANGUAGE sql AS 'select x.a'; CREATE VIEW v AS SELECT g(t) AS q FROM t",
    ),
    "an atomic body over a view": (
        "",
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION g() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(a) FROM v; END; CREATE VIEW w AS SELECT g() AS n",
    ),
    "a view under an atomic body": (
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION g() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(a) FROM v; END; CREATE VIEW w AS SELECT g() AS n",
        "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT b, a FROM t; CREATE FUNCTION g() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(a) FROM v; END; CREATE VIEW w AS SELECT g() AS n",
    ),
    "a column under an atomic body": (
        "CREATE TABLE t (a int); CREATE FUNCTION g() RETURNS SETOF int LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END;",
        "CREATE TABLE t (a bigint); CREATE FUNCTION g() RETURNS SETOF bigint LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END;",
    ),
    "a function that calls one": (
        "",
        "CREATE FUNCTION z() RETURNS int LANGUAGE sql AS 'select 1'; CREATE FUNCTION a() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT z(); END",
    ),
    "a body over a table that is made later": (
        "",
        "CREATE FUNCTION a() RETURNS bigint LANGUAGE sql AS 'select count(*) from zz'; CREATE TABLE zz (a int); CREATE VIEW v AS SELECT a() AS x",
    ),
    "an enum without a label, in a signature": (
        "CREATE TYPE m AS ENUM ('a','b'); CREATE FUNCTION g(m) RETURNS m LANGUAGE sql AS 'select $1'; CREATE TABLE t (x m DEFAULT g('a'))",
        "CREATE TYPE m AS ENUM ('b'); CREATE FUNCTION g(m) RETURNS m LANGUAGE sql AS 'select $1'; CREATE TABLE t (x m DEFAULT g('b'))",
    ),
    "a trigger over a column of another type": (
        TABLE
        + FUNCTION
        + "CREATE TRIGGER x BEFORE UPDATE OF b ON t FOR EACH ROW when (new.b > 'a') EXECUTE FUNCTION tf()",
        "CREATE TABLE t (a int PRIMARY KEY, b varchar(7), c int);"
        + FUNCTION
        + "CREATE TRIGGER x BEFORE UPDATE OF b ON t FOR EACH ROW when (new.b > 'a') EXECUTE FUNCTION tf()",
    ),
    "a trigger goes with its table": (
        TABLE + FUNCTION + "CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tf()",
        "",
    ),
    "a trigger over a column that goes": (
        TABLE + FUNCTION + "CREATE TRIGGER x BEFORE UPDATE OF c ON t FOR EACH ROW EXECUTE FUNCTION tf()",
        "CREATE TABLE t (a int PRIMARY KEY, b text);" + FUNCTION,
    ),
    "rules": (
        TABLE
        + "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING; CREATE RULE s AS ON INSERT TO t WHERE new.c > 1 DO ALSO UPDATE t SET c = 1",
        "CREATE TABLE t (a int PRIMARY KEY, b text, c bigint);CREATE RULE s AS ON INSERT TO t WHERE new.c > 1 DO ALSO UPDATE t SET c = 2",
    ),
    "statistics over another type": (
        TABLE + "CREATE STATISTICS s ON b, c FROM t",
        "CREATE TABLE t (a int PRIMARY KEY, b text, c bigint);CREATE STATISTICS s (mcv) ON b, c FROM t",
    ),
    "statistics over a column that goes": (
        TABLE + "CREATE STATISTICS s ON b, c FROM t",
        "CREATE TABLE t (a int PRIMARY KEY, b text);",
    ),
    "storage under another type": (
        TABLE
        + "ALTER TABLE t ALTER b SET STORAGE EXTERNAL, ALTER b SET STATISTICS 4, ALTER b SET (n_distinct=4)",
        "CREATE TABLE t (a int PRIMARY KEY, b varchar(9), c int);ALTER TABLE t ALTER b SET STORAGE EXTERNAL, ALTER b SET STATISTICS 4, ALTER b SET (n_distinct=4)",
    ),
    "a replica identity by another index": (
        TABLE + "ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey",
        "CREATE TABLE t (a int NOT NULL, b text, c int);CREATE UNIQUE INDEX u ON t (a); ALTER TABLE t REPLICA IDENTITY USING INDEX u",
    ),
    "clustered by an index made anew": (
        TABLE + "CREATE INDEX i ON t (b); ALTER TABLE t CLUSTER ON i",
        TABLE + "CREATE INDEX i ON t (c); ALTER TABLE t CLUSTER ON i",
    ),
    "an exclusion over another type": (
        TABLE + " ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (c WITH =)",
        "CREATE TABLE t (a int PRIMARY KEY, b text, c bigint); ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (c WITH =) DEFERRABLE INITIALLY DEFERRED",
    ),
    "an exclusion over a column that goes": (
        TABLE + " ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (c WITH =)",
        "CREATE TABLE t (a int PRIMARY KEY, b text);",
    ),
    "an index of a class": (
        "",
        "CREATE OPERATOR CLASS rev FOR TYPE int USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(int,int); CREATE TABLE t (a int); CREATE INDEX i ON t (a rev)",
    ),
    "a check by an operator": (
        "",
        "CREATE FUNCTION lt(int,int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'select true'; CREATE OPERATOR <<< (FUNCTION=lt,LEFTARG=int,RIGHTARG=int); CREATE TABLE t (a int CHECK (a <<< 3)); CREATE VIEW v AS SELECT a <<< 4 AS q FROM t",
    ),
    "an operator and all that it is in": (
        "CREATE FUNCTION lt(int,int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'select true'; CREATE OPERATOR <<< (FUNCTION=lt,LEFTARG=int,RIGHTARG=int); CREATE TABLE t (a int CHECK (a <<< 3)); CREATE VIEW v AS SELECT a <<< 4 AS q FROM t",
        "CREATE TABLE t (a int)",
    ),
    "a cast in an expression": (
        "",
        "CREATE TYPE m AS ENUM ('a'); CREATE FUNCTION c(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'select 1'; CREATE cast (m AS int) WITH FUNCTION c(m) AS assignment; CREATE TABLE t (a m, g int GENERATED ALWAYS AS (a::int) STORED)",
    ),
    "text search in an index": (
        "",
        "CREATE text SEARCH DICTIONARY dd (TEMPLATE=simple); CREATE text SEARCH CONFIGURATION cc (COPY=english); ALTER text SEARCH CONFIGURATION cc ALTER MAPPING FOR word WITH dd; CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('cc', a)) STORED); CREATE INDEX i ON t USING gin (to_tsvector('cc', a))",
    ),
    "an aggregate in a view": (
        "",
        "CREATE AGGREGATE tot(int) (SFUNC=int4pl, STYPE=int); CREATE TABLE t (a int); CREATE VIEW v AS SELECT tot(a) AS x FROM t",
    ),
    "an aggregate made anew under a view": (
        "CREATE AGGREGATE tot(int) (SFUNC=int4pl, STYPE=int); CREATE TABLE t (a int); CREATE VIEW v AS SELECT tot(a) AS x FROM t",
        "CREATE AGGREGATE tot(int) (SFUNC=int4pl, STYPE=int, INITCOND='3'); CREATE TABLE t (a int); CREATE VIEW v AS SELECT tot(a) AS x FROM t",
    ),
    "foreign tables from nothing": (
        "",
        " CREATE SERVER {s}_x FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'x'); CREATE USER MAPPING FOR public SERVER {s}_x OPTIONS (USER 'q'); CREATE TYPE m AS ENUM ('a'); CREATE FOREIGN TABLE ft (a int, b m) SERVER {s}_x; CREATE VIEW v AS SELECT a FROM ft",
    ),
    "foreign tables dropped": (
        " CREATE SERVER {s}_x FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'x'); CREATE USER MAPPING FOR public SERVER {s}_x OPTIONS (USER 'q'); CREATE TYPE m AS ENUM ('a'); CREATE FOREIGN TABLE ft (a int, b m) SERVER {s}_x; CREATE VIEW v AS SELECT a FROM ft",
        "",
    ),
    "a foreign table made anew under a view": (
        " CREATE SERVER {s}_x FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'x'); CREATE FOREIGN TABLE ft (a int) SERVER {s}_x; CREATE VIEW v AS SELECT a FROM ft",
        " CREATE SERVER {s}_x FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'y'); CREATE FOREIGN TABLE ft (a int, c text) SERVER {s}_x; CREATE VIEW v AS SELECT a, c FROM ft",
    ),
    "a publication of a table that goes": (
        TABLE + "CREATE TABLE u (a int); CREATE PUBLICATION {s}_p FOR TABLE t, u",
        "CREATE TABLE u (a int, b int); CREATE PUBLICATION {s}_p FOR TABLE u",
    ),
    "a publication of columns that go": (
        TABLE + "CREATE PUBLICATION {s}_p FOR TABLE t (a, c) WHERE (a > 1)",
        TABLE.replace(", c int", "").replace("a int", "a bigint")
        + "CREATE PUBLICATION {s}_p FOR TABLE t (a) WHERE (a > 1)",
    ),
    "a typed table under its type": (
        "CREATE TYPE y AS (a int, b text); CREATE TABLE t OF y",
        "CREATE TYPE y AS (a int, c text); CREATE TABLE t OF y",
    ),
    "rules of a view": (
        TABLE + "CREATE VIEW v AS SELECT b FROM t; CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTHING",
        TABLE.replace("b text", "b varchar")
        + "CREATE VIEW v AS SELECT b FROM t; CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTHING",
    ),
    "a publication of a schema": (
        "",
        "CREATE SCHEMA {s}_z; CREATE TABLE {s}_z.t (a int); CREATE PUBLICATION {s}_p FOR TABLES IN SCHEMA {s}_z",
    ),
    "a view's default": (
        TABLE + "CREATE VIEW v AS SELECT a, b FROM t; ALTER VIEW v ALTER b SET DEFAULT 'x'",
        "CREATE TABLE t (a int PRIMARY KEY, b varchar, c int);CREATE VIEW v AS SELECT a, b FROM t; ALTER VIEW v ALTER b SET DEFAULT 'y'",
    ),
    "a view's trigger": (
        TABLE
        + FUNCTION
        + "CREATE VIEW v AS SELECT a, b FROM t; CREATE TRIGGER i INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION tf()",
        "CREATE TABLE t (a int PRIMARY KEY, b varchar, c int);"
        + FUNCTION
        + "CREATE VIEW v AS SELECT a, b FROM t; CREATE TRIGGER i INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION tf()",
    ),
    "an event trigger": (
        "",
        "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end'; CREATE EVENT TRIGGER {s}_x ON sql_drop EXECUTE FUNCTION e(); CREATE TABLE t (a int)",
    ),
    "functions inside a range": (
        "",
        "CREATE FUNCTION diff(x float8, y float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'select x - y'; CREATE TYPE fr AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = diff); CREATE FUNCTION g(fr) RETURNS int LANGUAGE sql AS 'select 1'; CREATE TABLE t (a fr)",
    ),
    "a function inside a domain": (
        "",
        "CREATE FUNCTION ok(text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'select true'; CREATE DOMAIN e AS text CHECK (ok(value)); CREATE FUNCTION usee(e) RETURNS e LANGUAGE sql AS 'select $1'; CREATE TABLE t (x e DEFAULT usee('q'))",
    ),
    "a composite type in a signature": (
        "CREATE TYPE c AS (x int); CREATE FUNCTION g(c) RETURNS c LANGUAGE sql AS 'select $1'",
        "CREATE TYPE c AS (x int, y text); CREATE FUNCTION g(c) RETURNS c LANGUAGE sql AS 'select $1'",
    ),
    "statistics of an index made anew": (
        TABLE + "CREATE INDEX i ON t ((c + 1)); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 9",
        TABLE + "CREATE INDEX i ON t ((c + 2)); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 9",
    ),
    "a typed table": ("", "CREATE TYPE y AS (a int, b text); CREATE TABLE t OF y (PRIMARY KEY (a)); "),
    "access methods": (
        "",
        "CREATE ACCESS METHOD {s}_m TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE t (a int) USING {s}_m; CREATE MATERIALIZED VIEW m USING {s}_m AS SELECT 1 AS x",
    ),
    "a language": (
        "",
        "CREATE TRUSTED LANGUAGE {s}_l HANDLER plpgsql_call_handler; CREATE FUNCTION f() RETURNS int LANGUAGE {s}_l AS 'x'; CREATE TABLE t (a int DEFAULT f())",
    ),
    "a procedure with more parameters": (
        "CREATE PROCEDURE p(a int) LANGUAGE sql AS 'select 1'",
        "CREATE PROCEDURE p(a int, inout b int) LANGUAGE sql AS 'select 1'",
    ),
    "a function becomes a procedure": (
        "CREATE FUNCTION p(a int) RETURNS int LANGUAGE sql AS 'select 1'",
        "CREATE PROCEDURE p(a int) LANGUAGE sql AS 'select 1'",
    ),
    "a view instead of a table": (
        "CREATE TABLE t (a int); CREATE FUNCTION g(t) RETURNS int LANGUAGE sql AS 'select 1'",
        "CREATE VIEW t AS SELECT 1 AS a; CREATE FUNCTION g(t) RETURNS int LANGUAGE sql AS 'select 1'",
    ),
    "a constraint trigger": (
        TABLE
        + FUNCTION
        + "CREATE CONSTRAINT TRIGGER ct AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION tf()",
        TABLE
        + FUNCTION
        + "CREATE CONSTRAINT TRIGGER ct AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tf()",
    ),
    "a trigger calls another function": (
        TABLE + FUNCTION + "CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION tf()",
        TABLE
        + "CREATE FUNCTION tg() RETURNS TRIGGER LANGUAGE plpgsql AS 'begin return null; end'; CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION tg()",
    ),
}
PAIRS_OF_18: Final[dict[str, tuple[str, str]]] = {
    "keys over periods": (
        "",
        " CREATE TABLE t (id int, v daterange, CONSTRAINT pk PRIMARY KEY (id, v WITHOUT OVERLAPS)); CREATE TABLE u (id int, v daterange, CONSTRAINT fk FOREIGN KEY (id, PERIOD v) REFERENCES t (id, PERIOD v))",
    ),
    "keys over periods dropped": (
        " CREATE TABLE t (id int NOT NULL, v daterange NOT NULL, CONSTRAINT pk PRIMARY KEY (id, v WITHOUT OVERLAPS)); CREATE TABLE u (id int, v daterange, CONSTRAINT fk FOREIGN KEY (id, PERIOD v) REFERENCES t (id, PERIOD v))",
        " CREATE TABLE t (id int NOT NULL, v daterange NOT NULL); CREATE TABLE u (id int, v daterange)",
    ),
    "not null, not proven": (TABLE, TABLE + "ALTER TABLE t ADD CONSTRAINT n NOT NULL b NOT VALID"),
    "not null, proven": (
        TABLE + "ALTER TABLE t ADD CONSTRAINT n NOT NULL b NOT VALID",
        "CREATE TABLE t (a int PRIMARY KEY, b text NOT NULL, c int);",
    ),
    "not null for no child": (TABLE, TABLE + "ALTER TABLE t ADD CONSTRAINT n NOT NULL b NO INHERIT"),
    "nullable again": (TABLE + "ALTER TABLE t ADD CONSTRAINT n NOT NULL b NO INHERIT", TABLE),
}
