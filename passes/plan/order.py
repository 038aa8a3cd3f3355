"""Orders changes so that each runs when what it needs is there."""

from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from heapq import heapify, heappop, heappush

from pgkit.diag import fail
from pgkit.ir.change import Alter, Change, Create, Drop, Rename
from pgkit.ir.constraints import Deferral, ForeignKey, Index, Unique
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.types import Scalar
from pgkit.ir.walk import Declared, members_of, refs_in, scalars_in


def order(changes: Sequence[Change]) -> tuple[Change, ...]:
    """A stable topological sort: independent changes keep the order they came in.

    Raises PgkitError when objects need each other in a circle.
    """
    makers: dict[Ref, int] = {}
    for i, change in enumerate(changes):
        for made in _makes(change):
            makers.setdefault(made, i)
    needs = {i: {makers[r] for r in _needs(c) if r in makers} - {i} for i, c in enumerate(changes)}
    _place(changes, needs)
    _let_go(changes, makers, needs)
    graph = TopologicalSorter(needs)
    try:
        graph.prepare()
    except CycleError as e:
        names = ", ".join(str(changes[i].ref) for i in e.args[1])
        raise fail("dependency-cycle", f"{names} need each other and cannot be ordered") from None
    return tuple(changes[i] for i in _smallest_first(graph))


def _place(changes: Sequence[Change], needs: dict[int, set[int]]) -> None:
    """Puts each `sql` block where it says; one that says nothing, after tables and before policies."""
    for i, change in enumerate(changes):
        block = change.new if isinstance(change, Create) else None
        if not isinstance(block, Unmodelled) or block.kind != "sql":
            continue
        said = bool(block.after or block.before)
        after, before = (block.after, block.before) if said else (_TABLES, _POLICIES)
        needs[i] |= _matching(changes, after) - {i}
        for j in _matching(changes, before) - {i}:
            needs[j].add(i)


_TABLES = (Ref("table", "", ""),)
_POLICIES = (Ref("policy", "", ""),)


def _matching(changes: Sequence[Change], places: tuple[Ref, ...]) -> set[int]:
    """The changes of these objects; a Ref without a name is every object of its kind."""
    wanted = {(p.kind, p.name and p) for p in places}
    return {i for i, c in enumerate(changes) if (c.ref.kind, "") in wanted or (c.ref.kind, c.ref) in wanted}


def _let_go(changes: Sequence[Change], makers: dict[Ref, int], needs: dict[int, set[int]]) -> None:
    """Renames come first; nothing is dropped while it is mentioned, nor made anew before it is dropped."""
    renames = {i for i, c in enumerate(changes) if isinstance(c, Rename)}
    droppers = {r: i for i, c in enumerate(changes) if isinstance(c, Drop) for r in _breaks(c)}
    for i, change in enumerate(changes):
        needs[i] |= renames if i not in renames else set()
        if isinstance(change, Drop | Alter):
            for j in {droppers[r] for r in _needed(change.ref, change.old) if r in droppers} - {i}:
                needs[j].add(i)
    for ref in droppers.keys() & makers.keys():
        needs[makers[ref]].add(droppers[ref])


def _breaks(change: Drop) -> Iterator[Ref]:
    yield change.ref
    yield from (r for r, _ in members_of(change.old, change.ref))


def _smallest_first(graph: TopologicalSorter[int]) -> Iterator[int]:
    ready = list(graph.get_ready())
    heapify(ready)
    while ready:
        first = heappop(ready)
        yield first
        graph.done(first)
        for node in graph.get_ready():
            heappush(ready, node)


def _makes(change: Change) -> Iterator[Ref]:
    match change:
        case Create(ref, new):
            yield ref
            yield from (r for r, _ in members_of(new, ref))
            yield from (ref.of("column", c.name) for c in getattr(new, "columns", ()))
            yield from _unique_on(new)
        case Rename(_, to):
            yield to


def _needs(change: Change) -> Iterator[Ref]:
    match change:
        case Create(ref, new):
            yield from _needed(ref, new)
        case Alter(ref, _, new):
            yield ref
            yield from _needed(ref, new)
        case Rename(ref, _):
            yield ref


def _needed(ref: Ref, obj: Declared) -> Iterator[Ref]:
    """What an object needs: its owner, its schema, what it mentions, the extensions of its types."""
    if ref.owner:
        yield ref.owner
    if ref.schema:
        yield Ref("schema", "", ref.schema)
    if isinstance(obj, ForeignKey) and obj.references:
        yield _uniqueness(obj.references)
    for mentioned in obj.refs if isinstance(obj, Unmodelled) else refs_in(obj):
        yield mentioned
        if mentioned.owner and mentioned.owner != ref:
            yield mentioned.owner
    for scalar in scalars_in(obj):
        yield from _extension(scalar)


def _unique_on(obj: Declared) -> Iterator[Ref]:
    """What a unique index or constraint lets a foreign key refer to: its columns, in any order."""
    if isinstance(obj, Unique) and obj.deferral is Deferral.NO:
        yield _uniqueness(obj.columns)
    elif isinstance(obj, Index) and obj.unique and obj.where is None:
        yield _uniqueness(tuple(k.column for k in obj.keys if k.column is not None))


def _uniqueness(columns: tuple[Ref, ...]) -> Ref:
    table = columns[0].owner if columns and columns[0].owner else Ref("table", "", "")
    return table.of("uniqueness", ",".join(sorted(c.member for c in columns)))


def _extension(scalar: Scalar) -> Iterator[Ref]:
    if scalar.row.extension:
        yield Ref("extension", "", scalar.row.extension)
