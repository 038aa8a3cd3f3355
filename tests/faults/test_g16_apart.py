"""G16: a file that runs apart goes on where it stopped, and no invalid index ever counts as made."""

import os
import random
import re
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.folders import BREAK, PLAIN, Folder, folder
from tests.faults.matrix import CASES, Property
from tests.faults.oracle import state
from tests.faults.reference import References, settled
from tests.faults.runners import SIGKILLED, Runner, Runners
from tests.faults.servers import Harmed, eventually, fetch, say
from tests.faults.sessions import holding

PROOF = bool(os.environ.get("PGKIT_PROOF"))
TIMES = 8 if PROOF else 1
UNIQUE = {
    **PLAIN,
    "0003_unique": f"""INSERT INTO entry (n) VALUES (500);
{BREAK}CREATE UNIQUE INDEX CONCURRENTLY account_mood ON account (mood);
{BREAK}INSERT INTO entry (n) VALUES (501);
""",
}
MADE = {
    **PLAIN,
    "0003_made": f"""INSERT INTO entry (n) VALUES (500);
{BREAK}CREATE INDEX CONCURRENTLY entry_n ON entry (n);
{BREAK}INSERT INTO entry (n) VALUES (501);
{BREAK}REINDEX INDEX CONCURRENTLY entry_n;
{BREAK}REINDEX TABLE CONCURRENTLY entry;
{BREAK}DROP INDEX CONCURRENTLY entry_n;
{BREAK}INSERT INTO entry (n) VALUES (502);
{BREAK}CREATE INDEX CONCURRENTLY ON entry (n, account);
{BREAK}CREATE TABLE part (n int) PARTITION BY LIST (n);
{BREAK}CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
{BREAK}ALTER TABLE part DETACH PARTITION part_1 CONCURRENTLY;
{BREAK}INSERT INTO part_1 VALUES (1);
""",
}
# The statements in which the runner is harmed, and the transaction of somebody else that makes each of them wait.
WRITES = "BEGIN; INSERT INTO entry (n) VALUES (1); SELECT pg_current_xact_id()"
WAITING = {1: WRITES, 3: WRITES, 4: WRITES, 5: WRITES, 7: WRITES, 10: "BEGIN; SELECT count(*) FROM part"}
BUILDING = """
SELECT pid::int FROM pg_stat_activity
WHERE query LIKE '%CONCURRENTLY%' AND state = 'active' AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
AND datname = current_database()
"""


def test_duplicates_under_a_unique_index(
    victim: Harmed, run: Runners, references: References, tmp_path: Path
) -> None:
    """The index that failed is told each time, never counted; without the duplicates the next run makes it."""
    made = folder(tmp_path / "folder", UNIQUE)
    with victim.database() as url:
        for _ in range(2):
            ended = run.run(made, url)
            assert ended.code == 4, ended.said
            assert ended.stderr.count("error[") == 1, ended.said
            assert "23505" in ended.stderr
            assert "0003_unique" not in state(url).applied()
        say(url, "UPDATE account SET mood = NULL WHERE id > 2; UPDATE account SET mood = 'sad' WHERE id = 1")
        ended = run.run(made, url)
        assert ended.code == 0, ended.said
        found = state(url)
        assert found.invalid == []
        assert found.applied() == made.tags()
        assert fetch(url, "SELECT n::int FROM entry WHERE n >= 500 ORDER BY n") == [(500,), (501,)]


@contextmanager
def waiting(run: Runners, made: Folder, url: str, statement: int) -> Iterator[Runner]:
    """A runner that waits in the middle of such a statement."""
    runner = run.start(made, url, pause_at=f"before-statement:0003_made:{statement}")
    runner.await_pause()
    with holding(url, WAITING[statement]):
        runner.send(signal.SIGCONT)
        assert eventually(lambda: fetch(url, BUILDING) != []), runner.ended().said
        yield runner


@pytest.mark.parametrize("seed", range(TIMES))
@pytest.mark.parametrize("statement", WAITING)
def test_killed_while_it_waits(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, statement: int, seed: int
) -> None:
    """The runner is killed in a statement that is in no transaction: what it left is finished or cleared away."""
    made = folder(tmp_path / "folder", MADE)
    with victim.database() as url:
        with waiting(run, made, url, statement) as runner:
            time.sleep(random.Random(seed).uniform(0, 0.1))
            runner.send(signal.SIGKILL)
            runner.wait()
        settled(url)
        ended = run.run(made, url)
        assert ended.code == 0, ended.said
        references.check(url, MADE)


@pytest.mark.parametrize("seed", range(TIMES))
@pytest.mark.parametrize("statement", WAITING)
def test_terminated_while_it_waits(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, statement: int, seed: int
) -> None:
    """The same with the session, not the runner, which finds out what has become of it, and goes on."""
    made = folder(tmp_path / "folder", MADE)
    with victim.database() as url:
        with waiting(run, made, url, statement) as runner:
            time.sleep(random.Random(seed).uniform(0, 0.1))
            say(url, f"SELECT pg_terminate_backend(pid) FROM ({BUILDING}) waiting")
            runner.await_point("reconnecting")
        ended = runner.wait()
        assert ended.code == 0, ended.said
        references.check(url, MADE)


def test_if_not_exists_is_not_believed(victim: Harmed, run: Runners, tmp_path: Path) -> None:
    """`IF NOT EXISTS` over an invalid index succeeds in Postgres, and leaves the index invalid: not so here."""
    made = folder(
        tmp_path / "folder",
        {
            **PLAIN,
            "0003_unique": "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS account_mood ON account (mood);\n",
        },
    )
    with victim.database() as url:
        assert run.run(made, url).code == 4
        again = run.run(made, url)
        found = state(url)
        assert again.code == 4, again.said
        assert "0003_unique" not in found.applied()
        say(url, "UPDATE account SET mood = NULL")
        ended = run.run(made, url)
        assert ended.code == 0, ended.said
        assert state(url).invalid == []


def test_databases_and_settings(
    victim: Harmed, run: Runners, tmp_path: Path, record_property: Property
) -> None:
    """Killed at each event around what reaches beyond the database: made once, dropped once, set."""
    name = f"beside_{secrets.token_hex(4)}"
    sql = f"""CREATE DATABASE {name};
{BREAK}VACUUM account;
{BREAK}ALTER SYSTEM SET work_mem = '5MB';
{BREAK}DROP DATABASE {name};
{BREAK}CREATE DATABASE {name} ALLOW_CONNECTIONS false;
"""
    made = folder(tmp_path / "folder", {"0000_a": "CREATE TABLE account (n int);\n", "0001_beside": sql})
    code, event = SIGKILLED, 8
    while code == SIGKILLED:
        with victim.database() as url:
            code = run.run(made, url, kill_at=event).code
            ended = run.run(made, url)
            assert ended.code == 0, ended.said
            assert state(url).applied() == made.tags()
            allowed = "SELECT datallowconn FROM pg_database WHERE datname = $1"
            assert fetch(url, allowed, name) == [(False,)]
            say(url, f"DROP DATABASE {name}")
        event += 1 if PROOF else 5
    assert code == 0
    assert event > 25
    record_property(CASES, (event - 8) // (1 if PROOF else 5))


@contextmanager
def without_subscription(url: str) -> Iterator[None]:
    """A subscription keeps its database from being dropped."""
    try:
        yield
    finally:
        say(url, "DROP SUBSCRIPTION IF EXISTS s")


@pytest.mark.parametrize("was_done", [True, False])
def test_a_statement_in_doubt(victim: Harmed, run: Runners, tmp_path: Path, was_done: bool) -> None:
    """Where nobody can know whether it was done, the run stops, says which, and what to do about it."""
    sql = f"""CREATE SUBSCRIPTION s CONNECTION 'dbname=none' PUBLICATION p WITH (connect = false, slot_name = NONE);
{BREAK}ALTER SUBSCRIPTION s ADD PUBLICATION q;
{BREAK}CREATE TABLE after (n int);
"""
    made = folder(tmp_path / "folder", {"0000_subscription": sql})
    with victim.database() as url, without_subscription(url):
        killed = run.start(made, url, pause_at="before-statement:0000_subscription:1")
        killed.await_pause()
        killed.send(signal.SIGKILL)
        killed.wait()
        for _ in range(2):
            ended = run.run(made, url)
            assert ended.code == 4, ended.said
            assert ended.stderr.count("error[") == 1, ended.said
            assert "statement 2 of 0000_subscription is in doubt" in ended.stderr
        statements = re.findall(r"UPDATE [^:;]* WHERE tag = '0000_subscription'", ended.stderr)
        assert len(statements) == 2, ended.said
        if was_done:
            say(url, "ALTER SUBSCRIPTION s ADD PUBLICATION q WITH (refresh = false)")
            say(url, statements[0])
        else:
            say(url, statements[1])
            ended = run.run(made, url)  # it is tried, and Postgres has something against it
            assert "error[sql-failed]" in ended.stderr, ended.said
            text = made.file("0000_subscription").read_text()
            text = text.replace("PUBLICATION q;", "PUBLICATION q WITH (refresh = false);")
            made.file("0000_subscription").write_text(text)
        ended = run.run(made, url)
        assert ended.code == 0, ended.said
        assert fetch(url, "SELECT subpublications::text FROM pg_subscription WHERE subname = 's'") == [
            ("{p,q}",)
        ]
        assert state(url).applied() == made.tags()
