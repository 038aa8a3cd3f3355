"""Rows of extreme values for every table of a catalog that a program inserts, finds, pages, patches and deletes.

    plans = row_plans(accesses)             as JSON for tests/toolchains/rows/main.rs
    plans = plans_of(accesses, rows)        the same, of rows that are known and refer to no others

Tables are in an order that inserts can have. A table has a row for each extreme value of the catalog, one that
is null wherever it may be, and one that says nothing where nothing need be said. Which rows they refer to is up
to the program: keys are made there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pgkit.backends.rust.access import Access
from pgkit.backends.rust.fields import Member
from pgkit.ir.constraints import ForeignKey, Index
from pgkit.ir.names import Ref
from pgkit.ir.relations import Table
from tests.backends.extremes import distinct, extremes

Row = dict[str, Any]
Plan = dict[str, Any]
Chosen = Mapping[str, list[Any]]
"""Values for columns that not every extreme value suits, by `table.column`."""

ALL = 1_000_000
UNCHECKED = """
    DO $$ DECLARE statement text; BEGIN
        FOR statement IN
            SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
            WHERE conrelid >= 16384 AND contype = 'c'
        LOOP EXECUTE statement; END LOOP;
    END $$
"""
"""What keeps extreme values out of a database that is otherwise an application's own goes first."""


def row_plans(accesses: Iterable[Access], chosen: Chosen | None = None) -> list[Plan]:
    """The plans of all tables whose rows can be told apart, those that others refer to first."""
    keyed = {a.row.ref: a for a in accesses if a.key is not None}
    free = {ref: [m for m in a.given if m.field.name not in referring(a)] for ref, a in keyed.items()}
    number = max(len(_own(keyed[ref], m, chosen or {})) for ref, members in free.items() for m in members)
    return [_plan(keyed, keyed[ref], free[ref], number, chosen or {}) for ref in ordered(keyed)]


def plans_of(accesses: Iterable[Access], rows: Mapping[str, list[Row]]) -> list[Plan]:
    """The plans of tables whose rows are given, by the names of their modules."""
    keyed = [a for a in accesses if a.key is not None]
    return [_with_rows(a, a.given, [(row, False) for row in rows.get(a.row.module, [])]) for a in keyed]


def ordered(keyed: Mapping[Ref, Access]) -> Iterator[Ref]:
    """The tables, each after those that its rows must refer to and, where it can be, those that they may."""
    left = dict(keyed)
    while left:
        free = [ref for ref in left if not _waits(left, ref, must=False)]
        free = free or [ref for ref in left if not _waits(left, ref, must=True)]
        yield free[0]
        del left[free[0]]


def _waits(left: Mapping[Ref, Access], ref: Ref, *, must: bool) -> bool:
    parents = (k for k in _foreign_keys(left[ref]) if not (must and _nullable(left[ref], k)))
    return any(k.references[0].owner in left.keys() - {ref} for k in parents)


def _plan(
    keyed: Mapping[Ref, Access], access: Access, free: list[Member], number: int, chosen: Chosen
) -> Plan:
    values = {m.field.key: _cycle(access, m, number + 2, chosen) for m in free}
    tenant = access.tenant
    if tenant and tenant.field.name not in referring(access):
        values[tenant.field.key] = distinct(tenant.field.value, 2) * number
    full = [{key: of[n] for key, of in values.items()} for n in range(number)]
    null = {m.field.key: None if m.field.nullable else values[m.field.key][number] for m in free}
    must = {m.field.key: values[m.field.key][number + 1] for m in free if not _optional(m)}
    for row in (null, must) if tenant and tenant.field.key in values else ():
        row[tenant.field.key] = values[tenant.field.key][0]
    rows = [*((row, False) for row in full), (null, True), (must, True)]
    parents = [_parent(keyed, access, key) for key in _tenants_first(access)]
    return _with_rows(access, free, rows) | {"parents": parents}


def _with_rows(access: Access, free: Iterable[Member], rows: list[tuple[Row, bool]]) -> Plan:
    """A plan of rows, of which some refer to none unless they must; a patch leaves alone what refers."""
    patched = {*access.patched} & {*free}
    return {
        "name": str(access.row.ref),
        "tenant": tenant.field.key if (tenant := access.tenant) else None,
        "given": [m.field.key for m in access.given],
        "patched": [m.field.key for m in access.patched if m in patched],
        "computed": [m.field.key for m in _members(access) if m.field.computed],
        "parents": [],
        "rows": [{"values": row, "alone": alone} for row, alone in rows],
    }


def _own(access: Access, member: Member, chosen: Chosen) -> list[Any]:
    return chosen.get(f"{access.row.ref.name}.{member.field.name}") or extremes(member.field.value)


def _cycle(access: Access, member: Member, number: int, chosen: Chosen) -> list[Any]:
    found = _own(access, member, chosen)
    if member.field.name in unique(access):
        found = distinct(member.field.value, number)
    return [found[n % len(found)] for n in range(number)]


def _optional(member: Member) -> bool:
    return member.field.nullable or member.field.has_default


def referring(access: Access) -> set[str]:
    """The columns that foreign keys have."""
    return {c.member for key in _foreign_keys(access) for c in key.columns}


def unique(access: Access) -> set[str]:
    """The columns that a unique constraint or index has, or speaks of."""
    table = access.row.relation
    assert isinstance(table, Table)
    names = {c.member for key in (*table.primary_keys, *table.uniques) for c in key.columns}
    return names | {name for index in table.indexes if index.unique for name in _named(index)}


def _named(index: Index) -> Iterator[str]:
    for key in index.keys:
        if key.column is not None:
            yield key.column.member
        else:
            yield from re.findall(r"\w+", str(key.expr))


def _foreign_keys(access: Access) -> tuple[ForeignKey, ...]:
    assert isinstance(access.row.relation, Table)
    return access.row.relation.foreign_keys


def _members(access: Access) -> tuple[Member, ...]:
    return (*access.read, *access.secret)


def _nullable(access: Access, key: ForeignKey) -> bool:
    own = {c.member for c in key.columns}
    return any(m.field.nullable for m in _members(access) if m.field.name in own)


def _tenants_first(access: Access) -> list[ForeignKey]:
    """The foreign keys, that of the tenant before all that must agree with it."""
    return sorted(_foreign_keys(access), key=lambda key: not _is_tenants(access, key))


def _is_tenants(access: Access, key: ForeignKey) -> bool:
    return access.tenant is not None and [c.member for c in key.columns] == [access.tenant.field.name]


def _parent(keyed: Mapping[Ref, Access], access: Access, key: ForeignKey) -> Plan:
    """Rows are spread over parents; over two tenants, unless a tenant has but one row."""
    ref = key.references[0].owner
    assert ref is not None
    parent = keyed.get(ref)
    own = {m.field.name: m.field.key for m in _members(access)}
    theirs = {m.field.name: m.field.key for m in _members(parent)} if parent else {}
    pairs = [
        (own[c.member], theirs.get(r.member, "")) for c, r in zip(key.columns, key.references, strict=True)
    ]
    equal, mine = list(pairs), _is_tenants(access, key)
    theirs_tenant = parent.tenant if parent else None
    held = (access.tenant.field.key, theirs_tenant.field.key) if access.tenant and theirs_tenant else None
    if held and not mine:
        equal.append(held)
    return {
        "table": str(ref),
        "nullable": _nullable(access, key),
        "pairs": pairs,
        "equal": equal,
        "every": 2 if held and not mine else 1,
        "among": 2 if mine and access.key and not _alone(access) else ALL,
    }


def _alone(access: Access) -> bool:
    """Whether the tenant's column is unique by itself, if only among some rows."""
    table = access.row.relation
    assert isinstance(table, Table)
    assert access.tenant
    sets = [{c.member for c in key.columns} for key in (*table.primary_keys, *table.uniques)]
    sets += [{k.column.member for k in i.keys if k.column} for i in table.indexes if i.unique]
    return {access.tenant.field.name} in sets
