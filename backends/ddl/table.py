"""Tables, made with their columns and the constraints that CREATE TABLE can hold."""

from collections.abc import Iterator

from pgkit.backends.ddl.clauses import NOTHING, comment, parameters, words
from pgkit.backends.ddl.column import column_clause
from pgkit.backends.ddl.constraint import constraint_clauses
from pgkit.backends.ddl.emitter import Emitter
from pgkit.backends.ddl.statements import comment_changed, dropper, parameters_changed, renamer
from pgkit.ir.change import Alter
from pgkit.ir.constraints import Check, PrimaryKey, Unique
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from pgkit.sql import Ident, Sql, join, render, sql

_TABLE = Sql("TABLE")


def _create(ref: Ref, new: Table) -> Iterator[Sql]:
    columns = (c for c in new.columns if not (c.inherited and new.parents))
    lines = [*(column_clause(c, ref) for c in columns), *constraint_clauses(new)]
    body = join(",\n  ", lines)
    yield words(
        Sql("CREATE UNLOGGED TABLE" if new.unlogged else "CREATE TABLE"),
        sql("{name} (\n  {body}\n)", name=ref, body=body) if lines else sql("{name} ()", name=ref),
        sql("INHERITS ({parents})", parents=join(", ", new.parents)) if new.parents else NOTHING,
        sql("PARTITION BY {key}", key=Sql(new.partition_by)) if new.partition_by else NOTHING,
        parameters(new.storage),
    )
    if new.row_security:
        yield sql("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY", name=ref)
    if new.force_row_security:
        yield sql("ALTER TABLE {name} FORCE ROW LEVEL SECURITY", name=ref)
    yield from _comments(ref, new)


def _comments(ref: Ref, new: Table) -> Iterator[Sql]:
    yield from comment(_TABLE, Sql(render(ref)), new.comment)
    for column in new.columns:
        name = sql("{table}.{column}", table=ref, column=Ident(column.name))
        yield from comment(Sql("COLUMN"), name, column.comment)
    constraints: tuple[PrimaryKey | Unique | Check, ...] = (*new.primary_keys, *new.uniques, *new.checks)
    for c in constraints:
        on = sql("{name} ON {table}", name=Ident(c.name), table=ref)
        yield from comment(Sql("CONSTRAINT"), on, c.comment)


def _alter(change: Alter) -> Iterator[Sql]:
    old, new = change.old, change.new
    assert isinstance(old, Table)
    assert isinstance(new, Table)
    name = sql("{name}", name=change.ref)
    for action in _actions(old, new):
        yield sql("ALTER TABLE {name} {action}", name=name, action=action)
    yield from parameters_changed(_TABLE, name, old.storage, new.storage)
    yield from comment_changed(_TABLE, name, old, new)


def _actions(old: Table, new: Table) -> Iterator[Sql]:
    if old.unlogged != new.unlogged:
        yield Sql("SET UNLOGGED" if new.unlogged else "SET LOGGED")
    if old.row_security != new.row_security:
        yield Sql("ENABLE ROW LEVEL SECURITY" if new.row_security else "DISABLE ROW LEVEL SECURITY")
    if old.force_row_security != new.force_row_security:
        yield Sql("FORCE ROW LEVEL SECURITY" if new.force_row_security else "NO FORCE ROW LEVEL SECURITY")


EMITTER = Emitter(
    kind=Table,
    create=_create,
    drop=dropper(_TABLE),
    rename=renamer(_TABLE),
    alter=_alter,
    fields=frozenset(("unlogged", "row_security", "force_row_security", "storage", "comment")),
)
