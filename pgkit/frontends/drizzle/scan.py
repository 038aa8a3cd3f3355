"""What a folder holds before a state is chosen, whichever its layout."""

from pathlib import Path

from attrs import field, frozen

from pgkit.diag import Diagnostic, Source
from pgkit.frontends.drizzle.folder import Entry, Layout
from pgkit.frontends.drizzle.heads import Head, read_head
from pgkit.frontends.drizzle.listing import Place, load


@frozen(kw_only=True)
class Scan:
    """The entries in the order in which they run, and the snapshots in the order of their names."""

    path: Path
    layout: Layout
    entries: tuple[Entry, ...]
    snapshots: dict[str, Place]  # by name inside the folder
    heads: dict[str, Head | None]
    own: dict[str, Place] = field(factory=dict)  # pgkit's snapshots, by the names of Drizzle's beside them
    findings: tuple[Diagnostic, ...] = ()


def heads_of(snapshots: dict[str, Place], inside: Path) -> dict[str, Head | None]:
    """The heads of all snapshots."""
    return {name: read_head(place, inside) for name, place in snapshots.items()}


def load_sql(place: Place | None, inside: Path) -> Source | None:
    """The SQL of a migration. Drizzle reads bytes that are not UTF-8 as U+FFFD, and so do we."""
    if place is None:
        return None
    return Source(str(place.path), load(place, inside).decode(errors="replace"))
