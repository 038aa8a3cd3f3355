"""Reads the files of a schema."""

from pathlib import Path

from attrs import frozen

from pgkit.diag import Diagnostic, Source


@frozen
class Raw:
    """The texts of a schema, file by file, and which files could not be read."""

    sources: tuple[Source, ...]
    unread: tuple[Diagnostic, ...] = ()


def read(*paths: Path) -> Raw:
    """The files themselves, and the `*.pgkit` files directly inside the folders, sorted by name."""
    files = [file for path in paths for file in (sorted(path.glob("*.pgkit")) if path.is_dir() else [path])]
    found = [_file(file) for file in files]
    return Raw(
        tuple(f for f in found if isinstance(f, Source)),
        tuple(f for f in found if isinstance(f, Diagnostic)),
    )


def _file(path: Path) -> Source | Diagnostic:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        help = "save the file as UTF-8"
        return Diagnostic("not-utf8", f"this is not UTF-8, in line {line}", help=help, where=str(path))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Diagnostic("cannot-read", f"cannot read the file: {reason}", where=str(path))
    return Source(str(path), text)
