"""What a query selects: each item of its select lists, where it stands and what it is called."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import postgast
from attrs import frozen

from pgkit.grammar.figured import name_of
from pgkit.grammar.tree import nodes_of, parsed_text, strings

# What ends an item of a select list, where no parenthesis is open.
_ENDS: Final = frozenset(
    (",", ";", "FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "ORDER")
) | {"LIMIT", "OFFSET", "FETCH", "FOR", "INTO"}
_NO_ENDS: Final = (("DISTINCT", "FROM"), ("WITHIN", "GROUP"))


@frozen
class Target:
    """An item of a select list, as byte offsets: its expression ends at `end`, its alias at `stop`."""

    end: int
    stop: int
    name: str  # what the column is called
    column: str | None  # the column that it is, if it is nothing more
    outermost: bool  # whether it is a column of the query itself


def targets(query: str) -> Iterator[Target]:
    """The items of every select list of a query, subqueries included; stars are left out."""
    select = parsed_text(query)
    if select is None:
        return
    source = query.encode()
    tokens = [(t.start, t.end, source[t.start : t.end].decode()) for t in postgast.scan(query).tokens]
    tokens = [t for t in tokens if not t[2].startswith(("--", "/*"))]
    starts = {start: i for i, (start, _, _) in enumerate(tokens)}
    outer = {item.res_target.location for item in _first(select).target_list}
    for node in nodes_of(select):
        for item in node.target_list if type(node).__name__ == "SelectStmt" else ():
            at = starts.get(item.res_target.location)
            if at is not None and not _is_star(item.res_target):
                yield _target(item.res_target, tokens, at, item.res_target.location in outer)


def plain_columns(query: str) -> tuple[str, ...] | None:
    """The names of what a query gives, if it is one SELECT and each item a column; None for anything else.

    select a, t.b as c from t   =>   a, c
    select a, count(*) from t   =>   None
    """
    select = parsed_text(query)
    if select is None or select.HasField("larg") or not select.target_list:
        return None
    items = [item.res_target for item in select.target_list]
    if any(item.val.WhichOneof("node") != "column_ref" or _is_star(item) for item in items):
        return None
    return tuple(item.name or strings(item.val.column_ref.fields)[-1] for item in items)


def _first(select: Any) -> Any:
    """The SELECT that names the columns: the first of a UNION."""
    while select.HasField("larg"):
        select = select.larg
    return select


def _is_star(target: Any) -> bool:
    fields = target.val.column_ref.fields if target.val.WhichOneof("node") == "column_ref" else ()
    return len(strings(fields)) < len(fields)


def _target(target: Any, tokens: Sequence[tuple[int, int, str]], at: int, outermost: bool) -> Target:
    last = _last(tokens, at)
    end = last
    if target.name:
        end = last - 2 if tokens[last - 1][2].upper() == "AS" else last - 1
    is_column = target.val.WhichOneof("node") == "column_ref"
    column = strings(target.val.column_ref.fields)[-1] if is_column else None
    name = target.name or column or name_of(target.val) or "?column?"
    return Target(tokens[end][1], tokens[last][1], name, column, outermost)


def _last(tokens: Sequence[tuple[int, int, str]], at: int) -> int:
    """The last token of the item that begins at a token."""
    depth, before = 0, ""
    for i in range(at, len(tokens)):
        word = tokens[i][2].upper()
        depth += (word in "([") - (word in ")]")
        if depth < 0 or (depth == 0 and word in _ENDS and (before, word) not in _NO_ENDS):
            return i - 1
        before = word
    return len(tokens) - 1
