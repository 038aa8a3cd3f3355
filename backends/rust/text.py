"""Rust source text: literals, comments that cannot do harm, and lines broken where rustfmt breaks them."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from attrs import frozen

from pgkit.backends.values import KNOWN

WIDTH: Final = 100
CALL_WIDTH: Final = 60  # of the arguments of a call on one line; rustfmt's fn_call_width
_ATTRIBUTE_WIDTH: Final = 70  # of the arguments of an attribute; rustfmt's attr_fn_like_width
_COMMENT_LIMIT: Final = 4096
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LINE_ENDS: Final = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_HARMLESS: Final = re.compile(r"[\w.,:;'`()]+(?: [\w.,:;'`()]+)*", re.ASCII)
_PLAIN: Final = re.compile(r"[\w.]+")
# What rustdoc would read as code, a link or a tag; a test of the user's could even run the code.
_MARKUP: Final = re.compile(r"`{3,}|~{3,}|[\[\]<>]|(?<=:)//")


def string(text: str) -> str:
    """A string literal; what cannot be seen, or turns the reading direction, is written as a code point."""
    if text.isprintable():
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return '"' + "".join(_ESCAPES.get(c) or _visible(c) for c in text) + '"'


def shown(text: str) -> str:
    """A name inside a comment, on one line and free of what rustc forbids there."""
    return "".join(map(_visible, text))


def code(name: object) -> str:
    """A name as code in a doc comment, where it is plain enough to stand between backticks."""
    text = str(name)
    return f"`{text}`" if _PLAIN.fullmatch(text) else text


def doc(text: str, indent: str = "") -> list[str]:
    """A doc comment that renders a database comment as plain text: no code block, no link, no doctest."""
    if _HARMLESS.fullmatch(text) and "``" not in text:
        return [f"{indent}/// {text}"]
    if len(text) > _COMMENT_LIMIT:
        text = text[:_COMMENT_LIMIT] + " …"
    lines = [_plain(line) for line in _LINE_ENDS.split(text.strip())]
    return [f"{indent}/// {line}" if line else f"{indent}///" for line in lines]


def width(line: str) -> int:
    """How many columns rustfmt takes a line for."""
    if line.isascii():
        return len(line)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def fits(lines: Sequence[str]) -> bool:
    """Whether rustfmt would leave these lines alone for want of anything too long; it wraps no comment."""
    long = [line for line in lines if len(line) > WIDTH // 2]  # at two columns a letter
    return all(width(line) <= WIDTH or line.lstrip().startswith("///") for line in long)


@frozen
class Block:
    """Lines that columns have alike, and whether rustfmt would leave them alone."""

    text: str
    fits: bool


def block(lines: Sequence[str], calls: Sequence[str] = ()) -> Block:
    """A Block of these lines, in which there are calls with these arguments."""
    return Block("\n".join(lines), fits(lines) and all(width(call) <= CALL_WIDTH for call in calls))


def skipped_if_long(before: list[str], blocks: Sequence[Block] = (), after: Sequence[str] = ()) -> list[str]:
    """An item; rustfmt is told to leave it as it is where a line, or a call in it, is too long for it."""
    lines = [*before, *[block.text for block in blocks], *after]
    left_alone = all([block.fits for block in blocks]) and fits(before) and fits(after)
    return lines if left_alone else ["#[rustfmt::skip]", *lines]


@lru_cache(KNOWN)
def derive(*names: str) -> tuple[str, ...]:
    """The lines of `#[derive(names)]`."""
    return tuple(attribute("derive", [*names]))


def attribute(name: str, arguments: list[str], indent: str = "") -> list[str]:
    """`#[name(arguments)]`, one argument a line if it is too long; nothing if there are none."""
    if not arguments:
        return []
    joined = ", ".join(arguments)
    line = f"{indent}#[{name}({joined})]"
    fits_inside = name == "derive" or len(arguments) == 1 or width(joined) <= _ATTRIBUTE_WIDTH
    if fits_inside and width(line) <= WIDTH:
        return [line]
    comma = "," if name == "derive" else ""
    if name == "derive" and width(f"{indent}    {joined},") <= WIDTH:
        return [f"{indent}#[{name}(", f"{indent}    {joined},", f"{indent})]"]
    inside = [f"{indent}    {a}," for a in arguments]
    return [f"{indent}#[{name}(", *inside[:-1], inside[-1].removesuffix(",") + comma, f"{indent})]"]


def field(name: str, type: str) -> list[str]:
    """A public field."""
    line = f"    pub {name}: {type},"
    return [line] if width(line) <= WIDTH else [f"    pub {name}:", f"        {type},"]


def sql_const(name: str, parts: list[str]) -> list[str]:
    """A constant of SQL, a part a line; each is the inside of a string literal."""
    if not parts:
        return [f'pub const {name}: &str = "";']
    head = f'pub const {name}: &str = "\\'
    start = [head] if len(head) <= WIDTH else [head.removesuffix(' "\\'), '    "\\']
    return [*start, "    " + ", \\\n    ".join(parts) + '";']


def _visible(c: str) -> str:
    return c if c.isprintable() else f"\\u{{{ord(c):x}}}"


def _plain(line: str) -> str:
    # Runs of blanks go, since four of them begin a code block, also inside a list.
    if not line.isprintable():
        line = "".join(c for c in line if c.isprintable() or c.isspace())
    words = line.split()
    return _MARKUP.sub(lambda m: "".join(f"\\{c}" for c in m[0]), " ".join(words))
