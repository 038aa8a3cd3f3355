"""G15: nothing of a file's session state reaches the next file, whatever it sets, takes or throws away."""

from pathlib import Path

import pytest

from tests.faults.folders import BREAK, folder
from tests.faults.oracle import state
from tests.faults.runners import Runners
from tests.faults.servers import Harmed, ask, say

LEAKS = {
    "search_path": "SET search_path = elsewhere, public",
    "role": "SET ROLE pg_monitor",
    "lock_timeout": "SET lock_timeout = '1ms'",
    "statement_timeout": "SET statement_timeout = '1h'",
    "isolation": "SET default_transaction_isolation = 'serializable'",
    "read_only": "SET default_transaction_read_only = on",
    "checks": "SET check_function_bodies = off",
    "replica": "SET session_replication_role = replica",
    "strings": "SET standard_conforming_strings = off",
    "temporary_table": "CREATE TEMP TABLE account AS SELECT 1 AS n",
    "prepared": "PREPARE kept AS SELECT 1",
    "listening": "LISTEN something",
    "cursor": "DECLARE kept CURSOR WITH HOLD FOR SELECT 1",
    "advisory_lock": "SELECT pg_advisory_lock(77)",
    "custom_setting": "SELECT set_config('app.tenant', 'leaked', false)",
    "constraints": "SET CONSTRAINTS ALL DEFERRED",
    "commit": "SET search_path = elsewhere; COMMIT; SET search_path = elsewhere, public",
}
# Runs in the second file, and tells of all that is not as it was.
ASSERTS = f"""DO $$ DECLARE leaks text[] := '{{}}'; BEGIN
  IF current_setting('search_path') <> '"$user", public' THEN leaks := leaks || 'search_path'; END IF;
  IF current_user <> session_user THEN leaks := leaks || 'role'; END IF;
  IF current_setting('lock_timeout') <> '3s' THEN leaks := leaks || current_setting('lock_timeout'); END IF;
  IF current_setting('statement_timeout') <> '0' THEN leaks := leaks || 'statement_timeout'; END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN leaks := leaks || 'isolation'; END IF;
  IF current_setting('transaction_read_only') <> 'off' THEN leaks := leaks || 'read_only'; END IF;
  IF current_setting('check_function_bodies') <> 'on' THEN leaks := leaks || 'checks'; END IF;
  IF current_setting('session_replication_role') <> 'origin' THEN leaks := leaks || 'replica'; END IF;
  IF current_setting('standard_conforming_strings') <> 'on' THEN leaks := leaks || 'strings'; END IF;
  IF current_setting('synchronous_commit') <> 'on' THEN leaks := leaks || 'synchronous_commit'; END IF;
  IF coalesce(current_setting('app.tenant', true), '') <> '' THEN leaks := leaks || 'custom_setting'; END IF;
  IF to_regclass('pg_temp.account') IS NOT NULL THEN leaks := leaks || 'temporary_table'; END IF;
  IF EXISTS (SELECT FROM pg_prepared_statements) THEN leaks := leaks || 'prepared'; END IF;
  IF EXISTS (SELECT FROM pg_listening_channels()) THEN leaks := leaks || 'listening'; END IF;
  IF EXISTS (SELECT FROM pg_cursors WHERE name = 'kept') THEN leaks := leaks || 'cursor'; END IF;
  IF EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objid = 77)
    THEN leaks := leaks || 'advisory_lock'; END IF;
  IF (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) <> 1
    THEN leaks := leaks || 'our lock'; END IF;
  IF leaks <> '{{}}' THEN RAISE EXCEPTION 'leaked: %', leaks; END IF;
END $$;
{BREAK}CREATE TABLE account (n int);
"""


@pytest.mark.parametrize("apart", [False, True], ids=["transaction", "apart"])
@pytest.mark.parametrize("name", LEAKS)
def test_nothing_leaks(victim: Harmed, run: Runners, tmp_path: Path, name: str, apart: bool) -> None:
    """The second file sees a session as new, with the runner's lock in it."""
    index = f"CREATE INDEX CONCURRENTLY first_n ON first (n);\n{BREAK}" if apart and name != "commit" else ""
    sql = index + BREAK.join(f"{piece};\n" for piece in LEAKS[name].split("; "))
    made = folder(
        tmp_path / "folder",
        {"0000_first": "CREATE TABLE first (n int);\n", "0001_leaks": sql, "0002_asserts": ASSERTS},
    )
    with victim.database() as url:
        say(url, "CREATE SCHEMA elsewhere")
        ended = run.run(made, url)
        assert ended.code == 0, ended.said
        assert state(url).applied() == made.tags()
        assert ask(url, "SELECT to_regclass('public.account') IS NOT NULL")


@pytest.mark.parametrize(
    "how", ["SELECT pg_advisory_unlock_all()", "DISCARD ALL", "SELECT pg_advisory_unlock_all(); COMMIT"]
)
def test_the_lock_is_thrown_away(victim: Harmed, run: Runners, tmp_path: Path, how: str) -> None:
    """A file that gives up the runner's own lock: it is taken again, or the run stops and says so; no file twice."""
    made = folder(
        tmp_path / "folder",
        {
            "0000_first": "CREATE TABLE first (n int);\n",
            "0001_throws": "".join(f"{piece};\n{BREAK}" for piece in how.split("; ")),
            "0002_asserts": ASSERTS,
        },
    )
    with victim.database() as url:
        started = [run.start(made, url) for _ in range(3)]
        for ended in [runner.wait() for runner in started]:
            assert ended.code == 0, ended.said
        assert state(url).applied() == made.tags()
        assert ask(url, "SELECT count(*)::int FROM pgkit.__pg_migrations") == 3
