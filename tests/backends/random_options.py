"""Options at random, of all that a configuration can say of a catalog's columns, types and tables."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, Final

from pgkit.backends.options import ModelOptions
from pgkit.backends.values import Own
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Domain
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, Table, View
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.ir.walk import index
from pgkit.sql.statements.forms import Objects
from tests.backends.typescript.hostile import label_members

META_TS: Final = """\
import * as z from "zod";

export interface Meta {
  a: string;
}

export const metaSchema: z.ZodType<Meta> = z.object({ a: z.string() });
"""
META_RS: Final = """
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Meta {
    pub a: String,
}
"""
_MOMENTS: Final = (Shape.DATE, Shape.TIMESTAMP, Shape.INSTANT)
_SHARES: Final = (0.0, 0.0, 0.1, 0.3)
"""How many of the columns something is said of."""


def random_options(dice: Random, catalog: Catalog) -> ModelOptions:
    """Options that any backend takes; JSON may be read as Meta, of ../meta.js or `crate`."""
    columns = [(ref, column) for _, ref, column in _columns(catalog)]
    write_only = frozenset(_some(dice, [ref for ref, _ in columns if ref.within == "table"]))
    exclude = frozenset(_some(dice, [ref for ref, _ in columns])) - write_only
    primary = {ref for table in catalog.tables for key in table.primary_keys for ref in key.columns}
    objects = index(catalog)
    own: dict[Ref | str, Own] = {}
    for ref, column in columns:
        if said := dict(_said(dice, objects, column.type, is_key=ref in primary)):
            own[ref] = Own(**said)
    enums = [Ref("enum", enum.schema, enum.name) for enum in catalog.enums]
    return ModelOptions(
        case=dice.choice(("camel", "snake", "preserve")),
        main_schema=dice.choice(("public", "app")),
        exclude=exclude,
        write_only=write_only,
        ids=dice.random() < 0.6,
        tenants=dict(_tenants(dice, catalog, exclude | write_only)) if dice.random() < 0.4 else {},
        own=own,
        open_enums=frozenset(_some(dice, enums, (0, 0.5, 1))),
        client=dice.choice(("json", "json", "pg", "postgres", "drizzle")),
        members=label_members(),
    )


def _some(dice: Random, refs: list[Ref], shares: tuple[float, ...] = _SHARES) -> list[Ref]:
    share = dice.choice(shares)
    return [ref for ref in refs if dice.random() < share]


def _columns(catalog: Catalog) -> Iterator[tuple[Table | View | MaterializedView, Ref, Column]]:
    for relation in (*catalog.tables, *catalog.views, *catalog.materialized_views):
        owner = Ref(relation.kind, relation.schema, relation.name)
        for column in relation.columns:
            yield relation, owner.of("column", column.name), column


def _tenants(dice: Random, catalog: Catalog, unread: frozenset[Ref]) -> Iterator[tuple[Ref, str]]:
    """For most relations any column that is read, if not an array."""
    found: dict[Ref, list[str]] = {}
    objects = index(catalog)
    for _, ref, column in _columns(catalog):
        if ref not in unread and isinstance(_bottom(objects, column.type), Scalar) and ref.owner:
            found.setdefault(ref.owner, []).extend([] if isinstance(column.type, Array) else [ref.member])
    for relation, names in found.items():
        if names and dice.random() < 0.7:
            yield relation, dice.choice(names)


def _said(dice: Random, objects: Objects, type: PgType, *, is_key: bool) -> Iterator[tuple[str, Any]]:
    below = _bottom(objects, type)
    shape = below.row.shape if isinstance(below, Scalar) else None
    if dice.random() < 0.08 and not is_key:
        yield "nullable", dice.random() < 0.5
    if isinstance(type, Array) and dice.random() < 0.3:
        yield "array_nulls", True
    if shape in _MOMENTS and dice.random() < 0.4:
        yield "infinity", dice.choice(("text", "error"))
    if shape is Shape.JSON and dice.random() < 0.4:
        yield "rust", "crate::Meta"
        if dice.random() < 0.7:
            yield from (("ts", "Meta"), ("ts_import", "../meta.js"))
        if dice.random() < 0.7:
            yield from (("zod", "metaSchema"), ("zod_import", "../meta.js"))


def _bottom(objects: Objects, type: PgType) -> PgType:
    """What is below arrays and domains."""
    while True:
        if isinstance(type, Array):
            type = type.of
        elif isinstance(type, Named) and isinstance(domain := objects.get(type.ref), Domain):
            type = domain.type
        else:
            return type
