"""Generic traversal. New kinds and fields are seen here without an edit."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar

import attrs

from pgkit.ir.catalog import Catalog, Object
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import MaterializedView, View
from pgkit.ir.types import Scalar

T = TypeVar("T")
Declared = Object | Unmodelled


def ref_of(obj: Declared, owner: Ref | None = None) -> Ref:
    """The Ref of an object, given that of its owner if it is a member."""
    if owner is not None:
        return Ref(obj.kind, owner.schema, owner.name, obj.name, owner.kind)
    names = fields_marked(type(obj), Mark.NAME)
    schema = obj.schema if "schema" in names else ""  # type: ignore[union-attr]
    return Ref(obj.kind, schema or "", obj.name, getattr(obj, "member", ""))


def members_of(owner: Catalog | Declared, ref: Ref | None = None) -> Iterator[tuple[Ref, Declared]]:
    """The direct members of a catalog or an object, each with its Ref."""
    for name in fields_marked(type(owner), Mark.MEMBERS):
        for obj in getattr(owner, name):
            yield ref_of(obj, ref), obj


def map_members(owner: T, f: Callable[[Ref, Any], Any], ref: Ref | None = None) -> T:
    """A copy of a catalog or an object with `f` of each direct member; None leaves the member out."""
    changed: dict[str, Any] = {}
    for name in fields_marked(type(owner), Mark.MEMBERS):
        old = getattr(owner, name)
        new = tuple(m for obj in old if (m := f(ref_of(obj, ref), obj)) is not None)
        if len(new) != len(old) or any(a is not b for a, b in zip(old, new, strict=True)):
            changed[name] = new
    return attrs.evolve(owner, **changed) if changed else owner  # type: ignore[misc]


def bare(obj: T) -> T:
    """An object without its members."""
    empty: dict[str, Any] = {name: () for name in fields_marked(type(obj), Mark.MEMBERS)}
    return attrs.evolve(obj, **empty) if empty else obj  # type: ignore[misc]


def index(catalog: Catalog) -> dict[Ref, Declared]:
    """Every object of a catalog by its Ref; the columns of views as well."""
    found: dict[Ref, Declared] = {}
    for ref, obj in members_of(catalog):
        found[ref] = obj
        found.update(members_of(obj, ref))
        if isinstance(obj, View | MaterializedView):
            found.update((ref_of(column, ref), column) for column in obj.columns)
    return found


def views_of(catalog: Catalog) -> dict[Ref, View | MaterializedView]:
    """The views and materialized views of a catalog by their Refs."""
    both: tuple[View | MaterializedView, ...] = (*catalog.views, *catalog.materialized_views)
    return {ref_of(view): view for view in both}


def refs_in(value: Any) -> Iterator[Ref]:
    """Every Ref mentioned inside `value`, in derived fields too, but not in notes."""
    return inside(value, Ref)


def scalars_in(value: Any) -> Iterator[Scalar]:
    """Every scalar type used inside `value`."""
    return inside(value, Scalar)


def inside(value: Any, of: type[T]) -> Iterator[T]:
    """Every value of a class that stands somewhere in `value`, the outermost of them only."""
    if isinstance(value, of):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from inside(item, of)
    else:
        for name in walked_fields(type(value)):
            yield from inside(getattr(value, name), of)


def map_refs(value: T, f: Callable[[Ref], Ref]) -> T:
    """A copy of `value` with every Ref in it replaced; what does not change stays the same object."""
    if isinstance(value, Ref):
        return f(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        new = tuple(map_refs(item, f) for item in value)
        same = all(a is b for a, b in zip(new, value, strict=True))
        return value if same else new  # type: ignore[return-value]
    changed: dict[str, Any] = {}
    for name in walked_fields(type(value)):
        old = getattr(value, name)
        if (mapped := map_refs(old, f)) is not old:
            changed[name] = mapped
    return attrs.evolve(value, **changed) if changed else value  # type: ignore[misc]


def walked_fields(cls: Any) -> tuple[str, ...]:
    """The fields of a class in which other values of the IR may stand; none for what is not of the IR."""
    return _walked(cls)


@cache
def _walked(cls: Any) -> tuple[str, ...]:
    if not attrs.has(cls):
        return ()
    leaves = (str, int, bool, str | None)
    return tuple(
        f.name for f in attrs.fields(cls) if f.metadata.get(Mark) is not Mark.NOTE and f.type not in leaves
    )
