"""Changes after which the same statement sees or does something else, though nothing is lost."""

from collections.abc import Iterator
from typing import Final

from pgkit.ir.change import Alter, Change, Create, Drop
from pgkit.ir.constraints import Policy
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard, HazardCode
from pgkit.ir.relations import Table
from pgkit.passes.plan.hazards.ground import Ground

_COMMANDS: Final = {"all": "seen and written", "select": "seen"}


def row_security(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """Row-level security on or off: rows that nobody's policy lets through are hidden, or no longer."""
    match change:
        case Alter(ref, Table() as old, Table() as new) if ground.has_rows(ref):
            if old.row_security != new.row_security:
                yield _changes(_security(ref, new.row_security))
            elif old.force_row_security != new.force_row_security:
                rule = "applies" if new.force_row_security else "no longer applies"
                yield _changes(f"row-level security {rule} to the owner of {ref}")


def _security(ref: Ref, on: bool) -> str:
    if on:
        return f"hides the rows of {ref} that no policy lets through"
    return f"shows the rows of {ref} that policies hid"


def policy(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """A policy that comes, goes or says something else, on a table where policies count."""
    match change:
        case Create(ref, Policy() as new) if _counts(ref, ground):
            if ref not in ground.dropped:
                yield _changes(_comes(ref, new, more=new.permissive))
            elif ground.first(ground.before[ref]) != ground.first(new):
                yield _changes(_other(ref))
        case Drop(ref, Policy() as old) if _counts(ref, ground) and ref not in ground.created:
            yield _changes(_comes(ref, old, more=not old.permissive))
        case Alter(ref, Policy() as old, Policy() as new) if _counts(ref, ground):
            if (old.roles, old.using, old.check) != (new.roles, new.using, new.check):
                yield _changes(_other(ref))


def _counts(ref: Ref, ground: Ground) -> bool:
    """Whether the table was there, and has row-level security before and after: else that is what changes."""
    old, new = ground.table(ref.owner), ground.after.get(ref.owner or ref)
    there = ground.has_rows(ref.owner) and isinstance(new, Table)
    return there and old is not None and old.row_security and isinstance(new, Table) and new.row_security


def _comes(ref: Ref, policy: Policy, *, more: bool) -> str:
    may = _COMMANDS.get(policy.command, "written")
    return f"{'more' if more else 'fewer'} rows of {ref.owner} may be {may}"


def _other(ref: Ref) -> str:
    return f"other rows of {ref.owner} pass {ref.member}"


def block(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """A `sql` block whose text changed is run again, on top of what it did before."""
    match change:
        case Alter(ref, Unmodelled(kind="sql")) | Create(Ref(kind="sql") as ref) if ref in ground.before:
            yield _changes(f"runs the changed text of {ref.name} over what the old one left")


def _changes(message: str) -> Hazard:
    return Hazard(HazardCode.CHANGES_MEANING, message)
