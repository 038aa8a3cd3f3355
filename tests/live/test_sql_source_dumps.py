"""pg_dump's own output is a source: whatever it was told, what it dumped is read."""

import subprocess
from pathlib import Path

import pytest
from attrs import frozen

from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.jobs.drift import DriftOptions, drift
from pgkit.runtime.binaries import embedded_bin
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.roles import roles_guard
from pgkit.runtime.scratch import scratch
from tests.live.reading import run, table
from tests.live.replays import tables
from tests.live.sql_sources import made, place, problem, said

SAMPLES = Path(__file__).with_name("samples")
# Its owner, who reads and whom a policy names: roles that are gone when the dump is read.
OWNED = """
CREATE ROLE dump_owner; CREATE ROLE "Dump Reader";
ALTER SCHEMA shop OWNER TO dump_owner;
ALTER TABLE shop.people OWNER TO dump_owner;
GRANT SELECT ON shop.people TO "Dump Reader";
GRANT INSERT (name) ON shop.people TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE dump_owner GRANT SELECT ON TABLES TO "Dump Reader";
CREATE POLICY readers ON shop.people FOR SELECT TO "Dump Reader" USING (true);
"""
WAYS = {
    "plain": (),
    "without owners": ("--no-owner",),
    "without privileges": ("--no-owner", "--no-privileges"),
    "clean": ("--clean",),
    "clean if there": ("--clean", "--if-exists"),
    "create": ("--create",),
    "clean and create": ("--clean", "--create"),
    "authorization": ("--use-set-session-authorization",),
    "all quoted": ("--quote-all-identifiers",),
}


@frozen
class Dumped:
    """A database that is gone: what it held, and what pg_dump said of it."""

    server: Server
    catalog: Catalog
    text: dict[str, str]
    rows: str


@pytest.fixture(scope="module")
def dumped(contrib: Server) -> Dumped:
    """A database with an object of every kind, dumped in every way by pg_dump 18."""
    sql = "".join((SAMPLES / name).read_text() for name in ("modelled.sql", "unmodelled.sql"))

    async def work() -> Dumped:
        async with roles_guard(contrib), scratch(contrib, purpose="test") as url:
            async with open_(url, settings=running()) as session:
                await session.execute(sql + OWNED)
            async with open_(url) as session:
                catalog = (await read_catalog(session)).catalog
            ways = {name: dump(url, "--schema-only", *flags) for name, flags in WAYS.items()}
            return Dumped(contrib, catalog, ways, dump(url, "--table", "shop.grouped"))

    return run(work())


def dump(url: str, *flags: str) -> str:
    """What pg_dump prints."""
    command = [embedded_bin() / "pg_dump", *flags, "--dbname", url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("way", WAYS)
def test_a_dump_is_read(dumped: Dumped, way: str) -> None:
    """The dump makes what was dumped, whatever is left out of it and whoever is not there any more."""
    found = made(dumped.server, dumped.text[way])
    differences = run(drift(dumped.catalog, found.catalog, lambda: dumped.server, DriftOptions())).differences
    assert {(d.class_, d.kind) for d in differences} <= {("missing", "role")}
    policies = {p.name: p for p in table(found.catalog, "people", "shop").policies}
    assert [ref.name for ref in policies["readers"].roles] == ["Dump Reader"]
    assert all(d.severity == "note" for d in found.findings)


def test_what_is_left_out_is_listed(dumped: Dumped) -> None:
    """Ownership and privileges, each absent role once; what --clean drops; the database itself."""
    notes = said(made(dumped.server, dumped.text["plain"]))
    assert [n.partition(":")[0] for n in notes if "setting" not in n] == [
        "note absent-role",
        "note undeclared-role",
    ]
    assert 'skipped 3 statements: there is no role "dump_owner"' in notes[-2]
    (dummy,) = [d for d in made(dumped.server, dumped.text["clean if there"]).findings if "drop" in d.code]
    assert (
        place(dummy).partition(" ")[2].startswith("CREATE OR REPLACE VIEW shop.totals AS\nSELECT\n    NULL::")
    )
    assert [n for n in said(made(dumped.server, dumped.text["clean"])) if n.startswith("note drop-skipped: ")]
    created = said(made(dumped.server, dumped.text["clean and create"]))
    assert "note database-skipped: skipped 3 statements: about the database as a whole" in created


def test_a_dump_with_rows(dumped: Dumped) -> None:
    """It is turned down before anything runs."""
    found = problem(dumped.server, dumped.rows, code=3)
    assert (found.code, "pg_dump -s" in (found.help or "")) == ("copy-from-stdin", True)


def test_a_dump_of_one_schema(contrib: Server) -> None:
    """With `-n public` pg_dump makes the schema that every database has."""

    async def work() -> str:
        async with scratch(contrib, purpose="test") as url:
            async with open_(url, settings=running()) as session:
                await session.execute("CREATE TABLE a (b int); CREATE SCHEMA s; CREATE TABLE s.c ();")
            return dump(url, "--schema-only", "-n", "public")

    text = run(work())
    assert "CREATE SCHEMA public;" in text
    assert tables(made(contrib, text).catalog) == {"public.a"}
    assert (
        problem(contrib, "CREATE SCHEMA s; CREATE SCHEMA s;").message == 'schema "s" already exists (42P06)'
    )


def test_a_drop_of_what_is_not_there(contrib18: Server) -> None:
    """Only a file that begins with drops may mean an old database: after that it is a mistake."""
    assert said(
        made(contrib18, "DROP TABLE a; DROP FUNCTION f(); CREATE TABLE a (b int); DROP TABLE a;")
    ) == ["note drop-skipped: skipped 2 statements: nothing is there yet to be dropped"]
    assert (
        problem(contrib18, "CREATE TABLE a (b int); DROP TABLE c;").message
        == 'table "c" does not exist (42P01)'
    )
    assert problem(contrib18, "DROP TABLE pg_class;").code == "sql-failed"
