"""One case on one version: compared with what its file expects, or written into it.

Where no server offers an extension that the case needs, the text of the plan is all there is to look at.
"""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from pgkit.runtime.embedded import Server
from tests.corpus.cases import Case, read
from tests.corpus.proofs import Proof, Refuted, complaints, prove, text
from tests.live.reading import run


def check(path: Path, version: int, server: Server | None) -> None:
    """The case holds, and says just what its file expects."""
    case = read(path)
    wanted, found = _expected(case, version), _expected(_now(case, version, server), version)
    if found != wanted:
        lines = unified_diff(wanted.splitlines(), found.splitlines(), "expected", "found", lineterm="")
        raise Refuted(Proof.TEXT, "\n".join(lines))


def update(path: Path, version: int, server: Server | None, updated: set[Path]) -> None:
    """Writes what a case says now into its file, if all else holds: on its newest version first."""
    case = read(path)
    newest = case.versions[0]
    assert version == newest or path in updated, f"nothing is written before Postgres {newest} accepts it"
    _now(case, version, server).write()
    updated.add(path)


def _now(case: Case, version: int, server: Server | None) -> Case:
    """The case with what pgkit says now, all else proven."""
    if "diagnostics" in case.blocks:
        said = run(complaints(case, version, server))
        assert said, "expected diagnostics, found a plan"
        return case.with_block("diagnostics", said)
    return case.with_plan(version, run(prove(case, version, server) if server else text(case, version)))


def _expected(case: Case, version: int) -> str:
    return case.blocks["diagnostics"] if "diagnostics" in case.blocks else case.plan(version)
