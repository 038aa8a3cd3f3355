"""G17: a value that is added to an enum can be used later, in another file and in the same one."""

import os
from pathlib import Path

import pytest

from tests.faults.folders import BREAK, folder
from tests.faults.matrix import CASES, Property
from tests.faults.oracle import state
from tests.faults.reference import References
from tests.faults.runners import SIGKILLED, Runners
from tests.faults.servers import Harmed

PROOF = bool(os.environ.get("PGKIT_PROOF"))
TYPE = "CREATE TYPE mood AS ENUM ('sad');\n"
TABLE = (
    f"CREATE TABLE person (mood mood DEFAULT 'sad', n int);\n{BREAK}INSERT INTO person (n) VALUES (1), (2);\n"
)
ADD = "ALTER TYPE mood ADD VALUE 'ok';\n"
USE = "UPDATE person SET mood = 'ok', n = n + 10 WHERE n = 1;\n"
AGAIN = f"{USE}{BREAK}ALTER TABLE person ALTER mood SET DEFAULT 'ok';\n"
FOLDERS = {
    "two-files": {"0000_a": TYPE + BREAK + TABLE, "0001_b": ADD, "0002_c": AGAIN},
    "one-file": {"0000_a": TYPE + BREAK + TABLE, "0001_b": ADD + BREAK + AGAIN},
    "one-chunk": {"0000_a": TYPE + BREAK + TABLE, "0001_b": ADD + USE},
    "made-and-used": {"0000_a": TYPE + BREAK + ADD + BREAK + TABLE + BREAK + USE},
    "in-a-function": {
        "0000_a": TYPE + BREAK + TABLE,
        "0001_b": f"{ADD}{BREAK}CREATE FUNCTION f() RETURNS mood LANGUAGE sql BEGIN ATOMIC SELECT 'ok'::mood; END;\n",
    },
    "in-a-do-block": {
        "0000_a": TYPE + BREAK + TABLE,
        "0001_b": f"{ADD}{BREAK}DO $$ BEGIN UPDATE person SET mood = 'ok', n = n + 10 WHERE n = 1; END $$;\n",
    },
    "in-a-check": {
        "0000_a": TYPE + BREAK + TABLE,
        "0001_b": f"{ADD}{BREAK}ALTER TABLE person ADD CONSTRAINT fine CHECK (mood <> 'ok');\n",
    },
    "renamed-then-used": {
        "0000_a": TYPE + BREAK + TABLE,
        "0001_b": f"ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';\n{BREAK}INSERT INTO person VALUES ('blue', 7);\n",
    },
}


@pytest.mark.parametrize("name", FOLDERS)
def test_added_and_used(victim: Harmed, run: Runners, tmp_path: Path, name: str) -> None:
    """It goes through at the first try, and once."""
    made = folder(tmp_path / "folder", FOLDERS[name])
    with victim.database() as url:
        ended = run.run(made, url)
        assert ended.code == 0, ended.said
        found = state(url)
        assert found.applied() == made.tags()
        if "UPDATE" in "".join(FOLDERS[name].values()):
            assert found.rows["public.person"] == [("(ok,11)",), ("(sad,2)",)]


def test_killed_between_adding_and_using(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, record_property: Property
) -> None:
    """At each event of the file: the value is there once, and used once."""
    files = FOLDERS["one-file"]
    made = folder(tmp_path / "folder", files)
    for event in range(10, 30, 1 if PROOF else 4):
        with victim.database() as url:
            ended = run.run(made, url, kill_at=event)
            if ended.code != SIGKILLED:
                assert ended.code == 0, ended.said
                break
            references.check_half_way(url, files)
            ended = run.run(made, url)
            assert ended.code == 0, ended.said
            references.check(url, files)
    record_property(CASES, len(range(10, event + 1, 1 if PROOF else 4)))
