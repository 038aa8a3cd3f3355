"""G8: waiting for another runner ends after `--lock-wait`, with a message that names who has the lock."""

import signal
import time
from pathlib import Path

from tests.faults.folders import PLAIN, folder
from tests.faults.reference import References
from tests.faults.runners import Runners
from tests.faults.servers import Harmed, fetch

HOLDER = "SELECT pid::int FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"


def test_it_ends_and_names_the_holder(
    victim: Harmed, run: Runners, references: References, tmp_path: Path
) -> None:
    """The message says the process, the application and the user; nothing was changed; and later it works."""
    made = folder(tmp_path / "folder", PLAIN)
    with victim.database() as url:
        holder = run.start(made, url, pause_at="before-statement:0001_double:2")
        holder.await_pause()
        (pid,) = fetch(url, HOLDER)[0]
        began = time.monotonic()
        ended = run.run(made, url, "--lock-wait", "1s")
        assert ended.code == 4, ended.said
        assert 1 <= time.monotonic() - began < 4
        assert ended.stderr.count("error[") == 1, ended.said
        assert f"pid {pid}" in ended.stderr
        assert "pgkit-migrate" in ended.stderr
        assert "postgres" in ended.stderr
        assert "--lock-wait" in ended.stderr
        holder.send(signal.SIGCONT)
        assert holder.wait().code == 0
        assert run.run(made, url).code == 0
        references.check(url, PLAIN)


def test_no_wait_at_all(victim: Harmed, run: Runners, tmp_path: Path) -> None:
    """`--lock-wait 0` tries once."""
    made = folder(tmp_path / "folder", PLAIN)
    with victim.database() as url:
        holder = run.start(made, url, pause_at="before-statement:0001_double:2")
        holder.await_pause()
        began = time.monotonic()
        ended = run.run(made, url, "--lock-wait", "0")
        assert ended.code == 4, ended.said
        assert time.monotonic() - began < 2


def test_the_lock_is_that_of_one_database(
    victim: Harmed, run: Runners, references: References, tmp_path: Path
) -> None:
    """A runner on another database of the server is not waited for."""
    made = folder(tmp_path / "folder", PLAIN)
    with victim.database() as one, victim.database() as other:
        holder = run.start(made, one, pause_at="before-statement:0001_double:2")
        holder.await_pause()
        ended = run.run(made, other, "--lock-wait", "0")
        assert ended.code == 0, ended.said
        references.check(other, PLAIN)
