"""PgBouncer, from the system's own package archive: unpacked, never installed."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

from tests.toolchains.shell import HERE, Run, missing, must, once, run

DEBIAN = HERE / "debian"
TOOL = "pgbouncer"


@cache
def pgbouncer() -> Path:
    """The program: the machine's own, else the one of its package archive, unpacked beside this module."""
    found = shutil.which(TOOL)
    if found is not None:
        return Path(found)
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        missing(TOOL, "it is not on PATH, and there is no apt-get to fetch it with; install it")
    DEBIAN.mkdir(exist_ok=True)
    once(DEBIAN / "pgbouncer.stamp", "unpacked", fetch)
    return DEBIAN / "pgbouncer" / "usr" / "sbin" / "pgbouncer"


def fetch() -> None:
    """Downloads the package with what it needs and this machine lacks, and unpacks all of it."""
    home = DEBIAN / "pgbouncer"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    must(_downloaded(home))
    for package in sorted(home.glob("*.deb")):
        must(run(["dpkg", "-x", package, home], home))
        package.unlink()


def libraries() -> dict[str, str]:
    """The environment in which the program finds its libraries."""
    folders = sorted((DEBIAN / "pgbouncer").glob("usr/lib/*-linux-*"))
    return {"LD_LIBRARY_PATH": ":".join(map(str, folders))} if folders else {}


def _downloaded(home: Path) -> Run:
    done = _download(home)
    if not done.ok:
        # A machine that was never asked for a package has no lists of them
        must(run(["apt-get", "update", "--quiet"], home))
        done = _download(home)
    return done


def _download(home: Path) -> Run:
    planned = run(["apt-get", "install", "--simulate", "--no-install-recommends", TOOL], home)
    names = re.findall(r"^Inst (\S+)", planned.stdout, re.MULTILINE)
    return run(["apt-get", "download", "--quiet", *names], home) if names else planned
