"""The shop of `corpus/projects/shop` is what its README says, without a word from pgkit about it."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter
from pathlib import Path

import asyncpg
import pytest

from pgkit.runtime.binaries import embedded_bin
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.toolchains import link_packages, npx, run

SHOP = Path(__file__).resolve().parents[2] / "corpus" / "projects" / "shop"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the project in which drizzle-kit can run."""
    project = Path(shutil.copytree(SHOP, tmp_path / "shop"))
    link_packages(project)
    return project


def test_drizzle_kit_finds_nothing(shop: Path) -> None:
    """The real drizzle-kit finds the snapshots whole and schema.ts equal to the last of them."""
    assert "Everything's fine" in npx("drizzle-kit", "check", cwd=shop).check()
    assert "No schema changes" in npx("drizzle-kit", "generate", cwd=shop).check()
    assert files_of(shop / "drizzle") == files_of(SHOP / "drizzle")


def test_one_true_drift(shop: Path, test_server: Server) -> None:
    """What the migrations make and what schema.ts declares differ in one column, and nowhere else."""
    replayed = asyncio.run(dump_after(test_server, migrations(shop)))
    declared = asyncio.run(dump_after(test_server, ["CREATE EXTENSION vector", declaration(shop)]))
    assert replayed - declared == Counter(["    currency character(3)"])
    assert declared - replayed == Counter(["    currency character(3) NOT NULL"])


def files_of(folder: Path) -> set[Path]:
    """The files below a folder, by their places in it."""
    return {file.relative_to(folder) for file in folder.rglob("*")}


def migrations(project: Path) -> list[str]:
    """The chunks of all migrations, in the order of the journal."""
    journal = json.loads((project / "drizzle" / "meta" / "_journal.json").read_text())
    texts = [(project / "drizzle" / f"{entry['tag']}.sql").read_text() for entry in journal["entries"]]
    return [chunk for text in texts for chunk in text.split("--> statement-breakpoint")]


def declaration(project: Path) -> str:
    """The SQL by which drizzle-kit would make all of schema.ts at once."""
    printed = npx("drizzle-kit", "export", cwd=project).check()
    return printed[printed.index("CREATE ") :]


async def dump_after(server: Server, statements: list[str]) -> Counter[str]:
    """The lines that pg_dump prints once the statements have run, in one transaction, from nothing."""
    async with scratch(server) as url:
        connection = await asyncpg.connect(url)
        async with connection.transaction():
            for statement in statements:
                await connection.execute(statement)
        await connection.close()
        dumped = run([embedded_bin() / "pg_dump", "--schema-only", "--dbname", url], SHOP).check()
    kept = (line for line in dumped.splitlines() if not line.startswith(("--", "\\")))
    return Counter(line.removesuffix(",") for line in kept)
