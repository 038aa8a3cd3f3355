"""G21: a network that says nothing any more is noticed in time; one that is only slow is waited for."""

import os
import sys
import time
from pathlib import Path

import pytest

from tests.faults.folders import BREAK, EVERYTHING, PLAIN, folder
from tests.faults.networks import island
from tests.faults.oracle import state
from tests.faults.reference import References, settled
from tests.faults.relay import Once, query, relay
from tests.faults.runners import Runners
from tests.faults.servers import Harmed, ask, eventually

LONG = {**PLAIN, "0003_long": f"UPDATE account SET balance = 0;\n{BREAK}SELECT pg_sleep(300);\n"}
ASLEEP = (
    "SELECT count(*)::int FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
)
proof = pytest.mark.skipif(not os.environ.get("PGKIT_PROOF"), reason="takes minutes: part of `make proof`")


@pytest.mark.parametrize("pattern", ["^UPDATE account", "^COMMIT", "CONCURRENTLY"])
def test_a_relay_that_falls_silent(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, pattern: str
) -> None:
    """A pooler or tunnel that keeps the connection up and forwards nothing: the run goes on over another one."""
    made = folder(tmp_path / "folder", EVERYTHING)
    with victim.database() as url:
        rule = Once("hush", query(pattern))
        with relay(victim.socket, rule) as (_, host):
            ended = run.run(
                made, f"{url.partition('?')[0]}?host={host}&user=postgres", patience=(("silence", 0.4),)
            )
        assert rule.fired
        assert ended.code == 0, ended.said
        assert "reconnecting" in ended.points()
        references.check(url, EVERYTHING)


@proof
def test_a_network_that_is_gone(victim: Harmed, run: Runners, references: References, tmp_path: Path) -> None:
    """No packet arrives any more and nobody says so: the run ends with one message, and what it had begun is undone."""
    made = folder(tmp_path / "folder", LONG)
    with victim.database() as url:
        name = url.partition("?")[0].rpartition("/")[2]
        there = f"postgresql://postgres@127.0.0.1:5432/{name}?sslmode=disable&connect_timeout=3"
        arguments = ("migrate", "up", str(made.path), "--db", there)
        with island(victim.socket, sys.executable, "-m", "pgkit", *arguments) as alone:
            assert eventually(lambda: ask(url, ASLEEP) == 1)
            began = time.monotonic()
            alone.take_down()
            ended = alone.wait(180)
        assert time.monotonic() - began < 150
        assert ended.code in (3, 4), ended.said
        assert ended.stderr.count("error[") == 1, ended.said
        assert "Traceback" not in ended.said
        settled(url)
        references.check(url, PLAIN)


def test_a_long_statement_is_no_silence(
    victim: Harmed, run: Runners, references: References, tmp_path: Path
) -> None:
    """The server works on it: the runner asks, and waits on."""
    made = folder(tmp_path / "folder", {**PLAIN, "0003_long": "SELECT pg_sleep(2);\n"})
    with victim.database() as url:
        ended = run.run(made, url, patience=(("silence", 0.4),))
        assert ended.code == 0, ended.said
        assert "reconnecting" not in ended.points()
        assert state(url).applied() == made.tags()
