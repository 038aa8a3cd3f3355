"""The catalog: everything declared, in one value."""

from typing import ClassVar

from attrs import frozen

from pgkit.ir.constraints import Check, ForeignKey, Index, Policy, PrimaryKey, Unique
from pgkit.ir.fields import derived, members
from pgkit.ir.kinds import (
    Attribute,
    Composite,
    Domain,
    Enum,
    Extension,
    Multirange,
    Range,
    Role,
    Schema,
    Unmodelled,
)
from pgkit.ir.relations import Column, MaterializedView, Sequence, Table, View

Object = (
    Extension
    | Schema
    | Role
    | Enum
    | Domain
    | Composite
    | Range
    | Sequence
    | Table
    | View
    | MaterializedView
    | Column
    | Attribute
    | Multirange
    | PrimaryKey
    | Unique
    | ForeignKey
    | Check
    | Index
    | Policy
)
KINDS: dict[str, type[Object]] = {cls.kind: cls for cls in Object.__args__}


@frozen(kw_only=True)
class Catalog:
    """Everything that a source declares. Two of them are `before` and `after`."""

    kind: ClassVar = "catalog"
    postgres: int | None = derived()  # the major version that wrote its expressions, if a server did
    extensions: tuple[Extension, ...] = members(Extension)
    schemas: tuple[Schema, ...] = members(Schema)
    roles: tuple[Role, ...] = members(Role)
    enums: tuple[Enum, ...] = members(Enum)
    domains: tuple[Domain, ...] = members(Domain)
    composites: tuple[Composite, ...] = members(Composite)
    ranges: tuple[Range, ...] = members(Range)
    sequences: tuple[Sequence, ...] = members(Sequence)
    tables: tuple[Table, ...] = members(Table)
    views: tuple[View, ...] = members(View)
    materialized_views: tuple[MaterializedView, ...] = members(MaterializedView)
    unmodelled: tuple[Unmodelled, ...] = members(Unmodelled)
