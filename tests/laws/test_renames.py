"""Rename hints: what is renamed is the same object, whoever mentions it, in whatever order hints come."""

import random
from collections.abc import Callable, Iterable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Rename
from pgkit.ir.expr import Opaque, opaque
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Enum, Schema
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table, View
from pgkit.ir.types import Named, Scalar
from pgkit.ir.walk import index, map_members, map_refs, members_of, ref_of
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.passes.renames import check_hints, effective, rename, renamed
from pgkit.passes.renames.names import followers
from pgkit.sql import quote
from pgkit.testing import catalogs
from tests.laws.strategies import clashes, exchanged

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

    def selected(view):  # type: ignore[no-untyped-def]
        return attrs.evolve(view, query=given_as_before(view.query, of))

    views = {f: tuple(map(selected, getattr(catalog, f))) for f in ("views", "materialized_views")}
    return map_refs(map_members(attrs.evolve(catalog, **views), named), of)


def given_as_before(query: Opaque, of: Callable[[Ref], Ref]) -> Opaque:
    """A query that selects plain columns, each still called as it was."""
    text = list(query.text)
    for i, hole in enumerate(query.holes):
        if hole.ref.kind == "column" and of(hole.ref).member != hole.ref.member:
            text[i + 1] = f" AS {quote(hole.ref.member)}{text[i + 1]}"
    return attrs.evolve(query, text=tuple(text))


def one_by_one(catalog: Catalog, steps: Iterable[Rename]) -> Catalog:
    """The catalog after each step in turn, every one of which Postgres would take."""
    for step in steps:
        if step.ref.kind == "multirange" and step.ref not in names_in(catalog):
            continue  # it is with its range already, but not in Postgres
        assert step.ref in names_in(catalog), step
        assert (step.ref.schema, step.ref.name) == (step.to.schema, step.to.name) or not step.ref.member
        if step.ref.kind != "schema":
            assert (step.ref.schema == step.to.schema) != (
                (step.ref.name, step.ref.member) == (step.to.name, step.to.member)
            ), step
        catalog = renamed(catalog, Hints(((step.ref, step.to),)))
        assert clashes(catalog) == [], step
    return catalog


def names_in(catalog: Catalog) -> set[Ref]:
    """Everything that can be renamed."""
    labels = (ref_of(e).of("enum_value", label) for e in catalog.enums for label in e.labels)
    return {*index(catalog), *labels}


@given(exchanged())
def test_names_and_schemas_exchanged(drawn: tuple[Catalog, Hints]) -> None:
    """Objects of any kind that take each other's names and schemas get there step by step."""
    before, hints = drawn
    after, steps = rename(before, hints)
    assert one_by_one(before, steps) == after
    goals, owned = dict(hints.renames), followers(before)
    for (ref, _), (now, _) in zip(members_of(before), members_of(after), strict=True):
        table = goals.get(owned[ref], owned[ref]) if ref in owned else now
        assert now == goals.get(ref, attrs.evolve(ref, schema=table.schema if ref in owned else ref.schema))


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
    assert one_by_one(c, steps) == got
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
    core = Ref("table", "core", "users")
    assert renames == (
        Rename(APP, Ref("schema", "", "core")),
        Rename(core, people),
        Rename(people.of("column", "full_name"), people.of("column", "name")),
    )
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
