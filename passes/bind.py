"""Finds the mentions inside expressions.

    check (status <> 'x')  as text   =>   check ({column orders.status} <> 'x')

Every expression of the catalog is read with Postgres's grammar; what cannot be read stays as it is.
"""

from functools import cache
from typing import Any

import attrs

from pgkit.grammar.mentions import Scope, names_of
from pgkit.ir.catalog import Catalog
from pgkit.ir.expr import Expr, Opaque
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.names import Ref
from pgkit.ir.types import PgType, Scalar
from pgkit.ir.walk import map_members

_QUERIES = ("view", "materialized_view")


def bind(catalog: Catalog, path: tuple[str, ...] = ("public",)) -> Catalog:
    """The catalog with every unbound expression bound; unqualified names are looked up along `path`."""
    scope = Scope(names_of(catalog), path=path)
    return map_members(catalog, lambda ref, obj: _bound(obj, attrs.evolve(scope, table=ref)))


def _bound(value: Any, scope: Scope) -> Any:
    """`value` with the opaque expressions anywhere inside it bound."""
    if isinstance(value, Opaque):
        return value if value.holes else _read(value.text[0].strip(" \t\r\n\f\v"), scope)
    if isinstance(value, tuple):
        new = tuple(_bound(item, scope) for item in value)
        return value if all(a is b for a, b in zip(new, value, strict=True)) else new
    changed: dict[str, Any] = {}
    for field in _expression_fields(type(value)):
        old = getattr(value, field)
        if (new := _bound(old, scope)) is not old:
            changed[field] = new
    return attrs.evolve(value, **changed) if changed else value


def _read(text: str, scope: Scope) -> Expr:
    from pgkit.grammar import postgres  # costs 0.1 s, and a catalog of plain tables needs none of it

    is_query = scope.table is not None and scope.table.kind in _QUERIES
    if is_query:
        return postgres.query(text, attrs.evolve(scope, table=None))
    return postgres.expression(text, scope)


def _expression_fields(cls: Any) -> tuple[str, ...]:
    return _found_fields(cls)


@cache
def _found_fields(cls: Any) -> tuple[str, ...]:
    """The fields in which an expression may stand; none for what is no value of the IR."""
    if not attrs.has(cls) or cls in (Ref, Scalar):
        return ()
    marked = fields_marked(cls, Mark.ALTER, Mark.RECREATE, Mark.MEMBERS)
    plain = (str, int, bool, str | None, PgType, Ref | None, tuple[str, ...], tuple[Ref, ...])
    return tuple(f.name for f in attrs.fields(cls) if f.name in marked and f.type not in plain)
