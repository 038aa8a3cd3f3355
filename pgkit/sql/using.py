"""The expressions of ALTER COLUMN TYPE ... USING.

Invariant: none loses a part of a value in silence. What does not fit is refused when it runs, so a length
is left to the assignment that follows: an explicit cast would cut the value.
"""

from collections.abc import Mapping
from functools import reduce
from types import MappingProxyType
from typing import Final

from attrs import evolve

from pgkit.ir.casts import Casts, Conversion, is_json, is_number, is_text, type_key
from pgkit.ir.expr import Cast, Expr, Hole, Opaque
from pgkit.ir.names import Ref
from pgkit.ir.types import Array, PgType, Scalar, element
from pgkit.sql.text import literal

_NO_LABELS: Final[Mapping[str, str]] = MappingProxyType({})
_NO_LENGTH: Final = {"character": "bpchar", "bit": "bit varying"}
_REALS: Final = Array(Scalar("real"))
# What a value is cast to first; an assignment takes it from there.
_STEPS: Final = {"vector": (_REALS,), "halfvec": (_REALS,), "sparsevec": (Scalar("vector"), _REALS)}


def using(
    old: PgType, new: PgType, column: Ref, casts: Casts, labels: Mapping[str, str] = _NO_LABELS
) -> Expr | None:
    """The expression that takes a column to its new type; None where Postgres needs none.

    `labels` are what the removed labels of an enum become; none of them is itself replaced.
    """
    value = Opaque(("", ""), (Hole(column),))
    a, b = casts.base(old), casts.base(new)
    if labels:
        return Cast(_relabelled(value, labels, array=isinstance(a, Array)), new)
    direct = casts.direct(old, new)
    if direct is Conversion.ASSIGNMENT:
        return None
    if direct is None or _becomes_element(a, b):
        return _through(a, b, new, value, casts)
    return Cast(value, _without_length(b, new) if is_text(element(a)) else new)


def _through(a: PgType, b: PgType, new: PgType, value: Opaque, casts: Casts) -> Expr:
    """`value` of a type as one to which no cast leads, or as one that is assigned to it."""
    if is_json(b):
        return _around(f"to_{type_key(b)}(", value, ")")
    if is_number(a) and type_key(b) == "boolean":
        return _around("", value, " <> 0")
    if steps := _steps(a, b):
        start: Expr = value
        return reduce(Cast, steps, start)
    if isinstance(b, Array) and _becomes_element(a, b):
        return _wrapped(value, casts.direct(a, b.of), _without_length(b, new))
    if is_json(a) and not isinstance(b, Array):
        return Cast(_around("(", value, " #>> '{}')"), _without_length(b, new))
    both = isinstance(a, Array) and isinstance(b, Array)
    return Cast(Cast(value, Array(Scalar("text")) if both else Scalar("text")), _without_length(b, new))


def _becomes_element(a: PgType, b: PgType) -> bool:
    """A text may be an array's in braces, but seldom is; a json array never is."""
    return isinstance(b, Array) and not isinstance(a, Array) and not is_json(a)


def _steps(a: PgType, b: PgType) -> tuple[PgType, ...]:
    """The casts to what is assigned to `b`."""
    if type_key(a) == "boolean" and is_number(b):
        return (Scalar("integer"),)
    if {type_key(a), type_key(b)} > {"money"} and (is_number(a) or is_number(b)):
        return (Scalar("numeric"),)
    return _STEPS.get(type_key(a), ()) if isinstance(b, Array) and is_number(b.of) else ()


def _wrapped(value: Opaque, element: Conversion | None, new: PgType) -> Expr:
    """An array of the one value; null stays null."""
    one = _around("", value, "::text" if element is None else "")
    text = (f"(CASE WHEN {one.text[0]}", f" IS NOT NULL THEN ARRAY[{one.text[0]}", f"{one.text[1]}] END)")
    array = Opaque(text, value.holes * 2)
    return array if element is Conversion.ASSIGNMENT else Cast(array, new)


def _relabelled(value: Opaque, labels: Mapping[str, str], *, array: bool) -> Opaque:
    """The text of an enum's value, or of an array of them, with removed labels replaced by kept ones."""
    pairs = [(literal(old), literal(new)) for old, new in labels.items()]
    if array:
        return _around(
            "array_replace(" * len(pairs), value, "::text[]" + "".join(f", {a}, {b})" for a, b in pairs)
        )
    whens = "".join(f" WHEN {a} THEN {b}" for a, b in pairs)
    text = ("(CASE ", f"::text{whens} ELSE ", "::text END)")
    return Opaque(text, value.holes * 2)


def _around(before: str, value: Opaque, after: str) -> Opaque:
    return Opaque((before + value.text[0], value.text[1] + after), value.holes)


def _without_length(base: PgType, new: PgType) -> PgType:
    """`new`, or its base type without the length that an explicit cast would cut to."""
    free = _freed(base)
    return new if free == base else free


def _freed(type: PgType) -> PgType:
    match type:
        case Array(of):
            return evolve(type, of=_freed(of))
        case Scalar("character" | "character varying" | "bit" | "bit varying" as name, _, ""):
            return Scalar(_NO_LENGTH.get(name, name))
        case _:
            return type
