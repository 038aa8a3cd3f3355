"""What is not the user's own: extensions' objects and the ledgers of migration runners are left out."""

from pgkit.ir.names import Ref
from pgkit.ir.types import Scalar
from pgkit.runtime.embedded import Server
from tests.live.reading import catalog_of, column_ref, table

ALL = """
    CREATE SCHEMA kept;
    CREATE EXTENSION citext SCHEMA kept; CREATE EXTENSION hstore; CREATE EXTENSION pg_stat_statements;
    CREATE EXTENSION postgres_fdw; CREATE EXTENSION isn; CREATE EXTENSION ltree; CREATE EXTENSION seg;
    CREATE EXTENSION cube; CREATE EXTENSION earthdistance; CREATE EXTENSION tablefunc; CREATE EXTENSION unaccent;
    CREATE EXTENSION dict_int; CREATE EXTENSION bloom; CREATE EXTENSION btree_gist; CREATE EXTENSION lo;
    CREATE EXTENSION pgcrypto; CREATE EXTENSION pg_trgm; CREATE EXTENSION "uuid-ossp"; CREATE EXTENSION xml2;
"""


def test_extensions_own_their_objects(contrib: Server) -> None:
    """Of what extensions made nothing is read, of whatever kind: only that they are there."""
    catalog = catalog_of(contrib, ALL)
    assert len(catalog.extensions) == 19
    assert ("pg_stat_statements", "public") in [(e.name, e.schema) for e in catalog.extensions]
    assert all(extension.version for extension in catalog.extensions)
    assert [schema.name for schema in catalog.schemas] == ["kept"]
    kinds = (catalog.tables, catalog.views, catalog.composites, catalog.domains, catalog.ranges)
    assert kinds == ((),) * len(kinds)
    assert (catalog.enums, catalog.sequences, catalog.unmodelled) == ((), (), ())


BESIDE = """
    CREATE EXTENSION hstore; CREATE TABLE bought (id int PRIMARY KEY); CREATE SEQUENCE bought_numbers;
    CREATE TYPE bought_kind AS ENUM ('a'); CREATE TYPE bought_pair AS (x int);
    CREATE FUNCTION bought_call() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE VIEW bought_view AS SELECT 1 AS a; CREATE SCHEMA bought;
    ALTER EXTENSION hstore ADD TABLE bought; ALTER EXTENSION hstore ADD TYPE bought_kind;
    ALTER EXTENSION hstore ADD TYPE bought_pair; ALTER EXTENSION hstore ADD FUNCTION bought_call();
    ALTER EXTENSION hstore ADD VIEW bought_view; ALTER EXTENSION hstore ADD SCHEMA bought;
    ALTER EXTENSION hstore ADD SEQUENCE bought_numbers;
    CREATE TABLE own (id int REFERENCES bought (id), kind bought_kind, pair bought_pair);
    CREATE TABLE bought.inside (a int);
"""


def test_what_leans_on_an_extension(contrib: Server) -> None:
    """A foreign key may refer to an extension's table; tables in an extension's schema are the user's."""
    catalog = catalog_of(contrib, BESIDE)
    assert [t.ref for t in catalog.tables] == [
        Ref("table", "bought", "inside"),
        Ref("table", "public", "own"),
    ]
    assert (catalog.schemas, catalog.sequences, catalog.views, catalog.unmodelled) == ((), (), (), ())
    own = table(catalog, "own")
    assert own.foreign_keys[0].references == (column_ref("bought", "id"),)
    expected = [Scalar("bought_kind", (), "public"), Scalar("bought_pair", (), "public")]
    assert [column.type for column in own.columns[1:]] == expected


LEDGERS = """
    CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text);
    CREATE SCHEMA pgkit; CREATE TABLE pgkit.__pg_migrations (id int GENERATED ALWAYS AS IDENTITY, tag text UNIQUE);
    CREATE TABLE t (a int);
"""


def test_ledgers(contrib: Server) -> None:
    """The ledger of a migration runner, its sequence, and its schema are no part of the catalog."""
    catalog = catalog_of(contrib, LEDGERS)
    assert [t.name for t in catalog.tables] == ["t"]
    assert (catalog.schemas, catalog.sequences, catalog.unmodelled) == ((), (), ())


def test_a_ledgers_schema_that_is_used(contrib: Server) -> None:
    """Its schema is the user's as soon as anything else is in it; and so is one without a ledger."""
    more = (
        "CREATE FUNCTION drizzle.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP TABLE pgkit.__pg_migrations"
    )
    catalog = catalog_of(contrib, LEDGERS + more)
    assert [schema.name for schema in catalog.schemas] == ["drizzle", "pgkit"]
    assert catalog.sequences == ()
