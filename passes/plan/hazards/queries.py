"""The queries of hazards: each gives the rows that a step would fail on, and none when it works."""

from collections.abc import Iterable
from typing import LiteralString

from pgkit.ir.expr import Expr
from pgkit.ir.names import Ref
from pgkit.sql import Sql, join, sql


def rows(table: Ref, test: Sql | None = None) -> str:
    """The rows of a table that pass a test, or all."""
    if test is None:
        return sql("SELECT * FROM {table}", table=table).text
    return sql("SELECT * FROM {table} WHERE {test}", table=table, test=test).text


def null(column: Ref) -> Sql:
    """That a column has no value."""
    return sql("{c} IS NULL", c=column)


def present(column: Ref) -> Sql:
    """That a column has a value."""
    return sql("{c} IS NOT NULL", c=column)


def both(tests: Iterable[Sql]) -> Sql:
    """That all tests pass."""
    return _joined(" AND ", tests)


def either(tests: Iterable[Sql]) -> Sql:
    """That a test passes."""
    return _joined(" OR ", tests)


def _joined(word: LiteralString, tests: Iterable[Sql]) -> Sql:
    return join(word, tests)


def refused(table: Ref, check: Expr) -> str:
    """The rows that a check refuses: it lets null through."""
    return rows(table, sql("NOT ({check})", check=check))


def duplicates(table: Ref, keys: Iterable[Sql], where: Iterable[Sql] = (), having: Iterable[Sql] = ()) -> str:
    """The keys that more than one row has, or that pass one of the tests in `having`."""
    tests = tuple(where)
    columns = join(", ", keys)
    filter = sql(" WHERE {all}", all=both(tests)) if tests else Sql("")
    return sql(
        "SELECT {columns} FROM {table}{filter} GROUP BY {columns} HAVING {tests}",
        columns=columns,
        table=table,
        filter=filter,
        tests=either((Sql("count(*) > 1"), *having)),
    ).text


def orphans(
    table: Ref, columns: tuple[Ref, ...], target: Ref, references: tuple[Ref, ...], *, full: bool = False
) -> str:
    """The rows that refer to a row that is not there; in full, those with some null too."""
    given = [sql("t.{c} IS NOT NULL", c=c) for c in columns]
    pairs = (
        sql("r.{there} = t.{here}", there=there, here=here)
        for here, there in zip(columns, references, strict=True)
    )
    return sql(
        "SELECT * FROM {table} t WHERE {given} AND NOT EXISTS (SELECT FROM {target} r WHERE {same})",
        table=table,
        given=sql("({any})", any=either(given)) if full and len(given) > 1 else both(given),
        target=target,
        same=both(pairs),
    ).text


def values(columns: Iterable[Ref], test: Sql) -> str:
    """The values of columns of one domain that pass a test of `value`, which a domain's check calls VALUE."""
    parts = (sql("SELECT {c} AS value FROM {table}", c=c, table=c.owner or c) for c in columns)
    return sql("SELECT * FROM ({parts}) v WHERE {test}", parts=join(" UNION ALL ", parts), test=test).text
