"""Which tables come from which: partitions of what they are part of, and children of their parents."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import define, field, frozen

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Change, Create, Drop
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref

KINDS: Final = ("partition_of", "inherits")
_PLACE: Final = re.compile(r"/\* parent (\d+) \*/")


@frozen
class Link:
    """A table comes from another, as a fact says."""

    child: Ref
    parent: Ref
    fact: Unmodelled

    @property
    def place(self) -> int:
        """Which of the parents it is."""
        found = _PLACE.search(self.fact.definition or "")
        return int(found[1]) if found else 0


def link(fact: Unmodelled) -> Link | None:
    """What a fact says of two tables, if it is one about them."""
    if fact.kind not in KINDS:
        return None
    own = (fact.schema, fact.name)
    relations = [r for r in fact.refs if not r.member and r.schema]
    child = next((r for r in relations if (r.schema, r.name) == own), Ref("table", *own))
    parent = next((r for r in relations if (r.schema, r.name) != own), None)
    return Link(child, parent, fact) if parent is not None else None


def links(facts: Iterable[object]) -> Iterator[Link]:
    """The links that facts tell of."""
    for fact in facts:
        if isinstance(fact, Unmodelled) and (found := link(fact)) is not None:
            yield found


@define
class Lineage:
    """The links of two catalogs, and which of them changes make, break, or leave alone."""

    before: Mapping[tuple[Ref, Ref], Link]
    after: Mapping[tuple[Ref, Ref], Link]
    made: frozenset[tuple[Ref, Ref]]
    broken: frozenset[tuple[Ref, Ref]]
    parents: Mapping[Ref, tuple[Ref, ...]] = field(init=False)  # along the links that stay
    children: Mapping[Ref, tuple[Ref, ...]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        up: dict[Ref, tuple[Ref, ...]] = defaultdict(tuple)
        down: dict[Ref, tuple[Ref, ...]] = defaultdict(tuple)
        for child, parent in self.before.keys() & self.after.keys() - self.made - self.broken:
            up[child] = tuple(sorted((*up[child], parent)))
            down[parent] = tuple(sorted((*down[parent], child)))
        self.parents, self.children = up, down


def lineage(before: Catalog, after: Catalog, changes: Iterable[Change]) -> Lineage:
    """The links of both sides."""
    changes = tuple(changes)
    made = links(c.new for c in changes if isinstance(c, Create))
    broken = links(c.old for c in changes if isinstance(c, Drop))
    return Lineage(
        before={(x.child, x.parent): x for x in links(before.unmodelled)},
        after={(x.child, x.parent): x for x in links(after.unmodelled)},
        made=frozenset((x.child, x.parent) for x in made),
        broken=frozenset((x.child, x.parent) for x in broken),
    )
