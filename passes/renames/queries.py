"""The columns of a view, when what its query selects, or what they are called themselves, is renamed.

A view's columns keep their names when the columns below are renamed, those of a subquery as well:

    select mail from users, users.mail -> users.email   =>   select email AS mail from users
"""

from collections.abc import Callable, Iterator, Mapping

import attrs

from pgkit.ir.expr import Expr, Opaque
from pgkit.ir.names import Ref
from pgkit.sql import quote, render

_Edit = tuple[int, int, str]


def with_column_names(query: Expr, new: Callable[[Ref], Ref], own: Mapping[str, str]) -> Expr:
    """The query, in old names still, giving the columns that it gave; those in `own` by their new names."""
    if not isinstance(query, Opaque):
        return query
    renamed = any(h.ref.kind == "column" and new(h.ref).member != h.ref.member for h in query.holes)
    if not renamed and not own:
        return query
    pieces = _pieces(query)
    columns = {pieces[i + 1][0]: new(hole.ref).member for i, hole in enumerate(query.holes)}
    edits = sorted(_edits(str(render(query)), columns, own), reverse=True)
    return _edited(query, pieces, edits) if edits else query


def _pieces(query: Opaque) -> list[tuple[int, str]]:
    """The text around the holes, each with its offset in bytes."""
    found, at = [], 0
    for text, hole in zip(query.text, (*query.holes, None), strict=True):
        found.append((at, text))
        at += len(text.encode())
        at += len(str(render(Opaque(("", ""), (hole,)))).encode()) if hole else 0
    return found


def _edits(text: str, columns: Mapping[int, str], own: Mapping[str, str]) -> Iterator[_Edit]:
    from pgkit.grammar.targets import targets  # costs 0.1 s, and few renames touch a view

    for target in targets(text):
        wanted = own.get(target.name, target.name) if target.outermost else target.name
        column = columns.get(target.end, target.column) if target.column is not None else None
        alias = target.stop > target.end
        if wanted != (target.name if alias else column or target.name):
            yield target.end, target.stop, "" if wanted == column else f" AS {quote(wanted)}"


def _edited(query: Opaque, pieces: list[tuple[int, str]], edits: list[_Edit]) -> Opaque:
    """The query with stretches of its text replaced, from the last to the first."""
    texts = [text.encode() for _, text in pieces]
    for start, stop, new in edits:
        i = max(i for i, (at, _) in enumerate(pieces) if at <= start)
        at = pieces[i][0]
        texts[i] = texts[i][: start - at] + new.encode() + texts[i][stop - at :]
    return attrs.evolve(query, text=tuple(t.decode() for t in texts))
