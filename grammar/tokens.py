"""Cuts schema language into raw tokens: words, names, strings, punctuation; comments are set aside."""

import re
from typing import Final, NamedTuple

from attrs import field, frozen

WORD, NUMBER, PUNCTUATION, STRING, QUOTED, DOLLAR, OPERATOR, BAD = (
    "word", "number", "punctuation", "string", "quoted", "dollar", "operator", "bad",
)  # fmt: skip


class Raw(NamedTuple):
    """A token as it stands in the text. `indent` is its column if it opens a line, else -1."""

    kind: str
    text: str
    start: int
    indent: int

    @property
    def end(self) -> int:
        """Where the token ends."""
        return self.start + len(self.text)


class Remark(NamedTuple):
    """A comment, and whether nothing stands before it on its line."""

    text: str
    start: int
    alone: bool


@frozen
class Tokens:
    """The tokens and comments of a text."""

    raw: list[Raw] = field(factory=list)
    remarks: list[Remark] = field(factory=list)


# Strings and names are possessive: what is not closed fails at once, and is no token.
_TOKEN: Final = re.compile(
    r"""[ \t\r\f\v]*(?:
      (\n\s*)
    | ((?:[eE](?='))'(?:[^'\\]|''|\\.)*+' | (?:[bBxXnN]|[uU]&)?'(?:[^']++|'')*+')
    | ((?:[uU]&)?"(?:[^"]++|"")*+")
    | ([A-Za-z_\u0080-\U0010ffff][\w$]*)
    | ([0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)
    | (--[^\n]*|/\*)
    | (\$(?:[A-Za-z_\u0080-\U0010ffff]\w*)?\$)
    | ([(){}\[\],.;=])
    | ([-+*/<>~!@\#%^&|`?:\\$])
    | (.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_KINDS: Final = ("", "", STRING, QUOTED, WORD, NUMBER, "", DOLLAR, PUNCTUATION, OPERATOR, BAD)
_LINE, _COMMENT, _DOLLAR = 1, 6, 7
_EDGE: Final = re.compile(r"/\*|\*/")
_REST_OF_LINE: Final = re.compile(r"[^\n]*")


def tokenize(text: str, start: int = 0) -> Tokens:
    """The tokens of `text` from `start` on, which must be the start of a line."""
    found = Tokens()
    at: int | None = start
    indent = 0
    while at is not None:
        at, indent = _some(text, at, indent, found)
    return found


def _some(text: str, at: int, indent: int, found: Tokens) -> tuple[int | None, int]:
    """Takes tokens until one that the pattern does not hold as a whole; where to go on after it."""
    add = found.raw.append
    for match in _TOKEN.finditer(text, at):
        group = match.lastindex or 0
        if group == _LINE:
            space = match[_LINE]
            indent = len(space) - 1 - space.rfind("\n")
            continue
        start, token = match.start(group), match[group]
        if group == _COMMENT:
            end = start + len(token) if token[0] == "-" else _comment_end(text, start)
            found.remarks.append(Remark(text[start:end], start, indent >= 0))
            if token[0] == "/":
                return end, indent
        elif group == _DOLLAR:
            end = text.find(token, start + len(token))
            whole = text[start : end + len(token)] if end >= 0 else _line(text, start)
            add(Raw(DOLLAR if end >= 0 else BAD, whole, start, indent))
            return start + len(whole), -1
        else:
            add(_raw(text, group, token, start, indent))
            if group == len(_KINDS) - 1 and token in "'\"":
                return start + len(_line(text, start)), -1
            indent = -1
    return None, indent


def _raw(text: str, group: int, token: str, start: int, indent: int) -> Raw:
    if group == len(_KINDS) - 1 and token in "'\"":
        return Raw(BAD, _line(text, start), start, indent)
    return Raw(_KINDS[group], token, start, indent)


def _line(text: str, start: int) -> str:
    match = _REST_OF_LINE.match(text, start)
    return match[0].rstrip("\r") if match else ""


def _comment_end(text: str, start: int) -> int:
    """Where the comment ends that may hold others; the end of the text if it does not."""
    depth = 0
    for edge in _EDGE.finditer(text, start):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(text)


def unquoted(text: str) -> str:
    """What a string constant says: 'it''s', E'a\\nb', $$text$$."""
    if text.startswith("$"):
        tag = text[: text.index("$", 1) + 1]
        return text[len(tag) : -len(tag)]
    if text[0] in "eE":
        return _ESCAPE.sub(_escaped, text[2:-1])
    return text[text.index("'") + 1 : -1].replace("''", "'")


_ESCAPE: Final = re.compile(
    r"''|\\(?:u([0-9a-fA-F]{4})|U(000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4})|x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))",
    re.DOTALL,
)
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def _escaped(match: re.Match[str]) -> str:
    if match[0] == "''":
        return "'"
    hexadecimal = match[1] or match[2] or match[3]
    if hexadecimal:
        return chr(int(hexadecimal, 16))
    return chr(int(match[4], 8)) if match[4] else _CONTROLS.get(match[5], match[5])
