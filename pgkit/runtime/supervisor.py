"""The process that keeps one server of ours: starts Postgres, stops it once nobody uses it, and ends.

Run by its path, with the standard library alone, so that it starts in milliseconds:
`python -I -S supervisor.py SEAT ROOT OWNER postgres -D ROOT/data -k SOCKETS ...`.

Every user holds a shared flock on `users.lock`, which the kernel takes away however the user dies. SEAT is
the descriptor of `supervisor.lock`, locked by whoever started us: one supervisor at a time.
"""

import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

INTERVAL = 0.25
LINGER = 1.5
PATIENCE = 10.0
PR_SET_PDEATHSIG = 1


def postmaster_pid(data: Path) -> int | None:
    """The process that the data directory's pid file names, alive or not."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def is_ready(data: Path, sockets: Path) -> bool:
    """Whether the server of the data directory takes connections."""
    try:
        status = (data / "postmaster.pid").read_text().split("\n")[7:8]
        if not status or status[0].strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            probe.connect(str(sockets / ".s.PGSQL.5432"))
    except OSError:
        return False
    return True


def is_postmaster(pid: int, data: Path) -> bool:
    """Whether the process serves this data directory: pids are used again, so being alive proves nothing."""
    if not _alive(pid):
        return False
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:
        if Path("/proc/self/cwd").exists():
            return False
    with os.popen(f"ps -o command= -p {pid}") as listing:
        return str(data) in listing.read()


def main(arguments: list[str]) -> None:
    """Serves until no user is left for LINGER seconds, or until Postgres ends by itself."""
    if os.fork():  # whoever started us is not to be our parent: nobody there would wait for our end
        return
    seat, root, owner, *command = arguments
    os.set_inheritable(int(seat), False)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    data, sockets = Path(root, "data"), Path(command[command.index("-k") + 1])
    pid = _adopted(data, sockets) or _spawn(command, owner)
    with open(Path(root, "users.lock"), "a") as users:
        try:
            _watch(pid, users.fileno())
        finally:
            _stop(pid)


def _watch(pid: int, users: int) -> None:
    """Returns with `users` locked, or with Postgres gone."""
    idle = 0.0
    while _running(pid):
        time.sleep(INTERVAL)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            idle = 0.0
            continue
        idle += INTERVAL
        if idle >= LINGER:
            return
        fcntl.flock(users, fcntl.LOCK_UN)


def _adopted(data: Path, sockets: Path) -> int | None:
    """The server that a killed supervisor left behind; one that is on its way out is waited for."""
    pid = postmaster_pid(data)
    if pid is None:
        return None
    if is_ready(data, sockets) and is_postmaster(pid, data):
        return pid
    _wait(pid, PATIENCE, lambda: is_postmaster(pid, data))
    if is_postmaster(pid, data):
        _stop(pid)
    # Postgres refuses to start when the pid in this file belongs to any living process
    (data / "postmaster.pid").unlink(missing_ok=True)
    return None


def _spawn(command: list[str], owner: str) -> int:
    parent = os.getpid()
    die_with_parent = _death_signal()
    pid = os.fork()
    if pid:
        return pid
    try:
        if owner:
            uid, gid = map(int, owner.split(":"))
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        die_with_parent()  # after the change of user, which resets it
        if os.getppid() == parent:
            os.execv(command[0], command)
    except BaseException as error:
        os.write(2, f"cannot start {command[0]}: {error}\n".encode())
    os._exit(127)


def _death_signal() -> Callable[[], object]:
    """What makes the kernel stop Postgres when the supervisor is killed, where there is such a thing."""
    if sys.platform != "linux":
        return lambda: None
    # Imported here, since Postgres's account need not be able to read Python's library.
    import ctypes

    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)


def _stop(pid: int) -> None:
    """A fast shutdown, then an immediate one, then the end."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if not _running(pid):
            return
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            return
        _wait(pid, PATIENCE, lambda: _running(pid))


def _wait(pid: int, seconds: float, going_on: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and going_on():
        time.sleep(0.01)


def _running(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == 0
    except ChildProcessError:  # adopted, or already waited for
        return _alive(pid)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
