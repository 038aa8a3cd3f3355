"""G1: a file is applied exactly once or not at all, and its row with it, wherever the runner is killed."""

import os
import random
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.folders import EVERYTHING, SLOW, folder
from tests.faults.matrix import CASES, Property
from tests.faults.oracle import state
from tests.faults.reference import References
from tests.faults.runners import SIGKILLED, Runners
from tests.faults.servers import Harmed

# Every event of a run under PGKIT_PROOF, else every so many.
PROOF = bool(os.environ.get("PGKIT_PROOF"))
STEP = 1 if PROOF else 19
MOMENTS = 40 if PROOF else 2


class Sweep:
    """Kills a run at one of its events after the other, and runs again after each."""

    def __init__(self, run: Runners, references: References, home: Path, files: Mapping[str, str]) -> None:
        self.run, self.references, self.files = run, references, files
        self.folder = folder(home, files)

    def killed(self, url: str, event: int, *options: str) -> bool:
        """Kills a run at its n-th event; false if it has no such event, and came to its end."""
        ended = self.run.run(self.folder, url, *options, kill_at=event)
        assert ended.code in (0, SIGKILLED), ended.said
        return ended.code == SIGKILLED

    def finish(self, url: str, *options: str) -> None:
        """Runs to the end, which has to be that of an undisturbed run."""
        ended = self.run.run(self.folder, url, *options)
        assert ended.code == 0, ended.said
        self.references.check(url, self.files, *options)


def test_killed_at_any_event(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, record_property: Property
) -> None:
    """What the ledger tells is what is there, and the next run ends as if nothing had happened."""
    sweep = Sweep(run, references, tmp_path / "folder", EVERYTHING)
    event, going = 0, True
    while going:
        with victim.database() as url:
            going = sweep.killed(url, event)
            if going:
                references.check_half_way(url, EVERYTHING)
            sweep.finish(url)
        event += STEP
    assert event > 100
    record_property(CASES, event // STEP)


def test_killed_at_any_event_with_drizzles_ledger(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, record_property: Property
) -> None:
    """Its rows are all or nothing too."""
    sweep = Sweep(run, references, tmp_path / "folder", EVERYTHING)
    event, going = 3, True
    while going:
        with victim.database() as url:
            going = sweep.killed(url, event, "--ledger", "drizzle")
            sweep.finish(url, "--ledger", "drizzle")
        event += STEP
    assert event > 100
    record_property(CASES, event // STEP)


@pytest.mark.parametrize("seed", range(MOMENTS))
def test_killed_at_any_moment(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, seed: int
) -> None:
    """In the middle of a statement as well, which the server may have done or not."""
    made = folder(tmp_path / "folder", SLOW)
    with victim.database() as url:
        runner = run.start(made, url)
        runner.await_point("connected")
        time.sleep(random.Random(seed).uniform(0, 1.8))
        runner.process.kill()
        runner.wait()
        references.check_half_way(url, SLOW)
        ended = run.run(made, url)
        assert ended.code == 0, ended.said
        references.check(url, SLOW)


def test_killed_again_and_again(victim: Harmed, run: Runners, references: References, tmp_path: Path) -> None:
    """A run that is killed a few events later each time gets there nevertheless."""
    sweep = Sweep(run, references, tmp_path / "folder", EVERYTHING)
    with victim.database() as url:
        for event in range(8, 200, 4 if PROOF else 12):
            if not sweep.killed(url, event):
                break
            references.check_half_way(url, EVERYTHING)
        sweep.finish(url)
        assert state(url).applied() == [*EVERYTHING]
