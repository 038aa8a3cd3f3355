"""Where everything stands between one rename and the next, and which names are free."""

from collections import defaultdict
from collections.abc import Iterator

from attrs import define, field

from pgkit.ir.names import Ref
from pgkit.passes.slots import SPACES

_Slot = tuple[str, int, str]


@define(eq=False)
class Thing:
    """Something with a name, where it is now and where it will be."""

    kind: str
    name: str
    home: "Thing | None"  # its schema, or what it belongs to
    follows: "Thing | None" = None  # the table whose schema it shares
    goal_name: str = ""
    goal_home: "Thing | None" = None
    gone: bool = False  # about to be dropped: it can only be in the way
    movable: bool = True
    aside: bool = False  # goes by a name for the meantime

    @property
    def schema(self) -> "Thing | None":
        """The schema it is in now."""
        anchor = self.follows or (self.home if self.is_member else None)
        return anchor.schema if anchor is not None else self.home

    @property
    def ref(self) -> Ref:
        """Its Ref in the names of this moment."""
        if self.home is not None and self.is_member:
            return self.home.ref.of(self.kind, self.name)
        return Ref(self.kind, self.schema.name if self.schema else "", self.name)

    @property
    def is_member(self) -> bool:
        """Whether it belongs to something other than a schema."""
        return self.home is not None and self.home.kind != "schema"

    @property
    def moves(self) -> bool:
        """Whether it is in another schema than it will be."""
        return self.follows is None and self.home is not self.goal_home

    @property
    def pending(self) -> bool:
        """Whether it is not yet called what it will be."""
        return self.moves or self.name != self.goal_name


@define
class Places:
    """Everything of a catalog, and the names taken in each space."""

    things: list[Thing] = field(factory=list)
    taken: dict[_Slot, Thing] = field(factory=dict)
    along: dict[int, list[Thing]] = field(factory=lambda: defaultdict(list))

    def add(self, thing: Thing) -> None:
        """Takes a thing in."""
        self.things.append(thing)
        for slot in self._slots(thing, thing.name, thing.schema):
            self.taken.setdefault(slot, thing)
        anchor = thing.follows or (thing.home if thing.is_member else None)
        if anchor is not None and _in_schema(thing):
            self.along[id(anchor)].append(thing)

    def _slots(self, thing: Thing, name: str, schema: Thing | None) -> Iterator[_Slot]:
        for space in SPACES.get(thing.kind, (thing.kind,)):
            yield space, id(schema if space.isupper() else thing.home), name

    def conflicts(self, thing: Thing, name: str, schema: Thing | None) -> list[tuple[Thing, Thing]]:
        """What is in the way of a new name or schema: what would clash, and with what."""
        moved = [(thing, name)]
        if schema is not thing.schema:
            moved += [(t, t.name) for t in self.along[id(thing)]]
        wanted = [(t, slot) for t, n in moved for slot in self._slots(t, n, schema)]
        found = [(t, self.taken[slot]) for t, slot in wanted if slot in self.taken]
        return [(t, other) for t, other in found if other is not t]

    def put(self, thing: Thing, name: str, home: Thing | None) -> None:
        """Gives a thing another name or another schema; what belongs to it comes along."""
        moved = [thing, *self.along[id(thing)]]
        for slot in [s for t in moved for s in self._slots(t, t.name, t.schema) if self.taken.get(s) is t]:
            del self.taken[slot]
        thing.name, thing.home = name, home
        for t in moved:
            for slot in self._slots(t, t.name, t.schema):
                self.taken.setdefault(slot, t)


def _in_schema(thing: Thing) -> bool:
    return any(space.isupper() for space in SPACES.get(thing.kind, ()))
