"""What the author of a change knows and a comparison cannot: what was called otherwise before."""

from collections.abc import Mapping

from attrs import field, frozen

from pgkit.diag import Span
from pgkit.ir.names import Ref


@frozen
class Hints:
    """Renames, and what becomes of rows with a removed enum label.

    A rename's left Ref is wholly in the names of `before`, its right one wholly in those of `after`: so
    their order does not matter, and two names can be swapped. A label is a member of its enum, of kind
    `enum_value`. In `labels` the left is a label of `before`, the right that of `after` that takes its rows.
    A string inside SQL is renamed with its label where it is surely one: where it is cast to the enum.
    """

    renames: tuple[tuple[Ref, Ref], ...] = ()
    labels: tuple[tuple[Ref, Ref], ...] = ()
    # Where each was written.
    places: Mapping[tuple[Ref, Ref], Span] = field(factory=dict, eq=False, repr=False)
