"""How hazards are put into words: one clause, the object, and the lock by its name."""

from collections.abc import Iterable

from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard, HazardCode

EXCLUSIVE = "ACCESS EXCLUSIVE"
SHARE_ROW = "SHARE ROW EXCLUSIVE"
SHARE = "SHARE"


def rewrites(table: Ref, *, unless: str = "", others: Iterable[Ref] = ()) -> Iterable[Hazard]:
    """Every row is written anew, which nobody can read meanwhile; nor the tables that are held as well."""
    yield Hazard(HazardCode.REWRITES_TABLE, f"writes every row of {table} anew{unless}")
    yield blocks_reads((table, *others), "meanwhile")


def scans(*tables: Ref) -> Hazard:
    """Every row is read."""
    return Hazard(HazardCode.SCANS_TABLE, f"reads every row of {listed(str(t) for t in tables)}")


def blocks_reads(tables: Iterable[Ref], until: str) -> Hazard:
    """Nobody reads or writes while a lock is held."""
    names = listed(str(t) for t in dict.fromkeys(tables))
    return Hazard(HazardCode.BLOCKS_READS, f"holds {EXCLUSIVE} on {names} {until}")


def blocks_writes(lock: str, tables: Iterable[Ref], until: str) -> Hazard:
    """Nobody writes while a lock is held."""
    names = listed(str(t) for t in dict.fromkeys(tables))
    return Hazard(HazardCode.BLOCKS_WRITES, f"holds {lock} on {names} {until}")


def may_fail(message: str, query: str | None = None) -> Hazard:
    """Rows that are there may stop the step; the query finds them."""
    return Hazard(HazardCode.MAY_FAIL, f"fails {message}", query)


def listed(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
