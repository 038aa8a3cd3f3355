"""Indexes that no constraint owns, of tables and materialized views."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypedDict

from attrs import frozen

from pgkit.frontends.live.names import Names
from pgkit.frontends.live.opclasses import OpClasses
from pgkit.frontends.live.relations import parameters
from pgkit.frontends.live.rows import Ints, Query, Raw, Texts, expression, optional, rows, select
from pgkit.ir.constraints import Index, IndexKey

_NAME: Final = r'(?:"(?:[^"]|"")+"|[^\s".,()]+)'
_QUALIFIED: Final = rf"(?:{_NAME}\.)?{_NAME}"
# What pg_get_indexdef() writes after a key: COLLATE c opclass (parameters) DESC NULLS LAST.
_AFTER_KEY: Final = (
    rf"( COLLATE {_QUALIFIED})?(?: (?!DESC|NULLS){_QUALIFIED}(?: \((?:[^()']|'(?:[^']|'')*')*\))?)?"
    r"(?: DESC)?(?: NULLS (?:FIRST|LAST))?"
)


class IndexRow(NamedTuple):
    """An index, as the catalog has it."""

    oid: int
    name: str
    table: int
    unique: bool
    nulls_not_distinct: bool
    method: str
    keys: int
    columns: Ints  # keys, zero for an expression, and after them what is included
    opclasses: Ints
    collations: Ints
    options: Ints
    expressions: Texts  # those of the keys that are expressions
    definition: str | None  # where an expression has a collation
    where: str | None
    storage: Texts


class IndexColumnRow(NamedTuple):
    """A key of an index: its type, and the parameters of its operator class."""

    relation: int
    number: int
    type: int
    params: Texts


def query(version: int) -> Query[IndexRow]:
    """Every index but those of constraints, and those that belong to one of a partitioned table."""
    return select(
        "index",
        IndexRow,
        """idx i JOIN pg_catalog.pg_am am ON am.oid = i.relam
        LEFT JOIN pg_catalog.pg_constraint owner
            ON owner.conindid = i.indexrelid AND owner.contype IN ('p', 'u', 'x')
        WHERE owner.oid IS NULL AND NOT i.attached""",
        oid="i.indexrelid",
        name="i.name",
        table="i.indrelid",
        unique="i.indisunique",
        nulls_not_distinct="i.indnullsnotdistinct" if version >= 150000 else "false",
        method="am.amname",
        keys="i.indnkeyatts",
        columns="i.indkey",
        opclasses="i.indclass",
        collations="i.indcollation",
        options="i.indoption",
        expressions="""CASE WHEN i.indexprs IS NOT NULL THEN (
            SELECT pg_catalog.json_agg(pg_catalog.pg_get_indexdef(i.indexrelid, key.n, false) ORDER BY key.n)
            FROM pg_catalog.generate_series(1, i.indnkeyatts::pg_catalog.int4) key(n)
            WHERE i.indkey[key.n - 1] = 0
        ) END""",
        definition="""CASE WHEN i.indexprs IS NOT NULL AND EXISTS (
            SELECT FROM pg_catalog.generate_series(1, i.indnkeyatts::pg_catalog.int4) key(n)
            WHERE i.indkey[key.n - 1] = 0 AND i.indcollation[key.n - 1] <> 0
        ) THEN pg_catalog.pg_get_indexdef(i.indexrelid) END""",
        where="pg_catalog.pg_get_expr(i.indpred, i.indrelid)",
        storage="pg_catalog.to_json(i.reloptions)",
    )


def columns(version: int) -> Query[IndexColumnRow]:
    """The keys of which pg_index does not say enough: expressions, and those with parameters."""
    return select(
        "index_column",
        IndexColumnRow,
        """idx i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indexrelid
        WHERE i.indexprs IS NOT NULL OR a.attoptions IS NOT NULL""",
        relation="a.attrelid",
        number="a.attnum",
        type="a.atttypid",
        params="pg_catalog.to_json(a.attoptions)",
    )


@frozen
class Details:
    """What the keys of all indexes need beside their index's row."""

    names: Names
    opclasses: OpClasses
    columns: Mapping[tuple[int, int], IndexColumnRow]


def by_relation(raw: Raw, names: Names, opclasses: OpClasses) -> Mapping[int, list[Index]]:
    """The indexes of each relation, sorted by name."""
    keys = {(row.relation, row.number): row for row in rows(raw, columns)}
    details = Details(names, opclasses, keys)
    found: dict[int, list[Index]] = defaultdict(list)
    for row in sorted(rows(raw, query), key=lambda row: row.name):
        found[row.table].append(_index(row, details))
    return found


def _index(row: IndexRow, details: Details) -> Index:
    return Index(
        name=row.name,
        keys=tuple(_keys(row, details)),
        unique=row.unique,
        nulls_not_distinct=row.nulls_not_distinct,
        method=row.method,
        include=details.names.columns(row.table, row.columns[row.keys :]),
        where=optional(row.where),
        storage=parameters(row.storage),
        comment=details.names.comment("pg_class", row.oid),
    )


def _keys(row: IndexRow, details: Details) -> Iterator[IndexKey]:
    expressions = iter(row.expressions)
    for at, number in enumerate(row.columns[: row.keys]):
        if number:
            yield _column_key(row, at, details)
        else:
            yield _expression_key(row, at, next(expressions), details)


def _column_key(row: IndexRow, at: int, details: Details) -> IndexKey:
    column = details.names.attributes[row.table, row.columns[at]]
    (ref,) = details.names.columns(row.table, (column.number,))
    collation = row.collations[at]
    return IndexKey(
        column=ref,
        collation=details.names.collation(collation if collation != column.collation else None),
        opclass=details.opclasses.written(row.opclasses[at], column.type),
        **_order(row, at, details),
    )


def _expression_key(row: IndexRow, at: int, text: str, details: Details) -> IndexKey:
    opclass = row.opclasses[at]
    type = 0 if details.opclasses.stores_other(opclass) else details.columns[row.oid, at + 1].type
    return IndexKey(
        expr=expression(text[1:-1] if text.startswith("(") else text),
        collation=details.names.collation(row.collations[at] if at in _collated(row) else None),
        opclass=details.opclasses.written(opclass, type),
        **_order(row, at, details),
    )


class _Order(TypedDict):
    """What columns and expressions have alike."""

    opclass_params: tuple[tuple[str, str], ...]
    descending: bool
    nulls_first: bool


def _order(row: IndexRow, at: int, details: Details) -> _Order:
    extra = details.columns.get((row.oid, at + 1))
    return {
        "opclass_params": parameters(extra.params) if extra else (),
        "descending": bool(row.options[at] & 1),
        "nulls_first": bool(row.options[at] & 2),
    }


def _collated(row: IndexRow) -> frozenset[int]:
    """The keys that say COLLATE. No catalog has the collation that an expression would have without.

    The texts of the expressions are known, so that the definition can be read with certainty.
    """
    if row.definition is None:
        return frozenset()
    texts = iter(row.expressions)
    keys = (_NAME if number else re.escape(next(texts)) for number in row.columns[: row.keys])
    pattern = rf" USING {_NAME} \(" + ", ".join(key + _AFTER_KEY for key in keys) + r"\)"
    found = re.search(pattern, row.definition)
    return frozenset(at for at, said in enumerate(found.groups()) if said) if found else frozenset()
