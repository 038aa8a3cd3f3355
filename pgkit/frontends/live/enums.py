"""Enum types."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from pgkit.frontends.live.names import Names
from pgkit.frontends.live.rows import Query, Raw, rows, select
from pgkit.frontends.live.types import declared
from pgkit.ir.kinds import Enum


class LabelRow(NamedTuple):
    """A label of an enum; the numbers only order it."""

    type: int
    order: float
    label: str


def labels(version: int) -> Query[LabelRow]:
    """The labels of every enum."""
    return select(
        "enum_label",
        LabelRow,
        "pg_catalog.pg_enum e",
        type="e.enumtypid",
        order="e.enumsortorder",
        label="e.enumlabel",
    )


def enums(raw: Raw, names: Names) -> Iterator[Enum]:
    """The declared enums, their labels in sort order."""
    found: dict[int, list[str]] = defaultdict(list)
    for label in sorted(rows(raw, labels)):
        found[label.type].append(label.label)
    for row in rows(raw, declared):
        if row.kind == "e":
            yield Enum(
                schema=row.schema,
                name=row.name,
                labels=tuple(found[row.oid]),
                comment=names.comment("pg_type", row.oid),
            )
