"""Identity columns: the clause that makes one, and the sequence inside it."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, words
from pgkit.backends.ddl.sequence import (
    fits,
    into_bounds,
    options_changed,
    options_clause,
    restarts,
    sequence_type,
    with_type,
)
from pgkit.ir.names import Ref, object_name
from pgkit.ir.relations import Column, Identity, SequenceOptions
from pgkit.sql import Sql, render, sql


def identity_clause(column: Column, identity: Identity, table: Ref | None = None) -> Sql:
    """GENERATED ... AS IDENTITY; its sequence goes unnamed where Postgres names it so in `table`."""
    options = words(
        _sequence_name(column, identity, table), options_clause(identity.options, sequence_type(column.type))
    )
    within = sql(" ({options})", options=options) if options.text else NOTHING
    return sql("GENERATED {when} AS IDENTITY{within}", when=_when(identity), within=within)


def _sequence_name(column: Column, identity: Identity, table: Ref | None) -> Sql:
    sequence = identity.sequence
    if sequence is None or (table is not None and sequence == _implied(table, column)):
        return NOTHING
    return sql("SEQUENCE NAME {s}", s=sequence)


def _implied(table: Ref, column: Column) -> Ref:
    return Ref("sequence", table.schema, object_name(table.name, column.name, "seq"))


def _when(identity: Identity) -> Sql:
    return Sql("ALWAYS" if identity.always else "BY DEFAULT")


def goes_first(old: Column, new: Column) -> bool:
    """Whether the sequence must be altered before its column's type, which would not hold its numbers."""
    if old.identity is None or new.identity is None:
        return False
    return not fits(_with_type(old, old.identity, new), sequence_type(new.type))


def _with_type(old: Column, identity: Identity, new: Column) -> SequenceOptions:
    return with_type(identity.options, sequence_type(old.type), sequence_type(new.type))


def identity_changed(table: Ref, old: Column, new: Column) -> Iterator[Sql]:
    """The statements for an identity column that stays one: when it generates, and its sequence's options."""
    if old.identity is None or new.identity is None:
        return
    before = old.identity.options if goes_first(old, new) else _with_type(old, old.identity, new)
    after = new.identity.options
    clauses = [sql("SET {clause}", clause=clause) for clause in options_changed(before, after)]
    if old.identity.always != new.identity.always:
        clauses.insert(0, sql("SET GENERATED {when}", when=_when(new.identity)))
    if restarts(old.identity.options, after):
        clauses.append(Sql("RESTART"))
    if clauses:
        yield from into_bounds(_sequence(table, old, old.identity), old.identity.options, after)
        yield sql(
            "ALTER TABLE {table} ALTER COLUMN {column} {clauses}",
            table=table,
            column=table.of("column", new.name),
            clauses=words(*clauses),
        )


def _sequence(table: Ref, column: Column, identity: Identity) -> Sql:
    """The sequence of a column: it is always in the schema of the table, and moves with it."""
    name = identity.sequence.name if identity.sequence else _implied(table, column).name
    return Sql(render(Ref("sequence", table.schema, name)))
