"""The new name of everything, given the hints: what belongs to something renamed follows it."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from attrs import field, frozen

from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.passes.lineage import links

# Facts about a column that go by its name; those about an index or a constraint go by theirs.
_SAME_MEMBER = ("column", "index", "primary_key", "unique", "foreign_key", "check")


@frozen
class NewNames:
    """The new name of every Ref, with those that follow from their owner's or their schema's."""

    renames: Mapping[Ref, Ref]
    follows: Mapping[Ref, Ref]  # owned sequences: they are where their table is
    relations: Mapping[tuple[str, str], Ref]
    seen: dict[Ref, Ref] = field(factory=dict)

    def of(self, ref: Ref) -> Ref:
        """The Ref in the names of `after`."""
        if ref not in self.seen:
            self.seen[ref] = self._found(ref)
        return self.seen[ref]

    def _found(self, ref: Ref) -> Ref:
        if ref in self.renames:
            return self.renames[ref]
        if ref in self.follows:
            return attrs.evolve(ref, schema=self.of(self.follows[ref]).schema)
        if ref.owner is not None:
            owner = self.of(ref.owner)
            return attrs.evolve(ref, schema=owner.schema, name=owner.name)
        if ref.schema:
            return attrs.evolve(ref, schema=self.of(Ref("schema", "", ref.schema)).name)
        return ref

    def of_unmodelled(self, ref: Ref, obj: Unmodelled) -> Ref:
        """The name of what is not modelled: a fact about a relation goes by the names of what it is about."""
        relation = self.relations.get((ref.schema, ref.name))
        if relation is None or (relation not in obj.refs and not ref.member):
            return self.of(ref)
        owner, member = self.of(relation), ref.member
        about = (relation.of(kind, member) for kind in _SAME_MEMBER) if obj.kind != "trigger" else ()
        said = next((self.renames[r].member for r in about if r in self.renames), member)
        return attrs.evolve(ref, schema=owner.schema, name=owner.name, member=said)


def new_names(catalog: Catalog, hints: Hints, said: bool = False) -> NewNames:
    """The new names of everything in a catalog; those alone that a statement must give, if `said`."""
    relations = {(r.schema, r.name): r for r in _relations(catalog)}
    given, inherited = dict(hints.renames), below(catalog, hints)
    renames = {k: v for k, v in given.items() if k not in inherited} if said else given | inherited
    return NewNames(renames, followers(catalog), relations)


def below(catalog: Catalog, hints: Hints) -> dict[Ref, Ref]:
    """The columns of partitions and children, which are renamed with those of their parents."""
    found = {old: new for old, new in hints.renames if old.kind == "column" and old.within == "table"}
    children = tuple(links(catalog.unmodelled)) if found else ()
    given = dict(hints.renames)
    waiting = list(found)
    inherited: set[Ref] = set()
    while waiting:
        old = waiting.pop()
        for x in children:
            own = x.child.of("column", old.member)
            if x.parent == old.owner and own not in found:
                table = given.get(x.child, x.child)
                found[own] = table.of("column", found[old].member)
                waiting.append(own)
            if x.parent == old.owner:
                inherited.add(own)
    return {old: new for old, new in found.items() if old in inherited}


def followers(catalog: Catalog) -> dict[Ref, Ref]:
    """The sequences that columns own, and the table of each: they move from schema to schema with it."""
    found: dict[Ref, Ref] = {}
    for sequence in catalog.sequences:
        if sequence.owned_by is not None and sequence.owned_by.owner is not None:
            found[Ref("sequence", sequence.schema, sequence.name)] = sequence.owned_by.owner
    return found | identity_sequences(catalog)


def identity_sequences(catalog: Catalog) -> dict[Ref, Ref]:
    """The sequences behind identity columns, where their names are known, and the table of each."""
    return {
        column.identity.sequence: table.ref
        for table in catalog.tables
        for column in table.columns
        if column.identity is not None and column.identity.sequence is not None
    }


def labels_of(catalog: Catalog) -> Iterator[Ref]:
    """The labels of every enum, as members of it; the empty one has no Ref, and no hint can speak of it."""
    for enum in catalog.enums:
        ref = Ref("enum", enum.schema, enum.name)
        yield from (ref.of("enum_value", label) for label in enum.labels if label)


def _relations(catalog: Catalog) -> Iterator[Ref]:
    relations: tuple[Any, ...] = (*catalog.tables, *catalog.views, *catalog.materialized_views)
    for relation in relations:
        yield Ref(relation.kind, relation.schema, relation.name)
