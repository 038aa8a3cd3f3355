"""drizzle-kit's own SQL for the last snapshot and pg_dump's word for what is there give the same differences."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pgkit.runtime.embedded import Server
from tests.realworld.applications import APPLICATIONS, SIM, Application
from tests.realworld.databases import database, declared, migrations
from tests.realworld.differences import DIFFERENCES
from tests.realworld.dumps import Objects, objects

# drizzle-kit declares no extension, so these must be there before its SQL.
EXTENSIONS = {SIM: "vector"}


async def dump(application: Application, server: Server, sql: list[str], *, bare: bool = False) -> Objects:
    """The objects of a database in which the SQL ran."""
    async with database(application, server, sql, bare=bare) as url:
        return objects(url)


def differing(expected: Objects, actual: Objects) -> set[tuple[str, str, str]]:
    """The objects that are on one side only, or are not the same on both; a table stands for all in it."""
    names = {name for name in {*expected, *actual} if expected.get(name) != actual.get(name)}
    one_sided = names - (expected.keys() & actual.keys())
    whole = {name for kind, name in one_sided if kind == "table"}
    return {
        ("extra" if name not in expected else "missing" if name not in actual else "different", *name)
        for name in names
        if name[1].rpartition(".")[0] not in whole
    }


@pytest.mark.parametrize("application", APPLICATIONS, ids=[a.name for a in APPLICATIONS])
def test_same_differences(application: Application, test_server: Server, tmp_path: Path) -> None:
    """Object by object, both ways."""
    first = asyncio.run(dump(application, test_server, []))
    replayed = asyncio.run(dump(application, test_server, migrations(application)))
    extension = [f"CREATE EXTENSION {EXTENSIONS[application]}"] if application in EXTENSIONS else []
    sql = [*extension, *declared(application, tmp_path)]
    believed = dict(asyncio.run(dump(application, test_server, sql, bare=True)))
    believed = {name: text for name, text in believed.items() if name[0] != "extension"}
    made = {name: text for name, text in replayed.items() if first.get(name) != text}
    found = differing(believed, made)
    told = {(line.class_, line.kind, line.name) for line in DIFFERENCES[application.name]}
    assert found == told
