"""Sequences: those that stand alone, those that go with a column, and those inside identity columns."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pgkit.frontends.live.names import Names
from pgkit.frontends.live.rows import Query, Raw, rows, select
from pgkit.ir.names import Ref
from pgkit.ir.relations import Sequence, SequenceOptions


class SequenceRow(NamedTuple):
    """A sequence, and the column that it goes with."""

    oid: int
    schema: str
    name: str
    unlogged: bool
    type: int
    increment: int
    start: int
    min_value: int
    max_value: int
    cache: int
    cycle: bool
    link: str | None  # a: owned by the column, i: inside an identity column
    table: int | None
    column: int | None

    @property
    def ref(self) -> Ref:
        """The Ref of the sequence."""
        return Ref("sequence", self.schema, self.name)


def query(version: int) -> Query[SequenceRow]:
    """Every sequence, with the dependency that ties it to a column."""
    return select(
        "sequence",
        SequenceRow,
        """pg_catalog.pg_sequence s JOIN rel ON rel.oid = s.seqrelid
        LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND d.objid = s.seqrelid AND d.objsubid = 0 AND d.deptype IN ('a', 'i')
            AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0""",
        oid="s.seqrelid",
        schema="rel.nspname",
        name="rel.relname",
        unlogged="rel.relpersistence = 'u'",
        type="s.seqtypid",
        increment="s.seqincrement",
        start="s.seqstart",
        min_value="s.seqmin",
        max_value="s.seqmax",
        cache="s.seqcache",
        cycle="s.seqcycle",
        link="d.deptype",
        table="d.refobjid",
        column="d.refobjsubid",
    )


def options(row: SequenceRow) -> SequenceOptions:
    """The numbers of a sequence."""
    return SequenceOptions(
        increment=row.increment,
        start=row.start,
        min_value=row.min_value,
        max_value=row.max_value,
        cache=row.cache,
        cycle=row.cycle,
    )


def identity_sequences(raw: Raw) -> Mapping[tuple[int | None, int | None], SequenceRow]:
    """The sequences inside identity columns, by table and column number."""
    return {(row.table, row.column): row for row in rows(raw, query) if row.link == "i"}


def sequences(raw: Raw, names: Names) -> Iterator[Sequence]:
    """The sequences that no identity column owns, nor a table that is none of the user's (a ledger)."""
    for row in rows(raw, query):
        if row.link == "i" or (row.table is not None and row.table not in names.relations):
            continue
        owner = None
        if row.table is not None and row.column is not None:
            (owner,) = names.columns(row.table, (row.column,))
        yield Sequence(
            schema=row.schema,
            name=row.name,
            type=names.type(row.type),
            options=options(row),
            unlogged=row.unlogged,
            owned_by=owner,
            comment=names.comment("pg_class", row.oid),
        )
