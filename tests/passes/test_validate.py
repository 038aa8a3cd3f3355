"""The checks: what they find Postgres refuses, and what Postgres accepts they let be."""

import asyncio
import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from pgkit.diag import PgkitError, Severity, Source, Span
from pgkit.ir.catalog import Catalog
from pgkit.ir.json import sort
from pgkit.ir.kinds import Domain, Enum, Schema
from pgkit.ir.names import Ref
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Named
from pgkit.jobs.sources import Options, load
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.passes.validate import CHECKS, validate
from pgkit.passes.validate.known import known
from pgkit.runtime.embedded import Server
from pgkit.testing import catalogs
from tests.live.reading import catalog_of
from tests.passes.asking import Postgres, script_of
from tests.passes.broken import CASES, COLLATION, Broken
from tests.passes.builders import (
    ENUM,
    PARENT,
    P,
    at,
    catalog,
    check,
    column,
    foreign,
    identity,
    index,
    key,
    policy,
    sequence,
    table,
    unique,
    view,
    virtual,
)  # fmt: skip
from tests.passes.mutations import broken
from tests.passes.test_implied_names import EXAMPLES, against_postgres
from tests.passes.unnamed import unnamed

cases = pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)


def errors(c: Catalog, version: int = 18) -> list[str]:
    """The codes of the errors in a catalog."""
    return [d.code for d in validate(c, version) if d.severity is Severity.ERROR]


@cases
def test_each_mistake_is_found_at_its_place(case: Broken) -> None:
    """The code and the place are told, with words that say what to do, and nothing beside it."""
    found = validate(normalize(case.catalog), case.version)
    assert (case.code, case.where) in {(d.code, d.where) for d in found}
    assert {d.code for d in found} - {case.also} == {case.code}
    assert all((d.severity is Severity.WARNING) == case.warning for d in found)
    assert all(d.help and d.message and not d.message.endswith(".") for d in found)


@cases
def test_postgres_refuses_what_is_found(case: Broken, request: pytest.FixtureRequest) -> None:
    """Each error is one to Postgres, too; a warning is none."""
    postgres: Postgres = request.getfixturevalue("postgres15" if case.version == 15 else "postgres")
    if case.name == "no name":
        assert postgres.refusal('CREATE TABLE "" (a integer)')
        return
    refused = postgres.refusal(case.sql or script_of(normalize(case.catalog)))
    assert bool(refused) == (not case.otherwise and not case.warning), refused


@pytest.mark.parametrize("case", [c for c in CASES if c.otherwise], ids=lambda c: c.name)
def test_postgres_makes_something_else(case: Broken, test_server: Server) -> None:
    """What Postgres cuts or fills in silently is an error, since it makes another catalog of it."""
    declared = normalize(case.catalog)
    made = normalize(catalog_of(test_server, script_of(declared)))
    assert diff(sort(declared), sort(made))


@given(c=catalogs())
@settings(max_examples=300)
def test_what_postgres_accepts_is_let_be(c: Catalog) -> None:
    """No random catalog, all of which Postgres makes, has an error."""
    assert errors(normalize(c)) == []


@given(c=broken(catalogs()))
@settings(against_postgres, max_examples=EXAMPLES)
def test_checks_and_postgres_agree(postgres: Postgres, c: Catalog) -> None:
    """A catalog has an error if, and only if, Postgres refuses it or makes another of it."""
    c = normalize(c)
    # Without a word about extensions in a catalog, one may be there that indexes the type.
    assume("operator-class" not in {d.code for d in validate(c) if d.severity is Severity.WARNING})
    found, refused = errors(c), refusal(postgres, c)
    assert bool(found) == bool(refused), (found, refused)


def refusal(postgres: Postgres, c: Catalog) -> str | None:
    """Why a catalog cannot be made, or what Postgres would change in it without a word."""
    changed = set(errors(c)) & {"long-name", "nullable-key", "identity-nullable"}
    try:
        return postgres.refusal(script_of(c)) or (f"changed: {changed}" if changed else None)
    except PgkitError as error:
        return str(error)


@given(c=unnamed())
@settings(against_postgres, max_examples=EXAMPLES)
def test_implied_names_work(postgres: Postgres, c: Catalog) -> None:
    """The names given do not clash, and where those of the source do, it is told."""
    c = normalize(c)
    found = errors(c)
    refused = postgres.refusal(script_of(c)) or ""
    assume(not refused.startswith("42809"))  # (t).a where t is a column: what types mean is not checked
    assert bool(found) == bool(refused), (found, refused)


@given(c=catalogs())
@settings(against_postgres, max_examples=EXAMPLES // 20)
def test_what_is_read_back_is_let_be(test_server: Server, c: Catalog) -> None:
    """A catalog that Postgres has, every name and expression in its own words, has no error."""
    assert errors(normalize(catalog_of(test_server, script_of(normalize(c))))) == []


ODD_AND_FINE = {
    "an enum without labels": (Enum(name="e", labels=()),),
    "an empty label": (Enum(name="e", labels=("",)),),
    "labels in another case": (Enum(name="e", labels=("a", "A")),),
    "checks of one name in two tables": (
        table("a", name="p", checks=(check("a > 0"),)),
        table("a", checks=(check("a > 0"),)),
    ),
    "a check named as its table": (table("a", checks=(check("a > 0", "t"),)),),
    "a check named as a not null": (table(column(nullable=False), checks=(check("a > 0", "t_a_not_null"),)),),
    "one name in two schemas": (Schema(name="app"), table("a"), sequence("t", schema="app")),
    "an index named as a type": (ENUM, table("a", indexes=(index("a", name="e"),))),
    "names that differ in case": (table("a", name="T"), table("a")),
    "an index over a column twice": (table("a", indexes=(index("a", "a"),)),),
    "a column included that is a key": (table("a", indexes=(index("a", include=at("a")),)),),
    "a foreign key with a column twice": (
        table("a", "b", name="p", uniques=(unique("a", "b", table=P),)),
        table("a", foreign_keys=(foreign("a", "a", to=at("a", "b", table=P)),)),
    ),
    "a foreign key in another order": (
        table("a", "b", name="p", uniques=(unique("a", "b", table=P),)),
        table("a", "b", foreign_keys=(foreign("a", "b", to=at("b", "a", table=P)),)),
    ),
    "a foreign key from a domain": (
        PARENT,
        Domain(name="d", type=parse_type("bigint")),
        table(column(type=Named(Ref("domain", "public", "d"))), foreign_keys=(foreign("a"),)),
    ),
    "a foreign key to itself": (
        table("a", uniques=(unique("a"),), foreign_keys=(foreign("a", to=at("a")),)),
    ),
    "a generated key": (table(column("a", generated="1", nullable=False), primary_keys=(key("a"),)),),
    "a check that calls random": (table("a", checks=(check("a > random()"),)),),
    "a check of the whole row": (table("a", checks=(check("t IS NOT NULL"),)),),
    "a policy with a subquery": (
        table("a", policies=(policy("a = (SELECT max(a) FROM t)"),), row_security=True),
    ),
    "a policy for delete without a clause": (
        table("a", policies=(policy(command="delete"),), row_security=True),
    ),
    "numeric(3, 5) and numeric(5, -2)": (table(column("a", "numeric(3,5)"), column("b", "numeric(5,-2)")),),
    "a collation of an array": (table(column(type=parse_type("text[]"), collation=COLLATION)),),
    "an index of an array of json": (table(column(type=parse_type("json[]")), indexes=(index("a"),)),),
    "an index of a row type": (table("a", name="p"), table(column(type=Named(P)), indexes=(index("a"),))),
    "an identity that counts down": (table(column(nullable=False, identity=identity(increment=-1))),),
    "a view over a view": (view("select a from v", "w"), view("select 1 as a")),
    "a view of another schema": (view("select relname, c.relkind from pg_class c"),),
    "a view of its own names": (table("a"), view("with x as (select a as b from t) select b from x")),
    "a view of a function": (view("select n, n + 1 as m from generate_series(1, 2) n"),),
    "a virtual column": (table("b", column("a", generated=virtual("b + 1")), checks=(check("a > 0"),)),),
}


@pytest.mark.parametrize("name", ODD_AND_FINE)
def test_what_looks_wrong_and_is_fine(postgres: Postgres, name: str) -> None:
    """What Postgres accepts without a change is let be, odd as it is."""
    c = normalize(catalog(*ODD_AND_FINE[name]))
    assert postgres.refusal(script_of(c)) is None
    assert errors(c) == []


def test_the_shop_is_let_be() -> None:
    """The demo's Drizzle folder has no error, and no warning."""
    loaded = asyncio.run(load("corpus/projects/shop/drizzle", Options()))
    assert validate(normalize(loaded.catalog)) == ()


def test_problems_are_told_at_their_span_in_the_order_of_the_source() -> None:
    """A problem of an object that has a span points there, and all come at once."""
    source = Source("schema.pgkit", "table t {\n  a nosuch\n  b emial\n}\n")
    columns = [
        column(name, type, span=Span(source, source.text.index(type), source.text.index(type) + len(type)))
        for name, type in (("b", "emial"), ("a", "nosuch"))
    ]
    found = validate(normalize(catalog(table(*columns))))
    assert [(d.code, d.where, d.span.line_col()) for d in found if d.span] == [
        ("unknown-type", "", (2, 5)), ("unknown-type", "", (3, 5))
    ]  # fmt: skip


def test_every_check_has_a_case() -> None:
    """Each check of CHECKS finds something in the table of mistakes."""
    idle = []
    for rule in CHECKS:
        if not any(list(rule(known(normalize(c.catalog), c.version))) for c in CASES):
            idle.append(rule.__name__)
    assert idle == []


def test_codes_are_stable() -> None:
    """Every code that a check can give stands in the table of mistakes."""
    text = "".join(p.read_text() for p in Path("passes/validate").glob("*.py"))
    given_ = set(re.findall(r'(?:problem|warning)\(\s*"([a-z-]+)"', text))
    assert given_ <= {c.code for c in CASES} | {c.also for c in CASES}
