"""Sequences, alone or of an identity, whose bounds close in."""

from collections.abc import Iterator

from pgkit.ir.change import Alter, Change
from pgkit.ir.names import Ref, object_name
from pgkit.ir.plan import Hazard, HazardCode
from pgkit.ir.relations import Column, Sequence, SequenceOptions
from pgkit.passes.plan.hazards import queries
from pgkit.passes.plan.hazards.ground import Ground
from pgkit.passes.plan.hazards.words import may_fail
from pgkit.sql import Sql


def bounded(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """A sequence that is past its new bound stops the plan; one with no number left in them starts anew."""
    match change:
        case Alter(ref, Sequence() as old, Sequence() as new) if ref in ground.before:
            yield from _bounded(ref, ground.called(ref), old.options, new.options)
        case Alter(ref, Column() as old, Column() as new) if old.identity and new.identity:
            first = ground.called(ref)
            yield from _bounded(ref, _sequence(first, old), old.identity.options, new.identity.options)


def _sequence(column: Ref, old: Column) -> Ref:
    """The sequence of an identity column, in the schema of its table."""
    named = old.identity.sequence if old.identity else None
    name = named.name if named else object_name(column.name, column.member, "seq")
    return Ref("sequence", column.schema, name)


def _bounded(ref: Ref, first: Ref, old: SequenceOptions, new: SequenceOptions) -> Iterator[Hazard]:
    if old.max_value < new.min_value or new.max_value < old.min_value:
        yield Hazard(HazardCode.CHANGES_MEANING, f"{ref} starts anew at {new.start}")
    elif new.increment > 0 and new.max_value < old.max_value:
        yield _past(ref, first, f"last_value > {new.max_value}", new.max_value, _used(old, new))
    elif new.increment < 0 and new.min_value > old.min_value:
        yield _past(ref, first, f"last_value < {new.min_value}", new.min_value, _used(old, new))


def _used(old: SequenceOptions, new: SequenceOptions) -> str:
    """A sequence that was never used is moved to its new start, if its old one is not within the bounds."""
    return "" if new.min_value <= old.start <= new.max_value else " AND is_called"


def _past(ref: Ref, first: Ref, test: str, bound: int, used: str) -> Hazard:
    return may_fail(f"if {ref} is past {bound}", queries.rows(first, Sql(f"{test}{used}")))
