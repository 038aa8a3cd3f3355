"""Postgres types: a scalar with a row in SCALARS, an array, or a type that the catalog declares."""

from attrs import field, frozen

from pgkit.ir.names import Ref
from pgkit.ir.scalars import ROWS, UNKNOWN_ROW, ScalarRow


@frozen
class Scalar:
    """A built-in or extension type by its canonical name (format_type's), with its modifiers.

    `schema` is empty for types of pg_catalog and of known extensions; a type that pgkit does not know
    keeps its schema, so that its name is never lost. `mods` are the texts between the parentheses.
    """

    name: str
    mods: tuple[str, ...] = ()
    schema: str = ""

    @property
    def row(self) -> ScalarRow:
        """What is known of the type; its shape is UNKNOWN when nothing is."""
        return UNKNOWN_ROW if self.schema else ROWS.get(self.name, UNKNOWN_ROW)


@frozen
class Array:
    """An array. Postgres does not enforce the declared dimensions, so they are no part of equality."""

    of: "PgType"
    dims: int = field(default=1, eq=False)


@frozen
class Named:
    """An enum, domain, composite, range or multirange of this catalog, or a table's row type."""

    ref: Ref


PgType = Scalar | Array | Named


def element(type: PgType) -> PgType:
    """The type inside an array, or the type itself."""
    return type.of if isinstance(type, Array) else type
