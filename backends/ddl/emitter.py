"""What the DDL backend needs to know about one kind of object."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from attrs import frozen

from pgkit.ir.catalog import Object
from pgkit.ir.names import Ref
from pgkit.sql import Sql

O = TypeVar("O", bound=Object)  # noqa: E741


def _cannot_alter(ref: Ref, old: Object, new: Object) -> Iterator[Sql]:
    raise NotImplementedError(f"ALTER of a {ref.kind}")


@frozen(kw_only=True)
class Emitter(Generic[O]):
    """The statements of one kind."""

    kind: type[O]
    create: Callable[[Ref, O], Iterator[Sql]]
    alter: Callable[[Ref, O, O], Iterator[Sql]] = _cannot_alter
