"""Drift: everything that differs between what is expected and a database is named, and nothing else."""

import asyncio
from collections.abc import Iterator

import attrs
import pytest

from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.expr import opaque
from pgkit.ir.walk import map_members
from pgkit.jobs.drift import Class, Difference, Drift, DriftOptions, Ignore, drift
from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch

BASE = """
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'ok');
CREATE FUNCTION app.positive(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n > 0';
CREATE TABLE app.people (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name varchar(20) NOT NULL DEFAULT 'nobody' CHECK (name IN ('a', 'b', 'nobody')),
  mood app.mood DEFAULT 'ok',
  n integer CHECK (app.positive(n)),
  note varchar(20),
  UNIQUE (name, n)
);
CREATE TABLE app.pets (
  id serial PRIMARY KEY,
  person bigint REFERENCES app.people ON DELETE CASCADE,
  CONSTRAINT given_by_hand CHECK (person <> 0)
);
CREATE INDEX ON app.pets (person) WHERE person > 10;
CREATE VIEW app.owners AS SELECT name, count(*) AS pets FROM app.people JOIN app.pets ON person = people.id GROUP BY 1;
ALTER TABLE app.people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.people FOR SELECT USING (name = current_user);
COMMENT ON TABLE app.people IS 'whoever';
"""


class Databases:
    """Databases made by SQL, and the drift between them."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def _catalog(self, script: str) -> Catalog:
        async with scratch(self.server, purpose="drift") as url:
            async with open_(url, settings=running()) as session:
                await session.execute(script)
            async with open_(url) as session:
                # Other tests may have roles on the server at this very moment
                return attrs.evolve((await read_catalog(session)).catalog, roles=())

    def catalog(self, script: str) -> Catalog:
        """The catalog of a database that the script made."""
        return asyncio.run(self._catalog(script))

    def drift(self, expected: Catalog, actual: Catalog, options: DriftOptions = DriftOptions()) -> Drift:
        """How the second differs from the first."""
        return asyncio.run(drift(expected, actual, lambda: self.server, options))


@pytest.fixture(scope="module")
def databases(test_server: Server) -> Iterator[Databases]:
    """The server's databases."""
    return Databases(test_server)


@pytest.fixture(scope="module")
def base(databases: Databases) -> Catalog:
    """The catalog of BASE."""
    return databases.catalog(BASE)


def said(found: Drift) -> set[tuple[str, str, str, str | None]]:
    """The differences in short."""
    return {(str(d.class_), d.kind, str(d.ref), d.field) for d in found.differences}


def test_a_database_is_what_it_is(databases: Databases, base: Catalog) -> None:
    """Two databases made alike do not differ, and nothing needed a server to see it."""
    assert databases.drift(base, databases.catalog(BASE)) == Drift(())


CHANGES = [
    ("ALTER TABLE app.people ADD COLUMN extra text", {("extra", "column", "app.people.extra", None)}),
    ("ALTER TABLE app.pets DROP COLUMN person CASCADE", {
        ("missing", "column", "app.pets.person", None),
        ("missing", "foreign_key", "app.pets.pets_person_fkey", None),
        ("missing", "check", "app.pets.given_by_hand", None),
        ("missing", "index", "app.pets.pets_person_idx", None),
        ("missing", "view", "app.owners", None),
    }),
    ("ALTER TABLE app.people ALTER name DROP NOT NULL", {("different", "column", "app.people.name", "nullable")}),
    ("ALTER TABLE app.people ALTER note TYPE varchar(30)", {("different", "column", "app.people.note", "type")}),
    ("ALTER TABLE app.people ALTER name SET DEFAULT 'b'", {("different", "column", "app.people.name", "default")}),
    ("ALTER TYPE app.mood ADD VALUE 'mad' BEFORE 'ok'", {("different", "enum", "app.mood", "labels")}),
    ("ALTER TYPE app.mood RENAME TO spirit", {
        ("missing", "enum", "app.mood", None),
        ("extra", "enum", "app.spirit", None),
        ("different", "column", "app.people.mood", "type"),
    }),
    ("ALTER TABLE app.pets DROP CONSTRAINT pets_person_fkey", {("missing", "foreign_key", "app.pets.pets_person_fkey", None)}),
    ("ALTER TABLE app.pets DROP CONSTRAINT pets_person_fkey, ADD FOREIGN KEY (person) REFERENCES app.people NOT VALID", {
        ("different", "foreign_key", "app.pets.pets_person_fkey", "on_delete"),
        ("different", "foreign_key", "app.pets.pets_person_fkey", "validated"),
    }),
    ("ALTER TABLE app.people DROP CONSTRAINT people_name_check, ADD CHECK (name IN ('a', 'b'))", {
        ("different", "check", "app.people.people_name_check", "expr"),
    }),
    ("DROP INDEX app.pets_person_idx; CREATE INDEX ON app.pets (person) WHERE person > 11", {
        ("different", "index", "app.pets.pets_person_idx", "where"),
    }),
    ("CREATE INDEX by_mood ON app.people (mood DESC)", {("extra", "index", "app.people.by_mood", None)}),
    ("CREATE OR REPLACE VIEW app.owners AS SELECT name, count(*) + 1 AS pets FROM app.people GROUP BY 1", {
        ("different", "view", "app.owners", "query"),
    }),
    ("ALTER POLICY own ON app.people USING (true)", {("different", "policy", "app.people.own", "using")}),
    ("ALTER TABLE app.people DISABLE ROW LEVEL SECURITY", {("different", "table", "app.people", "row_security")}),
    ("CREATE TRIGGER t BEFORE UPDATE ON app.pets FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()", {
        ("extra", "trigger", "app.pets.t", None),
    }),
    ("CREATE OR REPLACE FUNCTION app.positive(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n >= 0'", {
        ("different", "function", "app.positive(integer)", "definition"),
    }),
    ("COMMENT ON TABLE app.people IS NULL", {("different", "table", "app.people", "comment")}),
    ("ALTER SEQUENCE app.pets_id_seq INCREMENT 2", {("different", "sequence", "app.pets_id_seq", "options")}),
    ("ALTER TABLE app.people ALTER id SET GENERATED BY DEFAULT", {("different", "column", "app.people.id", "identity")}),
    ("ALTER TABLE app.pets RENAME CONSTRAINT given_by_hand TO other", {
        ("missing", "check", "app.pets.given_by_hand", None),
        ("extra", "check", "app.pets.other", None),
    }),
    ("ALTER TABLE app.pets SET (fillfactor = 50)", {("different", "table", "app.pets", "storage")}),
    ("CREATE TABLE app.more (id integer)", {("extra", "table", "app.more", None)}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "differences"), CHANGES, ids=[c[0][:50] for c in CHANGES])
def test_each_change_is_named(
    databases: Databases, base: Catalog, change: str, differences: set[tuple[str, str, str, str | None]]
) -> None:
    """One change made by hand gives its differences and no other; seen from the other side, the mirror image."""
    changed = databases.catalog(BASE + change)
    assert said(databases.drift(base, changed)) == differences
    swap = {"extra": "missing", "missing": "extra", "different": "different"}
    assert said(databases.drift(changed, base)) == {(swap[c], *rest) for c, *rest in differences}


SAME = [
    "ALTER TABLE app.pets RENAME CONSTRAINT pets_person_fkey TO pets_person_people_id_fk",
    "ALTER TABLE app.people RENAME CONSTRAINT people_name_n_key TO people_name_n_unique",
    "ALTER TABLE app.people RENAME CONSTRAINT people_pkey TO whatever",
    "ALTER INDEX app.pets_person_idx RENAME TO pets_person_index",
    "ALTER TABLE app.pets DROP COLUMN id; ALTER TABLE app.pets ADD COLUMN id serial PRIMARY KEY",
]


@pytest.mark.parametrize("change", SAME)
def test_implied_names_and_column_order_are_no_drift(
    databases: Databases, base: Catalog, change: str
) -> None:
    """A name that Postgres or Drizzle would give, and the order of columns, make no difference."""
    assert databases.drift(base, databases.catalog(BASE + change)) == Drift(())


def test_strict_names_count(databases: Databases, base: Catalog) -> None:
    """With strict names an implied one is a difference as well."""
    renamed = databases.catalog(BASE + SAME[0])
    found = databases.drift(base, renamed, DriftOptions(names="strict"))
    assert {(d.class_, d.kind) for d in found.differences} == {
        (Class.MISSING, "foreign_key"),
        (Class.EXTRA, "foreign_key"),
    }


def test_expressions_of_a_person_are_settled(databases: Databases, base: Catalog) -> None:
    """Text that a person would write equals what Postgres makes of it, functions of the database included."""
    written = {
        "people_name_check": "name in ('a', 'b', 'nobody')",
        "people_n_check": "app.positive( n )",
        "given_by_hand": "person != 0",
    }

    def rewrite(ref, obj):  # type: ignore[no-untyped-def]
        obj = map_members(obj, rewrite, ref)
        match ref.kind, ref.member or ref.name:
            case "check", name:
                return attrs.evolve(obj, expr=opaque(written[name]))
            case "index", _:
                return attrs.evolve(obj, where=opaque("person>10"))
            case "view", _:
                text = "select name, count(*) as pets from app.people join app.pets on person = people.id group by 1"
                return attrs.evolve(obj, query=opaque(text))
            case "policy", _:
                return attrs.evolve(obj, using=opaque('"name" = CURRENT_USER'))
            case "column", "mood":
                return attrs.evolve(obj, default=opaque("'ok'"))
        return obj

    expected = map_members(base, rewrite)
    assert expected != base
    assert databases.drift(expected, base) == Drift(())
    assert databases.drift(base, expected) == Drift(())


def test_what_no_server_can_hold_is_said(databases: Databases, base: Catalog) -> None:
    """An object that cannot be made is compared as text, with a finding that names it."""

    def spoil(ref, obj):  # type: ignore[no-untyped-def]
        obj = map_members(obj, spoil, ref)
        return attrs.evolve(obj, expr=opaque("nowhere(person)")) if ref.member == "given_by_hand" else obj

    found = databases.drift(map_members(base, spoil), base)
    assert said(found) == {("different", "check", "app.pets.given_by_hand", "expr")}
    assert [d.code for d in found.findings] == ["unsettled"]
    assert "nowhere" in found.findings[0].message


def test_ignored_differences_are_left_out(databases: Databases, base: Catalog) -> None:
    """A pattern leaves out what it matches in every part that it names, and nothing else."""
    changed = databases.catalog(BASE + "CREATE TABLE app.more (id integer); CREATE SCHEMA more")
    everything = databases.drift(base, changed)
    assert said(everything) == {("extra", "table", "app.more", None), ("extra", "schema", "more", None)}
    options = DriftOptions(ignore=(Ignore(kind="table", schema="app", name="more", class_="extra"),))
    assert said(databases.drift(base, changed, options)) == {("extra", "schema", "more", None)}
    for other in (Ignore(kind="view"), Ignore(schema="public"), Ignore(name="mor"), Ignore(class_="missing")):
        assert databases.drift(base, changed, DriftOptions(ignore=(other,))) == attrs.evolve(
            everything, unused=(0,)
        )


def test_both_sides_are_told(databases: Databases, base: Catalog) -> None:
    """A difference shows both sides as text, and what would mend it."""
    changed = databases.catalog(BASE + "ALTER TABLE app.people ALTER note TYPE text")
    types = [d for d in databases.drift(base, changed).differences if d.field == "type"]
    assert [(d.expected, d.actual) for d in types] == [("varchar(20)", "text")]
    assert all(isinstance(d, Difference) and d.mend for d in types)
