"""What goes with what is dropped: rows, values, privileges, and what depends on it."""

from collections.abc import Iterator
from typing import Final

from pgkit.grammar.definitions import alterable, replaceable
from pgkit.ir.change import Alter, Change, Create, Drop
from pgkit.ir.expr import Lit
from pgkit.ir.kinds import Attribute, Extension, Role, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard, HazardCode
from pgkit.ir.relations import Column, Sequence, Table
from pgkit.passes.belongings import goes_with
from pgkit.passes.plan.hazards.ground import Ground
from pgkit.passes.plan.hazards.words import listed, may_fail
from pgkit.sql import sql

_ROUTINES: Final = ("function", "procedure", "aggregate")
# What GRANT grants on: CREATE makes it without the privileges that it had.
_GRANTED: Final = frozenset(
    {
        *("table", "view", "materialized_view", "sequence", "foreign_table", "schema"),
        *("enum", "domain", "composite", "range", *_ROUTINES),
    }
)
# What Postgres drops with a table, and somebody wrote for its own sake.
_TAKEN_ALONG: Final = frozenset(("trigger", "rule"))


def rows(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """DROP TABLE, DROP COLUMN and DROP SEQUENCE; a generated column and a view hold nothing of their own."""
    match change:
        case Drop(ref, Table()):
            yield Hazard(HazardCode.DELETES_DATA, f"deletes the rows of {ref}")
        case Drop(ref, Column(generated=None)) if ref.within == "table":
            yield Hazard(HazardCode.DELETES_DATA, f"deletes the values of {ref}")
        case Drop(ref, Sequence() as old) if not _goes_on(old, ground):
            yield Hazard(HazardCode.DELETES_DATA, f"forgets where {ref} stands")
        case Drop(ref, Attribute()) if ref.owner is not None and _is_held(ref.owner, ground):
            yield Hazard(HazardCode.DELETES_DATA, f"deletes {ref.member} of every value of {ref.owner}")


def _goes_on(old: Sequence, ground: Ground) -> bool:
    """Whether a sequence was that of a column which goes too, or which goes on as an identity."""
    column = ground.after.get(old.owned_by) if old.owned_by is not None else None
    gone = old.owned_by is not None and column is None
    return gone or (isinstance(column, Column) and column.identity is not None)


def _is_held(type: Ref, ground: Ground) -> bool:
    """Whether a column of a table with rows is of a type, or of something made of it."""
    holders = tuple(ground.mentions.of(type))
    return any(r.kind == "column" and ground.has_rows(r.owner) for r in holders) or any(
        _is_held(r.owner or r, ground) for r in holders if r.kind in ("attribute", "domain")
    )


def privileges(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """What is dropped and made anew has the privileges of a new object."""
    match change:
        case Create(ref) if ref.kind in _GRANTED and (ground.recreated(ref) or ref in ground.remade):
            yield _without_privileges(ref)
        case Alter(ref, Unmodelled() as old, Unmodelled() as new) if ref.kind in _ROUTINES:
            if alterable(old, new) and not replaceable(old, new) and _first(old) != _first(new):
                yield _without_privileges(ref)


def _first(obj: Unmodelled) -> str:
    return (obj.definition or "").partition(";\n")[0]


def _without_privileges(ref: Ref) -> Hazard:
    return Hazard(HazardCode.LOSES_PRIVILEGES, f"makes {ref} anew, without the privileges granted on it")


def dependents(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """What Postgres takes along without being told."""
    match change:
        case Drop(ref, Extension()):
            yield Hazard(HazardCode.LOSES_DEPENDENTS, f"drops all that extension {ref} brings")
        case Drop(ref, Table()):
            if taken := [f"{r.kind} {r.member}" for r in _taken_along(ref, ground)]:
                yield Hazard(HazardCode.LOSES_DEPENDENTS, f"drops {listed(taken)} of {ref}")


def _taken_along(table: Ref, ground: Ground) -> Iterator[Ref]:
    for ref in ground.mentions.of(table):
        if ref.kind in _TAKEN_ALONG and goes_with(table, ground.before[ref]) and ref not in ground.changed:
            yield ref


def roles(change: Change, at: int, ground: Ground) -> Iterator[Hazard]:
    """DROP ROLE is refused while something belongs to the role, in any database."""
    match change:
        case Drop(ref, Role()):
            query = sql(
                "SELECT d.* FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid "
                "WHERE d.refclassid = 'pg_authid'::regclass AND r.rolname = {name} AND NOT (d.deptype = 'r' "
                "AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()))",
                name=Lit("string", ref.name),
            )
            yield may_fail(f"while {ref} owns something or has privileges", query.text)
