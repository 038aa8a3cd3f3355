"""Differences: the changes from what is expected to what is there, as findings with both sides as text."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from attrs import frozen

from pgkit.ir.change import Alter, Change, Create, Drop, differing
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, members_of
from pgkit.jobs.describe import definition, describe_field, whole


class Class(StrEnum):
    """On which side something is missing, or that it differs."""

    MISSING = "missing"  # expected, and not in the database
    EXTRA = "extra"  # in the database, and not expected
    DIFFERENT = "different"


@frozen
class Difference:
    """One disagreement, with both sides as text.

    `mend` is the SQL that makes the database what is expected; where there is none, a comment says why.
    """

    class_: Class
    kind: str
    ref: Ref
    field: str | None
    expected: str | None
    actual: str | None
    mend: str = ""


def differences(changes: Iterable[Change]) -> Iterator[Difference]:
    """One for each object that is on one side only, and one for each field that differs."""
    changes = tuple(changes)
    dropped = {c.ref: c.old for c in changes if isinstance(c, Drop)}
    created = {c.ref for c in changes if isinstance(c, Create)}
    for change in changes:
        match change:
            case Drop(ref, old) if ref not in created:
                yield _one_sided(Class.MISSING, ref, old)
            case Create(ref, new) if ref in dropped:
                yield from _fields(ref, dropped[ref], new)
                yield from _members(ref, dropped[ref], new)
            case Create(ref, new):
                yield _one_sided(Class.EXTRA, ref, new)
            case Alter(ref, old, new):
                yield from _fields(ref, old, new)


def _one_sided(class_: Class, ref: Ref, obj: Declared) -> Difference:
    text = definition(ref, obj)
    expected, actual = (text, None) if class_ is Class.MISSING else (None, text)
    return Difference(class_, ref.kind, ref, None, expected, actual)


def _fields(ref: Ref, old: Declared, new: Declared) -> Iterator[Difference]:
    if isinstance(old, Unmodelled) and isinstance(new, Unmodelled):
        yield Difference(Class.DIFFERENT, ref.kind, ref, "definition", whole(old), whole(new))
        return
    for field in differing(old, new):
        expected = describe_field(field, getattr(old, field))
        actual = describe_field(field, getattr(new, field))
        yield Difference(Class.DIFFERENT, ref.kind, ref, field, expected, actual)


def _members(ref: Ref, old: Declared, new: Declared) -> Iterator[Difference]:
    """Those of an object that the differ makes anew as a whole."""
    before, after = dict(members_of(old, ref)), dict(members_of(new, ref))
    yield from (_one_sided(Class.MISSING, r, m) for r, m in before.items() if r not in after)
    for member, obj in after.items():
        if member not in before:
            yield _one_sided(Class.EXTRA, member, obj)
        elif before[member] != obj:
            yield from _fields(member, before[member], obj)
