"""What a check asks of a value that is not null, in terms that any language has."""

from typing import Literal

from attrs import frozen

Ordering = Literal["<", "<=", ">", ">=", "=", "<>"]
Seen = Literal["whole", "unpadded", "trimmed"]
"""A text as it is, without the spaces that pad a `char(n)`, or without those at both ends."""


@frozen
class Ordered:
    """A number compared with a bound, in digits."""

    op: Ordering
    bound: str


@frozen
class Sized:
    """How many characters a text has, or items an array; where `or_empty`, an empty array passes, too."""

    op: Ordering
    count: int
    seen: Seen = "whole"
    or_empty: bool = False


@frozen
class Listed:
    """A text that is one of some, or is none of them."""

    values: tuple[str, ...]
    negated: bool = False
    seen: Seen = "whole"


@frozen
class Matches:
    """A text that a regular expression of JavaScript's matches, or does not."""

    regex: str
    negated: bool = False
    seen: Seen = "whole"


@frozen
class Either:
    """Constraints of which one must hold, each a list of those that must hold together."""

    of: "tuple[tuple[Constraint, ...], ...]"


Constraint = Ordered | Sized | Listed | Matches | Either
