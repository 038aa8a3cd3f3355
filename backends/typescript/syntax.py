"""Pieces of TypeScript, quoted and laid out as prettier prints them: literals, keys, comments, imports."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from pgkit.backends.typescript.docs import HARD, LINE, SOFT, WIDTH, Broken, Doc, Group, Indent, lay_out, width

_START: Final = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nl"))
_PART: Final = _START | {"Mn", "Mc", "Nd", "Pc"}
_UNSEEN: Final = frozenset(("Cc", "Cf", "Zl", "Zp", "Cs", "Co"))  # controls, bidi and zero-width, separators
_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
_MOST_LINES: Final = 60  # of a comment


def string(text: str) -> str:
    """A string literal, in the quotes that need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join("\\" + c if c == quote else _escaped(c) for c in text) + quote


def key(name: str) -> str:
    """The key of a property, quoted only when it is no identifier."""
    return name if _is_identifier(name) else string(name)


def visible(text: str) -> str:
    """One line of `text` that is safe in a comment: what cannot be seen is spelled, as `U+202E`."""
    shown = text
    if not (text.isascii() and text.isprintable()):
        shown = "".join(f"U+{ord(c):04X}" if unicodedata.category(c) in _UNSEEN else c for c in text)
    return shown.replace("*/", "*\\/")


def comment(paragraphs: Iterable[str | None], indent: int = 0) -> list[str]:
    """The lines of a doc comment, or none when there is nothing to say."""
    lines = _comment_lines([p for p in paragraphs if p], WIDTH - indent - 3)
    pad = " " * indent
    if not lines:
        return []
    if len(lines) == 1 and indent + width(lines[0]) + 7 <= WIDTH:
        return [f"{pad}/** {lines[0]} */"]
    return [f"{pad}/**", *(f"{pad} * {line}".rstrip() for line in lines), f"{pad} */"]


def imported(names: Sequence[str], module: str, *, types: bool) -> str:
    """An import of `names`, sorted; prettier never breaks one of a single name."""
    word = "import type" if types else "import"
    if len(names) == 1:
        return f"{word} {{ {names[0]} }} from {string(module)};"
    listed = _joined((*sorted(names),), (",", LINE))
    doc = Group((word, " {", Indent((LINE, listed)), Broken(","), LINE, "} from ", string(module), ";"))
    return lay_out(doc)


def typed(name: str, type: Sequence[str], indent: int = 2) -> str:
    """A member of an interface: `name` with its `?`, and the union of `type`."""
    flat = f"{' ' * indent}{name}: {' | '.join(type)};"
    if width(flat) <= WIDTH or len(type) == 1 or _hugs(type):
        return flat
    broken = (Broken("| "), _joined(tuple(type), (LINE, "| ")))
    return " " * indent + lay_out((f"{name}: ", Group(Indent((SOFT, Group(broken)))), ";"), indent)


def assigned(left: str, right: Doc, end: str, indent: int = 0) -> str:
    """`left` and `right`, on the next line if its first part does not fit beside `left`."""
    gap = Group(Indent(LINE))
    return " " * indent + lay_out((left, gap, Indent(right, gap), end), indent)


def labelled(name: str, text: str, indent: int = 2) -> str:
    """A property with a string for its value; it moves to the next line whole."""
    right = string(text)
    flat = f"{' ' * indent}{name}: {right},"
    if width(flat) <= WIDTH or width(name) < 5:  # prettier never breaks after so short a key
        return flat
    return f"{' ' * indent}{name}:\n{' ' * (indent + 2)}{right},"


def arguments(args: Doc) -> Doc:
    """The arguments of a call."""
    return Group(("(", Indent((SOFT, args)), Broken(","), SOFT, ")"))


def lines(docs: Iterable[Doc]) -> Doc:
    """Documents on lines of their own."""
    return _joined(tuple(docs), HARD)


def _joined(docs: Sequence[Doc], between: Doc) -> Doc:
    return tuple(part for doc in docs for part in (between, doc))[1:]


def _hugs(type: Sequence[str]) -> bool:
    """Whether prettier takes the union for one type: a name, or null beside it."""
    named = [t for t in type if re.fullmatch(r"[A-Z]\w*", t)]
    return len(named) == 1 and set(type) <= {named[0], "null"}


def _is_identifier(name: str) -> bool:
    if name.isascii() and name.isidentifier():
        return True
    return bool(name) and _is_start(name[0]) and all(map(_is_part, name))


def _is_start(char: str) -> bool:
    return char in "$_" or (ord(char) < 0x10000 and unicodedata.category(char) in _START)


def _is_part(char: str) -> bool:
    return char in "$_" or (ord(char) < 0x10000 and unicodedata.category(char) in _PART)


def _escaped(char: str) -> str:
    if escape := _ESCAPES.get(char):
        return escape
    if char == " " or unicodedata.category(char) not in _UNSEEN | {"Zs"}:
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\u{{{ord(char):x}}}"


def _wrapped(line: str, width: int) -> list[str]:
    if len(line) <= width and line.isprintable():  # as most are; textwrap takes its time
        return [line]
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]


def _comment_lines(paragraphs: Sequence[str], room: int) -> list[str]:
    found: list[str] = []
    for paragraph in paragraphs:
        for line in re.split(r"\r\n|\n|\r", paragraph.strip()):
            # A directive or a tag counts at the start of a line, and wrapping may put it there.
            safe = re.sub(r"(?<![\w\\])@(?=\w)", r"\\@", visible(line.replace("\t", "  ").rstrip()))
            found += _wrapped(safe, max(room, 40))
        found.append("")
    shown = found[:-1]
    return [*shown[:_MOST_LINES], "..."] if len(shown) > _MOST_LINES else shown
