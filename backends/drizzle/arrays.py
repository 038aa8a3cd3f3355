"""Array constants as JavaScript prints them: `{a,b}` of texts is `{"a","b"}` in 0.x."""

import re
from typing import Final

from pgkit.ir.scalars import Shape
from pgkit.ir.types import PgType, Scalar

_ITEM: Final = r'(?:"(?P<quoted>(?:[^"\\])*)"|(?P<plain>[^\s{}",\\]+(?: [^\s{}",\\]+)*))'
_EACH: Final = re.compile(rf"{_ITEM}(?P<end>,|$)")
_LETTERS: Final = {"true": "t", "false": "f"}
_BARE: Final = (Shape.INT, Shape.OID, Shape.FLOAT, Shape.DECIMAL, Shape.BOOL)
_NEEDS_QUOTES: Final = re.compile(r'[\s{}",\\]|^$|^null$', re.IGNORECASE)


def array_text(text: str, of: PgType, always_quoted: bool) -> str:
    """A flat array with its items quoted, or only those that need it; anything else as it stands."""
    items = _items(text)
    if items is None:
        return text
    bare = isinstance(of, Scalar) and of.row.shape in _BARE
    quote = always_quoted and not bare
    if not always_quoted and isinstance(of, Scalar) and of.row.shape is Shape.BOOL:
        items = [_LETTERS.get(item, item) for item in items]  # 1.0 has them as Postgres prints them
    return "{" + ",".join(f'"{i}"' if quote or _NEEDS_QUOTES.search(i) else i for i in items) + "}"


def _items(text: str) -> list[str] | None:
    """The items of a flat array without escapes and NULLs; None for any other."""
    if not (text.startswith("{") and text.endswith("}")):
        return None
    inner, at, items = text[1:-1], 0, []
    if inner.endswith(","):
        return None
    while at < len(inner):
        match = _EACH.match(inner, at)
        if match is None or (match["plain"] or "").lower() == "null":
            return None
        items.append(match["quoted"] if match["quoted"] is not None else match["plain"])
        at = match.end()
    return items
