"""`pgkit drift` names what the applications' SQL makes otherwise than they believe: all of it, nothing else."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from pgkit.runtime.embedded import Server
from tests.realworld.applications import APPLICATIONS, SIM, Application, pgkit, project
from tests.realworld.databases import database, migrations
from tests.realworld.differences import DIFFERENCES, Line
from tests.toolchains import Run

NAMES = [application.name for application in APPLICATIONS]
CHANGES = """
    DROP INDEX public.workspace_owner_id_idx;
    ALTER TABLE public.chat ALTER title TYPE varchar(10);
    ALTER TABLE public.session DROP COLUMN user_agent;
    CREATE TABLE public.by_hand (id int PRIMARY KEY);
"""
NAMED = {
    Line("extra", "index", "public.workspace.workspace_owner_id_idx"),
}


def lines(said: Run) -> list[Line]:
    """The differences that the command has told of; exit code 1 if there are any, else 0."""
    found: list[dict[str, Any]] = json.loads(said.stdout)["result"]
    assert said.code == bool(found), said.said
    return [line(difference) for difference in found]


def line(difference: dict[str, Any]) -> Line:
    """One difference; of what is on one side only the definition is left out."""
    head = (difference["class"], difference["kind"], ".".join(filter(None, difference["ref"][1:])))
    field = difference.get("field")
    return Line(*head, field, difference["expected"], difference["actual"]) if field else Line(*head)


@pytest.mark.parametrize("application", APPLICATIONS, ids=NAMES)
def test_replay(application: Application, tmp_path: Path) -> None:
    """The last snapshot against what the SQL makes."""
    said = pgkit(project(application, tmp_path), "drift", "drizzle", "--replay", "--format", "json")
    assert sorted(map(str, lines(said))) == sorted(map(str, DIFFERENCES[application.name]))
