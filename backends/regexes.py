"""Regular expressions of Postgres as JavaScript's, where both mean the same for every text.

^[a-z]+\\.x{2}$       =>   /^[a-z]+\\.x{2}$/u     code points, and `s` for a dot that is any of them
^ab (case ignored)   =>   /^[aA][bB]/u

Left out is what depends on a locale (`\\w`, `[[:alpha:]]`, the case of letters outside ASCII), and what
JavaScript does not have. Only `\\d` may take more than Postgres does: with ICU all decimal digits are digits.
"""

import re
from collections.abc import Iterable
from typing import Final

from attrs import define

DIGITS: Final = r"\p{Nd}"
_SPECIAL: Final = frozenset(".*+?()[]{}|^$\\/")
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
_WRITTEN: Final = {control: f"\\{letter}" for letter, control in _CONTROLS.items()}
_QUANTIFIER: Final = re.compile(r"(?:[*+?]|\{(\d{1,3})(?:,(\d{1,3})?)?\})\??")
_MOST: Final = 255  # repetitions
_RANGES: Final = (("a", "z"), ("A", "Z"), ("0", "9"))


class _Unlike(Exception):
    """Something that means something else in JavaScript, or need not mean the same."""


def javascript(pattern: str, *, ignore_case: bool = False) -> str | None:
    """An expression as a literal of JavaScript's; None if there is none that is the same."""
    reader = _Reader(pattern, ignore_case)
    try:
        found = reader.alternatives()
    except (_Unlike, IndexError):
        return None
    return _flagged(found, dots=reader.dots) if reader.at == len(pattern) else None


def like(pattern: str) -> str | None:
    """A pattern of LIKE as a literal of JavaScript's; None if there is none that is the same."""
    found, rest = [], iter(pattern)
    try:
        for char in rest:
            wild = {"%": ".*", "_": "."}.get(char)
            found.append(wild or _literal(next(rest, "") if char == "\\" else char))
    except _Unlike:
        return None
    anchored = "".join(["^", *found, "$"])
    return _flagged(anchored.removesuffix(".*$") or "^", dots="." in found or ".*" in found[:-1])


def _flagged(source: str, *, dots: bool) -> str:
    return f"/{source or '(?:)'}/{'s' if dots else ''}u"


def _literal(char: str) -> str:
    """A character by itself, as it is written in an expression."""
    return f"\\{char}" if char in _SPECIAL else _plain(char)


def _plain(char: str) -> str:
    if not char or (char < " " and char not in _WRITTEN):
        raise _Unlike  # linters want no other control characters in an expression
    if char in _WRITTEN:
        return _WRITTEN[char]
    return char if char.isascii() and char.isprintable() else f"\\u{{{ord(char):x}}}"


@define
class _Reader:
    source: str
    ignore_case: bool
    at: int = 0
    dots: bool = False

    def peek(self, count: int = 1) -> str:
        return self.source[self.at : self.at + count]

    def take(self) -> str:
        char = self.source[self.at]
        self.at += 1
        return char

    def alternatives(self) -> str:
        found = [self.branch()]
        while self.peek() == "|":
            self.take()
            found.append(self.branch())
        return "|".join(found)

    def branch(self) -> str:
        found: list[str] = []
        while self.peek() not in ("", "|", ")"):
            found.append(self.piece())
        return "".join(found)

    def piece(self) -> str:
        char = self.take()
        atom = char if char in "^$" else self.atom(char)
        quantifier = _QUANTIFIER.match(self.source, self.at)
        if quantifier is None:
            return atom
        self.at = quantifier.end()
        bounds = [int(bound) for bound in quantifier.groups() if bound]
        if atom in ("^", "$") or self.peek() in tuple("*+?{") or max(bounds, default=0) > _MOST:
            raise _Unlike
        return atom + quantifier[0]

    def atom(self, char: str) -> str:
        match char:
            case "(":
                return self.group()
            case "[":
                return self.brackets()
            case "\\" if self.peek() == "d":
                self.take()
                return DIGITS
            case "\\":
                return self.letter(self.escaped())
            case ".":
                self.dots = True
                return char
            case "*" | "+" | "?" | "{" | "}" | "]" | ")":
                raise _Unlike
            case _:
                return self.letter(char)

    def group(self) -> str:
        if self.peek() == "?":
            if self.peek(2) != "?:":
                raise _Unlike
            self.at += 2
        inside = self.alternatives()
        if self.take() != ")":
            raise _Unlike
        return f"(?:{inside})"

    def letter(self, char: str) -> str:
        if not self.ignore_case or not char.isalpha():
            return _literal(char)
        if not char.isascii():
            raise _Unlike
        return f"[{char.lower()}{char.upper()}]"

    def escaped(self) -> str:
        """The character that a backslash and what follows stand for."""
        char = self.take()
        if char in _CONTROLS:
            return _CONTROLS[char]
        if not char.isascii() or char.isalnum():
            raise _Unlike
        return char

    def brackets(self) -> str:
        negated = self.peek() == "^"
        self.at += negated
        items: list[tuple[str, str]] = []
        digits, start = False, self.at
        while self.peek() != "]" or self.at == start:
            if self.peek(2) == r"\d" or self.peek(9) == "[:digit:]":
                self.at += 2 if self.peek() == "\\" else 9
                digits = True
            else:
                items.append(self.item(first=self.at == start))
        self.take()
        if digits and (negated or (DIGITS, "-") in items):
            raise _Unlike
        return _class((r for item in items for r in self.cases(*item)), digits=digits, negated=negated)

    def item(self, *, first: bool) -> tuple[str, str]:
        """A character, or the ends of a range."""
        start = self.endpoint(first=first)
        if self.peek() != "-" or self.peek(2) == "-]":
            return start, start
        self.take()
        return start, self.endpoint(first=False)

    def endpoint(self, *, first: bool) -> str:
        char = self.take()
        if char == "\\":
            return self.escaped()
        odd_dash = char == "-" and not first and self.peek() != "]"
        if odd_dash or (char == "[" and self.peek() in tuple(":.=")):
            raise _Unlike
        return char

    def cases(self, start: str, end: str) -> list[tuple[str, str]]:
        """A range in both cases, where case is ignored."""
        if start > end or (start != end and not any(a <= start and end <= z for a, z in _RANGES)):
            raise _Unlike
        if not self.ignore_case:
            return [(start, end)]
        if not start.isascii() and start.isalpha():
            raise _Unlike
        return [(start.lower(), end.lower()), (start.upper(), end.upper())]


def _class(ranges: Iterable[tuple[str, str]], *, digits: bool, negated: bool) -> str:
    """A class; a dash comes last and a circumflex never first, since linters want neither escaped."""
    found = [*dict.fromkeys(ranges)]
    dash, caret = ("-", "-") in found, ("^", "^") in found
    rest = [r for r in found if r not in (("-", "-"), ("^", "^"))]
    parts = [_end(a) if a == b else f"{_end(a)}-{_end(b)}" for a, b in rest] + [DIGITS] * digits
    if caret:
        parts.append("^" if parts or negated else r"\^")
    return f"[{'^' if negated else ''}{''.join(parts)}{'-' if dash else ''}]"


def _end(char: str) -> str:
    return f"\\{char}" if char in "]\\" else _plain(char)
