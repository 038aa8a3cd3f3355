"""Statements that read: one row, a page of them, how many there are."""

from collections.abc import Sequence

from pgkit.diag import fail
from pgkit.ir.relations import Column
from pgkit.ir.types import Array
from pgkit.sql.statements.forms import base
from pgkit.sql.statements.scope import Scope
from pgkit.sql.statements.statement import Binder, Role, Statement
from pgkit.sql.text import Sql, join, quoted, sql


def find(scope: Scope) -> Statement:
    """The row with a key.

    SELECT t."id", ... FROM "app"."item" AS t WHERE t."org" = $1::uuid AND t."id" = $2::bigint
    """
    return _by(scope, scope.own_key, Sql(""))


def lock(scope: Scope) -> Statement:
    """The row with a key, locked until the transaction ends."""
    return _by(scope, scope.own_key, Sql(" FOR UPDATE OF t"))


def find_by(scope: Scope, columns: Sequence[Column]) -> Statement:
    """The row with these values in the columns of a unique constraint; nulls are found by none."""
    return _by(scope, columns, Sql(""))


def find_many(scope: Scope) -> Statement:
    """The rows with any of many keys, in no order: for each column of the key an array, all of one length."""
    if not scope.own_key or any(isinstance(base(c.type, scope.objects), Array) for c in scope.own_key):
        raise fail(
            "no-key", "rows cannot be found by many such keys", where=str(scope.table.ref), exit_code=2
        )
    binder = Binder()
    held = scope.held(binder, ())
    keys = [scope.forms(c).write_many(binder.bind(Role.KEYS, c)) for c in scope.own_key]
    if len(keys) == 1:
        (column,) = scope.own_key
        operator = scope.operator("=", column)
        among = sql("{a} {is_} ANY ({keys})", a=scope.read(column), is_=operator, keys=keys[0])
    else:
        among = _among(scope, keys)
    where = sql("{held} AND {among}", held=held, among=among)
    return binder.statement(_select(scope, where), scope.columns)


def list_(scope: Scope) -> Statement:
    """The first page, by key."""
    return _page(scope, after=False)


def list_after(scope: Scope) -> Statement:
    """The page that follows a key."""
    return _page(scope, after=True)


def count(scope: Scope) -> Statement:
    """How many rows there are; gives one number."""
    binder = Binder()
    where = scope.held(binder, ())
    text = sql("SELECT pg_catalog.count(*) FROM {table} AS t WHERE {where}", table=scope.name, where=where)
    return binder.statement(text, ())


def _by(scope: Scope, columns: Sequence[Column], tail: Sql) -> Statement:
    binder = Binder()
    where = scope.held(binder, columns)
    return binder.statement(sql("{rows}{tail}", rows=_select(scope, where), tail=tail), scope.columns)


def _page(scope: Scope, *, after: bool) -> Statement:
    binder = Binder()
    where = scope.held(binder, ())
    limit = sql("{n}::bigint", n=binder.bind(Role.LIMIT))
    if after and scope.own_key:
        values = [scope.write(binder.bind(Role.AFTER, c), c) for c in scope.own_key]
        where = sql("{held} AND {after}", held=where, after=_follows(scope, values))
    elif after:  # a tenant's only row is behind it
        where = sql("{held} AND false", held=where)
    order = join(", ", (scope.read(c) for c in scope.own_key))
    by = sql(" ORDER BY {order}", order=order) if scope.own_key else Sql("")
    text = sql("{rows}{by} LIMIT {n}", rows=_select(scope, where), by=by, n=limit)
    return binder.statement(text, scope.columns)


def _follows(scope: Scope, values: Sequence[Sql]) -> Sql:
    """Whether the key of a row is greater; a row comparison, which an index serves, where operators allow."""
    columns = scope.own_key
    signs = [scope.operator(">", c) for c in columns]
    if len(columns) == 1 or all(sign == Sql(">") for sign in signs):
        keys = join(", ", (scope.read(c) for c in columns))
        parts = {"keys": keys, "sign": signs[0], "values": join(", ", values)}
        return (
            sql("{keys} {sign} {values}", **parts)
            if len(columns) == 1
            else sql("({keys}) > ({values})", **parts)
        )
    follows = Sql("false")
    for column, sign, value in reversed(list(zip(columns, signs, values, strict=True))):
        greater = sql("{a} {sign} {b}", a=scope.read(column), sign=sign, b=value)
        equal = scope.is_(column, value)
        follows = sql("({greater} OR {equal} AND {rest})", greater=greater, equal=equal, rest=follows)
    return follows


def _among(scope: Scope, keys: Sequence[Sql]) -> Sql:
    names = [Sql(quoted(f"k{at}")) for at in range(len(keys))]
    same = [
        scope.is_(column, sql("k.{name}", name=name))
        for column, name in zip(scope.own_key, names, strict=True)
    ]
    return sql(
        "EXISTS (SELECT FROM ROWS FROM ({keys}) AS k ({names}) WHERE {same})",
        keys=join(", ", (sql("pg_catalog.unnest({key})", key=key) for key in keys)),
        names=join(", ", names),
        same=join(" AND ", same),
    )


def _select(scope: Scope, where: Sql) -> Sql:
    return sql(
        "SELECT {columns} FROM {table} AS t WHERE {where}",
        columns=scope.select_list,
        table=scope.name,
        where=where,
    )
