"""Facts about tables and indexes that the IR does not model, as they are told."""

import secrets

from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.runtime.embedded import Server
from pgkit.runtime.session import AsyncpgExecutor
from tests.live.reading import catalog_of, definitions, on_database, table, unmodelled

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
    assert definitions(catalog, "column_storage") == {
        ("public", "t", "b"): column + "b SET STORAGE EXTERNAL /* else EXTENDED */"
    }
    assert definitions(catalog, "column_compression") == {
        ("public", "t", "c"): column + "c SET COMPRESSION pglz"
    }
    assert definitions(catalog, "column_statistics") == {
        ("public", "t", "b"): column + "b SET STATISTICS 0",
        ("public", "t", "d"): column + "d SET STATISTICS 300",
    }
    assert definitions(catalog, "column_parameters") == {
        ("public", "t", "d"): column + "d SET (n_distinct=-0.5)"
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
        "CREATE STATISTICS public.pair (ndistinct, dependencies) ON a, b FROM public.t;\n"
        "ALTER STATISTICS public.pair SET STATISTICS 42;\nCOMMENT ON STATISTICS public.pair IS 'why'"
    )
    assert statistics["public", "expr", ""] == "CREATE STATISTICS public.expr ON (a + 1) FROM public.t"
    assert definitions(catalog, "rule") == {
        ("public", "t", "quiet"): "CREATE RULE quiet AS\n    ON DELETE TO public.t DO INSTEAD NOTHING"
    }
    assert definitions(catalog, "view_column_default") == {
        ("public", "v", "a"): "ALTER VIEW public.v ALTER COLUMN a SET DEFAULT 7"
    }


def test_an_invalid_index(contrib: Server) -> None:
    """An index on a partitioned table alone is valid only once every partition has its own."""
    sql = "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p DEFAULT; CREATE INDEX i ON ONLY p (a)"
    assert definitions(catalog_of(contrib, sql), "invalid_index") == {
        ("public", "p", "i"): "-- valid f, ready t, live t"
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
        ("public", "t", ""): f"ALTER TABLE public.t SET TABLESPACE {name} /* else pg_default */",
        ("public", "u", "i"): f"ALTER INDEX public.i SET TABLESPACE {name} /* else pg_default */",
    }
