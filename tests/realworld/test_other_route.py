"""drizzle-kit's own SQL for the last snapshot and pg_dump's word for what is there give the same differences."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pgkit.runtime.embedded import Server
from tests.realworld.applications import APPLICATIONS, Application
from tests.realworld.databases import database, declared, migrations
from tests.realworld.differences import DIFFERENCES
from tests.realworld.dumps import Objects, objects

# drizzle-kit declares no extension, so that one must be there before its SQL.
EXTENSION = "CREATE EXTENSION vector"


async def dump(application: Application, server: Server, sql: list[str], *, bare: bool = False) -> Objects:
    """The objects of a database in which the SQL ran."""
    async with database(application, server, sql, bare=bare) as url:
        return objects(url)


def differing(expected: Objects, actual: Objects) -> set[tuple[str, str, str]]:
    """The objects that are on one side only, or are not the same on both."""
    names = {name for name in {*expected, *actual} if expected.get(name) != actual.get(name)}
    return {
        ("extra" if name not in expected else "missing" if name not in actual else "different", *name)
        for name in names
    }


@pytest.mark.parametrize("application", APPLICATIONS, ids=[a.name for a in APPLICATIONS])
def test_same_differences(application: Application, test_server: Server, tmp_path: Path) -> None:
    """Object by object, both ways."""
    first = asyncio.run(dump(application, test_server, []))
    replayed = asyncio.run(dump(application, test_server, migrations(application)))
    sql = declared(application, tmp_path)
    believed = asyncio.run(dump(application, test_server, [EXTENSION, *sql], bare=True))
    made = {name: text for name, text in replayed.items() if first.get(name) != text}
    found = differing(believed, made)
    told = {(line.class_, line.kind, line.name) for line in DIFFERENCES[application.name]}
    for x in sorted(found - told): print("ONLY DUMP", x, believed.get(x[1:]), "|", made.get(x[1:]))
    for x in sorted(told - found): print("ONLY PGKIT", x)
    assert found == told
