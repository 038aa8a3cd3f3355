"""Types as they are written, taken apart and laid out as prettier does it: unions, arrays, arguments."""

import re
from collections.abc import Sequence
from typing import Final

from pgkit.backends.typescript.docs import LINE, SOFT, Doc, Group, Indent

_OPENING: Final = {"<": 1, "(": 1, "{": 1, "[": 1, ">": -1, ")": -1, "}": -1, "]": -1}
_NESTED: Final = re.compile(r"[][(){}<>\"\n]")
_NAME: Final = re.compile(r"[A-Za-z_$][\w$.]*")
_PRIMITIVES: Final = frozenset(
    (
        "any",
        "bigint",
        "boolean",
        "never",
        "null",
        "number",
        "object",
        "string",
        "symbol",
        "undefined",
        "unknown",
    )
)


def union_parts(type: str) -> list[str]:
    """The types that a union is of; of any other type itself."""
    return _split(type, " | ") if " | " in type else [type]


def arguments(type: str) -> list[str]:
    """What a type, or a function, is given between its angle brackets."""
    _, bracket, rest = type.partition("<")
    return _split(rest.removesuffix(">"), ", ") if bracket else []


def type_doc(type: str) -> Doc:
    """A type that is no union: where it has arguments or parentheses, it may be broken there."""
    if type.endswith("[]"):
        return (type_doc(type.removesuffix("[]")), "[]")
    if type.startswith("("):
        return _parenthesized(union_parts(type[1:-1]))
    if not _NAME.match(type) or not type.endswith(">") or is_plain(inner := arguments(type)):
        return type
    listed = _joined([_joined([*map(type_doc, union_parts(i))], " | ") for i in inner], (",", LINE))
    return Group((f"{type.partition('<')[0]}<", Indent((SOFT, listed)), SOFT, ">"))


def is_plain(arguments: Sequence[str]) -> bool:
    """Whether prettier keeps arguments on one line: a single name."""
    return len(arguments) == 1 and bool(_NAME.fullmatch(arguments[0]))


def hugs(types: Sequence[str]) -> bool:
    """Whether prettier takes a union for one type: a name, with its arguments or without, and null."""
    named = [t for t in types if t != "null"]
    return len(named) == 1 and _is_reference(named[0])


def _is_reference(type: str) -> bool:
    if not type.endswith((">", "}")):
        return bool(_NAME.fullmatch(type)) and type not in _PRIMITIVES
    return type.startswith("{") or bool(_NAME.match(type))


def _parenthesized(types: list[str]) -> Doc:
    docs = _joined([*map(type_doc, types)], " | ")
    return ("(", docs, ")") if hugs(types) else Group(("(", Indent((SOFT, docs)), SOFT, ")"))


def _joined(docs: Sequence[Doc], between: Doc) -> Doc:
    return tuple(part for doc in docs for part in (between, doc))[1:]


def _split(text: str, at: str) -> list[str]:
    """The parts of a text between `at`, where no bracket and no string is open."""
    if not _NESTED.search(text):
        return text.split(at)
    found, depth = [""], 0
    for token in re.findall(rf'"[^"]*"|{re.escape(at)}|.', text):
        depth += _OPENING.get(token, 0)
        if token == at and depth == 0:
            found.append("")
        else:
            found[-1] += token
    return found
