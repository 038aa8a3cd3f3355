"""Running a command, installing a thing once, saying what is missing: what every tool here stands on."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from attrs import field, frozen

HERE = Path(__file__).resolve().parent
CANNOT_RUN = "cannot run"


@frozen
class Run:
    """A command that has ended, and all that it said."""

    command: str
    code: int
    stdout: str = field(repr=False)
    stderr: str = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether it ended well."""
        return self.code == 0

    @property
    def said(self) -> str:
        """The command, its exit code and both its outputs, to be read by people."""
        return f"{self.command}\nexit code {self.code}\n{self.stdout}{self.stderr}"

    def check(self) -> str:
        """The standard output of a run that ended well; any other fails the test with all that was said."""
        if not self.ok:
            pytest.fail(self.said, pytrace=False)
        return self.stdout


def run(
    command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] | None = None, stdin: str = ""
) -> Run:
    """Runs a command to its end; `env` is laid over the environment that we have."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    return Run(" ".join(words), done.returncode, done.stdout, done.stderr)


def missing(tool: str, why: str) -> NoReturn:
    """Skips the test that asks for a tool which this machine does not have."""
    pytest.skip(f"tests that need {tool} {CANNOT_RUN}: {why}", allow_module_level=True)


class InstallFailed(Exception):
    """A pinned package could not be installed; not a skip, since the machine has what it takes."""


def must(done: Run) -> str:
    """The standard output of a step of an installation."""
    if not done.ok:
        raise InstallFailed(done.said)
    return done.stdout


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a lock among processes; it falls with the process, so nothing stale is left behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def once(stamp: Path, key: str, install: Callable[[], None]) -> None:
    """Installs unless the stamp says that this very thing is there already."""
    if is_stamped(stamp, key):
        return
    with locked(stamp.with_name(stamp.name + ".lock")):
        if is_stamped(stamp, key):
            return
        stamp.unlink(missing_ok=True)
        install()
        stamp.write_text(key)


def is_stamped(stamp: Path, key: str) -> bool:
    """Whether the installation of just this key has ended well."""
    try:
        return stamp.read_text() == key
    except FileNotFoundError:
        return False
