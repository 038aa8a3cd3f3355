"""Columns: the clause that CREATE TABLE and ADD COLUMN take, and the columns of relations that are there."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, comment, words
from pgkit.backends.ddl.column_alter import alter
from pgkit.backends.ddl.emitter import Emitter
from pgkit.backends.ddl.identity import identity_clause
from pgkit.backends.ddl.statements import NOUNS, member_path
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column
from pgkit.sql import Ident, Sql, sql


def column_clause(column: Column, table: Ref | None = None) -> Sql:
    """A column as CREATE TABLE and ADD COLUMN take it, in `table` if that is known."""
    return words(
        sql("{name} {type}", name=Ident(column.name), type=column.type),
        sql("COLLATE {c}", c=column.collation) if column.collation else NOTHING,
        _value(column, table),
        NOTHING if column.nullable else Sql("NOT NULL"),
    )


def _value(column: Column, table: Ref | None) -> Sql:
    if column.identity is not None:
        return identity_clause(column, column.identity, table)
    if column.generated is not None:
        how = Sql("STORED" if column.generated.stored else "VIRTUAL")
        return sql("GENERATED ALWAYS AS ({expr}) {how}", expr=column.generated.expr, how=how)
    return sql("DEFAULT {e}", e=column.default) if column.default is not None else NOTHING


def _create(ref: Ref, new: Column) -> Iterator[Sql]:
    if new.inherited:
        return  # it comes with the parent's
    table = ref.owner or ref
    clause = column_clause(new, table)
    yield sql("ALTER TABLE {table} ADD COLUMN {clause}", table=table, clause=clause)
    yield from comment(Sql("COLUMN"), member_path(ref), new.comment)


def _drop(ref: Ref, old: Column) -> Iterator[Sql]:
    if not old.inherited:
        yield sql("ALTER TABLE {table} DROP COLUMN {column}", table=ref.owner or ref, column=ref)


def _rename(ref: Ref, to: Ref) -> Iterator[Sql]:
    if ref.member != to.member:
        noun, owner = NOUNS[ref.within], ref.owner or ref
        yield sql("ALTER {noun} {owner} RENAME COLUMN {old} TO {to}", noun=noun, owner=owner, old=ref, to=to)


EMITTER = Emitter(
    kind=Column,
    create=_create,
    drop=_drop,
    rename=_rename,
    alter=alter,
    fields=frozenset(("type", "nullable", "default", "identity", "generated", "collation", "comment")),
)
