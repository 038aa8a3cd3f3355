"""A catalog as a snapshot of version 7, without its id and that of the one before."""

from collections.abc import Iterable
from typing import Any, Final

from pgkit.backends.drizzle.indexes import key_text
from pgkit.backends.drizzle.line import OLD
from pgkit.backends.drizzle.names import uncut
from pgkit.backends.drizzle.options import number_or_text, view_options
from pgkit.backends.drizzle.serials import serials
from pgkit.backends.drizzle.texts import expression, old_default, query
from pgkit.backends.drizzle.types import SERIALS, type_text
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Check, ForeignKey, Index, Policy, PrimaryKey, Unique
from pgkit.ir.expr import Expr
from pgkit.ir.kinds import Enum, Role
from pgkit.ir.names import Ref, object_name
from pgkit.ir.relations import Column, MaterializedView, Sequence, SequenceOptions, Table, View
from pgkit.sql import render

Json = dict[str, Any]
_HEAD: Final = {"version": "7", "dialect": "postgresql"}


def v7(catalog: Catalog) -> Json:
    """The snapshot, in the order in which drizzle-kit writes it."""
    owned = serials(catalog)
    unowned = [s for s in catalog.sequences if s.owned_by not in owned]
    views: Iterable[View | MaterializedView] = (*catalog.views, *catalog.materialized_views)
    return {
        **_HEAD,
        "tables": {f"{t.schema}.{t.name}": _table(t, owned) for t in catalog.tables},
        "enums": {f"{e.schema}.{e.name}": _enum(e) for e in catalog.enums},
        "schemas": {s.name: s.name for s in catalog.schemas},
        "sequences": {f"{s.schema}.{s.name}": _sequence(s) for s in unowned},
        "roles": {r.name: _role(r) for r in catalog.roles},
        "policies": {},
        "views": {f"{v.schema}.{v.name}": _view(v) for v in views},
        "_meta": {"columns": {}, "schemas": {}, "tables": {}},
    }


def _table(table: Table, owned: dict[Ref, Sequence]) -> Json:
    marked = [k for k in table.primary_keys if _is_marked(k, table)]
    key = {c.member for k in marked for c in k.columns}
    return {
        "name": table.name,
        "schema": "" if table.schema == "public" else table.schema,
        "columns": {c.name: _column(table, c, c.name in key, owned) for c in table.columns},
        "indexes": _by_name(_index(i, table.ref) for i in table.indexes),
        "foreignKeys": _by_name(_foreign_key(f, table) for f in table.foreign_keys),
        "compositePrimaryKeys": _by_name(_key(k, table) for k in table.primary_keys if k not in marked),
        "uniqueConstraints": _by_name(_unique(u, table) for u in table.uniques),
        "policies": _by_name(_policy(p, table.ref) for p in table.policies),
        "checkConstraints": _by_name(_check(c, table.ref) for c in table.checks),
        "isRLSEnabled": table.row_security and not table.policies,  # policies turn it on by themselves
    }


def _by_name(objects: Iterable[Json]) -> Json:
    return {found["name"]: found for found in objects}


def _is_marked(key: PrimaryKey, table: Table) -> bool:
    """Whether `.primaryKey()` on the column says it: then the name is the one that Postgres gives."""
    return len(key.columns) == 1 and key.name == object_name(table.name, "", "pkey")


def _column(table: Table, column: Column, in_key: bool, owned: dict[Ref, Sequence]) -> Json:
    type = type_text(column.type, OLD)
    serial = owned.get(table.ref.of("column", column.name))
    found: Json = {
        "name": column.name,
        "type": SERIALS[render(serial.type)] if serial else type.whole,
        "typeSchema": type.schema,
        "primaryKey": in_key,
        "notNull": not column.nullable,
        "default": None if serial else old_default(column),
        "generated": _generated(column, table.ref),
        "identity": identity(table, column),
    }
    return _without_none(found)


def _generated(column: Column, table: Ref) -> Json | None:
    if column.generated is None:
        return None
    return {"as": expression(column.generated.expr, table, qualified=True), "type": "stored"}


def identity(table: Table, column: Column) -> Json | None:
    """An identity, its numbers as texts."""
    if column.identity is None:
        return None
    kept = column.identity.sequence or identity_sequence(table, column)
    return {
        "type": "always" if column.identity.always else "byDefault",
        "name": kept.name,
        "schema": kept.schema,
        **numbers(column.identity.options),
    }


def identity_sequence(table: Table, column: Column) -> Ref:
    """The sequence of an identity under the name that Drizzle gives it, which is not cut."""
    return Ref("sequence", table.schema, f"{table.name}_{column.name}_seq")


def numbers(options: SequenceOptions) -> Json:
    """The numbers of a sequence or an identity."""
    return {
        "increment": str(options.increment),
        "minValue": str(options.min_value),
        "maxValue": str(options.max_value),
        "startWith": str(options.start),
        "cache": str(options.cache),
        "cycle": options.cycle,
    }


def _index(index: Index, table: Ref) -> Json:
    found: Json = {
        "name": uncut(table.name, index),
        "columns": [_index_key(k, table) for k in index.keys],
        "isUnique": index.unique,
        "where": _maybe(index.where, table),
        "concurrently": False,
        "method": index.method,
        "with": {name: number_or_text(value) for name, value in index.storage},
    }
    return _without_none(found)


def _index_key(key: Any, table: Ref) -> Json:
    text = key_text(key, table, OLD)
    found: Json = {
        "expression": text.text,
        "isExpression": text.is_expression,
        "asc": not text.descending,
        "nulls": "first" if text.nulls_first else "last",
        "opclass": text.opclass,
    }
    return _without_none(found)


def _foreign_key(key: ForeignKey, table: Table) -> Json:
    target = key.references[0]
    found: Json = {
        "name": uncut(table.name, key),
        "tableFrom": table.name,
        "tableTo": target.name,
        "schemaTo": None if target.schema == "public" else target.schema,
        "columnsFrom": [c.member for c in key.columns],
        "columnsTo": [c.member for c in key.references],
        "onDelete": str(key.on_delete),
        "onUpdate": str(key.on_update),
    }
    return _without_none(found)


def _key(key: PrimaryKey, table: Table) -> Json:
    return {"name": uncut(table.name, key), "columns": [c.member for c in key.columns]}


def _unique(unique: Unique, table: Table) -> Json:
    return {
        "name": uncut(table.name, unique),
        "nullsNotDistinct": unique.nulls_not_distinct,
        "columns": [c.member for c in unique.columns],
    }


def _check(check: Check, table: Ref) -> Json:
    return {"name": check.name, "value": expression(check.expr, table, qualified=True)}


def _policy(policy: Policy, table: Ref) -> Json:
    found: Json = {
        "name": policy.name,
        "as": "PERMISSIVE" if policy.permissive else "RESTRICTIVE",
        "for": policy.command.upper(),
        "to": [role.name for role in policy.roles] or ["public"],
        "using": _maybe(policy.using, table),
        "withCheck": _maybe(policy.check, table),
    }
    return _without_none(found)


def _maybe(expr: Expr | None, table: Ref) -> str | None:
    return None if expr is None else expression(expr, table, qualified=True)


def _enum(enum: Enum) -> Json:
    return {"name": enum.name, "schema": enum.schema, "values": list(enum.labels)}


def _sequence(sequence: Sequence) -> Json:
    return {"name": sequence.name, "schema": sequence.schema, **numbers(sequence.options)}


def _role(role: Role) -> Json:
    attributes = {"createDb": role.create_db, "createRole": role.create_role, "inherit": role.inherit}
    return {"name": role.name, **attributes}


def _view(view: View | MaterializedView) -> Json:
    materialized = isinstance(view, MaterializedView)
    found: Json = {
        "columns": {c.name: _view_column(c) for c in view.columns},
        "definition": query(view.query),
        "name": view.name,
        "schema": view.schema,
        "isExisting": False,
        "materialized": materialized,
        "with": view_options(view.storage if isinstance(view, MaterializedView) else view.options) or None,
    }
    if isinstance(view, MaterializedView):
        found["withNoData"] = None if view.populated else True
        found["using"] = None if view.method == "heap" else view.method
    return _without_none(found)


def _view_column(column: Column) -> Json:
    type = type_text(column.type, OLD)
    found: Json = {"name": column.name, "type": type.whole, "typeSchema": type.schema}
    return _without_none({**found, "primaryKey": False, "notNull": False})


def _without_none(found: Json) -> Json:
    return {key: value for key, value in found.items() if value is not None}
