"""Every case file, on Postgres 18 and 15: its plan is what it says, works, is true and converges."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgkit.runtime.embedded import Server
from tests.corpus.cases import VERSIONS, Case, name, paths, read
from tests.corpus.conftest import Servers
from tests.corpus.proofs import complaints, prove
from tests.live.reading import run

# One worker does both versions of a case, the newest first: --update writes into one file.
CASES = [
    pytest.param(path, version, id=f"{name(path)}-{version}", marks=pytest.mark.xdist_group(name(path)))
    for path in paths()
    for version in VERSIONS
]


@pytest.mark.parametrize(("path", "version"), CASES)
def test_case(path: Path, version: int, servers: Servers, updated: set[Path] | None) -> None:
    """The case holds: the text, on seeded rows, read back, and planned again."""
    case = read(path)
    if version not in case.versions:
        pytest.skip(f"the case is about Postgres {case.needs.postgres}")
    now = _as_it_is(case, version, servers(case, version))
    if updated is None:
        assert _expected(now, version) == _expected(case, version)
    elif version == case.versions[0]:
        now.write()
        updated.add(path)
    else:
        assert path in updated, f"nothing is written before Postgres {case.versions[0]} does it"
        now.write()


def _as_it_is(case: Case, version: int, server: Server) -> Case:
    """The case with what pgkit says now, all else proven."""
    if "diagnostics" in case.blocks:
        said = run(complaints(case, version, server))
        assert said, "expected diagnostics, found a plan"
        return case.with_block("diagnostics", said)
    return case.with_plan(version, run(prove(case, version, server)))


def _expected(case: Case, version: int) -> str:
    return case.blocks["diagnostics"] if "diagnostics" in case.blocks else case.plan(version)
