"""Tells the watcher of a run what happens, with the file and the statement at which it does."""

from attrs import define

from pgkit.runtime.migrate.events import Event, Point, Watcher
from pgkit.runtime.migrate.failures import without_secrets
from pgkit.runtime.migrate.migration import Migration

_NOTICES, _LENGTH = 100, 2000  # of one file; of one notice, in characters


@define
class Teller:
    """Knows where the run is. Notices are capped: a loop in a migration can make a million of them."""

    watcher: Watcher
    _migration: Migration | None = None
    _statement: int | None = None
    _notices: int = 0

    def tell(self, point: Point, detail: str = "") -> None:
        """Tells of an event, here."""
        tag = self._migration.tag if self._migration else ""
        self.watcher(Event(point=point, tag=tag, statement=self._statement, detail=detail))

    def at(self, migration: Migration | None, statement: int | None = None) -> None:
        """What follows happens at this place."""
        if migration is not self._migration:
            self._notices = 0
        self._migration, self._statement = migration, statement

    def notice(self, severity: str, message: str) -> None:
        """Passes on what the server says by the way."""
        self._notices += 1
        if self._notices > _NOTICES:
            return
        if self._notices == _NOTICES:
            self.tell(Point.NOTICE, "more notices of this file are not shown")
            return
        shown = self._without_secrets(message)
        cut = shown if len(shown) <= _LENGTH else f"{shown[:_LENGTH]}..."
        self.tell(Point.NOTICE, f"{severity.lower()}: {cut}")

    def _without_secrets(self, message: str) -> str:
        if self._migration is None or self._statement is None:
            return message
        return without_secrets(self._migration.statements[self._statement].text, message)
