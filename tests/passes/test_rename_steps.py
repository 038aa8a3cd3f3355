"""Renames one by one: what stands in the way, what comes along, what is set aside."""

import attrs
import pytest

from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Check, Index, IndexKey, PrimaryKey, Unique
from pgkit.ir.expr import Opaque, opaque
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Domain, Enum, Role, Schema
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Sequence, Table, View, sequence_options
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.ir.walk import index
from pgkit.passes.normalize import normalize
from pgkit.passes.renames import check_hints, effective, rename, renamed, resolve
from pgkit.sql import render

TEXT = Scalar("text")


def table(name: str, *columns: str, schema: str = "a", **parts: object) -> Table:
    """A table of text columns."""
    made = tuple(Column(name=c, type=TEXT) for c in columns or ("id",))
    return Table(schema=schema, name=name, columns=made, **parts)  # type: ignore[arg-type]


def catalog(*tables: Table, **parts: object) -> Catalog:
    """Tables in the schemas a and b."""
    schemas = (Schema(name="a"), Schema(name="b"))
    return normalize(Catalog(schemas=schemas, tables=tables, **parts))  # type: ignore[arg-type]


def T(name: str, schema: str = "a") -> Ref:
    """A table's Ref."""
    return Ref("table", schema, name)


def on(table: str, column: str, name: str, schema: str = "a") -> Index:
    """An index on one column."""
    return Index(name=name, keys=(IndexKey(column=T(table, schema).of("column", column)),))


def steps(before: Catalog, *pairs: tuple[Ref, Ref], after: Catalog | None = None) -> list[str]:
    """The renames that hints take, as text; taken one by one they give the catalog in new names."""
    goal, found = rename(before, Hints(pairs), after)
    at = before
    for step in found:
        at = renamed(at, Hints(((step.ref, step.to),)))
    assert at == goal
    return [f"{s.ref} -> {s.to}" for s in found]


def test_a_chain_is_renamed_from_its_end() -> None:
    """What takes a name comes after what leaves it."""
    before = catalog(table("x"), table("y"), table("z"))
    pairs = (T("x"), T("y")), (T("y"), T("z")), (T("z"), T("w"))
    assert steps(before, *pairs) == ["a.z -> a.w", "a.y -> a.z", "a.x -> a.y"]


def test_a_swap_goes_through_a_third_name() -> None:
    """One of two that swap their names is set aside, under a name that is free on both sides."""
    before = catalog(table("x"), table("y"), table("x__old"))
    pairs = (T("x"), T("y")), (T("y"), T("x"))
    assert steps(before, *pairs) == ["a.x -> a.x__old1", "a.y -> a.x", "a.x__old1 -> a.y"]


def test_a_long_name_set_aside_is_cut() -> None:
    """The name for the meantime has 63 bytes at most."""
    long, other = "é" * 31, "o" * 63
    before = catalog(table(long), table(other))
    first = steps(before, (T(long), T(other)), (T(other), T(long)))[0]
    assert first == f"a.{long} -> a.{'é' * 29}__old"


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ((), ["a.x -> b.x", "b.x -> b.y"]),
        ((table("x", schema="b"),), ["a.x -> a.y", "a.y -> b.y"]),
        (
            (table("x", schema="b"), table("y")),
            ["a.x -> a.x__old", "a.x__old -> b.x__old", "b.x__old -> b.y"],
        ),
    ],
    ids=["free", "taken there", "taken on both sides"],
)
def test_moved_and_renamed(beside: tuple[Table, ...], expected: list[str]) -> None:
    """A table that changes schema and name takes the way that is free, or a third name."""
    assert steps(catalog(table("x"), *beside), (T("x"), T("y", "b"))) == expected


def test_the_index_of_a_moved_table_needs_its_name_there() -> None:
    """A table takes its indexes along: one whose name is taken there goes by another for the meantime."""
    swapped = [
        table("x", indexes=(on("x", "id", "i"),)),
        table("y", schema="b", indexes=(on("y", "id", "i", "b"),)),
    ]
    assert steps(catalog(*swapped), (T("x"), T("x", "b")), (T("y", "b"), T("y"))) == [
        "a.x.i -> a.x.i__old",
        "a.x -> b.x",
        "b.y -> a.y",
        "b.x.i__old -> b.x.i",
    ]


def test_a_table_takes_the_name_of_an_index() -> None:
    """Relations of one schema share their names, whatever they are."""
    before = catalog(table("x", indexes=(on("x", "id", "y"),)))
    pairs = (T("x"), T("y")), (T("x").of("index", "y"), T("y").of("index", "z"))
    assert steps(before, *pairs) == ["a.x.y -> a.x.z", "a.x -> a.y"]


def test_owned_sequences_come_along() -> None:
    """A sequence that a column owns moves with its table, without a step of its own."""
    owner = T("x").of("column", "id")
    sequence = Sequence(
        schema="a", name="s", type=Scalar("bigint"), options=sequence_options(), owned_by=owner
    )
    before = catalog(table("x"), sequences=(sequence,))
    assert steps(before, (T("x"), T("x", "b"))) == ["a.x -> b.x"]
    after = rename(before, Hints(((T("x"), T("x", "b")),)))[0]
    assert (after.sequences[0].schema, after.sequences[0].owned_by) == ("b", T("x", "b").of("column", "id"))
    alone = (Ref("sequence", "a", "s"), Ref("sequence", "b", "s"))
    assert [d.code for d in check_hints(before, renamed(before, Hints((alone,))), Hints((alone,)))] == [
        "moved-member"
    ]


@pytest.mark.parametrize(
    "gone",
    [
        {"enums": (Enum(schema="a", name="y", labels=("l",)),)},
        {"views": (View(schema="a", name="y", query=opaque("SELECT 1 AS one")),)},
        {"sequences": (Sequence(schema="a", name="y", type=Scalar("bigint"), options=sequence_options()),)},
        {"domains": (Domain(schema="a", name="y", type=TEXT),)},
    ],
    ids=lambda g: next(iter(g)),
)
def test_what_is_to_be_dropped_gives_way(gone: dict[str, object]) -> None:
    """Something of another kind that has the name, and will be dropped, is set aside first."""
    before, after = catalog(table("x"), **gone), catalog(table("y"))
    found, renames = rename(before, Hints(((T("x"), T("y")),)), after)
    assert [f"{s.ref} -> {s.to}" for s in renames] == ["a.y -> a.y__old", "a.x -> a.y"]
    assert {str(r) for r in index(found) if not r.member} == {"a", "b", "a.y", "a.y__old"}


def test_a_constraint_to_be_dropped_gives_way() -> None:
    """The constraints of one table share their names."""
    x = T("x")
    before = catalog(table("x", uniques=(Unique(name="u", columns=(x.of("column", "id"),)),),
                           checks=(Check(name="c", expr=opaque("(id <> ''::text)")),)))  # fmt: skip
    after = catalog(table("x", uniques=(Unique(name="c", columns=(x.of("column", "id"),)),)))
    assert steps(before, (x.of("unique", "u"), x.of("unique", "c")), after=after) == [
        "a.x.c -> a.x.c__old",
        "a.x.u -> a.x.c",
    ]


def test_what_was_dropped_keeps_its_name_where_nothing_wants_it() -> None:
    """Only what is in the way is set aside."""
    before = catalog(table("x"), table("z", indexes=(on("z", "id", "i"),)))
    assert steps(before, (T("x"), T("y")), after=catalog(table("y"))) == ["a.x -> a.y"]


def test_schemas_that_swap() -> None:
    """What is in a schema follows it, and a table may stay behind in what takes its name."""
    before = catalog(table("x"), table("y", schema="b"))
    a, b = Ref("schema", "", "a"), Ref("schema", "", "b")
    assert steps(before, (a, b), (b, a)) == ["a -> a__old", "b -> a", "a__old -> b"]
    staying = ((a, b), (b, a), (T("x"), T("x")))
    assert steps(before, *staying) == ["a -> a__old", "b -> a", "a__old -> b", "b.x -> a.x"]


def test_roles_swap() -> None:
    """Roles have names of their own."""
    before = catalog(roles=(Role(name="r"), Role(name="s")))
    r, s = Ref("role", "", "r"), Ref("role", "", "s")
    assert steps(before, (r, s), (s, r)) == ["r -> r__old", "s -> r", "r__old -> s"]


MOOD, ENUM = Ref("enum", "a", "mood"), Enum(schema="a", name="mood", labels=("sad", "so so", "ok"))
LABELS = (
    (MOOD.of("enum_value", "sad"), MOOD.of("enum_value", "it's")),
    (MOOD.of("enum_value", "so so"), MOOD.of("enum_value", "null")),
)
EXPRESSIONS = [
    ("m = 'sad'::a.mood", "m = 'it''s'::a.mood"),
    ("m = ANY (ARRAY['sad'::a.mood, 'so so'::a.mood])", "m = ANY (ARRAY['it''s'::a.mood, 'null'::a.mood])"),
    ("""ms <> '{sad,"so so",ok}'::a.mood[]""", """ms <> '{it''s,"null",ok}'::a.mood[]"""),
    ("m = CAST('sad' AS a.mood)", "m = CAST('it''s' AS a.mood)"),
    ("'sad'::text <> 'sad'::a.mood::text", "'sad'::text <> 'it''s'::a.mood::text"),
    ("m::text = 'sad'", "m::text = 'sad'"),
    ("m = 'sad' or 'so so' <> m or x = 'sad'", "m = 'it''s' or 'null' <> m or x = 'sad'"),
    ("m in ('ok', 'sad', 'so so')", "m in ('ok', 'it''s', 'null')"),
    (
        "m NOT IN ('sad') AND m IS NOT DISTINCT FROM 'so so'",
        "m NOT IN ('it''s') AND m IS NOT DISTINCT FROM 'null'",
    ),
    ("m > 'sad'::text", "m > 'sad'::text"),
    ("x = 'sad' and m = 'ok'", "x = 'sad' and m = 'ok'"),
]


@pytest.mark.parametrize(("old", "new"), EXPRESSIONS, ids=[old for old, _ in EXPRESSIONS])
def test_labels_inside_expressions(old: str, new: str) -> None:
    """A string that is cast to the enum, or compared with a column of it, is its label; any other is not."""

    def checked(text: str) -> Catalog:
        columns = (
            Column(name="m", type=Named(MOOD)),
            Column(name="ms", type=Array(Named(MOOD))),
            Column(name="x", type=TEXT),
        )
        made = Table(schema="a", name="t", columns=columns, checks=(Check(name="c", expr=opaque(text)),))
        return catalog(made, enums=(ENUM,))

    expr, expected = (
        c.tables[0].checks[0].expr for c in (renamed(checked(old), Hints(LABELS)), checked(new))
    )
    assert isinstance(expr, Opaque)
    assert expr == expected


@pytest.mark.parametrize(
    ("type", "old", "new"),
    [
        (Named(MOOD), "'sad'::a.mood", "'it''s'::a.mood"),
        (Named(MOOD), "'sad'", "'it''s'"),
        (Array(Named(MOOD)), "'{sad,NULL}'::a.mood[]", "'{it''s,NULL}'::a.mood[]"),
        (Named(Ref("domain", "a", "d")), "'sad'::a.mood", "'it''s'::a.mood"),
        (Named(Ref("domain", "a", "d")), "'sad'::a.d", "'it''s'::a.d"),
        (TEXT, "'sad'::text", "'sad'::text"),
    ],
)
def test_labels_inside_defaults(type: PgType, old: str, new: str) -> None:
    """A default of the enum, of an array of it or of a domain over it is a label."""

    def with_default(text: str) -> Catalog:
        made = Table(schema="a", name="t", columns=(Column(name="m", type=type, default=opaque(text)),))
        return catalog(made, enums=(ENUM,), domains=(Domain(schema="a", name="d", type=Named(MOOD)),))

    got = renamed(with_default(old), Hints(LABELS))
    assert got.tables == with_default(new).tables
    assert got.enums[0].labels == ("it's", "null", "ok")


def test_labels_are_checked() -> None:
    """A label that is not there, or is there already, cannot be meant; nor can rows keep a label that stays."""
    before = catalog(enums=(ENUM,))
    after = catalog(enums=(attrs.evolve(ENUM, labels=("so so", "blue")),))
    sad, blue, ok, so = (MOOD.of("enum_value", label) for label in ("sad", "blue", "ok", "so so"))

    def codes(**parts: tuple[tuple[Ref, Ref], ...]) -> list[str]:
        return [d.code for d in check_hints(before, after, Hints(**parts))]

    assert codes(renames=((sad, blue),), labels=((ok, so),)) == []
    assert codes(renames=((sad, so),)) == ["taken-name"]
    assert codes(renames=((blue, sad),)) == ["unknown-hint"]
    assert codes(labels=((so, blue),)) == ["taken-name"]
    assert codes(labels=((ok, sad),)) == ["unknown-hint"]
    assert codes(labels=((ok, so), (ok, blue))) == ["repeated-hint", "repeated-hint"]


def test_written_kinds_are_resolved() -> None:
    """`constraint` is any of them, of a table or a domain; an index may be called by its schema alone."""
    x = T("x")
    before = catalog(
        table("x", primary_keys=(PrimaryKey(name="p", columns=(x.of("column", "id"),)),), indexes=(on("x", "id", "i"),)),
        domains=(Domain(schema="a", name="d", type=TEXT, checks=(Check(name="c", expr=opaque("(VALUE <> ''::text)")),)),),
    )  # fmt: skip
    domain = Ref("domain", "a", "d")
    real = Hints(
        (
            (x.of("primary_key", "p"), x.of("primary_key", "q")),
            (x.of("index", "i"), x.of("index", "j")),
            (domain.of("check", "c"), domain.of("check", "e")),
        )
    )
    written = Hints(
        (
            (x.of("constraint", "p"), x.of("constraint", "q")),
            (Ref("index", "a", "i"), Ref("index", "a", "j")),
            (Ref("constraint", "a", "d", "c"), Ref("constraint", "a", "d", "e")),
        )
    )
    after = renamed(before, real)
    assert resolve(before, after, written) == real
    assert check_hints(before, after, written) == ()
    assert effective(before, after, written) == real
    assert effective(after, after, written) == Hints()


QUERIES = [
    ("SELECT mail FROM a.t", "SELECT {email} AS mail FROM {a.t}", {}),
    ("SELECT mail AS x FROM a.t", "SELECT {email} AS x FROM {a.t}", {}),
    ("SELECT lower(mail), mail, id FROM a.t ORDER BY mail", "SELECT lower({email}), {email} AS mail, {id} FROM {a.t} ORDER BY {email}", {}),
    ("SELECT t.mail FROM a.t", "SELECT {t.email} AS mail FROM {a.t}", {}),
    ("SELECT x.mail FROM (SELECT t.mail FROM a.t) x", "SELECT x.mail FROM (SELECT {t.email} AS mail FROM {a.t}) x", {}),
    ("SELECT mail FROM a.t UNION SELECT id FROM a.t", "SELECT {email} AS mail FROM {a.t} UNION SELECT {id} FROM {a.t}", {}),
    ("SELECT mail FROM a.t", "SELECT {email} FROM {a.t}", {"mail": "email"}),
    ("SELECT mail FROM a.t", "SELECT {email} AS post FROM {a.t}", {"mail": "post"}),
    ("SELECT id AS mail FROM a.t", "SELECT {id} AS \"Post\" FROM {a.t}", {"mail": "Post"}),
    ("SELECT id AS mail FROM a.t", "SELECT {id} FROM {a.t}", {"mail": "id"}),
    ("SELECT 'é' AS z, mail IS DISTINCT FROM id AS same, max(id) FROM a.t GROUP BY 1", "SELECT 'é' AS z, {email} IS DISTINCT FROM {id} AS equal, max({id}) AS most FROM {a.t} GROUP BY 1", {"same": "equal", "max": "most"}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "own"), QUERIES, ids=[f"{old} {own}" for old, _, own in QUERIES])
def test_a_view_keeps_its_columns(old: str, new: str, own: dict[str, str]) -> None:
    """A renamed column below a view is given by its old name still, unless the view's column is renamed too."""
    v = Ref("view", "a", "v")
    before = catalog(table("t", "id", "mail"), views=(View(schema="a", name="v", query=opaque(old)),))
    pairs = tuple((v.of("column", a), v.of("column", b)) for a, b in own.items())
    got = renamed(before, Hints(((T("t").of("column", "mail"), T("t").of("column", "email")), *pairs)))
    query = got.views[0].query
    assert isinstance(query, Opaque)
    holes = [str(render(Opaque(("{", "}"), (h,)))) for h in query.holes]
    assert "".join(map("".join, zip(query.text, (*holes, ""), strict=True))) == new
