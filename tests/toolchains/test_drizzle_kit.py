"""The real drizzle-kit, 0.31 and the next, on folders that pgkit has written to, and the other way round."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Literal

import asyncpg
import pytest
from attrs import frozen

from pgkit.jobs.migrate import new as writer
from pgkit.jobs.migrate import up as runner
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.migrate.killing import in_child, killed, stopping
from tests.toolchains.drizzle_steps import (
    OF_DRIZZLE,
    START,
    STEPS,
    Step,
    schema_pgkit,
    schema_ts,
)
from tests.toolchains.drizzle_texts import ORGS, ORGS_TS
from tests.toolchains.npm import NEXT, NODE, link_packages, npx
from tests.toolchains.shell import Run

Line = Literal["0.31", "1.0"]
PACKAGES = {"0.31": NODE, "1.0": NEXT}
PROOF = bool(os.environ.get("PGKIT_PROOF"))  # asks drizzle-kit after every migration, not after all
CONFIG = """\
export default {
  dialect: "postgresql",
  schema: "./schema.ts",
  out: "./drizzle",
  dbCredentials: { url: process.env.URL ?? "" },
};
"""


@frozen
class Project:
    """A folder in which both tools work, and the states that it has been through."""

    path: Path
    line: Line

    @property
    def migrations(self) -> Path:
        """Where the migrations are."""
        return self.path / "drizzle"

    def say(self, steps: tuple[Step, ...]) -> None:
        """Both sources, in step."""
        (self.path / "schema.ts").write_text(schema_ts(steps))
        (self.path / "schema.pgkit").write_text(schema_pgkit(steps))

    def kit(self, *args: str) -> Run:
        """Runs drizzle-kit."""
        return npx("drizzle-kit", *args, cwd=self.path, folder=PACKAGES[self.line])

    def new(self, name: str, attempt: bool = True) -> tuple[str, ...]:
        """The tags of the migrations that pgkit writes; what its trial finds fails the test."""
        source = str(self.path / "schema.pgkit")
        request = writer.Request(folder=self.migrations, source=source, name=name, attempt=attempt)
        made = asyncio.run(writer.new(request))
        wrong = [f.render() for f in made.findings if f.code not in ("tried", "taken-back")]
        assert not wrong
        return tuple(m.tag for m in made.migrations)

    def check(self) -> None:
        """drizzle-kit finds the folder whole, and schema.ts to be where it leads."""
        there = files_of(self.migrations)
        assert "Everything's fine" in self.kit("check").check()
        assert "No schema changes" in self.kit("generate").check()
        assert files_of(self.migrations) == there


@pytest.fixture(params=["0.31", "1.0"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """An empty project for one line of drizzle-kit."""
    return prepared(tmp_path, request.param)


def prepared(tmp_path: Path, line: Line) -> Project:
    """An empty project."""
    made = Project(tmp_path, line)
    link_packages(tmp_path, PACKAGES[line])
    (tmp_path / "package.json").write_text('{ "type": "module" }')
    (tmp_path / "drizzle.config.ts").write_text(CONFIG)
    return made


def files_of(folder: Path) -> set[Path]:
    """All files of a folder."""
    return {path for path in folder.rglob("*") if path.is_file()}


def started(project: Project) -> tuple[Step, ...]:
    """The first state: a folder in the layout of 0.x is pgkit's to make, one in that of 1.0 drizzle-kit's."""
    project.say((START,))
    if project.line == "0.31":
        assert project.new("start") == ("0000_start",)
    else:
        project.kit("generate", "--name", "start").check()
    return (START,)


def test_pgkit_writes_and_drizzle_kit_agrees(project: Project, test_server: Server) -> None:
    """On a folder that pgkit has appended to, `check` and `generate` find nothing to do, nor does `migrate`."""
    steps = started(project)
    for step in STEPS:
        steps = (*steps, step)
        project.say(steps)
        assert len(project.new(step.name)) == step.files
        if PROOF:
            project.check()
    project.check()
    assert project.new("again") == ()
    asyncio.run(applied_by_pgkit_first(project, test_server))


def test_drizzle_kit_writes_and_pgkit_agrees(project: Project, test_server: Server) -> None:
    """On a folder that drizzle-kit has written, `migrate new` finds nothing to do, and `up` applies it."""
    steps: tuple[Step, ...] = (START,)
    project.say(steps)
    project.kit("generate", "--name", "start").check()
    for step in OF_DRIZZLE:
        steps = (*steps, step)
        project.say(steps)
        project.kit("generate", "--name", step.name).check()
        if PROOF:
            assert project.new("nothing") == ()
    assert project.new("nothing") == ()
    asyncio.run(applied_by_pgkit_first(project, test_server))


async def applied_by_pgkit_first(project: Project, server: Server) -> None:
    """`up` records in Drizzle's ledger what it applies, so that `drizzle-kit migrate` has nothing to do."""
    async with scratch(server) as url:
        request = runner.Request(folder=project.migrations, db=url, ledger="drizzle")
        report = await runner.up(request)
        assert report.pending == ()
        before = await ledger(url)
        assert len(before) == len(report.applied) == entries(project)
        done = await asyncio.to_thread(migrate, project, url)
        done.check()
        assert await ledger(url) == before
        assert (await runner.up(request)).applied == ()


def migrate(project: Project, url: str) -> Run:
    """`drizzle-kit migrate` on a database."""
    config = (project.path / "drizzle.config.ts").read_text()
    (project.path / "drizzle.config.ts").write_text(config.replace('process.env.URL ?? ""', json.dumps(url)))
    return project.kit("migrate")


async def ledger(url: str) -> list[tuple[object, ...]]:
    """The rows of Drizzle's ledger."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT hash, created_at FROM drizzle.__drizzle_migrations ORDER BY id")
    await connection.close()
    return [tuple(row) for row in rows]


def entries(project: Project) -> int:
    """How many migrations there are."""
    return len([path for path in project.migrations.rglob("*.sql")])


def test_drizzle_kit_after_a_writer_was_killed(project: Project) -> None:
    """What a killed writer leaves is whole to drizzle-kit, and the next writer ends where it would have."""
    steps = started(project)
    kept = shutil.copytree(project.migrations, project.path / "kept")
    project.say((*steps, LABELLED))
    for at in range(1, 60) if PROOF else LATE[project.line]:
        shutil.rmtree(project.migrations)
        shutil.copytree(kept, project.migrations)

        def work(at: int = at) -> None:
            stopping(project.migrations, at, killed)
            project.new("labelled", attempt=False)

        if in_child(work) == 0:
            break
        project.kit("check").check()
    project.new("labelled")
    project.check()


# One migration, late in its way to the disk: snapshots are there, and the journal does not speak of them yet.
LATE = {"0.31": (20,), "1.0": (16,)}
LABELLED = Step(
    name="labelled",
    ts={"orgs": ORGS_TS.replace("name: pg", "label: pg.text(), name: pg")},
    pgkit={"orgs": ORGS.replace("  name text", "  label text\n  name text")},
)


def test_branches_of_1_0(tmp_path: Path) -> None:
    """drizzle-kit finds what two branches of pgkit's both change, since each says what it touches."""
    project = prepared(tmp_path, "1.0")
    steps = started(project)
    first, second = (
        branch(project, steps, name, column) for name, column in (("one", "label"), ("two", "label"))
    )
    for folder in (first, second):
        shutil.copytree(folder, project.migrations / folder.name)
    checked = project.kit("check")
    assert not checked.ok
    assert "add_column: label on orgs table" in checked.said


def branch(project: Project, steps: tuple[Step, ...], name: str, column: str) -> Path:
    """The folder of a migration that adds a column, made on a copy of what is there."""
    copy = Project(project.path / name, project.line)
    shutil.copytree(project.migrations, copy.migrations)
    more = {"orgs": ORGS.replace("  name text", f"  {column} text\n  name text")}
    copy.say((*steps, Step(name=name, pgkit=more)))
    (tag,) = copy.new(name, attempt=False)
    return copy.migrations / tag
