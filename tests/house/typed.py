"""Runs mypy and pyright over the link tree, and proves that mypy saw every source file."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TREE = ROOT / "build" / "typed"
BIN = Path(sys.executable).parent


def main() -> int:
    """The exit code: 0 when both pass and nothing was left out."""
    sources = sorted(p for p in (TREE / "pgkit").rglob("*.py"))
    mypy = subprocess.run(
        [str(BIN / "mypy"), "--strict", "--config-file", str(ROOT / "pyproject.toml"), "-p", "pgkit"],
        cwd=TREE, capture_output=True, text=True,
    )  # fmt: skip
    print(mypy.stdout, mypy.stderr, sep="", end="")

    counted = re.search(r"(\d+) source files?", mypy.stdout)
    if not counted or int(counted[1]) != len(sources):
        print(f"mypy saw {counted and counted[1]} of {len(sources)} source files")
        return 1
    pyright = subprocess.run(
        [str(BIN / "pyright"), "--project", str(ROOT / "pyproject.toml"), str(TREE / "pgkit" / "sql")],
        cwd=TREE,
    )
    return mypy.returncode or pyright.returncode


if __name__ == "__main__":
    sys.exit(main())
