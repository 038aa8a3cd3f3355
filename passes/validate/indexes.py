"""Checks of indexes: what their method can do, and whether it knows the type."""

from collections.abc import Iterator
from typing import Final

from pgkit.diag import Diagnostic
from pgkit.ir.constraints import Index, IndexKey
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.passes.validate.facts import (
    EXTENSION_METHODS,
    INCLUDING,
    INDEXABLE,
    INDEXABLE_KINDS,
    METHODS,
    MULTICOLUMN,
)
from pgkit.passes.validate.known import Known, index_owners, keys_of, or_nearest, problem, warning
from pgkit.sql import render

_BTREE_LIKE: Final = {"gin": "btree_gin", "gist": "btree_gist"}  # extensions that sort what btree sorts


def _indexes(known: Known) -> Iterator[tuple[Ref, Ref, Index]]:
    for place, owner in index_owners(known):
        for index in owner.indexes:
            yield place, place.of("index", index.name), index


def index_methods(known: Known) -> Iterator[Diagnostic]:
    """An access method of Postgres, or of an extension that is declared."""
    for _, ref, index in _indexes(known):
        extension = EXTENSION_METHODS.get(index.method)
        declared = known.extensions - {"plpgsql"}
        if extension is not None and declared and extension not in declared and not known.is_outside("", ""):
            message = f"the method {index.method} comes with the extension {extension}, which is not declared"
            yield problem("missing-extension", message, ref, index, f"declare the extension {extension}")
        elif extension is None and index.method not in METHODS and not known.is_outside("", ""):
            help = or_nearest(
                f"use one of {', '.join(METHODS)}", index.method, (*METHODS, *EXTENSION_METHODS)
            )
            yield problem("unknown-method", f"no index method named {index.method}", ref, index, help)


def index_features(known: Known) -> Iterator[Diagnostic]:
    """What only some of the methods can do."""
    for _, ref, index in _indexes(known):
        if index.method not in METHODS:
            continue
        for code, what, methods in _wanted(index):
            if index.method not in methods:
                message = f"{index.method} takes no {what}"
                help = f"take it out, or use {' or '.join(methods)}"
                yield problem(code, message, ref, index, help)
        if index.nulls_not_distinct and not index.unique:
            message = "nulls not distinct means nothing where the index is not unique"
            yield warning("nulls-not-distinct", message, ref, index, "make it unique, or take it out")


def _wanted(index: Index) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    if index.unique:
        yield "index-unique", "unique index", ("btree",)
    if index.include:
        yield "index-include", "included columns", INCLUDING
    if len(index.keys) > 1:
        yield "index-columns", "second column", MULTICOLUMN
    if any(k.descending or k.nulls_first for k in index.keys):
        yield "index-order", "order of its keys", ("btree",)


def operator_classes(known: Known) -> Iterator[Diagnostic]:
    """A key of a type that the method can hold, or with an operator class that says how."""
    for ref, obj, method, type in _keys(known):
        if not _can_hold(known, method, known.base(type)):
            yield _not_held(known, method, type, ref, obj)


def _keys(known: Known) -> Iterator[tuple[Ref, object, str, PgType]]:
    """All that is sorted or searched by a default operator class: its method and its type."""
    for place, ref, index in _indexes(known):
        types = (_type(known, place, key) for key in index.keys if index.method in METHODS)
        yield from ((ref, index, index.method, type) for type in types if type is not None)
    for table in known.catalog.tables:
        for obj in keys_of(table):
            found = (known.columns[table.ref].get(c.member) for c in obj.columns)
            ref = table.ref.of(obj.kind, obj.name)
            yield from ((ref, obj, "btree", column.type) for column in found if column is not None)
    for range in known.catalog.ranges:
        if range.opclass is None:
            yield Ref("range", range.schema, range.name), range, "btree", range.subtype


def _type(known: Known, place: Ref, key: IndexKey) -> PgType | None:
    if key.column is None or key.opclass is not None:
        return None
    column: Column | None = known.columns.get(place, {}).get(key.column.member)
    return column.type if column else None


def _not_held(known: Known, method: str, type: PgType, ref: Ref, obj: object) -> Diagnostic:
    message = f"{render(type)} has no default operator class for {method}"
    others = [m for m in METHODS if _can_hold(known, m, known.base(type))]
    if not isinstance(obj, Index):
        help = "use a type that can be compared" + (", such as jsonb" if render(type) == "json" else "")
    elif others:
        help = f"use {' or '.join(others)}, or name an operator class"
    else:
        help = "name an operator class, or index an expression of it"
    declared = known.extensions - {"plpgsql"}
    if method in _BTREE_LIKE and not declared and _can_hold(known, "btree", known.base(type)):
        # A Drizzle folder cannot declare the extension that would bring it.
        help = f"make sure that there is the extension {_BTREE_LIKE[method]}"
        return warning("operator-class", message, ref, obj, help)
    return problem("operator-class", message, ref, obj, help)


def _can_hold(known: Known, method: str, type: PgType) -> bool:
    match type:
        case Array():
            return "array" in INDEXABLE_KINDS[method]
        case Named(ref):
            return ref not in known.objects or ref.kind in INDEXABLE_KINDS[method]
        case Scalar():
            return type.name in INDEXABLE[method] or _may_bring(type, known)


def _may_bring(type: Scalar, known: Known) -> bool:
    """Whether an extension may bring an operator class, for a type of its own or for others."""
    own = bool(type.row.extension) or type.row.shape is Shape.UNKNOWN
    return own or bool(known.extensions & {"btree_gin", "btree_gist"}) or known.is_outside("", "")
