"""Processes that die, or are refused, at one step of their way through a folder."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Before each of these the writer is killed once; `os.fsync` raises no event of its own.
EVENTS = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.truncate", "fsync")


def in_child(work: Callable[[], object]) -> int:
    """The exit status of a process of its own that does some work."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitpid(pid, 0)[1]


def stopping(folder: Path, at: int, stop: Callable[[], None]) -> list[int]:
    """Has `stop` called before the `at`-th step that this process takes in a folder.

    The one number given is how many are left until then.
    """
    left = [at]

    def step(event: str, args: tuple[Any, ...]) -> None:
        paths = [str(a) for a in args if isinstance(a, str | Path)]
        inside = event == "fsync" or any(p == str(folder) or p.startswith(f"{folder}/") for p in paths)
        if event in EVENTS and inside and not _is_reading(event, args):
            left[0] -= 1
            if left[0] == 0:
                stop()

    fsync = os.fsync
    os.fsync = lambda fd: (step("fsync", ()), fsync(fd))[1]  # type: ignore[assignment]
    sys.addaudithook(step)
    return left


def _is_reading(event: str, args: tuple[Any, ...]) -> bool:
    return event == "open" and isinstance(args[1], str) and args[1].startswith("r")


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def full() -> None:
    raise OSError(28, "No space left on device")
