"""G2: of runners that start at once, each file is run by one, and all of them end well."""

import os
from pathlib import Path

import pytest

from tests.faults.folders import EVERYTHING, PLAIN, folder
from tests.faults.matrix import CASES, Property
from tests.faults.reference import References
from tests.faults.runners import Runners, ended, start_command
from tests.faults.servers import Harmed

PROOF = bool(os.environ.get("PGKIT_PROOF"))
ROUNDS = 5 if PROOF else 1


@pytest.mark.parametrize("count", range(2, 21) if PROOF else [2, 8])
def test_they_share_the_work(
    victim: Harmed,
    run: Runners,
    references: References,
    tmp_path: Path,
    count: int,
    record_property: Property,
) -> None:
    """Every runner exits with 0, and the files have run once, in their order."""
    made = folder(tmp_path / "folder", EVERYTHING)
    for _ in range(ROUNDS):
        with victim.database() as url:
            started = [run.start(made, url) for _ in range(count)]
            for done in [runner.wait() for runner in started]:
                assert done.code == 0, done.said
            references.check(url, EVERYTHING)
    record_property(CASES, ROUNDS)


def test_the_command_itself(victim: Harmed, references: References, tmp_path: Path) -> None:
    """`python -m pgkit`, four times at once, as a deployment to four machines has it."""
    made = folder(tmp_path / "folder", EVERYTHING)
    with victim.database() as url:
        started = [start_command("migrate", "up", str(made.path), "--db", url) for _ in range(4)]
        for done in [ended(process) for process in started]:
            assert done.code == 0, done.said
        references.check(url, EVERYTHING)


def test_a_killed_one_is_succeeded(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, record_property: Property
) -> None:
    """The one that has the lock is killed in the middle; the others go on from there."""
    made = folder(tmp_path / "folder", EVERYTHING)
    for event in range(6, 60, 6 if PROOF else 24):
        with victim.database() as url:
            started = [run.start(made, url, kill_at=event if n == 0 else None) for n in range(4)]
            for done in [runner.wait() for runner in started][1:]:
                assert done.code == 0, done.said
            references.check(url, EVERYTHING)
    record_property(CASES, len(range(6, 60, 6 if PROOF else 24)))


def test_each_applies_what_it_knows(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, record_property: Property
) -> None:
    """One of an older release, with fewer files, and one of a newer race; no file runs twice."""
    old = folder(tmp_path / "old", PLAIN)
    new = folder(tmp_path / "new", EVERYTHING)
    for _ in range(ROUNDS):
        with victim.database() as url:
            started = [run.start(new, url), run.start(old, url), run.start(new, url)]
            newer, older, newest = [runner.wait() for runner in started]
            assert (newer.code, newest.code) == (0, 0), newer.said + newest.said
            # The old one may come last, and find files in the ledger that it has not got.
            assert older.code in (0, 3), older.said
            references.check(url, EVERYTHING)
    record_property(CASES, ROUNDS)
