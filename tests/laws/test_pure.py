"""What must hold for every catalog, without a server."""

from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Create, Drop
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.hints import Hints
from pgkit.ir.json import dumps, fingerprint, loads, sort
from pgkit.ir.names import Ref
from pgkit.ir.walk import index, map_members, map_refs, members_of, refs_in
from pgkit.passes.apply import apply
from pgkit.passes.diff import diff
from pgkit.passes.normalize import NORMALIZE, normalize
from pgkit.passes.plan import creation, plan
from pgkit.passes.renames import check_hints
from pgkit.testing import catalogs, edited, renamed


@given(catalogs())
def test_nothing_to_do(c: Catalog) -> None:
    """A catalog does not differ from itself, nor from an equal one made anew."""
    assert diff(c, c) == ()
    assert diff(c, loads(dumps(c))) == ()


@given(catalogs())
def test_snapshots_keep_everything(c: Catalog) -> None:
    """What is written as a snapshot is read back equal, bound or not, and prints the same."""
    for catalog in (c, normalize(c)):
        assert loads(dumps(catalog)) == sort(catalog)
        assert dumps(loads(dumps(catalog))) == dumps(catalog)


@given(catalogs())
def test_normalizations_are_idempotent(c: Catalog) -> None:
    """Each normalization done twice is done once."""
    for step in NORMALIZE:
        once = step(c)
        assert step(once) == once


@given(catalogs(), catalogs())
@settings(max_examples=150)
def test_a_difference_is_seen(a: Catalog, b: Catalog) -> None:
    """Two catalogs have no difference only if they hold the same objects."""
    same = {r: o for r, o in index(a).items() if r.kind != "table"} == {
        r: o for r, o in index(b).items() if r.kind != "table"
    }
    assert same or diff(a, b)


@given(catalogs())
def test_the_fingerprint_knows_no_order(c: Catalog) -> None:
    """Declaring the same objects in another order is the same catalog to a fingerprint."""
    shuffled = attrs.evolve(c, tables=c.tables[::-1], enums=c.enums[::-1], schemas=c.schemas[::-1])
    assert fingerprint(shuffled) == fingerprint(c)


@given(catalogs())
def test_creation_mentions_only_what_is_there(c: Catalog) -> None:
    """No step of making a catalog mentions an object of it that a later step makes."""
    c = normalize(c)
    declared = set(index(c))
    there: set[Ref] = set()
    for change in creation(c):
        match change:
            case Create(ref, new):
                there |= {ref, *(r for r, _ in members_of(new, ref))}
                there |= {ref.of("column", column.name) for column in getattr(new, "columns", ())}
                assert not (set(refs_in(new)) & declared) - there
            case Alter(ref, _, new):
                assert not ({ref, *refs_in(new)} & declared) - there
    assert there >= declared


@given(catalogs())
def test_creation_is_stable(c: Catalog) -> None:
    """The steps are the same on every run, and each object is made once."""
    steps = creation(normalize(c))
    assert steps == creation(normalize(loads(dumps(c)))) or sort(c) != c
    made = [s.ref for s in steps if isinstance(s, Create)]
    assert len(made) == len(set(made))


@given(catalogs())
def test_references_can_be_replaced(c: Catalog) -> None:
    """Replacing every Ref by itself gives the very same catalog; by another, none of the old is left."""
    c = normalize(c)
    assert map_refs(c, lambda r: r) is c
    moved = map_refs(c, lambda r: attrs.evolve(r, schema=r.schema + "2"))
    assert {r.schema for r in refs_in(moved)} == {r.schema + "2" for r in refs_in(c)}


def in_order(c: Catalog) -> Catalog:
    """The catalog with the members of its objects in one order: it is no part of what they say."""

    def visit(ref: Ref, obj: Any) -> Any:
        names = fields_marked(type(obj), Mark.MEMBERS)
        ordered = {n: tuple(sorted(getattr(obj, n), key=lambda m: m.name)) for n in names}
        return attrs.evolve(obj, **ordered) if ordered else obj

    return sort(map_members(c, visit))


@given(catalogs(), catalogs())
@settings(max_examples=200)
def test_diff_then_apply(a: Catalog, b: Catalog) -> None:
    """The plan from one catalog to another, applied to the first, gives the second."""
    a, b = normalize(a), normalize(b)
    assert in_order(apply(a, plan(a, b).changes)) == in_order(b)


@given(catalogs())
def test_creation_applied_to_nothing(c: Catalog) -> None:
    """The steps that make a catalog, applied to an empty one, give it."""
    c = normalize(c)
    assert in_order(apply(Catalog(), creation(c))) == in_order(c)


@given(st.data())
@settings(max_examples=150)
def test_edits_and_renames_together(data: st.DataObject) -> None:
    """A catalog that was edited and whose objects were renamed is reached by the diff with its hints."""
    before = normalize(data.draw(catalogs()))
    after, hints = data.draw(renamed(data.draw(edited(before))))
    kept = Hints(tuple(h for h in hints.renames if h[0] in index(before)))
    assert check_hints(before, after, kept) == ()
    assert in_order(apply(before, plan(before, after, kept).changes)) == in_order(after)


@given(st.data())
@settings(max_examples=150)
def test_a_plan_works_step_by_step(data: st.DataObject) -> None:
    """A plan ends in `after`, and no step leaves a mention of what is not there but of what is made anew."""
    before = normalize(data.draw(catalogs()))
    other = data.draw(st.booleans())
    after = normalize(data.draw(catalogs())) if other else data.draw(edited(before))
    steps = plan(before, after).changes
    again = {s.ref for s in steps if isinstance(s, Drop)} & {s.ref for s in steps if isinstance(s, Create)}
    at = before
    for step in steps:
        at = apply(at, (step,))
        declared = set(index(at))
        missing = {r for r in refs_in(at) if r in set(index(before)) | set(index(after))} - declared
        assert {r for r in missing if r not in again and r.owner not in again} == set(), step.ref
    assert in_order(at) == in_order(after)
