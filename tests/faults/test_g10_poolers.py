"""G10: a pooler is recognised before anything is done, whatever it does with session settings."""

from pathlib import Path
from typing import Literal

import pytest

from tests.faults.folders import EVERYTHING, folder
from tests.faults.oracle import state
from tests.faults.poolers import pooler
from tests.faults.reference import References
from tests.faults.runners import Runners
from tests.faults.servers import Harmed, ask, fetch

Mode = Literal["session", "transaction"]


@pytest.mark.parametrize("lenient", [True, False], ids=["ignores-settings", "refuses-settings"])
@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_it_is_refused(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, mode: Mode, lenient: bool
) -> None:
    """One message that asks for the server's own URL; no table, no lock, no transaction is left behind."""
    made = folder(tmp_path / "folder", EVERYTHING)
    with victim.database() as url, pooler(victim, mode, lenient) as host:
        before = state(url)
        pooled = f"{url.partition('?')[0]}?host={host}&user=postgres"
        for _ in range(3):  # a pooler gives another session each time, or the same
            ended = run.run(made, pooled)
            assert ended.code == 3, ended.said
            assert ended.stderr.count("error[") == 1, ended.said
            assert "error[pooler]" in ended.stderr
            assert "help: give the URL of the server itself" in ended.stderr
        assert state(url) == before
        left = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        assert fetch(url, left) == []
        assert run.run(made, url).code == 0
        assert state(url) == references.after(EVERYTHING)


def test_the_pooler_works(victim: Harmed) -> None:
    """The harness itself: what it refuses is not the connection."""
    with victim.database() as url, pooler(victim, "transaction", True) as host:
        pooled = f"{url.partition('?')[0]}?host={host}&user=postgres"
        assert ask(pooled, "SELECT 1") == 1
