"""Mends: the statements that make a database what is expected of it, each with the difference that it ends.

They are the steps of one plan from the database to what is expected. A step that no difference is about, as
a view that must make way for the column under it, goes with the difference that it leads to.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
from attrs import frozen

from pgkit.backends.ddl import emit
from pgkit.backends.ddl.script import COMMIT
from pgkit.diag import PgkitError
from pgkit.grammar.definitions import doable
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Change, Create
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.plan import HazardCode, Plan, Step
from pgkit.ir.walk import Declared, index, map_members, members_of, refs_in
from pgkit.jobs.differences import Class, Difference
from pgkit.jobs.sides import Names, named_alike
from pgkit.passes.align_facts import renames
from pgkit.passes.apply import apply
from pgkit.passes.diff import diff
from pgkit.passes.plan import plan
from pgkit.passes.plan.mentions import mentioned_by
from pgkit.passes.slots import slots

LATEST: Final = 18
_WITH_OTHERS: Final = "-- it comes or goes with what else differs"
_UNKNOWN: Final = "-- its definition is not known, only its hash: compare with the source of the snapshot"
_BY_HAND: Final = {
    Class.MISSING: "-- no statement makes it: make it by hand",
    Class.EXTRA: "-- no statement unmakes it: take it away by hand",
    Class.DIFFERENT: "-- no statement changes it: change it by hand",
}


@frozen
class Mended:
    """The differences with what mends each, and the plan that mends all of them, if there is one."""

    differences: tuple[Difference, ...]
    plan: Plan | None = None


def mended(
    expected: Catalog,
    actual: Catalog,
    found: Sequence[Difference],
    names: Names,
    comments: Mapping[Ref, str] | None = None,
) -> Mended:
    """The differences of `found` with their mends; others between the two catalogs stay as they are.

    `comments` are those in the database that both catalogs are without: nothing made anew loses its own.
    """
    aim = _aim(expected, actual, found, names)
    before, after = (_commented(c, comments or {}) for c in (actual, aim.target))
    try:
        steps = plan(before, after, Hints(), actual.postgres or LATEST)
    except PgkitError as error:
        reason = error.diagnostics[0]
        text = f"-- no plan leads there: {reason.message}" + (f"; {reason.help}" if reason.help else "")
        return Mended(tuple(attrs.evolve(d, mend=text.replace("\n", "\n-- ")) for d in found))
    shares = _Shares(aim, before, after, found).all(steps)
    return Mended(tuple(attrs.evolve(d, mend=_text(d, aim, shares)) for d in found), steps)


@frozen
class _Aim:
    """What the database should become, and the changes that lead there, in the names that it has now."""

    target: Catalog
    changes: Mapping[Ref, Change]
    names: Mapping[Ref, Ref]  # in the database, by those in the differences
    clashes: frozenset[Ref]

    def ref(self, difference: Difference) -> Ref:
        """What the database calls that which differs."""
        return self.names.get(difference.ref, difference.ref)


def _aim(expected: Catalog, actual: Catalog, found: Sequence[Difference], names: Names) -> _Aim:
    old, new = named_alike(actual, expected, names)
    own = _own_names(expected, actual, names)
    wanted = {own.get(d.ref, d.ref) for d in found}
    wanted |= {ref.owner for ref in wanted if ref.owner is not None}  # made anew with all its members
    changes = [c for c in diff(old, new, version=actual.postgres or LATEST) if c.ref in wanted]
    # A sequence that goes over to another table does not go with its first
    changes.sort(key=lambda c: not isinstance(c, Alter))
    target = apply(actual, changes)
    clashes = frozenset(_clashing(target, changes))
    if clashes:
        changes = [c for c in changes if c.ref not in clashes]
        target = apply(actual, changes)
    return _Aim(target, {c.ref: c for c in changes}, own, clashes)


def _own_names(expected: Catalog, actual: Catalog, names: Names) -> Mapping[Ref, Ref]:
    """What the database calls that which goes by a name of what is expected in the differences."""
    if names == "strict":
        return {}
    if names == "ignore":
        from pgkit.passes.any_names import without_names

        return {to: own for own, to in without_names(expected, actual).renames}
    return {to: own for own, to in renames(actual, named_alike(expected, actual, names)[1])}


def _clashing(target: Catalog, changes: Iterable[Change]) -> Iterator[Ref]:
    """What cannot be made, since its name is that of something that stays."""
    taken = Counter(slot for ref, obj in members_of(target) for slot in slots(ref, obj))
    for change in changes:
        if isinstance(change, Create) and any(taken[s] > 1 for s in slots(change.ref, change.new)):
            yield change.ref


def _commented(catalog: Catalog, comments: Mapping[Ref, str]) -> Catalog:
    def said(ref: Ref, obj: Any) -> Any:
        obj = map_members(obj, said, ref)
        return attrs.evolve(obj, comment=comments[ref]) if ref in comments else obj

    return map_members(catalog, said) if comments else catalog


class _Shares:
    """Which steps of a plan go with which difference."""

    def __init__(self, aim: _Aim, before: Catalog, after: Catalog, found: Sequence[Difference]) -> None:
        self.objects: dict[Ref, list[Declared]] = {}
        for catalog in (before, after):
            for ref, obj in index(catalog).items():
                self.objects.setdefault(ref, []).append(obj)
        self.wanted = {aim.ref(d): None for d in found}

    def all(self, steps: Plan) -> Mapping[Ref, list[Step]]:
        """The steps by what the database calls that which differs."""
        shares: dict[Ref, list[Step]] = {ref: [] for ref in self.wanted}
        for step in steps.steps:
            shares[self._cause(step.change.ref)].append(step)
        return shares

    def _cause(self, ref: Ref) -> Ref:
        """The nearest that differs, on the way along what this mentions."""
        seen, waiting = {ref}, [ref]
        while waiting:
            now = waiting.pop(0)
            if now in self.wanted:
                return now
            for other in self._mentioned(now):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return next(iter(self.wanted))

    def _mentioned(self, ref: Ref) -> Iterator[Ref]:
        if ref.owner is not None:
            yield ref.owner
        for obj in self.objects.get(ref, ()):
            yield from mentioned_by(obj) if isinstance(obj, Unmodelled) else refs_in(obj)


def _text(difference: Difference, aim: _Aim, shares: Mapping[Ref, list[Step]]) -> str:
    ref = aim.ref(difference)
    if ref in aim.clashes:
        return "-- its name is that of something else by now: give it another by hand"
    steps = shares[ref]
    lines = list(_of_field(difference, steps) or (line for step in steps for line in _lines(step)))
    if lines:
        return "\n".join(lines)
    change = aim.changes.get(ref)
    if change is None or doable(change):
        return _WITH_OTHERS
    wanted = change.new if isinstance(change, Create | Alter) else None
    if isinstance(wanted, Unmodelled) and wanted.definition is None:
        return _UNKNOWN
    return _BY_HAND[difference.class_]


def _of_field(difference: Difference, steps: Sequence[Step]) -> list[str] | None:
    """What one field of several takes, where an object is altered in one step."""
    change = steps[0].change if len(steps) == 1 else None
    if difference.field is None or not isinstance(change, Alter):
        return None
    if len(change.fields) < 2 or difference.field not in change.fields:
        return None
    value: Any = {difference.field: getattr(change.new, difference.field)}
    part = attrs.evolve(change, new=attrs.evolve(change.old, **value))
    own, whole = _statements(part), _statements(change)
    return own if own and set(own) <= set(whole) else None


def _lines(step: Step) -> Iterator[str]:
    statements = _statements(step.change)
    if statements and step.commit_before:
        yield COMMIT
    for hazard in step.hazards if statements else ():
        if hazard.code is HazardCode.DELETES_DATA:
            first = hazard.message.partition("\n")[0]
            yield f"-- hazard {hazard.code}: {first}"
    yield from statements


def _statements(change: Change) -> list[str]:
    return [f"{statement.sql};" for statement in emit((change,))]
