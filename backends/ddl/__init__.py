"""The DDL backend: changes as SQL statements, one emitter a kind.

Invariant: it prints the changes it is given, in the order given; what comes first is a pass's business.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, assert_never

from attrs import frozen

from pgkit.backends.ddl import constraint, index, policy, relation, table, types
from pgkit.backends.ddl.emitter import Emitter
from pgkit.ir.change import Alter, Change, Create, Drop, Rename
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.sql import Sql

EMITTERS: Final[dict[str, Emitter[Any]]] = {
    e.kind.kind: e
    for e in (
        *types.EMITTERS,
        *relation.EMITTERS,
        table.EMITTER,
        *constraint.EMITTERS,
        index.EMITTER,
        policy.EMITTER,
    )
}


def _block(ref: Ref, new: Unmodelled) -> "Iterator[Statement]":
    if new.kind == "sql" and new.definition is not None:
        yield Statement(ref, Sql(new.definition.strip().removesuffix(";")))


@frozen
class Statement:
    """One statement, without its semicolon, and the object that it makes or changes."""

    ref: Ref
    sql: Sql


def emit(changes: Iterable[Change]) -> Iterator[Statement]:
    """The statements for changes, in their order. What has no emitter (unmodelled kinds) is left out.

    A `sql` block is its own text, which may hold several statements.
    """
    for change in changes:
        if isinstance(change, Create) and isinstance(change.new, Unmodelled):
            yield from _block(change.ref, change.new)
            continue
        emitter = EMITTERS.get(change.ref.kind)
        if emitter is None:
            continue
        match change:
            case Create(ref, new):
                statements = emitter.create(ref, new)
            case Drop(ref, old):
                statements = emitter.drop(ref, old)
            case Rename(ref, to):
                statements = emitter.rename(ref, to)
            case Alter():
                statements = emitter.alter(change)
            case _:
                assert_never(change)
        yield from (Statement(change.ref, s) for s in statements)
