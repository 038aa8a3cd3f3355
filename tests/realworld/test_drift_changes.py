"""A hundred changes by hand to each application's database: drift tells of every one, and of nothing else."""

from __future__ import annotations

import asyncio
import os

import asyncpg
import pytest

from pgkit.runtime.embedded import Server
from tests.live.drifting import Tally, drifting
from tests.live.hand_edits_all import ALL
from tests.realworld.applications import APPLICATIONS, Application
from tests.realworld.databases import database, migrations

CHANGES = int(os.environ.get("PGKIT_CHANGES", "100"))
SEED = os.environ.get("PGKIT_SEED", "1")


@pytest.mark.parametrize("application", APPLICATIONS, ids=[a.name for a in APPLICATIONS])
def test_changes_by_hand(
    application: Application, test_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unchanged, nothing is told; changed, what the catalogs say has changed; and the mends take it back."""
    tally = asyncio.run(changed(application, test_server))
    with capsys.disabled():
        kinds, idle, refused = len(tally.made), tally.idle.total(), tally.refused.total()
        print(f"\n{application.name}, seed {SEED}: {tally.made.total()} changes of {kinds} kinds, ", end="")
        print(f"{tally.mended} mended by SQL; {refused} refused by Postgres, {idle} without effect")
    assert tally.problems == []
    assert tally.made.total() >= CHANGES


async def changed(application: Application, server: Server) -> Tally:
    """The tally of changes to the database that the migrations make."""
    async with database(application, server, migrations(application)) as url:
        connection = await asyncpg.connect(url)
        try:
            subject = await drifting(connection, server)
            return await subject.edit(CHANGES, f"{application.name} {SEED}", ALL)
        finally:
            await connection.close()
