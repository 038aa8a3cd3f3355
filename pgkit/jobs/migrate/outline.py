"""What the next migration of a folder is called, and what it follows."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal

from attrs import frozen

from pgkit.diag import fail
from pgkit.frontends.drizzle import Folder

Prefix = Literal["index", "timestamp", "unix"]
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_STAMP: Final = "%Y%m%d%H%M%S"


@frozen(kw_only=True)
class Place:
    """Where one migration goes: its number, its time, its tag."""

    idx: int
    when: int
    tag: str

    @property
    def prefix(self) -> str:
        """The part of the tag that its snapshot shares."""
        return self.tag.split("_")[0]


def check_name(name: str) -> str:
    """A name that can be part of a file's name on every system."""
    if _NAME.fullmatch(name):
        return name
    message = f"expected letters, digits, _ and - as the name, found {name or 'nothing'}"
    raise fail("bad-name", message, help="as in --name add_users", exit_code=2)


def places(folder: Folder | None, name: str, count: int, now: int) -> tuple[Place, ...]:
    """The places of the next `count` migrations, each strictly after all that are there."""
    if folder is not None and folder.layout == "v1":
        return _folders(folder, name, count, now)
    entries = folder.entries if folder else ()
    idx = max((e.idx for e in entries), default=-1) + 1
    when = max([now, *(e.when + 1 for e in entries)])
    mode = prefix_mode(folder)
    found = []
    for k in range(count):
        prefix = _prefix(mode, idx + k, _time(mode, folder, when) + k * _STEP[mode])
        found.append(Place(idx=idx + k, when=when + k, tag=f"{prefix}_{_numbered(name, k)}"))
    return tuple(found)


_STEP: Final = {"index": 0, "timestamp": 1000, "unix": 1000}


def prefix_mode(folder: Folder | None) -> Prefix:
    """How the folder's tags begin; that of the last snapshot counts, since the next must sort after it."""
    if folder is None:
        return "index"
    last = folder.snapshot.file.removeprefix("meta/") if folder.snapshot else ""
    prefix = last.split("_")[0] or (folder.entries[-1].tag.split("_")[0] if folder.entries else "")
    if re.fullmatch(r"\d{14}", prefix):
        return "timestamp"
    return "unix" if re.fullmatch(r"\d{10}", prefix) else "index"


def _time(mode: Prefix, folder: Folder | None, when: int) -> int:
    """The time for a prefix: after that of every snapshot there is."""
    names = [e.tag.split("_")[0] for e in folder.entries] if folder else []
    times = [t for n in names if (t := _read_time(mode, n)) is not None]
    return max([when, *(t + 1000 for t in times)])


def _read_time(mode: Prefix, prefix: str) -> int | None:
    try:
        if mode == "unix":
            return int(prefix) * 1000
        return int(datetime.strptime(prefix, _STAMP).replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        return None


def _prefix(mode: Prefix, idx: int, when: int) -> str:
    match mode:
        case "index":
            return f"{idx:04}"
        case "timestamp":
            return _stamp(when)
        case "unix":
            return str(when // 1000)


def _folders(folder: Folder, name: str, count: int, now: int) -> tuple[Place, ...]:
    """Of the layout of 1.0: one folder a migration, each a second after the one before."""
    times = [t for e in folder.entries if (t := _read_time("timestamp", e.tag[:14])) is not None]
    first = max([now // 1000 * 1000, *(t + 1000 for t in times)])
    starts: Sequence[int] = [first + k * 1000 for k in range(count)]
    idx = len(folder.entries)
    return tuple(
        Place(idx=idx + k, when=t, tag=f"{_stamp(t)}_{_numbered(name, k)}") for k, t in enumerate(starts)
    )


def _stamp(when: int) -> str:
    return datetime.fromtimestamp(when / 1000, UTC).strftime(_STAMP)


def _numbered(name: str, k: int) -> str:
    return f"{name}_{k + 1}" if k else name
