"""When a change of a type's modifiers leaves every value as it is: the planner support of the length casts.

Facts: varchar_support, varbit_support, numeric_support, timestamp_support, time_support, interval_support.
"""

from collections.abc import Callable
from typing import Final

from pgkit.ir.types import Array, PgType, Scalar

_FIELDS: Final = ("second", "minute", "hour", "day", "month", "year")  # from the least on
_MICROSECONDS: Final = 6

Mods = tuple[str, ...]


def widens(old: PgType, new: PgType) -> bool:
    """Whether Postgres knows that no value of `old`, the same type but for modifiers, needs a change.

    An old type without modifiers may hold anything; of an array only a limit taken away is seen.
    """
    if isinstance(new, Array):
        return old == new or unlimited(new)
    if not isinstance(old, Scalar) or not isinstance(new, Scalar):
        return True
    if not new.mods or old.mods == new.mods:
        return True
    rule = _RULES.get(new.name)
    return rule is not None and rule(old.mods, new.mods)


def unlimited(type: PgType) -> bool:
    """Whether a type, or the elements of an array, have no modifiers."""
    while isinstance(type, Array):
        type = type.of
    return not (isinstance(type, Scalar) and type.mods)


def _longer(old: Mods, new: Mods) -> bool:
    return bool(old) and int(old[0]) <= int(new[0])


def _more_digits(old: Mods, new: Mods) -> bool:
    return len(old) == len(new) == 2 and old[1] == new[1] and int(old[0]) <= int(new[0])


def _finer(old: Mods, new: Mods) -> bool:
    return int(new[0]) >= _MICROSECONDS or _longer(old, new)


def _more_fields(old: Mods, new: Mods) -> bool:
    if _least(new) > _least(old):
        return False
    return _least(old) > 0 or _precision(new) >= _MICROSECONDS or _precision(new) >= _precision(old)


def _least(mods: Mods) -> int:
    fields = [m for m in mods if not m.isdigit()]
    return _FIELDS.index(fields[0].split()[-1]) if fields else 0


def _precision(mods: Mods) -> int:
    digits = [int(m) for m in mods if m.isdigit()]
    return digits[0] if digits else 2**16 - 1


_RULES: Final[dict[str, Callable[[Mods, Mods], bool]]] = {
    "character varying": _longer,
    "bit varying": _longer,
    "numeric": _more_digits,
    **{f"time{kind} {zone} time zone": _finer for kind in ("", "stamp") for zone in ("with", "without")},
    "interval": _more_fields,
}
