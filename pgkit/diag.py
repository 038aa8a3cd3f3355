"""Diagnostics: what is wrong, where, and what to do about it."""

from collections.abc import Iterable
from enum import StrEnum

from attrs import frozen


class Severity(StrEnum):
    """How much a diagnostic weighs: errors stop a command, the others are findings."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@frozen(repr=False)
class Source:
    """A named text that spans point into."""

    name: str
    text: str


@frozen
class Span:
    """A stretch of a source, as character offsets."""

    source: Source
    start: int
    end: int

    def line_col(self) -> tuple[int, int]:
        """The line and column of the start, both counted from one."""
        before = self.source.text[: self.start]
        return before.count("\n") + 1, self.start - (before.rfind("\n") + 1) + 1


@frozen
class Diagnostic:
    """One thing to tell the user: a stable code, a lower-case clause, a place and a way out."""

    code: str
    message: str
    span: Span | None = None
    help: str | None = None
    severity: Severity = Severity.ERROR
    where: str = ""  # a file or schema.table.column, when there is no span

    def render(self) -> str:
        """The text shown to a person, spans drawn under the line they point at."""
        lines = [f"{self.severity}[{self.code}]: {printable(self.message)}"]
        if self.span is not None:
            lines += _excerpt(self.span)
        elif self.where:
            lines.append(f"  --> {printable(self.where)}")
        if self.help:
            lines.append(f"  help: {printable(self.help)}")
        return "\n".join(lines)


class PgkitError(Exception):
    """Bad input or a state that stops a command; carries every diagnostic found, never a traceback.

    `exit_code` is the process's: 2 wrong call, 3 bad input or no connection, 4 SQL failed while applying.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], exit_code: int = 3) -> None:
        self.diagnostics = tuple(diagnostics)
        self.exit_code = exit_code
        super().__init__("\n".join(d.render() for d in self.diagnostics))


def fail(
    code: str,
    message: str,
    *,
    where: str = "",
    help: str | None = None,
    span: Span | None = None,
    exit_code: int = 3,
) -> PgkitError:
    """A PgkitError of one diagnostic, ready to raise."""
    return PgkitError((Diagnostic(code, message, span, help, where=where),), exit_code)


def printable(text: str) -> str:
    """`text` with control characters escaped, so that no name can drive the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def _excerpt(span: Span) -> list[str]:
    line, col = span.line_col()
    text = span.source.text.split("\n")[line - 1]
    start = max(0, col - 60)
    shown = printable(text[start : start + 120].rstrip("\r"))
    mark = len(printable(text[start : col - 1]))
    width = max(1, min(span.end - span.start, len(shown) - mark))
    gutter = " " * len(str(line))
    return [
        f"{gutter}--> {printable(span.source.name)}:{line}:{col}",
        f"{gutter} |",
        f"{line} | {shown}",
        f"{gutter} | {' ' * mark}{'^' * width}",
    ]
