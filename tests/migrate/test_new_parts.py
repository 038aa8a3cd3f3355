"""A plan falls into files where something must be committed, or cannot run in a transaction."""

from pathlib import Path

import pytest

from pgkit.ir.change import Create
from pgkit.ir.kinds import Schema
from pgkit.ir.names import Ref
from pgkit.ir.plan import Guard, Hazard, HazardCode, Plan, Step
from pgkit.jobs.migrate.parts import parts
from tests.migrate.writing import MORE, T, Writer, codes


def step(name: str, **more: object) -> Step:
    """A step that makes a schema."""
    return Step(change=Create(Ref("schema", "", name), Schema(name=name)), **more)  # type: ignore[arg-type]


def names(plan: Plan) -> list[list[str]]:
    """What each file makes."""
    return [[s.change.ref.name for s in part.steps] for part in parts(plan)]


def test_one_file() -> None:
    """Steps that can run together are in one file."""
    plan = Plan(steps=(step("a"), step("b")))
    assert [p.text for p in parts(plan)] == ["CREATE SCHEMA a;--> statement-breakpoint\nCREATE SCHEMA b;\n"]
    assert parts(Plan()) == ()


def test_commits() -> None:
    """What needs a commit before it begins the next file."""
    plan = Plan(steps=(step("a"), step("b", commit_before=True), step("c")))
    assert names(plan) == [["a"], ["b", "c"]]


def test_outside_a_transaction() -> None:
    """What cannot run in a transaction has a file of its own."""
    plan = Plan(steps=(step("a"), step("b", transactional=False), step("c"), step("d")))
    assert names(plan) == [["a"], ["b"], ["c", "d"]]
    assert names(Plan(steps=(step("a", transactional=False), step("b")))) == [["a"], ["b"]]


def test_guards_and_hazards() -> None:
    """All guards stand at the very start, hazards above their statement."""
    hazard = Hazard(HazardCode.MAY_FAIL, "fails on rows", "SELECT 1")
    guard = Guard("SELECT 2", "rows are in the way")
    plan = Plan(steps=(step("a"), step("b", commit_before=True, hazards=(hazard,), guard=guard)))
    first, second = (p.text for p in parts(plan))
    assert first.startswith("DO $pgkit$\n")
    assert first.endswith("$pgkit$;--> statement-breakpoint\nCREATE SCHEMA a;\n")
    assert second == "-- hazard may-fail: fails on rows\n--   SELECT 1\nCREATE SCHEMA b;\n"


def test_without_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no server can be had and none is asked for, texts are compared as they stand, with a warning."""
    monkeypatch.setenv("PGKIT_PG_BIN", str(tmp_path))
    monkeypatch.setenv("PGKIT_SERVER", "local")
    writer = Writer(tmp_path / "drizzle")
    writer.new(T)
    assert codes(writer.new(MORE)) == set()  # no text differs
    changed = MORE.replace("a text", "a text default 'x'")
    writer.new(changed)
    made = writer.new(changed.replace("'x'", "lower('x')"))
    assert codes(made) == {"not-settled"}
    assert [m.tag for m in made.migrations] == ["0003_m"]
