"""Every case file, on Postgres 18 and 15: its plan is what it says, works, is true and converges."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from zlib import crc32

import pytest

from tests.corpus.cases import VERSIONS, name, paths, read
from tests.corpus.checking import check, update
from tests.corpus.conftest import Servers

# `make test` proves every case on the newest version, and one of five on the other; `make proof` all on both.
ALL = bool(os.environ.get("PGKIT_PROOF")) or "--update" in sys.argv
SAMPLE = 5


def versions(path: Path) -> tuple[int, ...]:
    """The versions that a case is proven on in this run, the newest first."""
    return VERSIONS if ALL or crc32(name(path).encode()) % SAMPLE == 0 else VERSIONS[:1]


# One worker does both versions of a case: --update writes into one file.
CASES = [
    pytest.param(path, version, id=f"{name(path)}-{version}", marks=pytest.mark.xdist_group(name(path)))
    for path in paths()
    for version in versions(path)
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
