"""A dry run: the pending files one after the other in one transaction, which is rolled back."""

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from pgkit.diag import fail
from pgkit.runtime.connect import SqlError
from pgkit.runtime.migrate.events import Point
from pgkit.runtime.migrate.failures import SqlFailed
from pgkit.runtime.migrate.migration import Migration
from pgkit.runtime.migrate.session import FORGET
from pgkit.runtime.migrate.work import Work

# What fails only because the files before are not committed: a new label, a trigger that is still to fire
_UNCOMMITTED: Final = frozenset(("55P04", "55006"))
_AFTER: Final = "it was a dry run: nothing is changed"


@frozen
class Untried:
    """A file that a dry run cannot run, and why."""

    tag: str
    why: str


@frozen
class Trial:
    """What a dry run has run, and what it could not."""

    tried: tuple[str, ...] = ()
    untried: tuple[Untried, ...] = ()


async def trial(work: Work, pending: Sequence[Migration]) -> Trial:
    """Runs the files up to the first that cannot be taken back. Raises with what Postgres has against one."""
    session = work.session
    tried: list[str] = []
    await session.execute("BEGIN")
    try:
        for migration in pending:
            why = migration.apart or await _try(work, migration, bool(tried))
            if why is not None:
                return Trial(tuple(tried), _untried(pending[len(tried) :], why))
            tried.append(migration.tag)
        await _check_deferred(work)
        return Trial(tuple(tried))
    finally:
        if not session.is_closed():
            await session.rollback()


async def _try(work: Work, migration: Migration, follows: bool) -> str | None:
    """Runs a file; says why it cannot be tried, if that is no fault of its own."""
    work.teller.at(migration)
    work.teller.tell(Point.BEGUN)
    try:
        for number in range(len(migration.statements)):
            await work.run(migration, number, _AFTER)
    except SqlFailed as failure:
        if follows and failure.sqlstate in _UNCOMMITTED:
            return "it needs what the files before it commit"
        raise
    await work.session.execute(FORGET)
    return None


async def _check_deferred(work: Work) -> None:
    """Checks what a COMMIT would."""
    work.teller.at(None)
    try:
        await work.session.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except SqlError as error:
        help = "; ".join(text for text in (error.detail, error.hint, _AFTER) if text)
        raise fail("sql-failed", f"cannot commit: {error}", help=help, exit_code=4) from None


def _untried(left: Sequence[Migration], why: str) -> tuple[Untried, ...]:
    first, *others = left
    return (Untried(first.tag, why), *(Untried(m.tag, f"it stands after {first.tag}") for m in others))
