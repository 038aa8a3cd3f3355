"""Judges SQL fragments with Postgres's own parser: one expression, one query, or statements."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import postgast
from attrs import frozen
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

_EXPRESSION: Final = "SELECT ARRAY["
_CLOSE: Final = "\n]"
_OURS: Final = ('at or near "]"', "at end of input")
_CACHED: Final = 1 << 14


@frozen
class Problem:
    """Why Postgres does not take a fragment, in its words, and the character at which it stopped."""

    message: str
    at: int
    help: str | None = None


@lru_cache(_CACHED)
def expression_problem(text: str, default: bool = False) -> Problem | None:
    """What is wrong with `text` as one expression; a `default` may not mention columns."""
    try:
        statements = postgast.parse(f"{_EXPRESSION}{text}{_CLOSE}").stmts
    except (postgast.PgQueryError, ValueError) as error:
        return _located(error, len(_EXPRESSION), text, "the expression ends too early")
    except DecodeError:  # Postgres takes it, but its tree is too deep for us to look into
        return None
    elements = _elements(statements)
    if elements is None or len(elements) != 1:
        what = "expected one expression, found nothing" if not text.strip() else "expected one expression"
        return Problem(what, 0, "write what SQL takes here, and nothing after it")
    if default and (column := _first_column(elements[0])):
        return _column_in_default(text, *column)
    return None


@lru_cache(_CACHED)
def query_problem(text: str) -> Problem | None:
    """What is wrong with `text` as one SELECT."""
    try:
        statements = postgast.parse(text).stmts
    except (postgast.PgQueryError, ValueError) as error:
        return _located(error, 0, text, "the query ends too early")
    except DecodeError:
        return None
    if len(statements) != 1:
        at = statements[0].stmt_len + 1 if statements else 0
        found = "nothing" if not statements else f"{len(statements)} statements"
        start = len(text.encode()[:at].decode(errors="ignore"))
        return Problem(f"expected one SELECT, found {found}", start, "a view holds one query")
    if text.rstrip().endswith(";"):
        return Problem("a query has no `;` after it", len(text.rstrip()) - 1, "leave it out")
    select = statements[0].stmt
    if not select.HasField("select_stmt") or select.select_stmt.HasField("into_clause"):
        return Problem("expected a SELECT", len(text) - len(text.lstrip()), "a view holds one query")
    return None


@lru_cache(_CACHED)
def script_problem(text: str) -> Problem | None:
    """What is wrong with `text` as SQL statements."""
    try:
        statements = postgast.parse(text).stmts
    except (postgast.PgQueryError, ValueError) as error:
        return _located(error, 0, text, "the SQL ends too early")
    except DecodeError:
        return None
    return None if statements else Problem("expected a statement, found nothing", 0)


@lru_cache(_CACHED)
def mentioned_columns(text: str) -> frozenset[str]:
    """The names that an expression mentions as columns; none if it cannot be read."""
    try:
        elements = _elements(postgast.parse(f"{_EXPRESSION}{text}{_CLOSE}").stmts)
        return frozenset(name for name, _ in _columns(elements[0])) if elements else frozenset()
    except (postgast.PgQueryError, ValueError, DecodeError):
        return frozenset()


def _elements(statements: Any) -> Any | None:
    """The elements of our array, if there is nothing else."""
    if len(statements) != 1 or not statements[0].stmt.HasField("select_stmt"):
        return None
    select = statements[0].stmt.select_stmt
    fields = [descriptor.name for descriptor, value in select.ListFields()]
    if len(select.target_list) != 1 or set(fields) - {"target_list", "limit_option", "op"}:
        return None
    target = select.target_list[0].res_target
    node = target.val
    return node.a_array_expr.elements if node.HasField("a_array_expr") and not target.name else None


def _located(error: Exception, before: int, text: str, early: str) -> Problem:
    message = str(getattr(error, "message", error))
    at = max(0, int(getattr(error, "cursorpos", 0) or 0) - 1 - before)
    if at >= len(text) or message.endswith(_OURS[1]):
        ours = any(mark in message for mark in _OURS)
        return Problem(early if ours else message, max(0, len(text.rstrip()) - 1))
    return Problem(message, at)


def _column_in_default(text: str, name: str, location: int) -> Problem:
    at = len(text.encode()[: max(0, location - len(_EXPRESSION))].decode(errors="ignore"))
    if text[at : at + 1] == '"':
        help = "text stands in single quotes: " + "'" + name.replace("'", "''") + "'"
    elif name in ("now", "gen_random_uuid", "uuid_generate_v4", "clock_timestamp"):
        help = f"a function is called with parentheses: {name}()"
    else:
        help = "text stands in single quotes, a function is called with parentheses"
    return Problem(f"a default cannot use a column, found {name}", at, help)


def _first_column(node: Any) -> tuple[str, int] | None:
    return min(_columns(node), key=lambda found: found[1], default=None)


def _columns(node: Any) -> Iterator[tuple[str, int]]:
    if type(node).__name__ == "ColumnRef":
        names = [f.string.sval for f in node.fields if f.WhichOneof("node") == "string"]
        yield (names[-1] if names else "*"), node.location
        return
    for descriptor, value in node.ListFields():
        if descriptor.message_type is not None:
            for child in value if descriptor.is_repeated else (value,):
                yield from _columns(child)
