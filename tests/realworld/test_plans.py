"""From each of the last snapshots to the next: pgkit's plan ends where Drizzle's own SQL does."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from pgkit.backends.ddl.script import guards, runs
from pgkit.frontends.drizzle import read
from pgkit.frontends.live import read_catalog
from pgkit.jobs.config import load
from pgkit.jobs.diff import Asked, diff
from pgkit.jobs.drift import DriftOptions, drift
from pgkit.jobs.replay import replay, replaying
from pgkit.jobs.sources import Options, replay_options
from pgkit.passes.normalize import normalize
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server
from tests.realworld.applications import APPLICATIONS, Application, project
from tests.realworld.differences import STEPS

LAST = 10


def steps(application: Application) -> list[tuple[str, str]]:
    """The last pairs of migrations that both have a snapshot."""
    entries = read(application.folder).entries
    there = {p.name.partition("_")[0] for p in (application.folder / "meta").glob("*_snapshot.json")}
    tags = [e.tag for e in entries if f"{e.idx:04}" in there]
    return list(pairwise(tags))[-LAST:]


CASES = [pytest.param(app, *tags, id=f"{app.name}-{tags[1]}") for app in APPLICATIONS for tags in steps(app)]


@pytest.mark.parametrize(("application", "one", "two"), CASES)
def test_a_step(
    application: Application,
    one: str,
    two: str,
    tmp_path_factory: pytest.TempPathFactory,
    test_server: Server,
) -> None:
    """The plan between two snapshots, on the database as it was then, gives the one that came next."""
    folder = project(application, tmp_path_factory.mktemp("step"))
    found = asyncio.run(differences(application, folder / "pgkit.toml", one, two, test_server))
    assert found == STEPS.get((application.name, two), [])


async def differences(
    application: Application, config: object, one: str, two: str, server: Server
) -> list[str]:
    """What the plan makes otherwise than Drizzle's SQL."""
    settings = load(config)  # type: ignore[arg-type]
    options = Options(server=server.url, replay=settings.replay, base=settings.folder)
    said = replay_options(options)
    path = application.folder
    planned = await diff(f"{path}@{one}", f"{path}@{two}", options, Asked())
    expected = (await replay(read(path, two), server, options=said)).catalog
    async with replaying(read(path, one), server, options=said) as made:
        async with open_(made.url, settings=running(said.path)) as session:
            for statement in [*guards(planned.plan), *(s for r in runs(planned.plan) for s in r.statements)]:
                try:
                    await session.execute(statement.text)
                except SqlError as error:
                    return [f"refused: {error.message}"]
        async with open_(made.url) as session:
            actual = normalize((await read_catalog(session)).catalog)
        found = await drift(normalize(expected), actual, lambda: server, DriftOptions())
    return [f"{d.class_} {d.kind} {d.ref} {d.field or ''}".strip() for d in found.differences]
