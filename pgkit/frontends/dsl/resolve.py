"""Fills in what the text leaves out: declared types, the columns of primary keys, serial.

Names that Postgres gives are given by a pass: what has none is called "" here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from pgkit.diag import Diagnostic
from pgkit.frontends.dsl.builder import Builder
from pgkit.frontends.dsl.tables import serial
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import ForeignKey
from pgkit.ir.expr import Hole, Opaque
from pgkit.ir.kinds import Range
from pgkit.ir.names import Ref, multirange_name
from pgkit.ir.relations import Column, Identity, Sequence, Table, sequence_options
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.ir.walk import members_of

Types = Mapping[tuple[str, str], Ref]
_TYPES = ("enum", "domain", "composite", "range", "table", "view", "materialized_view")


def resolve(catalog: Catalog, build: Builder) -> tuple[Catalog, list[Diagnostic]]:
    """The catalog with nothing left out, and what could not be filled in."""
    types = dict(_types(catalog))
    cache: dict[int, PgType] = {}
    with_types: dict[str, Any] = {
        "tables": tuple(_columns(t, types, cache) for t in catalog.tables),
        "views": tuple(_columns(v, types, cache) for v in catalog.views),
        "materialized_views": tuple(_columns(v, types, cache) for v in catalog.materialized_views),
        "domains": tuple(_typed(d, "type", types, cache) for d in catalog.domains),
        "ranges": tuple(_typed(r, "subtype", types, cache) for r in catalog.ranges),
        "composites": tuple(
            attrs.evolve(c, attributes=tuple(_typed(a, "type", types, cache) for a in c.attributes))
            for c in catalog.composites
        ),
    }
    catalog = _with_serials(attrs.evolve(catalog, **with_types))
    findings: list[Diagnostic] = []
    catalog = _with_targets(catalog, findings)
    return catalog, findings


def _types(catalog: Catalog) -> Iterator[tuple[tuple[str, str], Ref]]:
    for ref, obj in members_of(catalog):
        if ref.kind in _TYPES:
            yield (ref.schema, ref.name), ref
        if isinstance(obj, Range):
            name = obj.multiranges[0].name if obj.multiranges else multirange_name(obj.name)
            yield (ref.schema, name), ref.of("multirange", name)


def _columns(owner: Any, types: Types, cache: dict[int, PgType]) -> Any:
    new = tuple(_typed(c, "type", types, cache) for c in owner.columns)
    same = all(a is b for a, b in zip(new, owner.columns, strict=True))
    return owner if same else attrs.evolve(owner, columns=new)


def _typed(obj: Any, field: str, types: Types, cache: dict[int, PgType]) -> Any:
    old = getattr(obj, field)
    new = cache.get(id(old))
    if new is None:
        new = cache[id(old)] = _declared(old, types)
    return obj if new is old else attrs.evolve(obj, **{field: new})


def _declared(type: PgType, types: Types) -> PgType:
    """A type by the name of one of the catalog's is that one."""
    match type:
        case Array(of, dims):
            inner = _declared(of, types)
            return type if inner is of else Array(inner, dims)
        case Scalar(name, (), schema) if type.row.shape is Shape.UNKNOWN or schema:
            ref = types.get((schema or "public", name))
            return Named(ref) if ref else type
        case _:
            return type


def _with_serials(catalog: Catalog) -> Catalog:
    """`id serial` is an integer column, not null, whose default is taken from a sequence of its own."""
    made: list[Sequence] = []
    tables = tuple(_table_serials(t, made) for t in catalog.tables)
    return attrs.evolve(catalog, tables=tables, sequences=(*catalog.sequences, *made)) if made else catalog


def _table_serials(table: Table, made: list[Sequence]) -> Table:
    if not any(isinstance(c.type, Scalar) and serial(c.type) for c in table.columns):
        return table
    return attrs.evolve(table, columns=tuple(_serial(table, c, made) for c in table.columns))


def _serial(table: Table, column: Column, made: list[Sequence]) -> Column:
    integer = serial(column.type) if isinstance(column.type, Scalar) else None
    if integer is None or isinstance(column.identity, Identity):
        return column
    sequence = Sequence(
        schema=table.schema, name="", type=Scalar(integer), options=sequence_options(integer),
        owned_by=table.ref.of("column", column.name), span=column.span,
    )  # fmt: skip
    made.append(sequence)
    hole = Hole(Ref("sequence", table.schema, ""), "literal")
    default = Opaque(("nextval('", "'::regclass)"), (hole,))
    return attrs.evolve(column, type=Scalar(integer), nullable=False, default=default)


def _with_targets(catalog: Catalog, findings: list[Diagnostic]) -> Catalog:
    """`references t` refers to the primary key of t."""
    keys = {t.ref: t.primary_key.columns if t.primary_key else () for t in catalog.tables}
    tables = []
    for table in catalog.tables:
        if any(not k.references[0].member for k in table.foreign_keys):
            found = tuple(_target(k, keys, findings) for k in table.foreign_keys)
            table = attrs.evolve(table, foreign_keys=found)
        tables.append(table)
    return attrs.evolve(catalog, tables=tuple(tables))


def _target(key: ForeignKey, keys: Mapping[Ref, tuple[Ref, ...]], findings: list[Diagnostic]) -> ForeignKey:
    target = key.references[0]
    if target.member:
        return key
    if keys.get(target):
        return attrs.evolve(key, references=keys[target])
    findings.append(Diagnostic("no-target", *_missing(target, keys, key)))
    return key


def _missing(target: Ref, keys: Mapping[Ref, tuple[Ref, ...]], key: ForeignKey) -> tuple[str, Any, str]:
    if target in keys:
        return f"table {target} has no primary key", key.span, "name the columns: references table (column)"
    table = Ref("table", "public", target.schema)
    if table in keys:
        help = f"columns stand in parentheses: references {target.schema} ({target.name})"
        return f"no table {target}", key.span, help
    help = "declare it, or name the columns that it has: references table (column)"
    return f"no table {target}", key.span, help
