"""`pgkit drift` names what the applications' SQL makes otherwise than they believe: all of it, nothing else."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from pgkit.runtime.embedded import Server, local_server
from tests.realworld.applications import APPLICATIONS, Application, pgkit, project
from tests.realworld.databases import database, migrations
from tests.realworld.differences import BY_HAND, DIFFERENCES, LIVE, Line
from tests.toolchains import Run, contrib_server

NEEDS_VECTOR = re.compile(r"vector$|public\.(docs_embeddings|embedding)(\.|$)")
NAMES = [application.name for application in APPLICATIONS]


def lines(said: Run) -> list[Line]:
    """The differences that the command has told of; exit code 1 if there are any, else 0."""
    assert said.code in (0, 1), said.said
    found: list[dict[str, Any]] = json.loads(said.stdout)["result"]
    assert said.code == bool(found), said.said
    return sorted(map(line, found), key=str)


def line(difference: dict[str, Any]) -> Line:
    """One difference; of what is on one side only the definition is left out."""
    head = (difference["class"], difference["kind"], ".".join(filter(None, difference["ref"][1:])))
    field = difference.get("field")
    return Line(*head, field, difference["expected"], difference["actual"]) if field else Line(*head)


@pytest.mark.parametrize("application", APPLICATIONS, ids=NAMES)
def test_replay(application: Application, tmp_path: Path) -> None:
    """The last snapshot against what the SQL makes."""
    said = pgkit(project(application, tmp_path), "drift", "drizzle", "--replay", "--format", "json")
    assert lines(said) == sorted(DIFFERENCES[application.name], key=str)


def live(name: str) -> list[Line]:
    """The differences of a database, where nothing is left out of either side."""
    kept = (line for line in DIFFERENCES[name] if not line.name.startswith("auth"))
    return sorted((*kept, *LIVE.get(name, ())), key=str)


@pytest.mark.parametrize("application", APPLICATIONS, ids=NAMES)
def test_live(application: Application, tmp_path: Path, test_server: Server) -> None:
    """A database in which the migrations ran differs as the replay does, and from the replay not at all."""
    asyncio.run(check_live(application, project(application, tmp_path), test_server))


async def check_live(application: Application, folder: Path, server: Server) -> None:
    """Runs the gate on a database, before and after it was changed by hand."""
    async with database(application, server, migrations(application)) as url:

        async def gate(expected: str) -> list[Line]:
            argv = ("drift", expected, "--db", url, "--server", server.url, "--format", "json")
            return lines(await asyncio.to_thread(pgkit, folder, *argv))

        assert await gate("drizzle") == live(application.name)
        assert await gate("replay:drizzle") == []
        connection = await asyncpg.connect(url)
        for sql, _ in BY_HAND[application.name]:
            await connection.execute(sql)
        await connection.close()
        assert await gate("replay:drizzle") == sorted(
            (told for _, told in BY_HAND[application.name]), key=str
        )


def test_without_vector(tmp_path: Path) -> None:
    """Where the server has btree_gin and no vector, what stands on vector is left out of both sides."""
    other = Application("sim", 'without_extensions = ["vector"]')
    with local_server(contrib_server(18)) as server:
        argv = ("drift", "drizzle", "--replay", "--server", server.url, "--format", "json")
        said = pgkit(project(other, tmp_path), *argv)
    kept = [line for line in DIFFERENCES["sim"] if not NEEDS_VECTOR.match(line.name)]
    assert lines(said) == sorted((*kept, Line("extra", "extension", "btree_gin")), key=str)
