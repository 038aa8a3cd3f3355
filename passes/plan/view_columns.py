"""What changes of a view's columns beside its query: names, which OR REPLACE refuses, and comments.

view v (mail) as select email AS mail   =>   view v (email) as select email:   Rename(v.mail -> v.email)
"""

from collections.abc import Iterator

from attrs import evolve

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.ir.relations import MaterializedView, View
from pgkit.ir.walk import views_of
from pgkit.passes.renames import renamed
from pgkit.passes.renames.names import new_names


def with_view_columns(before: Catalog, after: Catalog, hints: Hints) -> Hints:
    """The hints with the renames of view columns that follow from their places: no rows hang on them."""
    names = new_names(before, hints)
    first = {names.of(ref): ref for ref in views_of(before)}
    if not first:
        return hints
    old = views_of(renamed(before, hints))
    more: list[tuple[Ref, Ref]] = []
    for ref, view in views_of(after).items():
        if ref in old:
            more += ((first[ref].of("column", a), ref.of("column", b)) for a, b in _renames(old[ref], view))
    said = {left for left, _ in hints.renames}
    return evolve(hints, renames=(*hints.renames, *(p for p in more if p[0] not in said)))


def view_comments(before: Catalog, after: Catalog) -> Iterator[Alter]:
    """The changes of the comments on columns of views, where both sides know them."""
    old = views_of(before)
    for ref, view in views_of(after).items():
        columns = {c.name: c for c in old[ref].columns} if ref in old else {}
        for new in view.columns:
            if new.name in columns and columns[new.name].comment != new.comment:
                yield Alter(ref.of("column", new.name), evolve(new, comment=columns[new.name].comment), new)


def _renames(old: View | MaterializedView, new: View | MaterializedView) -> Iterator[tuple[str, str]]:
    """The names that change, if they alone keep the view from being replaced, or all there is to do."""
    pairs = list(zip(old.columns, new.columns, strict=False))
    if len(old.columns) > len(new.columns) or any(_apart(a, b) for a, b in pairs):
        return
    before, after = {c.name for c in old.columns}, {c.name for c in new.columns}
    changed = [(a.name, b.name) for a, b in pairs if a.name != b.name]
    same = old.query == new.query
    if same or all(a not in after and b not in before for a, b in changed):
        yield from changed


def _apart(old: object, new: object) -> bool:
    return any(getattr(old, f) != getattr(new, f) for f in ("type", "collation"))
