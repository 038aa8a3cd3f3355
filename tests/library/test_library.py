"""`import pgkit`: what it promises is there, typed, documented, and costs nothing until it is used."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import pgkit

SHOP = Path(__file__).parents[2] / "corpus" / "projects" / "shop" / "drizzle"
PROMISED = [
    "Action",
    "Alter",
    "Array",
    "Attribute",
    "Backend",
    "Call",
    "Cast",
    "Catalog",
    "Change",
    "Check",
    "Column",
    "Composite",
    "Create",
    "Deferral",
    "Diagnostic",
    "Domain",
    "Drop",
    "Enum",
    "Executor",
    "Expr",
    "Extension",
    "Files",
    "ForeignKey",
    "Generated",
    "Guard",
    "Hazard",
    "HazardCode",
    "Hints",
    "Hole",
    "Identity",
    "Index",
    "IndexKey",
    "Lit",
    "MaterializedView",
    "Multirange",
    "Named",
    "Opaque",
    "Pass",
    "PgType",
    "PgkitError",
    "Plan",
    "Policy",
    "PrimaryKey",
    "Range",
    "Ref",
    "Rename",
    "Role",
    "Scalar",
    "Schema",
    "Sequence",
    "SequenceOptions",
    "Severity",
    "Source",
    "Span",
    "Step",
    "Table",
    "TenantTable",
    "Unique",
    "Unmodelled",
    "View",
    "apply",
    "backend",
    "create_sql",
    "diff",
    "dumps",
    "emit",
    "fingerprint",
    "index",
    "loads",
    "map_members",
    "map_refs",
    "members_of",
    "normalize",
    "opaque",
    "parse_type",
    "pipeline",
    "plan",
    "plan_sql",
    "read",
    "read_async",
    "read_with",
    "refs_in",
    "scoped",
    "sequence_options",
    "write",
]


def test_the_promise() -> None:
    """The public names are these; to add or drop one is a decision."""
    assert pgkit.__all__ == PROMISED
    assert set(PROMISED) <= set(dir(pgkit))
    with pytest.raises(AttributeError, match="nothing_here"):
        pgkit.nothing_here  # noqa: B018


@pytest.mark.parametrize("name", PROMISED)
def test_every_name_is_documented(name: str) -> None:
    """Each class and function says in a full sentence what it is."""
    value = getattr(pgkit, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert (inspect.getdoc(value) or "").split("\n")[0].endswith((".", ":")), name


def test_importing_costs_nothing() -> None:
    """Nothing heavy is imported before a name is used."""
    script = "import sys, pgkit; print([m for m in ('attrs', 'asyncpg', 'cattrs', 'lark', 'postgast') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "[]"


def test_reading_and_writing(tmp_path: Path) -> None:
    """A folder is read, normalized and written as Rust in three lines; a second time nothing changes."""
    catalog = pgkit.normalize(pgkit.read(str(SHOP)))
    written = pgkit.write(pgkit.backend("rust"), catalog, tmp_path)
    assert (tmp_path / "orders.rs") in written
    assert pgkit.write(pgkit.backend("rust"), catalog, tmp_path) == ()
    assert pgkit.emit(pgkit.backend("rust"), catalog)["orders.rs"] == (tmp_path / "orders.rs").read_text()


def test_a_catalog_built_in_python() -> None:
    """A catalog is built of values, compared with hints, applied, snapshotted and made into SQL."""
    table = pgkit.Table(name="users", columns=(pgkit.Column(name="mail", type=pgkit.parse_type("text")),))
    renamed = pgkit.Table(
        name="people", columns=(pgkit.Column(name="mail", type=pgkit.parse_type("varchar(9)")),)
    )
    before, after = pgkit.Catalog(tables=(table,)), pgkit.Catalog(tables=(renamed,))
    hints = pgkit.Hints(((table.ref, renamed.ref),))
    changes = pgkit.diff(before, after, hints)
    assert [type(c) for c in changes] == [pgkit.Rename, pgkit.Alter]
    steps = pgkit.plan(before, after, hints)
    assert steps.changes == changes
    assert [h.code for h in steps.steps[1].hazards][:1] == [pgkit.HazardCode.MAY_FAIL]
    assert "ALTER TABLE public.users RENAME TO people;" in pgkit.plan_sql(steps).splitlines()
    assert pgkit.apply(before, changes) == after
    assert pgkit.loads(pgkit.dumps(after)) == after
    assert pgkit.fingerprint(after) != pgkit.fingerprint(before)
    assert pgkit.create_sql(after) == "CREATE TABLE public.people (\n  mail varchar(9)\n);\n"


def test_wrong_hints_are_refused() -> None:
    """A hint for what is not there raises with a diagnostic."""
    ghost = pgkit.Ref("table", "public", "ghost")
    with pytest.raises(pgkit.PgkitError) as caught:
        pgkit.diff(pgkit.Catalog(), pgkit.Catalog(), pgkit.Hints(((ghost, ghost),)))
    assert caught.value.diagnostics[0].code == "unknown-hint"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: pgkit.read("/nowhere/at/all"), "no-source"),
        (lambda: pgkit.backend("ruts"), "no-target"),
        (lambda: pgkit.backend("rust", colour="red"), "bad-option"),
        (lambda: pgkit.loads("{}"), "snapshot-version"),
    ],
)
def test_bad_input_is_a_diagnostic(call, code: str) -> None:  # type: ignore[no-untyped-def]
    """What cannot be done raises PgkitError, which says what and what to do."""
    with pytest.raises(pgkit.PgkitError) as caught:
        call()
    assert [d.code for d in caught.value.diagnostics] == [code]
    assert caught.value.diagnostics[0].help


def test_read_inside_of_a_loop() -> None:
    """Inside of an event loop `read` says to await `read_async`, which works there."""
    import asyncio

    async def inside() -> int:
        with pytest.raises(pgkit.PgkitError, match="read_async"):
            pgkit.read(str(SHOP))
        return len((await pgkit.read_async(str(SHOP))).tables)

    assert asyncio.run(inside()) == 12
