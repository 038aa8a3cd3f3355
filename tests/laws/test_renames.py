"""Rename hints: what is renamed is the same object, whoever mentions it, in whatever order hints come."""

import random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Rename
from pgkit.ir.expr import opaque
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Enum, Schema
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table, View
from pgkit.ir.types import Named, Scalar
from pgkit.ir.walk import index, map_members, map_refs
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.passes.renames import check_hints, effective, rename
from pgkit.testing import catalogs

RENAMEABLE = ("schema", "table", "column", "enum", "domain", "view", "index", "unique", "check", "policy")


def reference(catalog: Catalog, renames: dict[Ref, str]) -> Catalog:
    """The catalog with these last names replaced everywhere, by a plain rewrite of every part of every Ref."""
    schemas = {r.name: n for r, n in renames.items() if r.kind == "schema"}
    tops = {(r.kind, r.schema, r.name): n for r, n in renames.items() if r.schema and not r.member}

    def of(ref: Ref) -> Ref:
        if ref.kind == "schema":
            return attrs.evolve(ref, name=schemas.get(ref.name, ref.name))
        kind = ref.within if ref.member else ref.kind
        name = tops.get((kind, ref.schema, ref.name), ref.name)
        member = renames.get(ref, ref.member) if ref.member else ""
        return attrs.evolve(ref, schema=schemas.get(ref.schema, ref.schema), name=name, member=member)

    def named(ref: Ref, obj):  # type: ignore[no-untyped-def]
        obj, new = map_members(obj, named, ref), of(ref)
        place = {"schema": new.schema} if ref.schema and not ref.member else {}
        return attrs.evolve(obj, name=new.member or new.name, **place)

    return map_refs(map_members(catalog, named), of)


@given(catalogs(), st.randoms(use_true_random=False))
def test_a_renamed_catalog_has_no_other_difference(c: Catalog, chance: random.Random) -> None:
    """With hints for everything that was renamed, swaps included, nothing but the renames is left to do."""
    c = normalize(c)
    renames: dict[Ref, str] = {}
    groups: dict[tuple[str, Ref | None, str], list[Ref]] = {}
    for ref in index(c):
        if ref.kind in RENAMEABLE and not (ref.member and ref.within in ("view", "materialized_view")):
            groups.setdefault((ref.kind, ref.owner, "" if ref.owner else ref.schema), []).append(ref)
    for refs in groups.values():
        chosen = [r for r in refs if chance.random() < 0.5]
        own = [r.member or r.name for r in chosen]
        names = own[1:] + own[:1] if chance.random() < 0.5 else [f"new {n}" for n in own]
        renames.update({r: n for r, n in zip(chosen, names, strict=True) if n != (r.member or r.name)})
    after = reference(c, renames)
    new = dict(zip(index(c), index(after), strict=True))
    hints = Hints(tuple((old, new[old]) for old in renames))
    assert check_hints(c, after, hints) == ()
    got, steps = rename(c, hints)
    assert diff(got, after) == ()
    assert {s.ref for s in steps} == set(renames)
    assert rename(c, Hints(hints.renames[::-1]))[0] == got


BEFORE = normalize(
    Catalog(
        schemas=(Schema(name="app"),),
        enums=(Enum(schema="app", name="mood", labels=("a",)),),
        tables=(
            Table(
                schema="app",
                name="users",
                columns=(
                    Column(name="full_name", type=Scalar("text")),
                    Column(name="m", type=Named(Ref("enum", "app", "mood"))),
                ),
            ),
        ),
        views=(View(schema="app", name="v", query=opaque("SELECT full_name FROM app.users")),),
    )
)
USERS, APP = Ref("table", "app", "users"), Ref("schema", "", "app")


def test_several_hints_meet() -> None:
    """A schema, a table in it and a column of that, renamed at once: the hints speak of old and of new names."""
    people = Ref("table", "core", "people")
    hints = Hints(
        (
            (USERS.of("column", "full_name"), people.of("column", "name")),
            (USERS, people),
            (APP, Ref("schema", "", "core")),
        )
    )
    after, renames = rename(BEFORE, hints)
    assert [(t.schema, t.name, t.columns[0].name) for t in after.tables] == [("core", "people", "name")]
    assert after.tables[0].columns[1].type == Named(Ref("enum", "core", "mood"))
    assert {str(h.ref) for h in after.views[0].query.holes} == {"core.people.name", "core.people"}  # type: ignore[union-attr]
    assert renames == tuple(Rename(a, b) for a, b in hints.renames)
    assert effective(after, after, hints) == Hints()
    assert effective(BEFORE, after, hints) == hints


WRONG = [
    ((Ref("table", "app", "nobody"), Ref("table", "app", "people")), "unknown-hint"),
    ((USERS, Ref("table", "app", "nobody")), "unknown-hint"),
    ((USERS.of("column", "full_name"), USERS.of("column", "m")), "taken-name"),
    ((USERS.of("column", "full_name"), Ref("table", "app", "other").of("column", "m")), "moved-member"),
]


@pytest.mark.parametrize(("hint", "code"), WRONG, ids=[f"{code} {h[1]}" for h, code in WRONG])
def test_a_wrong_hint_is_refused(hint: tuple[Ref, Ref], code: str) -> None:
    """A hint that names nothing, names what is there already, or moves a member away, is a diagnostic."""
    assert code in {d.code for d in check_hints(BEFORE, BEFORE, Hints((hint,)))}
