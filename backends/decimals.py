"""Bounds that SQL compares numbers with, in plain digits: `'-1.50'::numeric` is `-1.5`."""

import re
from decimal import Decimal
from struct import pack, unpack
from typing import Final, Literal

from pgkit.backends.constraints import Ordering
from pgkit.grammar.conditions import Condition, Const, To

Kind = Literal["int", "numeric", "float", "real", ""]

_DIGITS: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_INTS: Final = {"int2": 2**15, "int4": 2**31, "int8": 2**63}
_FLOATS: Final = ("float8", "float4")
_LONGEST: Final = 60  # digits; a literal is to be read


def bound(tree: Condition, kind: Kind) -> str | None:
    """The digits of a constant that a number of this kind is compared with, None if that is no such one."""
    casts: list[To] = []
    while isinstance(tree, To):
        casts.append(tree)
        tree = tree.arg
    if not isinstance(tree, Const) or tree.kind not in ("number", "string"):
        return None
    text = tree.text.strip()
    if not _DIGITS.fullmatch(text) or not all(_keeps(cast, Decimal(text), kind) for cast in casts):
        return None
    if not casts and tree.kind == "string" and not _fits_by_itself(Decimal(text), kind):
        return None
    found = _plain(Decimal(text))
    return found if len(found) <= _LONGEST else None


def _plain(number: Decimal) -> str:
    """All digits of a number, without an exponent; Decimal's own arithmetic would round to 28 of them."""
    found = format(number, "f")
    found = found.rstrip("0").removesuffix(".") if "." in found else found
    return "0" if found == "-0" else found.removeprefix("+")


def of_integers(op: Ordering, digits: str) -> tuple[Ordering, str] | None:
    """A comparison as whole numbers pass it: `> 1.5` is `>= 2`; None for one that says nothing."""
    number = Decimal(digits)
    whole = int(number.to_integral_value("ROUND_FLOOR"))
    if number == whole:
        return op, str(whole)
    match op:
        case "<" | "<=":
            return "<=", str(whole)
        case ">" | ">=":
            return ">=", str(whole + 1)
        case _:
            return None


def _keeps(cast: To, number: Decimal, kind: Kind) -> bool:
    """Whether a cast leaves a number what it is, and what it is compared with of its kind."""
    if cast.has_mods:
        return False
    if cast.type in _INTS:
        return number == int(number) and -_INTS[cast.type] <= number < _INTS[cast.type]
    if cast.type in _FLOATS:
        return kind in ("float", "real") and (cast.type == "float8" or _is_real(number))
    return cast.type == "numeric"


def _fits_by_itself(number: Decimal, kind: Kind) -> bool:
    """Whether a string without a type, which takes that of the value, is this number then."""
    return (kind != "int" or number == int(number)) and (kind != "real" or _is_real(number))


def _is_real(number: Decimal) -> bool:
    try:
        single: float = unpack("f", pack("f", float(number)))[0]
    except OverflowError:
        return False
    return Decimal(single) == number
