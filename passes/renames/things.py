"""Everything of a catalog as things in places, each with where it will be."""

from collections.abc import Mapping
from typing import Final

from attrs import define, field

from pgkit.ir.catalog import KINDS, Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.ir.walk import index
from pgkit.passes.renames.names import NewNames, identity_sequences, labels_of, new_names
from pgkit.passes.renames.places import Thing

_LABEL: Final = "enum_value"


def things(before: Catalog, hints: Hints, staying: set[Ref] | None) -> Mapping[Ref, Thing]:
    """Everything in `before` by its name there; what is not among `staying` is about to be dropped."""
    made = _Things(new_names(before, hints, said=True), staying)
    for ref in (*index(before), *identity_sequences(before), *labels_of(before)):
        made.thing(ref)
    for ref, table in made.names.follows.items():
        made.found[ref].follows = made.found.get(table)
    return made.found


@define
class _Things:
    """Things under construction, and the schemas as they will be called."""

    names: NewNames
    staying: set[Ref] | None
    found: dict[Ref, Thing] = field(factory=dict)
    schemas: dict[str, Thing] = field(factory=dict)  # those that are not declared, or are made later
    goals: dict[str, Thing] = field(factory=dict)

    def thing(self, ref: Ref) -> Thing:
        """The thing of a name."""
        if ref in self.found:
            return self.found[ref]
        goal = self.names.of(ref)
        owner = ref.owner if ref.owner in self.found else None
        home = self.found[owner] if owner else self._schema(ref.schema) if ref.schema else None
        made = Thing(ref.kind, ref.member or ref.name, home, goal_name=goal.member or goal.name)
        made.goal_home = home if owner or not ref.schema else self._goal(goal.schema)
        made.movable = ref.kind in KINDS or ref.kind == _LABEL
        made.gone = self.staying is not None and goal not in self.staying
        self.found[ref] = made
        if ref.kind == "schema":
            self.goals[made.goal_name] = made
        return made

    def _schema(self, name: str) -> Thing:
        return self.found.get(Ref("schema", "", name)) or self._undeclared(name)

    def _goal(self, name: str) -> Thing:
        return self.goals.get(name) or self._undeclared(name)

    def _undeclared(self, name: str) -> Thing:
        return self.schemas.setdefault(name, Thing("schema", name, None, goal_name=name))
