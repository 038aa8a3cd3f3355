"""Likely renames, which are never assumed: something dropped and something made that look like one thing.

drop column users.mail text, create column users.email text   =>   perhaps users.mail -> users.email
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from attrs import frozen

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import differing
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Enum, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.walk import Declared, members_of, ref_of
from pgkit.passes.renames import renamed
from pgkit.passes.renames.names import new_names
from pgkit.passes.renames.resolve import declared

_MOST_PAIRS: Final = 10_000  # more than a person would rename; comparing them all takes seconds
_ALIKE: Final = 0.6  # of two names
_CLOSE: Final = 0.3  # two candidates that differ by no more are as likely as each other


@frozen
class Suggestion:
    """A rename that is likely: its ends as in a hint, and why.

    `others` are what the old one could be now as well, `rivals` what the new one could have been.
    """

    old: Ref
    new: Ref
    reason: str
    others: tuple[Ref, ...] = ()
    rivals: tuple[Ref, ...] = ()


@frozen
class _Likeness:
    score: float
    reason: str


_Found = tuple[Ref, Ref, _Likeness]


def suggest(before: Catalog, after: Catalog, hints: Hints = Hints()) -> tuple[Suggestion, ...]:
    """The likely renames beyond the hints, in the order of `before`; those inside a schema come after it."""
    if before == after:
        return ()
    names = new_names(before, hints)
    was = {names.of(ref): ref for ref in declared(before)}
    found = list(_in(renamed(before, hints), after, None))
    schemas = {(old.name, new.name) for old, new, _ in found if old.kind == "schema"}
    pairs = [p for p in found if (p[0].schema, p[1].schema) not in schemas]
    return tuple(_suggestion(pair, pairs, was) for pair in _best(pairs))


def _best(pairs: Sequence[_Found]) -> Iterator[_Found]:
    """The likeliest for each, in the order in which they were found."""
    chosen: set[Ref] = set()
    taken: set[tuple[Ref, Ref]] = set()
    for old, new, _ in sorted(pairs, key=lambda p: (-p[2].score, p[0], p[1])):
        if old not in chosen and new not in chosen:
            chosen |= {old, new}
            taken.add((old, new))
    yield from (p for p in pairs if p[:2] in taken)


def _suggestion(pair: _Found, pairs: Iterable[_Found], was: Mapping[Ref, Ref]) -> Suggestion:
    old, new, likeness = pair
    close = [p for p in pairs if p[2].score >= likeness.score - _CLOSE and p != pair]
    others = tuple(n for o, n, _ in close if o == old)
    rivals = tuple(was.get(o, o) for o, n, _ in close if n == new)
    return Suggestion(was.get(old, old), new, likeness.reason, others, rivals)


def _in(before: Catalog | Declared, after: Catalog | Declared, owner: Ref | None) -> Iterator[_Found]:
    """The likely pairs among the members of one owner, and inside those that are on both sides."""
    old, new = dict(members_of(before, owner)), dict(members_of(after, owner))
    gone = [r for r in old if r not in new and not isinstance(old[r], Unmodelled)]
    made = [r for r in new if r not in old and not isinstance(new[r], Unmodelled)]
    for kind in dict.fromkeys(r.kind for r in gone if r.kind != "multirange"):  # it goes with its range
        both = [r for r in gone if r.kind == kind], [r for r in made if r.kind == kind]
        if len(both[0]) * len(both[1]) <= _MOST_PAIRS:
            yield from _pairs(both, _likeness(kind, before, after, old, new))
    for ref, obj in old.items():
        if ref in new and obj != new[ref]:
            yield from _labels(ref, obj, new[ref])
            yield from _in(obj, new[ref], ref)


_Compare = Callable[[Ref, Ref], _Likeness | None]
_Objects = Mapping[Ref, Declared]


def _pairs(both: tuple[list[Ref], list[Ref]], compare: _Compare) -> Iterator[_Found]:
    for old in both[0]:
        for new in both[1]:
            if (likeness := compare(old, new)) is not None:
                yield old, new, likeness


def _likeness(kind: str, before: Any, after: Any, old: _Objects, new: _Objects) -> _Compare:
    """How two objects of a kind are compared."""
    match kind:
        case "schema":
            return lambda a, b: _schemas(_names(old, a.name), _names(new, b.name))
        case "table":
            return lambda a, b: _tables(a, b, old[a], new[b])
        case "column" | "attribute":
            field = "columns" if kind == "column" else "attributes"
            places = (
                _neighbours(getattr(before, field), getattr(after, field)),
                _neighbours(getattr(after, field), getattr(before, field)),
            )
            return lambda a, b: _columns(a, b, old[a], new[b], places)
        case _:
            return lambda a, b: _same(a, b, old[a], new[b])


def _names(objects: _Objects, schema: str) -> set[tuple[str, str]]:
    return {(r.kind, r.name) for r in objects if r.schema == schema}


def _schemas(old: set[tuple[str, str]], new: set[tuple[str, str]]) -> _Likeness | None:
    common, most = len(old & new), max(len(old), len(new))
    if not common or common * 2 < most:
        return None
    return _Likeness(common / most, f"{_of(common, most)} objects in it have the same name")


def _tables(a: Ref, b: Ref, old: Declared, new: Declared) -> _Likeness | None:
    assert isinstance(old, Table)
    assert isinstance(new, Table)
    mine, theirs = ({(c.name, c.type) for c in t.columns} for t in (old, new))
    common, most = len(mine & theirs), max(len(mine), len(theirs))
    alike = _alike(a, b)
    if common * 2 < most or not common or (common == 1 and alike < _ALIKE):
        return None
    return _Likeness(common / most + alike / 4, f"{_of(common, most)} columns are the same")


def _columns(
    a: Ref, b: Ref, old: Any, new: Any, places: tuple[Mapping[str, str], Mapping[str, str]]
) -> _Likeness | None:
    alike = _alike(a, b)
    in_place = places[0][a.member] == places[1][b.member]
    if old.type != new.type or not (in_place or alike >= _ALIKE):
        return None
    reasons = ["the type is the same"]
    reasons += ["so is the place"] * in_place + ["the names are alike"] * (alike >= _ALIKE)
    same = isinstance(old, Column) and differing(old, new) == ()
    return _Likeness(alike + in_place / 4 + same / 4, _listed(reasons))


def _same(a: Ref, b: Ref, old: Declared, new: Declared) -> _Likeness | None:
    """Objects of one definition, but for their names and what belongs to them."""
    if isinstance(old, Enum) and isinstance(new, Enum):
        return _enums(a, b, old, new)
    if differing(old, new) or _inside(old) != _inside(new):
        return None
    return _Likeness(1 + _alike(a, b) / 4, "the definition is the same")


def _enums(a: Ref, b: Ref, old: Enum, new: Enum) -> _Likeness | None:
    common, most = len(set(old.labels) & set(new.labels)), max(len(old.labels), len(new.labels))
    if not common or common * 2 < most:
        return None
    return _Likeness(common / most + _alike(a, b) / 4, f"{_of(common, most)} labels are the same")


def _inside(obj: Declared) -> list[tuple[str, str, Any]]:
    """What belongs to an object, as far as it can be compared with that of another."""
    return [
        (m.kind, m.name, getattr(m, "type", None))
        for r, m in members_of(obj, ref_of(obj))
        if r.kind != "multirange"
    ]


def _labels(ref: Ref, old: Declared, new: Declared) -> Iterator[_Found]:
    """Labels that give way to others in the same place."""
    if not isinstance(old, Enum) or not isinstance(new, Enum):
        return
    before, after = _places(old.labels, new.labels), _places(new.labels, old.labels)
    for label, place in before.items():
        for other, there in after.items():
            if place == there and label and other and label not in new.labels and other not in old.labels:
                likeness = _Likeness(_ratio(label, other), "the place in the order is the same")
                yield ref.of("enum_value", label), ref.of("enum_value", other), likeness


def _neighbours(columns: Sequence[Any], others: Sequence[Any]) -> Mapping[str, str]:
    return _places([c.name for c in columns], [c.name for c in others])


def _places(names: Sequence[str], others: Sequence[str]) -> dict[str, str]:
    """Each name's place: the last name before it that is on both sides, and how many are since."""
    kept, last, since, found = set(others), "", 0, {}
    for name in names:
        last, since = (name, 0) if name in kept else (last, since + 1)
        found[name] = f"{since} {last}"
    return found


def _alike(a: Ref, b: Ref) -> float:
    """How much two names are alike; what only moved to another schema is called the same."""
    return _ratio(a.member or a.name, b.member or b.name)


def _ratio(a: str, b: str) -> float:
    a, b = (name.lower().replace("_", "") for name in (a, b))
    if min(len(a), len(b)) > 2 and (a in b or b in a):
        return 0.9
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _of(common: int, most: int) -> str:
    return f"all {most}" if common == most else f"{common} of {most}"


def _listed(reasons: list[str]) -> str:
    return reasons[0] if len(reasons) == 1 else f"{', '.join(reasons[:-1])} and {reasons[-1]}"
