"""`was`: what everything can be called that it was called before."""

from pathlib import Path

import pytest

from pgkit.backends.dsl import print_catalog
from pgkit.diag import Source
from pgkit.frontends import Lowered
from pgkit.frontends.dsl import lower, read
from pgkit.frontends.dsl.read import Raw
from pgkit.frontends.hints import print_hints
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.jobs.fmt import format_text
from pgkit.passes.normalize import normalize
from pgkit.passes.normalize.implied_names import without_implied_names
from pgkit.passes.renames import check_hints, effective, renamed, unmet


def declared(*texts: str) -> Lowered:
    """What files declare, without mistakes."""
    found = lower(Raw(tuple(Source(f"{i}.pgkit", text) for i, text in enumerate(texts))))
    assert found.diagnostics == ()
    return found


FORMS = [
    ("schema a was b", ["schema b -> a"]),
    ("role a was b", ["role b -> a"]),
    ("enum a was b { x }", ["enum public.b -> public.a"]),
    ("enum a { x was y, 'u v' was 'w ''' }", [
        "enum_value public.a.y -> public.a.x", 'enum_value public.a."w \'" -> public.a."u v"',
    ]),
    ("enum a was b { x was y }", ["enum public.b -> public.a", "enum_value public.b.y -> public.a.x"]),
    ("domain a was b as text constraint c was d check (value <> '')", [
        "domain public.b -> public.a", "constraint public.b.d -> public.a.c",
    ]),
    ("type a was b { x text was y }", ["composite public.b -> public.a", "attribute public.b.y -> public.a.x"]),
    ("range a was b (subtype = real)", ["range public.b -> public.a"]),
    ("sequence a was b", ["sequence public.b -> public.a"]),
    ("table a was b { x text was y }", ["table public.b -> public.a", "column public.b.y -> public.a.x"]),
    ("table t { x integer constraint c was d unique\n  constraint e was f check (x > 0)\n  index i was j (x)\n"
     "  policy p was q using (true)\n  row level security }", [
        "constraint public.t.d -> public.t.c", "constraint public.t.f -> public.t.e",
        "index public.t.j -> public.t.i", "policy public.t.q -> public.t.p",
    ]),
    ("table t { x integer\n  constraint p was q primary key (x)\n  constraint c was d unique (x)\n"
     "  constraint f was g foreign key (x) references t (x) }", [
        "constraint public.t.q -> public.t.p", "constraint public.t.d -> public.t.c",
        "constraint public.t.g -> public.t.f",
    ]),
    ("table t { x integer }\nview v was w as $$ select x as y from t $$ { y integer was x }", [
        "view public.w -> public.v", "column public.w.x -> public.v.y",
    ]),
    ("table t { x integer }\nmaterialized view v was w as $$ select x from t $$ { index i was j (x) }", [
        "materialized_view public.w -> public.v", "index public.w.j -> public.v.i",
    ]),
    ("schema a\ntable a.t was public.u { x text }", ["table public.u -> a.t"]),
    ("schema a was b\ntable a.t { x text was y }", ["schema b -> a", "column b.t.y -> a.t.x"]),
    ("schema a was b\ntable a.t was u { x text was y }", [
        "schema b -> a", "table b.u -> a.t", "column b.u.y -> a.t.x",
    ]),
    ("schema a was b\nschema b was a\ntable a.t was a.t { x text was y }", [
        "schema b -> a", "schema a -> b", "table a.t -> a.t", "column a.t.y -> a.t.x",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "hints"), FORMS, ids=[text for text, _ in FORMS])
def test_every_kind_says_what_it_was(text: str, hints: list[str]) -> None:
    """The old name is wholly of before: in the old name of its owner, and of its schema unless it says another."""
    found = declared(text)
    assert print_hints(found.hints).splitlines() == hints
    assert all(found.hints.places[pair].source.text == text for pair in found.hints.renames)


@pytest.mark.parametrize(("text", "hints"), FORMS, ids=[text for text, _ in FORMS])
def test_what_it_was_is_kept(text: str, hints: list[str]) -> None:
    """The formatter and the printer write it, and it is read as it was."""
    found = declared(text)
    once = format_text(Source("x.pgkit", text))
    assert format_text(Source("x.pgkit", once)) == once
    for written in (once, print_catalog(without_implied_names(normalize(found.catalog)), found.hints)):
        again = declared(written)
        assert set(again.hints.renames) == set(found.hints.renames)
        assert normalize(again.catalog) == normalize(found.catalog)


def test_one_schema_in_two_files() -> None:
    """What a schema was called is said once, wherever the tables are."""
    found = declared("table a.t was u { x text }", "schema a was b")
    assert print_hints(found.hints) == "table b.u -> a.t\nschema b -> a\n"


STEPS = [
    "schema b\ntable b.u { y text }",
    "schema a was b\ntable a.u { y text }",
    "schema a was b\ntable a.t was u { y text }",
    "schema a was b\ntable a.t was u { x text was y }",
]


@pytest.mark.parametrize("done", range(len(STEPS)))
def test_what_was_done_before_is_left_out(done: int) -> None:
    """However many of the renames a database has, the rest is told in the names that it has by now."""
    before, after = (normalize(declared(STEPS[i]).catalog) for i in (done, -1))
    left = effective(before, after, declared(STEPS[-1]).hints)
    assert len(left.renames) == len(STEPS) - 1 - done
    assert check_hints(before, after, left) == ()
    assert renamed(before, left).tables == after.tables


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "schema a was b\ntable a.t was u { x text was y }"),
        (
            "table people { x text }\ntable users { x text }",
            "table people was users { x text }\ntable users { x text }",
        ),
        ("table people { x text }", "table people was users { x text was y }\ntable users { x text }"),
        ("table t { x text }", "table t { z text was y }"),
    ],
    ids=["nothing there", "the old name used again", "the old name used again now", "never there"],
)
def test_what_says_nothing_new_is_harmless(before: str, after: str) -> None:
    """`was` stays in the file as long as one likes, and says nothing where there is nothing to rename."""
    found = declared(after)
    left = effective(normalize(declared(before).catalog), normalize(found.catalog), found.hints)
    assert left == Hints()


def test_a_slip_is_noted() -> None:
    """What was never called so is made anew, and that is said: not where its table is new as well."""
    before = normalize(declared("table t { x text }").catalog)
    found = declared(
        "table t { x text\n  z text was y }\ntable u was v { w text was x }\ntable n { m text was l }"
    )
    notes = unmet(before, normalize(found.catalog), found.hints)
    assert [d.message for d in notes] == [
        "public.t.z was public.t.y, but there is no such column before: it is made anew",
        "public.u was public.v, but there is no such table before: it is made anew",
    ]
    assert all(d.span is not None and d.span.line_col()[0] > 1 for d in notes)
    assert unmet(Catalog(), normalize(found.catalog), found.hints) == ()


def test_from_files(tmp_path: Path) -> None:
    """Hints come from all files of a folder."""
    (tmp_path / "a.pgkit").write_text("schema a was b\n")
    (tmp_path / "b.pgkit").write_text("table a.t was u { x text }\n")
    assert len(lower(read(tmp_path)).hints.renames) == 2
