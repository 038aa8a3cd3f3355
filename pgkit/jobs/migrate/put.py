"""Puts a migration into its folder: all of it or nothing, by one writer at a time.

Every file is written beside its place, brought to the disk, and renamed; the journal, by which Drizzle finds
the others, comes last. What is under way is noted in the lock file first: a writer that died leaves it there,
and the next one takes back what it had begun.
"""

import asyncio
import fcntl
import json
import os
import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, Final

from attrs import define, field, frozen

from pgkit.diag import Diagnostic, PgkitError, Severity, fail
from pgkit.frontends.drizzle.heads import read_head
from pgkit.frontends.drizzle.listing import Place
from pgkit.jobs.write import shown

LOCK: Final = ".pgkit.lock"
JOURNAL: Final = "meta/_journal.json"
WAIT: Final = 30.0  # seconds for another writer


@frozen(kw_only=True)
class Written:
    """One migration: its tag, the id of its snapshot, and its files by their paths in the folder."""

    tag: str
    id: str
    files: Mapping[str, bytes] = field(repr=False)


@frozen(kw_only=True)
class Journal:
    """The journal as it was read, and as it shall be; a folder of the layout of 1.0 has none."""

    old: bytes | None
    new: bytes


@define
class Desk:
    """A folder that no other writer is at."""

    root: Path
    lock: IO[str]
    findings: tuple[Diagnostic, ...] = ()

    def put(self, migrations: Sequence[Written], journal: Journal | None) -> None:
        """Writes migrations, in their order. On any failure what was there before is there again."""
        note = _note(migrations, journal)
        _check_free(self.root, migrations, journal)
        try:
            _write_note(self.lock, note)
            if journal:
                _put_files(self.root, migrations, journal, note)
            else:
                _put_folders(self.root, migrations, note)
        except OSError as error:
            if not self._undo(note):
                raise _cannot_write(error) from None
        except BaseException:
            self._undo(note)
            raise
        with suppress(OSError):  # all is in place: the next writer finds that out
            _write_note(self.lock, None)

    def _undo(self, note: Mapping[str, Any]) -> bool:
        """Takes back what was begun, unless all is in place: then it says so.

        What a failing disk does not let go of, the next writer takes away.
        """
        done = False
        with suppress(OSError):
            done = _take_back(self.root, note)
            _write_note(self.lock, None)
        return done


@asynccontextmanager
async def writing(root: Path) -> AsyncIterator[Desk]:
    """Keeps other writers out of a folder, which is made if there is none, and removed if it stays empty."""
    made = _make(root)
    try:
        lock = await _locked(root / LOCK)
        try:
            yield Desk(root, lock, tuple(_recovered(root, lock)))
        finally:
            with suppress(OSError):
                if not _read_note(lock):
                    (root / LOCK).unlink(missing_ok=True)
            lock.close()
    finally:
        _remove_empty(made)


def _make(root: Path) -> list[Path]:
    made = []
    try:
        for folder in reversed([f for f in (root, *root.parents) if not os.path.lexists(f)]):
            folder.mkdir(exist_ok=True)
            made.append(folder)
    except OSError as error:
        raise _cannot_write(error) from None
    return made


def _remove_empty(made: Sequence[Path]) -> None:
    with suppress(OSError):
        for folder in reversed(made):
            if not any(folder.iterdir()):
                folder.rmdir()


async def _locked(path: Path) -> IO[str]:
    """The lock file, held; the lock falls with its process, however that ends."""
    until = time.monotonic() + WAIT
    while True:
        try:
            file = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise _cannot_write(error) from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(file, path):
                return file
            file.close()
            continue
        except OSError:
            file.close()
        if time.monotonic() > until:
            help = "wait for it; the lock falls when its process ends"
            raise fail("locked", "another pgkit is writing a migration here", where=shown(path), help=help)
        await asyncio.sleep(0.05)


def _is_at(file: IO[str], path: Path) -> bool:
    """Whether the file is still the one of that name: its last holder removes it."""
    try:
        return os.fstat(file.fileno()).st_ino == os.stat(path).st_ino
    except FileNotFoundError:
        return False


def _note(migrations: Sequence[Written], journal: Journal | None) -> dict[str, Any]:
    mark = token_hex(4)
    return {
        "layout": "journal" if journal else "v1",
        "tags": [m.tag for m in migrations],
        "ids": [m.id for m in migrations],
        "files": [name for m in migrations for name in m.files],
        "mark": mark,
    }


def _write_note(lock: IO[str], note: dict[str, Any] | None) -> None:
    lock.seek(0)
    lock.truncate()
    if note:
        lock.write(json.dumps(note))
    lock.flush()
    os.fsync(lock.fileno())


def _read_note(lock: IO[str]) -> dict[str, Any] | None:
    """What is under way; a note that was cut off by a crash is of work that had not begun."""
    lock.seek(0)
    try:
        note = json.loads(lock.read())
    except ValueError:
        return None
    known = isinstance(note, dict) and {"layout", "tags", "ids", "files", "mark"} <= note.keys()
    return note if known and re.fullmatch("[0-9a-f]{8}", note["mark"]) else None


def _check_free(root: Path, migrations: Sequence[Written], journal: Journal | None) -> None:
    names = [name for m in migrations for name in m.files]
    taken = [root / name for name in names if os.path.lexists(root / name)]
    taken += [root / m.tag for m in migrations if journal is None and os.path.lexists(root / m.tag)]
    if taken:
        help = "no entry belongs to it: move it away"
        raise fail("in-the-way", "the file of the next migration is there", where=shown(taken[0]), help=help)
    if journal and _read(root / JOURNAL) != journal.old:
        help = "run it again"
        raise fail("changed-meanwhile", "the journal has changed meanwhile", where=str(root), help=help)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _put_files(root: Path, migrations: Sequence[Written], journal: Journal, note: Mapping[str, Any]) -> None:
    """Of the layout of 0.x. The journal makes the others count."""
    (root / "meta").mkdir(exist_ok=True)
    contents = {name: data for m in migrations for name, data in m.files.items()}
    # drizzle-kit goes by the snapshots, with or without an entry: they come last but for the journal
    contents = dict(sorted(contents.items(), key=lambda item: item[0].endswith("_snapshot.json")))
    contents[JOURNAL] = journal.new
    for name, data in contents.items():
        _stage(_temporary(root, name, note["mark"]), data, like=root / name)
    _sync_folder(root)
    _sync_folder(root / "meta")
    for name in contents:
        if name == JOURNAL:  # the names of the others are on the disk before it speaks of them
            _sync_folder(root)
            _sync_folder(root / "meta")
        os.replace(_temporary(root, name, note["mark"]), root / name)
    _sync_folder(root / "meta")


def _put_folders(root: Path, migrations: Sequence[Written], note: Mapping[str, Any]) -> None:
    """Of the layout of 1.0: each migration is a folder that comes into its place as a whole."""
    staging = root / _staging(note)
    staging.mkdir()
    for migration in migrations:
        (staging / migration.tag).mkdir()
        for name, data in migration.files.items():
            _stage(staging / name, data)
        _sync_folder(staging / migration.tag)
    for migration in migrations:
        os.replace(staging / migration.tag, root / migration.tag)
        _sync_folder(root)
    staging.rmdir()


def _staging(note: Mapping[str, Any]) -> str:
    return f".pgkit.{note['mark']}"


def _temporary(root: Path, name: str, mark: str) -> Path:
    """Beside its place; drizzle-kit takes for a snapshot what is in meta and does not begin with `_`."""
    path = root / name
    return path.with_name(f"_pgkit.{mark}.{path.name}.tmp")


def _stage(path: Path, data: bytes, like: Path | None = None) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if like is not None and like.exists():
        path.chmod(like.stat().st_mode & 0o777)


def _sync_folder(path: Path) -> None:
    """Brings the names in a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _recovered(root: Path, lock: IO[str]) -> Iterator[Diagnostic]:
    """Takes back what a writer had begun that did not come to its end."""
    note = _read_note(lock)
    if note is None:
        return
    _check_not_built_upon(root, note)
    done = _take_back(root, note)
    _write_note(lock, None)
    if not done:
        names = ", ".join(note["tags"])
        message = f"a writer of {names} did not come to its end; what it had begun is removed"
        yield Diagnostic("taken-back", message, severity=Severity.NOTE, where=shown(root))


def _take_back(root: Path, note: Mapping[str, Any]) -> bool:
    """Whether the migrations are there as a whole; if not, nothing of them is left."""
    tags, mark = [tag for tag in note["tags"] if len(Path(tag).parts) == 1], note["mark"]
    done = set(note["tags"]) <= _tags(root, note["layout"])
    names = [name for name in note["files"] if _is_inside(name)]
    for name in (*names, JOURNAL):
        _temporary(root, name, mark).unlink(missing_ok=True)
        (root / _staging(note) / name).unlink(missing_ok=True)
    for name in reversed(names) if not done else ():
        (root / name).unlink(missing_ok=True)
    folders = [root / _staging(note) / tag for tag in tags] + ([] if done else [root / tag for tag in tags])
    for folder in (*folders, root / _staging(note), *([] if done else [root / "meta"])):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return done


def _tags(root: Path, layout: str) -> set[str]:
    if layout == "v1":
        return {entry.name for entry in root.iterdir() if (entry / "snapshot.json").is_file()}
    data = _read(root / JOURNAL)
    return {entry["tag"] for entry in json.loads(data)["entries"]} if data else set()


def _is_inside(name: str) -> bool:
    parts = Path(name).parts
    return bool(parts) and ".." not in parts and not name.startswith("/")


def _check_not_built_upon(root: Path, note: Mapping[str, Any]) -> None:
    """drizzle-kit takes any snapshot for one that counts: it may have gone on from one of these."""
    if set(note["tags"]) <= _tags(root, note["layout"]):
        return
    pattern = "*/snapshot.json" if note["layout"] == "v1" else "meta/*_snapshot.json"
    ids = set(note["ids"])
    for path in sorted(root.glob(pattern)):
        head = read_head(Place(path), root)
        if head and head.id not in ids and ids & set(head.parents):
            message = f"{shown(path)} follows {note['tags'][-1]}, whose writer did not come to its end"
            help = f"remove both, and {LOCK}, and generate them anew"
            raise fail("built-upon", message, where=shown(root), help=help)


def _cannot_write(error: OSError) -> PgkitError:
    reason = (error.strerror or str(error)).lower()
    return fail("cannot-write", f"cannot write the migration: {reason}", where=str(error.filename or ""))
