"""G6: when a runner is killed, the server lets go of its lock and its statement within two seconds."""

import signal
import time
from pathlib import Path

import pytest

from tests.faults.folders import BREAK, PLAIN, folder
from tests.faults.reference import References, settled
from tests.faults.runners import SIGKILLED, Runners
from tests.faults.servers import Harmed, ask, eventually

LONG = f"""UPDATE account SET balance = 0;
{BREAK}SELECT pg_sleep(30);
"""
LONG_APART = f"""CREATE INDEX CONCURRENTLY account_title ON account (title);
{BREAK}SELECT pg_sleep(30);
"""
ASLEEP = (
    "SELECT count(*)::int FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
)


@pytest.mark.parametrize("sql", [LONG, LONG_APART], ids=["transaction", "apart"])
def test_the_server_lets_go(
    victim: Harmed, run: Runners, references: References, tmp_path: Path, sql: str
) -> None:
    """SIGKILL in the middle of a statement of thirty seconds: its session is gone, and another can go on."""
    made = folder(tmp_path / "folder", {**PLAIN, "0003_long": sql})
    with victim.database() as url:
        runner = run.start(made, url)
        assert eventually(lambda: ask(url, ASLEEP) == 1), runner.ended().said
        runner.send(signal.SIGKILL)
        began = time.monotonic()
        assert runner.wait().code == SIGKILLED
        settled(url, 10)
        assert time.monotonic() - began < 2
        short = {**PLAIN, "0003_long": sql.replace("30", "0")}
        if sql is LONG:
            references.check(url, PLAIN)
            assert run.run(folder(tmp_path / "short", short), url).code == 0
            references.check(url, short)
