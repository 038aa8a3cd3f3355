"""Puts renames in an order in which Postgres can run them, one by one.

    a -> b, b -> c    =>   Rename(b -> c), Rename(a -> b)
    a -> b, b -> a    =>   Rename(a -> a__old), Rename(b -> a), Rename(a__old -> b)
    s.a -> t.b        =>   Rename(s.a -> t.a), Rename(t.a -> t.b), or the other way around if t.a is taken

Schemas first, then what is in them, then what belongs to that, unless a name has to become free earlier.
"""

from collections.abc import Iterable, Iterator

from attrs import define, field

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Rename
from pgkit.ir.hints import Hints
from pgkit.ir.names import MAX_BYTES, Ref, truncate
from pgkit.passes.renames.places import Places, Thing
from pgkit.passes.renames.resolve import declared
from pgkit.passes.renames.things import things


def sequence(
    before: Catalog, hints: Hints, after: Catalog | None
) -> tuple[tuple[Rename, ...], tuple[tuple[Ref, Ref], ...]]:
    """The renames one by one, and what is set aside by them to be dropped: its old name and its new one."""
    staying = declared(after) if after is not None else None
    found = things(before, hints, staying)
    used = {r.member or r.name for r in (*found, *(staying or ()), *(new for _, new in hints.renames))}
    steps = _Steps(Places(), used)
    for thing in found.values():
        steps.places.add(thing)
    everything = list(found.values())
    steps.take([t for t in everything if t.home is None])
    steps.take(sorted((t for t in everything if t.home is not None), key=lambda t: t.is_member))
    aside = tuple((old, thing.ref) for old, thing in found.items() if thing.gone and thing.aside)
    return tuple(steps.taken), aside


@define
class _Steps:
    """The steps taken so far, and where everything stands after them."""

    places: Places
    used: set[str]
    taken: list[Rename] = field(factory=list)

    def take(self, things: Iterable[Thing]) -> None:
        """Brings things to their new names, each step when its name is free."""
        waiting = [t for t in things if t.pending]
        while waiting:
            if not any([self._advance(thing) for thing in waiting]):
                waiting += [t for t in self._unblock(waiting) if t not in waiting]
            waiting = [t for t in waiting if t.pending]

    def _advance(self, thing: Thing) -> bool:
        """Takes what steps of a thing can be taken now."""
        taken = len(self.taken)
        for _ in ("one way around", "the other"):
            if thing.moves and not self.places.conflicts(thing, thing.name, thing.goal_home):
                self._step(thing, thing.name, thing.goal_home)
            called = thing.name == thing.goal_name
            if not called and not self.places.conflicts(thing, thing.goal_name, thing.schema):
                self._step(thing, thing.goal_name, thing.home)
        return len(self.taken) > taken

    def _step(self, thing: Thing, name: str, home: Thing | None) -> None:
        old = thing.ref
        # Unlike the indexes of a table, the multirange of a range stays behind when that is moved.
        left = [
            (t, t.ref)
            for t in self.places.along[id(thing)]
            if thing.kind == "range" and home is not thing.home
        ]
        self.places.put(thing, name, home)
        self.taken += [Rename(old, thing.ref), *(Rename(was, t.ref) for t, was in left)]

    def _unblock(self, waiting: list[Thing]) -> Iterator[Thing]:
        """Sets one thing aside, so that another can go on: what is about to be dropped, if there is any."""
        blocked = [pair for thing in waiting for pair in self._conflicts(thing)]
        in_the_way = (other for _, other in blocked if other.gone)
        for thing in (*in_the_way, *(mover for mover, _ in blocked)):
            if thing.movable and not thing.aside:
                self._set_aside(thing)
                yield thing
                return
        self._force(waiting[0])

    def _force(self, thing: Thing) -> None:
        """Takes the steps of a thing although its name is taken: Postgres refuses them, as it must."""
        if thing.moves:
            self._step(thing, thing.name, thing.goal_home)
        if thing.name != thing.goal_name:
            self._step(thing, thing.goal_name, thing.home)

    def _conflicts(self, thing: Thing) -> Iterator[tuple[Thing, Thing]]:
        if thing.moves:
            yield from self.places.conflicts(thing, thing.name, thing.goal_home)
        if thing.name != thing.goal_name:
            yield from self.places.conflicts(thing, thing.goal_name, thing.schema)

    def _set_aside(self, thing: Thing) -> None:
        name = self._free(thing.name)
        thing.aside = True
        if thing.gone:
            thing.goal_name = name
        self._step(thing, name, thing.home)

    def _free(self, name: str) -> str:
        """A name for the meantime, used nowhere."""
        label, number = "__old", 0
        while (found := truncate(name, MAX_BYTES - len(label)) + label) in self.used:
            number += 1
            label = f"__old{number}"
        self.used.add(found)
        return found
