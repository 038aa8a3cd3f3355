"""Orders changes so that each runs when what it needs is there, and nothing is taken from under another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from heapq import heapify, heappop, heappush
from itertools import pairwise

from attrs import define, field

from pgkit.diag import fail
from pgkit.ir import relations
from pgkit.ir.change import Alter, Change, Create, Drop, Rename
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column
from pgkit.ir.walk import Declared, bare
from pgkit.passes.plan.mentions import QUERIES, groups
from pgkit.passes.plan.needs import makes, needed, needs, provided
from pgkit.passes.slots import Slot, slots

_TYPES = frozenset(("enum", "domain", "composite"))
_RELATIONS = ("table", "column", "view", "materialized_view")
_LOOSE = ("cluster", "replica_identity")  # an index that one of these names can be dropped


def order(changes: Sequence[Change], also: Iterable[tuple[int, int]] = ()) -> tuple[Change, ...]:
    """A stable topological sort: independent changes keep the order they came in.

    `also` are places of changes, the first of which must run before the second.
    Raises PgkitError when changes need each other in a circle.
    """
    edges = _Graph(tuple(changes)).edges()
    for earlier, later in also:
        edges[later].add(earlier)
    graph = TopologicalSorter(edges)
    try:
        graph.prepare()
    except CycleError as e:
        names = ", ".join(f"{changes[i].ref.kind} {changes[i].ref}" for i in sorted(set(e.args[1])))
        help = "make the change in two steps, one of them without what leads back"
        raise fail("dependency-cycle", f"{names} need each other and cannot be ordered", help=help) from None
    return tuple(changes[i] for i in _smallest_first(graph))


def _smallest_first(graph: TopologicalSorter[int]) -> Iterator[int]:
    ready = list(graph.get_ready())
    heapify(ready)
    while ready:
        first = heappop(ready)
        yield first
        graph.done(first)
        for node in graph.get_ready():
            heappush(ready, node)


@define
class _Graph:
    """The changes by what they do, and the edges between them: `before[i]` must run before change i."""

    changes: tuple[Change, ...]
    before: dict[int, set[int]] = field(init=False)
    makers: dict[Ref, int] = field(factory=dict)
    droppers: dict[Ref, list[int]] = field(factory=lambda: defaultdict(list))  # of equal keys, several
    alterers: dict[Ref, list[int]] = field(factory=lambda: defaultdict(list))
    columns: dict[Ref, list[int]] = field(factory=lambda: defaultdict(list))  # of a table, made or altered
    lost: dict[Ref, list[int]] = field(factory=lambda: defaultdict(list))  # columns of a table, dropped
    keys: dict[Ref, list[int]] = field(factory=lambda: defaultdict(list))  # its primary key, dropped or made
    grouping: set[Ref] = field(factory=set)  # queries that may group by such a key

    def __attrs_post_init__(self) -> None:
        self.before = {i: set() for i in range(len(self.changes))}
        for i, change in enumerate(self.changes):
            for made in makes(change):
                self.makers.setdefault(made, i)
            match change:
                case Drop(ref, old):
                    for gone in set(provided(ref, old)):
                        self.droppers[gone].append(i)
                case Alter(ref):
                    self.alterers[ref].append(i)
            if change.ref.kind == "column" and change.ref.owner:
                (self.lost if isinstance(change, Drop) else self.columns)[change.ref.owner].append(i)

    def _key_changes(self) -> None:
        for i, change in enumerate(self.changes):
            if change.ref.kind == "primary_key" and change.ref.owner:
                self.keys[change.ref.owner].append(i)
        if self.keys:
            self.grouping = {c.ref for c in self.changes if c.ref.kind in QUERIES and groups(c)}

    def edges(self) -> dict[int, set[int]]:
        """Every edge."""
        self._key_changes()
        for i, change in enumerate(self.changes):
            self._needs(i, change)
            if isinstance(change, Drop | Alter):
                self._lets_go(i, change)
        self._unmodelled()
        self._in_sequence()
        self._names()
        self._renames_first()
        self._extensions()
        self._persistence()
        self._blocks()
        for i, earlier in self.before.items():
            earlier.discard(i)
        return self.before

    def _needs(self, i: int, change: Change) -> None:
        """What a change needs is made before; what it mentions is altered before it is made."""
        wanted = set(needs(change))
        self.before[i] |= {self.makers[r] for r in wanted if r in self.makers}
        for ref in wanted:
            if isinstance(change, Create) or (ref.kind in _TYPES and ref != change.ref):
                self.before[i] |= {j for j in self.alterers.get(ref, ()) if not _owns(self.changes[j])}
            if change.ref.kind in QUERIES:
                self.before[i] |= {*self.columns.get(ref, ()), *self._keys(ref, Create, change.ref)}
        for ref in self.droppers.keys() & set(makes(change)):
            self.before[i].update(self.droppers[ref])

    def _lets_go(self, i: int, change: Drop | Alter) -> None:
        """Nothing is dropped while it is mentioned, nor altered before what mentions it and goes is gone."""
        old = bare(change.old) if isinstance(change, Alter) else change.old
        if isinstance(change, Alter) and change.ref.kind in _LOOSE:
            return
        for ref in set(needed(change.ref, old)):
            for j in self._gone(ref, change):
                self.before[j].add(i)
            if isinstance(change, Drop) and not isinstance(change.old, relations.Sequence):
                for j in self._hard(ref, change.ref):
                    self.before[j].add(i)

    def _gone(self, ref: Ref, change: Drop | Alter) -> Iterator[int]:
        """The drops of `ref` and, for a query, of its columns and its key, that wait for `change`."""
        yield from (j for j in self.droppers.get(ref, ()) if not _is_published(change, self.changes[j]))
        if change.ref.kind in QUERIES:
            yield from self.lost.get(ref, ())
            yield from self._keys(ref, Drop, change.ref) if isinstance(change, Drop) else ()

    def _keys(self, table: Ref, how: type[Create | Drop], query: Ref) -> Iterator[int]:
        """The changes of a table's primary key, which a query that groups by it rests on."""
        if query in self.grouping:
            yield from (j for j in self.keys.get(table, ()) if isinstance(self.changes[j], how))

    def _hard(self, ref: Ref, dropped: Ref) -> Iterator[int]:
        """The alterations of `ref`, and for a query of its columns too, that what mentions it may refuse."""
        found = self.alterers.get(ref, [])
        if dropped.kind in QUERIES:
            found = [*found, *(j for j in self.columns.get(ref, ()) if isinstance(self.changes[j], Alter))]
        yield from (j for j in found if not _is_soft(self.changes[j]))

    def _unmodelled(self) -> None:
        """What calls a function is made after it and dropped before it; the function says what that is."""
        users: dict[Ref, list[int]] = defaultdict(list)
        for i, change in enumerate(self.changes):
            users[change.ref].append(i)
        for i, change in enumerate(self.changes):
            if isinstance(change, Drop) and isinstance(change.old, Unmodelled):
                gone = (j for j in _of(users, change.old.needed_by) if not _takes_default(self.changes[j]))
                self.before[i] |= {j for j in gone if isinstance(self.changes[j], Drop | Alter)}
            if isinstance(change, Create | Alter) and isinstance(change.new, Unmodelled):
                if change.ref.kind == "cast":
                    self._casts(i, change.new)
                for j in _of(users, change.new.needed_by):
                    if isinstance(self.changes[j], Create | Alter) and not _drops_default(self.changes[j]):
                        self.before[j].add(i)

    def _casts(self, i: int, cast: Unmodelled) -> None:
        """A cast is there before relations of its types: Postgres does not say which expressions use it."""
        types = {ref for ref in cast.refs if ref.kind in (*_TYPES, "range")}
        tables = {r for j in self.before[i] for r in needs(self.changes[j])}
        for j, change in enumerate(self.changes):
            relation = isinstance(change, Create | Alter) and change.ref.kind in _RELATIONS
            if relation and change.ref not in tables and types.intersection(needs(change)):
                self.before[j].add(i)

    def _in_sequence(self) -> None:
        """Changes of one object keep their order, as far as they alter it."""
        for steps in self.alterers.values():
            for earlier, later in pairwise(steps):
                self.before[later].add(earlier)

    def _names(self) -> None:
        """A name is free before it is taken."""
        freed: dict[Slot, int] = {}
        for i, change in enumerate(self.changes):
            freed.update(dict.fromkeys(_freed(change), i))
        for i, change in enumerate(self.changes):
            for slot in _taken(change):
                if slot in freed:
                    self.before[i].add(freed[slot])

    def _renames_first(self) -> None:
        """Renames come one after the other, then all else but new schemas, into which something may move."""
        renames = [i for i, c in enumerate(self.changes) if isinstance(c, Rename)]
        for earlier, later in pairwise(renames):
            self.before[later].add(earlier)
        for i, change in enumerate(self.changes):
            if renames and i not in renames and not _is_new_schema(change):
                self.before[i].add(renames[-1])

    def _persistence(self) -> None:
        """A logged table never refers to an unlogged one: what refers is unlogged first, logged last."""
        altered = [
            (i, c) for i, c in enumerate(self.changes) if isinstance(c, Alter) and "unlogged" in c.fields
        ]
        for i, change in altered:
            if not isinstance(change.old, relations.Table) or not isinstance(change.new, relations.Table):
                continue
            targets = {r.owner for key in change.new.foreign_keys for r in key.references}
            for j, other in altered:
                if other.ref in targets and i != j:
                    first, then = (i, j) if change.new.unlogged else (j, i)
                    self.before[then].add(first)

    def _extensions(self) -> None:
        """Extensions come before all that may need them, and go after it: what they hold is not known."""
        for i, change in enumerate(self.changes):
            if change.ref.kind != "extension" or isinstance(change, Alter | Rename):
                continue
            for j, other in enumerate(self.changes):
                if other.ref.kind in ("extension", "schema", "role") or isinstance(other, Rename):
                    continue
                if isinstance(change, Drop) and isinstance(other, Drop | Alter):
                    self.before[i].add(j)
                elif isinstance(change, Create) and isinstance(other, Create | Alter):
                    self.before[j].add(i)

    def _blocks(self) -> None:
        """Each `sql` block comes where it says; one that says nothing, after tables and before policies."""
        for i, change in enumerate(self.changes):
            block = change.new if isinstance(change, Create) else None
            if not isinstance(block, Unmodelled) or block.kind != "sql":
                continue
            said = bool(block.after or block.before)
            after, before = (block.after, block.before) if said else (_TABLES, _POLICIES)
            self.before[i] |= self._matching(after)
            for j in self._matching(before):
                self.before[j].add(i)

    def _matching(self, places: tuple[Ref, ...]) -> set[int]:
        """The changes of these objects; a Ref without a name is every object of its kind."""
        wanted = {(p.kind, p.name and p) for p in places}
        found = ((i, c.ref) for i, c in enumerate(self.changes) if not isinstance(c, Drop))
        return {i for i, ref in found if (ref.kind, "") in wanted or (ref.kind, ref) in wanted}


def _of(users: Mapping[Ref, list[int]], refs: Iterable[Ref]) -> Iterator[int]:
    """The changes of objects, and of what they belong to."""
    for ref in refs:
        yield from users.get(ref, ())
        if ref.owner is not None:
            yield from users.get(ref.owner, ())


_TABLES = (Ref("table", "", ""),)
_POLICIES = (Ref("policy", "", ""),)


def _drops_default(change: Change) -> bool:
    """Whether something only lets go of its default."""
    return isinstance(change, Alter) and _default(change.old) and not _default(change.new)


def _takes_default(change: Change) -> bool:
    return isinstance(change, Alter) and not _default(change.old) and _default(change.new)


def _default(obj: Declared) -> bool:
    return getattr(obj, "default", None) is not None


def _owns(change: Change) -> bool:
    """OWNED BY comes last: the sequence, the column with its default, then this."""
    return isinstance(change, Alter) and change.fields == ("owned_by",)


def _is_soft(change: Change) -> bool:
    """Whether nothing that mentions the object minds: a default, a comment, an owner."""
    return isinstance(change, Alter) and set(change.fields) <= {"default", "comment", "owned_by", "storage"}


def _is_published(change: Change, dropped: Change) -> bool:
    """Whether a publication is told of other tables: one of its own leaves it when it is dropped."""
    return isinstance(change, Alter) and change.ref.kind == "publication" and dropped.ref.kind == "table"


def _is_new_schema(change: Change) -> bool:
    return isinstance(change, Create) and change.ref.kind == "schema"


def _freed(change: Change) -> Iterable[Slot]:
    match change:
        case Drop(ref, old):
            return slots(ref, old)
        case Rename(ref, _) if ref.kind == "schema":
            return (("schema", "", "", ref.name),)
        case Alter(ref, Column() as old, Column(identity=None)) if old.identity is not None:
            return [slot for slot in slots(ref, old) if slot[0] == "RELATION"]
        case _:
            return ()


def _taken(change: Change) -> Iterable[Slot]:
    match change:
        case Create(ref, new):
            return slots(ref, new)
        case Alter(ref, Column(identity=None), Column() as new) if new.identity is not None:
            return [slot for slot in slots(ref, new) if slot[0] == "RELATION"]
        case _:
            return ()
