"""Writes a column that takes its numbers from a sequence of its own as `serial`.

id integer not null default nextval(sequence "")   sequence "" owned by t.id   =>   id serial
"""

from typing import Final

import attrs

from pgkit.ir.catalog import Catalog
from pgkit.ir.expr import Opaque
from pgkit.ir.names import Ref, object_name
from pgkit.ir.relations import Column, Sequence, Table, sequence_options
from pgkit.ir.types import Scalar
from pgkit.ir.walk import map_refs

SERIALS: Final = {"integer": "serial", "bigint": "bigserial", "smallint": "smallserial"}


def with_serials(catalog: Catalog) -> Catalog:
    """The catalog with its unnamed sequences as `serial` columns; a name for those that say more."""
    unnamed: dict[Ref | None, Sequence] = {
        s.owned_by: s for s in catalog.sequences if not s.name and s.owned_by is not None
    }
    if not unnamed:
        return catalog
    written: set[Ref] = set()
    tables = tuple(_table(t, unnamed, written) for t in catalog.tables)
    sequences = tuple(
        _with_name(s) for s in catalog.sequences if s.name or s.owned_by is None or s.owned_by not in written
    )
    return attrs.evolve(catalog, tables=tables, sequences=sequences)


def _table(table: Table, unnamed: dict[Ref | None, Sequence], written: set[Ref]) -> Table:
    columns = []
    for column in table.columns:
        ref = table.ref.of("column", column.name)
        sequence = unnamed.get(ref)
        if sequence is not None and _is_serial(column, sequence):
            written.add(ref)
            column = attrs.evolve(column, type=Scalar(SERIALS[sequence.type.name]), default=None)  # type: ignore[union-attr]
        elif sequence is not None:
            column = _renamed(column, sequence)
        columns.append(column)
    return attrs.evolve(table, columns=tuple(columns))


def _is_serial(column: Column, sequence: Sequence) -> bool:
    """Whether `serial` says all that there is to say."""
    own = Ref("sequence", sequence.schema, sequence.name)
    match sequence.type, column.default:
        case Scalar(name, (), ""), Opaque(("nextval('", "'::regclass)"), (hole,)):
            plain = sequence == attrs.evolve(
                sequence, options=sequence_options(name), unlogged=False, comment=None
            )
            return plain and name in SERIALS and column.type == sequence.type and (
                hole.ref == own and hole.form == "literal" and not column.nullable
            )  # fmt: skip
        case _:
            return False


def _with_name(sequence: Sequence) -> Sequence:
    if sequence.name or sequence.owned_by is None:
        return sequence
    return attrs.evolve(sequence, name=object_name(sequence.owned_by.name, sequence.owned_by.member, "seq"))


def _renamed(column: Column, sequence: Sequence) -> Column:
    old, new = (Ref("sequence", sequence.schema, s.name) for s in (sequence, _with_name(sequence)))
    return attrs.evolve(column, default=map_refs(column.default, lambda ref: new if ref == old else ref))
