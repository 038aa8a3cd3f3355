"""How long the largest application takes: 112 tables, 298 migrations."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from tests.realworld.applications import SIM, pgkit, project

COMMANDS = (
    ("drift", "drizzle", "--replay"),
    ("gen", "--rust", "out/rust", "--typescript", "out/types", "--zod", "out/zod"),
)
SECONDS = 5  # of wall time on two quiet cores; a busy machine is held to the processor time alone


def test_sim(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Replay, drift and all targets; the servers' own time is in the wall time only."""
    folder = project(SIM, tmp_path)
    pgkit(folder, "drift", "drizzle", "--replay")  # the cluster of the embedded server is there from now on
    total = 0.0
    for command in COMMANDS:
        wall, processor = time.monotonic(), used()
        assert pgkit(folder, *command).code in (0, 1)
        wall, processor = time.monotonic() - wall, used() - processor
        total += processor
        with capsys.disabled():
            print(f"\n{command[0]}: {wall:.2f} s wall, {processor:.2f} s of processor time")
    assert total < SECONDS


def used() -> float:
    """The processor time of all commands so far."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
