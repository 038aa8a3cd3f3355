"""G18: the ledger is found by its full name alone, and `status` and `verify` write nothing."""

from pathlib import Path

import pytest

from tests.faults.folders import EVERYTHING, PLAIN, folder
from tests.faults.oracle import state
from tests.faults.reference import References
from tests.faults.runners import Runners
from tests.faults.servers import Harmed, ask, fetch, say

# Tables and functions of the names that a careless query would find first.
DECOYS = """
CREATE SCHEMA hostile;
CREATE TABLE hostile.__pg_migrations (tag text, seq int, state text, checksum text);
INSERT INTO hostile.__pg_migrations SELECT t, 1, 'done', 'x' FROM unnest('{0000_accounts,0001_double}'::text[]) t;
CREATE TABLE public.__pg_migrations AS TABLE hostile.__pg_migrations;
CREATE TABLE hostile.pg_locks (pid int, locktype text, granted boolean);
CREATE TABLE hostile.pg_class (oid oid, relname name, relkind "char", relnamespace oid);
CREATE TABLE touched (what text);
CREATE FUNCTION hostile.touch(what text) RETURNS void LANGUAGE sql AS $$ INSERT INTO public.touched VALUES (what) $$;
CREATE FUNCTION hostile.pg_try_advisory_lock(key bigint) RETURNS boolean LANGUAGE sql AS $$ SELECT hostile.touch('lock'); SELECT true $$;
CREATE FUNCTION hostile.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT hostile.touch('clock'); SELECT now() $$;
CREATE FUNCTION hostile.max(int) RETURNS int LANGUAGE sql AS $$ SELECT hostile.touch('max'); SELECT 100 $$;
CREATE FUNCTION hostile.eq(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT hostile.touch('='); SELECT true $$;
CREATE OPERATOR hostile.= (LEFTARG = text, RIGHTARG = text, FUNCTION = hostile.eq);
CREATE FUNCTION hostile.eqi(int, int) RETURNS boolean LANGUAGE sql AS $$ SELECT hostile.touch('=i'); SELECT true $$;
CREATE OPERATOR hostile.= (LEFTARG = int, RIGHTARG = int, FUNCTION = hostile.eqi);
"""
PATH = "hostile, public, pg_catalog"


@pytest.mark.parametrize("ledger", ["pgkit", "drizzle"])
def test_a_hostile_search_path(victim: Harmed, run: Runners, tmp_path: Path, ledger: str) -> None:
    """Nothing of the decoys is called or believed, though the path of the database and of the URL name them first."""
    files = {
        "0000_a": "CREATE TABLE public.made (n integer);\n",
        "0001_b": "INSERT INTO public.made VALUES (1);\n",
    }
    made = folder(tmp_path / "folder", files)
    with victim.database() as url:
        say(url, DECOYS)
        name = ask(url, "SELECT current_database()")
        say(url, f'ALTER DATABASE "{name}" SET search_path = {PATH}')
        pathed = f"{url}&options=-csearch_path%3D{PATH.replace(', ', '%2C')}"
        for address in (url, pathed, url):
            ended = run.run(made, address, "--ledger", ledger)
            assert ended.code == 0, ended.said
        assert fetch(url, "SELECT what FROM touched") == []
        assert fetch(url, "SELECT n::int FROM made") == [(1,)]
        assert ask(url, "SELECT count(*)::int FROM hostile.__pg_migrations") == 2


def test_a_table_that_is_no_ledger(victim: Harmed, run: Runners, tmp_path: Path) -> None:
    """Somebody else's table of that name is not written to."""
    made = folder(tmp_path / "folder", PLAIN)
    with victim.database() as url:
        say(url, "CREATE SCHEMA pgkit; CREATE TABLE pgkit.__pg_migrations (id int)")
        ended = run.run(made, url)
        assert ended.code == 3, ended.said
        assert ended.stderr.count("error[") == 1, ended.said
        assert "pgkit.__pg_migrations" in ended.stderr


@pytest.mark.parametrize("options", [(), ("--ledger", "drizzle")], ids=["pgkit", "drizzle"])
def test_status_and_verify_only_read(
    victim: Harmed, run: Runners, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """On a fresh database, half way and at the end, and where the role may only read."""
    made = folder(tmp_path / "folder", PLAIN)
    with victim.database() as url:
        for applied in (None, "0001_double", "0002_function"):
            if applied:
                assert run.run(made, url, "--to", applied, *options).code == 0
            before = state(url)
            reading = f"{url}&options=-cdefault_transaction_read_only%3Don"
            for name in ("status", "verify"):
                ended = run.command("migrate", name, str(made.path), "--db", reading, *options)
                assert ended.code in (0, 1), ended.said
                assert "error[" not in ended.stderr, ended.said
            assert state(url) == before


def test_another_name(victim: Harmed, run: Runners, references: References, tmp_path: Path) -> None:
    """The ledger may be configured, odd names included; the default one is not touched then."""
    made = folder(tmp_path / "folder", EVERYTHING)
    config = tmp_path / "pgkit.toml"
    config.write_text('[migrate]\nschema = "My \\"Book"\ntable = "of; done"\n')
    with victim.database() as url:
        ended = run.run(made, url, "--config", str(config))
        assert ended.code == 0, ended.said
        assert ask(url, 'SELECT count(*)::int FROM "My ""Book"."of; done"') == len(EVERYTHING)
        assert ask(url, "SELECT to_regclass('pgkit.__pg_migrations')::text") is None
