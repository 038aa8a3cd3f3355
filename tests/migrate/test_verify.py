"""Verify and baseline: the deliberate ways to have ledger and files agree; neither runs a file."""

import asyncio
from pathlib import Path

import pytest

from pgkit.jobs.config import MigrateConfig
from pgkit.jobs.migrate.baseline import baseline
from pgkit.jobs.migrate.files import migrations
from pgkit.jobs.migrate.ledgers import LedgerName, own_ledger
from pgkit.jobs.migrate.locked import locked
from pgkit.jobs.migrate.up import Request, up
from tests.migrate.asking import (
    CREATE_DRIZZLE,
    CREATE_DRIZZLE_1,
    apply,
    ask,
    at,
    check,
    codes,
    mend,
    refusal,
    rows,
    settle,
    sql,
    stands,
)
from tests.migrate.folders import BREAK, FIRST, journal, write, write_v1

FILES = {f"000{i}_{name}": f"CREATE TABLE {name} ();" for i, name in enumerate("abcd")}
TAGS = list(FILES)
BOTH: list[LedgerName] = ["pgkit", "drizzle"]
INSERT = "INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES"
INSERT_1 = "INSERT INTO drizzle.__drizzle_migrations (hash, created_at, name) VALUES"
DRIZZLE_ROWS = "SELECT hash, created_at FROM drizzle.__drizzle_migrations ORDER BY id"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four migrations."""
    return write(tmp_path / "drizzle", FILES)


def tables(db: str) -> list[str]:
    """The tables that the migrations have made."""
    query = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    return [name for (name,) in rows(db, query)]


@pytest.mark.parametrize("ledger", BOTH)
def test_an_untouched_folder_agrees(folder: Path, db: str, ledger: LedgerName) -> None:
    """With what is pending as well: that is no disagreement."""
    assert codes(folder, db, ledger) == []
    apply(folder, db, ledger, to=TAGS[1])
    assert codes(folder, db, ledger) == []
    assert mend(folder, db, ledger).repairs == ()


@pytest.mark.parametrize("ledger", BOTH)
def test_edits_are_accepted_and_not_run(folder: Path, db: str, ledger: LedgerName) -> None:
    """The ledger has the new checksum, the database the old table."""
    apply(folder, db, ledger)
    (folder / f"{TAGS[1]}.sql").write_text("CREATE TABLE other ();")
    assert codes(folder, db, ledger) == ["edited"]
    said = mend(folder, db, ledger)
    assert [(one.tag, str(one.was)) for one in said.repairs] == [(TAGS[1], "edited")]
    assert (said.wrong, codes(folder, db, ledger), tables(db)) == ((), [], list("abcd"))
    assert apply(folder, db, ledger).applied == ()


@pytest.mark.parametrize("ledger", BOTH)
def test_rows_without_a_file_are_forgotten(folder: Path, db: str, ledger: LedgerName) -> None:
    """What their file had made stays."""
    apply(folder, db, ledger)
    journal(folder, TAGS[:3])
    assert codes(folder, db, ledger) == ["vanished"]
    assert [str(one.was) for one in mend(folder, db, ledger).repairs] == ["no-file"]
    assert (codes(folder, db, ledger), tables(db)) == ([], list("abcd"))
    journal(folder, TAGS)
    assert stands(folder, db, ledger)[TAGS[3]] == "pending"


def test_a_new_name_is_known_by_the_text(folder: Path, db: str) -> None:
    """The row follows it."""
    apply(folder, db)
    (folder / f"{TAGS[1]}.sql").rename(folder / "0001_other.sql")
    journal(folder, [TAGS[0], "0001_other", *TAGS[2:]])
    assert codes(folder, db) == ["renamed"]
    assert [one.tag for one in mend(folder, db).repairs] == ["0001_other"]
    assert codes(folder, db) == []
    assert rows(db, "SELECT tag FROM pgkit.__pg_migrations ORDER BY seq") == [
        (TAGS[0],),
        ("0001_other",),
        (TAGS[2],),
        (TAGS[3],),
    ]


def test_drizzle_knows_no_names(folder: Path, db: str) -> None:
    """In its ledger of 0.x a renamed file is the same file; one with another time is not."""
    apply(folder, db, "drizzle")
    (folder / f"{TAGS[1]}.sql").rename(folder / "0001_other.sql")
    tags = [TAGS[0], "0001_other", *TAGS[2:]]
    journal(folder, tags, {"0001_other": FIRST + 60_000, TAGS[3]: FIRST + 999_999})
    assert codes(folder, db) == ["restamped"]
    mend(folder, db)
    assert codes(folder, db) == []
    assert rows(db, DRIZZLE_ROWS)[3][1] == FIRST + 999_999


def test_what_repair_cannot_decide_stays(folder: Path, db: str) -> None:
    """A file before an applied one: whether it is to be run is not for the ledger to say."""
    apply(folder, db)
    write(folder, {"0009_new": "CREATE TABLE e ();"})
    journal(folder, ["0009_new", *TAGS])
    assert codes(folder, db) == ["out-of-order"]
    assert [finding.code for finding in mend(folder, db).wrong] == ["out-of-order"]
    assert settle(folder, db, to="0009_new").recorded == ("0009_new",)
    assert (codes(folder, db), tables(db)) == ([], list("abcd"))


@pytest.mark.parametrize("ledger", BOTH)
def test_half_applied_files_are_told_of(folder: Path, db: str, ledger: LedgerName) -> None:
    """`up` goes on with them; a baseline would lose what is left."""
    write(folder, {"0004_apart": f"CREATE INDEX CONCURRENTLY i ON a ((1));{BREAK}SELECT 1/0;"})
    journal(folder, [*TAGS, "0004_apart"])
    assert refusal(up(Request(folder=folder, db=db, ledger=ledger))) == ["sql-failed"]
    assert codes(folder, db, ledger) == ["half-applied"]
    assert "1 of 2 statements are applied" in check(folder, db, ledger).wrong[0].message
    assert refusal(baseline(at(folder, db, ledger))) == ["half-applied"]
    (folder / "0004_apart.sql").write_text(f"CREATE INDEX CONCURRENTLY i ON a ((1));{BREAK}SELECT 1/1;")
    apply(folder, db, ledger)
    assert ask(folder, db, ledger).clean
    assert rows(db, "SELECT relname::text FROM pg_class WHERE relname = '__pgkit_progress'") == []


@pytest.mark.parametrize("ledger", BOTH)
def test_a_baseline_records_and_runs_nothing(folder: Path, db: str, ledger: LedgerName) -> None:
    """For a database that has the schema already; `up` goes on from there."""
    first = settle(folder, db, ledger, to=TAGS[1])
    assert (first.recorded, first.kept, first.pending) == (tuple(TAGS[:2]), 0, tuple(TAGS[2:]))
    assert tables(db) == []
    assert [one.tag for one in apply(folder, db, ledger, to=TAGS[2]).applied] == [TAGS[2]]
    second = settle(folder, db, ledger)
    assert (second.recorded, second.kept, second.pending) == ((TAGS[3],), 3, ())
    assert (tables(db), ask(folder, db, ledger).clean) == (["c"], True)
    assert settle(folder, db, ledger).recorded == ()


@pytest.mark.parametrize("ledger", BOTH)
def test_a_baseline_does_not_paper_over_contradictions(folder: Path, db: str, ledger: LedgerName) -> None:
    """What the ledger says already has to be so."""
    apply(folder, db, ledger, to=TAGS[1])
    (folder / f"{TAGS[0]}.sql").write_text("SELECT 1")
    journal(folder, [TAGS[0], *TAGS[2:]], {tag: FIRST + 60_000 * i for i, tag in enumerate(TAGS)})
    assert set(refusal(baseline(at(folder, db, ledger)))) == {"edited", "vanished"}


def test_a_baseline_takes_over_what_drizzle_recorded(folder: Path, db: str) -> None:
    """What its rows prove is applied; the rest stays pending, and what was decided is said."""
    known = {m.tag: m for m in migrations(folder).migrations}
    values = [f"('{known[TAGS[0]].raw}', {known[TAGS[0]].when})", f"('edited', {known[TAGS[1]].when})"]
    sql(db, f"{CREATE_DRIZZLE} {INSERT} {', '.join(values)}, ('gone', 5)")
    done = settle(folder, db)
    assert (done.recorded, done.adopted) == (tuple(TAGS[:2]), "drizzle.__drizzle_migrations")
    assert done.pending == tuple(TAGS[2:])
    assert [finding.message for finding in done.findings] == [
        f"{TAGS[1]} is recorded as the file is now: its file was changed after it was applied",
        "row 3 is left out: there is no file of it",
    ]
    assert [one.tag for one in apply(folder, db).applied] == TAGS[2:]
    assert stands(folder, db) == dict.fromkeys(TAGS, "applied")


def test_a_named_end_is_more_than_what_drizzle_recorded(folder: Path, db: str) -> None:
    """Who says `--to` has decided."""
    known = migrations(folder).migrations[0]
    sql(db, f"{CREATE_DRIZZLE} {INSERT} ('{known.raw}', {known.when})")
    done = settle(folder, db, to=TAGS[2])
    assert (done.recorded, done.adopted) == (tuple(TAGS[:3]), None)


def test_an_empty_ledger_of_drizzle_proves_nothing(folder: Path, db: str) -> None:
    """Then all is recorded, as without it."""
    sql(db, CREATE_DRIZZLE)
    assert settle(folder, db).recorded == tuple(TAGS)


V1 = {"20240102030405_a": "CREATE TABLE a ();", "20240102030406_b": "CREATE TABLE b ();"}
NAMED = "SELECT name, applied_at IS NULL, created_at FROM drizzle.__drizzle_migrations ORDER BY id"


def test_folders_of_1_0_are_recorded_by_name(tmp_path: Path, db: str) -> None:
    """In the table as 1.0 makes it."""
    folder = write_v1(tmp_path, V1)
    apply(folder, db, "drizzle")
    first, second = migrations(folder).migrations
    assert rows(db, NAMED) == [(first.tag, False, first.when), (second.tag, False, second.when)]
    assert apply(folder, db, "drizzle").applied == ()


def test_a_table_of_0_x_is_brought_up_to_date(tmp_path: Path, db: str) -> None:
    """As drizzle-kit 1.0 does it: rows get names, and no time at which they were applied."""
    folder = write_v1(tmp_path, V1)
    first, second = migrations(folder).migrations
    sql(db, f"{CREATE_DRIZZLE} {INSERT} ('{first.raw}', {first.when + 5}); CREATE TABLE public.a ()")
    apply(folder, db, "drizzle")
    assert rows(db, NAMED) == [(first.tag, True, first.when + 5), (second.tag, False, second.when)]


def test_rows_of_1_0_get_their_names_by_repair(tmp_path: Path, db: str) -> None:
    """drizzle-kit would run again what has none, or another one."""
    folder = write_v1(tmp_path, V1)
    first, second = migrations(folder).migrations
    values = f"('{first.raw}', {first.when}, NULL), ('{second.raw}', 5, '19990102030405_b')"
    sql(db, f"{CREATE_DRIZZLE_1} {INSERT_1} {values}")
    assert codes(folder, db) == ["unnamed", "renamed"]
    assert mend(folder, db).wrong == ()
    assert [name for name, *_ in rows(db, NAMED)] == [first.tag, second.tag]


def test_nothing_is_written_while_a_runner_is_at_work(folder: Path, db: str) -> None:
    """The lock is that of the runners, and its holder is named."""
    place = at(folder, db, config=MigrateConfig(lock_wait="200ms"))

    async def meanwhile() -> list[str]:
        async with locked(place, own_ledger(place.config)):
            return await asyncio.to_thread(refusal, baseline(place))

    assert asyncio.run(meanwhile()) == ["locked"]
    assert ask(folder, db).ledgers["pgkit"].exists is False


def test_up_does_not_run_what_drizzle_has_applied(folder: Path, db: str) -> None:
    """A database that Drizzle has migrated is taken over by a baseline, or gone on with in its ledger."""
    apply(folder, db, "drizzle", to=TAGS[1])
    assert refusal(up(Request(folder=folder, db=db))) == ["not-adopted"]
    assert refusal(up(Request(folder=folder, db=db, dry_run=True))) == ["not-adopted"]
    assert (tables(db), ask(folder, db).chosen) == (["a", "b"], "drizzle")
    assert settle(folder, db).recorded == tuple(TAGS[:2])
    assert [one.tag for one in apply(folder, db).applied] == TAGS[2:]


def test_folders_of_1_0_on_a_table_of_0_x_are_repaired(tmp_path: Path, db: str) -> None:
    """Rows in the way of drizzle-kit's own upgrade go; the others get the time by which it knows them."""
    folder = write_v1(tmp_path, V1)
    first, second = migrations(folder).migrations
    sql(db, f"{CREATE_DRIZZLE} {INSERT} ('{first.raw}', 5), ('gone', 6), ('{second.raw}', {second.when})")
    assert codes(folder, db) == ["restamped", "vanished"]
    assert refusal(up(Request(folder=folder, db=db, ledger="drizzle"))) == ["vanished"]
    assert mend(folder, db).wrong == ()
    assert apply(folder, db, "drizzle").applied == ()
    assert [row[0] for row in rows(db, NAMED)] == [first.tag, second.tag]
