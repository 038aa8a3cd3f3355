"""A table as its statements see it: which rows it is about, and what tells one from another."""

from collections.abc import Callable, Iterator, Sequence

from attrs import frozen

from pgkit.diag import Diagnostic, PgkitError
from pgkit.ir.constraints import PrimaryKey, Unique
from pgkit.ir.kinds import Domain
from pgkit.ir.relations import Column, Table
from pgkit.ir.types import Named, PgType, Scalar
from pgkit.sql.statements.forms import Form, Objects, base, extension_schema
from pgkit.sql.statements.statement import Binder, Role
from pgkit.sql.text import Sql, join, quoted, sql

Forms = Callable[[Column], Form]


@frozen(kw_only=True)
class Scope:
    """A table with the columns that are read, those of its key, and the tenant column, if there is one."""

    table: Table
    columns: tuple[Column, ...]
    key: tuple[Column, ...]  # as the constraint has it, the tenant column included
    tenant: Column | None
    forms: Forms
    objects: Objects

    @property
    def own_key(self) -> tuple[Column, ...]:
        """The columns of the key that tell rows of one tenant apart; none where a tenant has one row."""
        return tuple(c for c in self.key if c != self.tenant)

    @property
    def name(self) -> Sql:
        """The table in SQL."""
        return Sql(f"{quoted(self.table.schema)}.{quoted(self.table.name)}")

    @property
    def select_list(self) -> Sql:
        """What is read of a row, in the order of the columns, each under its own name."""
        return join(", ", (self._selected(column) for column in self.columns))

    def read(self, column: Column) -> Sql:
        """A column of the row."""
        return Sql(f"t.{quoted(column.name)}")

    def write(self, parameter: Sql, column: Column) -> Sql:
        """A parameter as a value of the column."""
        return self.forms(column).write(parameter)

    def is_(self, column: Column, value: Sql) -> Sql:
        """Whether a column equals a value of its own type."""
        return sql("{a} {is_} {b}", a=self.read(column), is_=self.operator("=", column), b=value)

    def operator(self, sign: str, column: Column) -> Sql:
        """An operator of the column's type; the bare `=` of a citext off the path would be that of text."""
        type = base(column.type, self.objects)
        schema = extension_schema(type, self.objects)
        if sign == ">" and type == Scalar("hstore"):
            sign = "#>#"  # hstore orders its index by operators of its own
        return Sql(f"OPERATOR({quoted(schema)}.{sign})" if schema else sign)

    def held(self, binder: Binder, columns: Sequence[Column], role: Role = Role.KEY) -> Sql:
        """The condition that a row is the tenant's, and has these values."""
        roles = [(self.tenant, Role.TENANT)] if self.tenant else []
        wanted = [*roles, *((c, role) for c in columns if c != self.tenant)]
        parts = [self.is_(c, self.write(binder.bind(r, c), c)) for c, r in wanted]
        return join(" AND ", parts) if parts else Sql("true")

    def _selected(self, column: Column) -> Sql:
        plain = self.read(column)
        read = self.forms(column).read(plain)
        return read if read == plain else sql("{read} AS {name}", read=read, name=Sql(quoted(column.name)))


def scope(
    table: Table,
    objects: Objects,
    forms: Forms,
    *,
    tenant: str | None = None,
    key: Sequence[str] | None = None,
    exclude: frozenset[str] = frozenset(),
) -> Scope:
    """The table, held to a tenant if one is named. Raises PgkitError with all of `problems`."""
    if found := tuple(problems(table, objects, tenant=tenant, key=key)):
        raise PgkitError(found, exit_code=2)
    by_name = {column.name: column for column in table.columns}
    chosen = tuple(key) if key is not None else next(iter(_keys(table, objects)))
    return Scope(
        table=table,
        columns=tuple(c for c in table.columns if c.name not in exclude),
        key=tuple(by_name[name] for name in chosen),
        tenant=by_name[tenant] if tenant is not None else None,
        forms=forms,
        objects=objects,
    )


def problems(
    table: Table, objects: Objects, *, tenant: str | None = None, key: Sequence[str] | None = None
) -> Iterator[Diagnostic]:
    """Why there can be no statements for single rows of the table, or none that are held to a tenant."""
    where = str(table.ref)
    keys = list(_keys(table, objects))
    if not keys:
        help = "add a primary key, or a unique constraint over columns that are not null"
        yield Diagnostic("no-key", "the table has no key", where=where, help=help)
    elif key is not None and tuple(key) not in keys:
        help = "its keys are " + "; ".join(f"({', '.join(names)})" for names in keys)
        yield Diagnostic("no-key", f"({', '.join(key)}) is no key of the table", where=where, help=help)
    if tenant is not None:
        yield from _tenant_problems(table, objects, tenant)


def uniques(table: Table) -> tuple[PrimaryKey | Unique, ...]:
    """The constraints by whose columns at most one row is found."""
    return (*table.primary_keys, *table.uniques)


def is_required(column: Column, table: Table, objects: Objects) -> bool:
    """Whether the column is never null: by itself, by its domain, or as part of the primary key."""
    primary = {ref.member for pk in table.primary_keys for ref in pk.columns}
    return not column.nullable or column.name in primary or _forbids_null(column.type, objects)


def _tenant_problems(table: Table, objects: Objects, tenant: str) -> Iterator[Diagnostic]:
    where = f"{table.ref}.{tenant}"
    column = next((c for c in table.columns if c.name == tenant), None)
    if column is None:
        message = f'the table has no tenant column "{tenant}"'
        help = "name the column that says whose a row is"
        yield Diagnostic("no-tenant-column", message, where=str(table.ref), help=help)
    elif not is_required(column, table, objects):
        help = "make it NOT NULL: a row without a tenant would be nobody's"
        yield Diagnostic("nullable-tenant", "the tenant column may be null", where=where, help=help)
    elif column.generated is not None or (column.identity is not None and column.identity.always):
        help = "name the column that is written"
        yield Diagnostic("generated-tenant", "the tenant column is generated", where=where, help=help)


def _keys(table: Table, objects: Objects) -> Iterator[tuple[str, ...]]:
    """The primary key, then each unique constraint over columns that are never null."""
    required = {c.name for c in table.columns if is_required(c, table, objects)}
    for constraint in uniques(table):
        names = tuple(ref.member for ref in constraint.columns)
        if required.issuperset(names):
            yield names


def _forbids_null(type: PgType, objects: Objects) -> bool:
    while isinstance(type, Named) and isinstance(domain := objects.get(type.ref), Domain):
        if not domain.nullable:
            return True
        type = domain.type
    return False
