"""Changes by hand to a database of our own: drift tells of every one, and of nothing else."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import asyncpg

from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.live.drifting import Tally, drifting
from tests.live.hand_edits_all import ALL

SHOP = Path(__file__).parents[2] / "corpus/projects/shop/drizzle"
RICH = Path(__file__).with_name("rich.sql")
PROOF = bool(os.environ.get("PGKIT_PROOF"))
# `make test` has each edit of the catalogue once or so, `make proof` each on many things.
CHANGES = 1000 if PROOF else 80
SEED = os.environ.get("PGKIT_SEED", "1")


def test_changes_by_hand(test_server: Server) -> None:
    """Unchanged, nothing is told; changed, what the catalogs say has changed; and the mends take it back."""
    tally = asyncio.run(changed(test_server))
    assert tally.problems == []
    assert tally.made.total() == CHANGES
    assert len(tally.made) > CHANGES * 3 // 4 or PROOF
    assert tally.mended > CHANGES * 3 // 4


async def changed(server: Server) -> Tally:
    """The tally of changes to the shop's database, with one of everything beside."""
    async with scratch(server, purpose="changes") as url:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute("SET client_min_messages = error")
            for file in (*sorted(SHOP.glob("*.sql")), RICH):
                await connection.execute(file.read_text())
            subject = await drifting(connection, server)
            return await subject.edit(CHANGES, SEED, ALL)
        finally:
            await connection.close()
