"""Copies of the applications' folders damaged at random, and what `pgkit gen` makes of them."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from pgkit.cli.app import run
from pgkit.diag import PgkitError, Severity
from pgkit.frontends import Lowered
from pgkit.frontends.drizzle import lower, read
from tests.drizzle.test_corruption import DAMAGES, contents, restore
from tests.realworld.applications import APPLICATIONS, Application

ROUNDS = 1000 if os.environ.get("PGKIT_PROOF") else 60
SEED = int(os.environ.get("PGKIT_SEED", "1"))
TARGETS = ("--rust", "out/rust", "--typescript", "out/types", "--zod", "out/zod")
# Fine, or bad input; 70 is what a traceback would be.
GOOD, BAD = 0, 3


@pytest.mark.parametrize("application", APPLICATIONS, ids=[a.name for a in APPLICATIONS])
def test_damaged_folders(
    application: Application,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An error that says where, a finding, or another catalog; and an error leaves nothing written."""
    monkeypatch.chdir(tmp_path)
    rng = random.Random(f"{application.name} {SEED}")
    folder = Path(shutil.copytree(application.folder, "drizzle"))
    sound, whole = contents(folder), lower(read(folder))
    outcomes: Counter[str] = Counter()
    for _ in range(ROUNDS):
        for damage in rng.sample(DAMAGES, rng.choice((1, 1, 2))):
            with suppress(orjson.JSONDecodeError):  # what was damaged before may leave no JSON to edit
                damage(rng, folder)
        damaged = contents(folder)
        found = outcome(folder, whole)
        if found in ("error", "change"):
            found = generated(found, capsys)
        outcomes[found] += 1
        assert contents(folder) == damaged
        restore(sound, damaged)
    with capsys.disabled():
        print(f"\n{application.name}, seed {SEED}: {dict(outcomes)}")
    assert {"error", "change", "nothing"} <= outcomes.keys()


def outcome(folder: Path, whole: Lowered) -> str:
    """What comes of a folder; anything but a PgkitError fails the test."""
    try:
        result = lower(read(folder))
        found = result.diagnostics
    except PgkitError as error:
        result, found = whole, error.diagnostics
    assert all(d.render() for d in found)
    if any(d.severity is Severity.ERROR for d in found):
        return "error"
    if result.catalog != whole.catalog:
        return "change"
    return "nothing" if found == whole.diagnostics else "finding"


def generated(found: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command makes of such a folder; a changed catalog may be one that cannot be generated."""
    code = run(["gen", "drizzle", *TARGETS])
    said = capsys.readouterr().err
    if code == GOOD:
        assert found == "change"
        shutil.rmtree("out")
        return "change"
    assert code == BAD, said
    assert "error[" in said
    assert "Traceback" not in said
    assert not Path("out").exists()
    return "error" if found == "error" else "refused"
