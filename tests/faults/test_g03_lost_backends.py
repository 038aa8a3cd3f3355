"""G3: whatever happens to the backend or to the whole server, nothing is half done, and the run gets there."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.faults.folders import SLOW, folder
from tests.faults.reference import References
from tests.faults.runners import Runner, Runners
from tests.faults.servers import LOSSY, Harmed, eventually, fetch, say

TIMES = 12 if os.environ.get("PGKIT_PROOF") else 2
OTHERS = """
SELECT pid::int FROM pg_catalog.pg_stat_activity
WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid() AND backend_type = 'client backend'
"""


def at_any_moment(runner: Runner, seed: int) -> None:
    """Lets it work for a while, which is another each time."""
    runner.await_point("connected")
    time.sleep(random.Random(seed).uniform(0.05, 1.5))


def backends(url: str) -> list[int]:
    """The sessions on a database, but ours."""
    return [int(str(pid)) for (pid,) in fetch(url, OTHERS)]


@pytest.mark.parametrize("seed", range(TIMES))
def test_a_terminated_backend(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, seed: int
) -> None:
    """`pg_terminate_backend` at any moment: the run connects again, and goes by what the ledger says."""
    with victim.database() as url:
        runner = run.start(folder(tmp_path / "folder", SLOW), url)
        at_any_moment(runner, seed)
        say(url, f"SELECT pg_terminate_backend(pid) FROM ({OTHERS}) others")
        ended = runner.wait()
        assert ended.code == 0, ended.said
        references.check(url, SLOW)


def test_terminated_all_the_time(
    victim: Harmed, run: Runners, references: References, tmp_path: Path
) -> None:
    """A run whose sessions keep being terminated gives up with one message, or gets there; the next one does."""
    made = folder(tmp_path / "folder", SLOW)
    with victim.database() as url:
        runner = run.start(made, url)
        runner.await_point("connected")
        while runner.process.is_alive():
            say(url, f"SELECT pg_terminate_backend(pid) FROM ({OTHERS}) others")
            time.sleep(0.15)
        ended = runner.wait()
        assert ended.code in (0, 3, 4), ended.said
        assert ended.stderr.count("error[") == (1 if ended.code else 0), ended.said
        again = run.run(made, url)
        assert again.code == 0, again.said
        references.check(url, SLOW)


@pytest.mark.parametrize("seed", range(TIMES))
def test_a_killed_backend(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, seed: int
) -> None:
    """SIGKILL of the backend, upon which the postmaster throws out every session and recovers."""
    with victim.database() as url:
        runner = run.start(folder(tmp_path / "folder", SLOW), url)
        at_any_moment(runner, seed)
        for pid in backends(url):
            os.kill(pid, signal.SIGKILL)
        ended = runner.wait()
        assert ended.code == 0, ended.said
        references.check(url, SLOW)


@pytest.mark.parametrize("seed", range(TIMES))
@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGINT], ids=["immediate", "fast"])
def test_a_restarted_server(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, seed: int, how: signal.Signals
) -> None:
    """The server is stopped, by a crash or in order, and comes back half a second later."""
    with victim.database() as url:
        runner = run.start(folder(tmp_path / "folder", SLOW), url)
        at_any_moment(runner, seed)
        victim.crash(how)
        time.sleep(0.5)
        victim.start(**LOSSY)
        ended = runner.wait()
        assert ended.code == 0, ended.said
        references.check(url, SLOW)


def test_a_server_that_stays_away(
    victim: Harmed, run: Runners, references: References, tmp_path: Path
) -> None:
    """The run ends with one message; once the server is back, the next one goes on."""
    made = folder(tmp_path / "folder", SLOW)
    with victim.database() as url:
        runner = run.start(made, url, patience=(("reconnect", 1.0),))
        runner.await_point("done")
        victim.crash()
        try:
            ended = runner.wait()
        finally:
            victim.start(**LOSSY)
        assert ended.code in (3, 4), ended.said
        assert ended.stderr.count("error[") == 1, ended.said
        again = run.run(made, url)
        assert again.code == 0, again.said
        references.check(url, SLOW)


def test_the_killed_are_noticed(victim: Harmed) -> None:
    """The harness itself: a backend killed here does bring the server down, and it comes up again."""
    with victim.database() as url:
        before = fetch(url, "SELECT pg_postmaster_start_time(), system_identifier FROM pg_control_system()")
        victim.crash()
        victim.start(**LOSSY)
        after = fetch(url, "SELECT pg_postmaster_start_time(), system_identifier FROM pg_control_system()")
        assert before[0][0] != after[0][0]
        assert before[0][1] == after[0][1]
        assert eventually(lambda: backends(url) == [])
