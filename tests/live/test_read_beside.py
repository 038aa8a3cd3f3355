"""What a database holds beside tables and types: it is told, and none of its secrets are."""

from pgkit.frontends.live import read_catalog
from pgkit.grammar.definitions import statements
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.runtime.embedded import Server
from pgkit.runtime.session import AsyncpgExecutor
from tests.live.reading import catalog_of, definitions, on_database

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
        ("", "far", "public"): "CREATE USER MAPPING FOR public SERVER far "
        "OPTIONS (password '***', \"user\" 'me')"
    }
    assert definitions(catalog, "foreign_data_wrapper") == {
        ("", "own", ""): "CREATE FOREIGN DATA WRAPPER own HANDLER public.postgres_fdw_handler"
    }
    assert definitions(catalog, "foreign_table") == {
        ("public", "ft", ""): "CREATE FOREIGN TABLE public.ft (a integer OPTIONS (column_name 'x') NOT NULL, "
        "b text DEFAULT 'y'::text, CONSTRAINT ck CHECK ((a > 0))) SERVER far OPTIONS (table_name 'z');\nCOMMENT ON FOREIGN TABLE public.ft IS 'over there'"
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
    generated = ", publish_generated_columns = none" if catalog.postgres == 18 else ""

    def flags(events: str, root: str) -> str:
        return f" WITH (publish = '{events}', publish_via_partition_root = {root}{generated})"

    every = "insert, update, delete, truncate"
    make = "CREATE PUBLICATION "
    assert definitions(catalog, "publication") == {
        ("", "all_of_it", ""): f"{make}all_of_it FOR ALL TABLES" + flags("insert", "false"),
        ("", "columns", ""): f"{make}columns FOR TABLE app.t (a) WHERE ((a > 3)), public.u"
        + flags(every, "false"),
        ("", "schemas", ""): f"{make}schemas FOR TABLES IN SCHEMA app, public" + flags(every, "true"),
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
        f";\nALTER TEXT SEARCH CONFIGURATION app.own ADD MAPPING FOR {token} WITH app.plain, pg_catalog.simple"
        for token in ("asciiword", "word")
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
    "CREATE OPERATOR CLASS app.rev FOR TYPE integer USING btree FAMILY app.fam AS "
    "OPERATOR 1 pg_catalog.> (integer, integer), OPERATOR 2 pg_catalog.>= (integer, integer), "
    "OPERATOR 3 pg_catalog.= (integer, integer), OPERATOR 4 pg_catalog.<= (integer, integer), "
    "OPERATOR 5 pg_catalog.< (integer, integer), FUNCTION 1 (integer, integer) btint4cmp(integer,integer)"
)
EXPECTED = {
    (
        "operator",
        "app",
        "===(integer, text)",
        "",
    ): "CREATE OPERATOR app.=== (FUNCTION = app.eq, LEFTARG = integer, RIGHTARG = text, RESTRICT = eqsel)",
    (
        "operator",
        "app",
        "!@(NONE, integer)",
        "",
    ): "CREATE OPERATOR app.!@ (FUNCTION = app.neg, RIGHTARG = integer)",
    ("cast", "", "app.mood AS integer", ""): "CREATE CAST (app.mood AS integer) "
    "WITH FUNCTION app.to_int(app.mood) AS ASSIGNMENT",
    ("cast", "", "text AS app.mood", ""): "CREATE CAST (text AS app.mood) WITH INOUT AS IMPLICIT",
    ("operator_family", "app", "fam", "btree"): "CREATE OPERATOR FAMILY app.fam USING btree",
    ("operator_class", "app", "rev", "btree"): REVERSED,
    (
        "conversion",
        "app",
        "conv",
        "",
    ): "CREATE CONVERSION app.conv FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
    ("collation", "app", "german", ""): "CREATE COLLATION app.german "
    "(PROVIDER = icu, LOCALE = 'de', DETERMINISTIC = false)",
    ("collation", "app", "c", ""): "CREATE COLLATION app.c "
    "(PROVIDER = libc, LC_COLLATE = 'C', LC_CTYPE = 'C')",
    (
        "access_method",
        "",
        "heap_too",
        "",
    ): "CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler",
    ("table_access_method", "app", "t", ""): "ALTER TABLE app.t SET ACCESS METHOD heap_too /* else heap */",
    ("event_trigger", "", "guard", ""): "CREATE EVENT TRIGGER guard ON ddl_command_end "
    "WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION app.on_ddl();\nALTER EVENT TRIGGER guard ENABLE ALWAYS",
    ("language", "", "own", ""): "CREATE TRUSTED LANGUAGE own "
    "HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler",
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
    assert found["operator_class", "app", "rev", "btree"].refs == (
        Ref("operator_family", "app", "fam", "btree"),
    )


HOSTILE = r"""
    DO $$ BEGIN EXECUTE format('CREATE TEXT SEARCH DICTIONARY %I (TEMPLATE = simple)', E'x\nDROP TABLE t; --'); END $$;
    CREATE TEXT SEARCH CONFIGURATION own (PARSER = default);
    DO $$ BEGIN EXECUTE format('ALTER TEXT SEARCH CONFIGURATION own ADD MAPPING FOR word WITH %I',
        E'x\nDROP TABLE t; --'); END $$;
    CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
    COMMENT ON FUNCTION f() IS E'one\nDROP TABLE t;\r\nDROP TABLE u;\rDROP TABLE v;';
"""


def test_nothing_gets_out_of_its_quotes(contrib: Server) -> None:
    """A name or a text with line breaks in it is one word of the statement that holds it."""
    catalog = catalog_of(contrib, HOSTILE)
    (mapped,) = definitions(catalog, "text_search_configuration").values()
    _, mapping = statements(mapped)
    assert mapping.endswith('WITH public."x\nDROP TABLE t; --"')
    (function,) = definitions(catalog, "function").values()
    made, comment = statements(function)
    assert made.startswith("CREATE OR REPLACE FUNCTION public.f()")
    assert comment.endswith("IS 'one\nDROP TABLE t;\r\nDROP TABLE u;\rDROP TABLE v;'")
