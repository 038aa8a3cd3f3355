"""Random sequences of calls by two tenants: no row of the other one is ever read or changed.

`make test` runs 300 sequences, `PGKIT_PROOF=1` 10,000 of another seed each time.
"""

import os
import random
from uuid import UUID

import pytest

from pgkit.ir.catalog import Catalog
from pgkit.runtime.embedded import Server
from pgkit.runtime.session import AsyncpgExecutor
from tests.runtime.databases import on_database
from tests.runtime.tenant_model import SCHEMA, SECURED, World

PROOF = bool(os.environ.get("PGKIT_PROOF"))
SEQUENCES = 5000 if PROOF else 150  # of each of the two ways
TENANTS = (UUID(int=1), UUID(int=2))
# A role that owns nothing and passes no policy by
AS_USER = """
    GRANT USAGE ON SCHEMA "My App" TO pg_monitor; GRANT ALL ON ALL TABLES IN SCHEMA "My App" TO pg_monitor;
    SET ROLE pg_monitor;
"""


@pytest.mark.parametrize("secured", [False, True], ids=["plain", "row security"])
def test_no_sequence_of_calls_leaves_the_tenant(secured: bool, test_server: Server) -> None:
    """What each call answers, and what the tables hold after it, is what the model says."""
    seed = random.SystemRandom().randrange(2**32) if PROOF else 5

    async def run(session: AsyncpgExecutor, catalog: Catalog) -> World:
        await session.execute(AS_USER if secured else "SELECT")
        world = World(session, catalog, TENANTS, random.Random(seed), secured=secured)
        for number in range(SEQUENCES):
            try:
                await world.sequence()
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, sequence {number}") from error
        return world

    world = on_database(test_server, SCHEMA + (SECURED if secured else ""), run)
    print(
        f"{SEQUENCES} sequences, seed {seed}: {world.calls} calls, {world.refused} upserts on another's row"
    )
    assert world.calls > SEQUENCES * 3
    assert world.refused > SEQUENCES // 50
