"""Splits an index expression into the expression and what Drizzle leaves inside its text.

    `"data" jsonb_path_ops`            =>  column data, that opclass
    `lower("name") DESC NULLS LAST`    =>  lower("name"), descending, nulls last

The manual, CREATE INDEX: { column | function(...) | (expression) } [ COLLATE c ] [ opclass ] [ ASC | DESC ]
[ NULLS { FIRST | LAST } ].
"""

import re
from typing import Final

from pgkit.ir.constraints import IndexKey
from pgkit.ir.expr import opaque
from pgkit.ir.names import Ref, column, truncate
from pgkit.sql.text import quote

_IDENT: Final = r'(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$]*)'
_HEAD: Final = re.compile(rf"{_IDENT}(?:\s*+\.\s*+{_IDENT})*+")
_WORDS: Final = r"collate|asc|desc|nulls"
_TAIL: Final = re.compile(
    rf"\s*+(?:collate\s++(?P<collation>{_IDENT}(?:\.{_IDENT})?))?"
    rf"\s*+(?P<opclass>(?!(?:{_WORDS})\b){_IDENT}(?:\.{_IDENT})?)?\s*+(?:\((?P<params>[^()]*+)\))?"
    r"\s*+(?P<order>asc\b|desc\b)?\s*+(?:nulls\s++(?P<nulls>first|last))?\s*+",
    re.IGNORECASE,
)
# What may stand between the tokens of an expression that has to be skipped as a whole.
_TOKEN: Final = re.compile(
    r"""(?P<quoted>[eE]'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)"""
    r"|(?P<open>[(\[])|(?P<close>[)\]])|.",
    re.DOTALL,
)


def index_key(table: Ref, text: str) -> IndexKey:
    """The key that an index expression makes; its whole text as the expression if it is none of the forms."""
    text = text.strip()
    end = _element_end(text)
    tail = _TAIL.fullmatch(text, end) if end else None
    if tail is None:
        return IndexKey(expr=opaque(text))
    head = text[:end]
    descending = (tail["order"] or "").lower() == "desc"
    nulls_first = tail["nulls"].lower() == "first" if tail["nulls"] else descending
    plain = re.fullmatch(_IDENT, head)
    return IndexKey(
        column=column(table, truncate(_unquoted(head))) if plain else None,
        expr=None if plain else opaque(head),
        collation=_collation(tail["collation"]),
        opclass=_opclass(tail["opclass"]),
        opclass_params=_params(tail["params"]),
        descending=descending,
        nulls_first=nulls_first,
    )


def _element_end(text: str) -> int:
    """Where the column, the function call or the expression in parentheses ends; 0 if there is none."""
    if text.startswith("("):
        return _closed(text, 0)
    head = _HEAD.match(text)
    if head is None:
        return 0
    call = re.compile(r"\s*\(").match(text, head.end())
    return _closed(text, call.end() - 1) if call else head.end()


def _closed(text: str, at: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(text, at):
        depth += (token["open"] is not None) - (token["close"] is not None)
        if depth == 0:
            return token.end()
    return 0


def _collation(text: str | None) -> Ref | None:
    if text is None:
        return None
    parts = [_unquoted(part) for part in re.findall(_IDENT, text)]
    return Ref("collation", parts[0] if len(parts) > 1 else "", parts[-1])


def _opclass(text: str | None) -> str | None:
    return ".".join(quote(_unquoted(part)) for part in re.findall(_IDENT, text)) if text else None


def _params(text: str | None) -> tuple[tuple[str, str], ...]:
    pairs = [part.partition("=") for part in text.split(",")] if text else []
    return tuple(sorted((name.strip(), value.strip()) for name, _, value in pairs))


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
