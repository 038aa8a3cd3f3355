"""How a table's rows are reached: by which key, held to which tenant, guarded by which parents; why not."""

from collections.abc import Iterator, Mapping
from typing import Literal

from attrs import field, frozen

from pgkit.backends.names import snake
from pgkit.backends.rows import RowModel
from pgkit.backends.rust.fields import Member, member, members
from pgkit.backends.rust.params import write_sql
from pgkit.backends.rust.text import code
from pgkit.backends.values import ArrayValue
from pgkit.ir.constraints import Deferral, ForeignKey, Index, PrimaryKey, Unique
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.sql import quoted
from pgkit.sql.statements import Form, Scope
from pgkit.sql.statements.forms import Objects

Tenants = Mapping[Ref, str]
"""The tenant column of each table and view that has one."""


@frozen
class Lookup:
    """A unique constraint or index other than the key, and its columns less the tenant's."""

    name: str  # find_by_<name>
    members: tuple[Member, ...]
    conflict: tuple[str, ...] = ()  # what ON CONFLICT names; nothing where an upsert would not be safe


@frozen
class Guard:
    """A foreign key that does not carry the tenant: a row may refer to its own tenant's parents only."""

    parent: str  # EXISTS (this AND the pairs)
    pairs: tuple[tuple[str, str], ...]  # p."id" =, and the column that refers to it


Texts = dict[tuple[object, ...], str]
"""Statements of tables that are alike but for their names."""


@frozen
class Access:
    """What is generated for one table or view."""

    row: RowModel
    label: str  # the relation in comments
    read: tuple[Member, ...]
    secret: tuple[Member, ...]  # what is written and never read
    table: str  # in SQL
    scope: Scope  # without columns: what is selected is a constant of its own
    texts: Texts
    tenant: Member | None = None
    key: tuple[Member, ...] | None = None  # less the tenant's column
    chosen: bool = False  # whether a program may choose the keys of new rows
    lookups: tuple[Lookup, ...] = ()
    guards: tuple[Guard, ...] = ()
    refused: Literal["", "nullable", "generated"] = ""  # the tenant column cannot hold rows apart
    unscoped: bool = False  # there is a tenant layer, and this is no part of it

    given: tuple[Member, ...] = ()  # the columns of a new row that a program gives
    patched: tuple[Member, ...] = ()  # those that a patch may change


@frozen
class Accesses:
    """Finds the access to each relation of one catalog."""

    objects: Objects
    tenants: Tenants
    texts: dict[tuple[object, ...], Texts] = field(factory=dict)  # by all that they depend on

    def of(self, row: RowModel) -> Access:
        """The access to a table or a view."""
        label, read, secret = code(row.ref), members(row.fields), members(row.write_only)
        whose = self.tenants.get(row.ref)
        tenant = next((m for m in read if m.field.name == whose), None) if whose else None
        if refused := _refused(row, tenant):
            return Access(row, label, read, secret, "", self._scope(row, (), None), {}, refused=refused)
        table = row.relation
        key = members(row.key) if row.key is not None else None
        scope = self._scope(row, key or (), tenant)
        name = scope.name.text
        told = tuple([m.in_statements if m else None for m in (tenant, *(key or ()))])
        texts = self.texts.setdefault(told, {})
        outside = bool(self.tenants) and tenant is None
        if not isinstance(table, Table):
            return Access(row, label, read, secret, name, scope, texts, tenant, unscoped=outside)
        own = tuple([m for m in key if m is not tenant]) if key is not None else None
        given = members(row.inserted)
        return Access(
            row,
            label,
            read,
            secret,
            name,
            scope,
            texts,
            tenant=tenant,
            key=own,
            chosen=own is not None and not any([m.field.computed for m in own]) and _arbiter(table, key),
            lookups=tuple(_lookups(table, read, tenant, own, given)),
            guards=tuple(self._guards(table, tenant)) if tenant else (),
            unscoped=outside,
            given=given,
            patched=members(row.updated),
        )

    def _scope(self, row: RowModel, key: tuple[Member, ...], tenant: Member | None) -> Scope:
        relation = row.relation
        columns = {c.name: c for c in relation.columns}
        fields = {f.name: f for f in row.fields}
        return Scope(
            table=relation
            if isinstance(relation, Table)
            else Table(schema=row.ref.schema, name=row.ref.name),
            columns=(),
            key=tuple([columns[m.field.name] for m in key]),
            tenant=columns[tenant.field.name] if tenant else None,
            forms=lambda column: member(fields[column.name]).form,
            objects=self.objects,
        )

    def _guards(self, table: Table, tenant: Member) -> Iterator[Guard]:
        for key in table.foreign_keys:
            if guard := self._guard(key, tenant):
                yield guard

    def _guard(self, key: ForeignKey, tenant: Member) -> Guard | None:
        ref = key.references[0].owner
        parent = self.objects.get(ref) if ref else None
        if ref is None or not isinstance(parent, Table) or ref not in self.tenants:
            return None
        pairs = [(c.member, r.member) for c, r in zip(key.columns, key.references, strict=True)]
        theirs = self.tenants[ref]
        own = tenant.field.name
        if (own, theirs) in pairs or any(child == own for child, _ in pairs):
            return None
        columns = {c.name: c for c in parent.columns}
        scope = Scope(table=parent, columns=(), key=(), tenant=None, forms=_no_form, objects=self.objects)
        compared = tuple(
            (f"p.{quoted(to)} {scope.operator('=', columns[to])}", quoted(column)) for column, to in pairs
        )
        held = f"p.{quoted(theirs)} {scope.operator('=', columns[theirs])}"
        mine = write_sql("$1", tenant.field.value)
        table = f"{quoted(ref.schema)}.{quoted(ref.name)}"
        return Guard(f"SELECT FROM {table} AS p WHERE {held} {mine}", compared)


def _no_form(column: Column) -> Form:
    return Form()


def _refused(row: RowModel, tenant: Member | None) -> Literal["", "nullable", "generated"]:
    if tenant is None or not isinstance(row.relation, Table):
        return ""
    if tenant.field.nullable:
        return "nullable"
    return "generated" if tenant.field.computed else ""


def _chosen(columns: tuple[Ref, ...], members: tuple[Member, ...]) -> tuple[Member, ...] | None:
    by_name = {m.field.name: m for m in members}
    chosen = tuple(by_name[c.member] for c in columns if c.member in by_name)
    plain = not any(isinstance(m.field.value, ArrayValue) for m in chosen)
    return chosen if plain and len(chosen) == len(columns) else None


def _arbiter(table: Table, key: tuple[Member, ...] | None) -> bool:
    """Whether ON CONFLICT can name the key: the constraint is checked at once."""
    names = {m.field.name for m in key or ()}
    constraints: tuple[PrimaryKey | Unique, ...] = (*table.primary_keys, *table.uniques)
    return any(
        {c.member for c in constraint.columns} == names and constraint.deferral is Deferral.NO
        for constraint in constraints
    )


def _lookups(
    table: Table,
    members: tuple[Member, ...],
    tenant: Member | None,
    key: tuple[Member, ...] | None,
    given: tuple[Member, ...],
) -> Iterator[Lookup]:
    """One for each set of columns that is unique beside the key, in the order of their names."""
    conflicts = _conflicts(table, tenant)
    seen = {frozenset(m.field.name for m in key)} if key is not None else set()
    names: set[str] = {"id"}  # find_by_id is the key's
    for columns in sorted(_unique_columns(table)):
        found = _chosen(columns, members)
        own = tuple(m for m in found if m is not tenant) if found else ()
        name = "_and_".join(snake(m.field.name) for m in own)
        if own and (columns_of := frozenset(m.field.name for m in own)) not in seen:
            seen.add(columns_of)
            while name in names:
                name += "_"
            names.add(name)
            writable = all(any(m is g for g in given) for m in own)
            yield Lookup(name, own, conflicts.get(columns_of, ()) if writable else ())


def _conflicts(table: Table, tenant: Member | None) -> dict[frozenset[str], tuple[str, ...]]:
    """What ON CONFLICT can name and finds none but the tenant's rows by; by its columns less the tenant's."""
    whose = {tenant.field.name} if tenant else set()
    late = {frozenset(u.columns) for u in table.uniques if u.deferral is not Deferral.NO}
    found = {
        c: tuple(r.member for r in c) for c in sorted(_unique_columns(table)) if frozenset(c) not in late
    }
    return {frozenset({*names} - whose): names for names in found.values() if whose <= {*names}}


def _unique_columns(table: Table) -> Iterator[tuple[Ref, ...]]:
    constraints: tuple[PrimaryKey | Unique, ...] = (*table.primary_keys, *table.uniques)
    yield from (constraint.columns for constraint in constraints)
    for index in table.indexes:
        if columns := _whole(index):
            yield columns


def _whole(index: Index) -> tuple[Ref, ...]:
    """The columns of an index that is unique over all rows; none of any other."""
    columns = tuple(k.column for k in index.keys if k.column is not None)
    return columns if index.unique and index.where is None and len(columns) == len(index.keys) else ()
