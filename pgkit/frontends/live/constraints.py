"""Primary keys, unique constraints, foreign keys and checks, of tables and of domains."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from pgkit.frontends.live.names import Names
from pgkit.frontends.live.rows import Ints, Query, Raw, expression, rows, select
from pgkit.ir.constraints import Action, Check, Deferral, ForeignKey, PrimaryKey, Unique
from pgkit.ir.names import Ref

ACTIONS: Final = {
    "a": Action.NO_ACTION,
    "r": Action.RESTRICT,
    "c": Action.CASCADE,
    "n": Action.SET_NULL,
    "d": Action.SET_DEFAULT,
}


class ConstraintRow(NamedTuple):
    """A constraint of one of the kinds that the IR has."""

    oid: int
    name: str
    kind: str
    table: int
    domain: int
    columns: Ints
    expr: str | None
    deferrable: bool
    deferred: bool
    validated: bool
    enforced: bool
    no_inherit: bool
    references: int
    referenced: Ints
    on_update: str
    on_delete: str
    match: str
    set_columns: Ints
    key_index: int  # of a foreign key, that of the key it refers to
    index_columns: Ints  # keys, and after them what is included
    nulls_not_distinct: bool | None


def query(version: int) -> Query[ConstraintRow]:
    """An allow-list of kinds: new ones appear (`n` in 18), and not every row is a constraint someone wrote.

    A foreign key that refers to a partitioned table has a row more for each partition, and a partition
    has copies of its parent's: those have a parent, or are not local.
    """
    temporal = "AND NOT c.conperiod" if version >= 180000 else ""
    return select(
        "constraint",
        ConstraintRow,
        f"""pg_catalog.pg_constraint c
        LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.conindid AND c.contype IN ('p', 'u')
        WHERE c.contype IN ('p', 'u', 'f', 'c') AND c.conparentid = 0 AND c.conislocal {temporal}
        AND c.oid >= 16384 AND (c.contypid <> 0 OR c.conrelid IN (SELECT rel.oid FROM rel))""",
        oid="c.oid",
        name="c.conname",
        kind="c.contype",
        table="c.conrelid",
        domain="c.contypid",
        columns="c.conkey",
        expr="pg_catalog.pg_get_expr(c.conbin, c.conrelid)",
        deferrable="c.condeferrable",
        deferred="c.condeferred",
        validated="c.convalidated",
        enforced="c.conenforced" if version >= 180000 else "true",
        no_inherit="c.connoinherit",
        references="c.confrelid",
        referenced="c.confkey",
        on_update="c.confupdtype",
        on_delete="c.confdeltype",
        match="c.confmatchtype",
        set_columns="c.confdelsetcols" if version >= 150000 else "NULL",
        key_index="c.conindid",
        index_columns="i.indkey",
        nulls_not_distinct="i.indnullsnotdistinct" if version >= 150000 else "false",
    )


def by_owner(raw: Raw) -> Mapping[tuple[int, str], list[ConstraintRow]]:
    """The rows by table or domain and kind, sorted by name."""
    found: dict[tuple[int, str], list[ConstraintRow]] = defaultdict(list)
    for row in sorted(rows(raw, query), key=lambda row: row.name):
        found[row.table or row.domain, row.kind].append(row)
    return found


def primary_key(row: ConstraintRow, names: Names) -> PrimaryKey:
    """A primary key."""
    return PrimaryKey(
        name=row.name,
        columns=names.columns(row.table, row.columns),
        include=_include(row, names),
        deferral=_deferral(row),
        comment=_comment(row, names),
    )


def unique(row: ConstraintRow, names: Names) -> Unique:
    """A unique constraint."""
    return Unique(
        name=row.name,
        columns=names.columns(row.table, row.columns),
        include=_include(row, names),
        nulls_not_distinct=bool(row.nulls_not_distinct),
        deferral=_deferral(row),
        comment=_comment(row, names),
    )


def foreign_key(row: ConstraintRow, names: Names) -> ForeignKey:
    """A foreign key."""
    return ForeignKey(
        name=row.name,
        columns=names.columns(row.table, row.columns),
        references=names.columns(row.references, row.referenced),
        on_delete=ACTIONS[row.on_delete],
        on_update=ACTIONS[row.on_update],
        set_columns=names.columns(row.table, row.set_columns),
        match_full=row.match == "f",
        deferral=_deferral(row),
        enforced=row.enforced,
        validated=_validated(row),
        comment=_comment(row, names),
    )


def checks(found: list[ConstraintRow], names: Names) -> Iterator[Check]:
    """The checks of a table or a domain."""
    for row in found:
        if row.expr is not None:
            yield Check(
                name=row.name,
                expr=expression(row.expr),
                no_inherit=row.no_inherit,
                enforced=row.enforced,
                validated=_validated(row),
                comment=_comment(row, names),
            )


def _validated(row: ConstraintRow) -> bool:
    """What is not enforced is never validated: Postgres says so, and it is no fact of its own."""
    return row.validated or not row.enforced


def _include(row: ConstraintRow, names: Names) -> tuple[Ref, ...]:
    return names.columns(row.table, row.index_columns[len(row.columns) :])


def _deferral(row: ConstraintRow) -> Deferral:
    if not row.deferrable:
        return Deferral.NO
    return Deferral.DEFERRED if row.deferred else Deferral.IMMEDIATE


def _comment(row: ConstraintRow, names: Names) -> str | None:
    return names.comment("pg_constraint", row.oid)
