"""`pgkit show`: a schema on stdout, or in a file."""

import os
from pathlib import Path
from secrets import token_hex
from typing import Literal

from pgkit.cli.output import Outcome
from pgkit.diag import fail
from pgkit.jobs.config import load
from pgkit.jobs.show import show as print_catalog
from pgkit.jobs.sources import options_of


async def show(
    source: str,
    language: Literal["json", "pgkit", "sql"],
    output: Path | None,
    print_after: str | None,
    config: Path | None,
    server: str | None,
) -> Outcome:
    """Prints the catalog of a source."""
    settings = load(config)
    options = options_of(settings, server)
    shown = await print_catalog(source, language, options, print_after)
    if output is None:
        return Outcome(text=shown.text, findings=shown.findings)
    put(output, shown.text)
    return Outcome(findings=shown.findings)


def put(path: Path, text: str) -> None:
    """Writes the file as a whole or not at all."""
    temporary = path.with_name(f".{path.name[:100]}.{token_hex(4)}.tmp")
    try:
        if path.exists() and not path.is_file():  # /dev/stdout, a pipe
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        temporary.write_text(text, encoding="utf-8", newline="\n")
        os.replace(temporary, path)
    except (OSError, ValueError) as error:
        temporary.unlink(missing_ok=True)
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise fail("cannot-write", f"cannot write the file: {reason}", where=str(path)) from None
