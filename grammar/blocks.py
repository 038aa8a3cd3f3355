"""Cuts a text into its declarations by their first words and the indentation of their lines."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from attrs import frozen

from pgkit.grammar.lexer import CONTINUING
from pgkit.grammar.tokens import BAD, DOLLAR, STRING, WORD, Raw, Remark, tokenize

STARTING: Final = frozenset(
    [
        "extension",
        "schema",
        "role",
        "enum",
        "domain",
        "type",
        "range",
        "sequence",
        "table",
        "unlogged",
        "view",
        "materialized",
        "sql",
        "unmodelled",
    ]
)
# What goes on with the declaration above, even at the start of a line.
_CONTINUING: Final = CONTINUING | frozenset(
    [
        "comment",
        "after",
        "before",
        "depends",
        "hash",
        "owned",
        "increment",
        "minvalue",
        "maxvalue",
        "start",
        "cache",
        "cycle",
        "version",
        "was",
    ]
)
_START: Final = re.compile(rf"^(?:{'|'.join(sorted(STARTING))})[ \t]+[\w\"]", re.MULTILINE)
_RESTARTS: Final = 20


@frozen(repr=False)
class Block:
    """The tokens of one declaration. `broken`: a string, name or comment in it that nothing closes."""

    raw: Sequence[Raw]
    broken: Raw | None = None

    @property
    def start(self) -> int:
        """Where it starts."""
        return self.raw[0].start


def blocks(text: str, remarks: list[Remark]) -> Iterator[Block]:
    """The declarations of a text; its comments go into `remarks`.

    After a quote that nothing closes, reading goes on at the next line that opens a declaration.
    """
    start: int | None = 0
    for _ in range(_RESTARTS):
        found = tokenize(text, start or 0)
        start = None
        for block in _split(found.raw):
            if block.broken is not None:
                after = _START.search(text, text.find("\n", block.broken.start) + 1 or len(text))
                start = after.start() if after else None
                yield block
                break
            yield block
        stop = len(text) if start is None else start
        remarks.extend(r for r in found.remarks if r.start < stop)
        if start is None:
            return


def _split(raw: Sequence[Raw]) -> Iterator[Block]:
    first, depth = 0, 0
    for i, token in enumerate(raw):
        if i > first and token.indent >= 0 and _opens(raw, i, first, depth):
            yield _block(raw[first:i])
            first, depth = i, 0
        if token.text == "{":
            depth += 1
        elif token.text == "}":
            depth -= 1
    if first < len(raw):
        yield _block(raw[first:])


def _opens(raw: Sequence[Raw], i: int, first: int, depth: int) -> bool:
    """Whether the token that opens a line opens a declaration as well."""
    token = raw[i]
    if token.indent > max(raw[first].indent, 0):
        return False
    if depth > 0:  # a brace is missing, if this is a declaration beyond doubt
        return token.text in STARTING and _is_head(raw, i)
    if token.text == "comment" and i + 1 < len(raw) and raw[i + 1].text == "on":
        return True  # as in SQL: it goes on with nothing
    return token.kind == WORD and token.text not in _CONTINUING


def _is_head(raw: Sequence[Raw], i: int) -> bool:
    i += 2 if raw[i].text in ("unlogged", "materialized") else 1
    while i + 2 < len(raw) and raw[i + 1].text == ".":
        i += 2
    after = raw[i + 1] if i + 1 < len(raw) else None
    return after is not None and after.indent < 0 and after.text in ("{", "as", "was", "with", "using")


def _block(raw: Sequence[Raw]) -> Block:
    bad = next((t for t in raw if t.kind == BAD and t.text[0] in "'\"$"), None)
    return Block(raw, _runaway(raw, bad) or bad)


def _runaway(raw: Sequence[Raw], bad: Raw | None) -> Raw | None:
    """A string that was not closed, and ends at the next quote: over the start of another declaration.

    Where a quote is left over, the first string that runs over lines is to blame.
    """
    for token in raw:
        long = token.kind in (STRING, DOLLAR) and "\n" in token.text
        if long and (_START.search(token.text) or (bad is not None and bad.text[0] == token.text[0])):
            return token
    return None
