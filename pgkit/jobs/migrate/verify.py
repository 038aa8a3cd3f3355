"""`migrate verify`: the ledger against the files; and `--repair`, which has the ledger say what they say."""

from collections.abc import AsyncIterator, Iterator
from typing import Final

from attrs import frozen

from pgkit.diag import Diagnostic
from pgkit.jobs.migrate.disagreements import disagreements
from pgkit.jobs.migrate.files import migrations
from pgkit.jobs.migrate.ledgers import Place, drizzle_ledger, own_ledger
from pgkit.jobs.migrate.locked import locked, writing
from pgkit.jobs.migrate.standings import Line, Standings, standings
from pgkit.jobs.migrate.status import status
from pgkit.runtime.migrate import own_repair
from pgkit.runtime.migrate.drizzle_ledger import DrizzleLedger
from pgkit.runtime.migrate.own_ledger import OwnLedger
from pgkit.runtime.migrate.session import Session
from pgkit.runtime.migrate.standing import Standing

_MENDED: Final = {
    Standing.EDITED: "the checksum is now that of the file; nothing of the edit was run",
    Standing.RENAMED: "the row has the new name",
    Standing.RESTAMPED: "the row has the time by which Drizzle knows the file",
    Standing.UNNAMED: "the row has the name by which Drizzle knows the file",
    Standing.NO_FILE: "the row is dropped; what the file had made is still there",
}


@frozen
class Repair:
    """A line of the ledger that was changed, and how."""

    tag: str
    was: Standing
    done: str


@frozen(kw_only=True)
class Verified:
    """What ledger and files disagree in (after the repairs, if any), and what was repaired."""

    standings: Standings
    wrong: tuple[Diagnostic, ...]
    repairs: tuple[Repair, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


async def verify(place: Place) -> Verified:
    """Compares the ledger that `migrate up` goes by with the files. Writes nothing."""
    said = await status(place)
    found = said.ledgers[said.chosen]
    return Verified(standings=found, wrong=disagreements(found), findings=said.findings)


async def repair(place: Place) -> Verified:
    """Accepts the files as they are, runs none of them, and compares again."""
    said = await status(place)
    found = migrations(place.folder)
    own = said.chosen == "pgkit"
    ledger = own_ledger(place.config) if own else drizzle_ledger(place.config, found)
    repairs: list[Repair] = []
    async with locked(place, ledger) as session:
        before = await standings(session, ledger, found)
        if any(_repairable(before)):
            async with writing(session, ledger):
                before = await standings(session, ledger, found)
                repairs += [one async for one in _repaired(session, ledger, before)]
        after = await standings(session, ledger, found)
    return Verified(
        standings=after, wrong=disagreements(after), repairs=tuple(repairs), findings=found.findings
    )


def _repairable(found: Standings) -> Iterator[Line]:
    return (line for line in found.wrong if line.standing in _MENDED)


async def _repaired(
    session: Session, ledger: OwnLedger | DrizzleLedger, found: Standings
) -> AsyncIterator[Repair]:
    for line in _repairable(found):
        if isinstance(ledger, OwnLedger):
            await _mend_own(session, ledger, line)
        else:
            await _mend_drizzle(session, ledger, line)
        yield Repair(line.tag, line.standing, _MENDED[line.standing])


async def _mend_own(session: Session, ledger: OwnLedger, line: Line) -> None:
    tag = line.entry.tag if line.entry else line.tag
    if line.migration is None:
        await own_repair.remove(session, ledger, tag)
    else:
        await own_repair.correct(session, ledger, tag, line.migration)


async def _mend_drizzle(session: Session, ledger: DrizzleLedger, line: Line) -> None:
    if line.row is None:
        await ledger.forget(session, line.tag)
    elif line.migration is None:
        await ledger.remove(session, line.row)
    else:
        await ledger.correct(session, line.row, line.migration)
