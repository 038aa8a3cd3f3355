"""What was read of a Drizzle folder, and how its SQL falls into chunks."""

import hashlib
from pathlib import Path
from typing import Any, Literal

from attrs import field, frozen

from pgkit.diag import Diagnostic, Source

BREAKPOINT = "--> statement-breakpoint"
Layout = Literal["journal", "v1"]


@frozen
class Chunk:
    """A piece of a migration that Drizzle sends at once; `start` is its offset in the file."""

    text: str
    start: int


@frozen(kw_only=True)
class Entry:
    """One migration, in the order in which Drizzle runs them."""

    idx: int
    tag: str
    when: int  # milliseconds since 1970; Drizzle's ledger keeps it as `created_at`
    breakpoints: bool = True
    sql: Source | None = field(default=None, repr=False)  # None: the file is not there
    snapshot: str | None = None  # the file's name inside the folder

    @property
    def hash(self) -> str | None:
        """What Drizzle's ledger keeps of the file: the sha256 of its text."""
        return hashlib.sha256(self.sql.text.encode()).hexdigest() if self.sql else None


@frozen(kw_only=True)
class Snapshot:
    """A snapshot file, parsed."""

    file: str
    source: Source = field(repr=False)
    value: Any = field(repr=False)


@frozen(kw_only=True)
class Own:
    """pgkit's own snapshot, parsed; `then` are those that Drizzle's state was made of when it was written.

    `then` is empty when the state that it belongs to is the one that was chosen.
    """

    file: str
    body: Any = field(repr=False)
    then: tuple[Snapshot, ...] = ()


@frozen(kw_only=True)
class Folder:
    """A Drizzle folder as it was read.

    `history` holds what the chosen state is made of: one snapshot, or for version 9 all that lead to it,
    parents first. It is empty when there is none to choose. `renaming` are those among it and before it that
    may record a rename, in the order of their names.
    """

    path: Path
    layout: Layout
    entries: tuple[Entry, ...]
    tag: str | None = None  # the entry that was asked for, in full
    history: tuple[Snapshot, ...] = ()
    renaming: tuple[Snapshot, ...] = ()
    own: Own | None = None
    findings: tuple[Diagnostic, ...] = ()

    @property
    def snapshot(self) -> Snapshot | None:
        """The snapshot that was chosen."""
        return self.history[-1] if self.history else None

    @property
    def until(self) -> tuple[Entry, ...]:
        """The entries up to the one that was asked for, itself included."""
        ends = [i for i, entry in enumerate(self.entries, 1) if entry.tag == self.tag]
        return self.entries[: ends[-1]] if ends else self.entries


def chunks(source: Source) -> tuple[Chunk, ...]:
    """The pieces of a migration, as Drizzle splits it: at every breakpoint, even inside a string."""
    found, start = [], 0
    for text in source.text.split(BREAKPOINT):
        found.append(Chunk(text, start))
        start += len(text) + len(BREAKPOINT)
    return tuple(found)
