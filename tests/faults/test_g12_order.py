"""G12 and G23: the order is that of the journal; no clock, and no `when`, decides what runs."""

import json
import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.folders import EVERYTHING, PLAIN, START, Folder, folder
from tests.faults.oracle import state
from tests.faults.reference import References
from tests.faults.runners import Runners
from tests.faults.servers import Harmed, say

TIMES = 12 if os.environ.get("PGKIT_PROOF") else 3
FUTURE, PAST = 4_000_000_000_000, 1
COUNT = len(EVERYTHING)
STAMPS: dict[str, Sequence[int]] = {
    "backwards": [START - 1000 * n for n in range(COUNT)],
    "equal": [START] * COUNT,
    "first-in-the-future": [FUTURE, *(START + n for n in range(1, COUNT))],
    "last-in-the-past": [*(START + n for n in range(1, COUNT)), PAST],
}


def stamp(made: Folder, stamps: Sequence[int], gaps: bool = False) -> None:
    """Gives the journal's entries these times, and numbers with gaps."""
    listed = json.loads(made.journal.read_text())["entries"]
    made.write_entries(
        [
            {**entry, "when": when, "idx": n * 3 + 2 if gaps else n}
            for n, (entry, when) in enumerate(zip(listed, stamps, strict=True))
        ]
    )


@pytest.mark.parametrize("stamps", STAMPS.values(), ids=STAMPS)
def test_times_in_disorder(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, stamps: Sequence[int]
) -> None:
    """After success all that is on disk is applied, in one go or with a deployment in between."""
    made = folder(tmp_path / "folder", EVERYTHING)
    stamp(made, stamps)
    with victim.database() as url:
        for options in (("--to", "0001_double"), ("--to", "0003_concurrently"), ()):
            ended = run.run(made, url, *options)
            assert ended.code == 0, ended.said
        assert state(url).applied() == made.tags()
        references.check(url, EVERYTHING)


@pytest.mark.parametrize("seed", range(TIMES))
def test_times_at_random_and_gaps(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, seed: int
) -> None:
    """Each deployment sees other times, and numbers that have gaps."""
    chance = random.Random(seed)
    made = folder(tmp_path / "folder", EVERYTHING)
    with victim.database() as url:
        for last in (chance.choice([*PLAIN]), [*EVERYTHING][-1]):
            stamp(made, [chance.choice([PAST, FUTURE, START + n]) for n in range(COUNT)], gaps=True)
            ended = run.run(made, url, "--to", last)
            assert ended.code == 0, ended.said
        assert state(url).applied() == made.tags()
        references.check(url, EVERYTHING)


def test_success_is_checked(victim: Harmed, run: Runners, references: References, tmp_path: Path) -> None:
    """A second run has nothing to do, and says so; a row that was taken away is missed."""
    made = folder(tmp_path / "folder", PLAIN)
    with victim.database() as url:
        assert run.run(made, url).code == 0
        again = run.run(made, url)
        assert again.code == 0, again.said
        assert "before-statement" not in again.points()
        references.check(url, PLAIN)
        say(url, "DELETE FROM pgkit.__pg_migrations WHERE tag = '0001_double'")
        ended = run.run(made, url)
        assert ended.code == 3, ended.said
        assert "0001_double" in ended.stderr


def test_out_of_order_if_asked(victim: Harmed, run: Runners, tmp_path: Path) -> None:
    """A branch that was merged late: told by default, run with `--out-of-order`."""
    late = {"0000_a": "CREATE TABLE a (n int);\n", "0002_c": "CREATE TABLE c (n int);\n"}
    made = folder(tmp_path / "folder", late)
    all_of_it = folder(tmp_path / "merged", {**late, "0001_b": "CREATE TABLE b (n int);\n"})
    listed = json.loads(all_of_it.journal.read_text())["entries"]
    all_of_it.write_entries([{**listed[n], "idx": idx} for idx, n in enumerate((0, 2, 1))])
    with victim.database() as url:
        assert run.run(made, url).code == 0
        ended = run.run(all_of_it, url)
        assert ended.code == 3, ended.said
        assert "0001_b" in ended.stderr
        assert "--out-of-order" in ended.stderr
        ended = run.run(all_of_it, url, "--out-of-order")
        assert ended.code == 0, ended.said
        assert state(url).applied() == ["0000_a", "0002_c", "0001_b"]
        assert run.run(all_of_it, url).code == 0
