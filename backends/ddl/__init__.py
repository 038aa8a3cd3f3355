"""The DDL backend: changes as SQL statements, one emitter a kind.

Invariant: it prints the changes it is given, in the order given; what comes first is a pass's business.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, assert_never

from attrs import frozen

from pgkit.backends.ddl import (
    column,
    constraint,
    database,
    index,
    policy,
    sequence,
    table,
    types,
    unmodelled,
    view,
)
from pgkit.backends.ddl.emitter import Emitter
from pgkit.ir.change import Alter, Change, Create, Drop, Rename
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.sql import Sql

_KINDS: Final[tuple[Emitter[Any], ...]] = (
    *database.EMITTERS,
    *types.EMITTERS,
    *sequence.EMITTERS,
    table.EMITTER,
    column.EMITTER,
    *constraint.EMITTERS,
    index.EMITTER,
    policy.EMITTER,
    *view.EMITTERS,
)
EMITTERS: Final[dict[str, Emitter[Any]]] = {
    **{e.kind.kind: e for e in _KINDS},
    "enum_value": types.LABELS,
}


@frozen
class Statement:
    """One statement, without its semicolon, and the object that it makes or changes."""

    ref: Ref
    sql: Sql


def emit(changes: Iterable[Change]) -> Iterator[Statement]:
    """The statements for changes, in their order. Of what the IR does not model, those that can be told.

    A `sql` block is its own text, which may hold several statements.
    """
    for change in changes:
        emitter = _emitter(change)
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


def _emitter(change: Change) -> Emitter[Any] | None:
    match change:
        case Create(_, Unmodelled()) | Drop(_, Unmodelled()) | Alter(_, Unmodelled()):
            return unmodelled.EMITTER
        case _:
            return EMITTERS.get(change.ref.kind)
