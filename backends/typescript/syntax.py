"""Pieces of TypeScript, quoted and laid out as prettier prints them: literals, keys, comments, imports."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from pgkit.backends.typescript.docs import HARD, LINE, SOFT, WIDTH, Broken, Doc, Group, Indent, lay_out, width
from pgkit.backends.typescript.type_docs import hugs, type_doc, union_parts
from pgkit.backends.values import KNOWN

_START: Final = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nl"))
_PART: Final = _START | {"Mn", "Mc", "Nd", "Pc"}
_UNSEEN: Final = frozenset(("Cc", "Cf", "Zl", "Zp", "Cs", "Co"))  # controls, bidi and zero-width, separators
_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
_MOST_LINES: Final = 60  # of a comment


def string(text: str) -> str:
    """A string literal, in the quotes that need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    if text.isascii() and text.isprintable() and "\\" not in text and quote not in text:  # as most are
        return f"{quote}{text}{quote}"
    return quote + "".join("\\" + c if c == quote else _escaped(c) for c in text) + quote


@lru_cache(KNOWN)
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
    """An import of `names`, sorted."""
    return _from_module("import type" if types else "import", names, module)


def exported(names: Sequence[str], module: str) -> str:
    """An export of types of another module, sorted."""
    return _from_module("export type", names, module)


def _from_module(word: str, names: Sequence[str], module: str) -> str:
    """Names of a module, each on a line where they do not fit on one; prettier breaks no single one."""
    from_ = f"from {string(module)};"
    flat = f"{word} {{ {', '.join(names)} }} {from_}"
    if len(names) == 1 or width(flat) <= WIDTH:
        return flat
    return "\n".join([f"{word} {{", *(f"  {name}," for name in names), f"}} {from_}"])


def typed(name: str, type: Sequence[str], indent: int = 2) -> str:
    """A member of an interface: `name` with its `?`, and the union of `type`."""
    flat = f"{' ' * indent}{name}: {' | '.join(type)};"
    if width(flat) <= WIDTH:
        return flat
    docs = tuple(map(type_doc, type))
    if len(type) == 1 or hugs(type):
        return " " * indent + lay_out((f"{name}: ", joined(docs, " | "), ";"), indent)
    broken = (Broken("| "), joined(docs, (LINE, "| ")))
    return " " * indent + lay_out((f"{name}: ", Group(Indent((SOFT, Group(broken)))), ";"), indent)


def named(name: str, type: str) -> str:
    """A type under a name; a union that is too long for the next line has a part a line."""
    head, parts = f"export type {name} =", union_parts(type)
    flat = f"{head} {type};"
    if width(flat) <= WIDTH or (len(parts) == 1 and type.startswith("{")):
        return flat
    if len(parts) == 1:
        return assigned(head, type, ";")
    if width(below := f"  {type};") <= WIDTH:
        return f"{head}\n{below}"
    return "\n".join([head, *(f"  | {part}" for part in parts)]) + ";"


def assigned(left: Doc, right: Doc, end: str, indent: int = 0) -> str:
    """`left` and `right`, on the next line if its first part does not fit beside `left`."""
    if isinstance(left, str) and isinstance(right, str):
        flat = f"{' ' * indent}{left} {right}{end}"
        if width(flat) <= WIDTH:
            return flat
    gap = Group(Indent(LINE))
    return " " * indent + lay_out((left, gap, Indent(right, gap), end), indent)


def labelled(name: str, text: str, indent: int = 2) -> str:
    """A property with a string for its value; it moves to the next line whole."""
    right = string(text)
    flat = f"{' ' * indent}{name}: {right},"
    if width(flat) <= WIDTH or width(name) < 5:  # prettier never breaks after so short a key
        return flat
    return f"{' ' * indent}{name}:\n{' ' * (indent + 2)}{right},"


def bracketed(opening: str, docs: Iterable[Doc], closing: str) -> Group:
    """The arguments of a call or the items of an array: on one line, or each on its own."""
    inner = joined(tuple(docs), (",", LINE))
    return Group((opening, Indent((SOFT, inner)), Broken(","), SOFT, closing))


def lines(docs: Iterable[Doc]) -> Doc:
    """Documents on lines of their own."""
    return joined(tuple(docs), HARD)


def joined(docs: Sequence[Doc], between: Doc) -> Doc:
    """Documents with another between them."""
    return tuple(part for doc in docs for part in (between, doc))[1:]


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
    if not line.isascii() or not line.isprintable() or "" in line.split(" "):
        return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
    found: list[str] = []
    while len(line) > width:
        end = line.rfind(" ", 0, width + 1)
        end = end if end >= 0 else line.find(" ", width)
        if end < 0:
            break
        found.append(line[:end])
        line = line[end + 1 :]
    return [*found, line]


def _comment_lines(paragraphs: Sequence[str], room: int) -> list[str]:
    found: list[str] = []
    for paragraph in paragraphs:
        for line in _safe_lines(paragraph.strip()):
            found += _wrapped(line, max(room, 40))
        found.append("")
    shown = found[:-1]
    return [*shown[:_MOST_LINES], "..."] if len(shown) > _MOST_LINES else shown


def _safe_lines(paragraph: str) -> list[str]:
    """The lines of a paragraph as they can stand in a comment."""
    if paragraph.isascii() and paragraph.isprintable() and "@" not in paragraph and "*/" not in paragraph:
        return [paragraph]  # as most are
    lines = [visible(line.replace("\t", "  ").rstrip()) for line in re.split(r"\r\n|\n|\r", paragraph)]
    # A directive or a tag counts at the start of a line, and wrapping may put it there.
    return [re.sub(r"(?<![\w\\])@(?=\w)", r"\\@", line) for line in lines]
