"""Names in generated code: one algorithm for Rust and TypeScript. Case is mapped in ASCII only."""

import re
from binascii import crc32
from functools import lru_cache
from typing import Final, Literal

Case = Literal["camel", "snake", "preserve"]

_LONGEST: Final = 180  # bytes; most file systems end at 255
_AFTER_UNDERSCORES: Final = re.compile(r"_+([0-9A-Za-z])")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\x00-\x7f]+")


@lru_cache(maxsize=4096)
def json_key(column: str, case: Case) -> str:
    """The key of a column on the wire: `created_at` is `createdAt`; what has no such form stays as it is."""
    if case != "camel" or not re.fullmatch(r"[\w]+", column):
        return column
    return _AFTER_UNDERSCORES.sub(lambda m: m[1].upper(), column.lstrip("_")) or column


@lru_cache(maxsize=4096)
def pascal(name: str) -> str:
    """A type name: `line_item` is `LineItem`; characters that no identifier holds are spelled `U002F`."""
    words = re.split(r"[^0-9A-Za-z]+", _spelled(name))
    return "".join(w[:1].upper() + w[1:] for w in words) or "Empty"


@lru_cache(maxsize=4096)
def snake(name: str) -> str:
    """A file or module name of [a-z0-9_] only: `LineItem` is `line_item`."""
    words = [w.lower() for part in re.split(r"[^0-9A-Za-z]+", _spelled(name)) for w in _WORD.findall(part)]
    return "_".join(words) or "empty"


def short(name: str) -> str:
    """A name of a file that every file system can hold: one too long ends with what tells it from others."""
    if len(name) <= _LONGEST:
        return name
    return f"{name[:_LONGEST].rstrip('_')}_{crc32(name.encode()):08x}"


def _spelled(name: str) -> str:
    """`name` with everything outside ASCII, and a name of punctuation alone, written as code points."""
    if name and not re.search(r"[0-9A-Za-z\x80-\U0010ffff]", name):
        return "_".join(f"U{ord(c):04X}" for c in name if c != "_") or "underscore"
    return "".join(c if c.isascii() else f"_u{ord(c):04x}_" for c in name)
