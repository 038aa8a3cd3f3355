"""Changes of a column's type or collation: rows written anew, indexes built anew, values that do not fit."""

from collections.abc import Iterator

from pgkit.ir.casts import is_text, type_key
from pgkit.ir.change import Alter, Change
from pgkit.ir.constraints import Check, ForeignKey
from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard, HazardCode
from pgkit.ir.relations import Column, Table
from pgkit.ir.types import Named, element
from pgkit.ir.walk import members_of, refs_in
from pgkit.passes.plan.hazards.fitting import failing
from pgkit.passes.plan.hazards.ground import Ground
from pgkit.passes.plan.hazards.losing import lossy, zoned
from pgkit.passes.plan.hazards.words import blocks_reads, may_fail, rewrites, scans
from pgkit.sql import sql


def retyped(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """ALTER COLUMN TYPE: the rows, or the indexes and checks over the column at least."""
    match change:
        case Alter(ref, Column() as old, Column() as new) if _is_retyped(ref, old, new, ground):
            table = ref.owner or ref
            using = change.using if new.generated is None else None
            if using is not None or ground.casts.rewrites(old.type, new.type):
                others = list(_checked_again(ref, old, new, at, ground))
                yield from rewrites(table, unless=_unless(old, new), others=others)
                if others:
                    yield scans(*others)
            else:
                yield from _around(ref, old, new, at, ground)


def unfit(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """Values that the new type has no place for, and those that it cuts in silence."""
    match change:
        case Alter(ref, Column() as old, Column() as new) if old.type != new.type and ground.has_rows(
            ref.owner
        ):
            if new.generated is not None or ref.within != "table":
                return
            table = ref.owner or ref
            if (found := failing(change, ground)) is not None:
                yield may_fail(f"on rows of {table} whose {new.name} {found.what}", found.query)
            if (loss := lossy(old.type, new.type, ground.casts)) is not None:
                yield Hazard(HazardCode.DELETES_DATA, f"{loss} in {ref}")
            if zoned(old.type, new.type, ground.casts):
                yield Hazard(
                    HazardCode.CHANGES_MEANING,
                    f"takes the times in {ref} for those of the session's TimeZone",
                )


def resorted(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """Another collation sorts and compares otherwise."""
    match change:
        case Alter(ref, Column() as old, Column() as new) if _is_retyped(ref, old, new, ground):
            if _collation(old, ground) != _collation(new, ground) and _is_textual(old, new, ground):
                yield Hazard(HazardCode.CHANGES_MEANING, f"sorts {ref} by other rules")


def _is_retyped(ref: Ref, old: Column, new: Column, ground: Ground) -> bool:
    differs = (old.type, old.collation) != (new.type, new.collation)
    return differs and ground.has_rows(ref.owner) and ref.within == "table"


def _collation(column: Column, ground: Ground) -> Ref | None:
    """The collation of a column, or of the domains that it is of."""
    found, type = column.collation, column.type
    while found is None and isinstance(type, Named) and (domain := ground.casts.domains.get(type.ref)):
        found, type = domain.collation, domain.type
    return found


def _is_textual(old: Column, new: Column, ground: Ground) -> bool:
    """Whether values of both types are sorted by a collation at all."""
    return all(is_text(element(ground.casts.base(c.type))) for c in (old, new))


def _unless(old: Column, new: Column) -> str:
    """Between timestamps with and without time zone nothing moves where the session's zone is UTC."""
    names = {sql("{t}", t=c.type).text.partition("(")[0] for c in (old, new)}
    return ", unless TimeZone is UTC" if names == {"timestamp", "timestamptz"} else ""


def _checked_again(column: Ref, old: Column, new: Column, at: int, ground: Ground) -> Iterator[Ref]:
    """The tables at the other end of foreign keys that compare by another operator from now on."""
    a, b = (type_key(ground.casts.base(c.type)) for c in (old, new))
    if a == b or {a, b} == {"text", "character varying"}:
        return
    for ref in ground.mentions.of(column):
        key = ground.before[ref]
        if isinstance(key, ForeignKey) and key.validated and key.enforced and ground.still_there(ref, at):
            ends = (ref.owner, key.references[0].owner)
            yield from (t for t in ends if t is not None and t != column.owner and ground.has_rows(t))


def _around(column: Ref, old: Column, new: Column, at: int, ground: Ground) -> Iterator[Hazard]:
    """What ALTER TYPE does for the sake of indexes and checks when the rows can stay."""
    table = ground.table(column.owner)
    if table is None:
        return
    if _checked(table, column, at, ground):
        yield scans(table.ref)
        yield blocks_reads((table.ref,), "meanwhile")
    elif _reindexed(table, column, old, new, at, ground):
        yield blocks_reads((table.ref,), "while its indexes are built anew")


def _checked(table: Table, column: Ref, at: int, ground: Ground) -> bool:
    for ref, obj in members_of(table, table.ref):
        if (
            isinstance(obj, Check)
            and obj.validated
            and column in refs_in(obj)
            and ground.still_there(ref, at)
        ):
            return True
    return False


def _reindexed(table: Table, column: Ref, old: Column, new: Column, at: int, ground: Ground) -> bool:
    kept = _collation(old, ground) == _collation(new, ground) and ground.casts.keeps_indexes(
        old.type, new.type
    )
    for ref, obj in members_of(table, table.ref):
        if obj.kind in ("index", "primary_key", "unique") and column in refs_in(obj):
            in_expression = any(column in refs_in(part) for part in _expressions(obj))
            if ground.still_there(ref, at) and (in_expression or (not kept and _is_key(obj, column))):
                return True
    return False


def _expressions(index: object) -> Iterator[object]:
    yield from (key.expr for key in getattr(index, "keys", ()) if key.expr is not None)
    if getattr(index, "where", None) is not None:
        yield index.where  # type: ignore[attr-defined]


def _is_key(index: object, column: Ref) -> bool:
    keys = tuple(key.column for key in getattr(index, "keys", ())) or getattr(index, "columns", ())
    return column in keys
