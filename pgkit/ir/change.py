"""Four changes cover every kind of object."""

from attrs import frozen

from pgkit.ir.expr import Expr
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared


@frozen
class Create:
    """An object that is in `after` only, with its members."""

    ref: Ref
    new: Declared


@frozen
class Drop:
    """An object that is in `before` only, with its members."""

    ref: Ref
    old: Declared


@frozen
class Rename:
    """An object that goes by another name, in another schema perhaps, in `after`."""

    ref: Ref
    to: Ref


@frozen
class Alter:
    """An object whose own fields differ; its members are changes of their own.

    `using` is how the values of a column become those of its new type, where Postgres needs to be told.
    """

    ref: Ref
    old: Declared
    new: Declared
    using: Expr | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that differ."""
        return differing(self.old, self.new)


Change = Create | Drop | Rename | Alter


def differing(old: Declared, new: Declared) -> tuple[str, ...]:
    """The names of an object's own fields, members aside, in which two states of it differ."""
    names = fields_marked(type(new), Mark.ALTER, Mark.RECREATE)
    return tuple(f for f in names if getattr(old, f) != getattr(new, f))
