"""What a condition asks of a value, and what AND, OR and NOT make of that."""

from typing import Final, Literal, assert_never

from attrs import evolve

from pgkit.backends.constraints import Constraint, Either, Listed, Matches, Ordered, Ordering, Sized
from pgkit.backends.regexes import DIGITS

Found = tuple[Constraint, ...] | Literal["always", "never", "unknown"]
"""Constraints that must all hold; or whether any value passes, if that can be told."""

_OPPOSITE: Final[dict[Ordering, Ordering]] = {
    **{"<": ">=", ">=": "<", ">": "<=", "<=": ">"},
    **{"=": "<>", "<>": "="},
}


def all_of(parts: list[Found]) -> Found:
    """What AND makes of them."""
    if "never" in parts:
        return "never"
    if "unknown" in parts:
        return "unknown"
    found = tuple(c for part in parts if isinstance(part, tuple) for c in part)
    return found or "always"


def any_of(parts: list[Found]) -> Found:
    """What OR makes of them."""
    if "always" in parts:
        return "always"
    if "unknown" in parts:
        return "unknown"
    found = tuple(part for part in parts if isinstance(part, tuple))
    return found[0] if len(found) == 1 else (Either(found),) if found else "never"


def none_of(found: Found) -> Found:
    """What NOT makes of it."""
    match found:
        case "always":
            return "never"
        case "never":
            return "always"
        case "unknown":
            return found
        case _:
            return any_of([_opposite(one) for one in found])


def _opposite(constraint: Constraint) -> Found:
    match constraint:
        case Ordered(op) | Sized(op, or_empty=False):
            return (evolve(constraint, op=_OPPOSITE[op]),)
        case Listed(negated=negated):
            return (evolve(constraint, negated=not negated),)
        case Matches(regex, negated) if DIGITS not in regex:
            return (evolve(constraint, negated=not negated),)
        case Either(of):
            return all_of([any_of([_opposite(one) for one in together]) for together in of])
        case Matches() | Sized():
            return "unknown"
        case _:
            assert_never(constraint)
