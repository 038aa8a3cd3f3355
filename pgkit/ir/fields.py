"""What a change in an IR field means. The differ reads these marks; nothing else decides."""

from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any

import attrs


class Mark(Enum):
    """The meaning of a field to the differ, to equality and to JSON."""

    ALTER = "alter"  # Postgres alters it in place
    RECREATE = "recreate"  # Postgres cannot alter it: drop and create
    MEMBERS = "members"  # a collection of objects, compared one by one
    NAME = "name"  # identity, compared by the differ itself
    DERIVED = "derived"  # follows from other fields: in JSON, no part of equality
    NOTE = "note"  # provenance: neither in JSON nor part of equality


def mark(m: Mark, **kw: Any) -> Any:
    """An attrs field that carries a mark."""
    metadata = {Mark: m, **kw.pop("metadata", {})}
    return attrs.field(
        metadata=metadata, eq=m not in (Mark.NOTE, Mark.DERIVED), repr=m is not Mark.NOTE, **kw
    )


def name(**kw: Any) -> Any:
    """Part of an object's identity."""
    return mark(Mark.NAME, **kw)


def recreate(unless: Callable[[Any, Any, int], bool] | None = None, **kw: Any) -> Any:
    """A change needs drop and create, `unless` (old, new, version) can be altered after all."""
    return mark(Mark.RECREATE, metadata={"unless": unless}, **kw)


def members(of: type[Any]) -> Any:
    """Objects that live inside this one, of class `of`."""
    return mark(Mark.MEMBERS, default=(), metadata={"of": of})


def derived(default: Any = None) -> Any:
    """Kept and printed, but never a difference."""
    return mark(Mark.DERIVED, default=default)


def note(default: Any = None) -> Any:
    """Where a value came from; not part of it."""
    return mark(Mark.NOTE, default=default)


def fields_marked(cls: Any, *marks: Mark) -> tuple[str, ...]:
    """The names of the fields of `cls` with one of these marks, in declaration order."""
    return _fields_marked(cls, marks)


@cache
def _fields_marked(cls: Any, marks: tuple[Mark, ...]) -> tuple[str, ...]:
    return tuple(f.name for f in attrs.fields(cls) if f.metadata.get(Mark, Mark.ALTER) in marks)


def metadata(cls: Any, field: str) -> dict[Any, Any]:
    """The metadata of one field."""
    found: dict[Any, Any] = dict(getattr(attrs.fields(cls), field).metadata)
    return found
