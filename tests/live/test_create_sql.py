"""The SQL of a catalog makes it: read, printed, run on an empty database and read again, it is the same."""

from pathlib import Path

import pytest

from pgkit.diag import Source
from pgkit.frontends.dsl import lower
from pgkit.frontends.dsl import read as read_schema
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.json import sort
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
    return run(drift(catalog, again, lambda: server, DriftOptions(strict_names=True))).differences


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
    """The shop: its snapshot, and what its SQL really makes."""
    shop = str(CORPUS / "projects/shop/drizzle")
    for source in (shop, f"replay:{shop}"):
        catalog = run(load(source, Options())).catalog
        again = made_again(test_server, with_vector(catalog))
        assert {d.class_ for d in differences(test_server, with_vector(catalog), again)} == set()


def with_vector(catalog: Catalog) -> Catalog:
    """The catalog with the extension that a snapshot cannot hold."""
    from attrs import evolve

    from pgkit.ir.kinds import Extension

    return evolve(catalog, extensions=(Extension(name="vector", schema="public"),))


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parents[1] / "dsl/forms").glob("*.pgkit")), ids=lambda f: f.stem
)
def test_the_schema_language(contrib18: Server, file: Path) -> None:
    """A schema as it is written, its expressions in the user's words."""
    catalog = normalize(lower(read_schema(file)).catalog)
    assert differences(contrib18, catalog, made_again(contrib18, catalog)) == ()
