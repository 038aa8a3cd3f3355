"""What hazards say, where no server is needed to know it."""

import attrs
import pytest

from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Create, Drop
from pgkit.ir.constraints import Check, ForeignKey, Index, IndexKey, PrimaryKey
from pgkit.ir.expr import Hole, Opaque, opaque
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Domain, Enum, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.plan import Hazard, HazardCode, Step
from pgkit.ir.relations import Column, Table, View
from pgkit.ir.types import Named, Scalar
from pgkit.passes.plan import plan
from pgkit.passes.plan.hazards import hazards

T = Ref("table", "app", "t")
A = T.of("column", "a")
INTEGER = Scalar("integer")


def table(*columns: Column, name: str = "t", schema: str = "app", **rest: object) -> Table:
    return Table(schema=schema, name=name, columns=columns, **rest)  # type: ignore[arg-type]


def catalog(*tables: Table, **rest: object) -> Catalog:
    return Catalog(tables=tables, **rest)  # type: ignore[arg-type]


def planned(
    before: Catalog, after: Catalog, *renames: tuple[Ref, Ref], version: int = 18
) -> tuple[Step, ...]:
    """The steps of the plan."""
    return plan(before, after, Hints(renames), version).steps


def found(steps: tuple[Step, ...]) -> list[tuple[str, str]]:
    return [(h.code.value, h.message) for step in steps for h in step.hazards]


def test_words() -> None:
    """A hazard is one clause that names the object, and a lock by its name."""
    before = catalog(table(Column(name="a", type=INTEGER)))
    after = catalog(table(Column(name="a", type=INTEGER, nullable=False)))
    assert found(planned(before, after)) == [
        ("may-fail", "fails on rows of app.t without a"),
        ("scans-table", "reads every row of app.t"),
        ("blocks-reads", "holds ACCESS EXCLUSIVE on app.t meanwhile"),
    ]


def test_queries_are_in_the_first_names() -> None:
    """A query is asked before the plan runs, so that it says the names that the plan will change."""
    before = catalog(table(Column(name="Old", type=INTEGER), name="was"))
    after = catalog(table(Column(name="a", type=INTEGER, nullable=False)))
    was = Ref("table", "app", "was")
    renames = ((was, T), (was.of("column", "Old"), A))
    (hazard,) = [
        h for s in planned(before, after, *renames) for h in s.hazards if h.code is HazardCode.MAY_FAIL
    ]
    assert hazard == Hazard(
        HazardCode.MAY_FAIL,
        "fails on rows of app.t without a",
        'SELECT * FROM app.was WHERE "Old" IS NULL',
    )


def test_queries_are_in_the_first_schema() -> None:
    """The names of what an expression mentions are the first ones, too."""
    before = catalog(table(Column(name="a", type=INTEGER), schema="old"))
    expr = Opaque(("", " > 0 AND ", " < 9"), (Hole(A, "schema.owner.name"), Hole(A)))
    after = catalog(table(Column(name="a", type=INTEGER), checks=(Check(name="c", expr=expr),)))
    renames = ((Ref("schema", "", "old"), Ref("schema", "", "app")),)
    queries = [h.query for s in planned(before, after, *renames) for h in s.hazards if h.query]
    assert queries == ["SELECT * FROM old.t WHERE NOT (old.t.a > 0 AND a < 9)"]


def test_no_query_without_its_names() -> None:
    """A query that would mention what the plan makes is left out."""
    before = catalog(table(Column(name="a", type=INTEGER)))
    expr = Opaque(("", " > ", ""), (Hole(A), Hole(T.of("column", "b"))))
    new = Column(name="b", type=INTEGER, default=opaque("5"))
    after = catalog(table(Column(name="a", type=INTEGER), new, checks=(Check(name="c", expr=expr),)))
    assert [h.query for s in planned(before, after) for h in s.hazards if h.code == "may-fail"] == [None]


def test_no_query_over_labels_that_the_plan_adds() -> None:
    """A check may say a label that its enum is yet to get."""
    mood = Ref("enum", "app", "mood")
    old, new = (Enum(schema="app", name="mood", labels=labels) for labels in (("ok",), ("ok", "sad")))
    column = Column(name="a", type=Named(mood))
    check = Check(name="c", expr=Opaque(("", " <> 'sad'"), (Hole(A),)))
    steps = planned(
        catalog(table(column), enums=(old,)), catalog(table(column, checks=(check,)), enums=(new,))
    )
    assert [h.query for s in steps for h in s.hazards if h.code == "may-fail"] == [None]


def test_what_is_new_is_no_hazard() -> None:
    """A table that the plan makes has no rows that could be lost, read or refused."""
    key = PrimaryKey(name="k", columns=(A,))
    index = Index(name="i", keys=(IndexKey(column=A),), unique=True)
    check = Check(name="c", expr=opaque("a > 0"), validated=False)
    other = Ref("table", "app", "u")
    fk = ForeignKey(name="f", columns=(other.of("column", "a"),), references=(A,))
    column = Column(name="a", type=INTEGER, nullable=False)
    after = catalog(
        table(column, primary_keys=(key,), indexes=(index,), checks=(check,)),
        table(column, name="u", foreign_keys=(fk,)),
    )
    assert found(planned(Catalog(), after)) == []


def test_one_hazard_of_a_code() -> None:
    """A step says each code once, in the order of codes, and no lesser lock beside a greater."""
    before = catalog(table(Column(name="a", type=Scalar("text"))))
    after = catalog(table(Column(name="a", type=INTEGER, nullable=False)))
    (step,) = planned(before, after)
    codes = [h.code for h in step.hazards]
    assert codes == [HazardCode.MAY_FAIL, HazardCode.REWRITES_TABLE, HazardCode.BLOCKS_READS]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("text", "boolean", "fails on rows of app.t whose a is no boolean"),
        ("bigint", "smallint", "fails on rows of app.t whose a is too large for smallint"),
    ],
)
def test_what_does_not_fit(old: str, new: str, message: str) -> None:
    """The values that a type refuses are put into words."""
    before, after = (catalog(table(Column(name="a", type=Scalar(t)))) for t in (old, new))
    assert ("may-fail", message) in found(planned(before, after))


def test_privileges_of_what_is_made_anew() -> None:
    """An enum that loses a label is a new type, and a view over it a new view."""
    mood = Ref("enum", "app", "mood")
    old, new = (Enum(schema="app", name="mood", labels=labels) for labels in (("ok", "sad"), ("ok",)))
    column = Column(name="a", type=Named(mood))
    view = View(
        schema="app", name="v", query=Opaque(("SELECT ", " FROM ", ""), (Hole(A), Hole(T, "schema.name")))
    )
    before = catalog(table(column), enums=(old,), views=(view,))
    after = catalog(table(column), enums=(new,), views=(view,))
    lost = [message for code, message in found(planned(before, after)) if code == "loses-privileges"]
    assert lost == [
        "makes app.mood anew, without the privileges granted on it",
        "makes app.v anew, without the privileges granted on it",
    ]


def test_functions_that_say_a_name() -> None:
    """A body that is read when it runs follows no rename: it is named, if it says both table and column."""
    body = (
        "CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT {} FROM t); END $$"
    )
    functions = tuple(
        Unmodelled(kind="function", schema="app", name=name, hash="", definition=body.format(said))
        for name, said in (("f()", "old_name"), ("g()", "other"))
    )
    before = catalog(table(Column(name="old_name", type=INTEGER)), unmodelled=functions)
    after = catalog(table(Column(name="a", type=INTEGER)), unmodelled=functions)
    steps = planned(before, after, (T.of("column", "old_name"), A))
    assert found(steps) == [("touches-unmodelled", "function app.f() may still say old_name")]


def test_blocks_outside_a_transaction() -> None:
    """A block of SQL with a statement that Postgres refuses in a transaction is run on its own."""
    block = Unmodelled(kind="sql", name="i", hash="1", definition="CREATE INDEX CONCURRENTLY i ON app.t (a);")
    step, *rest = planned(Catalog(), Catalog(unmodelled=(block,)))
    assert not step.transactional
    assert not rest
    assert [h.code for h in step.hazards] == [HazardCode.NOT_TRANSACTIONAL]


def test_a_changed_block_is_run_again() -> None:
    """Its text ran already: what it did is there."""
    old = Unmodelled(kind="sql", name="i", hash="1", definition="SELECT 1;")
    steps = planned(
        Catalog(unmodelled=(old,)), Catalog(unmodelled=(attrs.evolve(old, hash="2", definition="SELECT 2;"),))
    )
    assert [code for code, _ in found(steps)] == ["changes-meaning"]


def test_domains_that_nothing_holds() -> None:
    """A check of a domain reads the tables that hold it: here there is none."""
    old = Domain(schema="app", name="d", type=INTEGER)
    new = attrs.evolve(old, checks=(Check(name="c", expr=opaque("VALUE > 0")),))
    assert found(planned(Catalog(domains=(old,)), Catalog(domains=(new,)))) == []


def test_guards_and_commits_stay() -> None:
    """What else is known of a step is kept."""
    ref = Ref("table", "app", "t")
    step = Step(change=Drop(ref, table()), commit_before=True)
    (marked,) = hazards((step,), catalog(table()), Catalog())
    assert marked.commit_before
    assert [h.code for h in marked.hazards] == [HazardCode.DELETES_DATA]
    assert hazards((Step(change=Create(ref, table())),), Catalog(), catalog(table()))[0].hazards == ()


def test_a_function_that_calls_itself() -> None:
    """Looking into a function ends."""
    body = "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT app.f() $$"
    function = Unmodelled(kind="function", schema="app", name="f()", hash="", definition=body)
    before = catalog(table(), unmodelled=(function,))
    after = catalog(table(Column(name="a", type=INTEGER, default=opaque("app.f()"))), unmodelled=(function,))
    assert [code for code, _ in found(planned(before, after))] == ["rewrites-table", "blocks-reads"]
