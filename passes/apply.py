"""What a change does to a catalog, as a value: the differ's inverse, and its test oracle."""

from collections.abc import Iterable
from typing import Any, TypeVar, assert_never

import attrs

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Change, Create, Drop, Rename
from pgkit.ir.fields import Mark, fields_marked, metadata
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, map_members
from pgkit.passes.belongings import goes_with
from pgkit.passes.renames import rename

T = TypeVar("T")


def apply(catalog: Catalog, changes: Iterable[Change]) -> Catalog:
    """The catalog after the changes, one by one; what goes by itself with something dropped is gone too."""
    for change in changes:
        catalog = _one(catalog, change)
    return catalog


def _one(catalog: Catalog, change: Change) -> Catalog:
    match change:
        case Create(ref, new):
            return _with(catalog, ref, new)
        case Drop(ref, _):
            left = _at(catalog, ref, lambda _: None)
            return map_members(left, lambda _, obj: None if goes_with(ref, obj) else obj)
        case Alter(ref, _, new):
            return _at(catalog, ref, lambda old: _keeping_members(old, new))
        case Rename(ref, to):
            return rename(catalog, Hints(((ref, to),)))[0]
        case _:
            assert_never(change)


def _at(catalog: Catalog, ref: Ref, f: Any) -> Catalog:
    """The catalog with `f` of the object at `ref`."""

    def visit(at: Ref, obj: Declared) -> Declared | None:
        if at == ref:
            changed: Declared | None = f(obj)
            return changed
        return map_members(obj, visit, at) if at == ref.owner else obj

    return map_members(catalog, visit)


def _keeping_members(old: Declared, new: Declared) -> Declared:
    kept: dict[str, Any] = {name: getattr(old, name) for name in fields_marked(type(new), Mark.MEMBERS)}
    return attrs.evolve(new, **kept)


def _with(catalog: Catalog, ref: Ref, new: Declared) -> Catalog:
    if ref.owner is None or isinstance(new, Unmodelled):
        return _appended(catalog, new)
    return _at(catalog, ref.owner, lambda owner: _appended(owner, new))


def _appended(owner: T, new: Declared) -> T:
    """`owner` with a member more, in the field for objects of its class."""
    names = fields_marked(type(owner), Mark.MEMBERS)
    field = next(n for n in names if metadata(type(owner), n)["of"] is type(new))
    return attrs.evolve(owner, **{field: (*getattr(owner, field), new)})  # type: ignore[misc]
