"""Changes of a whole table or a materialized view, and facts about tables that rewrite or read them."""

from collections.abc import Iterator

from pgkit.ir.change import Alter, Change, Create
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard, HazardCode
from pgkit.ir.relations import MaterializedView, Table
from pgkit.passes.plan.hazards.ground import Ground
from pgkit.passes.plan.hazards.words import blocks_reads, may_fail, rewrites, scans


def logged(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """SET LOGGED and SET UNLOGGED write the table anew; an unlogged one is empty after a crash."""
    match change:
        case Alter(ref, Table(unlogged=old), Table(unlogged=new)) if old != new and ground.has_rows(ref):
            yield from rewrites(ref)
            if new:
                message = f"{ref} is empty after a crash, and not replicated"
                yield Hazard(HazardCode.CHANGES_MEANING, message)


def method(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """SET ACCESS METHOD writes the rows anew, SET TABLESPACE copies the file."""
    match change:
        case Alter(ref, MaterializedView(method=old), MaterializedView(method=new)) if old != new:
            if ground.has_rows(ref):
                yield from rewrites(ref)
        case Create(ref, Unmodelled() as new) | Alter(ref, _, Unmodelled() as new):
            table = Ref("table", new.schema, new.name)
            if (
                new.kind in ("table_access_method", "tablespace")
                and ground.has_rows(table)
                and not new.member
            ):
                yield from rewrites(table)


def materialized(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """A materialized view that is made anew is gone until its query has run."""
    match change:
        case Create(ref, MaterializedView(populated=True)) if ground.recreated(ref):
            yield blocks_reads((ref,), "while its query runs")


def attached(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """ATTACH PARTITION reads the rows, to see that they belong there."""
    match change:
        case Create(_, Unmodelled(kind="partition_of") as new):
            table = Ref("table", new.schema, new.name)
            if ground.has_rows(table):
                yield scans(table)
                yield blocks_reads((table,), "meanwhile")
                yield may_fail(f"on rows of {table} outside the bounds of the partition")
