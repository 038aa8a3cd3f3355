"""Names in the configuration: each is in the catalog, or the nearest that is gets suggested."""

from pathlib import Path

import pytest
from attrs import evolve

from pgkit.backends.model import model
from pgkit.backends.values import Own
from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.expr import Hole, Lit, Opaque
from pgkit.ir.kinds import Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table, View
from pgkit.ir.types import Scalar
from pgkit.jobs.config import Config, read
from pgkit.jobs.naming import exposed, model_options

TEXT = Scalar("text")
USERS = Ref("table", "app", "users")
SECRET = USERS.of("column", "secret")
CATALOG = Catalog(
    enums=(Enum(schema="app", name="mood", labels=("a-b", "a_b")),),
    tables=(
        Table(
            schema="app",
            name="users",
            columns=(
                Column(name="secret", type=TEXT, nullable=False),
                Column(name="e_mail", type=TEXT),
            ),
        ),
    ),
    views=(
        View(
            schema="app",
            name="all_users",
            query=Opaque(("select ", " from app.users"), (Hole(SECRET),)),
            columns=(Column(name="secret", type=TEXT),),
        ),
    ),
)


def config(folder: Path, text: str) -> Config:
    """A configuration read from a file."""
    (folder / "pgkit.toml").write_text(text)
    return read(folder / "pgkit.toml")


def test_names_become_refs(tmp_path: Path) -> None:
    """Excluded columns, JSON names, stems and labels are told to the backends by Ref."""
    text = """\
    schema = "app"
    exclude = ["app.users.secret", "app.all_users.secret"]
    overrides."app.users.e_mail".json_name = "email"
    overrides."app.users".name = "Person"
    overrides."app.mood".labels = { "a-b" = "AB" }
    """
    options = model_options(config(tmp_path, text), CATALOG)
    assert options.main_schema == "app"
    assert options.exclude == {SECRET, Ref("view", "app", "all_users").of("column", "secret")}
    assert options.keys == {USERS.of("column", "e_mail"): "email"}
    assert options.stems == {USERS: "Person"}
    assert options.members == {Ref("enum", "app", "mood").of("enum_value", "a-b"): "AB"}


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        (
            'exclude = ["app.users.secrt"]',
            "exclude names app.users.secrt, which does not exist",
            "did you mean app.users.secret?",
        ),
        (
            'exclude = ["app.users.Secret"]',
            "exclude names app.users.Secret, which does not exist",
            "did you mean app.users.secret?",
        ),
        (
            'write_only = ["app.users"]',
            "write_only names app.users, which does not exist",
            "name its columns, as in app.users.id",
        ),
        (
            'exclude = ["app.user"]',
            "exclude names app.user, which does not exist",
            "did you mean app.users?",
        ),
        (
            '[overrides."app.user"]\nname = "X"',
            "overrides names app.user, which does not exist",
            "did you mean app.users?",
        ),
        (
            '[overrides."app.users"]\njson_name = "x"',
            "json_name means nothing to app.users",
            "json_name is for columns",
        ),
        (
            '[overrides."app.users.e_mail"]\nname = "X"',
            "name means nothing to app.users.e_mail",
            "name is for tables, views and types",
        ),
        (
            '[overrides."app.users"]\nlabels = { a = "A" }',
            "labels means nothing to app.users",
            "labels is for enums",
        ),
        (
            '[overrides."app.mood"]\nlabels = { "A-b" = "AB" }',
            'enum app.mood has no label "A-b"',
            "did you mean a-b?",
        ),
        (
            '[overrides."app.users"]\nname = "my table"',
            "expected a name like LineItem, found my table",
            "it becomes part of type names",
        ),
        (
            '[overrides."app.users.e_mail"]\njson_name = ""',
            "expected a name, found an empty one",
            "leave it out, and the name follows `case`",
        ),
    ],
)
def test_names_that_do_not_fit(tmp_path: Path, text: str, message: str, help: str) -> None:
    """Every such name is an error with its place in the file; redaction never fails silently."""
    with pytest.raises(PgkitError) as caught:
        model_options(config(tmp_path, text), CATALOG)
    [finding] = caught.value.diagnostics
    assert (finding.message, finding.help) == (message, help)
    assert finding.span is not None


def test_the_excluded_name_is_pointed_at(tmp_path: Path) -> None:
    """With many names in one array, the place is that of the name."""
    with pytest.raises(PgkitError) as caught:
        model_options(config(tmp_path, 'exclude = [\n  "app.users.secret",\n  "app.users.x",\n]'), CATALOG)
    span = caught.value.diagnostics[0].span
    assert span is not None
    assert span.line_col() == (3, 4)


def test_what_excluding_does_not_do() -> None:
    """A view that reads an excluded column, and rows that cannot be inserted without one, are findings."""
    messages = [finding.message for finding in exposed(CATALOG, frozenset({SECRET}))]
    assert messages == [
        "view app.all_users reads app.users.secret, which is excluded",
        "rows of app.users cannot be inserted without secret, which is excluded",
    ]
    assert list(exposed(CATALOG, frozenset())) == []


def test_a_table_is_excluded(tmp_path: Path) -> None:
    """With it go its columns; a view that reads it is a finding, unless that is excluded too."""
    options = model_options(config(tmp_path, 'exclude = ["app.users"]'), CATALOG)
    assert options.exclude == {USERS}
    (finding,) = exposed(CATALOG, options.exclude)
    assert finding.message == "view app.all_users reads app.users, which is excluded"
    both = model_options(config(tmp_path, 'exclude = ["app.users", "app.all_users"]'), CATALOG)
    assert list(exposed(CATALOG, both.exclude)) == []
    relations = evolve(CATALOG, enums=())
    assert [row.stem for row in model(relations, options).rows] == ["AppAllUsers"]
    assert model(relations, both).rows == ()


def test_column_with_a_default_is_not_needed() -> None:
    """Leaving out a column that Postgres fills in is no matter."""
    column = Column(name="secret", type=TEXT, nullable=False, default=Lit("string", "x"))
    table = Table(schema="app", name="users", columns=(column,))
    assert list(exposed(Catalog(tables=(table,)), frozenset({SECRET}))) == []


def test_what_is_said_of_types(tmp_path: Path) -> None:
    """Of a column by its Ref, of a type by its own or by the name of Postgres's, under any of its names."""
    text = """\
    overrides."app.users.e_mail" = { rust = "crate::Email", nullable = false }
    overrides."app.mood".rust = "crate::Mood"
    overrides."pg_catalog.text".write_sql = "lower({})"
    rust.tenant_column = "secret"
    overrides."app.all_users".tenant_column = ""
    """
    options = model_options(config(tmp_path, text), CATALOG)
    assert options.own == {
        USERS.of("column", "e_mail"): Own(rust="crate::Email", nullable=False),
        Ref("enum", "app", "mood"): Own(rust="crate::Mood"),
        "text": Own(write_sql="lower({})"),
    }
    assert options.tenants == {USERS: "secret"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[rust]\ntenant_column = "secrt"', "no table has the tenant column secrt"),
        ('[overrides."app.users"]\ntenant_column = "x"', "app.users has no column x"),
        ('[overrides.uuid]\nrust = "String"', "overrides names uuid, and nothing is of it"),
        ('write_only = ["app.users.x"]', "write_only names app.users.x, which does not exist"),
        ("[overrides.text]\nnullable = true", "nullable means nothing to text"),
    ],
)
def test_what_cannot_be_said(tmp_path: Path, text: str, message: str) -> None:
    """What would have no effect is an error."""
    with pytest.raises(PgkitError) as caught:
        model_options(config(tmp_path, text), CATALOG)
    assert [d.message for d in caught.value.diagnostics] == [message]
