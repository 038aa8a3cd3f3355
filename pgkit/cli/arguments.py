"""Arguments that several commands take."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

SOURCE = (
    "schema.pgkit, schema.sql or a folder of such files, a Drizzle folder (DIR, DIR@tag), replay:DIR, "
    "a postgresql:// URL, catalog.json, or `empty`."
)


class Format(StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"


ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="The configuration, instead of pgkit.toml.")
]
ServerChoice = Annotated[
    str | None,
    typer.Option(
        metavar="URL|local",
        help="The server for scratch databases (PGKIT_SERVER); without it, the embedded one.",
    ),
]
Renames = Annotated[
    list[str] | None,
    typer.Option(metavar="HINT", help="A new name: 'column app.users.mail -> app.users.email'."),
]
HintsFile = Annotated[Path | None, typer.Option(metavar="FILE", help="A file of such hints, one a line.")]
Major = Annotated[
    int | None, typer.Option(metavar="N", min=14, max=18, help="The server's major version, if not read.")
]
