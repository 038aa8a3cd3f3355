"""Likely renames: what looks like one thing under two names, and what does not."""

from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Check, Index, IndexKey
from pgkit.ir.expr import opaque
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Enum, Schema
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table, View
from pgkit.ir.type_text import parse_type
from pgkit.passes.normalize import normalize
from pgkit.passes.renames import check_hints
from pgkit.passes.suggest import Suggestion, suggest
from pgkit.testing import catalogs, edited, renamed


def table(name: str, *columns: str, schema: str = "a", **parts: Any) -> Table:
    """A table of columns, written `name type`."""
    split = (c.split(" ", 1) for c in columns)
    made = tuple(Column(name=n, type=parse_type(t)) for n, t in split)
    return Table(schema=schema, name=name, columns=made, **parts)


def catalog(*objects: Any) -> Catalog:
    """These objects, in the schemas a and b."""
    kinds = {Table: "tables", Enum: "enums", View: "views"}
    parts: dict[str, Any] = {}
    for obj in objects:
        parts[kinds[type(obj)]] = (*parts.get(kinds[type(obj)], ()), obj)
    return normalize(Catalog(schemas=(Schema(name="a"), Schema(name="b")), **parts))


def said(before: Catalog, after: Catalog, *hints: tuple[Ref, Ref]) -> list[str]:
    """Each suggestion as `kind old -> new: why`."""
    return [f"{s.old.kind} {s.old} -> {s.new}: {s.reason}" for s in suggest(before, after, Hints(hints))]


def test_a_column_of_the_same_type_and_place() -> None:
    """The type must be the same, and the place or the name alike."""
    before = catalog(table("t", "id integer", "mail text", "n integer"))
    after = catalog(table("t", "id integer", "email text", "n integer"))
    assert said(before, after) == [
        "column a.t.mail -> a.t.email: the type is the same, so is the place and the names are alike"
    ]
    assert said(before, catalog(table("t", "id integer", "email uuid", "n integer"))) == []
    assert said(before, catalog(table("t", "id integer", "n integer", "zip text"))) == []
    assert said(before, catalog(table("t", "id integer", "n integer", "email text"))) != []


def test_what_could_be_two_says_so() -> None:
    """When two candidates are as likely, both are named."""
    before = catalog(table("t", "id integer", "a1 text", "a2 text"))
    after = catalog(table("t", "id integer", "b1 text", "b2 text"))
    t = Ref("table", "a", "t")
    assert {s.old.member: s.new.member for s in suggest(before, after)} == {"a1": "b1", "a2": "b2"}
    named = (
        catalog(table("t", "id integer", "name text")),
        catalog(table("t", "id integer", "first_name text", "last_name text")),
    )
    (found,) = suggest(*named)
    assert (found.new, found.others) == (t.of("column", "first_name"), (t.of("column", "last_name"),))
    (back,) = suggest(*reversed(named))
    assert (back.old, back.rivals) == (t.of("column", "first_name"), (t.of("column", "last_name"),))


def test_tables() -> None:
    """Half of the columns must be the same; a single one says little."""
    before = catalog(table("users", "id integer", "mail text", "n integer"))
    assert said(before, catalog(table("people", "id integer", "mail text"))) == [
        "table a.users -> a.people: 2 of 3 columns are the same"
    ]
    assert said(before, catalog(table("users", "id integer", "mail text", "n integer", schema="b"))) == [
        "table a.users -> b.users: all 3 columns are the same"
    ]
    assert said(before, catalog(table("people", "id integer", "x text", "y integer"))) == []
    assert said(catalog(table("x", "id integer")), catalog(table("things", "id integer"))) == []


def test_what_is_hinted_at_is_not_suggested_again() -> None:
    """With its table renamed by a hint, a column is looked for inside it; its hint is in the names of both sides."""
    users, people = Ref("table", "a", "users"), Ref("table", "a", "people")
    before = catalog(table("users", "id integer", "mail text"))
    after = catalog(table("people", "id integer", "email text"))
    assert said(before, after) == []
    assert [(s.old, s.new) for s in suggest(before, after, Hints(((users, people),)))] == [
        (users.of("column", "mail"), people.of("column", "email"))
    ]


def test_labels_in_their_place() -> None:
    """A label that another stands for, in the same place of the order."""
    before = catalog(Enum(schema="a", name="mood", labels=("sad", "ok", "glad")))
    after = catalog(Enum(schema="a", name="mood", labels=("blue", "ok", "glad", "mad")))
    assert said(before, after) == ["enum_value a.mood.sad -> a.mood.blue: the place in the order is the same"]


def test_a_schema_and_not_all_that_is_in_it() -> None:
    """What is in a schema that may have another name is not suggested one by one."""
    objects = [table("t", "id integer", "x text"), Enum(schema="a", name="e", labels=("l",))]
    before = normalize(Catalog(schemas=(Schema(name="a"),), tables=(objects[0],), enums=(objects[1],)))  # type: ignore[arg-type]
    moved = [attrs.evolve(o, schema="c") for o in objects]
    after = normalize(Catalog(schemas=(Schema(name="c"),), tables=(moved[0],), enums=(moved[1],)))  # type: ignore[arg-type]
    assert said(before, after) == ["schema a -> c: all 2 objects in it have the same name"]


def test_the_same_definition() -> None:
    """Indexes, checks, views and enums that are the same but for their names."""
    column = Ref("table", "a", "t").of("column", "x")

    def made(index: str, check: str, view: str, enum: str) -> Catalog:
        parts = {
            "indexes": (Index(name=index, keys=(IndexKey(column=column),)),),
            "checks": (Check(name=check, expr=opaque("(x <> ''::text)")),),
        }
        return catalog(
            table("t", "x text", **parts),
            View(schema="a", name=view, query=opaque("SELECT x FROM a.t")),
            Enum(schema="a", name=enum, labels=("l", "m")),
        )

    assert said(made("i", "c", "v", "e"), made("j", "d", "w", "f")) == [
        "enum a.e -> a.f: all 2 labels are the same",
        "view a.v -> a.w: the definition is the same",
        "check a.t.c -> a.t.d: the definition is the same",
        "index a.t.i -> a.t.j: the definition is the same",
    ]


@given(st.data())
def test_a_suggestion_is_a_hint_that_can_be_given(data: st.DataObject) -> None:
    """Whatever is suggested can be said, all of it together, and is said the same every time."""
    before = normalize(data.draw(catalogs()))
    after = data.draw(renamed(data.draw(edited(before))))[0]
    found = suggest(before, after)
    assert found == suggest(before, after)
    assert check_hints(before, after, Hints(tuple((s.old, s.new) for s in found))) == ()
    assert suggest(after, after) == ()
    assert all(isinstance(s, Suggestion) and s.reason for s in found)
