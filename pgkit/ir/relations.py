"""Tables, columns, views, materialized views and sequences.

Facts: pg_class, pg_attribute, pg_sequence; the manual, CREATE TABLE, CREATE VIEW, CREATE SEQUENCE.
"""

from typing import ClassVar

from attrs import frozen

from pgkit.diag import Span
from pgkit.ir.constraints import Check, ForeignKey, Index, Policy, PrimaryKey, Unique
from pgkit.ir.expr import Expr
from pgkit.ir.fields import derived, members, name, note, recreate
from pgkit.ir.names import Ref
from pgkit.ir.types import PgType

_LIMITS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}


@frozen(kw_only=True)
class SequenceOptions:
    """The numbers of a sequence, all of them resolved; see `sequence_options`."""

    increment: int = 1
    start: int = 1
    min_value: int = 1
    max_value: int = 2**63 - 1
    cache: int = 1
    cycle: bool = False


def sequence_options(
    type: str = "bigint",
    *,
    increment: int = 1,
    start: int | None = None,
    min_value: int | None = None,
    max_value: int | None = None,
    cache: int = 1,
    cycle: bool = False,
) -> SequenceOptions:
    """The options that CREATE SEQUENCE AS `type` would store, given those that are written."""
    limit = _LIMITS.get(type, 2**63)
    low = min_value if min_value is not None else (1 if increment > 0 else -limit)
    high = max_value if max_value is not None else (limit - 1 if increment > 0 else -1)
    first = start if start is not None else (low if increment > 0 else high)
    return SequenceOptions(
        increment=increment, start=first, min_value=low, max_value=high, cache=cache, cycle=cycle
    )


@frozen(kw_only=True)
class Identity:
    """GENERATED ALWAYS or BY DEFAULT AS IDENTITY. Its sequence's name is no part of equality."""

    always: bool = True
    options: SequenceOptions
    sequence: Ref | None = derived()


@frozen(kw_only=True)
class Generated:
    """GENERATED ALWAYS AS (expr), stored or computed when read (virtual, 18+)."""

    expr: Expr
    stored: bool = True


def sets_or_drops_expression(old: "Column", new: "Column", version: int) -> bool:
    """DROP EXPRESSION works on stored columns, SET EXPRESSION too from 17 on; the rest is made anew.

    18 refuses SET EXPRESSION of a virtual column where its table has a check or is published; to make it anew
    is no rewrite. With the type changed too, the old expression would have to fit the new type for a moment.
    """
    if old.generated is None or not old.generated.stored:
        return False
    if new.generated is None:
        return True
    return version >= 17 and new.generated.stored and old.type == new.type


@frozen(kw_only=True)
class Column:
    """A column of a table, or one that a view or a materialized view gives."""

    kind: ClassVar = "column"
    name: str = name()
    type: PgType
    nullable: bool = True
    default: Expr | None = None
    identity: Identity | None = None
    generated: Generated | None = recreate(unless=sets_or_drops_expression, default=None)
    collation: Ref | None = None  # None: the type's own
    inherited: bool = derived(False)  # it comes and goes with that of a parent table
    comment: str | None = None
    span: Span | None = note()


@frozen(kw_only=True)
class Table:
    """A table with all that belongs to it."""

    kind: ClassVar = "table"
    schema: str = name(default="public")
    name: str = name()
    columns: tuple[Column, ...] = members(Column)
    primary_keys: tuple[PrimaryKey, ...] = members(PrimaryKey)
    uniques: tuple[Unique, ...] = members(Unique)
    foreign_keys: tuple[ForeignKey, ...] = members(ForeignKey)
    checks: tuple[Check, ...] = members(Check)
    indexes: tuple[Index, ...] = members(Index)
    policies: tuple[Policy, ...] = members(Policy)
    unlogged: bool = False
    row_security: bool = False
    force_row_security: bool = False
    storage: tuple[tuple[str, str], ...] = ()  # storage parameters, toast.* included, sorted by name
    attached: tuple[tuple[str, str, str], ...] = derived(())  # of a partition: kind, name and parent's name
    partition_by: str | None = derived()  # in plans: what CREATE TABLE must say at once, `RANGE (a)`
    parents: tuple[Ref, ...] = derived(())  # in plans: those that it inherits from, in their order
    comment: str | None = None
    span: Span | None = note()

    @property
    def ref(self) -> Ref:
        """The Ref of this table."""
        return Ref("table", self.schema, self.name)

    @property
    def primary_key(self) -> PrimaryKey | None:
        """The primary key, if there is one."""
        return self.primary_keys[0] if self.primary_keys else None


def replaceable(old: "View", new: "View", version: int) -> bool:
    """CREATE OR REPLACE VIEW keeps the columns that are there and puts others after them."""
    kept = zip(old.columns, new.columns, strict=False)
    known = bool(old.columns) and len(old.columns) <= len(new.columns)
    return known and all((a.name, a.type, a.collation) == (b.name, b.type, b.collation) for a, b in kept)


@frozen(kw_only=True)
class View:
    """A view; its columns follow from its query."""

    kind: ClassVar = "view"
    schema: str = name(default="public")
    name: str = name()
    query: Expr = recreate(unless=replaceable)
    options: tuple[tuple[str, str], ...] = ()  # check_option, security_barrier, security_invoker
    columns: tuple[Column, ...] = derived(())
    comment: str | None = None
    span: Span | None = note()


def sets_method(old: "MaterializedView", new: "MaterializedView", version: int) -> bool:
    """SET ACCESS METHOD is there from 15 on."""
    return version >= 15


@frozen(kw_only=True)
class MaterializedView:
    """A materialized view; its columns follow from its query."""

    kind: ClassVar = "materialized_view"
    schema: str = name(default="public")
    name: str = name()
    query: Expr = recreate()
    method: str = recreate(unless=sets_method, default="heap")
    storage: tuple[tuple[str, str], ...] = ()
    indexes: tuple[Index, ...] = members(Index)
    columns: tuple[Column, ...] = derived(())
    populated: bool = derived(True)  # WITH DATA; a fact about rows, not about the schema
    comment: str | None = None
    span: Span | None = note()


@frozen(kw_only=True)
class Sequence:
    """A sequence that no identity column owns. `owned_by` is the column that it goes with (serial)."""

    kind: ClassVar = "sequence"
    schema: str = name(default="public")
    name: str = name()
    type: PgType
    options: SequenceOptions
    unlogged: bool = False
    owned_by: Ref | None = None
    comment: str | None = None
    span: Span | None = note()
