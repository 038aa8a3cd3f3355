"""What a Drizzle snapshot can hold is read back from it as it was."""

import json
import re
from typing import Any, Final

import attrs
import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from pgkit.backends.drizzle import deltas, footprints, merged, rows, v7
from pgkit.diag import Source
from pgkit.frontends.drizzle.deltas import State, apply
from pgkit.frontends.drizzle.drafts import Drafts
from pgkit.frontends.drizzle.node import Node
from pgkit.frontends.drizzle.v7 import read_v7
from pgkit.frontends.drizzle.v8 import read_v8
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Deferral
from pgkit.ir.expr import Hole, Lit, Opaque
from pgkit.ir.names import Ref, truncate
from pgkit.ir.relations import Column, Identity, MaterializedView, Sequence, Table
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, Named, Scalar, element
from pgkit.ir.walk import map_members
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.testing import catalogs, edited

NONE = Source("snapshot", "{}")


def holdable(catalog: Catalog) -> Catalog:
    """The part of a catalog that Drizzle's format has words for."""
    kept = attrs.evolve(catalog, domains=(), composites=(), ranges=(), unmodelled=(), extensions=())
    return normalize(map_members(kept, _holdable))


def _holdable(ref: Ref, obj: Any) -> Any:
    obj = map_members(obj, _holdable, ref)
    fields = {name: value for name, value in _PLAIN.items() if hasattr(obj, name)}
    match obj:
        case Table():
            fields["row_security"] = obj.row_security or bool(obj.policies)
            fields["storage"] = ()
        case Column(type=type) if isinstance(inner := element(type), Named) and inner.ref.kind != "enum":
            fields["type"] = Scalar("text")
        case Sequence():
            fields["type"] = Scalar("bigint")
        case MaterializedView():
            fields["indexes"] = ()
    return attrs.evolve(obj, **fields)


# What Drizzle has no word for, as it is when nothing is said.
_PLAIN: Final = {
    "comment": None,
    "unlogged": False,
    "force_row_security": False,
    "include": (),
    "deferral": Deferral.NO,
    "validated": True,
    "match_full": False,
    "no_inherit": False,
    "owned_by": None,
}


def alike(catalog: Catalog) -> Catalog:
    """With each mention in one form, and defaults that mean the same written the same."""
    return map_members(catalog, _alike)


def _alike(ref: Ref, obj: Any) -> Any:
    obj = _one_form(map_members(obj, _alike, ref))
    if isinstance(obj, Column) and isinstance(obj.default, Lit):
        return attrs.evolve(obj, default=_plain(obj.default, obj.type))
    return obj


def _plain(default: Lit, type: Any) -> Lit:
    if isinstance(type, Scalar) and type.row.shape is Shape.JSON:
        return Lit("string", orjson.dumps(orjson.loads(default.text)).decode())
    if (
        isinstance(type, Scalar)
        and type.row.shape is Shape.DECIMAL
        and re.fullmatch(r"[-\d.]+", default.text)
    ):
        return Lit("number", default.text)
    return default


def _one_form(value: Any) -> Any:
    """Every mention by its own name alone."""
    if isinstance(value, Opaque):
        return attrs.evolve(value, holes=tuple(Hole(h.ref) for h in value.holes))
    if isinstance(value, tuple):
        return tuple(_one_form(item) for item in value)
    if not attrs.has(type(value)) or isinstance(value, Ref | Scalar | Named | Array | Identity):
        return value
    fields = {f.name: getattr(value, f.name) for f in attrs.fields(type(value)) if f.init}
    return attrs.evolve(value, **{name: _one_form(inner) for name, inner in fields.items()})


def lowered(value: Any) -> Catalog:
    """What a snapshot says, from its text; anything odd about it fails the test."""
    drafts, node = Drafts(), Node(NONE, json.loads(json.dumps(value)))
    if isinstance(value, dict):
        read_v7(node, drafts)
    else:
        read_v8([Node(NONE, row) for row in node.value], drafts)
    assert not drafts.problems, [d.render() for d in drafts.problems]
    return normalize(drafts.catalog())


@given(catalogs())
@settings(max_examples=150)
def test_version_7_keeps_all_it_can(c: Catalog) -> None:
    """A catalog in Drizzle's words is the same when it is read from a snapshot of version 7."""
    c = holdable(c)
    body = {**v7(c), "id": "a", "prevId": "b"}
    assert diff(alike(lowered(body)), alike(c)) == ()


@given(catalogs())
@settings(max_examples=150)
def test_rows_keep_all_they_can(c: Catalog) -> None:
    """A catalog in Drizzle's words is the same when it is read from the rows of versions 8 and 9."""
    c = holdable(c)
    assert diff(alike(lowered(list(rows(c).values()))), alike(c)) == ()


@given(catalogs().flatmap(lambda c: st.tuples(st.just(c), edited(c))))
@settings(max_examples=100)
def test_deltas_lead_there(pair: tuple[Catalog, Catalog]) -> None:
    """The deltas from one state to another, applied to the first as drizzle-kit does, make the second."""
    before, after = (rows(holdable(c)) for c in pair)
    steps = deltas(before, after)
    state: State = {key: Node(NONE, row) for key, row in before.items()}
    for delta in steps:
        apply(state, Node(NONE, json.loads(json.dumps(delta))), Drafts())
    assert {key: node.value for key, node in state.items()} == after
    assert all(f["statementType"] and len(f["statementTarget"]) > 1 for f in footprints(steps, before, after))


@given(catalogs().flatmap(lambda c: st.tuples(st.just(c), edited(c))))
@settings(max_examples=100)
def test_merging_brings_the_change(pair: tuple[Catalog, Catalog]) -> None:
    """Where the snapshot there is our own, what is merged is the one of the catalog after."""
    before, after = (v7(holdable(c)) for c in pair)
    assert merged(before, before, after) == after
    assert merged(after, before, before) == after


def test_what_drizzle_kit_knows_stays() -> None:
    """Texts in drizzle-kit's own spelling, and what only it knows, outlive a change to something else."""
    there = {"a": {"type": "numeric (1)", "odd": 1}, "b": {"x": 1}, "e": {"isExisting": True}}
    before = {"a": {"type": "numeric(1)"}, "b": {"x": 1}}
    after = {"a": {"type": "numeric(1)", "default": 3}, "c": {"x": 2}}
    expected = {
        "a": {"type": "numeric (1)", "odd": 1, "default": 3},
        "e": {"isExisting": True},
        "c": {"x": 2},
    }
    assert merged(there, before, after) == expected


def test_long_names() -> None:
    """A name that Postgres cuts is found again under the whole name that drizzle-kit keeps."""
    whole = "n" * 70
    there, cut = {whole: {"name": whole, "x": 1}}, truncate(whole)
    assert merged(there, {cut: {"name": cut, "x": 1}}, {cut: {"name": cut, "x": 2}}) == {
        whole: {"name": whole, "x": 2}
    }
    assert merged(there, {cut: {"name": cut, "x": 1}}, {}) == {}
