"""Result sets: what each one selects, and its rows as typed tuples.

Every value travels as text, in arrays of text: one statement can carry result sets of any shape, and no
client ever meets a type that it would have to look up.
"""

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from attrs import field, frozen

from pgkit.ir.expr import Opaque, opaque

R = TypeVar("R", bound=tuple[Any, ...])
Ints = tuple[int, ...]
Texts = tuple[str, ...]
Text = list[str | None]


@frozen
class Raw:
    """What was read: the server's version number, and the rows of each result set as text."""

    version: int
    sets: Mapping[str, list[Text]] = field(factory=dict)

    @property
    def postgres(self) -> int:
        """The major version."""
        return self.version // 10000


@frozen
class Query(Generic[R]):
    """One result set: a SQL expression for each field of `row`, and where they come from."""

    tag: str
    row: type[R]
    source: str
    columns: Mapping[str, str]

    def sql(self) -> str:
        """The query as one arm of the union of all."""
        columns = ", ".join(f"({self.columns[name]})::pg_catalog.text" for name in self.row._fields)  # type: ignore[attr-defined]
        return f"SELECT '{self.tag}'::pg_catalog.text, ARRAY[{columns}] FROM {self.source}"


def select(tag: str, row: type[R], source: str, **columns: str) -> Query[R]:
    """A query whose keywords are the fields of `row`."""
    return Query(tag, row, source, columns)


def rows(raw: Raw, query: Callable[[int], Query[R]]) -> list[R]:
    """The rows of one result set, each value as the field of its row is annotated."""
    found = query(raw.version)
    columns = zip(*raw.sets.get(found.tag, ()), strict=True)
    hints = get_type_hints(found.row).values()
    typed = [_column(hint, texts) for hint, texts in zip(hints, columns, strict=False)]
    make: Callable[[Iterable[Any]], R] = found.row._make  # type: ignore[attr-defined]
    return list(map(make, zip(*typed, strict=True)))


def _column(hint: Any, texts: Iterable[str | None]) -> Iterable[Any]:
    optional = isinstance(hint, UnionType) and NoneType in get_args(hint)
    convert = CONVERT[get_args(hint)[0] if optional else hint]
    if convert is None:
        return texts
    if optional:
        return [None if text is None else convert(text) for text in texts]
    return map(convert, texts)


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: among so many small values that all stay, it doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def expression(text: str) -> Opaque:
    """An expression as the server prints it, but for the line break that stands before a CASE."""
    return opaque(text.strip())


def optional(text: str | None) -> Opaque | None:
    """An expression, where there is one."""
    return None if text is None else expression(text)


@lru_cache(maxsize=4096)
def _ints(text: str | None) -> Ints:
    """The numbers of an int2vector, `1 2`, or of an array, `{1,2}`."""
    return tuple(map(int, text.strip("{}").replace(",", " ").split())) if text else ()


def _texts(text: str | None) -> Texts:
    return tuple(json.loads(text)) if text else ()


CONVERT: dict[Any, Callable[[Any], Any] | None] = {
    str: None,
    int: int,
    float: float,
    bool: "true".__eq__,
    Ints: _ints,
    Texts: _texts,
}
