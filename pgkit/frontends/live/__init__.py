"""The live frontend: a database's catalogs, read in one snapshot and lowered to a Catalog.

Invariant: it never looks at a user's rows, runs nothing of the user's, and writes nothing. One module a
kind holds the query for it and turns its rows into objects; `read` does all the I/O.
"""

from pgkit.executor import Executor
from pgkit.frontends import Lowered
from pgkit.frontends.live.lowering import lower
from pgkit.frontends.live.rows import Raw
from pgkit.frontends.live.snapshot import read

__all__ = ["Raw", "lower", "read", "read_catalog"]


async def read_catalog(executor: Executor) -> Lowered:
    """Reads the database of `executor` and lowers it."""
    return lower(await read(executor))
