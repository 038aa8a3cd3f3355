"""Real applications that keep their schema in Drizzle, each put where a user of pgkit would have it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from pgkit.frontends.drizzle import lower, read
from pgkit.ir.catalog import Catalog
from tests.toolchains import Run, run


@frozen
class Application:
    """An application, and what its pgkit.toml says of replays."""

    name: str
    replay: str = ""

    @property
    def folder(self) -> Path:
        """Its migrations, where they are kept."""
        return Path(os.environ["PGKIT_REALWORLD"]) / self.name / "migrations"

    @property
    def catalog(self) -> Catalog:
        """Its last snapshot."""
        return lower(read(self.folder)).catalog


AI_CHATBOT = Application("ai-chatbot")
ONLOOK = Application("onlook", 'prelude = ["supabase"]')
SIM = Application("sim", 'without_extensions = ["btree_gin"]')
APPLICATIONS = (AI_CHATBOT, ONLOOK, SIM)


def project(application: Application, home: Path) -> Path:
    """A project of the user's: the migrations in `drizzle`, and the configuration beside them."""
    folder = home / application.name
    shutil.copytree(application.folder, folder / "drizzle")
    (folder / "pgkit.toml").write_text(f'source = "drizzle"\n\n[replay]\n{application.replay}\n')
    return folder


def pgkit(project: Path, *args: str) -> Run:
    """Runs the command in the project."""
    return run([Path(sys.executable).with_name("pgkit"), *args], project)


def files(folder: Path) -> Mapping[str, str]:
    """The generated files of a folder, by name."""
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}
