"""G7: a runner that waits for another one is idle in between, and keeps no index from being built."""

import signal
import time
from pathlib import Path

from tests.faults.folders import EVERYTHING, folder
from tests.faults.reference import References
from tests.faults.runners import Runners
from tests.faults.servers import Harmed, fetch

WAITERS = """
SELECT state::text, backend_xmin::text, backend_xid::text, wait_event_type::text FROM pg_catalog.pg_stat_activity
WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid() AND backend_type = 'client backend'
AND pid NOT IN (SELECT pid FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted)
"""


def test_waiters_hold_no_snapshot(
    victim: Harmed, run: Runners, references: References, tmp_path: Path
) -> None:
    """While the first one stands still with the lock, the others are seen idle, in no transaction."""
    made = folder(tmp_path / "folder", EVERYTHING)
    with victim.database() as url:
        first = run.start(made, url, pause_at="before-statement:0003_concurrently:2")
        first.await_pause()
        others = [run.start(made, url) for _ in range(3)]
        for other in others:
            other.await_point("waiting")
        seen = []
        for _ in range(20):
            seen += fetch(url, WAITERS)
            time.sleep(0.03)
        # A poll itself is a statement, over in less than a millisecond.
        resting = [row for row in seen if row == ("idle", None, None, "Client")]
        assert len(seen) == 60
        assert len(resting) > 50, seen
        assert all(row[3] != "Lock" for row in seen), seen
        began = time.monotonic()
        first.send(signal.SIGCONT)
        for runner in (first, *others):
            ended = runner.wait()
            assert ended.code == 0, ended.said
        assert time.monotonic() - began < 10  # three indexes wait for nobody
        references.check(url, EVERYTHING)
