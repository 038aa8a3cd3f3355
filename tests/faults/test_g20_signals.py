"""G20: Ctrl-C and SIGTERM cancel the statement, roll back, free the lock, and end with 130."""

import signal
import time
from pathlib import Path

import pytest

from tests.faults.folders import BREAK, PLAIN, folder
from tests.faults.reference import References, settled
from tests.faults.runners import Runners, ended, start_command
from tests.faults.servers import Harmed, ask, eventually
from tests.faults.sessions import holding

LONG = {**PLAIN, "0003_long": f"UPDATE account SET balance = 0;\n{BREAK}SELECT pg_sleep(30);\n"}
LONG_APART = {
    **PLAIN,
    "0003_long": f"CREATE INDEX CONCURRENTLY account_title ON account (title);\n{BREAK}SELECT pg_sleep(30);\n",
}
ASLEEP = (
    "SELECT count(*)::int FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
)
LOCKS = "SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("apart", [False, True], ids=["transaction", "apart"])
def test_in_a_statement(
    victim: Harmed, references: References, tmp_path: Path, number: signal.Signals, apart: bool
) -> None:
    """The real command ends at once, and leaves what it had applied before."""
    files = LONG_APART if apart else LONG
    made = folder(tmp_path / "folder", files)
    with victim.database() as url:
        process = start_command("migrate", "up", str(made.path), "--db", url)
        assert eventually(lambda: ask(url, ASLEEP) == 1)
        began = time.monotonic()
        process.send_signal(number)
        done = ended(process, 10)
        assert time.monotonic() - began < 3
        assert done.code == 130, done.said
        assert "Traceback" not in done.stderr
        settled(url, 2)
        assert ask(url, LOCKS) == 0
        if not apart:
            references.check(url, PLAIN)


def test_twice(victim: Harmed, run: Runners, references: References, tmp_path: Path) -> None:
    """A second Ctrl-C, where the first one cannot get through, ends the runner; the server lets go."""
    made = folder(tmp_path / "folder", LONG)
    with victim.database() as url:
        process = start_command("migrate", "up", str(made.path), "--db", url)
        assert eventually(lambda: ask(url, ASLEEP) == 1)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        done = ended(process, 5)
        assert done.code in (130, -signal.SIGINT), done.said
        settled(url, 3)
        references.check(url, PLAIN)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_while_it_waits(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, number: signal.Signals
) -> None:
    """For another runner, or for the lock on a table between two tries."""
    made = folder(tmp_path / "folder", {**PLAIN, "0003_alter": "ALTER TABLE account ADD COLUMN x int;\n"})
    with victim.database() as url:
        assert run.run(made, url, "--to", "0002_function").code == 0
        with holding(url, "BEGIN; SELECT count(*) FROM account"):
            working = run.start(made, url, "--lock-timeout", "100ms", "--retries", "100")
            working.await_point("retrying")
            waiting = run.start(made, url)
            waiting.await_point("waiting")
            for runner in (waiting, working):
                runner.send(number)
                done = runner.wait(5)
                assert done.code == 130, done.said
        assert ask(url, LOCKS) == 0
        references.check(url, PLAIN)


@pytest.mark.parametrize(
    "point", ["connected", "locked", "begun", "before-statement:0001_double:2", "recorded", "done"]
)
def test_at_any_point(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, point: str
) -> None:
    """The next run goes on from there."""
    made = folder(tmp_path / "folder", PLAIN)
    with victim.database() as url:
        runner = run.start(made, url, pause_at=point)
        runner.await_pause()
        runner.send(signal.SIGTERM)
        runner.send(signal.SIGCONT)
        done = runner.wait(10)
        assert done.code == 130, done.said
        settled(url, 2)
        assert ask(url, LOCKS) == 0
        assert run.run(made, url).code == 0
        references.check(url, PLAIN)
