"""What Postgres alters in place from some version on, or in some cases only, and is made anew otherwise."""

from typing import Any

import pytest

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Create, Drop
from pgkit.ir.constraints import Check, ForeignKey, Index, Policy
from pgkit.ir.expr import Lit
from pgkit.ir.kinds import Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Generated, MaterializedView, Table, View
from pgkit.ir.types import Scalar
from pgkit.passes.diff import diff

_A, _B = Lit("number", "1"), Lit("number", "2")
_INT = Scalar("integer")
_T = Ref("table", "public", "t")
_KEY = {"name": "f", "columns": (_T.of("column", "a"),), "references": (_T.of("column", "b"),)}


def _column(**fields: Any) -> Catalog:
    return Catalog(tables=(Table(name="t", columns=(Column(name="c", type=_INT, **fields),)),))


def _generated(expr: Lit, stored: bool) -> Catalog:
    return _column(generated=Generated(expr=expr, stored=stored))


def _foreign_key(**fields: Any) -> Catalog:
    return Catalog(tables=(Table(name="t", foreign_keys=(ForeignKey(**_KEY, **fields),)),))


def _check(**fields: Any) -> Catalog:
    return Catalog(tables=(Table(name="t", checks=(Check(name="k", expr=_A, **fields),)),))


def _index(*storage: tuple[str, str]) -> Catalog:
    return Catalog(tables=(Table(name="t", indexes=(Index(name="i", keys=(), storage=storage),)),))


def _policy(**fields: Any) -> Catalog:
    return Catalog(tables=(Table(name="t", policies=(Policy(name="p", **fields),)),))


def _view(query: Lit, *columns: str) -> Catalog:
    made = tuple(Column(name=name, type=_INT) for name in columns)
    return Catalog(views=(View(name="v", query=query, columns=made),))


def _matview(method: str) -> Catalog:
    return Catalog(materialized_views=(MaterializedView(name="m", query=_A, method=method),))


def _enum(*labels: str) -> Catalog:
    return Catalog(enums=(Enum(name="e", labels=labels),))


# Before, after, and the version from which it is altered in place; None: never
CASES = {
    "method": (_matview("heap"), _matview("other"), 15),
    "stored to plain": (_generated(_A, True), _column(), 14),
    "another stored expression": (_generated(_A, True), _generated(_B, True), 17),
    "another virtual expression": (_generated(_A, False), _generated(_B, False), None),
    "virtual to stored": (_generated(_A, False), _generated(_A, True), None),
    "virtual to plain": (_generated(_A, False), _column(), None),
    "plain to stored": (_column(), _generated(_A, True), None),
    "foreign key enforced": (_foreign_key(enforced=False), _foreign_key(), 18),
    "foreign key not enforced": (_foreign_key(), _foreign_key(enforced=False), 18),
    "foreign key enforced from now on": (_foreign_key(enforced=False), _foreign_key(validated=False), None),
    "foreign key validated": (_foreign_key(validated=False), _foreign_key(), 14),
    "foreign key not valid any more": (_foreign_key(), _foreign_key(validated=False), None),
    "check enforced": (_check(enforced=False), _check(), None),
    "check validated": (_check(validated=False), _check(), 14),
    "check not valid any more": (_check(), _check(validated=False), None),
    "index that fills pages less": (_index(), _index(("fillfactor", "70")), 14),
    "index of another shape": (_index(), _index(("fillfactor", "70"), ("pages_per_range", "4")), None),
    "index without a shape of its own": (_index(("lists", "100")), _index(), None),
    "policy with a check": (_policy(using=_A), _policy(using=_A, check=_A), 14),
    "policy without using": (_policy(using=_A), _policy(), None),
    "policy without check": (_policy(using=_A, check=_A), _policy(using=_A), None),
    "view with a column more": (_view(_A, "a"), _view(_B, "a", "b"), 14),
    "view with a column less": (_view(_A, "a", "b"), _view(_B, "a"), None),
    "view of columns that nobody knows": (_view(_A), _view(_B), None),
    "labels": (_enum("b"), _enum("a", "b", "c"), 14),
    "labels, one gone": (_enum("a", "b"), _enum("a"), None),
    "labels, moved": (_enum("a", "b"), _enum("b", "a"), None),
}


@pytest.mark.parametrize(("before", "after", "since"), CASES.values(), ids=CASES)
def test_what_is_altered_since_when(before: Catalog, after: Catalog, since: int | None) -> None:
    """From that version on there is one alteration; before it, or ever, a drop and a creation."""
    for version in range(14, 19):
        kinds = [type(change) for change in diff(before, after, version=version)]
        assert kinds == ([Alter] if since is not None and version >= since else [Drop, Create])
