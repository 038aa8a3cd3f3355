"""Every case file, on Postgres 18 and 15: its plan is what it says, works, is true and converges."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.cases import VERSIONS, name, paths, read
from tests.corpus.checking import check, update
from tests.corpus.conftest import Servers

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
    server = servers(case, version)
    if updated is None:
        check(path, version, server)
    else:
        update(path, version, server, updated)
    if server is None:
        pytest.skip(
            f"no server of version {version} offers {', '.join(case.needs.extensions)}: only the text"
        )
