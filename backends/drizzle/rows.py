"""A catalog as the rows of versions 8 and 9: one flat list of entities, each with its kind."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pgkit.backends.drizzle.indexes import key_text
from pgkit.backends.drizzle.line import NEXT
from pgkit.backends.drizzle.options import NAMES, view_options
from pgkit.backends.drizzle.serials import serials
from pgkit.backends.drizzle.texts import expression, next_default, query
from pgkit.backends.drizzle.types import SERIALS, type_text
from pgkit.backends.drizzle.v7 import identity_sequence, numbers
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Check, ForeignKey, Index, IndexKey, Policy, PrimaryKey, Unique
from pgkit.ir.expr import Expr
from pgkit.ir.kinds import Role
from pgkit.ir.names import MAX_BYTES, Ref, object_name, truncate
from pgkit.ir.relations import Column, MaterializedView, Sequence, Table, View
from pgkit.sql import render

Row = dict[str, Any]
Key = tuple[str, ...]  # the kind, then what identifies a row of it
Rows = dict[Key, Row]
Moved = Callable[[Ref], Ref]
_HASHED: Final = re.compile(r"(.+_)?[0-9a-zA-Z]{12}_fkey")
_OF_TABLE: Final = ("schema", "table", "name")
IDENTITY: Final[Mapping[str, tuple[str, ...]]] = {
    "schemas": ("name",),
    "roles": ("name",),
    "tables": ("schema", "name"),
    "enums": ("schema", "name"),
    "views": ("schema", "name"),
    "sequences": ("schema", "name"),
    "indexes": ("schema", "name"),
    **dict.fromkeys(("columns", "fks", "pks", "uniques", "checks", "policies"), _OF_TABLE),
    "privileges": ("schema", "table", "grantor", "grantee", "type"),
}
KINDS: Final[Mapping[str, str]] = {
    "schemas": "schema",
    "roles": "role",
    "tables": "table",
    "enums": "enum",
    "views": "view",
    "sequences": "sequence",
    "indexes": "index",
    "columns": "column",
    "fks": "foreign_key",
    "pks": "primary_key",
    "uniques": "unique",
    "checks": "check",
    "policies": "policy",
}


def key_of(row: Mapping[str, Any]) -> Key:
    """What identifies a row."""
    kind = row["entityType"]
    return (kind, *(str(row.get(field) or "") for field in IDENTITY[kind]))


def moved_key(key: Key, row: Mapping[str, Any], moved: Moved) -> Key:
    """The key of a row in the names of after."""
    ref = ref_of(row)
    if ref is None:
        return key
    to = moved(ref)
    match key[0]:
        case "schemas" | "roles":
            return (key[0], to.name)
        case "indexes":
            return (key[0], to.schema, to.member)
        case _:
            return (key[0], to.schema, to.name, *((to.member,) if to.member else ()))


def ref_of(row: Mapping[str, Any]) -> Ref | None:
    """What a row is to us; None for what the IR does not know."""
    kind = KINDS.get(row["entityType"])
    if kind is None:
        return None
    if kind in ("schema", "role"):
        return Ref(kind, "", row["name"])
    if "table" in row:
        return Ref("table", row["schema"], row["table"]).of(kind, row["name"])
    return Ref("materialized_view" if row.get("materialized") else kind, row["schema"], row["name"])


def rows(catalog: Catalog) -> Rows:
    """The rows by their keys, kind after kind as drizzle-kit lists them."""
    found = {key_of(row): row for row in _rows(catalog)}
    order = list(IDENTITY)
    return dict(sorted(found.items(), key=lambda item: order.index(item[0][0])))


def _rows(catalog: Catalog) -> Iterator[Row]:
    owned = serials(catalog)
    for schema in catalog.schemas:
        yield {"name": schema.name, "entityType": "schemas"}
    for enum in catalog.enums:
        values = list(enum.labels)
        yield {"schema": enum.schema, "name": enum.name, "values": values, "entityType": "enums"}
    for sequence in catalog.sequences:
        if sequence.owned_by not in owned:
            yield _sequence(sequence)
    yield from map(_role, catalog.roles)
    for table in catalog.tables:
        yield from _table(table, owned)
    views: tuple[View | MaterializedView, ...] = (*catalog.views, *catalog.materialized_views)
    yield from map(_view, views)


def _table(table: Table, owned: Mapping[Ref, Sequence]) -> Iterator[Row]:
    rls = table.row_security or bool(table.policies)
    yield {"schema": table.schema, "name": table.name, "isRlsEnabled": rls, "entityType": "tables"}
    for column in table.columns:
        yield _of(table, _column(table, column, owned), "columns")
    for index in table.indexes:
        yield _of(table, _index(index, table), "indexes")
    for foreign_key in table.foreign_keys:
        yield _of(table, _foreign_key(foreign_key), "fks")
    for key in table.primary_keys:
        explicit = key.name != object_name(table.name, "", "pkey")
        yield _of(table, {**_named(key), "nameExplicit": explicit}, "pks")
    for unique in table.uniques:
        yield _of(table, _unique(unique, table), "uniques")
    for check in table.checks:
        yield _of(table, _check(check, table.ref), "checks")
    for policy in table.policies:
        yield _of(table, _policy(policy, table.ref), "policies")


def _of(table: Table, fields: Row, kind: str) -> Row:
    return {"schema": table.schema, "table": table.name, **fields, "entityType": kind}


def _column(table: Table, column: Column, owned: Mapping[Ref, Sequence]) -> Row:
    type = type_text(column.type, NEXT)
    serial = owned.get(table.ref.of("column", column.name))
    generated = column.generated
    return {
        "name": column.name,
        "type": SERIALS[render(serial.type)] if serial else type.text,
        "typeSchema": type.schema,
        "notNull": not column.nullable,
        "dimensions": type.dims,
        "default": None if serial else next_default(column),
        "generated": None
        if generated is None
        else {"as": expression(generated.expr, table.ref, qualified=True), "type": "stored"},
        "identity": _identity(table, column),
    }


def _identity(table: Table, column: Column) -> Row | None:
    if column.identity is None:
        return None
    kept = column.identity.sequence or identity_sequence(table, column)
    named = {"type": "always" if column.identity.always else "byDefault", "name": kept.name}
    return {**named, **numbers(column.identity.options), "cache": column.identity.options.cache}


def _named(key: PrimaryKey | Unique) -> Row:
    return {"name": key.name, "columns": [c.member for c in key.columns]}


def _unique(unique: Unique, table: Table) -> Row:
    joined = "_".join(c.member for c in unique.columns)
    implied = (f"{table.name}_{joined}_key", f"{table.name}_{joined}_unique")
    explicit = unique.name not in (*implied, *map(truncate, implied))
    more = {"nameExplicit": explicit, "nullsNotDistinct": unique.nulls_not_distinct}
    return {**_named(unique), **more}


def _index(index: Index, table: Table) -> Row:
    columns = "_".join(k.column.member if k.column else "" for k in index.keys)
    implied = f"{table.name}_{columns}_index"
    return {
        "name": index.name,
        "nameExplicit": index.name not in (implied, truncate(implied)),
        "columns": [_index_key(key, table.ref) for key in index.keys],
        "isUnique": index.unique,
        "where": _maybe(index.where, table.ref, qualified=False),
        "with": ", ".join(f"{name}={value}" for name, value in index.storage),
        "method": index.method,
        "concurrently": False,
    }


def _index_key(key: IndexKey, table: Ref) -> Row:
    text = key_text(key, table, NEXT)
    return {
        "value": text.text,
        "isExpression": text.is_expression,
        "asc": not text.descending,
        "nullsFirst": text.nulls_first,
        "opclass": {"name": text.opclass, "default": False} if text.opclass else None,
    }


def _foreign_key(key: ForeignKey) -> Row:
    target = key.references[0]
    columns, columns_to = ([c.member for c in refs] for refs in (key.columns, key.references))
    implied = "_".join((key.columns[0].name, *columns, target.name, *columns_to, "fkey"))
    hashed = len(implied) > MAX_BYTES and bool(_HASHED.fullmatch(key.name))
    return {
        "name": key.name,
        "nameExplicit": not hashed and key.name not in (implied, truncate(implied)),
        "columns": columns,
        "schemaTo": target.schema,
        "tableTo": target.name,
        "columnsTo": columns_to,
        "onUpdate": key.on_update.upper(),
        "onDelete": key.on_delete.upper(),
    }


def _check(check: Check, table: Ref) -> Row:
    return {"name": check.name, "value": expression(check.expr, table, qualified=False)}


def _policy(policy: Policy, table: Ref) -> Row:
    return {
        "name": policy.name,
        "as": "PERMISSIVE" if policy.permissive else "RESTRICTIVE",
        "for": policy.command.upper(),
        "roles": [role.name for role in policy.roles] or ["public"],
        "using": _maybe(policy.using, table, qualified=True),
        "withCheck": _maybe(policy.check, table, qualified=True),
    }


def _maybe(expr: Expr | None, table: Ref, qualified: bool) -> str | None:
    return None if expr is None else expression(expr, table, qualified)


def _sequence(sequence: Sequence) -> Row:
    found = numbers(sequence.options)
    return {
        "schema": sequence.schema,
        "name": sequence.name,
        "incrementBy": found["increment"],
        "minValue": found["minValue"],
        "maxValue": found["maxValue"],
        "startWith": found["startWith"],
        "cacheSize": sequence.options.cache,
        "cycle": sequence.options.cycle,
        "entityType": "sequences",
    }


def _role(role: Role) -> Row:
    return {
        "name": role.name,
        "superuser": role.superuser,
        "createDb": role.create_db,
        "createRole": role.create_role,
        "inherit": role.inherit,
        "canLogin": role.login,
        "replication": role.replication,
        "bypassRls": role.bypass_rls,
        "connLimit": role.connection_limit,
        "password": None,
        "validUntil": None,
        "entityType": "roles",
    }


def _view(view: View | MaterializedView) -> Row:
    materialized = isinstance(view, MaterializedView)
    options = view_options(view.storage if isinstance(view, MaterializedView) else view.options)
    filled: Row = {name: options.get(name) for name in NAMES}
    return {
        "schema": view.schema,
        "name": view.name,
        "definition": query(view.query),
        "with": filled if options else None,
        "withNoData": True if isinstance(view, MaterializedView) and not view.populated else None,
        "using": view.method if isinstance(view, MaterializedView) and view.method != "heap" else None,
        "tablespace": None,
        "materialized": materialized,
        "entityType": "views",
    }
