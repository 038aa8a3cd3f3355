"""Hints as text: what is read, what is written, what is refused and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgkit.diag import Source
from pgkit.frontends.hints import merge, parse, print_hint, print_hints
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref

USERS, PEOPLE = Ref("table", "public", "users"), Ref("table", "app", "people")
MOOD = Ref("enum", "app", "mood")

LINES = [
    ("schema app -> core", Ref("schema", "", "app"), Ref("schema", "", "core")),
    ("role r -> s", Ref("role", "", "r"), Ref("role", "", "s")),
    ("table users -> app.people", USERS, PEOPLE),
    ("column users.mail -> app.people.email", USERS.of("column", "mail"), PEOPLE.of("column", "email")),
    ('column public.users."fullName" -> app.people."a ""b"" -> c.d # x"', USERS.of("column", "fullName"),
     PEOPLE.of("column", 'a "b" -> c.d # x')),
    ("policy users.mine -> app.people.own", USERS.of("policy", "mine"), PEOPLE.of("policy", "own")),
    ("constraint users.c -> app.people.d", USERS.of("constraint", "c"), PEOPLE.of("constraint", "d")),
    ("index i -> app.j", Ref("index", "public", "i"), Ref("index", "app", "j")),
    ("index public.users.i -> app.people.j", USERS.of("index", "i"), PEOPLE.of("index", "j")),
    ("enum mood -> app.mood", Ref("enum", "public", "mood"), MOOD),
    ("enum_value app.mood.sad -> app.mood.'so ''so'' -> sad'", MOOD.of("enum_value", "sad"),
     MOOD.of("enum_value", "so 'so' -> sad")),
    ('enum_value app.mood.SAD -> app.mood."B"', MOOD.of("enum_value", "SAD"), MOOD.of("enum_value", "B")),
    ("materialized_view v -> w", Ref("materialized_view", "public", "v"), Ref("materialized_view", "public", "w")),
    ("type t -> u", Ref("composite", "public", "t"), Ref("composite", "public", "u")),
    ("attribute t.a -> t.b", Ref("composite", "public", "t").of("attribute", "a"),
     Ref("composite", "public", "t").of("attribute", "b")),
]  # fmt: skip


def read(text: str) -> Hints:
    """The hints of a text without mistakes."""
    hints, problems = parse(Source("pgkit.hints", text))
    assert problems == ()
    return hints


@pytest.mark.parametrize(("line", "old", "new"), LINES, ids=[line for line, _, _ in LINES])
def test_a_line_is_a_hint(line: str, old: Ref, new: Ref) -> None:
    """Each kind is named as SQL names it, in public unless a schema is given; spaces and remarks do not count."""
    assert read(line).renames == ((old, new),)
    assert read(f"\n  # first\n\t{line.replace(' -> ', '->', 1)}  # then\r\n").renames == ((old, new),)
    assert read(print_hint(old, new)).renames == ((old, new),)


def test_rows_of_a_removed_label() -> None:
    """`map` says which label the rows of another become."""
    pair = (MOOD.of("enum_value", "bored"), MOOD.of("enum_value", "ok"))
    hints = read("map enum_value app.mood.bored -> app.mood.ok")
    assert hints == Hints((), (pair,))
    assert print_hints(hints) == "map enum_value app.mood.bored -> app.mood.ok\n"


def test_what_is_said_twice_is_said_once() -> None:
    """Hints that agree are one, in a file and across files; each is told from where it stands first."""
    one, other = read("schema a -> b\nschema a -> b"), read("schema c -> d\nschema a -> b")
    both = merge(one, other)
    assert [str(old) for old, _ in both.renames] == ["a", "c"]
    assert one.places[one.renames[0]].line_col() == (1, 1)
    assert both.places[both.renames[1]].line_col() == (1, 1)


ODD = [
    ("tabel a -> b", (1, 1), "no kind of object is called tabel"),
    ("table a b", (1, 9), "expected ->, found b"),
    ("table a ->", (1, 11), "expected a name, found the end of the line"),
    ("table", (1, 6), "expected a name, found the end of the line"),
    ("schema a -> b\ntable a -> b c", (2, 14), "expected the end of the line, found c"),
    ("table a.b.c -> d", (1, 7), "a table is not named in 3 parts"),
    ("column a -> b", (1, 8), "a column is not named in 1 parts"),
    ("column a.fullName -> a.b", (1, 10), "a name with capitals and no quotes: fullName"),
    ('table "" -> b', (1, 7), "a name cannot be empty"),
    ("table 'a' -> b", (1, 7), "expected a name, found 'a'"),
    ("map table a -> b", (1, 5), "rows are mapped for labels only, not for a table"),
    ("-> b", (1, 1), "expected a kind of object, found ->"),
    ('table "a -> b', (1, 7), 'expected a name, found "'),
]


@pytest.mark.parametrize(("text", "at", "message"), ODD, ids=[text for text, _, _ in ODD])
def test_what_is_no_hint(text: str, at: tuple[int, int], message: str) -> None:
    """A line that is no hint is a finding at the very place; the others count."""
    hints, problems = parse(Source("pgkit.hints", f"{text}\nschema x -> y"))
    assert [d.message for d in problems] == [message]
    assert problems[0].span is not None
    assert problems[0].span.line_col() == at
    assert problems[0].help
    assert hints.renames[-1] == (Ref("schema", "", "x"), Ref("schema", "", "y"))


NAMES = st.text(min_size=1, max_size=8).filter(lambda t: "\n" not in t and "\0" not in t and t.isprintable())


@given(st.lists(st.tuples(NAMES, NAMES, NAMES, NAMES), min_size=1, max_size=3))
def test_what_is_written_is_read_back(names: list[tuple[str, str, str, str]]) -> None:
    """Whatever a name is made of, a hint that we write is the hint that we read."""
    pairs = {(Ref("table", s, t).of("column", c), Ref("table", s, t).of("column", d)) for s, t, c, d in names}
    hints = Hints(tuple(sorted(pairs)))
    assert read(print_hints(hints)) == hints


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    """No text makes the reader fall over."""
    hints, problems = parse(Source("x", text))
    assert all(d.render() for d in problems)
    assert len(hints.renames) <= text.count("->")
