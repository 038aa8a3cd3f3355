"""The bring-your-own-client seam: the few methods that reading a database needs."""

from collections.abc import Sequence
from typing import Any, Protocol


class Executor(Protocol):
    """Runs SQL on one database session. Placeholders are `$1`, `$2`, ...; adapters translate."""

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        """The rows of one statement, each a sequence of Python values in select order."""
        ...

    async def execute(self, script: str) -> None:
        """Runs one or more statements without parameters, as the simple query protocol does."""
        ...
