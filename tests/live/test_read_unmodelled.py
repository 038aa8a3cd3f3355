"""What the IR does not model is told all the same: named, with a definition, and what it is about."""

import secrets
from collections.abc import Mapping
from hashlib import sha256

import pytest

from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.runtime.embedded import Server
from pgkit.runtime.session import AsyncpgExecutor
from tests.live.reading import catalog_of, column_ref, columns, on_database, table, unmodelled


def definitions(catalog: Catalog, kind: str) -> Mapping[tuple[str, str, str], str | None]:
    return {key: found.definition for key, found in unmodelled(catalog, kind).items()}


TRIGGERS = """
    CREATE SCHEMA app; CREATE TABLE app.t (a int, b int); CREATE VIEW app.v AS SELECT a FROM app.t;
    CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER "one!" BEFORE UPDATE OF b ON app.t FOR EACH ROW WHEN (old.a <> 1) EXECUTE FUNCTION app.f('x');
    CREATE TRIGGER two AFTER INSERT ON app.t REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION app.f();
    ALTER TABLE app.t DISABLE TRIGGER two;
    CREATE CONSTRAINT TRIGGER three AFTER INSERT ON app.t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION app.f();
    COMMENT ON TRIGGER three ON app.t IS E'said\\ntwice';
    CREATE TRIGGER four INSTEAD OF INSERT ON app.v FOR EACH ROW EXECUTE FUNCTION app.f();
    ALTER TABLE app.t ADD CONSTRAINT k UNIQUE (a), ADD CONSTRAINT r FOREIGN KEY (b) REFERENCES app.t (a);
"""


def test_triggers(contrib: Server) -> None:
    """A trigger's definition says when it does not fire; those of constraints are no one's."""
    catalog = catalog_of(contrib, TRIGGERS)
    found = unmodelled(catalog, "trigger")
    assert {key: u.definition for key, u in found.items()} == {
        ("app", "t", "one!"): 'CREATE TRIGGER "one!" BEFORE UPDATE OF b ON app.t FOR EACH ROW '
        "WHEN ((old.a <> 1)) EXECUTE FUNCTION app.f('x')",
        ("app", "t", "two"): "CREATE TRIGGER two AFTER INSERT ON app.t REFERENCING NEW TABLE AS fresh "
        "FOR EACH STATEMENT EXECUTE FUNCTION app.f()\n-- disabled",
        ("app", "t", "three"): "CREATE CONSTRAINT TRIGGER three AFTER INSERT ON app.t "
        "DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION app.f()\n-- said\n-- twice",
        (
            "app",
            "v",
            "four",
        ): "CREATE TRIGGER four INSTEAD OF INSERT ON app.v FOR EACH ROW EXECUTE FUNCTION app.f()",
    }
    function = Ref("function", "app", "f()")
    assert set(found["app", "t", "one!"].refs) == {
        Ref("table", "app", "t"),
        function,
        column_ref("t", "a", "app"),
        column_ref("t", "b", "app"),
    }
    assert set(found["app", "v", "four"].refs) == {Ref("view", "app", "v"), function}
    assert all(u.hash == sha256((u.definition or "").encode()).hexdigest() for u in found.values())


FUNCTIONS = """
    CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('a'); CREATE TABLE app.t (a int);
    CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION app.f(a int, VARIADIC b text[] DEFAULT '{}', OUT c app.mood) LANGUAGE sql AS $$SELECT 'a'::app.mood$$;
    CREATE FUNCTION app."F ()"(app.mood, app.t) RETURNS int LANGUAGE sql SET search_path = app AS 'SELECT 2';
    CREATE FUNCTION app.atomic() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM app.t; END;
    CREATE PROCEDURE app.p(INOUT x int) LANGUAGE plpgsql AS 'BEGIN x := 1; END';
    CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = SAFE);
    CREATE AGGREGATE app.ranked(VARIADIC "any" ORDER BY VARIADIC "any")
        (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
    CREATE FUNCTION app.win() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
"""


def test_functions(contrib: Server) -> None:
    """Functions go by name and argument types; of an overloaded name each is there."""
    catalog = catalog_of(contrib, FUNCTIONS)
    found = unmodelled(catalog, "function")
    assert sorted(name for _, name, _ in found) == [
        "F ()(app.mood, app.t)",
        "atomic()",
        "f()",
        "f(integer, text[])",
        "win()",
    ]
    assert list(unmodelled(catalog, "procedure")) == [("app", "p(integer)", "")]
    definition = found["app", "f()", ""].definition or ""
    assert (
        definition
        == "CREATE OR REPLACE FUNCTION app.f()\n RETURNS integer\n LANGUAGE sql\nAS $function$SELECT 1$function$\n"
    )
    assert found["app", "F ()(app.mood, app.t)", ""].refs == (
        Ref("enum", "app", "mood"),
        Ref("table", "app", "t"),
    )
    assert found["app", "atomic()", ""].refs == (Ref("table", "app", "t"),)
    aggregates = definitions(catalog, "aggregate")
    assert aggregates["app", "total(integer)", ""] == (
        "CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, FINALFUNC_MODIFY = r, "
        "INITCOND = '0', MFINALFUNC_MODIFY = r, KIND = n, PARALLEL = s)"
    )
    assert len(aggregates) == 2


def test_a_hash_follows_the_definition(contrib: Server) -> None:
    """Equal definitions have equal hashes, in any database; a changed one has another."""
    one = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT {}'"
    first, again, other = (
        unmodelled(catalog_of(contrib, one.format(number)), "function")["public", "f()", ""]
        for number in (1, 1, 2)
    )
    assert first == again
    assert first.hash != other.hash


PARTITIONS = """
    CREATE TABLE p (a int NOT NULL, b text, c int CHECK (c > 0), PRIMARY KEY (a)) PARTITION BY RANGE (a);
    CREATE TABLE other (id int PRIMARY KEY, p int REFERENCES p (a));
    ALTER TABLE p ADD CONSTRAINT up FOREIGN KEY (c) REFERENCES other;
    CREATE INDEX i ON p (b); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
    CREATE TABLE p2 PARTITION OF p DEFAULT PARTITION BY RANGE (a);
    CREATE TABLE p3 PARTITION OF p2 FOR VALUES FROM (20) TO (30);
    CREATE INDEX own ON p1 (c); ALTER TABLE p1 ADD CONSTRAINT mine CHECK (a < 10), ADD CONSTRAINT u UNIQUE (b);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER t AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
"""


def test_partitions(contrib: Server) -> None:
    """A partition is a table that can be read; what it has from its parent is told once, there."""
    sql = PARTITIONS.replace("PRIMARY KEY (a)", "PRIMARY KEY (a)").replace(
        "CREATE TABLE p2", "CREATE TABLE p2"
    )
    sql = sql.replace("PARTITION BY LIST (b)", "PARTITION BY RANGE (a)").replace(
        "IN ('x')", "FROM (20) TO (30)"
    )
    catalog = catalog_of(contrib, sql)
    assert [t.name for t in catalog.tables] == ["other", "p", "p1", "p2", "p3"]
    parent, child, last = (table(catalog, name) for name in ("p", "p1", "p3"))
    assert [len(of) for of in (parent.primary_keys, parent.foreign_keys, parent.checks, parent.indexes)] == [
        1
    ] * 4
    assert list(columns(child)) == ["a", "b", "c"]
    assert not columns(child)["a"].nullable
    assert (child.primary_keys, child.foreign_keys) == ((), ())
    assert [check.name for check in child.checks] == ["mine"]
    assert ([i.name for i in child.indexes], [u.name for u in child.uniques]) == (["own"], ["u"])
    assert (last.primary_keys, last.checks, last.indexes) == ((), (), ())
    assert [f.references for f in table(catalog, "other").foreign_keys] == [(column_ref("p", "a"),)]
    assert definitions(catalog, "partition_key") == {
        ("public", "p", ""): "PARTITION BY RANGE (a)",
        ("public", "p2", ""): "PARTITION BY RANGE (a)",
    }
    attach = "ALTER TABLE ONLY public.{} ATTACH PARTITION public.{} {}"
    assert definitions(catalog, "partition_of") == {
        ("public", "p1", ""): attach.format("p", "p1", "FOR VALUES FROM (0) TO (10)"),
        ("public", "p2", ""): attach.format("p", "p2", "DEFAULT"),
        ("public", "p3", ""): attach.format("p2", "p3", "FOR VALUES FROM (20) TO (30)"),
    }
    assert set(unmodelled(catalog, "partition_of")["public", "p1", ""].refs) == {
        Ref("table", "public", "p"),
        Ref("table", "public", "p1"),
    }
    assert list(unmodelled(catalog, "trigger")) == [("public", "p", "t")]
    assert unmodelled(catalog, "invalid_index") == {}


SWITCHED = """
    CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10); CREATE TABLE p2 PARTITION OF p DEFAULT;
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER t AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
    ALTER TABLE p2 DISABLE TRIGGER t;
    CREATE TABLE parent (a int PRIMARY KEY); CREATE TABLE child (b int CONSTRAINT fk REFERENCES parent);
    ALTER TABLE child DISABLE TRIGGER ALL;
"""


def test_what_a_load_left_switched_off(contrib: Server) -> None:
    """A partition's trigger that is off while the others are on; a foreign key that nobody checks."""
    catalog = catalog_of(contrib, SWITCHED)
    assert list(unmodelled(catalog, "trigger")) == [("public", "p", "t"), ("public", "p2", "t")]
    assert definitions(catalog, "constraint_state") == {
        ("public", "child", "fk"): "-- the triggers of constraint fk on public.child: disabled"
    }


def test_tablespaces(contrib: Server) -> None:
    """Tables and indexes outside the database's own tablespace."""
    name = f"pgkit_test_{secrets.token_hex(4)}"
    make = f"SET allow_in_place_tablespaces = on; CREATE TABLESPACE {name} LOCATION ''"

    async def created(session: AsyncpgExecutor) -> Catalog:
        for statement in (*make.split("; "), f"CREATE TABLE public.t (a int) TABLESPACE {name}"):
            await session.execute(statement)
        await session.execute(
            f"CREATE TABLE public.u (a int); CREATE INDEX i ON public.u (a) TABLESPACE {name}"
        )
        catalog = (await read_catalog(session)).catalog
        await session.execute("DROP TABLE public.t, public.u")
        await session.execute(f"DROP TABLESPACE {name}")
        return catalog

    assert definitions(on_database(contrib, "SELECT 1", created), "tablespace") == {
        ("public", "t", ""): f"ALTER TABLE public.t SET TABLESPACE {name}",
        ("public", "u", "i"): f"ALTER INDEX public.i SET TABLESPACE {name}",
    }


INHERITANCE = """
    CREATE TABLE a (x int CHECK (x > 0)); CREATE TABLE b (y int); CREATE TABLE child (z int) INHERITS (b, a);
    CREATE TYPE pair AS (l int, r int); CREATE TABLE typed OF pair;
"""


def test_inheritance(contrib: Server) -> None:
    """A child has all its columns, and its parents in their order; a check of a parent is the parent's."""
    catalog = catalog_of(contrib, INHERITANCE)
    child = table(catalog, "child")
    assert (list(columns(child)), child.checks) == (["y", "x", "z"], ())
    assert definitions(catalog, "inherits") == {
        ("public", "child", "public.b"): "ALTER TABLE public.child INHERIT public.b\n-- parent 1",
        ("public", "child", "public.a"): "ALTER TABLE public.child INHERIT public.a\n-- parent 2",
    }
    assert definitions(catalog, "of_type") == {
        ("public", "typed", ""): "ALTER TABLE public.typed OF public.pair"
    }


PHYSICAL = """
    CREATE EXTENSION btree_gist;
    CREATE TABLE t (a int PRIMARY KEY WITH (fillfactor = 80), b text, c text COMPRESSION pglz, d int,
        EXCLUDE USING gist (b WITH =) WITH (fillfactor = 90) WHERE (a > 0));
    ALTER TABLE t ALTER b SET STORAGE EXTERNAL;
    ALTER TABLE t ALTER d SET STATISTICS 300, ALTER d SET (n_distinct = -0.5), ALTER b SET STATISTICS 0;
    CREATE UNIQUE INDEX ident ON t (a); ALTER TABLE t ALTER a SET NOT NULL, REPLICA IDENTITY USING INDEX ident;
    CREATE INDEX ex ON t (lower(c), (d + 1)); ALTER INDEX ex ALTER COLUMN 2 SET STATISTICS 500; CLUSTER t USING t_pkey;
    CREATE TABLE full_identity (a int); ALTER TABLE full_identity REPLICA IDENTITY FULL;
    CREATE STATISTICS pair (dependencies, ndistinct) ON a, b FROM t; CREATE STATISTICS expr ON (a + 1) FROM t;
    ALTER STATISTICS pair SET STATISTICS 42; COMMENT ON STATISTICS pair IS 'why';
    CREATE RULE quiet AS ON DELETE TO t DO INSTEAD NOTHING;
    CREATE VIEW v AS SELECT a FROM t; ALTER VIEW v ALTER a SET DEFAULT 7;
"""


def test_physical_facts(contrib: Server) -> None:
    """What concerns speed and replication, not what can be stored."""
    catalog = catalog_of(contrib, PHYSICAL)
    column = "ALTER TABLE ONLY public.t ALTER COLUMN "
    assert definitions(catalog, "column_options") == {
        ("public", "t", "b"): column + "b SET STORAGE EXTERNAL, SET STATISTICS 0",
        ("public", "t", "c"): column + "c SET COMPRESSION pglz",
        ("public", "t", "d"): column + "d SET STATISTICS 300, SET (n_distinct=-0.5)",
    }
    assert definitions(catalog, "constraint_storage") == {
        ("public", "t", "t_pkey"): "ALTER INDEX public.t_pkey SET (fillfactor=80)",
        ("public", "t", "t_b_excl"): "ALTER INDEX public.t_b_excl SET (fillfactor=90)",
    }
    exclude = "ALTER TABLE ONLY public.t ADD CONSTRAINT t_b_excl EXCLUDE USING gist (b WITH =)"
    assert definitions(catalog, "exclude") == {
        ("public", "t", "t_b_excl"): exclude + " WITH (fillfactor='90') WHERE ((a > 0))"
    }
    assert definitions(catalog, "replica_identity") == {
        ("public", "full_identity", ""): "ALTER TABLE ONLY public.full_identity REPLICA IDENTITY FULL",
        ("public", "t", ""): "ALTER TABLE ONLY public.t REPLICA IDENTITY USING INDEX ident",
    }
    assert definitions(catalog, "index_statistics") == {
        ("public", "t", "ex 2"): "ALTER INDEX public.ex ALTER COLUMN 2 SET STATISTICS 500"
    }
    assert definitions(catalog, "cluster") == {("public", "t", ""): "ALTER TABLE public.t CLUSTER ON t_pkey"}
    statistics = definitions(catalog, "statistics")
    assert statistics["public", "pair", ""] == (
        "CREATE STATISTICS public.pair (ndistinct, dependencies) ON a, b FROM public.t\n-- statistics target 42\n-- why"
    )
    assert statistics["public", "expr", ""] == "CREATE STATISTICS public.expr ON (a + 1) FROM public.t"
    assert definitions(catalog, "rule") == {
        ("public", "t", "quiet"): "CREATE RULE quiet AS\n    ON DELETE TO public.t DO INSTEAD NOTHING;"
    }
    assert definitions(catalog, "view_column_default") == {
        ("public", "v", "a"): "ALTER VIEW public.v ALTER COLUMN a SET DEFAULT 7"
    }


def test_an_invalid_index(contrib: Server) -> None:
    """An index on a partitioned table alone is valid only once every partition has its own."""
    sql = "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p DEFAULT; CREATE INDEX i ON ONLY p (a)"
    assert definitions(catalog_of(contrib, sql), "invalid_index") == {
        ("public", "p", "i"): "CREATE INDEX i ON ONLY public.p USING btree (a)\n-- valid f, ready t, live t"
    }


def test_temporal_constraints(contrib18: Server) -> None:
    """Keys over periods (18) are neither keys nor foreign keys of the usual sort."""
    sql = """CREATE EXTENSION btree_gist;
        CREATE TABLE t (id int, during daterange, CONSTRAINT pk PRIMARY KEY (id, during WITHOUT OVERLAPS));
        CREATE TABLE u (id int, during daterange,
            CONSTRAINT fk FOREIGN KEY (id, PERIOD during) REFERENCES t (id, PERIOD during))"""
    catalog = catalog_of(contrib18, sql)
    assert (table(catalog, "t").primary_keys, table(catalog, "u").foreign_keys) == ((), ())
    assert table(catalog, "t").indexes == ()
    assert unmodelled(catalog, "exclude") == {}
    found = definitions(catalog, "temporal_constraint")
    assert found["public", "t", "pk"] == (
        "ALTER TABLE ONLY public.t ADD CONSTRAINT pk PRIMARY KEY (id, during WITHOUT OVERLAPS)"
    )
    assert "PERIOD during" in (found["public", "u", "fk"] or "")


FOREIGN = """
    CREATE EXTENSION postgres_fdw;
    CREATE FOREIGN DATA WRAPPER own HANDLER postgres_fdw_handler;
    CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'example.org', port '5433');
    CREATE SERVER near TYPE 't' VERSION 'v' FOREIGN DATA WRAPPER own OPTIONS ("API key" 'geheim', size '3');
    CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'me', password 'geheim');
    CREATE FOREIGN TABLE ft (a int OPTIONS (column_name 'x') NOT NULL, b text DEFAULT 'y', CONSTRAINT ck CHECK (a > 0))
        SERVER far OPTIONS (table_name 'z');
    COMMENT ON FOREIGN TABLE ft IS 'over there';
"""


def test_foreign_data(contrib: Server) -> None:
    """Foreign tables and servers, none of their secrets."""
    catalog = catalog_of(contrib, FOREIGN)
    assert catalog.tables == ()
    assert definitions(catalog, "server") == {
        ("", "far", ""): "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw "
        "OPTIONS (host 'example.org', port '5433')",
        ("", "near", ""): "CREATE SERVER near TYPE 't' VERSION 'v' FOREIGN DATA WRAPPER own "
        "OPTIONS (\"API key\" '***', size '3')",
    }
    assert definitions(catalog, "user_mapping") == {
        ("", "far", "public"): "CREATE USER MAPPING FOR public SERVER far"
    }
    assert definitions(catalog, "foreign_data_wrapper") == {
        ("", "own", ""): "CREATE FOREIGN DATA WRAPPER own HANDLER public.postgres_fdw_handler"
    }
    assert definitions(catalog, "foreign_table") == {
        ("public", "ft", ""): "CREATE FOREIGN TABLE public.ft (a integer OPTIONS (column_name 'x') NOT NULL, "
        "b text DEFAULT 'y'::text, CONSTRAINT ck CHECK ((a > 0))) SERVER far OPTIONS (table_name 'z')\n-- over there"
    }
    assert "geheim" not in repr(catalog)
    assert "geheim" not in str(definitions(catalog, "user_mapping"))


PUBLICATIONS = """
    SET client_min_messages = error; CREATE SCHEMA app; CREATE TABLE app.t (a int PRIMARY KEY, b int);
    CREATE TABLE u (a int);
    CREATE PUBLICATION all_of_it FOR ALL TABLES WITH (publish = 'insert');
    CREATE PUBLICATION columns FOR TABLE u, app.t (a) WHERE (a > 3);
    CREATE PUBLICATION schemas FOR TABLES IN SCHEMA public, app WITH (publish_via_partition_root);
"""


def test_publications(contrib: Server) -> None:
    """A publication with what it publishes."""
    catalog = catalog_of(contrib, PUBLICATIONS)
    generated = ", publish_generated_columns = n" if catalog.postgres == 18 else ""

    def flags(others: str, root: str) -> str:
        events = f"insert = true, update = {others}, delete = {others}, truncate = {others}"
        return f" WITH ({events}, publish_via_partition_root = {root}{generated})"

    make = "CREATE PUBLICATION "
    assert definitions(catalog, "publication") == {
        ("", "all_of_it", ""): f"{make}all_of_it FOR ALL TABLES" + flags("false", "false"),
        ("", "columns", ""): f"{make}columns FOR TABLE app.t (a) WHERE ((a > 3)), TABLE public.u"
        + flags("true", "false"),
        ("", "schemas", ""): f"{make}schemas FOR TABLES IN SCHEMA app, TABLES IN SCHEMA public"
        + flags("true", "true"),
    }


def test_subscriptions(contrib: Server) -> None:
    """A subscription without its connection string, which holds a password."""

    async def subscribed(session: AsyncpgExecutor) -> Catalog:
        sql = "CREATE SUBSCRIPTION pgkit_test CONNECTION 'host=x password=geheim' PUBLICATION one, two "
        await session.execute(
            f"SET client_min_messages = error; {sql} WITH (connect = false, slot_name = NONE)"
        )
        try:
            return (await read_catalog(session)).catalog
        finally:
            await session.execute("DROP SUBSCRIPTION pgkit_test")

    assert definitions(on_database(contrib, "SELECT 1", subscribed), "subscription") == {
        ("", "pgkit_test", ""): "CREATE SUBSCRIPTION pgkit_test CONNECTION '***' PUBLICATION one, two "
        "WITH (enabled = false, synchronous_commit = off, binary = false)"
    }


TEXT_SEARCH = """
    CREATE EXTENSION unaccent; CREATE SCHEMA app;
    CREATE TEXT SEARCH DICTIONARY app.plain (TEMPLATE = simple, stopwords = english);
    CREATE TEXT SEARCH CONFIGURATION app.own (PARSER = default);
    ALTER TEXT SEARCH CONFIGURATION app.own ADD MAPPING FOR word, asciiword WITH app.plain, simple;
"""


def test_text_search(contrib: Server) -> None:
    """Configurations with their mappings, and dictionaries with their options."""
    catalog = catalog_of(contrib, TEXT_SEARCH)
    assert definitions(catalog, "text_search_dictionary") == {
        ("app", "plain", ""): "CREATE TEXT SEARCH DICTIONARY app.plain "
        "(TEMPLATE = pg_catalog.simple, stopwords = 'english')"
    }
    mapped = "".join(
        f"\n-- token {token}: {place}" for token in (1, 2) for place in ("1. app.plain", "2. simple")
    )
    assert definitions(catalog, "text_search_configuration") == {
        (
            "app",
            "own",
            "",
        ): f'CREATE TEXT SEARCH CONFIGURATION app.own (PARSER = pg_catalog."default"){mapped}'
    }


OPERATORS = """
    CREATE SCHEMA app; CREATE FUNCTION app.eq(int, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
    CREATE OPERATOR app.=== (FUNCTION = app.eq, LEFTARG = int, RIGHTARG = text, RESTRICT = eqsel);
    CREATE FUNCTION app.neg(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE OPERATOR app.!@ (FUNCTION = app.neg, RIGHTARG = int);
    CREATE TYPE app.mood AS ENUM ('a'); CREATE FUNCTION app.to_int(app.mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE CAST (app.mood AS int) WITH FUNCTION app.to_int(app.mood) AS ASSIGNMENT;
    CREATE CAST (text AS app.mood) WITH INOUT AS IMPLICIT;
    CREATE OPERATOR FAMILY app.fam USING btree;
    CREATE OPERATOR CLASS app.rev FOR TYPE int USING btree FAMILY app.fam AS
        OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(int, int);
    CREATE CONVERSION app.conv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
    CREATE COLLATION app.german (PROVIDER = icu, LOCALE = 'de', DETERMINISTIC = false);
    CREATE COLLATION app.c (LOCALE = 'C'); CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler;
    CREATE TABLE app.t (a int) USING heap_too; CREATE TYPE app.shell;
    CREATE FUNCTION app.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER guard ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION app.on_ddl();
    ALTER EVENT TRIGGER guard ENABLE ALWAYS;
    CREATE TRUSTED LANGUAGE own HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler;
"""
REVERSED = (
    "ALTER OPERATOR FAMILY app.fam USING btree ADD OPERATOR 1 >(integer,integer) (integer, integer) s, "
    "OPERATOR 2 >=(integer,integer) (integer, integer) s, OPERATOR 3 =(integer,integer) (integer, integer) s, "
    "OPERATOR 4 <=(integer,integer) (integer, integer) s, OPERATOR 5 <(integer,integer) (integer, integer) s, "
    "FUNCTION 1 (integer, integer) btint4cmp(integer,integer)"
)
EXPECTED = {
    (
        "operator",
        "app",
        "===(integer, text)",
        "",
    ): "CREATE OPERATOR app.=== (FUNCTION = app.eq, LEFTARG = integer, "
    "RIGHTARG = text, RESTRICT = eqsel, HASHES = false, MERGES = false)",
    (
        "operator",
        "app",
        "!@(NONE, integer)",
        "",
    ): "CREATE OPERATOR app.!@ (FUNCTION = app.neg, RIGHTARG = integer, HASHES = false, MERGES = false)",
    ("cast", "", "app.mood AS integer", ""): "CREATE CAST (app.mood AS integer) "
    "WITH FUNCTION app.to_int(app.mood) AS ASSIGNMENT",
    ("cast", "", "text AS app.mood", ""): "CREATE CAST (text AS app.mood) WITH INOUT AS IMPLICIT",
    ("operator_family", "app", "fam", "btree"): REVERSED,
    ("operator_class", "app", "rev", "btree"): "CREATE OPERATOR CLASS app.rev FOR TYPE integer USING btree "
    "FAMILY app.fam AS STORAGE integer",
    (
        "conversion",
        "app",
        "conv",
        "",
    ): "CREATE CONVERSION app.conv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
    ("collation", "app", "german", ""): "CREATE COLLATION app.german "
    "(PROVIDER = icu, LOCALE = 'de', RULES = NULL, DETERMINISTIC = f)",
    ("collation", "app", "c", ""): "CREATE COLLATION app.c "
    "(PROVIDER = libc, LOCALE = 'C', RULES = NULL, DETERMINISTIC = t)",
    (
        "access_method",
        "",
        "heap_too",
        "",
    ): "CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler",
    ("table_access_method", "app", "t", ""): "ALTER TABLE app.t SET ACCESS METHOD heap_too",
    ("event_trigger", "", "guard", ""): "CREATE EVENT TRIGGER guard ON ddl_command_end "
    "WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION app.on_ddl()\n-- enabled always",
    ("language", "", "own", ""): "CREATE TRUSTED LANGUAGE own "
    "HANDLER = plpgsql_call_handler, INLINE = plpgsql_inline_handler",
}


def test_everything_else(contrib: Server) -> None:
    """Operators, casts, collations and all that a schema may hold beside."""
    catalog = catalog_of(contrib, OPERATORS)
    found = {(u.kind, u.schema, u.name, u.member): u for u in catalog.unmodelled}
    others = [key for key in found if key[0] not in ("function", "base_type")]
    assert {key: found[key].definition for key in others} == EXPECTED
    assert [name for kind, _, name, _ in found if kind == "base_type"] == ["shell"]
    assert found["cast", "", "app.mood AS integer", ""].refs == (
        Ref("enum", "app", "mood"),
        Ref("function", "app", "to_int(app.mood)"),
    )
    assert found["table_access_method", "app", "t", ""].refs == (Ref("table", "app", "t"),)


@pytest.mark.parametrize("kind", ["trigger", "rule", "event_trigger"])
def test_when_it_fires_is_part_of_it(contrib: Server, kind: str) -> None:
    """What is switched off differs from what is on."""
    make = """
        CREATE TABLE t (a int); CREATE RULE x AS ON DELETE TO t DO INSTEAD NOTHING;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f();
        CREATE EVENT TRIGGER x ON ddl_command_start EXECUTE FUNCTION e();
    """
    off = {
        "trigger": "ALTER TABLE t DISABLE TRIGGER x",
        "rule": "ALTER TABLE t DISABLE RULE x",
        "event_trigger": "ALTER EVENT TRIGGER x DISABLE",
    }
    (before,), (after,) = (
        unmodelled(catalog_of(contrib, sql), kind).values() for sql in (make, make + off[kind])
    )
    assert before.hash != after.hash
    assert (after.definition or "").endswith("\n-- disabled")
