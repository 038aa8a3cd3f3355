"""What `serial` stands for: an integer, a sequence that belongs to it, and a default that asks the sequence.

The manual, 8.1.4. The names and the spelling of the default are those that Postgres gives.
"""

from attrs import evolve

from pgkit.ir.expr import opaque
from pgkit.ir.names import Ref, column, object_name
from pgkit.ir.relations import Column, Sequence, sequence_options
from pgkit.ir.types import Scalar
from pgkit.sql.text import render


def sequence_of(table: Ref, name: str, type: str, taken: set[tuple[str, str]]) -> Sequence:
    """The sequence that Postgres makes for a serial column; its name is added to those `taken`."""
    label, count = "seq", 0
    while (table.schema, object_name(table.name, name, label)) in taken:
        count += 1
        label = f"seq{count}"
    sequence = object_name(table.name, name, label)
    taken.add((table.schema, sequence))
    return Sequence(
        schema=table.schema,
        name=sequence,
        type=Scalar(type),
        options=sequence_options(type),
        owned_by=column(table, name),
    )


def with_nextval(old: Column, sequence: Sequence) -> Column:
    """The column with the default that asks its sequence."""
    name = render(Ref("sequence", sequence.schema, sequence.name)).replace("'", "''")
    return evolve(old, nullable=False, default=opaque(f"nextval('{name}'::regclass)"))
