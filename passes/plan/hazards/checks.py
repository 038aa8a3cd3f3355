"""Checks of tables and domains over rows that are there."""

from collections.abc import Iterator

from pgkit.ir.change import Alter, Change, Create
from pgkit.ir.constraints import Check
from pgkit.ir.kinds import Domain
from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard
from pgkit.ir.walk import refs_in
from pgkit.passes.plan.hazards import queries
from pgkit.passes.plan.hazards.ground import Ground
from pgkit.passes.plan.hazards.words import SHARE, blocks_reads, blocks_writes, listed, may_fail, scans
from pgkit.sql import Sql, sql


def check(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """ADD CHECK reads every row while nobody else does; VALIDATE lets others read and write."""
    match change:
        case Create(ref, Check(validated=True, enforced=True) as new) if ref.within == "table":
            if (table := ref.owner) and ground.has_rows(table):
                yield scans(table)
                yield blocks_reads((table,), "meanwhile")
                yield from _refuses(ref, table, new, ground)
        case Alter(ref, Check(validated=False), Check(validated=True) as new) if ref.within == "table":
            if (table := ref.owner) and ground.has_rows(table):
                yield scans(table)
                yield from _refuses(ref, table, new, ground)


def _refuses(ref: Ref, table: Ref, new: Check, ground: Ground) -> Iterator[Hazard]:
    known = ground.was_so(refs_in(new.expr))
    query = queries.refused(ground.called(table), ground.first(new.expr)) if known else None
    yield may_fail(f"on rows of {table} that {new.name or 'the check'} refuses", query)


def domain(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """A domain that refuses more has every table read that holds it: validateDomainCheckConstraint."""
    match change:
        case Alter(ref, Domain(nullable=True), Domain(nullable=False)):
            yield from _values(ref, "null", Sql("value IS NULL"), ground)
        case Create(ref, Check(validated=True, enforced=True) as new) if ref.within == "domain":
            yield from _checked(ref, new, ground)
        case Alter(ref, Check(validated=False), Check(validated=True) as new) if ref.within == "domain":
            yield from _checked(ref, new, ground)


def _checked(ref: Ref, new: Check, ground: Ground) -> Iterator[Hazard]:
    domain = ref.owner or ref
    if domain in ground.before and not ground.recreated(domain):
        test = sql("NOT ({check})", check=ground.first(new.expr))
        yield from _values(domain, f"values that {new.name or 'the check'} refuses", test, ground)


def _values(domain: Ref, what: str, test: Sql, ground: Ground) -> Iterator[Hazard]:
    columns = list(ground.columns_of(domain))
    if not columns:
        return
    tables = list(dict.fromkeys(ref.owner or ref for ref in columns))
    yield scans(*tables)
    yield blocks_writes(SHARE, tables, "meanwhile")
    message = f"on {what} in {listed(str(ref) for ref in columns)}"
    yield may_fail(message, queries.values([ground.called(ref) for ref in columns], test))
