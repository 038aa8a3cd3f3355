"""Finds where a type or a piece of SQL ends among raw tokens, without reading it."""

from collections.abc import Sequence
from typing import Final

from pgkit.grammar.tokens import DOLLAR, OPERATOR, QUOTED, STRING, WORD, Raw

_SECOND: Final = {
    "double": ("precision",),
    "character": ("varying",),
    "char": ("varying",),
    "bit": ("varying",),
    "national": ("character", "char"),
}
_FIELDS: Final = ("year", "month", "day", "hour", "minute", "second", "to")
# What can follow a default: none of it can stand in one outside of parentheses (b_expr).
AFTER_DEFAULT: Final = frozenset(
    [
        "not",
        "null",
        "generated",
        "primary",
        "unique",
        "check",
        "references",
        "constraint",
        "collate",
        "default",
        "was",
        "deferrable",
    ]
)


def type_end(raw: Sequence[Raw], at: int) -> int:
    """Where the type that starts at `at` ends: `numeric(12,2)[]`, `timestamp(3) with time zone`."""
    first, end = raw[at].text.lower(), at + 1
    while end + 1 < len(raw) and raw[end].text == "." and raw[end + 1].kind in (WORD, QUOTED):
        end += 2
    if end == at + 1:
        end = _more_words(raw, first, end)
    if _text(raw, end) == "(" and (closed := parenthesis_end(raw, end)):
        end = closed
        if first in ("time", "timestamp"):
            end = _zone(raw, end)
    while _text(raw, end) == "[":
        end += 2 if _text(raw, end + 1) == "]" else 3 if _text(raw, end + 2) == "]" else 1
    return min(end, len(raw))


def _more_words(raw: Sequence[Raw], first: str, end: int) -> int:
    if _text(raw, end) in _SECOND.get(first, ()):
        return _more_words(raw, "character", end + 1) if first == "national" else end + 1
    if first in ("time", "timestamp"):
        return _zone(raw, end)
    while first == "interval" and _text(raw, end) in _FIELDS:
        end += 1
    return end


def _zone(raw: Sequence[Raw], end: int) -> int:
    words = (_text(raw, end), _text(raw, end + 1), _text(raw, end + 2))
    return end + 3 if words in (("with", "time", "zone"), ("without", "time", "zone")) else end


def _text(raw: Sequence[Raw], at: int) -> str:
    if at >= len(raw):
        return ""
    token = raw[at]
    return token.text.lower() if token.kind == WORD else token.text


def parenthesis_end(raw: Sequence[Raw], at: int) -> int | None:
    """Where the parenthesis that opens at `at` is closed; None if it is not."""
    depth = 0
    for i in range(at, len(raw)):
        match raw[i].text:
            case "(" | "[":
                depth += 1
            case ")" | "]":
                depth -= 1
                if depth == 0:
                    return i + 1
            case "{" | "}" | ";":
                return None
    return None


def function_end(raw: Sequence[Raw], at: int) -> int | None:
    """Where the call `f(...)` or `s.f(...)` that starts at `at` ends; None if there is no call."""
    end = at + 1
    while end + 1 < len(raw) and raw[end].text == "." and raw[end + 1].kind in (WORD, QUOTED):
        end += 2
    return parenthesis_end(raw, end) if _text(raw, end) == "(" else None


def expression_end(raw: Sequence[Raw], at: int, base: int, condition: bool) -> int | Raw:
    """Where the expression that starts at `at` ends, or the parenthesis that nothing closes.

    A `condition` goes on to the end of its line; a default ends before what can follow it.
    """
    opened: list[Raw] = []
    for i in range(at, len(raw)):
        token = raw[i]
        if not opened and i > at and _ends(raw, i, base, condition):
            return i
        word = token.text.lower() if token.kind == WORD else token.text
        if word in ("(", "[", "case"):
            opened.append(token)
        elif word in (")", "]", "end"):
            if not opened:
                return i
            opened.pop()
        elif word in ("{", "}", ";"):
            return opened[0] if opened else i
    return opened[0] if opened else len(raw)


def _ends(raw: Sequence[Raw], i: int, base: int, condition: bool) -> bool:
    token, before = raw[i], raw[i - 1]
    if token.text in (",", "}", "{", ";"):
        return True
    if 0 <= token.indent <= base:
        return True
    if token.kind == WORD and token.text == "comment":
        return i + 1 < len(raw) and raw[i + 1].kind in (STRING, DOLLAR)
    if token.kind == WORD and token.text in AFTER_DEFAULT:
        return not condition
    return token.indent >= 0 and not condition and not _goes_on(before, token)


def _goes_on(before: Raw, token: Raw) -> bool:
    """Whether a deeper line goes on with the expression on the line above."""
    return OPERATOR in (before.kind, token.kind)
