"""What to say where a ledger and the files disagree, and what to do about it."""

from collections.abc import Callable
from typing import Final

from pgkit.diag import Diagnostic
from pgkit.jobs.migrate.standings import Line, Standings
from pgkit.runtime.migrate.standing import Standing

_ACCEPTS: Final = "`pgkit migrate verify --repair` accepts"


def disagreements(found: Standings) -> tuple[Diagnostic, ...]:
    """One finding for each migration, or row, that is not as it should be."""
    return tuple(_SAID[line.standing](line, found.title) for line in found.wrong)


def _edited(line: Line, title: str) -> Diagnostic:
    help = f"put the file back and write another migration; {_ACCEPTS} the edit, and runs nothing of it"
    return _said("edited", f"{line.tag} is applied, and its file was changed since", help, line, title)


def _renamed(line: Line, title: str) -> Diagnostic:
    help = f"give it back its old name; {_ACCEPTS} the new one"
    return _said("renamed", f"{line.tag} is {line.detail}", help, line, title)


def _restamped(line: Line, title: str) -> Diagnostic:
    help = f"put its `when` in the journal back as it was; {_ACCEPTS} the new one"
    return _said("restamped", f"{line.tag} is {line.detail}", help, line, title)


def _unnamed(line: Line, title: str) -> Diagnostic:
    message = f"{line.tag} is applied, and drizzle-kit 1.0 would run it again: its row has no name"
    return _said("unnamed", message, "`pgkit migrate verify --repair` gives it one", line, title)


def _running(line: Line, title: str) -> Diagnostic:
    help = "`pgkit migrate up` goes on where it stopped"
    return _said("half-applied", f"{line.tag} is half applied: {line.detail}", help, line, title)


def _overtaken(line: Line, title: str) -> Diagnostic:
    help = (
        "give it a place after the others, or apply it with `pgkit migrate up --out-of-order`; "
        f"`pgkit migrate baseline --to {line.tag}` records it without running it"
    )
    return _said("out-of-order", f"{line.tag} is not applied, and {line.detail}", help, line, title)


def _skipped(line: Line, title: str) -> Diagnostic:
    help = "`pgkit migrate up --ledger drizzle --out-of-order` applies it; or give it a later `when`"
    message = f"{line.tag} is not applied, and drizzle-kit never will: {line.detail}"
    return _said("skipped", message, help, line, title)


def _vanished(line: Line, title: str) -> Diagnostic:
    help = "restore it; `pgkit migrate verify --repair` has the ledger forget it"
    return _said("vanished", f"{line.tag} is applied, and there is no file of it", help, line, title)


_SAID: Final[dict[Standing, Callable[[Line, str], Diagnostic]]] = {
    Standing.EDITED: _edited,
    Standing.RENAMED: _renamed,
    Standing.RESTAMPED: _restamped,
    Standing.UNNAMED: _unnamed,
    Standing.RUNNING: _running,
    Standing.BEFORE_APPLIED: _overtaken,
    Standing.SKIPPED: _skipped,
    Standing.NO_FILE: _vanished,
}


def _said(code: str, message: str, help: str, line: Line, title: str) -> Diagnostic:
    where = line.migration.source.name if line.migration else title
    return Diagnostic(code, message, help=help, where=where)
