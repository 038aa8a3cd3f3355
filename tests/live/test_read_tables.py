"""Tables as they are read: storage, security, comments, constraints, policies, sequences."""

import secrets

from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Action, Check, Deferral, ForeignKey, Policy, PrimaryKey, Unique
from pgkit.ir.expr import opaque
from pgkit.ir.names import Ref
from pgkit.ir.relations import Sequence, SequenceOptions
from pgkit.ir.types import Scalar
from pgkit.runtime.embedded import Server
from pgkit.runtime.session import AsyncpgExecutor
from tests.live.reading import catalog_of, column_ref, columns, on_database, table, unmodelled

FLAGS = """
    CREATE TABLE plain (a text);
    CREATE UNLOGGED TABLE tuned (a text) WITH (toast.autovacuum_enabled = false, fillfactor = 70);
    CREATE TABLE secured (a int); ALTER TABLE secured ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
"""


def test_storage_and_security(contrib: Server) -> None:
    """Storage parameters come with those of the TOAST table, sorted; flags are read as they stand."""
    catalog = catalog_of(contrib, FLAGS)
    tuned, secured, plain = (table(catalog, name) for name in ("tuned", "secured", "plain"))
    assert tuned.storage == (("fillfactor", "70"), ("toast.autovacuum_enabled", "false"))
    assert (tuned.unlogged, secured.unlogged, plain.unlogged) == (True, False, False)
    assert (secured.row_security, secured.force_row_security) == (True, True)
    assert (plain.row_security, plain.force_row_security, plain.storage) == (False, False, ())


COMMENTS = """
    CREATE SCHEMA app; COMMENT ON SCHEMA app IS 'schema';
    CREATE TYPE app.mood AS ENUM ('a'); COMMENT ON TYPE app.mood IS 'enum';
    CREATE TYPE app.pair AS (x int, y int); COMMENT ON TYPE app.pair IS 'composite';
    COMMENT ON COLUMN app.pair.y IS 'attribute';
    CREATE TYPE app.span AS RANGE (subtype = int4); COMMENT ON TYPE app.span IS 'range';
    CREATE DOMAIN app.positive AS int CONSTRAINT above CHECK (VALUE > 0);
    COMMENT ON DOMAIN app.positive IS 'domain';
    COMMENT ON CONSTRAINT above ON DOMAIN app.positive IS 'domain check';
    CREATE SEQUENCE app.numbers; COMMENT ON SEQUENCE app.numbers IS 'sequence';
    CREATE TABLE app.t (a int CONSTRAINT pk PRIMARY KEY, b int CONSTRAINT uq UNIQUE,
        c int CONSTRAINT ck CHECK (c > 0), d int CONSTRAINT fk REFERENCES app.t (a));
    COMMENT ON TABLE app.t IS E'it''s\\nthe table'; COMMENT ON COLUMN app.t.b IS 'column';
    COMMENT ON CONSTRAINT pk ON app.t IS 'primary key'; COMMENT ON CONSTRAINT uq ON app.t IS 'unique';
    COMMENT ON CONSTRAINT ck ON app.t IS 'check'; COMMENT ON CONSTRAINT fk ON app.t IS 'foreign key';
    CREATE INDEX i ON app.t (c); COMMENT ON INDEX app.i IS 'index';
    CREATE POLICY p ON app.t; COMMENT ON POLICY p ON app.t IS 'policy';
    CREATE VIEW app.v AS SELECT a FROM app.t; COMMENT ON VIEW app.v IS 'view';
    COMMENT ON COLUMN app.v.a IS 'view column';
    CREATE MATERIALIZED VIEW app.m AS SELECT a FROM app.t;
    COMMENT ON MATERIALIZED VIEW app.m IS 'materialized';
"""


def test_comments(contrib: Server) -> None:
    """Every kind that has a comment is read with it."""
    catalog = catalog_of(contrib, COMMENTS)
    found = table(catalog, "t", "app")
    assert found.comment == "it's\nthe table"
    assert columns(found)["b"].comment == "column"
    members = (
        found.primary_keys,
        found.uniques,
        found.checks,
        found.foreign_keys,
        found.indexes,
        found.policies,
    )
    assert [of[0].comment for of in members] == [
        "primary key",
        "unique",
        "check",
        "foreign key",
        "index",
        "policy",
    ]
    others = (catalog.schemas, catalog.enums, catalog.composites, catalog.ranges, catalog.domains)
    assert [of[0].comment for of in others] == ["schema", "enum", "composite", "range", "domain"]
    assert catalog.domains[0].checks[0].comment == "domain check"
    assert [a.comment for a in catalog.composites[0].attributes] == [None, "attribute"]
    assert [of[0].comment for of in (catalog.sequences, catalog.views, catalog.materialized_views)] == [
        "sequence",
        "view",
        "materialized",
    ]
    assert catalog.views[0].columns[0].comment == "view column"


KEYS = """
    CREATE TABLE t (a int, b int, c int, d int,
        CONSTRAINT t_pk PRIMARY KEY (b, a) INCLUDE (d) DEFERRABLE,
        CONSTRAINT t_un UNIQUE (c, a) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT t_in UNIQUE (d) INCLUDE (a, c));
"""


def test_primary_key_and_unique(contrib: Server) -> None:
    """Keys come in their own order, with what they include and when they are checked."""
    found = table(catalog_of(contrib, KEYS), "t")
    a, b, c, d = (column_ref("t", name) for name in "abcd")
    assert found.primary_keys == (
        PrimaryKey(name="t_pk", columns=(b, a), include=(d,), deferral=Deferral.IMMEDIATE),
    )
    assert found.uniques == (
        Unique(name="t_in", columns=(d,), include=(a, c)),
        Unique(name="t_un", columns=(c, a), deferral=Deferral.DEFERRED),
    )
    assert found.indexes == ()


def test_nulls_not_distinct(contrib: Server) -> None:
    """Since 15 a unique constraint, and a unique index, may hold nulls to be equal."""
    sql = (
        "CREATE TABLE t (a int UNIQUE NULLS NOT DISTINCT); CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT"
    )
    found = table(catalog_of(contrib, sql), "t")
    assert (found.uniques[0].nulls_not_distinct, found.indexes[0].nulls_not_distinct) == (True, True)


FOREIGN = """
    CREATE SCHEMA app; CREATE TABLE app.parent (x int, y int, PRIMARY KEY (x, y), UNIQUE (y, x));
    CREATE TABLE t (a int, b int,
        CONSTRAINT f1 FOREIGN KEY (a, b) REFERENCES app.parent,
        CONSTRAINT f2 FOREIGN KEY (b, a) REFERENCES app.parent (y, x) MATCH FULL
            ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT f3 FOREIGN KEY (a, b) REFERENCES app.parent (x, y)
            ON DELETE SET DEFAULT (b) ON UPDATE RESTRICT);
    ALTER TABLE t ADD CONSTRAINT f4 FOREIGN KEY (a, b) REFERENCES app.parent NOT VALID;
"""


def test_foreign_keys(contrib: Server) -> None:
    """Foreign keys come with their columns in pairs, actions, and the columns that the action sets."""
    a, b = column_ref("t", "a"), column_ref("t", "b")
    x, y = column_ref("parent", "x", "app"), column_ref("parent", "y", "app")
    assert table(catalog_of(contrib, FOREIGN), "t").foreign_keys == (
        ForeignKey(name="f1", columns=(a, b), references=(x, y)),
        ForeignKey(
            name="f2",
            columns=(b, a),
            references=(y, x),
            on_delete=Action.SET_NULL,
            on_update=Action.CASCADE,
            match_full=True,
            deferral=Deferral.DEFERRED,
        ),
        ForeignKey(
            name="f3",
            columns=(a, b),
            references=(x, y),
            on_delete=Action.SET_DEFAULT,
            on_update=Action.RESTRICT,
            set_columns=(b,),
        ),
        ForeignKey(name="f4", columns=(a, b), references=(x, y), validated=False),
    )


CHECKS = """
    CREATE TABLE t (a int, kind varchar(9),
        CONSTRAINT c1 CHECK (a > 0) NO INHERIT, CONSTRAINT c2 CHECK (kind IN ('k', 'l')));
    ALTER TABLE t ADD CONSTRAINT c3 CHECK (a < 9) NOT VALID;
"""


def test_checks(contrib: Server) -> None:
    """A check is the bare expression that the server keeps."""
    kinds = "((kind)::text = ANY ((ARRAY['k'::character varying, 'l'::character varying])::text[]))"
    assert table(catalog_of(contrib, CHECKS), "t").checks == (
        Check(name="c1", expr=opaque("(a > 0)"), no_inherit=True),
        Check(name="c2", expr=opaque(kinds)),
        Check(name="c3", expr=opaque("(a < 9)"), validated=False),
    )


def test_not_enforced(contrib18: Server) -> None:
    """From 18 on a constraint may be NOT ENFORCED; that it is not validated then says nothing more."""
    sql = """CREATE TABLE t (a int PRIMARY KEY, b int CONSTRAINT f REFERENCES t NOT ENFORCED,
        CONSTRAINT c CHECK (a > 0) NOT ENFORCED)"""
    found = table(catalog_of(contrib18, sql), "t")
    assert [(of.enforced, of.validated) for of in (found.foreign_keys[0], found.checks[0])] == [
        (False, True)
    ] * 2


def test_policies_and_roles(contrib: Server) -> None:
    """A policy names its roles; PUBLIC is none. Roles come with their attributes, never the built-in ones."""
    one, two = (f"pgkit_test_{secrets.token_hex(4)}" for _ in range(2))
    sql = f"""
        CREATE ROLE "{one}" LOGIN CREATEDB CONNECTION LIMIT 3 PASSWORD 'geheim';
        CREATE ROLE "{two}" NOINHERIT BYPASSRLS; COMMENT ON ROLE "{two}" IS 'the other';
        CREATE TABLE t (a int);
        CREATE POLICY p1 ON t AS RESTRICTIVE FOR SELECT TO "{two}", "{one}" USING (a > 0);
        CREATE POLICY p2 ON t FOR INSERT WITH CHECK (a < 9);
        CREATE POLICY p3 ON t TO pg_read_all_data USING (true) WITH CHECK (a = 1);
        CREATE POLICY p4 ON t FOR UPDATE USING (true); CREATE POLICY p5 ON t FOR DELETE USING (true);
    """
    try:
        catalog = catalog_of(contrib, sql)
    finally:
        drop = f'DROP ROLE IF EXISTS "{one}"; DROP ROLE IF EXISTS "{two}"'
        on_database(contrib, drop, read_catalog)
    first, second = sorted((one, two))
    p1, p2, p3, p4, p5 = table(catalog, "t").policies
    assert p1 == Policy(
        name="p1",
        permissive=False,
        command="select",
        roles=(Ref("role", "", first), Ref("role", "", second)),
        using=opaque("(a > 0)"),
    )
    assert p2 == Policy(name="p2", command="insert", check=opaque("(a < 9)"))
    reader = (Ref("role", "", "pg_read_all_data"),)
    assert p3 == Policy(name="p3", roles=reader, using=opaque("true"), check=opaque("(a = 1)"))
    assert (p4.command, p5.command) == ("update", "delete")
    roles = {role.name: role for role in catalog.roles}
    assert not any(name.startswith("pg_") for name in roles)
    assert "postgres" not in roles
    assert (roles[one].login, roles[one].create_db, roles[one].connection_limit) == (True, True, 3)
    assert (roles[two].login, roles[two].inherit, roles[two].bypass_rls) == (False, False, True)
    assert roles[two].comment == "the other"
    assert "geheim" not in repr(catalog)


SEQUENCES = """
    CREATE SCHEMA app; CREATE TABLE app.t (a serial, b int);
    CREATE SEQUENCE "Free" AS smallint INCREMENT -2 CYCLE;
    CREATE SEQUENCE app.owned MAXVALUE 99 START 7 CACHE 5 OWNED BY app.t.b;
"""


def test_sequences(contrib: Server) -> None:
    """A sequence has all its numbers, and the column that it goes with."""
    down = SequenceOptions(increment=-2, start=-1, min_value=-(2**15), max_value=-1, cycle=True)
    assert catalog_of(contrib, SEQUENCES).sequences == (
        Sequence(
            schema="app",
            name="owned",
            type=Scalar("bigint"),
            options=SequenceOptions(start=7, max_value=99, cache=5),
            owned_by=column_ref("t", "b", "app"),
        ),
        Sequence(
            schema="app",
            name="t_a_seq",
            type=Scalar("integer"),
            options=SequenceOptions(max_value=2**31 - 1),
            owned_by=column_ref("t", "a", "app"),
        ),
        Sequence(schema="public", name="Free", type=Scalar("smallint"), options=down),
    )


def test_unlogged_sequence(contrib: Server) -> None:
    """Since 15 a sequence may be unlogged."""
    assert catalog_of(contrib, "CREATE UNLOGGED SEQUENCE s").sequences[0].unlogged


ODD = """
    CREATE SCHEMA "a.b ""c"" d";
    CREATE TABLE "a.b ""c"" d"."select 'x'" ("it's; --" int PRIMARY KEY, "%I %s $1" text);
    CREATE INDEX "{1,2}" ON "a.b ""c"" d"."select 'x'" ("%I %s $1");
    CREATE TABLE "Ünï" ("NULL" int);
    CREATE TABLE zebra (a int); CREATE TABLE "Zebra" (a int);
"""


def test_odd_names(contrib: Server) -> None:
    """Names of any characters come back as they are, sorted by code point."""
    catalog = catalog_of(contrib, ODD)
    assert [schema.name for schema in catalog.schemas] == ['a.b "c" d']
    assert [t.name for t in catalog.tables] == ["select 'x'", "Zebra", "zebra", "Ünï"]
    found = table(catalog, "select 'x'", 'a.b "c" d')
    assert found.primary_keys[0].columns == (column_ref("select 'x'", "it's; --", 'a.b "c" d'),)
    assert found.indexes[0].keys[0].column == column_ref("select 'x'", "%I %s $1", 'a.b "c" d')
    assert found.indexes[0].name == "{1,2}"
    assert unmodelled(catalog, "table") == {}
    assert columns(table(catalog, "Ünï"))["NULL"].type == Scalar("integer")


def test_an_empty_database(contrib: Server) -> None:
    """A new database declares nothing but the roles of its server."""
    catalog = catalog_of(contrib, "SELECT 1")
    kinds = (
        catalog.extensions,
        catalog.schemas,
        catalog.enums,
        catalog.tables,
        catalog.views,
        catalog.unmodelled,
    )
    assert kinds == ((),) * len(kinds)
    assert catalog.postgres == contrib.version


def test_system_schemas_are_left_out(contrib: Server) -> None:
    """The only schemas are those that someone made; `public` goes without saying, temporary tables do too."""

    async def beside_temporary_ones(session: AsyncpgExecutor) -> Catalog:
        await session.execute(
            "CREATE TEMP TABLE gone (a int); CREATE TEMP SEQUENCE s; CREATE TEMP VIEW v AS SELECT 1"
        )
        return (await read_catalog(session)).catalog

    catalog = on_database(contrib, "CREATE SCHEMA app", beside_temporary_ones)
    assert [schema.name for schema in catalog.schemas] == ["app"]
    assert (catalog.tables, catalog.sequences, catalog.views) == ((), (), ())
