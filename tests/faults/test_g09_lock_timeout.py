"""G9: a statement waits for its lock no longer than `lock_timeout`, and so does whoever queues behind it."""

import time
from pathlib import Path

import pytest

from tests.faults.folders import BREAK, PLAIN, folder
from tests.faults.reference import References
from tests.faults.runners import Runners
from tests.faults.servers import Harmed, say
from tests.faults.sessions import holding, probing

READER = "BEGIN; SELECT count(*) FROM account"
ALTER = {
    **PLAIN,
    "0003_alter": f"""INSERT INTO entry (n) VALUES (7);
{BREAK}ALTER TABLE account ADD COLUMN born date;
""",
}
COUNT = "SELECT count(*)::int FROM account"


def test_readers_never_wait_long(
    victim: Harmed, run: Runners, references: References, tmp_path: Path
) -> None:
    """Behind a long reader: innocent SELECTs wait for `lock_timeout` at most, and the file lands after it, whole."""
    made = folder(tmp_path / "folder", ALTER)
    with victim.database() as url:
        assert run.run(made, url, "--to", "0002_function").code == 0
        with probing(url, COUNT) as probe:
            with holding(url, READER):
                runner = run.start(made, url, "--lock-timeout", "200ms", "--retries", "50")
                runner.await_point("retrying")
                time.sleep(1.5)
            ended = runner.wait()
        assert ended.code == 0, ended.said
        assert ended.points().count("retrying") >= 2
        assert probe.longest < 0.2 + 0.25  # the machine's own moments come on top
        references.check(url, ALTER)


def test_it_gives_up_in_the_end(victim: Harmed, run: Runners, references: References, tmp_path: Path) -> None:
    """After so many tries the run ends with one message; nothing of the file is left."""
    made = folder(tmp_path / "folder", ALTER)
    with victim.database() as url:
        assert run.run(made, url, "--to", "0002_function").code == 0
        with holding(url, READER):
            ended = run.run(made, url, "--lock-timeout", "50ms", "--retries", "2")
        assert ended.code == 4, ended.said
        assert ended.points().count("retrying") == 2
        assert ended.stderr.count("error[") == 1, ended.said
        assert "0003_alter" in ended.stderr
        references.check(url, PLAIN)
        assert run.run(made, url).code == 0
        references.check(url, ALTER)


@pytest.mark.parametrize("name", ["0003_concurrently", "0003_plain"])
def test_a_deadlock_is_tried_again(victim: Harmed, run: Runners, tmp_path: Path, name: str) -> None:
    """The server chooses the runner as the victim of a deadlock: the whole file runs again."""
    sql = f"""INSERT INTO entry (n) VALUES (77);
{BREAK}LOCK TABLE account IN ACCESS EXCLUSIVE MODE;
{BREAK}SELECT pg_sleep(0.5);
{BREAK}LOCK TABLE entry IN ACCESS EXCLUSIVE MODE;
{BREAK}ALTER TABLE entry ADD COLUMN born date;
"""
    files = {**PLAIN, name: sql if name == "0003_plain" else f"{sql}{BREAK}COMMIT;\n"}
    made = folder(tmp_path / "folder", files)
    with victim.database() as url:
        assert run.run(made, url, "--to", "0002_function").code == 0
        # The other one checks for deadlocks late, so that it is the runner who finds it.
        other = "SET deadlock_timeout = '10s'; BEGIN; LOCK TABLE entry IN ACCESS SHARE MODE"
        with holding(url, other):
            runner = run.start(made, url, "--lock-timeout", "200ms", "--retries", "50")
            runner.await_point("retrying")
        ended = runner.wait()
        assert ended.code == 0, ended.said
        counted = "DO $$ BEGIN ASSERT (SELECT count(*) FROM entry WHERE n = 77) = 1; END $$"
        say(url, counted)


def test_retries_do_not_keep_the_lock_from_others(victim: Harmed, tmp_path: Path, run: Runners) -> None:
    """Two runners that both meet the reader: one works, the other one waits, and both end well."""
    made = folder(tmp_path / "folder", ALTER)
    with victim.database() as url:
        assert run.run(made, url, "--to", "0002_function").code == 0
        with holding(url, READER):
            both = [run.start(made, url, "--lock-timeout", "100ms", "--retries", "50") for _ in range(2)]
            time.sleep(1)
        for runner in both:
            ended = runner.wait()
            assert ended.code == 0, ended.said
