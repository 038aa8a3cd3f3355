"""Labels of enums inside SQL text and array constants, renamed where they surely stand.

A string is surely a label where it is cast to its enum: `'sad'::mood`, `CAST('sad' AS mood)`,
`'{sad,"so so"}'::mood[]`; or where a column of the enum is compared with it: `m = 'sad'`, `m IN ('sad')`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

import attrs

from pgkit.ir.expr import Opaque
from pgkit.ir.names import Ref
from pgkit.sql import literal

Labels = Mapping[str, str]
_PIECE: Final = re.compile(r"(?i:e)'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|.", re.DOTALL)
_CAST: Final = re.compile(r"\s*(?:::|\sAS\s)\s*", re.IGNORECASE)
_ELEMENT: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([^{},"\s\\](?:[^{},"\\]*[^{},"\s\\])?)|.', re.DOTALL)
_STRING: Final = re.compile(r"'(?:[^'\\]|'')*'")
_OPERATOR: Final = r"(?:=|<>|!=|<=|>=|<|>|IS\s+(?:NOT\s+)?DISTINCT\s+FROM)"
_LIST: Final = rf"(?:NOT\s+)?IN\s*\(\s*{_STRING.pattern}(?:\s*,\s*{_STRING.pattern})*\s*\)"
# What is not cast to anything else is of the type that the other side is of.
_LITERAL_LAST: Final = re.compile(
    rf"\A\s*(?:{_OPERATOR}\s*{_STRING.pattern}(?!\s*::|')|{_LIST})", re.IGNORECASE | re.DOTALL
)
_LITERAL_FIRST: Final = re.compile(
    rf"(?<![\w'])(?<!::){_STRING.pattern}\s*{_OPERATOR}\s*\Z", re.IGNORECASE | re.DOTALL
)
_BARE: Final = re.compile(r'[^{},"\\\s]+')


def in_array(text: str, labels: Labels) -> str:
    """An array constant with its elements renamed, quoted as Postgres writes them."""

    def element(found: re.Match[str]) -> str:
        quoted, bare = found.groups()
        label = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted is not None else bare
        is_null = quoted is None and bare is not None and bare.upper() == "NULL"
        return found[0] if label not in labels or is_null else _quoted(labels[label])

    return _ELEMENT.sub(element, text)


def _quoted(label: str) -> str:
    if _BARE.fullmatch(label) and label.upper() != "NULL":
        return label
    return '"' + re.sub(r'(["\\])', r"\\\1", label) + '"'


def in_opaque(expr: Opaque, labels: Mapping[Ref, Labels]) -> Opaque:
    """SQL with the labels renamed that are cast to their enum, or compared with a column of it."""
    text = list(expr.text)
    for i, hole in enumerate(expr.holes):
        if hole.ref not in labels:
            continue
        if hole.ref.kind == "column":
            text[i] = _compared(_LITERAL_FIRST, text[i], labels[hole.ref])
            text[i + 1] = _compared(_LITERAL_LAST, text[i + 1], labels[hole.ref])
        else:
            array = text[i + 1].startswith("[")
            text[i] = _cast_last(text[i], _in_constant(labels[hole.ref], array))
    return expr if tuple(text) == expr.text else attrs.evolve(expr, text=tuple(text))


def _compared(pattern: re.Pattern[str], text: str, labels: Labels) -> str:
    """SQL text beside a column, with the strings renamed that it is compared with."""
    found = pattern.search(text)
    if found is None:
        return text

    def new(string: re.Match[str]) -> str:
        label = _said(string[0])
        return literal(labels[label]) if label in labels else string[0]

    return text[: found.start()] + _STRING.sub(new, found[0]) + text[found.end() :]


def _in_constant(labels: Labels, array: bool) -> Callable[[str], str]:
    return lambda text: in_array(text, labels) if array else labels.get(text, text)


def _cast_last(text: str, new: Callable[[str], str]) -> str:
    """SQL text with the string at its end renamed, if nothing but a cast comes after."""
    strings = [m for m in _PIECE.finditer(text) if len(m[0]) > 1 and m[0][-1] == "'"]
    if not strings or not _CAST.fullmatch(text, strings[-1].end()):
        return text
    last = strings[-1]
    said = _said(last[0])
    return text if (now := new(said)) == said else text[: last.start()] + literal(now) + text[last.end() :]


def _said(string: str) -> str:
    """What a string constant says."""
    inner = string[string.index("'") + 1 : -1].replace("''", "'")
    return inner if string[0] == "'" else re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL)
