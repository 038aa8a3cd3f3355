"""Parse trees of expressions and queries, as Postgres's parser makes them, and a walk over their nodes."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import postgast

from pgkit.ir.expr import Expr
from pgkit.sql import render


def parsed_expression(expr: Expr) -> Any | None:
    """The parse tree of an expression; None if Postgres does not accept it as one."""
    select = _select(f"SELECT ({render(expr)}\n)")
    if select is None or len(select.target_list) != 1:
        return None
    return select.target_list[0].res_target.val


def parsed_query(query: Expr) -> Any | None:
    """The parse tree of a SELECT or VALUES; None if it is none."""
    return _select(render(query))


def parsed_text(query: str) -> Any | None:
    """The parse tree of the text of a SELECT or VALUES; None if it is none."""
    return _select(query)


def parsed_statement(statement: str) -> Any | None:
    """The parse tree of a statement, the first if there are more; None if Postgres does not accept it."""
    try:
        return postgast.parse(statement).stmts[0].stmt
    except (postgast.PgQueryError, ValueError, IndexError):
        return None


@lru_cache(maxsize=64)  # several checks look at one expression, one after the other
def _select(text: str) -> Any | None:
    try:
        statements = postgast.parse(text).stmts
    except (postgast.PgQueryError, ValueError):
        return None
    if len(statements) != 1 or not statements[0].stmt.HasField("select_stmt"):
        return None
    return statements[0].stmt.select_stmt


def nodes_of(message: Any) -> Iterator[Any]:
    """A node and all nodes inside it, from the outside in."""
    yield message
    for child in inside(message):
        yield from nodes_of(child)


def inside(message: Any) -> Iterator[Any]:
    """The nodes right inside a node."""
    for descriptor, value in message.ListFields():
        if descriptor.message_type is not None:
            yield from value if descriptor.is_repeated else (value,)


def strings(nodes: Any) -> tuple[str, ...]:
    """The texts of those nodes that are names."""
    return tuple(n.string.sval for n in nodes if n.WhichOneof("node") == "string")
