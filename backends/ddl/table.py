"""CREATE TABLE with its columns and the constraints that it can hold."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, comment, parameters, sequence, words
from pgkit.backends.ddl.constraint import constraint_clauses
from pgkit.backends.ddl.emitter import Emitter
from pgkit.ir.constraints import Check, PrimaryKey, Unique
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Identity, Table
from pgkit.ir.types import Scalar
from pgkit.sql import Ident, Sql, join, render, sql


def column_clause(column: Column) -> Sql:
    """A column as CREATE TABLE and ADD COLUMN take it."""
    return words(
        sql("{name} {type}", name=Ident(column.name), type=column.type),
        sql("COLLATE {c}", c=column.collation) if column.collation else NOTHING,
        _value(column),
        NOTHING if column.nullable else Sql("NOT NULL"),
    )


def _value(column: Column) -> Sql:
    if column.identity is not None:
        return _identity(column, column.identity)
    if column.generated is not None:
        how = Sql("STORED" if column.generated.stored else "VIRTUAL")
        return sql("GENERATED ALWAYS AS ({expr}) {how}", expr=column.generated.expr, how=how)
    return sql("DEFAULT {e}", e=column.default) if column.default is not None else NOTHING


def _identity(column: Column, identity: Identity) -> Sql:
    when = Sql("ALWAYS" if identity.always else "BY DEFAULT")
    type = column.type.name if isinstance(column.type, Scalar) else "bigint"
    name = sql("SEQUENCE NAME {s}", s=identity.sequence) if identity.sequence else NOTHING
    options = words(name, sequence(identity.options, type))
    within = sql(" ({options})", options=options) if options.text else NOTHING
    return sql("GENERATED {when} AS IDENTITY{within}", when=when, within=within)


def _create(ref: Ref, new: Table) -> Iterator[Sql]:
    lines = [*(column_clause(c) for c in new.columns), *constraint_clauses(new)]
    body = join(",\n  ", lines)
    yield words(
        Sql("CREATE UNLOGGED TABLE" if new.unlogged else "CREATE TABLE"),
        sql("{name} (\n  {body}\n)", name=ref, body=body) if lines else sql("{name} ()", name=ref),
        parameters(new.storage),
    )
    if new.row_security:
        yield sql("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY", name=ref)
    if new.force_row_security:
        yield sql("ALTER TABLE {name} FORCE ROW LEVEL SECURITY", name=ref)
    yield from _comments(ref, new)


def _comments(ref: Ref, new: Table) -> Iterator[Sql]:
    yield from comment(Sql("TABLE"), Sql(render(ref)), new.comment)
    for column in new.columns:
        name = sql("{table}.{column}", table=ref, column=Ident(column.name))
        yield from comment(Sql("COLUMN"), name, column.comment)
    constraints: tuple[PrimaryKey | Unique | Check, ...] = (*new.primary_keys, *new.uniques, *new.checks)
    for c in constraints:
        on = sql("{name} ON {table}", name=Ident(c.name), table=ref)
        yield from comment(Sql("CONSTRAINT"), on, c.comment)


EMITTER = Emitter(kind=Table, create=_create)
