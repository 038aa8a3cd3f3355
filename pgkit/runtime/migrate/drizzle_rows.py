"""What the rows of Drizzle's ledger say of the migrations of a folder."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from attrs import frozen

from pgkit.runtime.migrate.migration import Migration
from pgkit.runtime.migrate.standing import Standing

_BOM: Final = "\ufeff"
_SECOND: Final = 1000


@frozen
class Row:
    """A row of Drizzle's ledger. Drizzle 1.0 gives it a name; one that 0.x wrote may lack it."""

    id: int
    hash: str
    created_at: int | None
    name: str | None = None
    applied_at: datetime | None = None


@frozen
class Match:
    """A row, and the migration that it records; None if there is none."""

    row: Row
    migration: Migration | None
    standing: Standing


@frozen(kw_only=True)
class Table:
    """Drizzle's ledger as it was read; `named` is whether it has names, as 1.0 makes it."""

    rows: tuple[Row, ...] = ()
    named: bool = False

    @property
    def mark(self) -> int | None:
        """The time after which drizzle-kit 0.x starts; None: from the first file on.

        It takes the first row by time downwards, where NULL comes first, and counts as 0.
        """
        if not self.rows:
            return None
        times = [row.created_at for row in self.rows]
        return max((time for time in times if time is not None), default=0) if None not in times else 0


def matched(table: Table, migrations: Sequence[Migration], folders: bool) -> tuple[Match, ...]:
    """Each row with the migration that it records, in the order of the rows.

    `folders` says that the migrations are folders of 1.0. By name first, then by time and hash, by time, by
    hash. The times of folders count to the second: their names have no more, and rows of 0.x have.
    """
    all = [_Candidate(migration, frozenset(hashes(migration)), folders) for migration in migrations]
    left, found = list(all), dict[int, Match]()
    for fits in _WAYS:
        for row in (row for row in table.rows if row.id not in found):
            candidate = next((candidate for candidate in left if fits(row, candidate)), None)
            if candidate is not None:
                left.remove(candidate)
                found[row.id] = Match(row, candidate.migration, _standing(row, candidate, table.named))
    return tuple(found.get(row.id) or _again(row, all) for row in table.rows)


def _again(row: Row, all: Sequence["_Candidate"]) -> Match:
    """A row that none is left for: of none, or the second of one, as two migrators at once leave it."""
    for candidate in all:
        if _by_hash(row, candidate) and (_by_name(row, candidate) or _by_time(row, candidate)):
            return Match(row, candidate.migration, Standing.APPLIED)
    return Match(row, None, Standing.NO_FILE)


@frozen
class _Candidate:
    migration: Migration
    hashes: frozenset[str]
    folder: bool


def _by_name(row: Row, candidate: _Candidate) -> bool:
    return candidate.folder and row.name == candidate.migration.tag


def _by_time(row: Row, candidate: _Candidate) -> bool:
    if row.created_at is None or (candidate.folder and row.name is not None):
        return False
    unit = _SECOND if candidate.folder else 1
    return row.created_at // unit == candidate.migration.when // unit


def _by_hash(row: Row, candidate: _Candidate) -> bool:
    return row.hash in candidate.hashes


def _by_time_and_hash(row: Row, candidate: _Candidate) -> bool:
    return _by_time(row, candidate) and _by_hash(row, candidate)


_WAYS: Final[tuple[Callable[[Row, _Candidate], bool], ...]] = (
    _by_name,
    _by_time_and_hash,
    _by_time,
    _by_hash,
)


def _standing(row: Row, candidate: _Candidate, named: bool) -> Standing:
    if not _by_hash(row, candidate):
        return Standing.EDITED
    if candidate.folder and named:
        # Drizzle 1.0 heeds nothing but the name; a table that has none it brings up to date first
        known = _by_name(row, candidate)
        return Standing.APPLIED if known else Standing.RENAMED if row.name else Standing.UNNAMED
    return Standing.APPLIED if _by_time(row, candidate) else Standing.RESTAMPED


def hashes(migration: Migration) -> Iterator[str]:
    """The hashes under which a file may have been applied: line ends and byte order mark are no edits."""
    yield migration.raw
    yield migration.checksum
    text = migration.source.text.replace("\r\n", "\n")
    for form in (_BOM + text, text.replace("\n", "\r\n"), _BOM + text.replace("\n", "\r\n")):
        yield hashlib.sha256(form.encode()).hexdigest()
