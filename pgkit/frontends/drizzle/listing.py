"""What a folder holds, read once; files are taken from the listing only, so that no name leads out of it."""

import os
from pathlib import Path

from attrs import frozen

from pgkit.diag import PgkitError, fail


@frozen
class Place:
    """A file or folder that was listed; a link counts as what it points at."""

    path: Path
    link: bool = False


@frozen
class Listing:
    """The files and the folders right inside one folder, by name."""

    path: Path
    files: dict[str, Place]
    folders: dict[str, Place]


def listing(path: Path, inside: Path) -> Listing:
    """The listing of the folder `path`, which lies `inside` another, or is it."""
    _stay(Place(path, path != inside and path.is_symlink()), inside)
    files, folders = {}, {}
    try:
        with os.scandir(path) as found:
            for item in found:
                place = Place(path / item.name, item.is_symlink())
                if item.is_dir():
                    folders[item.name] = place
                elif item.is_file():
                    files[item.name] = place
    except OSError as error:
        raise _unreadable(path, error) from None
    return Listing(path, dict(sorted(files.items())), dict(sorted(folders.items())))


def load(place: Place, inside: Path) -> bytes:
    """The bytes of a file that was listed."""
    _stay(place, inside)
    try:
        return place.path.read_bytes()
    except OSError as error:
        raise _unreadable(place.path, error) from None


def ends(place: Place, inside: Path, size: int) -> tuple[bytes, bytes]:
    """The first and the last bytes of a file."""
    _stay(place, inside)
    try:
        with place.path.open("rb") as file:
            head = file.read(size)
            file.seek(max(0, os.fstat(file.fileno()).st_size - size))
            return head, file.read(size)
    except OSError as error:
        raise _unreadable(place.path, error) from None


def _stay(place: Place, inside: Path) -> None:
    if place.link and not place.path.resolve().is_relative_to(inside.resolve()):
        message = "the link points out of the Drizzle folder"
        raise fail("link-outside", message, where=str(place.path), help="put the file itself there")


def _unreadable(path: Path, error: OSError) -> PgkitError:
    reason = (error.strerror or "unknown reason").lower()
    return fail(
        "cannot-read", f"cannot read the file: {reason}", where=str(path), help="see that it may be read"
    )
