"""Says once, of the parent, what Postgres does to partitions and children by itself.

Create(p), Create(p: partition key)          =>   Create(p, partition_by)
Create(c), Create(c inherits p)              =>   Create(c, parents=p)
Alter(column p.a), Alter(column q.a), q of p =>   Alter(column p.a), and of q.a what then still differs
Create(column p.b), Create(column q.b)       =>   Create(column p.b), Create(column q.b: inherited)

The changes still say all that happens: a part without a statement is left in, with nothing to print.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

import attrs
from attrs import define, field

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Change, Create, Drop, Rename
from pgkit.ir.constraints import Check, ForeignKey, Index, PrimaryKey, Unique
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from pgkit.ir.walk import Declared, index, map_refs, members_of
from pgkit.passes.lineage import Lineage, lineage, link, links

T = TypeVar("T")
_KEY: Final = "PARTITION BY "
_SHARED: Final = ("type", "collation", "nullable", "default", "generated")  # ALTER TABLE goes down with these
_MERGED: Final = (PrimaryKey, Unique, ForeignKey, Check, Index)


def with_parents(changes: Iterable[Change], before: Catalog, after: Catalog) -> tuple[Change, ...]:
    """The changes, each thing that comes with a parent's said so; `before` is in new names."""
    changes = tuple(changes)
    if not any(u.kind in _FACTS for c in (before, after) for u in c.unmodelled):
        return changes
    return tuple(_Family(changes, lineage(before, after, changes), index(before), index(after)).rewritten())


_FACTS: Final = ("partition_key", "partition_of", "inherits")


@define
class _Family:
    changes: tuple[Change, ...]
    lineage: Lineage
    old: Mapping[Ref, Declared]
    new: Mapping[Ref, Declared]
    created: dict[Ref, Create] = field(init=False)
    dropped: set[Ref] = field(init=False)
    kept: set[Ref] = field(init=False)  # what a partition that was has by then
    touched: dict[Ref, set[str]] = field(factory=dict)  # of a column: what statements about parents set

    def __attrs_post_init__(self) -> None:
        self.created = {c.ref: c for c in self.changes if isinstance(c, Create)}
        self.dropped = {c.ref for c in self.changes if isinstance(c, Drop)}
        self.kept = {
            ref
            for x in links(c.old for c in self.changes if isinstance(c, Drop))
            for ref, obj in self._had(x.child, x.parent)
            if self._wants(ref, obj)
        }
        for change in self.changes:
            if isinstance(change, Alter) and isinstance(change.new, Column):
                self._touch(change.ref, {f for f in change.fields if f in _SHARED})

    def _touch(self, column: Ref, fields: set[str]) -> None:
        """What a statement about a column sets goes down to every column below."""
        self.touched.setdefault(column, set()).update(fields)
        for child in self.lineage.children.get(column.owner or column, ()):
            self._touch(child.of("column", column.member), fields)

    def rewritten(self) -> Iterator[Change]:
        """The changes, parents' columns with those below them."""
        for change in self.changes:
            match change:
                case Create(ref, new) if ref not in self.kept:
                    yield from self._made(ref, new)
                case Drop(ref, old) if not self._merges(ref, old):
                    yield from self._gone(ref, old)
                case Alter(_, Column(), Column()):
                    yield from self._altered(change)
                case Alter() | Rename():
                    yield change
        altered = {c.ref for c in self.changes if isinstance(c, Alter)}
        for ref in self.touched.keys() - altered:
            yield from self._remaining(ref, None)

    def _made(self, ref: Ref, new: Declared) -> Iterator[Change]:
        match new:
            case Table():
                yield from self._table(ref, new)
            case Column():
                yield from self._column(ref, new)
            case Unmodelled():
                yield from self._checks_of_attached(new)
                yield Create(ref, self._fact(new))
            case _:
                yield Create(ref, new)

    def _gone(self, ref: Ref, old: Declared) -> Iterator[Change]:
        if isinstance(old, Column):
            old = attrs.evolve(old, inherited=any(p in self.dropped for p in self._above(ref)))
        yield Drop(ref, old)
        if isinstance(old, Unmodelled):
            yield from self._left_behind(old)

    def _above(self, column: Ref) -> Iterator[Ref]:
        for parent in self.lineage.parents.get(column.owner or column, ()):
            yield parent.of("column", column.member)

    def _parents(self, column: Ref, above: Iterable[Ref]) -> Iterator[tuple[Ref, Column]]:
        """The columns above one as they will be, in terms of its own table."""
        for ref in above:
            found = self.new.get(ref)
            if isinstance(found, Column) and ref.owner and column.owner:
                yield ref, _moved(found, ref.owner, column.owner)

    def _table(self, ref: Ref, new: Table) -> Iterator[Change]:
        """A new table; of what it is a partition of, it needs the checks before it is one."""
        parents = [x for x in self.lineage.after.values() if x.child == ref]
        inherits = tuple(
            x.parent for x in sorted(parents, key=lambda x: x.place) if x.fact.kind == "inherits"
        )
        key = self.new.get(Ref("partition_key", ref.schema, ref.name))
        clause = key.definition if isinstance(key, Unmodelled) and key.definition else ""
        own = {c.name for c in new.checks}
        checks = (
            ()
            if inherits
            else (c for c in _checks_above(ref, self.lineage.after, self.new) if c.name not in own)
        )
        made = attrs.evolve(new, parents=inherits, partition_by=clause.removeprefix(_KEY) or None)
        yield Create(ref, attrs.evolve(made, checks=(*new.checks, *checks)))
        if inherits:
            yield from self._differing(ref, new, inherits)

    def _differing(self, ref: Ref, new: Table, parents: tuple[Ref, ...]) -> Iterator[Change]:
        """What the columns that a new child inherits have other than those of its parents."""
        for column in new.columns:
            if column.inherited:
                own = ref.of("column", column.name)
                above = (p.of("column", column.name) for p in parents)
                for _, parent in list(self._parents(own, above))[:1]:
                    yield from _set(own, _handed_down(parent, column), column)

    def _checks_of_attached(self, fact: Unmodelled) -> Iterator[Change]:
        """ATTACH PARTITION and INHERIT want every check of the parent's to be there."""
        found = link(fact)
        table = self.old.get(found.child) if found else None
        if found is None or not isinstance(table, Table) or found.child in self.created:
            return
        there = {c.name for c in table.checks}
        for check in _checks_above(found.child, self.lineage.after, self.new):
            if check.name not in there:
                yield Create(found.child.of("check", check.name), check)

    def _had(self, child: Ref, parent: Ref) -> Iterator[tuple[Ref, Declared]]:
        """What a table keeps of its parent's when it is no partition any more."""
        table, above = self.old.get(child), self.old.get(parent)
        if not isinstance(table, Table) or not isinstance(above, Table):
            return
        for kind, name, original in table.attached:
            if (member := self._original(kind, original, parent)) is not None:
                yield child.of(kind, name), attrs.evolve(_moved(member, parent, child), name=name)
        own = {c.name for c in table.checks}
        for check in _checks_above(child, self.lineage.before, self.old):
            if check.name not in own:
                yield child.of("check", check.name), check

    def _original(self, kind: str, name: str, parent: Ref) -> Any:
        """The member of that name, of a table or of what that is a partition of itself."""
        if (found := self.old.get(parent.of(kind, name))) is not None:
            return found
        table = self.old.get(parent)
        for child, above in self.lineage.before:
            if child == parent and isinstance(table, Table):
                for other, own, original in table.attached:
                    if (other, own) == (kind, name) and (found := self._original(kind, original, above)):
                        return _moved(found, above, parent)
        return None

    def _wants(self, ref: Ref, obj: Declared) -> bool:
        """Whether it is there on the other side, but for its comment."""
        new: Any = self.new.get(ref)
        return new is not None and bool(attrs.evolve(new, comment=getattr(obj, "comment", None)) == obj)

    def _left_behind(self, fact: Unmodelled) -> Iterator[Change]:
        """What a table keeps of its parent's, and must not have."""
        found = link(fact)
        if found is None or found.child in self.dropped:
            return
        for ref, obj in self._had(found.child, found.parent):
            if ref in self.kept:
                yield from _set(ref, obj, self.new[ref])
            else:
                yield Drop(ref, obj)

    def _fact(self, fact: Unmodelled) -> Unmodelled:
        """A fact that CREATE TABLE says has no statement of its own."""
        said = fact.kind == "partition_key" or (
            fact.kind == "inherits" and Ref("table", fact.schema, fact.name) in self.created
        )
        return attrs.evolve(fact, definition="") if said else fact

    def _column(self, ref: Ref, new: Column) -> Iterator[Change]:
        above = [column for _, column in self._parents(ref, self._above(ref))]
        yield Create(ref, attrs.evolve(new, inherited=bool(above)))
        if above:
            yield from _set(ref, attrs.evolve(_handed_down(above[0], new), comment=None), new)

    def _altered(self, change: Alter) -> Iterator[Change]:
        """The change of a column that has nothing above it; else what is left of it."""
        if any(self.touched.get(p) for p in self._above(change.ref)):
            yield from self._remaining(change.ref, change)
        else:
            yield change

    def _remaining(self, ref: Ref, change: Alter | None) -> Iterator[Change]:
        """What of a column still differs when the statements about those above it have run."""
        old, new = self.old.get(ref), self.new.get(ref)
        if change is not None:
            old, new = change.old, change.new
        if not isinstance(old, Column) or not isinstance(new, Column) or ref in self.dropped:
            return
        reached = old
        for above, parent in self._parents(ref, self._above(ref)):
            fields = {f: getattr(parent, f) for f in self.touched.get(above, ())}
            reached = attrs.evolve(reached, **fields)
        if change is not None:
            yield attrs.evolve(change, old=reached, using=None if reached.type == new.type else change.using)
        else:
            yield from _set(ref, reached, new)

    def _merges(self, ref: Ref, old: Declared) -> bool:
        """Whether a member of a partition to be stays, as part of the parent's."""
        if not isinstance(old, _MERGED) or ref.owner is None:
            return False
        for child, parent in self.lineage.after:
            if child == ref.owner and self._becomes_part(old, child, parent):
                return True
        return False

    def _becomes_part(self, old: Any, child: Ref, parent: Ref) -> bool:
        link_is_new = (child, parent) in self.lineage.made
        table = self.new.get(parent)
        for ref, member in members_of(table, parent) if isinstance(table, Table) else ():
            if (link_is_new or ref in self.created) and _same(old, child, member, parent):
                return True
        return False


def _checks_above(
    child: Ref, along: Iterable[tuple[Ref, Ref]], objects: Mapping[Ref, Declared]
) -> Iterator[Check]:
    """The checks that a table has from those above it, in terms of its own columns."""
    for below, parent in along:
        table = objects.get(parent)
        if below == child and isinstance(table, Table):
            for check in (*table.checks, *_checks_above(parent, along, objects)):
                if not check.no_inherit:
                    yield _moved(check, parent, child)


def _same(old: Any, child: Ref, member: Any, parent: Ref) -> bool:
    """Whether a member of a child is that of its parent, under whatever name; a check only under the same."""
    if type(old) is not type(member) or (isinstance(old, Check) and old.name != member.name):
        return False
    moved = _moved(member, parent, child)
    return bool(attrs.evolve(moved, name=old.name, comment=old.comment) == old)


def _moved(member: T, parent: Ref, child: Ref) -> T:
    """A member of a parent in terms of a child's columns."""

    def own(ref: Ref) -> Ref:
        return attrs.evolve(ref, schema=child.schema, name=child.name) if ref.owner == parent else ref

    return map_refs(member, own)


def _handed_down(parent: Column, child: Column) -> Column:
    """What a column is at first that comes from a parent's: a comment stays behind, so does an identity."""
    return attrs.evolve(parent, comment=child.comment, identity=child.identity, inherited=True)


def _set(ref: Ref, old: Declared, new: Declared) -> Iterator[Change]:
    if old != new:
        yield Alter(ref, old, new)
