"""Columns: added ones, and changes of a column that keep its type."""

from collections.abc import Iterator

from pgkit.ir.change import Alter, Change, Create
from pgkit.ir.constraints import Check, PrimaryKey
from pgkit.ir.expr import Lit
from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard
from pgkit.ir.relations import Column
from pgkit.ir.types import Named, PgType
from pgkit.passes.plan.hazards import queries
from pgkit.passes.plan.hazards.defaults import is_volatile
from pgkit.passes.plan.hazards.ground import Ground
from pgkit.passes.plan.hazards.words import blocks_reads, may_fail, rewrites, scans
from pgkit.sql import render


def added(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """A column added to rows that are there: they get a value, or have none to get."""
    match change:
        case Create(ref, Column() as new) if ref.owner is not None and ground.has_rows(ref.owner):
            table = ref.owner
            if writes_rows(new, ground):
                yield from rewrites(table)
            elif new.generated is not None and not new.nullable:
                yield scans(table)
                yield blocks_reads((table,), "meanwhile")
            if lacks_value(new, ground):
                message = f"if {table} has rows: they get no value for {new.name}"
                yield may_fail(message, queries.rows(ground.called(table)))


def writes_rows(new: Column, ground: Ground) -> bool:
    """Whether ADD COLUMN writes the rows that are there: ATExecAddColumn."""
    if new.identity is not None:
        return True
    if new.generated is not None:
        return new.generated.stored
    if ground.casts.refuses(new.type):
        return True
    return new.default is not None and is_volatile(new.default, ground.after)


def lacks_value(new: Column, ground: Ground) -> bool:
    """Whether rows that are there are left with null where there must be none."""
    if new.identity is not None or new.generated is not None:
        return False
    must = not new.nullable or _domain_refuses_null(new.type, ground)
    empty = new.default is None or new.default == Lit("null")
    return must and empty and not _domain_default(new.type, ground)


def _domain_refuses_null(type: PgType, ground: Ground) -> bool:
    while isinstance(type, Named) and (domain := ground.casts.domains.get(type.ref)) is not None:
        if not domain.nullable:
            return True
        type = domain.type
    return False


def _domain_default(type: PgType, ground: Ground) -> bool:
    domain = ground.casts.domains.get(type.ref) if isinstance(type, Named) else None
    return domain is not None and domain.default is not None


def required(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """SET NOT NULL reads the table, unless a check says already that there is no null."""
    match change:
        case Alter(ref, Column() as old, Column() as new) if _becomes_required(ref, old, new, ground):
            table = ref.owner or ref
            if _proven(ref, table, at, ground):
                return
            column = ground.called(ref)
            query = queries.rows(column.owner or column, queries.null(column))
            yield may_fail(f"on rows of {table} without {new.name}", query)
            if not _rewritten(old, new, ground):
                yield scans(table)
                yield blocks_reads((table,), "meanwhile")


def _becomes_required(ref: Ref, old: Column, new: Column, ground: Ground) -> bool:
    must = not new.nullable or new.identity is not None
    return ground.has_rows(ref.owner) and ref.within == "table" and old.nullable and must


def _rewritten(old: Column, new: Column, ground: Ground) -> bool:
    if old.type != new.type and ground.casts.rewrites(old.type, new.type):
        return True
    return old.generated != new.generated and new.generated is not None


def _proven(column: Ref, table: Ref, at: int, ground: Ground) -> bool:
    """Whether a valid check, or a primary key, is there that admits no null in the column."""
    for source in (ground.before, ground.after):
        for ref, obj in _constraints(source.get(table), table):
            if ground.still_there(ref, at) and _admits_no_null(obj, column):
                return True
    return False


def _constraints(table: object, ref: Ref) -> Iterator[tuple[Ref, Check | PrimaryKey]]:
    for constraint in (*getattr(table, "checks", ()), *getattr(table, "primary_keys", ())):
        yield ref.of(constraint.kind, constraint.name), constraint


def _admits_no_null(constraint: Check | PrimaryKey, column: Ref) -> bool:
    if isinstance(constraint, PrimaryKey):
        return column in constraint.columns
    text = render(constraint.expr).replace("(", "").replace(")", "").casefold().strip()
    plain = text.removeprefix(f"{column.name.casefold()}.")
    proven = plain == f"{render(column).casefold()} is not null"
    return constraint.validated and constraint.enforced and not constraint.no_inherit and proven


def regenerated(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """SET EXPRESSION computes every value of a stored column anew."""
    match change:
        case Alter(ref, Column(generated=old), Column(generated=new)) if old != new and ground.has_rows(
            ref.owner
        ):
            if new is not None and new.stored:
                yield from rewrites(ref.owner or ref)


def counted(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """A new identity goes on from the highest value there is, which must be found."""
    match change:
        case Alter(ref, Column(identity=None), Column() as new) if new.identity is not None:
            table = ground.table(ref.owner)
            if table is not None and ground.has_rows(ref.owner) and not _led_by(table, ref):
                yield scans(ref.owner or ref)
                yield blocks_reads((ref.owner or ref,), "meanwhile")


def _led_by(table: object, column: Ref) -> bool:
    """Whether an index finds the ends of a column at once."""
    keys = (*getattr(table, "primary_keys", ()), *getattr(table, "uniques", ()))
    return any(key.columns[:1] == (column,) for key in keys) or any(
        i.method == "btree" and i.where is None and i.keys[0].column == column
        for i in getattr(table, "indexes", ())
    )
