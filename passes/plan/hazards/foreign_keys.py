"""Foreign keys over rows that are there."""

from collections.abc import Iterator

from pgkit.ir.change import Alter, Change, Create
from pgkit.ir.constraints import Action, ForeignKey
from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard, HazardCode
from pgkit.ir.relations import Column
from pgkit.passes.plan.hazards import queries
from pgkit.passes.plan.hazards.ground import Ground
from pgkit.passes.plan.hazards.words import SHARE_ROW, blocks_reads, blocks_writes, listed, may_fail, scans


def added(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """ADD FOREIGN KEY checks every row, and holds both tables meanwhile."""
    match change:
        case Create(ref, ForeignKey() as new) if (table := ref.owner) and ground.has_rows(table):
            if new.validated and new.enforced:
                others = [t for t in (table, _target(new)) if ground.has_rows(t)]
                yield scans(table)
                yield blocks_writes(SHARE_ROW, others, "meanwhile")
                yield from _orphans(ref, table, new, ground)
            yield from _acts_otherwise(ref, new, ground)


def validated(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """VALIDATE CONSTRAINT reads the rows and lets others write; ENFORCED lets nobody read."""
    match change:
        case Alter(ref, ForeignKey() as old, ForeignKey() as new) if (table := ref.owner) and ground.has_rows(
            table
        ):
            if new.enforced and new.validated and not (old.enforced and old.validated):
                yield scans(table)
                if not old.enforced:
                    yield blocks_reads((table,), "meanwhile")
                yield from _orphans(ref, table, new, ground)


def _target(key: ForeignKey) -> Ref:
    return key.references[0].owner or key.references[0]


def _orphans(ref: Ref, table: Ref, new: ForeignKey, ground: Ground) -> Iterator[Hazard]:
    target = _target(new)
    if _held_already(ref, new, ground) or _null_when_added(new, ground):
        return
    names = listed(c.member for c in new.columns)
    first = [ground.called(c) for c in new.columns]
    if not ground.has_rows(target):
        query = queries.rows(ground.called(table), queries.both(queries.present(c) for c in first))
        known = ground.was_so(new.columns)
        yield may_fail(f"on rows of {table} with a {names}: {target} is new", query if known else None)
        return
    message = f"on rows of {table} whose {names} is not in {target}"
    if not ground.was_so((*new.columns, *new.references)):
        yield may_fail(message)
        return
    there = tuple(ground.called(c) for c in new.references)
    query = queries.orphans(
        ground.called(table), tuple(first), ground.called(target), there, full=new.match_full
    )
    yield may_fail(message, query)


def _held_already(ref: Ref, new: ForeignKey, ground: Ground) -> bool:
    """Whether a foreign key that was there says the same of the rows."""
    table = ground.table(ref.owner)
    same = (set(zip(new.columns, new.references, strict=True)), new.match_full)
    return table is not None and any(
        (set(zip(old.columns, old.references, strict=True)), old.match_full) == same
        and old.validated
        and old.enforced
        for old in table.foreign_keys
    )


def _null_when_added(new: ForeignKey, ground: Ground) -> bool:
    """Whether a column of it is null in every row, since the plan adds it."""
    if new.match_full and len(new.columns) > 1:
        return False
    return any(_is_added_empty(ref, ground) for ref in new.columns)


def _is_added_empty(ref: Ref, ground: Ground) -> bool:
    column = ground.after.get(ref)
    if ref in ground.before or not isinstance(column, Column):
        return False
    return column.default is None and column.generated is None and column.identity is None


def _acts_otherwise(ref: Ref, new: ForeignKey, ground: Ground) -> Iterator[Hazard]:
    """A foreign key made anew with another action: what a DELETE or UPDATE elsewhere does changes."""
    old = ground.before.get(ref)
    if not isinstance(old, ForeignKey) or ref not in ground.dropped:
        return
    changed = [
        f"{word} {_target(new)} {then}"
        for word, was, now in (
            ("a delete from", old.on_delete, new.on_delete),
            ("an update of", old.on_update, new.on_update),
        )
        if was is not now
        for then in (_then(word, now),)
    ]
    if changed:
        yield Hazard(HazardCode.CHANGES_MEANING, f"{listed(changed)} {ref.owner}")


def _then(word: str, action: Action) -> str:
    match action:
        case Action.CASCADE:
            return "deletes rows of" if word.startswith("a delete") else "changes rows of"
        case Action.SET_NULL | Action.SET_DEFAULT:
            return "empties columns of" if action is Action.SET_NULL else "sets defaults in"
        case Action.NO_ACTION | Action.RESTRICT:
            return "is refused while there are rows in"
