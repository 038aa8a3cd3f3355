"""`migrate baseline`: records migrations as applied without running them, or takes over what Drizzle has."""

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from pgkit.diag import Diagnostic, PgkitError, Severity, fail
from pgkit.jobs.migrate.disagreements import disagreements
from pgkit.jobs.migrate.files import Found, migrations
from pgkit.jobs.migrate.ledgers import Place, drizzle_ledger, own_ledger
from pgkit.jobs.migrate.locked import locked, writing
from pgkit.jobs.migrate.standings import Line, Standings, standings
from pgkit.runtime.migrate.drizzle_ledger import DrizzleLedger
from pgkit.runtime.migrate.migration import Migration
from pgkit.runtime.migrate.own_ledger import OwnLedger
from pgkit.runtime.migrate.plan import upto
from pgkit.runtime.migrate.session import Session
from pgkit.runtime.migrate.standing import Standing

_PROVEN: Final = (Standing.APPLIED, Standing.EDITED, Standing.RENAMED, Standing.RESTAMPED, Standing.UNNAMED)
# A baseline may stand where one pending migration is before an applied one: it is a way out of that.
_CONTRADICT: Final = (
    Standing.EDITED,
    Standing.RENAMED,
    Standing.RESTAMPED,
    Standing.UNNAMED,
    Standing.RUNNING,
    Standing.NO_FILE,
)


@frozen(kw_only=True)
class Baselined:
    """What was recorded, by the ledger of the folder or, with `adopted`, as Drizzle's ledger has it."""

    title: str
    recorded: tuple[str, ...]
    kept: int  # migrations that were recorded before
    pending: tuple[str, ...]
    adopted: str | None = None
    findings: tuple[Diagnostic, ...] = ()


async def baseline(place: Place, to: str | None = None) -> Baselined:
    """Records what is not recorded yet: all, or all up to `to`.

    With neither `to` nor anything in the ledger of ours, a ledger of Drizzle's that is there is taken over:
    what it proves applied is recorded, and the rest stays pending.
    """
    found = migrations(place.folder)
    wanted = upto(found.migrations, to)
    own = (place.ledger or place.config.ledger) == "pgkit"
    drizzle = drizzle_ledger(place.config, found)
    ledger: OwnLedger | DrizzleLedger = own_ledger(place.config) if own else drizzle
    async with locked(place, ledger) as session:
        before = await standings(session, ledger, found)
        _check(before)
        adopted = await _adopted(session, drizzle, found) if own and to is None and before.empty else None
        if adopted:
            wanted = tuple(line.migration for line in adopted.lines if _is_proven(line) and line.migration)
        recorded = await _record(session, ledger, found, wanted)
        after = await standings(session, ledger, found)
    return Baselined(
        title=ledger.title,
        recorded=recorded,
        kept=sum(not line.pending for line in before.lines),
        pending=tuple(line.tag for line in after.lines if line.pending),
        adopted=adopted.title if adopted else None,
        findings=(*found.findings, *(_told(adopted) if adopted else ())),
    )


def _check(found: Standings) -> None:
    """Raises for rows that say something else than the files."""
    lines = tuple(line for line in found.lines if line.standing in _CONTRADICT)
    wrong = disagreements(Standings(title=found.title, exists=found.exists, lines=lines))
    if wrong:
        raise PgkitError(wrong)


def _is_proven(line: Line) -> bool:
    return line.standing in _PROVEN


async def _adopted(session: Session, drizzle: DrizzleLedger, found: Found) -> Standings | None:
    """What Drizzle's ledger says, if it says anything."""
    said = await standings(session, drizzle, found)
    running = [line.tag for line in said.lines if line.standing is Standing.RUNNING]
    if running:
        help = "`pgkit migrate up --ledger drizzle` goes on where it stopped"
        raise fail("half-applied", f"{running[0]} is half applied", where=said.title, help=help)
    return None if said.empty else said


async def _record(
    session: Session, ledger: OwnLedger | DrizzleLedger, found: Found, wanted: Sequence[Migration]
) -> tuple[str, ...]:
    await ledger.prepare(session)
    async with writing(session, ledger):
        # Read again now that nobody else can write, drizzle-kit knows no lock of ours
        now = await standings(session, ledger, found)
        _check(now)
        pending = {line.tag for line in now.lines if line.pending}
        recorded = [migration for migration in wanted if migration.tag in pending]
        for migration in recorded:
            await ledger.finish(session, migration)
    return tuple(migration.tag for migration in recorded)


def _told(adopted: Standings) -> tuple[Diagnostic, ...]:
    """What was decided about those of which Drizzle's ledger does not say plainly that they are applied."""
    decided = {
        Standing.EDITED: ("recorded as the file is now", "its file was changed after it was applied"),
        Standing.RENAMED: ("recorded under its new name", "it was renamed after it was applied"),
        Standing.RESTAMPED: ("recorded", "its `when` was changed after it was applied"),
        Standing.NO_FILE: ("left out", "there is no file of it"),
        Standing.SKIPPED: ("left pending", "drizzle-kit has skipped it"),
        Standing.BEFORE_APPLIED: ("left pending", "Drizzle's ledger has no row of it"),
    }
    return tuple(
        Diagnostic(
            "adopted",
            f"{line.tag} is {decided[line.standing][0]}: {decided[line.standing][1]}",
            help=_ADVICE.get(line.standing),
            severity=Severity.WARNING,
            where=adopted.title,
        )
        for line in adopted.lines
        if line.standing in decided
    )


_ADVICE: Final = {
    Standing.SKIPPED: "`pgkit migrate up --out-of-order` applies it",
    Standing.BEFORE_APPLIED: "`pgkit migrate up --out-of-order` applies it",
    Standing.EDITED: "see that the database is as the file says: `pgkit drift`",
}
