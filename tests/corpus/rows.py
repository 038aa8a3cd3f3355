"""The `sql rows` block: queries, each with the rows that it must give, as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from pgkit.runtime.session import AsyncpgExecutor
from tests.corpus.cases import Malformed

NONE: Final = "no rows"
_FIELD: Final = re.compile(r'"((?:[^"]|"")*)"|([^,]*)')


@frozen
class Expected:
    """A query and its rows."""

    query: str
    rows: tuple[str, ...]


def expected(block: str) -> Iterator[Expected]:
    """The queries of a block: the lines after `-- ` under each are its rows."""
    query: list[str] = []
    rows: list[str] = []
    for line in [*block.splitlines(), None]:
        if line is not None and line.startswith("--"):
            rows.append(_spaced(line[2:]))
        elif line is None or (line.strip() and rows):
            yield _expected(query, rows)
            query, rows = [line or ""], []
        else:
            query.append(line)


def _expected(query: list[str], rows: list[str]) -> Expected:
    text = "\n".join(query).strip().removesuffix(";")
    written = tuple(row for row in rows if row)  # a bare `--` may part them from the query
    if not text or not written:
        raise Malformed("expected a query, and under it its rows, each after `-- `")
    return Expected(text, () if written == (NONE,) else written)


def _spaced(row: str) -> str:
    return " | ".join(value.strip() for value in row.split("|"))


async def found(session: AsyncpgExecutor, query: str) -> tuple[str, ...]:
    """The rows of a query, in the same form."""
    rows = await session.fetch(f"SELECT pgkit_row::text FROM ({query}\n) AS pgkit_row")
    return tuple(_spaced(_readable(row)) for (row,) in rows)


def _readable(row: str) -> str:
    """The text of a row, as Postgres writes a composite value, as its values."""
    inner, values, at = row[1:-1], [], 0
    while at <= len(inner):
        match = _FIELD.match(inner, at)
        assert match is not None
        quoted, bare = match[1], match[2]
        values.append(_unquoted(quoted) if quoted is not None else bare or "null")
        at = match.end() + 1
    return " | ".join(values)


def _unquoted(text: str) -> str:
    return text.replace('""', '"').replace("\\\\", "\\") or "''"
