"""Objects that a change breaks, and that the plan says nothing about."""

from collections.abc import Iterator
from typing import Final

from pgkit.ir.change import Alter, Change, Drop, Rename
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard, HazardCode
from pgkit.ir.relations import Column
from pgkit.ir.walk import members_of
from pgkit.passes.belongings import goes_with
from pgkit.passes.plan.hazards.ground import Ground
from pgkit.passes.plan.hazards.words import listed
from pgkit.sql.objects import object_name

_SHOWN: Final = 3
_USES_VALUES: Final = frozenset(("function", "procedure", "trigger", "rule"))
# Postgres lets these go, or shrinks them, with what they are about.
_LETS_GO: Final = frozenset(("statistics", "publication", "sql"))


def touched(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """What mentions an object that goes, is called otherwise or changes its type, and stays itself."""
    found = [ref for ref in _mentioning(change, ground) if not _follows(change, ref, ground)]
    if found:
        names = [str(_name(ref, ground)) for ref in dict.fromkeys(found)]
        more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
        message = f"{listed([*names[:_SHOWN], *more])} may still say {_old(change)}"
        yield Hazard(HazardCode.TOUCHES_UNMODELLED, message)


def _old(change: Change) -> str:
    return f"{change.ref.member or change.ref}"


def _mentioning(change: Change, ground: Ground) -> Iterator[Ref]:
    match change:
        case Drop(ref, old):
            for gone in (ref, *(r for r, _ in members_of(old, ref))):
                yield from ground.mentions.of(gone)
            yield from ground.texts_with(ref)
        case Rename(ref, _):
            yield from ground.texts_with(ref)
        case Alter(ref, Column() as old, Column() as new) if old.type != new.type:
            yield from (r for r in ground.mentions.of(ref) if r.kind in _USES_VALUES)


def _follows(change: Change, ref: Ref, ground: Ground) -> bool:
    """Whether an object is one that pgkit models, or that the plan changes or takes along."""
    obj = ground.before[ref]
    if not isinstance(obj, Unmodelled) or ref in ground.changed or ref.kind in _LETS_GO:
        return True
    return isinstance(change, Drop) and goes_with(change.ref, obj)


def _name(ref: Ref, ground: Ground) -> str:
    obj = ground.before[ref]
    assert isinstance(obj, Unmodelled)
    name = object_name(obj.kind, obj.schema, obj.name, obj.member)
    return f"{obj.kind.replace('_', ' ')} {ref}" if name is None else _lowered(obj.kind, name.text)


def _lowered(kind: str, name: str) -> str:
    """`function app.f(integer)`: the kind as Postgres's documents write it in a sentence."""
    words = kind.count("_") + 1
    return " ".join((kind.replace("_", " "), *name.split(" ")[words:]))
