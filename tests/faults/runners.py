"""Runners: real processes of `pgkit migrate up`, started, watched, signalled and waited for."""

import json
import multiprocessing
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from tests.faults.folders import Folder
from tests.faults.runner_process import Spec, main
from tests.faults.servers import eventually

PATIENCE = 60.0
SIGKILLED = -int(signal.SIGKILL)


@frozen
class Ended:
    """A run that is over."""

    code: int
    stdout: str = field(repr=False)
    stderr: str = field(repr=False)
    events: tuple[dict[str, Any], ...] = field(repr=False)

    @property
    def said(self) -> str:
        """All that it printed."""
        return f"exit code {self.code}\n{self.stdout}{self.stderr}"

    def points(self) -> list[str]:
        """The points that it passed."""
        return [event["point"] for event in self.events]


@define(eq=False)
class Runner:
    """A process that runs, forked from one that has imported everything."""

    process: BaseProcess
    home: Path

    def wait(self, seconds: float = PATIENCE) -> Ended:
        """Waits for its end; one that does not come to it is a failure of the test."""
        self.process.join(seconds)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
            raise AssertionError(f"the runner did not end within {seconds} s\n{self.ended().said}")
        return self.ended()

    def ended(self) -> Ended:
        """What it said and passed so far."""
        events = _text(self.home / "events").splitlines()
        parsed = tuple(json.loads(line) for line in events)
        code = self.process.exitcode
        return Ended(
            -999 if code is None else code, _text(self.home / "stdout"), _text(self.home / "stderr"), parsed
        )

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def await_point(self, point: str, seconds: float = 20) -> None:
        """Waits until it has passed a point."""
        eventually(lambda: point in self.ended().points() or not self.process.is_alive(), seconds)
        assert point in self.ended().points(), self.ended().said

    def await_pause(self, seconds: float = 20) -> None:
        """Waits until it stands still where it was told to; `send(SIGCONT)` has it go on."""
        assert eventually((self.home / "paused").exists, seconds), self.ended().said


class Runners:
    """Starts runners, and leaves none behind."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.started: list[Runner] = []
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.faults.runner_process", "pgkit.cli.migrate_up"])

    def start(self, folder: Folder | Path, url: str, *options: str, **how: Any) -> Runner:
        """A runner in the background."""
        path = folder.path if isinstance(folder, Folder) else folder
        return self.start_command("migrate", "up", str(path), "--db", url, *options, **how)

    def start_command(self, *arguments: str, **how: Any) -> Runner:
        """Any command, in the background."""
        home = self.home / secrets.token_hex(4)
        home.mkdir()
        process = self.context.Process(target=main, args=(Spec(arguments=arguments, home=str(home), **how),))
        process.start()
        runner = Runner(process, home)
        self.started.append(runner)
        return runner

    def run(self, folder: Folder | Path, url: str, *options: str, **how: Any) -> Ended:
        """A runner, to its end."""
        return self.start(folder, url, *options, **how).wait()

    def command(self, *arguments: str) -> Ended:
        """Any command, to its end."""
        return self.start_command(*arguments).wait()

    def close(self) -> None:
        """Kills what still runs."""
        for runner in self.started:
            if runner.process.is_alive():
                runner.process.kill()
            runner.process.join()


def start_command(*arguments: str) -> "subprocess.Popen[str]":
    """The command as people call it, in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "pgkit", *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def ended(process: "subprocess.Popen[str]", seconds: float = PATIENCE) -> Ended:
    """Waits for the end of a command."""
    stdout, stderr = process.communicate(timeout=seconds)
    return Ended(process.returncode, stdout, stderr, ())


@contextmanager
def runners() -> Iterator[Runners]:
    """Runners that end with the block."""
    with tempfile.TemporaryDirectory(prefix="pgkit-runners-") as home, ExitStack() as stack:
        made = Runners(Path(home))
        stack.callback(made.close)
        yield made


def _text(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""
