"""The extreme values of a column, as its JSON is: least, greatest, empty, every label, every Unicode plane.

    extremes(field.value)      each of them once
    distinct(field.value, n)   n of them, no two alike to an index, even over lower() or upper()

They are those of the every-type tables, cut to what a column's own modifiers let in.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain, count, islice
from typing import Any

from pgkit.backends.values import ArrayValue, EnumValue, ScalarValue, TextValue, Value
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Scalar
from tests.backends.samples import CONTRIB, SAMPLES, VECTORS

_TEXTS = ("text", "character varying", "citext", "name")
_INFINITE = {
    "date": ("4714-11-24 BC", "5874897-12-31"),
    "timestamp without time zone": ("4714-11-24T00:00:00 BC", "294276-12-31T23:59:59.999999"),
    "timestamp with time zone": ("4714-11-24T00:00:00Z BC", "294276-12-31T23:59:59.999999Z"),
}
"""The first and the last moment of Postgres's, which chrono does not hold, as text."""


def extremes(value: Value) -> list[Any]:
    """The extreme values of a type, in JSON."""
    match value:
        case EnumValue(enum):
            return [*enum.labels]
        case ArrayValue(of):
            elements = [e for e in extremes(of) if e is not None]
            return [[], elements, elements[:1]]
        case TextValue(Scalar(name), own=own) if own.infinity == "text":
            return ["-infinity", *_INFINITE[name], "infinity"]
        case ScalarValue(type) | TextValue(Scalar() as type):
            return _scalars(type)
        case _:
            raise TypeError(value)


def distinct(value: Value, number: int) -> list[Any]:
    """So many values of a type that a unique index takes them all, where it has so many."""
    found = {_folded(v): v for v in extremes(value)}
    if isinstance(value, ScalarValue):
        for more in islice(_more(value.type), number):
            found.setdefault(_folded(more), more)
    return [v for v, _ in zip(found.values(), range(number), strict=False)]


@cache
def _samples() -> dict[Scalar, list[Any]]:
    found: dict[Scalar, list[Any]] = {}
    for sample in (*SAMPLES, *VECTORS, *CONTRIB):
        type = parse_type(sample.type)
        assert isinstance(type, Scalar)
        found[type] = [wire for _, wire in sample.values]
    return found


def _scalars(type: Scalar) -> list[Any]:
    if type in _samples():
        return _samples()[type]
    bare = _samples().get(Scalar(type.name), [])
    match type.name, type.mods:
        case ("numeric", (precision, scale)):
            return _numerics(int(precision), int(scale))
        case ("character varying", (length,)):
            return [*dict.fromkeys(text[: int(length)] for text in bare)]
        case ("character", (length,)):
            return [text.ljust(int(length)) for text in ("", "ab", "\U0001f600")]
        case ("vector", (size,)):
            return [[v, *[0] * (int(size) - 1)] for v in (-1e19, 1e-19)] + [[0.1] * int(size)]
        case (name, (digits,)) if name.startswith("timestamp"):
            return [v for v in bare if not re.search(rf"\.\d{{{int(digits) + 1}}}", v)]
        case _:
            raise TypeError(type)


def _numerics(precision: int, scale: int) -> list[str]:
    """The greatest and the least, the least step, and nothing."""
    point = "." if scale else ""
    nines = "9" * (precision - scale) + point + "9" * scale
    zero = "0" + point + "0" * scale
    return [f"-{nines}", nines, zero, zero[:-1] + "1"]


def _folded(value: Any) -> str:
    """What values have in common that an index may take for one."""
    text = value.strip(" ").upper().lower() if isinstance(value, str) else str(value)
    return f"{type(value).__name__} {text}"


def _more(type: Scalar) -> chain[Any] | map[Any]:
    """Values of a type without end, of those types that can be unique."""
    numbers = count(101)  # above what a sequence gives meanwhile
    if type.name in _TEXTS:
        return map("v {}".format, numbers)
    if type.name == "character":
        return map("{:03}".format, numbers)
    if type.name == "uuid":
        return map("018f0c1e-9b7a-7c3d-8e21-{:012}".format, numbers)
    if type.name in ("smallint", "integer"):
        return chain(numbers)
    return map(str, numbers) if type.name == "bigint" else chain(())
