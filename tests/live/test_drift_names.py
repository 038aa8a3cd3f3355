"""Which names count: those that somebody gave, all of them, or none but those of relations and columns."""

import pytest

from pgkit.jobs.drift import Drift, DriftOptions
from pgkit.runtime.embedded import Server
from tests.live.test_drift import Databases, said

BASE = """
CREATE TABLE t (id integer, a integer NOT NULL, b text, c int4range, PRIMARY KEY (id) WITH (fillfactor = 70));
CREATE INDEX first ON t (a);
CREATE INDEX second ON t (b);
CREATE INDEX ON t (b, a);
CREATE INDEX even ON t ((a % 2)) WHERE b IN ('x', 'y');
ALTER TABLE t ADD CONSTRAINT small CHECK (a < 10 AND b IN ('x', 'y')), ADD CONSTRAINT one UNIQUE (a);
ALTER TABLE t ADD CONSTRAINT apart EXCLUDE USING gist (c WITH &&);
CREATE TABLE u (a integer CONSTRAINT of_t REFERENCES t (a));
CREATE DOMAIN share AS integer CONSTRAINT percent CHECK (VALUE BETWEEN 0 AND 100);
ALTER TABLE t REPLICA IDENTITY USING INDEX one;
ALTER TABLE t CLUSTER ON t_b_a_idx;
"""
IGNORE = DriftOptions(names="ignore")


@pytest.fixture(scope="module")
def databases(test_server: Server) -> Databases:
    """The server's databases."""
    return Databases(test_server)


OTHER_NAMES = [
    "ALTER INDEX first RENAME TO third",
    "ALTER INDEX first RENAME TO aside; ALTER INDEX second RENAME TO first; ALTER INDEX aside RENAME TO second",
    "ALTER INDEX even RENAME TO odd",
    "ALTER TABLE t RENAME CONSTRAINT small TO tiny",
    "ALTER TABLE t RENAME CONSTRAINT apart TO never_together",
    "ALTER TABLE t RENAME CONSTRAINT one TO single",
    "ALTER INDEX t_b_a_idx RENAME TO by_b_and_a",
    "ALTER TABLE u RENAME CONSTRAINT of_t TO t_of",
    "ALTER DOMAIN share RENAME CONSTRAINT percent TO to_hundred",
]


@pytest.mark.parametrize("change", OTHER_NAMES)
def test_no_name_counts(databases: Databases, change: str) -> None:
    """What is there under another name is there, whatever facts say of it; else the name is a difference."""
    base, changed = databases.catalog(BASE), databases.catalog(BASE + change)
    assert databases.drift(base, changed, IGNORE) == Drift(())
    assert databases.drift(base, changed, DriftOptions(names="strict")).differences


def test_facts_follow_implied_names(databases: Databases) -> None:
    """A fact that names an index of an implied name is told in the other side's name: no difference."""
    change = "ALTER INDEX t_b_a_idx RENAME TO t_b_a_index; ALTER INDEX t_pkey RENAME TO whatever"
    assert databases.drift(databases.catalog(BASE), databases.catalog(BASE + change)) == Drift(())


COUNTED = [
    ("CREATE INDEX again ON t (a)", {("extra", "index", "public.t.again", None)}),
    ("ALTER INDEX first RENAME TO x; CREATE INDEX first ON t (a)", {("extra", "index", "public.t.x", None)}),
    ("DROP INDEX first", {("missing", "index", "public.t.first", None)}),
    (
        "DROP INDEX first; CREATE INDEX other ON t (a DESC)",
        {("different", "index", "public.t.first", "keys")},
    ),
    (
        "DROP INDEX first; ALTER INDEX second RENAME TO first",
        {("missing", "index", "public.t.first", None)},
    ),
    (
        "ALTER TABLE t DROP CONSTRAINT small, ADD CONSTRAINT other CHECK (a < 11)",
        {("missing", "check", "public.t.small", None), ("extra", "check", "public.t.other", None)},
    ),
    (
        "ALTER TABLE t ADD CONSTRAINT apart_again EXCLUDE USING gist (c WITH &&)",
        {("extra", "exclude", "public.t.apart_again", None)},
    ),
    ("COMMENT ON INDEX first IS 'x'", {("different", "index", "public.t.first", "comment")}),
]


@pytest.mark.parametrize(("change", "differences"), COUNTED)
def test_definitions_count(
    databases: Databases, change: str, differences: set[tuple[str, str, str, str | None]]
) -> None:
    """One stands for one: a second equal one is extra, and what means something else is different."""
    base, changed = databases.catalog(BASE), databases.catalog(BASE + change)
    assert said(databases.drift(base, changed, IGNORE)) == differences


def test_mends_use_the_names_of_the_database(databases: Databases) -> None:
    """What goes by another name there is mended by that name."""
    renamed = "ALTER INDEX t_b_a_idx RENAME TO t_b_a_index; ALTER INDEX t_b_a_index SET (fillfactor = 33)"
    found = databases.drift(databases.catalog(BASE), databases.catalog(BASE + renamed))
    assert [(str(d.ref), d.mend) for d in found.differences] == [
        ("public.t.t_b_a_idx", "ALTER INDEX public.t_b_a_index RESET (fillfactor);")
    ]
    changed = "DROP INDEX first; CREATE INDEX other ON t (a DESC)"
    found = databases.drift(databases.catalog(BASE), databases.catalog(BASE + changed), IGNORE)
    assert [d.mend for d in found.differences] == [
        "DROP INDEX public.other;\nCREATE INDEX other ON public.t (a);"
    ]
    taken = "DROP INDEX first; ALTER INDEX second RENAME TO first"
    found = databases.drift(databases.catalog(BASE), databases.catalog(BASE + taken), IGNORE)
    assert [d.mend for d in found.differences] == [
        "-- its name is that of something else by now: give it another by hand"
    ]
