"""Statements that write. Each gives the row as it is afterwards, or nothing where there was none to write."""

from collections.abc import Collection, Sequence

from attrs import frozen

from pgkit.ir.relations import Column
from pgkit.sql.statements.read import find
from pgkit.sql.statements.scope import Scope
from pgkit.sql.statements.statement import Binder, Role, Statement
from pgkit.sql.text import Sql, join, quoted, sql


@frozen
class InsertParts:
    """An insert to be put together while it runs, for clients that choose between a value and DEFAULT then.

    `head`; for `columns` in their order a value in its form, or DEFAULT, with commas between; `tail`.
    """

    head: Sql
    columns: tuple[Column, ...]  # the tenant column first
    tail: Sql


def insertable(scope: Scope) -> tuple[Column, ...]:
    """The columns that an insert may be given: none that Postgres generates, and not the tenant column."""
    return tuple(c for c in scope.table.columns if _is_written(c) and c != scope.tenant)


def changeable(scope: Scope) -> tuple[Column, ...]:
    """The columns that an update may be given: those, less the key's."""
    primary = {ref.member for pk in scope.table.primary_keys for ref in pk.columns}
    return tuple(c for c in insertable(scope) if c not in scope.key and c.name not in primary)


def insert(scope: Scope, given: Collection[str] | None = None) -> Statement:
    """A new row of these columns, of all that can be given by default; the others take their defaults.

    INSERT INTO "app"."item" AS t ("org", "name") VALUES ($1::uuid, $2::text) RETURNING t."id", ...
    """
    binder = Binder()
    text = sql("{insert}{returning}", insert=_insert(scope, binder, given), returning=_returning(scope))
    return binder.statement(text, scope.columns)


def insert_parts(scope: Scope) -> InsertParts:
    """The parts of an insert in which each column takes a value or its default."""
    columns = (*([scope.tenant] if scope.tenant else []), *insertable(scope))
    head = sql("INSERT INTO {table} AS t ({columns}) VALUES (", table=scope.name, columns=_names(columns))
    return InsertParts(head, columns, sql("){returning}", returning=_returning(scope)))


def update(scope: Scope, given: Collection[str]) -> Statement:
    """Other values for some columns of the row with a key; for none, the row as it is."""
    columns = tuple(c for c in changeable(scope) if c.name in given)
    if not columns:
        return find(scope)
    binder = Binder()
    where = scope.held(binder, scope.own_key)
    set_ = [_assigned(c, scope.write(binder.bind(Role.VALUE, c), c)) for c in columns]
    return _updated(scope, binder, set_, where)


def patch(scope: Scope) -> Statement:
    """`update` as one constant: each column takes its value where it is given, and keeps its own otherwise.

    Triggers and privileges see all columns written. SET "name" = CASE WHEN $3 THEN $4::text ELSE t."name" END
    """
    columns = changeable(scope)
    if not columns:
        return find(scope)
    binder = Binder()
    where = scope.held(binder, scope.own_key)
    return _updated(scope, binder, [_assigned(c, _kept(scope, binder, c)) for c in columns], where)


def upsert(scope: Scope, given: Collection[str] | None = None) -> Statement:
    """A new row, or other values for the one that has its key; nothing where that one is another tenant's.

    ... ON CONFLICT ("id") DO UPDATE SET "name" = EXCLUDED."name" WHERE t."org" = EXCLUDED."org" RETURNING ...
    """
    binder = Binder()
    new = _insert(scope, binder, given)
    chosen = [c for c in changeable(scope) if given is None or c.name in given]
    # Without a SET there would be no row to give back
    set_ = [_assigned(c, _new(c)) for c in chosen] or [_assigned(scope.key[0], scope.read(scope.key[0]))]
    own = sql(" WHERE {same}", same=scope.is_(scope.tenant, _new(scope.tenant))) if scope.tenant else Sql("")
    text = sql(
        "{new} ON CONFLICT ({key}) DO UPDATE SET {set_}{own}{returning}",
        new=new,
        key=_names(scope.key),
        set_=join(", ", set_),
        own=own,
        returning=_returning(scope),
    )
    return binder.statement(text, scope.columns)


def delete(scope: Scope) -> Statement:
    """Deletes the row with a key, and gives it."""
    binder = Binder()
    where = scope.held(binder, scope.own_key)
    parts = {"table": scope.name, "where": where, "returning": _returning(scope)}
    return binder.statement(sql("DELETE FROM {table} AS t WHERE {where}{returning}", **parts), scope.columns)


def _is_written(column: Column) -> bool:
    return column.generated is None and not (column.identity is not None and column.identity.always)


def _insert(scope: Scope, binder: Binder, given: Collection[str] | None) -> Sql:
    roles = [(scope.tenant, Role.TENANT)] if scope.tenant else []
    chosen = [*roles, *((c, Role.VALUE) for c in insertable(scope) if given is None or c.name in given)]
    if not chosen:
        return sql("INSERT INTO {table} AS t DEFAULT VALUES", table=scope.name)
    values = [scope.write(binder.bind(role, c), c) for c, role in chosen]
    return sql(
        "INSERT INTO {table} AS t ({columns}) VALUES ({values})",
        table=scope.name,
        columns=_names([c for c, _ in chosen]),
        values=join(", ", values),
    )


def _updated(scope: Scope, binder: Binder, set_: Sequence[Sql], where: Sql) -> Statement:
    text = sql(
        "UPDATE {table} AS t SET {set_} WHERE {where}{returning}",
        table=scope.name,
        set_=join(", ", set_),
        where=where,
        returning=_returning(scope),
    )
    return binder.statement(text, scope.columns)


def _kept(scope: Scope, binder: Binder, column: Column) -> Sql:
    given = binder.bind(Role.GIVEN, column)
    value = scope.write(binder.bind(Role.VALUE, column), column)
    own = scope.read(column)
    return sql("CASE WHEN {given}::boolean THEN {value} ELSE {own} END", given=given, value=value, own=own)


def _assigned(column: Column, value: Sql) -> Sql:
    return sql("{name} = {value}", name=Sql(quoted(column.name)), value=value)


def _new(column: Column) -> Sql:
    return Sql(f"EXCLUDED.{quoted(column.name)}")


def _names(columns: Sequence[Column]) -> Sql:
    return join(", ", (Sql(quoted(c.name)) for c in columns))


def _returning(scope: Scope) -> Sql:
    return sql(" RETURNING {columns}", columns=scope.select_list)
