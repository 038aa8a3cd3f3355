"""Splits SQL text into statements with Postgres's own parser, and finds what they do to their session."""

import re
from typing import Final

import postgast
from attrs import frozen

# What may stand between two statements, as Postgres's scanner has it; block comments may nest.
_GAP: Final = re.compile(r"(?:[ \t\n\r\f\v]|;|--[^\n\r]*)+")
_COMMENT_EDGE: Final = re.compile(r"/\*|\*/")
_COPY: Final = re.compile(r"copy\b", re.IGNORECASE)


@frozen
class Refusal:
    """What the parser says, and the offset in the text that it points at."""

    at: int
    message: str


def split_statements(text: str) -> tuple[tuple[int, int], ...] | None:
    """Where each statement starts and ends, its `;` left out; None if Postgres does not accept the text.

    Comments and empty statements between them are none: text that has nothing else gives ().
    """
    try:
        found = postgast.split(text)
    except (postgast.PgQueryError, ValueError):
        return None
    spans, at = [], 0
    for statement in found:
        start = _past_gap(text, at)
        at = start + len(statement)
        if text[start:at] != statement:
            raise AssertionError(f"lost track of the statements at {start}")
        spans.append((start, at))
    return tuple(spans)


def stops_at(text: str) -> int | None:
    """Where Postgres's parser finds what it cannot accept; None if it accepts the text."""
    wrong = refusal(text)
    return wrong.at if wrong else None


def refusal(text: str) -> Refusal | None:
    """What Postgres's parser has against the text, and where; None if it accepts the text."""
    try:
        postgast.split(text)
    except postgast.PgQueryError as error:
        return Refusal(max(0, min(int(error.cursorpos) - 1, len(text))), error.message)
    except ValueError as error:
        return Refusal(0, str(error))
    return None


def reads_client_data(statement: str) -> bool:
    """Whether the statement is COPY ... FROM STDIN, which waits for data that the client must send."""
    if not _COPY.match(statement):
        return False
    node = postgast.parse(statement).stmts[0].stmt.copy_stmt
    return bool(node.is_from and not node.is_program and not node.filename)


def _past_gap(text: str, at: int) -> int:
    while at < len(text):
        if match := _GAP.match(text, at):
            at = match.end()
        elif text.startswith("/*", at):
            at = _comment_end(text, at)
        else:
            break
    return at


def _comment_end(text: str, start: int) -> int:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(text)
