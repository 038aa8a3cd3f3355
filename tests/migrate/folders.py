"""Folders of migrations, made in place."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

BREAK = "--> statement-breakpoint\n"
FIRST = 1_700_000_000_000  # the `when` of the first migration; the next ones are a minute apart


def write(folder: Path, files: Mapping[str, str | bytes], whens: Mapping[str, int] | None = None) -> Path:
    """A folder with a journal, whose migrations have these tags and texts, in this order."""
    (folder / "meta").mkdir(parents=True, exist_ok=True)
    for tag, text in files.items():
        (folder / f"{tag}.sql").write_bytes(text.encode() if isinstance(text, str) else text)
    journal(folder, list(files), whens)
    return folder


def journal(folder: Path, tags: Sequence[str], whens: Mapping[str, int] | None = None) -> None:
    """Writes the journal alone."""
    entries = [
        {
            "idx": i,
            "version": "7",
            "when": (whens or {}).get(tag, FIRST + 60_000 * i),
            "tag": tag,
            "breakpoints": True,
        }
        for i, tag in enumerate(tags)
    ]
    body = {"version": "7", "dialect": "postgresql", "entries": entries}
    (folder / "meta").mkdir(parents=True, exist_ok=True)
    (folder / "meta" / "_journal.json").write_text(json.dumps(body, indent=2))


def write_v1(folder: Path, files: Mapping[str, str]) -> Path:
    """A folder in the layout of drizzle-kit 1.0."""
    for name, text in files.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "migration.sql").write_bytes(text.encode())
    return folder
