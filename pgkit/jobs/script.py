"""SQL text as it is sent: its statements, psql's commands in it, and what cannot be sent at all."""

import re
from typing import Final

from attrs import frozen

from pgkit.diag import PgkitError, Source, Span, fail
from pgkit.grammar.split import reads_client_data, split_statements, stops_at

_COMMAND: Final = re.compile(r"\\(?P<name>\S*)(?P<rest>[^\n]*)")
_RESTRICT: Final = ("restrict", "unrestrict")  # pg_dump's guards against psql commands in its own output
_COPY: Final = re.compile(r"^[ \t]*copy\b[^;]*\bfrom\s+stdin\b", re.MULTILINE | re.IGNORECASE)


@frozen
class Piece:
    """Text of a file that is sent at once."""

    source: Source
    start: int
    text: str

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.source, self.start, self.start + len(self.text))

    def at(self, position: int | None) -> Span:
        """The place that Postgres points at, counted from one; the whole piece if it names none."""
        if position is None:
            return self.span
        at = self.start + min(position - 1, len(self.text))
        word = re.compile(r'"[^"\n]*"|\w+|').match(self.source.text, at)
        return Span(self.source, at, max(at + 1, word.end() if word else 0))


@frozen
class Command:
    """A command of psql's, which no server knows: `\\connect shop`."""

    name: str
    rest: str
    span: Span


@frozen
class Script:
    """A text, its statements, and the commands of psql's that are blanked out in it.

    The statements are None if Postgres's parser does not accept the text: Postgres will say why.
    """

    whole: Piece
    statements: tuple[Piece, ...] | None
    commands: tuple[Command, ...] = ()


def read_script(piece: Piece, copy_help: str, dropped: tuple[str, ...] = _RESTRICT) -> Script:
    """Splits a text. Raises for what cannot be sent, and for psql's commands but those `dropped`."""
    if (zero := piece.text.find("\0")) >= 0:
        span = Span(piece.source, piece.start + zero, piece.start + zero + 1)
        raise fail("zero-byte", "found a zero byte in the SQL", span=span, help="save the file as UTF-8")
    commands: tuple[Command, ...] = ()
    spans = split_statements(piece.text)
    if spans is None:
        piece, commands = _without_commands(piece, copy_help, dropped)
        spans = split_statements(piece.text)
    if spans is None:
        return Script(piece, None, commands)
    statements = tuple(Piece(piece.source, piece.start + a, piece.text[a:b]) for a, b in spans)
    for statement in statements:
        if reads_client_data(statement.text):
            raise _copies(statement.span, copy_help)
    return Script(piece, statements, commands)


def _without_commands(
    piece: Piece, copy_help: str, dropped: tuple[str, ...]
) -> tuple[Piece, tuple[Command, ...]]:
    """The text with commands blanked out, of the same length so that places stay."""
    text, commands = piece.text, []
    while (at := stops_at(text)) is not None:
        if found := _COPY.search(text, 0, at):
            raise _copies(_span(piece, found), copy_help)
        found = _COMMAND.match(text, at)
        if found is None:
            break
        if found["name"] not in dropped:
            help = "psql runs such lines itself; put SQL in their place"
            message = f"cannot run psql's \\{found['name']}"
            raise fail("psql-command", message, span=_span(piece, found), help=help)
        commands.append(Command(found["name"], found["rest"].strip(), _span(piece, found)))
        text = text[:at] + " " * len(found[0]) + text[found.end() :]
    return Piece(piece.source, piece.start, text), tuple(commands)


def _span(piece: Piece, found: re.Match[str]) -> Span:
    return Span(piece.source, piece.start + found.start(), piece.start + found.end())


def _copies(span: Span, help: str) -> PgkitError:
    return fail("copy-from-stdin", "cannot run COPY FROM STDIN", span=span, help=help)
