"""What runs in a runner's process: pgkit's own command line, observed, and killed where a test says."""

import gc
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from pgkit.cli.app import run as command_line
from pgkit.runtime.migrate.events import Event, Watcher


@frozen(kw_only=True)
class Spec:
    """One run: its arguments, where it tells what, and the event at which it dies or stands still."""

    arguments: tuple[str, ...]
    home: str
    kill_at: int | None = None  # the number of the event, from zero
    pause_at: str | None = (
        None  # `point`, `point:` of no statement, `point:statement` or `point:tag:statement`
    )
    patience: tuple[tuple[str, float], ...] = ()  # times of `Options` that the command line does not offer


class Observer:
    """Writes every event to a file at once, so that it is there whatever becomes of the process."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.count = 0
        self.file = os.open(Path(spec.home, "events"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def __call__(self, event: Event) -> None:
        """Notes the event, and does what is to be done at it."""
        line = {"point": event.point, "tag": event.tag, "statement": event.statement, "detail": event.detail}
        os.write(self.file, f"{json.dumps(line)}\n".encode())
        if self.count == self.spec.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        paused = Path(self.spec.home, "paused")
        if self.spec.pause_at in names(event) and not paused.exists():
            paused.touch()
            os.kill(os.getpid(), signal.SIGSTOP)
        self.count += 1


def names(event: Event) -> tuple[str, ...]:
    """What a test may call an event."""
    statement = "" if event.statement is None else str(event.statement)
    return event.point, f"{event.point}:{statement}", f"{event.point}:{event.tag}:{statement}"


def main(spec: Spec) -> None:
    """Runs `pgkit migrate up`, exactly as the command line does but for the observer."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(Path(spec.home, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    observe(Observer(spec), dict(spec.patience))
    gc.disable()
    sys.exit(command_line(list(spec.arguments)))


def observe(observer: Observer, patience: dict[str, float]) -> None:
    """Has the job tell the observer as well as whoever it tells anyway, and lose its patience sooner."""
    from pgkit.cli import migrate_up as command

    run = command.run

    async def observed(request: Any, watch: Watcher) -> Any:
        def both(event: Event) -> None:
            watch(event)
            observer(event)

        return await run(evolve(request, options=evolve(request.options, **patience)), both)

    command.run = observed
