"""What callers name and give, checked against a table before anything is sent, and its rows as mappings."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from attrs import field, frozen

from pgkit.diag import PgkitError, fail
from pgkit.ir.catalog import Catalog
from pgkit.ir.relations import Column, Table
from pgkit.ir.walk import index
from pgkit.runtime.values import Codec, codec, from_sql, to_sql
from pgkit.sql.statements import Form, Parameter, Role, Scope, Statement, changeable, insertable, scope

Row = dict[str, Any]
Values = Mapping[str, object]


@frozen(kw_only=True)
class Call:
    """What a caller gives to one statement."""

    tenant: object
    key: Values = field(factory=dict)
    values: Values = field(factory=dict)
    keys: Sequence[Values] = ()
    limit: int = 0


@frozen
class Binding:
    """A table's scope, and how the values of its columns go to a client and come back."""

    scope: Scope
    codecs: Mapping[str, Codec]

    @property
    def name(self) -> str:
        """The table, for messages."""
        return str(self.scope.table.ref)

    def bound(self, made: Statement, call: Call) -> list[object]:
        """What is bound to the parameters of a statement. Raises PgkitError for a value that cannot be."""
        if call.tenant is None:
            raise self._fail("no-tenant", "expected a tenant, found None")
        return [self._argument(parameter, call) for parameter in made.parameters]

    def rows(self, made: Statement, found: Sequence[Sequence[Any]]) -> list[Row]:
        """Rows that were read, by column."""
        codecs = [(c.name, self.codecs[c.name]) for c in made.columns]
        return [{name: from_sql(c, v) for (name, c), v in zip(codecs, row, strict=True)} for row in found]

    def key(self, key: object) -> Values:
        """A key as a mapping of exactly its columns, none of them None."""
        names = [column.name for column in self.scope.own_key]
        found = key if isinstance(key, Mapping) else {names[0]: key} if len(names) == 1 else {}
        if set(found) != set(names) or (not names and not isinstance(key, Mapping)):
            help = f"a mapping with {', '.join(names)}" if names else "{}, since a tenant has one row"
            raise self._fail("bad-key", "expected a value for each column of the key", help=help)
        if empty := [name for name in names if found[name] is None]:
            raise self._fail("bad-key", "a key is never null", column=empty[0])
        return found

    def to_insert(self, values: Values) -> None:
        """Raises PgkitError for a column that is not there, or not the caller's to insert."""
        self._check(values, insertable(self.scope), "inserted")

    def to_change(self, values: Values) -> None:
        """Raises PgkitError for a column that is not there, or not the caller's to change."""
        self._check(values, changeable(self.scope), "changed")

    def _argument(self, parameter: Parameter, call: Call) -> object:
        column = parameter.column
        if column is None:
            return call.limit
        match parameter.role:
            case Role.TENANT:
                return self._value(column, call.tenant)
            case Role.VALUE:
                return self._value(column, call.values[column.name])
            case Role.GIVEN:
                return column.name in call.values
            case Role.KEYS:
                return [self._value(column, key[column.name]) for key in call.keys]
            case _:
                return self._value(column, call.key[column.name])

    def _value(self, column: Column, value: object) -> object:
        try:
            return to_sql(self.codecs[column.name], value)
        except ValueError as error:
            message = f"{error}, found {type(value).__name__}"
            raise self._fail("bad-value", message, column=column.name) from None

    def _check(self, values: Values, allowed: Sequence[Column], verb: str) -> None:
        names = [column.name for column in allowed]
        there = {column.name: column for column in self.scope.table.columns}
        for name in values:
            if name in names:
                continue
            if name not in there:
                raise self._unknown(str(name), names)
            message = f"the column cannot be {verb}: {self._reason(there[name])}"
            raise self._fail("column-not-written", message, column=name)

    def _unknown(self, name: str, names: Collection[str]) -> PgkitError:
        near = get_close_matches(name, names, 1)
        help = f"did you mean {near[0]}?" if near else f"it has {', '.join(names) or 'none to be written'}"
        return self._fail("unknown-column", f'no column named "{name}"', help=help)

    def _reason(self, column: Column) -> str:
        if column == self.scope.tenant:
            return "it is the tenant's"
        return "it is part of the key" if column in insertable(self.scope) else "Postgres generates it"

    def _fail(self, code: str, message: str, *, column: str = "", help: str | None = None) -> PgkitError:
        where = f"{self.name}.{column}" if column else self.name
        return fail(code, message, where=where, help=help, exit_code=2)


def bind(catalog: Catalog, table: str, tenant: str, key: Sequence[str] | None) -> Binding:
    """The binding of a catalog's table. Raises PgkitError for one that cannot be held to a tenant."""
    objects = index(catalog)
    found = _named(catalog, table)
    codecs = {c.name: codec(c.type, objects) for c in found.columns}

    def form(column: Column) -> Form:
        return codecs[column.name].form

    return Binding(scope(found, objects, form, tenant=tenant, key=key), codecs)


def _named(catalog: Catalog, name: str) -> Table:
    found = [t for t in catalog.tables if name in _names(t)]
    if len(found) == 1:
        return found[0]
    if found:
        message = f'several tables could be meant by "{name}"'
        raise fail("unknown-table", message, help="rename one of them", exit_code=2)
    near = get_close_matches(name, [str(t.ref) for t in catalog.tables], 1)
    help = f"did you mean {near[0]}?" if near else "name it as schema.table"
    raise fail("unknown-table", f'no table named "{name}"', help=help, exit_code=2)


def _names(table: Table) -> tuple[str, ...]:
    return (str(table.ref), table.name) if table.schema == "public" else (str(table.ref),)
