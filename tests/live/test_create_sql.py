"""The SQL of a catalog makes it: read, printed, run on an empty database and read again, it is the same."""

from pathlib import Path

import pytest
from attrs import evolve

from pgkit.diag import Source
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.json import sort
from pgkit.ir.kinds import Extension, Unmodelled
from pgkit.jobs.ddl import create_sql
from pgkit.jobs.drift import Difference, DriftOptions, drift
from pgkit.jobs.sources import Options, load
from pgkit.jobs.sql_files import run_sql
from pgkit.passes.normalize import normalize
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server
from pgkit.runtime.roles import roles_guard
from pgkit.runtime.scratch import scratch
from tests.live.reading import run
from tests.live.sql_sources import made

SAMPLES = Path(__file__).with_name("samples")
CORPUS = Path(__file__).parents[2] / "corpus"


def made_again(server: Server, catalog: Catalog) -> Catalog:
    """What a database holds in which the SQL of the catalog ran, as psql runs it, and nothing else."""

    async def work() -> Catalog:
        async with roles_guard(server), scratch(server, purpose="test") as url:
            await run_sql(url, Source("made.sql", create_sql(catalog)), search_path='"$user", public')
            async with open_(url) as session:
                return (await read_catalog(session)).catalog

    return run(work())


def differences(server: Server, catalog: Catalog, again: Catalog) -> tuple[Difference, ...]:
    """What differs of two catalogs as Postgres writes them."""
    return run(drift(catalog, again, lambda: server, DriftOptions(names="strict"))).differences


@pytest.mark.parametrize(
    "samples", [("modelled.sql",), ("modelled.sql", "unmodelled.sql")], ids=["modelled", "all"]
)
def test_an_object_of_every_kind(contrib: Server, samples: tuple[str, ...]) -> None:
    """Extensions in schemas of their own too; nothing is left out, and the same text comes every time."""
    catalog = made(contrib, *((SAMPLES / name).read_text() for name in samples)).catalog
    text = create_sql(catalog)
    assert "-- not made" not in text
    again = made_again(contrib, catalog)
    assert differences(contrib, catalog, again) == ()
    assert create_sql(sort(normalize(catalog))) == text


def test_the_demo(test_server: Server) -> None:
    """The shop: its snapshot, with the extension that no snapshot holds, and what its SQL really makes."""
    shop = str(CORPUS / "projects/shop/drizzle")
    snapshot = evolve(
        run(load(shop, Options())).catalog, extensions=(Extension(name="vector", schema="public"),)
    )
    for catalog in (snapshot, run(load(f"replay:{shop}", Options())).catalog):
        assert differences(test_server, catalog, made_again(test_server, catalog)) == ()


def test_an_extension_comes_after_its_schema_and_before_what_it_brings(contrib: Server) -> None:
    """Whatever their names: the schema, the extension in it, then all that may use it without saying so."""
    sql = """
    CREATE SCHEMA zoo; CREATE EXTENSION unaccent SCHEMA zoo; CREATE EXTENSION "uuid-ossp" SCHEMA zoo;
    CREATE TABLE a (b uuid DEFAULT zoo.uuid_generate_v4(), c text);
    CREATE INDEX ON a USING gin (to_tsvector('simple'::regconfig, c));
    """
    catalog = made(contrib, sql).catalog
    lines = create_sql(catalog).splitlines()
    assert lines[:4] == [
        "SET search_path = public, zoo;",
        "CREATE SCHEMA zoo;",
        "CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA zoo;",
        'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" SCHEMA zoo;',
    ]
    assert differences(contrib, catalog, made_again(contrib, catalog)) == ()


def test_bodies_may_name_what_comes_later(contrib18: Server) -> None:
    """A function's body is text: it is not looked at before all that it names is there."""
    sql = """
    CREATE TABLE later (id int PRIMARY KEY);
    CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM public.later';
    """
    catalog = made(contrib18, sql).catalog
    assert create_sql(catalog).startswith("SET check_function_bodies = off;\n")
    assert differences(contrib18, catalog, made_again(contrib18, catalog)) == ()


def test_text_that_takes_two_readings(contrib: Server) -> None:
    """A comparison of rows comes back in parentheses that the next reading drops: no difference anywhere."""
    rows = "ROW ({0}.a, {0}.b, {0}.c) IS DISTINCT FROM ROW ({1}.b, {1}.c, {1}.a)"
    sql = f"""
    CREATE EXTENSION btree_gist;
    CREATE TABLE t (a int, b int, c int, CHECK ({rows.format("t", "t")}));
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER changed AFTER UPDATE ON t FOR EACH ROW WHEN ({rows.format("old", "new")}) EXECUTE FUNCTION f();
    CREATE RULE r AS ON UPDATE TO t WHERE {rows.format("old", "new")} DO ALSO NOTHING;
    CREATE VIEW v AS SELECT {rows.format("t", "t")} AS x FROM t;
    ALTER TABLE t ADD EXCLUDE USING gist (a WITH =) WHERE ({rows.format("t", "t")});
    """
    catalog = made(contrib, sql).catalog
    again = made_again(contrib, catalog)
    assert {u.hash for u in again.unmodelled} != {u.hash for u in catalog.unmodelled}
    assert differences(contrib, catalog, again) == ()
    assert differences(contrib, again, catalog) == ()


def test_what_cannot_be_made_is_said() -> None:
    """What has no statement is a comment, in one line whatever its name."""
    catalog = evolve(Catalog(), unmodelled=(Unmodelled(kind="odd", name="a\nb", hash="", definition=None),))
    assert create_sql(catalog) == "-- not made: odd a b\n"
    assert create_sql(Catalog()) == ""
