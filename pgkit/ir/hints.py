"""What the author of a change knows and a comparison cannot: what was called otherwise before."""

from attrs import frozen

from pgkit.ir.names import Ref


@frozen
class Hints:
    """Renames: the left Ref wholly in the names of `before`, the right wholly in those of `after`.

    So their order does not matter, and two names can be swapped.
    """

    renames: tuple[tuple[Ref, Ref], ...] = ()
