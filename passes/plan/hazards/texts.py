"""Functions whose text is read when they run: Postgres does not know what they mention, we go by names."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared

_READ_LATE: Final = ("function", "procedure")
_WORD: Final = re.compile(r'"(?:[^"]|"")+"|[^\W\d][\w$]*')


def words_of(objects: Mapping[Ref, Declared]) -> Mapping[Ref, frozenset[str]]:
    """The names that may stand in the body of each function, folded as Postgres does."""
    return {
        ref: frozenset(_folded(word) for word in _WORD.findall(_body(obj.definition or "")))
        for ref, obj in objects.items()
        if isinstance(obj, Unmodelled) and obj.kind in _READ_LATE
    }


def saying(words: Mapping[Ref, frozenset[str]], ref: Ref) -> Iterator[Ref]:
    """The functions in whose body an object's name stands, with that of its owner.

    Without its schema it is found by the path, which is likely to hold the function's own schema, and public.
    """
    names = {ref.name, ref.member} - {""}
    for function, found in words.items():
        near = ref.schema in ("", "public", function.schema) or ref.schema in found
        if near and names <= found:
            yield function


def _body(definition: str) -> str:
    """What stands between dollar quotes: a body in SQL proper follows renames by itself."""
    parts = re.split(r"(\$[^$\s]*\$)", definition, maxsplit=1)
    if len(parts) < 3:
        return ""
    return parts[2].rpartition(parts[1])[0]


def _folded(word: str) -> str:
    return word[1:-1].replace('""', '"') if word.startswith('"') else word.casefold()
