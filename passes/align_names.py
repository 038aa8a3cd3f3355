"""Names that Postgres or Drizzle give to constraints and indexes by themselves, and what they are worth.

An implied name is no part of what a schema says: two objects of one meaning are one, whatever it is.
Sources: `passes/naming.py` for Postgres's; drizzle-kit's default names, 0.x and v1.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, TypeVar

from attrs import evolve

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import differing
from pgkit.ir.constraints import Check, ForeignKey, Index, PrimaryKey, Unique
from pgkit.ir.names import Ref, truncate
from pgkit.ir.relations import MaterializedView, Table
from pgkit.ir.walk import map_members, map_refs, members_of, ref_of
from pgkit.passes.align_facts import align_facts
from pgkit.passes.naming import Nameable, name_parts, sequence_parts
from pgkit.passes.slots import slots

Owner = Table | MaterializedView
O = TypeVar("O", Table, MaterializedView)  # noqa: E741
FIELDS: Final = ("primary_keys", "uniques", "foreign_keys", "checks", "indexes")
_NUMBER: Final = re.compile(r"[1-9][0-9]*$")
_HASHED: Final = re.compile(r"_[0-9a-zA-Z]{12}_fkey")


def is_implied(table: Owner, obj: Nameable) -> bool:
    """Whether Postgres or Drizzle would have given this name to this object, cut and numbered or not."""
    own = obj.given or obj.name
    number = _NUMBER.search(own)
    parts = name_parts(table, obj)
    if own in (parts.name, *(evolve(parts, number=int(n[0])).name for n in (number,) if n)):
        return True
    for name in _of_drizzle(table.name, obj):
        if own in (name, truncate(name)):
            return True
    rest = own[len(table.name) :] if own.startswith(table.name) else ""
    return isinstance(obj, ForeignKey) and bool(_HASHED.fullmatch(rest))


def align_names(before: Catalog, after: Catalog) -> Catalog:
    """`after` with each object of an implied name called as its counterpart in `before`.

    A counterpart means the same, or, failing that, stands on the same columns; its name or this one is
    implied. The name in the source is kept in `given`; facts that say it are told in the other one.
    """
    aligned = align_sequences(before, after)
    tables = {(t.schema, t.name): t for t in before.tables}
    views = {(v.schema, v.name): v for v in before.materialized_views}
    aligned = evolve(
        aligned,
        tables=tuple(_aligned(tables.get((t.schema, t.name)), t) for t in aligned.tables),
        materialized_views=tuple(
            _aligned(views.get((v.schema, v.name)), v) for v in aligned.materialized_views
        ),
    )
    return align_facts(after, aligned)


def serial_renames(before: Catalog, after: Catalog) -> tuple[tuple[Ref, Ref], ...]:
    """Sequences of serial columns, one of which is called as Postgres calls it, and the other is not.

    The first of each pair is in `before`, the second in `after`: a table that gets another name keeps them.
    """
    old = {s.owned_by: ref_of(s) for s in before.sequences if s.owned_by is not None}
    new = {s.owned_by: ref_of(s) for s in after.sequences if s.owned_by is not None}
    there = set(old.values())
    return tuple(
        (old[column], ref)
        for column, ref in new.items()
        if column in old and ref not in there and sequence_parts(column).name in (ref.name, old[column].name)
    )


def align_sequences(before: Catalog, after: Catalog) -> Catalog:
    """`after` with each of those called as in `before`, where nothing else of `after` is called so."""
    taken = {ref_of(s) for s in after.sequences}
    pairs = {new: old for old, new in serial_renames(before, after) if old not in taken}
    if not pairs:
        return after
    moved = {
        s: evolve(s, schema=to.schema, name=to.name) for s in after.sequences if (to := pairs.get(ref_of(s)))
    }
    renamed = evolve(after, sequences=tuple(moved.get(s, s) for s in after.sequences))
    return map_refs(renamed, lambda ref: pairs.get(ref, ref))


def without_clashes(after: Catalog) -> tuple[Catalog, tuple[tuple[Ref, Ref], ...]]:
    """An aligned catalog with its own names where another object of it takes them, and these renames.

    A new table takes the name of a renamed one: the key of the renamed one must make way as well.
    """
    taken = Counter(
        slot for ref, obj in members_of(after) for slot in slots(ref, obj) if slot[0] == "RELATION"
    )
    renames: list[tuple[Ref, Ref]] = []

    def own(ref: Ref, obj: Any) -> Any:
        given: str | None = getattr(obj, "given", None)
        if given is None or given == obj.name or not any(taken[slot] > 1 for slot in slots(ref, obj)):
            return obj
        renames.append((ref, evolve(ref, member=given)))
        return evolve(obj, name=given)

    return map_members(after, lambda ref, obj: map_members(obj, own, ref)), tuple(renames)


def with_names_of(aligned: Catalog, after: Catalog) -> Catalog:
    """`after` with the names that its objects have in `aligned`, another form of the same catalog."""
    owners: tuple[Owner, ...] = (*aligned.tables, *aligned.materialized_views)
    both = {(t.schema, t.name): t for t in owners}
    return evolve(
        after,
        tables=tuple(_named(both.get((t.schema, t.name)), t) for t in after.tables),
        materialized_views=tuple(_named(both.get((v.schema, v.name)), v) for v in after.materialized_views),
    )


def _named(aligned: Any, owner: O) -> O:
    changed: dict[str, Any] = {}
    for field in FIELDS if aligned is not None else ():
        names = {o.given: o.name for o in getattr(aligned, field, ()) if o.given and o.given != o.name}
        if names:
            mine = getattr(owner, field)
            changed[field] = tuple(
                evolve(o, name=names[o.name], given=o.name) if o.name in names else o for o in mine
            )
    return evolve(owner, **changed) if changed else owner


def _of_drizzle(table: str, obj: Nameable) -> Iterator[str]:
    match obj:
        case PrimaryKey(columns=columns):
            yield f"{table}_{_joined(columns)}_pk"
        case Unique(columns=columns):
            yield f"{table}_{_joined(columns)}_unique"
        case ForeignKey(columns=columns, references=references):
            target = f"{references[0].name}_{_joined(references)}" if references else ""
            yield f"{table}_{_joined(columns)}_{target}_fk"
            yield f"{table}_{_joined(columns)}_{target}_fkey"
        case Index(keys=keys):
            yield f"{table}_{'_'.join(k.column.member if k.column else 'expr' for k in keys)}_index"


def _joined(columns: tuple[Ref, ...]) -> str:
    return "_".join(c.member for c in columns)


def _aligned(old: O | None, new: O) -> O:
    if old is None:
        return new
    changed: dict[str, Any] = {}
    for field in FIELDS:
        mine, theirs = getattr(new, field, ()), getattr(old, field, ())
        if {o.name for o in mine} != {o.name for o in theirs}:
            changed[field] = _renamed(old, new, theirs, mine)
    return evolve(new, **changed) if changed else new


def _renamed(
    old: Owner, new: Owner, theirs: tuple[Nameable, ...], mine: tuple[Nameable, ...]
) -> tuple[Nameable, ...]:
    taken = {o.name for o in mine}
    free = [o for o in theirs if o.name not in taken]
    names = {o.name for o in theirs}
    result = []
    for obj in mine:
        twin = None if obj.name in names else _counterpart(old, new, free, obj)
        if twin is not None:
            free.remove(twin)
            obj = evolve(obj, name=twin.name, given=obj.given or obj.name)
        result.append(obj)
    return tuple(result)


def _counterpart(old: Owner, new: Owner, free: list[Nameable], obj: Nameable) -> Nameable | None:
    candidates = [o for o in free if is_implied(old, o) or is_implied(new, obj)]
    same = [o for o in candidates if not differing(o, obj)]
    near = [o for o in candidates if stands_on(o) and stands_on(o) == stands_on(obj)]
    return next(iter((*same, *near)), None)


def stands_on(obj: Nameable) -> tuple[Ref | None, ...]:
    """The columns that a constraint or an index is over; none where they do not say what it is."""
    match obj:
        case Check():
            return ()
        case Index(keys=keys):
            return tuple(k.column for k in keys) if all(k.column for k in keys) else ()
        case _:
            return obj.columns
