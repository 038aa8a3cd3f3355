"""Primary keys, unique constraints and indexes over rows that are there."""

from collections.abc import Iterator

from pgkit.ir.change import Change, Create
from pgkit.ir.constraints import Index, IndexKey, PrimaryKey, Unique
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard
from pgkit.ir.relations import Column, Table
from pgkit.ir.walk import refs_in
from pgkit.passes.plan.hazards import queries
from pgkit.passes.plan.hazards.defaults import is_volatile
from pgkit.passes.plan.hazards.ground import Ground
from pgkit.passes.plan.hazards.words import SHARE, blocks_reads, blocks_writes, listed, may_fail
from pgkit.sql import Sql, sql

_UNTIL = "while the index is built"


def key(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """ADD PRIMARY KEY or UNIQUE builds an index that no two rows share a key of."""
    match change:
        case Create(ref, PrimaryKey() | Unique() as new) if (table := ref.owner) and ground.has_rows(table):
            yield blocks_reads((table,), _UNTIL)
            distinct = isinstance(new, Unique) and not new.nulls_not_distinct
            required = isinstance(new, PrimaryKey)
            yield from _duplicates(table, new.columns, distinct=distinct, required=required, ground=ground)


def index(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """CREATE INDEX lets nobody write meanwhile; a unique one may find two rows with one key."""
    match change:
        case Create(ref, Index() as new) if (table := ref.owner) and ground.has_rows(table):
            yield blocks_writes(SHARE, (table,), _UNTIL)
            if new.unique:
                yield from _unique_index(table, new, ground)


def exclusion(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """An exclusion constraint, or one over periods, builds an index that refuses rows in conflict."""
    match change:
        case Create(ref, Unmodelled(kind="exclude" | "temporal_constraint") as new):
            table = Ref("table", new.schema, new.name)
            if ground.has_rows(table):
                yield blocks_reads((table,), _UNTIL)
                yield may_fail(f"on rows of {table} that {ref.member} lets only one of stand")


def _unique_index(table: Ref, new: Index, ground: Ground) -> Iterator[Hazard]:
    columns = [k.column for k in new.keys if k.column is not None]
    if new.where is None and len(columns) == len(new.keys):
        yield from _duplicates(
            table, tuple(columns), distinct=not new.nulls_not_distinct, required=False, ground=ground
        )
        return
    known = ground.was_so(refs_in((new.keys, new.where)))
    yield may_fail(
        f"on rows of {table} with the same key", _index_query(table, new, ground) if known else None
    )


def _index_query(table: Ref, new: Index, ground: Ground) -> str:
    keys = [_key(ground.first(k)) for k in new.keys]
    where = [sql("({e})", e=ground.first(new.where))] if new.where is not None else []
    given = [] if new.nulls_not_distinct else [sql("{k} IS NOT NULL", k=k) for k in keys]
    return queries.duplicates(ground.called(table), keys, (*where, *given))


def _key(key: IndexKey) -> Sql:
    return sql("({e})", e=key.expr) if key.expr is not None else sql("{c}", c=key.column or Sql(""))


def _duplicates(
    table: Ref, columns: tuple[Ref, ...], *, distinct: bool, required: bool, ground: Ground
) -> Iterator[Hazard]:
    """`distinct`: nulls are no duplicates of each other; `required`: there must be none."""
    if _unique_already(table, columns, distinct, ground) or _unique_when_added(columns, ground):
        return
    nullable = [c for c in columns if getattr(ground.before.get(c), "nullable", True)]
    none = " or with none" if required and nullable else ""
    message = f"on rows of {table} with the same {listed(c.member for c in columns)}{none}"
    if not ground.was_so(columns):
        yield may_fail(message)
        return
    first = [sql("{c}", c=ground.called(c)) for c in columns]
    missing = [queries.null(ground.called(c)) for c in nullable] if required else []
    given = [queries.present(ground.called(c)) for c in nullable] if distinct else []
    yield may_fail(message, queries.duplicates(ground.called(table), first, given, missing))


def _unique_already(table: Ref, columns: tuple[Ref, ...], distinct: bool, ground: Ground) -> bool:
    """Whether some of the columns are unique in the rows that are there, and keep their type."""
    old = ground.table(table)
    if old is None or not ground.was_so(columns):
        return False
    return any(_covers(found, columns, distinct, ground) for found in _uniqueness(old))


def _uniqueness(table: Table) -> Iterator[tuple[tuple[Ref, ...], bool]]:
    """Column sets that are unique, and whether nulls count as equal there."""
    yield from ((k.columns, True) for k in table.primary_keys)
    yield from ((u.columns, u.nulls_not_distinct) for u in table.uniques)
    for index in table.indexes:
        columns = tuple(k.column for k in index.keys if k.column is not None)
        if index.unique and index.where is None and len(columns) == len(index.keys):
            yield columns, index.nulls_not_distinct


def _covers(
    found: tuple[tuple[Ref, ...], bool], columns: tuple[Ref, ...], distinct: bool, ground: Ground
) -> bool:
    had, equal_nulls = found
    some_null = any(getattr(ground.before.get(c), "nullable", True) for c in had)
    return set(had) <= set(columns) and (equal_nulls or distinct or not some_null)


def _unique_when_added(columns: tuple[Ref, ...], ground: Ground) -> bool:
    """Whether a column that the plan adds is null in every row, or another value in each."""
    for ref in columns:
        column = ground.after.get(ref)
        if (ref in ground.before and not ground.recreated(ref)) or not isinstance(column, Column):
            continue
        if column.identity is not None or (
            column.default is not None and is_volatile(column.default, ground.after)
        ):
            return True
        if column.generated is None and column.default is None:
            return True
    return False
