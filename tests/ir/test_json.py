"""Snapshots: what is in one, and what is not."""

import json
from typing import Any

from pgkit.diag import Source, Span
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Check
from pgkit.ir.expr import opaque
from pgkit.ir.json import dumps
from pgkit.ir.kinds import Schema
from pgkit.ir.relations import Column, MaterializedView, Table, View
from pgkit.ir.types import Scalar

SPAN = Span(Source("schema.pgkit", "said"), 0, 4)


def keys(value: Any) -> set[str]:
    """Every key inside a JSON value."""
    if isinstance(value, list):
        return {key for item in value for key in keys(item)}
    if isinstance(value, dict):
        return {*value, *(key for item in value.values() for key in keys(item))}
    return set()


def test_where_it_came_from_is_not_in_it() -> None:
    """A note is about the source: at no depth is it part of a snapshot, nor of its fingerprint."""
    column = Column(name="c", type=Scalar("text"), span=SPAN)
    check = Check(name="k", expr=opaque("true"), span=SPAN, given="other")
    parts: Any = {"schema": "a", "columns": (column,), "span": SPAN}
    catalog = Catalog(
        schemas=(Schema(name="a", span=SPAN),),
        tables=(Table(name="t", checks=(check,), **parts),),
        views=(View(name="v", query=opaque("SELECT 1 AS c"), **parts),),
        materialized_views=(MaterializedView(name="m", query=opaque("SELECT 1 AS c"), **parts),),
    )
    assert keys(json.loads(dumps(catalog))).isdisjoint({"span", "given", "source"})
