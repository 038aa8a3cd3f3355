"""Sequences that are new to a column with rows: they go on from there, so that no number is given twice.

setval() is strict: where there is no row there is no maximum, and nothing happens.
"""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import number
from pgkit.backends.ddl.sequence import sequence_type
from pgkit.ir.expr import Expr, Lit, Opaque
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Identity, sequence_options
from pgkit.ir.types import Scalar
from pgkit.sql import Sql, render, sql

_INTEGERS = ("smallint", "integer", "bigint")


def continued(table: Ref, old: Column, new: Column) -> Iterator[Sql]:
    """The statement for a column that becomes an identity, or takes its default from another sequence."""
    if new.identity is not None and old.identity is None:
        yield _identity(table, new, new.identity)
    sequence = _drawn_from(new.default)
    if sequence is not None and sequence != _drawn_from(old.default) and _is_integer(new):
        yield _drawn(table, new, sequence)


def _identity(table: Ref, column: Column, identity: Identity) -> Sql:
    return sql(
        "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence({table_text}, {column_text}), "
        "pg_catalog.{last}({column})) FROM {table} WHERE {given}",
        table_text=Lit("string", render(table)),
        column_text=Lit("string", column.name),
        last=Sql("max" if identity.options.increment > 0 else "min"),
        column=table.of("column", column.name),
        table=table,
        given=_given(table, column, identity),
    )


def _given(table: Ref, column: Column, identity: Identity) -> Sql:
    """The values that the sequence would come to: past its start, up to its own limit."""
    options, name = identity.options, table.of("column", column.name)
    usual = sequence_options(sequence_type(column.type), increment=options.increment)
    start = number(options.start)
    if options.increment > 0:
        end = number(options.max_value)
        if options.max_value == usual.max_value:
            return sql("{name} >= {start}", name=name, start=start)
        return sql("{name} BETWEEN {start} AND {end}", name=name, start=start, end=end)
    end = number(options.min_value)
    if options.min_value == usual.min_value:
        return sql("{name} <= {start}", name=name, start=start)
    return sql("{name} BETWEEN {end} AND {start}", name=name, start=start, end=end)


def _drawn(table: Ref, column: Column, sequence: Ref) -> Sql:
    """For a default of nextval('q'): q is another object, and may be in use; it is moved up, never down."""
    return sql(
        "SELECT pg_catalog.setval({text}, pg_catalog.max({column})) FROM {table} "
        "WHERE {column} BETWEEN (SELECT last_value FROM {sequence}) AND (SELECT seqmax "
        "FROM pg_catalog.pg_sequence WHERE seqrelid = {text}::pg_catalog.regclass AND seqincrement > 0)",
        text=Lit("string", render(sequence)),
        column=table.of("column", column.name),
        table=table,
        sequence=sequence,
    )


def _drawn_from(default: Expr | None) -> Ref | None:
    """The sequence of a default that is its next value and nothing else."""
    match default:
        case Opaque((before, _), (hole,)) if before.endswith("nextval('") and "(" not in before[:-2]:
            return hole.ref
        case _:
            return None


def _is_integer(column: Column) -> bool:
    return isinstance(column.type, Scalar) and column.type.name in _INTEGERS
