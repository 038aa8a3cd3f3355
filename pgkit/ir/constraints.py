"""Constraints, indexes and policies: what belongs to a table beside its columns.

Facts: pg_constraint, pg_index, pg_policy; the manual, 5.5 and 5.9, CREATE TABLE, CREATE INDEX, CREATE POLICY.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from attrs import frozen

from pgkit.diag import Span
from pgkit.ir.expr import Expr
from pgkit.ir.fields import Mark, mark, name, note, recreate
from pgkit.ir.names import Ref


class Deferral(StrEnum):
    """When a constraint is checked."""

    NO = "not deferrable"
    IMMEDIATE = "deferrable"
    DEFERRED = "deferrable initially deferred"


class Action(StrEnum):
    """What a foreign key does when the row it refers to goes or changes."""

    NO_ACTION = "no action"
    RESTRICT = "restrict"
    CASCADE = "cascade"
    SET_NULL = "set null"
    SET_DEFAULT = "set default"


@frozen(kw_only=True)
class PrimaryKey:
    """A primary key; a table has one at most."""

    kind: ClassVar = "primary_key"
    name: str = name()
    columns: tuple[Ref, ...] = recreate()
    include: tuple[Ref, ...] = recreate(default=())
    deferral: Deferral = recreate(default=Deferral.NO)
    comment: str | None = None
    given: str | None = note()  # the name in the source, where a pass put the implied one in `name`
    span: Span | None = note()


@frozen(kw_only=True)
class Unique:
    """A unique constraint; a unique index that is none is an Index."""

    kind: ClassVar = "unique"
    name: str = name()
    columns: tuple[Ref, ...] = recreate()
    include: tuple[Ref, ...] = recreate(default=())
    nulls_not_distinct: bool = recreate(default=False)
    deferral: Deferral = recreate(default=Deferral.NO)
    comment: str | None = None
    given: str | None = note()
    span: Span | None = note()


def alters_enforcement(old: "ForeignKey", new: "ForeignKey", version: int) -> bool:
    """ALTER CONSTRAINT ... [NOT] ENFORCED, from 18 on; what it enforces is validated by that."""
    return version >= 18 and new.validated


def validates(old: "ForeignKey | Check", new: "ForeignKey | Check", version: int) -> bool:
    """VALIDATE CONSTRAINT; there is no way back."""
    return new.validated


@frozen(kw_only=True)
class ForeignKey:
    """A foreign key. `set_columns` are those that SET NULL or SET DEFAULT touch, when not all (15+)."""

    kind: ClassVar = "foreign_key"
    name: str = name()
    columns: tuple[Ref, ...] = recreate()
    references: tuple[Ref, ...] = recreate()
    on_delete: Action = recreate(default=Action.NO_ACTION)
    on_update: Action = recreate(default=Action.NO_ACTION)
    set_columns: tuple[Ref, ...] = recreate(default=())
    match_full: bool = recreate(default=False)
    deferral: Deferral = Deferral.NO
    enforced: bool = recreate(unless=alters_enforcement, default=True)
    validated: bool = recreate(unless=validates, default=True)
    comment: str | None = None
    given: str | None = note()
    span: Span | None = note()


@frozen(kw_only=True)
class Check:
    """A check constraint of a table or a domain."""

    kind: ClassVar = "check"
    name: str = name()
    expr: Expr = recreate()
    no_inherit: bool = recreate(default=False)
    enforced: bool = recreate(default=True)
    validated: bool = recreate(unless=validates, default=True)
    comment: str | None = None
    given: str | None = note()
    span: Span | None = note()


@frozen(kw_only=True)
class IndexKey:
    """One key of an index: a column or an expression, and how it is sorted."""

    column: Ref | None = None
    expr: Expr | None = None
    collation: Ref | None = None  # None: the column's own
    opclass: str | None = None  # as SQL writes its name; None: the type's default for the method
    opclass_params: tuple[tuple[str, str], ...] = ()
    descending: bool = False
    nulls_first: bool = False  # Postgres's default is nulls first when descending


# Storage parameters that an index obeys from then on; the others it obeys when it is built.
_AT_WORK = frozenset(
    ("fillfactor", "deduplicate_items", "fastupdate", "gin_pending_list_limit", "autosummarize", "buffering")
)


def keeps_structure(old: "Index", new: "Index", version: int) -> bool:
    """ALTER INDEX SET changes any parameter, but most have no effect until the index is built anew."""
    return {name for name, _ in {*old.storage} ^ {*new.storage}} <= _AT_WORK


@frozen(kw_only=True)
class Index:
    """An index that no constraint owns, of a table or a materialized view."""

    kind: ClassVar = "index"
    name: str = name()
    keys: tuple[IndexKey, ...] = recreate()
    unique: bool = recreate(default=False)
    nulls_not_distinct: bool = recreate(default=False)
    method: str = recreate(default="btree")
    include: tuple[Ref, ...] = recreate(default=())
    where: Expr | None = recreate(default=None)
    # WITH (...), sorted by name
    storage: tuple[tuple[str, str], ...] = recreate(unless=keeps_structure, default=())
    comment: str | None = None
    given: str | None = note()
    span: Span | None = note()


def keeps_using(old: "Policy", new: "Policy", version: int) -> bool:
    """ALTER POLICY gives another USING, but takes none away."""
    return new.using is not None


def keeps_check(old: "Policy", new: "Policy", version: int) -> bool:
    """ALTER POLICY gives another WITH CHECK, but takes none away."""
    return new.check is not None


def _sorted(refs: Iterable[Ref]) -> tuple[Ref, ...]:
    return tuple(sorted(refs))


@frozen(kw_only=True)
class Policy:
    """A row-level security policy. No roles means PUBLIC."""

    kind: ClassVar = "policy"
    name: str = name()
    permissive: bool = recreate(default=True)
    command: str = recreate(default="all")  # all, select, insert, update, delete
    roles: tuple[Ref, ...] = mark(Mark.ALTER, default=(), converter=_sorted)  # their order says nothing
    using: Expr | None = recreate(unless=keeps_using, default=None)
    check: Expr | None = recreate(unless=keeps_check, default=None)
    comment: str | None = None
    span: Span | None = note()
