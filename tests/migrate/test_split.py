"""Splitting is Postgres's: whatever the text, the same is accepted, and the same statements are seen in it."""

import asyncio
import os

import postgast
from hypothesis import given, settings
from hypothesis import strategies as st

from pgkit.executor import Executor
from pgkit.grammar.split import split_statements
from pgkit.runtime.connect import SqlError, open_
from pgkit.runtime.embedded import Server

TOKENS = [
    ";",
    "\n",
    "\r\n",
    " ",
    "SELECT 1",
    "SELECT ';'",
    "'a;",
    "'",
    '"',
    '"b;"',
    "$$",
    "$t$",
    "--",
    "-- ;\n",
    "/*",
    "*/",
    "(",
    ")",
    "E'\\'",
    "U&'",
    "\\",
    "BEGIN",
    "BEGIN ATOMIC",
    "END",
    "CASE WHEN true THEN",
    "CREATE FUNCTION f() RETURNS int",
    "CREATE TABLE t (a int)",
    "COMMIT",
    "LANGUAGE sql",
    "RETURN 1",
    "AS",
    "é",
    "\u2028",
    "\ufeff",
    "::int",
    "1",
]
SOUP = st.lists(st.sampled_from(TOKENS), max_size=14).map(" ".join) | st.lists(
    st.sampled_from(TOKENS), max_size=10
).map("".join)
MANY = settings(max_examples=5000 if os.environ.get("PGKIT_PROOF") else 250, deadline=None)


@MANY
@given(SOUP)
def test_each_piece_is_the_statement_that_the_parser_sees(text: str) -> None:
    """Parsed by themselves, the pieces are the statements of the whole; between them nothing is left out."""
    spans = split_statements(text)
    if spans is None:
        return
    whole = postgast.parse(text).stmts
    alone = [postgast.parse(text[start:end]).stmts for start, end in spans]
    assert [len(stmts) for stmts in alone] == [1] * len(whole)
    kinds = [stmt.stmt.WhichOneof("node") for stmt in whole]
    assert [stmts[0].stmt.WhichOneof("node") for stmts in alone] == kinds
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    gaps = [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    assert all(not postgast.split(gap) for gap in gaps)


def test_the_server_accepts_what_is_accepted_here(test_server: Server) -> None:
    """The server parses the whole text before its first statement runs, and that one fails."""

    async def differences() -> list[str]:
        async with open_(test_server.url) as session:
            return [text for text in samples() if await accepts(session, text) != is_accepted(text)]

    assert asyncio.run(differences()) == []


async def accepts(session: Executor, text: str) -> bool:
    """Whether the server's parser has nothing against a text."""
    try:
        await session.execute(f"SELECT 1/0;{text}")
    except SqlError as error:
        return error.sqlstate == "22012"
    raise AssertionError("no division by zero")


def is_accepted(text: str) -> bool:
    """Whether we would have sent it."""
    return split_statements(f"SELECT 1/0;{text}") is not None


def samples() -> list[str]:
    """Texts, drawn as the other test draws them."""
    found: list[str] = []

    @MANY
    @given(SOUP)
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return found
