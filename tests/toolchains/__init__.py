"""The tools that tests hold the generated languages against: node's, cargo's, and full Postgres servers.

What is installed is pinned in `node/` and `rust/`, next to what installs it; nothing here is on the user's
machine before, but for node and cargo themselves. The first call installs, under a lock, so that parallel
workers wait for one another; `python -m tests.toolchains.setup` does it ahead of the tests.

A tool that cannot be had skips the test that asks for it, with one line that says what to do. Such a skip is
never silent: see `tests.toolchains.strict`.
"""

from tests.toolchains.cargo import Crate, crate
from tests.toolchains.npm import (
    eslint,
    link_packages,
    node,
    npx,
    packages,
    prettier_check,
    run_typescript,
    tsc,
)
from tests.toolchains.servers import contrib_server
from tests.toolchains.shell import Run, run

__all__ = [
    "Crate",
    "Run",
    "contrib_server",
    "crate",
    "eslint",
    "link_packages",
    "node",
    "npx",
    "packages",
    "prettier_check",
    "run",
    "run_typescript",
    "tsc",
]
