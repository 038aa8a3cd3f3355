"""Columns that `serial` says all of: an integer with a default that asks a sequence of its own."""

from pgkit.ir.catalog import Catalog
from pgkit.ir.expr import Opaque
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Sequence, sequence_options
from pgkit.ir.types import Scalar


def serials(catalog: Catalog) -> dict[Ref, Sequence]:
    """The sequences that go without saying, by their columns. Their names are no part of what serial says."""
    columns = {t.ref.of("column", c.name): c for t in catalog.tables for c in t.columns}
    owned = ((s.owned_by, s) for s in catalog.sequences if s.owned_by is not None)
    return {ref: s for ref, s in owned if ref in columns and _is_serial(columns[ref], s)}


def _is_serial(column: Column, sequence: Sequence) -> bool:
    own = Ref("sequence", sequence.schema, sequence.name)
    match sequence.type, column.default:
        case Scalar("integer" | "bigint" | "smallint" as name, (), ""), Opaque(_, (hole,)):
            plain = sequence.options == sequence_options(name) and not sequence.unlogged
            asks = hole.ref == own and not column.nullable and column.default.text[0].startswith("nextval(")
            return plain and asks and column.type == sequence.type
        case _:
            return False
