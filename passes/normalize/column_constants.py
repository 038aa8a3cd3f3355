"""Takes the cast to the column's own type off a constant default.

    status app.status default 'draft'::app.status   =>   status app.status default 'draft'
    balance bigint default '-5'::bigint             =>   balance bigint default -5

Postgres writes the cast when it stores the default; to assign the bare constant means the same.
"""

import re
from typing import Final, TypeVar

import attrs

from pgkit.ir.catalog import Catalog
from pgkit.ir.expr import Cast, Expr, Lit
from pgkit.ir.kinds import Domain
from pgkit.ir.relations import Column
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, PgType, Scalar

_PLAIN: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
O = TypeVar("O", Column, Domain)  # noqa: E741


def column_constants(catalog: Catalog) -> Catalog:
    """The catalog with the constant defaults of columns and domains bare."""
    tables = tuple(attrs.evolve(t, columns=tuple(map(_bare, t.columns))) for t in catalog.tables)
    domains = tuple(map(_bare, catalog.domains))
    return attrs.evolve(catalog, tables=tables, domains=domains)


def _bare(obj: O) -> O:
    default = _constant(obj.default, obj.type)
    return obj if default is obj.default else attrs.evolve(obj, default=default)


def _constant(default: Expr | None, type: PgType) -> Expr | None:
    match default:
        case Cast(Lit("string") | Lit("null") as constant, to) if _family(to) == _family(type):
            return _number(constant, type)
        case _:
            return default


def _number(constant: Lit, type: PgType) -> Lit:
    numeric = isinstance(type, Scalar) and type.row.shape in (Shape.INT, Shape.DECIMAL)
    plain = numeric and constant.kind == "string" and _PLAIN.fullmatch(constant.text)
    return Lit("number", constant.text) if plain else constant


def _family(type: PgType) -> PgType:
    """A type without its modifiers: an assignment applies them anyway."""
    match type:
        case Scalar(name, _, schema):
            return Scalar(name, (), schema)
        case Array(of):
            return Array(_family(of))
        case _:
            return type
