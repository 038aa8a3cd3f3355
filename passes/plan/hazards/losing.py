"""What a change of type cuts off or rounds without a word, and what it reads in the session's time zone."""

from collections.abc import Callable
from typing import Final

from pgkit.ir.cast_lengths import widens
from pgkit.ir.casts import Casts, is_number, type_key
from pgkit.ir.types import Array, PgType, Scalar

_STAMP: Final = "timestamp without time zone"
_STAMPTZ: Final = "timestamp with time zone"
_TIMES: Final = frozenset(("time without time zone", "time with time zone"))
_WHOLE: Final = frozenset(("smallint", "integer", "bigint"))
_FLOATS: Final = ("real", "double precision")
# How many decimal digits are kept.
_EXACT: Final = {"smallint": 5, "integer": 10, "bigint": 19, "real": 6, "double precision": 15}
_ZONED: Final = frozenset(
    {(_STAMP, _STAMPTZ), (_STAMPTZ, _STAMP), ("date", _STAMPTZ), (_STAMPTZ, "date")}
    | {(_STAMPTZ, time) for time in _TIMES}
)


def lossy(old: PgType, new: PgType, casts: Casts) -> str | None:
    """What some values lose that the change does not refuse; None when all come out as they were."""
    a, b = casts.base(old), casts.base(new)
    if isinstance(a, Array) and isinstance(b, Array):
        return lossy(a.of, b.of, casts)
    if not isinstance(a, Scalar) or not isinstance(b, Scalar):
        return None
    return next((text for text, loses in _LOSSES if loses(a, b)), None)


def zoned(old: PgType, new: PgType, casts: Casts) -> bool:
    """Whether the values come out otherwise in another time zone."""
    a, b = casts.base(old), casts.base(new)
    while isinstance(a, Array) and isinstance(b, Array):
        a, b = casts.base(a.of), casts.base(b.of)
    return (type_key(a), type_key(b)) in _ZONED


def _rounds(a: Scalar, b: Scalar) -> bool:
    if not is_number(a) or not is_number(b) or (a.name in _WHOLE and b.name in _WHOLE):
        return False
    if b.name in _WHOLE:
        return _decimals(a) != 0
    if b.name == "numeric":
        digits = _decimals(a)
        return bool(b.mods) and (digits is None or digits > int(b.mods[1]))
    return b.name in _FLOATS and _digits(a) > _EXACT[b.name]


def _decimals(type: Scalar) -> int | None:
    """How many digits stand after the point at most; None when it is open."""
    if type.name in _WHOLE:
        return 0
    return int(type.mods[1]) if type.mods else None


def _digits(type: Scalar) -> float:
    if type.name == "numeric":
        return int(type.mods[0]) if type.mods else float("inf")
    return _EXACT[type.name]


def _coarser(a: Scalar, b: Scalar) -> bool:
    timed = ("timestamp", "time ", "interval")
    return a.name.startswith(timed) and b.name.startswith(timed) and bool(b.mods) and not widens(_as(a, b), b)


def _as(a: Scalar, b: Scalar) -> Scalar:
    return Scalar(b.name, tuple(m for m in a.mods if b.name == "interval" or m.isdigit()))


def _pair(*pairs: tuple[str, str]) -> Callable[[Scalar, Scalar], bool]:
    return lambda a, b: (a.name, b.name) in pairs


def _from_stamp(*new: str) -> Callable[[Scalar, Scalar], bool]:
    return lambda a, b: a.name in (_STAMP, _STAMPTZ) and b.name in new


_LOSSES: Final[tuple[tuple[str, Callable[[Scalar, Scalar], bool]], ...]] = (
    ("rounds numbers", _rounds),
    ("drops the time of day", _from_stamp("date")),
    ("drops the date", _from_stamp(*_TIMES)),
    ("drops the time zone", _pair(("time with time zone", "time without time zone"))),
    ("drops days", _pair(("interval", "time without time zone"))),
    ("drops the host", _pair(("inet", "cidr"))),
    ("cuts text after 63 bytes", lambda a, b: b.name == "name" and a.name != "name"),
    ("keeps one byte of text", lambda a, b: b.name == '"char"' and a.name != '"char"'),
    ("rounds times", _coarser),
)
