"""Error files: `corpus/errors/*.md`, each with a schema and the diagnostics that it gives.

`python -m tests.dsl.errors --update` writes the diagnostics; review what it wrote.
"""

import os
import re
import sys
from pathlib import Path

from attrs import frozen

from pgkit.diag import Source
from pgkit.frontends.dsl import Raw, lower

FOLDER = Path(__file__).parents[2] / "corpus" / "errors"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


@frozen
class ErrorFile:
    """A schema with mistakes, and what is expected to be said of it."""

    path: Path
    text: str
    blocks: dict[str, str]

    def said(self) -> str:
        """What is said now."""
        found = lower(Raw((Source("schema.pgkit", self.blocks["pgkit"]),))).diagnostics
        return "".join(f"{finding.render()}\n" for finding in found)

    def updated(self) -> str:
        """The file with what is said now."""
        body = (
            self.text[: self.text.index("```diagnostics\n")]
            if "diagnostics" in self.blocks
            else self.text + "\n"
        )
        return f"{body}```diagnostics\n{self.said()}```\n"


def error_files() -> list[ErrorFile]:
    """All of them, by name."""
    return [read(path) for path in sorted(FOLDER.glob("*.md"))]


def read(path: Path) -> ErrorFile:
    """One of them; other blocks than the two are a mistake."""
    text = path.read_text("utf-8")
    blocks = dict(_BLOCK.findall(text))
    if not {"pgkit"} <= set(blocks) <= {"pgkit", "diagnostics"}:
        raise ValueError(f"{path}: expected a pgkit block and a diagnostics block, found {sorted(blocks)}")
    return ErrorFile(path, text, blocks)


def update() -> None:
    """Writes what is said now into every file."""
    for file in error_files():
        file.path.write_text(file.updated(), "utf-8")


if __name__ == "__main__":
    if os.environ.get("CI") or sys.argv[1:] != ["--update"]:
        sys.exit(
            "expected --update, and not under CI: expected blocks are reviewed before they are committed"
        )
    update()
