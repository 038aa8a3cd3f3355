"""What the tests of SQL sources share: files made in place, what they make, and what is said about them."""

import pytest

from pgkit.diag import Diagnostic, PgkitError, Source
from pgkit.jobs.replay import Replayed, ReplayOptions
from pgkit.jobs.sql_files import run_files
from pgkit.runtime.embedded import Server
from tests.live.reading import run

PLAIN = ReplayOptions()


def sources(*texts: str) -> tuple[Source, ...]:
    """Files with these texts: 1.sql, 2.sql."""
    return tuple(Source(f"{i}.sql", text) for i, text in enumerate(texts, 1))


def made(server: Server, *texts: str, options: ReplayOptions = PLAIN) -> Replayed:
    """What the files make."""
    return run(run_files(sources(*texts), server, options=options))


def problem(server: Server, *texts: str, options: ReplayOptions = PLAIN, code: int = 4) -> Diagnostic:
    """What is said about files that do not run."""
    with pytest.raises(PgkitError) as caught:
        made(server, *texts, options=options)
    (diagnostic,) = caught.value.diagnostics
    assert caught.value.exit_code == code
    return diagnostic


def place(diagnostic: Diagnostic) -> str:
    """The file, line, column and text that a diagnostic points at."""
    span = diagnostic.span
    assert span is not None
    line, column = span.line_col()
    return f"{span.source.name}:{line}:{column} {span.source.text[span.start : span.end]}"


def said(found: Replayed) -> list[str]:
    """The findings in short."""
    return [f"{d.severity} {d.code}: {d.message}" for d in found.findings]
