"""What the DDL backend needs to know about one kind of object."""

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from attrs import frozen

from pgkit.ir.change import Alter
from pgkit.ir.names import Ref
from pgkit.sql import Sql

O = TypeVar("O")  # noqa: E741


def impossible(*parts: Any) -> Iterator[Sql]:
    """For what Postgres has no statement for, and no plan asks for."""
    raise ValueError(f"no statement does this to {parts[0]}")


@frozen(kw_only=True)
class Emitter(Generic[O]):
    """The statements of one kind; `fields` are those that `alter` handles.

    `rename` gets the name as it is and the one that it becomes: they differ in the schema or in the last
    name, never in both.
    """

    kind: type[O]
    create: Callable[[Ref, O], Iterator[Sql]] = impossible
    drop: Callable[[Ref, O], Iterator[Sql]] = impossible
    rename: Callable[[Ref, Ref], Iterator[Sql]] = impossible
    alter: Callable[[Alter], Iterator[Sql]] = impossible
    fields: frozenset[str] = frozenset()
