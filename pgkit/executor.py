"""The bring-your-own-client seam: the three methods that pgkit needs of a database client.

pgkit.runtime.session.AsyncpgExecutor is the one that is used when you bring none. To bring your own, write a
class with these methods around one connection of your client; tests/adapters has psycopg 3 and
SQLAlchemy, each of them in about ten lines.
"""

import re
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Protocol


class Executor(Protocol):
    r"""Runs SQL on one database session. Placeholders are `$1`, `$2`, ...; adapters translate.

    Errors are the client's own, and are passed on as they are. A session that is read from must not be inside
    of a transaction: reading begins one.

        class PsycopgExecutor:
            def __init__(self, connection: psycopg.AsyncConnection) -> None:
                self.connection = connection

            async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
                cursor = await psycopg.AsyncRawCursor(self.connection).execute(query, args)
                return await cursor.fetchall() if cursor.description else []

            async def execute(self, script: str) -> None:
                await self.connection.execute(script)

            def transaction(self) -> AbstractAsyncContextManager[object]:
                return self.connection.transaction()
    """

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        """The rows of one statement, each a sequence of Python values in select order."""
        ...

    async def execute(self, script: str) -> None:
        """Runs one or more statements without parameters, as the simple query protocol does."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """A transaction: committed at the end of the block, rolled back if it raises; nested, a savepoint."""
        ...


# What may hold a dollar or a percent sign that is no placeholder comes first: names, constants, comments.
_TOKEN: Final = re.compile(
    r"""(?P<kept>"(?:[^"]|"")*" | \b[eE]'(?:[^'\\]|''|\\.)*' | '(?:[^']|'')*'
        | --[^\n]* | /\*.*?\*/ | (?<![\w$])\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$)
      | (?<![\w$])\$(?P<number>[0-9]+)""",
    re.VERBOSE | re.DOTALL,
)


def pyformat(query: str, args: Sequence[object]) -> tuple[str, dict[str, object]]:
    """A statement and its arguments for clients that write `%(p1)s`; a `$1` in a name or a constant stays.

    pyformat("SELECT 'costs $1', $1::int % 2", [5]) == ("SELECT 'costs $1', %(p1)s::int %% 2", {"p1": 5})
    """
    text, end = "", 0
    for found in _TOKEN.finditer(query):
        number = found["number"]
        text += query[end : found.start()].replace("%", "%%")
        text += f"%(p{number})s" if number else found[0].replace("%", "%%")
        end = found.end()
    return text + query[end:].replace("%", "%%"), {f"p{at}": arg for at, arg in enumerate(args, 1)}
