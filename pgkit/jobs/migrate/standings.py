"""Where each migration of a folder stands on a database: the ledger's rows held against the files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from attrs import evolve, frozen

from pgkit.executor import Executor
from pgkit.jobs.migrate.files import Found
from pgkit.runtime.migrate import own_repair
from pgkit.runtime.migrate.drizzle_ledger import DrizzleLedger
from pgkit.runtime.migrate.drizzle_rows import Match, Row, matched
from pgkit.runtime.migrate.ledger import Entry, State
from pgkit.runtime.migrate.migration import Migration
from pgkit.runtime.migrate.own_ledger import OwnLedger
from pgkit.runtime.migrate.standing import Standing

FINE: Final = (Standing.APPLIED, Standing.PENDING)
_PENDING: Final = (Standing.PENDING, Standing.BEFORE_APPLIED, Standing.SKIPPED)


@frozen(kw_only=True)
class Line:
    """A migration, or a row of the ledger that belongs to none, and where it stands."""

    tag: str
    standing: Standing
    detail: str = ""
    migration: Migration | None = None
    entry: Entry | None = None  # in the ledger of ours
    row: Row | None = None  # in Drizzle's
    applied_at: datetime | None = None

    @property
    def pending(self) -> bool:
        """Whether nothing of it is applied."""
        return self.standing in _PENDING


@frozen(kw_only=True)
class Standings:
    """What one ledger says of all the migrations."""

    title: str
    exists: bool
    lines: tuple[Line, ...]

    @property
    def wrong(self) -> tuple[Line, ...]:
        """Those where the ledger and the files disagree."""
        return tuple(line for line in self.lines if line.standing not in FINE)

    @property
    def empty(self) -> bool:
        """Whether the ledger has no rows."""
        return all(line.pending for line in self.lines)

    @property
    def clean(self) -> bool:
        """Whether all is applied, and as the files say."""
        return all(line.standing is Standing.APPLIED for line in self.lines)


async def standings(session: Executor, ledger: OwnLedger | DrizzleLedger, found: Found) -> Standings:
    """Reads a ledger; where there is none, all is pending. Writes nothing."""
    if isinstance(ledger, OwnLedger):
        exists = await own_repair.is_there(session, ledger)
        entries = await ledger.entries(session, found.migrations) if exists else ()
        times = await own_repair.times(session, ledger) if exists else {}
        lines = tuple(_timed(line, times) for line in _of_ours(entries, found.migrations))
        return Standings(title=ledger.title, exists=exists, lines=lines)
    table = await ledger.read(session)
    if table is None:
        lines = tuple(_line(m, Standing.PENDING) for m in found.migrations)
        return Standings(title=ledger.title, exists=False, lines=lines)
    matches = matched(table, found.migrations, ledger.folders)
    running = await ledger.running(session)
    skipped_until = None if ledger.folders else table.mark
    lines = tuple(_of_drizzle(matches, running, found.migrations, skipped_until))
    return Standings(title=ledger.title, exists=True, lines=lines)


def _of_ours(entries: Sequence[Entry], migrations: Sequence[Migration]) -> Iterator[Line]:
    by_tag = {entry.tag: entry for entry in entries}
    tags = {migration.tag for migration in migrations}
    new = [migration for migration in migrations if migration.tag not in by_tag]
    gone = [entry for entry in entries if entry.tag not in tags]
    renamed = _renamed(gone, new)
    lines = [
        _line(migration, Standing.RENAMED, f"applied as {entry.tag}", entry=entry)
        if (entry := renamed.get(migration.tag))
        else _recorded(migration, by_tag.get(migration.tag))
        for migration in migrations
    ]
    yield from _in_order(lines)
    known = {entry.tag for entry in renamed.values()}
    yield from (_lost(entry) for entry in gone if entry.tag not in known)


def _renamed(gone: Sequence[Entry], new: Sequence[Migration]) -> dict[str, Entry]:
    """The rows without a file whose text another file has, by its tag."""
    found, left = dict[str, Entry](), list(new)
    for entry in (entry for entry in gone if entry.state is State.DONE):
        same = next((migration for migration in left if migration.checksum == entry.checksum), None)
        if same is not None:
            left.remove(same)
            found[same.tag] = entry
    return found


def _recorded(migration: Migration, entry: Entry | None) -> Line:
    if entry is None:
        return _line(migration, Standing.PENDING)
    if entry.state is State.RUNNING:
        return _line(migration, Standing.RUNNING, _progress(entry, migration), entry=entry)
    edited = entry.checksum is not None and entry.checksum != migration.checksum
    return _line(migration, Standing.EDITED if edited else Standing.APPLIED, entry=entry)


def _progress(entry: Entry, migration: Migration | None) -> str:
    of = f" of {len(migration.statements)}" if migration else ""
    doubt = ", and the next one may be" if entry.doubtful else ""
    return f"{entry.statement}{of} statements are applied{doubt}"


def _lost(entry: Entry) -> Line:
    detail = _progress(entry, None) if entry.state is State.RUNNING else ""
    return Line(tag=entry.tag, standing=Standing.NO_FILE, detail=detail, entry=entry)


def _of_drizzle(
    matches: Sequence[Match], running: Sequence[Entry], migrations: Sequence[Migration], mark: int | None
) -> Iterator[Line]:
    by_tag = {match.migration.tag: match for match in reversed(matches) if match.migration}
    begun = {entry.tag: entry for entry in running}
    lines = [
        _matched(match, migration)
        if (match := by_tag.get(migration.tag))
        else _recorded(migration, begun.get(migration.tag))
        for migration in migrations
    ]
    yield from (_skipped(line, mark) for line in _in_order(lines))
    for match in (match for match in matches if match.migration is None):
        tag = match.row.name or f"row {match.row.id}"
        yield Line(tag=tag, standing=Standing.NO_FILE, detail=_stamp(match.row.created_at), row=match.row)
    tags = {migration.tag for migration in migrations}
    yield from (_lost(entry) for entry in running if entry.tag not in tags)


def _matched(match: Match, migration: Migration) -> Line:
    detail = ""
    if match.standing is Standing.RENAMED:
        detail = f"applied as {match.row.name}"
    elif match.standing is Standing.RESTAMPED:
        detail = f"recorded with {_stamp(match.row.created_at)}, now {_stamp(migration.when)}"
    return _line(migration, match.standing, detail, row=match.row)


def _skipped(line: Line, mark: int | None) -> Line:
    if mark is None or line.migration is None or not line.pending or line.migration.when > mark:
        return line
    detail = f"its time {_stamp(line.migration.when)} is not after {_stamp(mark)}"
    return _line(line.migration, Standing.SKIPPED, detail)


def _in_order(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, with those marked that are pending though one that follows is applied."""
    last = max((i for i, line in enumerate(lines) if not line.pending), default=-1)
    for i, line in enumerate(lines):
        if line.pending and i < last and line.migration:
            detail = f"{lines[last].tag} is applied"
            yield _line(line.migration, Standing.BEFORE_APPLIED, detail)
        else:
            yield line


def _line(
    migration: Migration,
    standing: Standing,
    detail: str = "",
    entry: Entry | None = None,
    row: Row | None = None,
) -> Line:
    return Line(
        tag=migration.tag,
        standing=standing,
        detail=detail,
        migration=migration,
        entry=entry,
        row=row,
        applied_at=row.applied_at if row else None,
    )


def _timed(line: Line, times: Mapping[str, datetime]) -> Line:
    return evolve(line, applied_at=times.get(line.entry.tag)) if line.entry else line


def _stamp(time: int | None) -> str:
    """Milliseconds since 1970, and what that is for people."""
    if time is None:
        return "no time"
    try:
        return f"{time} ({datetime.fromtimestamp(time / 1000, UTC):%Y-%m-%d %H:%M})"
    except (ValueError, OverflowError, OSError):
        return str(time)
