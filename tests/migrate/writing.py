"""Folders of migrations that `migrate new` writes to, and what it is asked for."""

import asyncio
import json
from pathlib import Path
from typing import Any

from attrs import frozen

from pgkit.frontends import Lowered
from pgkit.frontends.drizzle import lower, read
from pgkit.jobs.diff import Asked
from pgkit.jobs.migrate.new import Made, Request, new
from pgkit.jobs.sources import Options
from pgkit.runtime.embedded import Server

NOON = 1_700_000_000.5  # seconds; 2023-11-14 22:13:20 UTC
T = "table t {\n  id integer primary key\n}\n"
MORE = "table t {\n  id integer primary key\n  a text\n}\n"


@frozen
class Writer:
    """Writes migrations into one folder."""

    folder: Path
    server: Server | None = None

    def new(
        self, schema: str, name: str = "m", attempt: bool = False, now: float = NOON, **asked: Any
    ) -> Made:
        """The next migration, for a schema in the schema language."""
        source = self.folder.parent / f"{self.folder.name}.pgkit"
        source.write_text(schema)
        options = Options(server=self.server.url if self.server else None)
        request = Request(
            folder=self.folder,
            source=str(source),
            name=name,
            attempt=attempt,
            options=options,
            asked=Asked(**asked),
        )
        return asyncio.run(new(request, lambda: now))

    def custom(self, name: str = "m", now: float = NOON) -> Made:
        """The next migration, to be filled in by hand."""
        return asyncio.run(new(Request(folder=self.folder, source=None, name=name), lambda: now))

    def json(self, name: str) -> Any:
        """A file of the folder, parsed."""
        return json.loads((self.folder / name).read_text())

    def text(self, name: str) -> str:
        """A file of the folder."""
        return (self.folder / name).read_text()

    @property
    def journal(self) -> list[dict[str, Any]]:
        """The entries of the journal."""
        entries: list[dict[str, Any]] = self.json("meta/_journal.json")["entries"]
        return entries

    @property
    def names(self) -> set[str]:
        """All files, by their paths in the folder."""
        if not self.folder.exists():
            return set()
        return {str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_file()}

    def lowered(self, tag: str | None = None) -> Lowered:
        """The state that the folder is in, as a source."""
        return lower(read(self.folder, tag))


def codes(made: Made) -> set[str]:
    """The codes of what was found."""
    return {finding.code for finding in made.findings}
