"""How processes share a server of ours: locks that die with their holder, and a supervisor watching them."""

import fcntl
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from attrs import evolve

from pgkit.diag import PgkitError, fail
from pgkit.runtime import supervisor
from pgkit.runtime.cluster import Cluster, plain_environment, prepare
from pgkit.runtime.supervisor import is_ready

START_TIMEOUT = 60.0
UNUSED = 60 * 24 * 3600.0
SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=100",
    "shared_buffers=128MB",
    "min_wal_size=32MB",
    "max_wal_size=256MB",
    # Nothing here outlives a crash: scratch databases are made from sources that do.
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_logical_replication_workers=0",
    "autovacuum=off",
    "track_counts=off",
    "jit=off",
    "huge_pages=off",
    "logging_collector=off",
    "log_min_messages=fatal",  # statements may hold passwords, and this log is a file
    "log_min_error_statement=panic",
)


def join(place: Cluster) -> IO[str]:
    """Has the cluster's server run, and gives the open file whose lock keeps it running."""
    with _locked(place.start_lock):
        # Waits for a supervisor that is just stopping the server, and holds off the next.
        hold = _open_locked(place.users_lock, fcntl.LOCK_SH)
        try:
            _forget_unused(place)
            _start_or_renew(prepare(place))
        except BaseException:
            hold.close()
            raise
    return hold


def _start_or_renew(place: Cluster) -> None:
    """Starts the server; data that it does not start from is made anew: nothing in it is worth keeping."""
    try:
        _start(place)
    except PgkitError:
        seat = _try_lock(place.supervisor_lock)
        if seat is None:
            raise
        with seat:
            shutil.rmtree(place.data)
        _start(prepare(place))


def _start(place: Cluster) -> None:
    """Returns once the server answers; a supervisor is started where there is none."""
    for _ in range(2):  # the one that we find may be about to end
        seat = _try_lock(place.supervisor_lock)
        if seat is not None:
            with seat:
                _supervise(place, seat.fileno())
        if _await_ready(place):
            return
    last = place.log.read_text(errors="replace").strip().splitlines()[-3:]
    message = f"Postgres does not start: {' / '.join(last)}"
    help = f"remove {place.root} and try again, or name a server with --server URL"
    raise fail("no-embedded-server", message, where=str(place.log), help=help)


def _await_ready(place: Cluster) -> bool:
    deadline = time.monotonic() + START_TIMEOUT
    while not is_ready(place.data, place.sockets):
        seat = _try_lock(place.supervisor_lock)
        if seat is not None:
            seat.close()
            return False
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _supervise(place: Cluster, seat: int) -> None:
    """Starts a supervisor that takes over the lock behind `seat`; it forks, so the wait is for that alone."""
    settings = [f"--{setting}" for setting in (*SETTINGS, *place.settings)]
    postgres: list[str | Path] = [
        place.bin_dir / "postgres",
        "-D",
        place.data,
        "-k",
        place.sockets,
        "-p",
        "5432",
    ]
    owner = f"{place.account.uid}:{place.account.gid}" if place.account else ""
    program = Path(supervisor.__file__)
    with open(place.log, "w") as log:
        subprocess.run(
            [sys.executable, "-I", "-S", program, str(seat), place.root, owner, *postgres, *settings],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=place.root,
            env=plain_environment(),
            pass_fds=(seat,),
            start_new_session=True,
            check=False,  # the log tells more
        )


def _forget_unused(place: Cluster) -> None:
    """Removes what programs of before an upgrade left in the cache, when a new data directory is to come."""
    if place.data.exists():
        return
    for root in place.root.parent.glob("pg-*"):
        other = evolve(place, root=root)
        if root == place.root or not other.is_ours() or time.time() - other.log.stat().st_mtime < UNUSED:
            continue
        with ExitStack() as locks:
            wanted = (
                _try_lock(other.start_lock),
                _try_lock(other.users_lock),
                _try_lock(other.supervisor_lock),
            )
            if all([locks.enter_context(file) for file in wanted if file]) and None not in wanted:
                shutil.rmtree(root, ignore_errors=True)


def _try_lock(path: Path) -> IO[str] | None:
    try:
        return _open_locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None


def _open_locked(path: Path, how: int) -> IO[str]:
    file = open(path, "a")  # noqa: SIM115 - held open for as long as the lock is wanted
    try:
        fcntl.flock(file, how)
    except BaseException:
        file.close()
        raise
    return file


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _open_locked(path, fcntl.LOCK_EX):
        yield
