"""`pgkit migrate up`: what a run applies, records and tells, and what it leaves alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgkit.diag import PgkitError
from pgkit.jobs.migrate.up import Request, Stopped, up
from pgkit.runtime.migrate import lock
from pgkit.runtime.migrate.events import Event, Point
from pgkit.runtime.migrate.options import Options, seconds
from tests.migrate.asking import apply, refusal, rows, run, sql
from tests.migrate.folders import BREAK, journal, write

TABLES = {
    "0000_a": f"CREATE TABLE a (n int);\n{BREAK}INSERT INTO a VALUES (1);",
    "0001_b": "CREATE TABLE b (n int); INSERT INTO b SELECT n FROM a;",
    "0002_c": "CREATE TABLE c (n int);",
}
LEDGER = "SELECT tag, seq, state, statement FROM pgkit.__pg_migrations ORDER BY seq"


def watched(folder: Path, db: str, **more: object) -> list[Event]:
    """What a run tells."""
    events: list[Event] = []
    run(up(Request(folder=folder, db=db, **more), events.append))  # type: ignore[arg-type]
    return events


def test_all_is_applied_once(tmp_path: Path, db: str) -> None:
    """The files run in their order, each with its row, and a second run finds nothing to do."""
    folder = write(tmp_path, TABLES)
    report = apply(folder, db)
    assert [one.tag for one in report.applied] == list(TABLES)
    assert report.pending == ()
    assert rows(db, LEDGER) == [
        ("0000_a", 1, "done", 2),
        ("0001_b", 2, "done", 2),
        ("0002_c", 3, "done", 1),
    ]
    assert rows(db, "SELECT n FROM public.b") == [(1,)]
    assert apply(folder, db).applied == ()


def test_up_to_a_migration(tmp_path: Path, db: str) -> None:
    """`--to` names the last one to run, by its tag or what stands before the `_`; the others stay pending."""
    folder = write(tmp_path, TABLES)
    report = apply(folder, db, to="0001")
    assert [one.tag for one in report.applied] == ["0000_a", "0001_b"]
    assert report.pending == ("0002_c",)
    assert apply(folder, db, to="0000_a").applied == ()
    assert refusal(up(Request(folder=folder, db=db, to="0009"))) == ["unknown-migration"]


def test_the_order_of_events(tmp_path: Path, db: str) -> None:
    """A file's row is written in its transaction, and the file is told to be done only after the commit."""
    folder = write(tmp_path, {"0000_a": "CREATE TABLE a (n int);"})
    assert [event.point for event in watched(folder, db)] == [
        Point.CONNECTED,
        Point.LOCKED,
        Point.PLANNED,
        Point.BEGUN,
        Point.BEFORE_STATEMENT,
        Point.AFTER_STATEMENT,
        Point.RECORDED,
        Point.BEFORE_COMMIT,
        Point.DONE,
        Point.UNLOCKED,
    ]


def test_a_file_fails_as_a_whole(tmp_path: Path, db: str) -> None:
    """The files before it stay; the message has the place, the SQLSTATE and the hint, and the report the rest."""
    files = {**TABLES, "0001_b": f"CREATE TABLE b (n int);\n{BREAK}SELECT ok,\n  oops FROM b;"}
    folder = write(tmp_path, files)
    with pytest.raises(Stopped) as caught:
        apply(folder, db)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, caught.value.exit_code) == ("sql-failed", 4)
    assert diagnostic.message == 'column "ok" does not exist (42703)'
    assert diagnostic.span is not None
    assert diagnostic.span.line_col() == (3, 8)
    assert "statement 2 of 0001_b" in (diagnostic.help or "")
    assert [one.tag for one in caught.value.report.applied] == ["0000_a"]
    assert caught.value.report.pending == ("0001_b", "0002_c")
    assert rows(db, "SELECT to_regclass('public.b')") == [(None,)]


def test_what_is_deferred_fails_at_the_commit(tmp_path: Path, db: str) -> None:
    """A constraint that is checked at the end takes the file back, its row included."""
    check = "CREATE TABLE d (n int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO d VALUES (1), (1);"
    folder = write(tmp_path, {"0000_d": check})
    with pytest.raises(Stopped) as caught:
        apply(folder, db)
    assert "cannot commit 0000_d" in caught.value.diagnostics[0].message
    assert rows(db, LEDGER) == []


@pytest.mark.parametrize("dry", [False, True])
def test_what_disagrees_stops_it_before_anything_runs(tmp_path: Path, db: str, dry: bool) -> None:
    """Edited, vanished and overtaken files are all told at once; nothing of the folder is run."""
    folder = write(tmp_path, TABLES)
    apply(folder, db)
    write(folder, {"0003_d": "CREATE TABLE d (n int);", "0002_c": "CREATE TABLE c (n bigint);"})
    journal(folder, ["0003_d", "0001_b", "0002_c"])
    codes = refusal(up(Request(folder=folder, db=db, dry_run=dry)))
    assert sorted(codes) == ["edited", "out-of-order", "vanished"]
    assert rows(db, "SELECT to_regclass('public.d')") == [(None,)]


def test_out_of_order_on_purpose(tmp_path: Path, db: str) -> None:
    """`--out-of-order` applies what stands before an applied one, and records it after."""
    folder = write(tmp_path, TABLES)
    journal(folder, ["0000_a", "0002_c"])
    apply(folder, db)
    journal(folder, list(TABLES))
    assert refusal(up(Request(folder=folder, db=db))) == ["out-of-order"]
    assert [one.tag for one in apply(folder, db, out_of_order=True).applied] == ["0001_b"]
    assert [row[0] for row in rows(db, LEDGER)] == ["0000_a", "0002_c", "0001_b"]


def test_a_new_name_is_recognised(tmp_path: Path, db: str) -> None:
    """A file that was renamed is told by its text."""
    apply(write(tmp_path / "old", TABLES), db)
    files = {**TABLES}
    files["0002_other"] = files.pop("0002_c")
    with pytest.raises(PgkitError) as caught:
        apply(write(tmp_path / "new", files), db)
    assert caught.value.diagnostics[0].message == "0002_c is applied, and its file is now called 0002_other"


def test_a_dry_run_changes_nothing(tmp_path: Path, db: str) -> None:
    """Every file that can be taken back is run; there is no ledger afterwards, nor anything else."""
    folder = write(tmp_path, TABLES)
    trial = apply(folder, db, dry_run=True).trial
    assert trial is not None
    assert (trial.tried, trial.untried) == (tuple(TABLES), ())
    assert rows(db, "SELECT count(*)::int FROM pg_class WHERE oid >= 16384") == [(0,)]
    with pytest.raises(Stopped) as caught:
        apply(write(tmp_path, {**TABLES, "0003_d": "SELECT oops;"}), db, dry_run=True)
    assert caught.value.exit_code == 4
    assert rows(db, "SELECT to_regnamespace('pgkit')") == [(None,)]


def test_what_a_dry_run_cannot_try(tmp_path: Path, db: str) -> None:
    """It stops at the first file that cannot be taken back, or that needs a commit, and lists the others."""
    enum = {"0000_t": "CREATE TYPE t AS ENUM ('a');"}
    apply(write(tmp_path, enum), db)
    added = {"0001_add": "ALTER TYPE t ADD VALUE 'b';", "0002_use": "SELECT 'b'::t;", "0003_c": "SELECT 1;"}
    trial = apply(write(tmp_path, {**enum, **added}), db, dry_run=True).trial
    assert trial is not None
    assert trial.tried == ("0001_add",)
    assert [(one.tag, one.why) for one in trial.untried] == [
        ("0002_use", "it needs what the files before it commit"),
        ("0003_c", "it stands after 0002_use"),
    ]
    assert len(apply(write(tmp_path, {**enum, **added}), db).applied) == 3


def test_a_dry_run_checks_what_is_deferred(tmp_path: Path, db: str) -> None:
    """What would fail at the commit fails in a dry run too."""
    check = "CREATE TABLE d (n int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO d VALUES (1), (1);"
    with pytest.raises(Stopped) as caught:
        apply(write(tmp_path, {"0000_d": check}), db, dry_run=True)
    assert caught.value.diagnostics[0].message.startswith("cannot commit")


def test_an_index_that_is_not_valid_is_no_success(tmp_path: Path, db: str) -> None:
    """IF NOT EXISTS is content with an index that a failed build has left; a run is not."""
    sql(db, "CREATE TABLE public.a (n int); INSERT INTO public.a VALUES (1), (1)")
    with pytest.raises(Exception, match="could not create unique index"):
        sql(db, "CREATE UNIQUE INDEX CONCURRENTLY a_n ON public.a (n)")
    folder = write(tmp_path, {"0000_i": "CREATE UNIQUE INDEX IF NOT EXISTS a_n ON a (n);"})
    assert refusal(up(Request(folder=folder, db=db))) == ["index-not-valid"]


def test_somebody_elses_table(tmp_path: Path, db: str) -> None:
    """A table, or a view, of the ledger's name that is none is left alone."""
    folder = write(tmp_path, TABLES)
    sql(db, "CREATE SCHEMA pgkit; CREATE VIEW pgkit.__pg_migrations AS SELECT 1 AS n")
    assert refusal(up(Request(folder=folder, db=db))) == ["not-a-ledger"]
    assert refusal(up(Request(folder=folder, db=db, dry_run=True))) == ["not-a-ledger"]


def test_the_holder_of_the_lock_is_named(tmp_path: Path, db: str) -> None:
    """The wait ends, and who has the lock is told."""
    folder = write(tmp_path, TABLES)

    async def both() -> None:
        from pgkit.runtime.connect import open_

        async with open_(db) as other:
            await other.fetch("SELECT pg_advisory_lock($1)", lock.key("pgkit.__pg_migrations"))
            await up(Request(folder=folder, db=db, options=Options(lock_wait=0.3)))

    with pytest.raises(Stopped) as caught:
        run(both())
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, caught.value.exit_code) == ("locked", 4)
    assert 'application "pgkit", user postgres' in diagnostic.message


def test_the_number_of_the_lock() -> None:
    """It never changes: an old runner and a new one must keep each other out."""
    assert lock.key("pgkit.__pg_migrations") == -4627666593407074807


@given(st.floats(0.001, 1e6))
def test_times_are_read_as_written(time: float) -> None:
    """Times are read in the units that Postgres has."""
    assert seconds(f"{time:.6f}s", "x") == pytest.approx(time, abs=1e-6)
    assert seconds(f"{time:.6f} min", "x") == pytest.approx(60 * time, abs=1e-4)


@pytest.mark.parametrize("time", ["3", "-1s", "s", "1 week", "1s1", ""])
def test_what_is_no_time(time: str) -> None:
    """A number without a unit could be seconds or, as in Postgres, milliseconds: it is refused."""
    with pytest.raises(PgkitError):
        seconds(time, "lock_wait")
