"""What `migrate up` tells on stderr while it runs: a line that moves, and what must not be missed."""

from typing import TextIO

from attrs import define

from pgkit.diag import printable
from pgkit.runtime.migrate.events import Event, Point

_TOLD = {
    Point.WAITING: "waiting for the lock",
    Point.RETRYING: "rolled back, trying again",
    Point.RECONNECTING: "connection lost, connecting again",
    Point.NOTICE: "",
}


@define
class Progress:
    """A watcher. `quiet`: only what must not be missed is told, as where a program reads stdout."""

    stream: TextIO
    quiet: bool = False
    _shown: int = 0

    def __call__(self, event: Event) -> None:
        """Tells of an event, if it is worth it."""
        if event.point in _TOLD:
            self._line(event)
        elif event.point is Point.BEFORE_STATEMENT and event.statement is not None:
            self._status(f"{event.tag}: statement {event.statement + 1}")

    def clear(self) -> None:
        """Takes the moving line away."""
        if self._shown:
            self.stream.write("\r" + " " * self._shown + "\r")
            self.stream.flush()
            self._shown = 0

    def _line(self, event: Event) -> None:
        self.clear()
        words = (event.tag, _TOLD[event.point], event.detail)
        self.stream.write(printable(": ".join(word for word in words if word)) + "\n")
        self.stream.flush()

    def _status(self, text: str) -> None:
        if self.quiet or not self.stream.isatty():
            return
        text = printable(text)[:78]
        self.stream.write("\r" + text.ljust(self._shown))
        self.stream.flush()
        self._shown = len(text)
