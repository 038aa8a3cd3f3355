"""What in a schema lets one tenant's rows touch another's, where tables are held to tenants by a column.

(order_id) references orders (id)              =>  a line may belong to another tenant's order
unique (email)                                 =>  an insert tells that another tenant has it
"""

from collections.abc import Iterator, Mapping

from pgkit.diag import Diagnostic, Severity
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import ForeignKey, Index, Unique
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table

Tenants = Mapping[Ref, str]


def tenancy(catalog: Catalog, tenants: Tenants) -> Iterator[Diagnostic]:
    """A warning for each way round the tenant column; `tenants` has it for each table that has one."""
    for table in catalog.tables if tenants else ():
        if column := tenants.get(table.ref):
            yield from _column(table, column)
            yield from _key(table)
            yield from _foreign_keys(table, column, tenants)
            yield from _uniques(table, column)
    yield from _of_nobody(catalog, tenants)


def _column(table: Table, name: str) -> Iterator[Diagnostic]:
    column = next((c for c in table.columns if c.name == name), None)
    if column is None:
        return
    primary = {r.member for pk in table.primary_keys for r in pk.columns}
    if column.nullable and name not in primary:
        yield _warning(
            "nullable-tenant",
            f"{table.ref}.{name} may be null, so that a row may be nobody's: only its struct is generated",
            str(table.ref.of("column", name)),
            f"ALTER TABLE {table.ref} ALTER COLUMN {name} SET NOT NULL",
        )
    elif _generated(column):
        yield _warning(
            "generated-tenant",
            f"{table.ref}.{name} is generated, so that no row can be given to a tenant",
            str(table.ref.of("column", name)),
            "name the column that is written as the tenant's",
        )


def _key(table: Table) -> Iterator[Diagnostic]:
    if table.primary_keys:
        return
    yield Diagnostic(
        "no-primary-key",
        f"{table.ref} has no primary key",
        where=str(table.ref),
        help="no single row is found, changed or deleted, unless just one unique constraint is over columns "
        "that are never null",
        severity=Severity.NOTE,
    )


def _of_nobody(catalog: Catalog, tenants: Tenants) -> Iterator[Diagnostic]:
    """One note for all tables outside."""
    outside = sorted(str(t.ref) for t in catalog.tables if t.ref not in tenants)
    if tenants and outside:
        yield Diagnostic(
            "no-tenant-column",
            f"{', '.join(outside)} {'has' if len(outside) == 1 else 'have'} no tenant column",
            help="generated code reads and writes rows of such tables for whoever asks",
            severity=Severity.NOTE,
        )


def _foreign_keys(table: Table, own: str, tenants: Tenants) -> Iterator[Diagnostic]:
    for key in table.foreign_keys:
        parent = key.references[0].owner
        theirs = tenants.get(parent) if parent else None
        if theirs is None or _carries(key, own, theirs):
            continue
        columns = ", ".join(c.member for c in key.columns)
        wanted = ", ".join([own, *(c.member for c in key.columns)])
        other = ", ".join([theirs, *(c.member for c in key.references)])
        yield _warning(
            "foreign-key-without-tenant",
            f"{table.ref} ({columns}) may refer to another tenant's row of {parent}: "
            "generated code does not let it, others may",
            f"{table.ref}.{key.name}",
            f"have it carry the tenant: FOREIGN KEY ({wanted}) REFERENCES {parent} ({other})",
        )


def _carries(key: ForeignKey, own: str, theirs: str) -> bool:
    """Whether the tenants of both ends are the same; a key over the tenant column alone is to the tenant."""
    pairs = {(c.member, r.member) for c, r in zip(key.columns, key.references, strict=True)}
    return (own, theirs) in pairs or {c.member for c in key.columns} == {own}


def _uniques(table: Table, own: str) -> Iterator[Diagnostic]:
    keys = [{c.member for c in key.columns} for key in table.primary_keys]  # what is beside one says no more
    indexes = (index for index in table.indexes if index.unique)
    constraints: tuple[Unique | Index, ...] = (*table.uniques, *indexes)
    for unique in constraints:
        names = _names(unique)
        if own in names or not names or any(primary <= {*names} for primary in keys):
            continue
        wanted = ", ".join([own, *names])
        yield _warning(
            "unique-without-tenant",
            f"{table.ref} ({', '.join(names)}) is unique over all tenants: "
            "who inserts a value learns that another has it",
            f"{table.ref}.{unique.name}",
            f"make it unique over ({wanted})",
        )


def _names(unique: Unique | Index) -> tuple[str, ...]:
    if isinstance(unique, Unique):
        return tuple(c.member for c in unique.columns)
    return tuple(k.column.member for k in unique.keys if k.column is not None)


def _generated(column: Column) -> bool:
    return column.generated is not None or (column.identity is not None and column.identity.always)


def _warning(code: str, message: str, where: str, help: str) -> Diagnostic:
    return Diagnostic(code, message, where=where, help=help, severity=Severity.WARNING)
