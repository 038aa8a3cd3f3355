"""SQL files as a source: which there are, and their text."""

from pathlib import Path
from typing import Final

from pgkit.diag import Source, fail

_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16, which `>` writes in PowerShell


def sql_files(path: Path) -> tuple[Path, ...]:
    """The files that a source is made of: itself, or those at the top of a folder, by name."""
    if not path.is_dir():
        return (path,)
    files = (f for f in path.iterdir() if f.suffix.lower() == ".sql" and not f.name.startswith("."))
    return tuple(sorted((f for f in files if f.is_file()), key=lambda f: f.name))


def read_files(path: Path) -> tuple[Source, ...]:
    """The text of every file, in order. Raises for what cannot be read."""
    return tuple(_text(file) for file in sql_files(path))


def _text(file: Path) -> Source:
    try:
        return Source(str(file), decoded(file.read_bytes(), file))
    except OSError as error:
        reason = (error.strerror or "").lower()
        raise fail("not-a-source", f"cannot read the file: {reason}", where=str(file)) from None


def decoded(data: bytes, file: Path) -> str:
    """The text of a file of SQL, the byte order mark dropped that some editors put before it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wide = data.startswith(_BOMS)
        found = "expected UTF-8, found UTF-16" if wide else f"cannot read byte {error.start + 1} as UTF-8"
        help = "save the file as UTF-8; `pg_dump -E UTF8 -f FILE` writes it so"
        raise fail("not-utf8", found, where=str(file), help=help) from None
