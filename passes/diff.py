"""Compares two catalogs. Knows no object kind: the marks on IR fields say what a change means."""

from collections.abc import Iterator

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Change, Create, Drop, differing
from pgkit.ir.fields import Mark, metadata
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, members_of
from pgkit.passes.renames import rename


def diff(before: Catalog, after: Catalog, hints: Hints = Hints(), version: int = 18) -> tuple[Change, ...]:
    """The changes that turn `before` into `after` on a server of that major version: renames, then the rest.

    Renames are applied to `before` first, so that all the rest compares like with like and is in new names.
    """
    before, renames = rename(before, hints)
    return (*renames, *(() if before == after else _members(before, after, None, version)))


def _members(
    before: Catalog | Declared, after: Catalog | Declared, owner: Ref | None, version: int
) -> Iterator[Change]:
    old = dict(members_of(before, owner))
    new = dict(members_of(after, owner))
    for ref, obj in old.items():
        if ref not in new:
            yield Drop(ref, obj)
    for ref, obj in new.items():
        if ref not in old:
            yield Create(ref, obj)
        elif old[ref] != obj:
            yield from _object(ref, old[ref], obj, version)


def _object(ref: Ref, old: Declared, new: Declared, version: int) -> Iterator[Change]:
    fields = differing(old, new)
    if any(recreates(old, new, f, version) for f in fields):
        yield Drop(ref, old)
        yield Create(ref, new)
        return
    if fields:
        yield Alter(ref, old, new)
    yield from _members(old, new, ref, version)


def recreates(old: Declared, new: Declared, field: str, version: int) -> bool:
    """Whether a change in this field means drop and create, on a server of this version."""
    marks = metadata(type(new), field)
    if marks.get(Mark) is not Mark.RECREATE:
        return False
    unless = marks.get("unless")
    return not (unless and unless(old, new, version))
