"""What the tests of the replay share: a folder of SQL made in place, and its replay."""

from pathlib import Path

import pytest

from pgkit.diag import Diagnostic, PgkitError, Source
from pgkit.frontends.drizzle import Entry, Folder
from pgkit.ir.catalog import Catalog
from pgkit.jobs.replay import Replayed, ReplayOptions, replay
from pgkit.runtime.embedded import Server
from tests.live.reading import run

BREAK = "--> statement-breakpoint\n"
PLAIN = ReplayOptions()


def folder(*files: str | None, tag: str | None = None) -> Folder:
    """A folder whose migrations hold these texts; None is a file that is not there."""
    entries = tuple(
        Entry(
            idx=i,
            tag=f"{i:04}_m",
            when=i,
            sql=None if text is None else Source(f"drizzle/{i:04}_m.sql", text),
        )
        for i, text in enumerate(files)
    )
    return Folder(path=Path("drizzle"), layout="journal", entries=entries, tag=tag)


def replayed(server: Server, *files: str | None, options: ReplayOptions = PLAIN) -> Replayed:
    """What the migrations make."""
    return run(replay(folder(*files), server, options=options))


def problem(server: Server, *files: str | None, options: ReplayOptions = PLAIN, code: int = 4) -> Diagnostic:
    """What is said about migrations that do not run."""
    with pytest.raises(PgkitError) as caught:
        replayed(server, *files, options=options)
    (diagnostic,) = caught.value.diagnostics
    assert caught.value.exit_code == code
    return diagnostic


def place(diagnostic: Diagnostic) -> str:
    """The file, line, column and text that a diagnostic points at."""
    span = diagnostic.span
    assert span is not None
    line, column = span.line_col()
    name = span.source.name.removeprefix("drizzle/")
    return f"{name}:{line}:{column} {span.source.text[span.start : span.end]}"


def tables(catalog: Catalog) -> set[str]:
    """The tables, by their names as written."""
    return {str(table.ref) for table in catalog.tables}
