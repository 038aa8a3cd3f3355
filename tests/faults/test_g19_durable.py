"""G19: what a run has reported as done is there after a crash, on a server that loses commits if it is let."""

from pathlib import Path

import pytest

from tests.faults.folders import EVERYTHING, folder
from tests.faults.reference import References
from tests.faults.runners import Runners
from tests.faults.servers import LOSSY, Harmed, ask, say


def test_a_crash_after_success(victim: Harmed, run: Runners, references: References, tmp_path: Path) -> None:
    """The server crashes right after the run has ended, and nothing of it is lost."""
    made = folder(tmp_path / "folder", EVERYTHING)
    with victim.database() as url:
        ended = run.run(made, url)
        victim.crash()
        victim.start(**LOSSY)
        assert ended.code == 0, ended.said
        references.check(url, EVERYTHING)


def test_a_file_that_turns_it_off(victim: Harmed, run: Runners, tmp_path: Path) -> None:
    """A migration that sets `synchronous_commit` to off for itself is durable nevertheless."""
    made = folder(
        tmp_path / "folder",
        {"0000_a": "SET synchronous_commit = off;\nCREATE TABLE kept AS SELECT 1 AS n;\n"},
    )
    with victim.database() as url:
        ended = run.run(made, url)
        victim.crash()
        victim.start(**LOSSY)
        assert ended.code == 0, ended.said
        assert ask(url, "SELECT count(*)::int FROM kept") == 1
        assert ask(url, "SELECT count(*)::int FROM pgkit.__pg_migrations") == 1


def test_this_server_does_lose_commits(victim: Harmed) -> None:
    """The harness itself: without the runner's setting, what was committed a moment ago is gone."""
    with victim.database() as url:
        say(url, "CREATE TABLE n (n int); CHECKPOINT; SET synchronous_commit = on; INSERT INTO n VALUES (1)")
        say(url, "SET synchronous_commit = off; INSERT INTO n VALUES (2)")
        victim.crash()
        victim.start(**LOSSY)
        if ask(url, "SELECT count(*)::int FROM n") != 1:
            pytest.fail("the server kept a commit that it had not written: the other tests prove nothing")
