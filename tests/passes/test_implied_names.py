"""The names that pgkit gives to unnamed objects are those that Postgres gives."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings

from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Range
from pgkit.ir.relations import Table
from pgkit.ir.types import Scalar
from pgkit.passes.bind import bind
from pgkit.passes.normalize import normalize
from pgkit.passes.normalize.implied_names import implied_names, without_implied_names
from pgkit.runtime.connect import SqlError
from tests.laws.strategies import catalogs
from tests.passes.asking import Postgres
from tests.passes.unnamed import script, unnamed

EXAMPLES = 5000 if os.environ.get("PGKIT_PROOF") else 500
against_postgres = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

CONSTRAINTS = """
    SELECT coalesce(r.relnamespace, t.typnamespace)::regnamespace::text, coalesce(r.relname, t.typname)::text,
        c.contype::text, c.conname::text
    FROM pg_constraint c LEFT JOIN pg_class r ON r.oid = c.conrelid LEFT JOIN pg_type t ON t.oid = c.contypid
    WHERE c.connamespace::regnamespace::text IN ('public', 'app') ORDER BY c.oid"""
INDEXES = """
    SELECT r.relnamespace::regnamespace::text, r.relname::text, 'i', x.relname::text
    FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
    WHERE r.relnamespace::regnamespace::text IN ('public', 'app')
        AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = x.oid AND c.contype IN ('p', 'u'))
    ORDER BY x.oid"""
SEQUENCES = """
    SELECT r.relnamespace::regnamespace::text, r.relname::text, 's ' || a.attname::text, s.relname::text
    FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
    JOIN pg_class r ON r.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.refobjsubid
    WHERE d.deptype IN ('a', 'i') AND d.refobjsubid > 0"""
RANGES = """
    SELECT t.typnamespace::regnamespace::text, t.typname::text, 'r', m.typname::text
    FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN pg_type m ON m.oid = r.rngmultitypid
    WHERE t.typnamespace::regnamespace::text IN ('public', 'app')"""
Named = tuple[str, str, str, str]  # schema, owner, what of it, name


def names(catalog: Catalog) -> Iterator[Named]:
    """What the catalog calls its constraints, indexes and sequences, in the order of creation."""
    for d in catalog.domains:
        yield from ((d.schema, d.name, "c", c.name) for c in d.checks)
    for r in catalog.ranges:
        yield from ((r.schema, r.name, "r", m.name) for m in r.multiranges)
    for s in catalog.sequences:
        if s.owned_by is not None:
            yield s.schema, s.owned_by.name, f"s {s.owned_by.member}", s.name
    for t in catalog.tables:
        yield from _of_table(t)


def _of_table(t: Table) -> Iterator[Named]:
    for what, members in (("c", t.checks), ("p", t.primary_keys), ("u", t.uniques), ("f", t.foreign_keys)):
        yield from ((t.schema, t.name, what, m.name) for m in members)
    yield from ((t.schema, t.name, "i", i.name) for i in t.indexes)
    for c in t.columns:
        if c.identity is not None and c.identity.sequence is not None:
            yield t.schema, t.name, f"s {c.name}", c.identity.sequence.name


def grouped(found: Iterator[Named]) -> dict[tuple[str, str, str], list[str]]:
    """The names by where they belong, those of NOT NULL left out."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for schema, owner, what, name in found:
        if what != "n":
            groups.setdefault((schema, owner, what), []).append(name)
    return groups


def given_by(postgres: Postgres, catalog: Catalog) -> dict[tuple[str, str, str], list[str]] | None:
    """The names that Postgres gives; None if it refuses the catalog."""
    try:
        answers = postgres.after(script(catalog), CONSTRAINTS, INDEXES, SEQUENCES, RANGES)
    except SqlError:
        return None
    return grouped(tuple(row) for rows in answers for row in rows)  # type: ignore[misc]


@given(c=unnamed())
@against_postgres
def test_names_are_those_that_postgres_gives(postgres: Postgres, c: Catalog) -> None:
    """Whatever Postgres accepts without names, it names as the pass does."""
    expected = given_by(postgres, c)
    assume(expected is not None)
    assert grouped(names(implied_names(bind(c)))) == expected


@given(c=unnamed())
@settings(against_postgres, max_examples=EXAMPLES // 5)
def test_names_are_those_that_an_old_postgres_gives(postgres15: Postgres, c: Catalog) -> None:
    """A version whose NOT NULL has no name gives the same names."""
    expected = given_by(postgres15, c)
    assume(expected is not None)
    assert grouped(names(implied_names(bind(c)))) == expected


@given(c=unnamed())
@settings(against_postgres, max_examples=300)
def test_implied_names_can_be_left_out(c: Catalog) -> None:
    """Names that are taken out because Postgres would give them come back the same."""
    named = implied_names(bind(c))
    bare = without_implied_names(named)
    assert implied_names(bare) == named
    assert list(names(implied_names(bare))) == list(names(named))
    assert without_implied_names(implied_names(bare)) == bare


@given(c=catalogs())
def test_names_of_the_source_stay(c: Catalog) -> None:
    """A catalog whose objects have names keeps every one."""
    assert normalize(c) == normalize(without_implied_names(normalize(c)))


@pytest.mark.parametrize(
    "name",
    ["floatrange", "x", "my range of ranges", "Range", "x" * 63, "x" * 58 + "range", "日" * 17, "日" * 17 + "range",
     "x" * 50 + "é"],
)  # fmt: skip
def test_multiranges_are_named_as_by_postgres(any_postgres: Postgres, name: str) -> None:
    """The first `range` in the name becomes `multirange`, else `_multirange` is put after it."""
    c = Catalog(ranges=(Range(name=name, subtype=Scalar("real")),))
    assert given_by(any_postgres, c) == grouped(names(implied_names(c)))
