"""Files that one transaction cannot hold: what each statement sees, what is recorded, and how a run goes on."""

from pathlib import Path
from typing import Any

import pytest

from pgkit.jobs.migrate.ledgers import LedgerName
from pgkit.jobs.migrate.up import Request, Stopped, up
from pgkit.runtime.migrate.events import Event, Point
from tests.migrate.asking import apply, refusal, rows, run, sql
from tests.migrate.folders import BREAK, write

LEDGER = "SELECT state, statement, doubtful FROM pgkit.__pg_migrations WHERE tag = '0001_apart'"
TABLE = {"0000_t": "CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2);"}


class Crash(Exception):
    """What a test stops a run with, from the outside."""


def folder(path: Path, *statements: str) -> Path:
    """A folder with a table, and a file that has to run apart."""
    return write(path, {**TABLE, "0001_apart": f";\n{BREAK}".join(statements) + ";\n"})


def crash(path: Path, db: str, point: Point, statement: int, **more: Any) -> bool:
    """A run that stops dead at this point of a statement, or a later one; says whether it came to that."""

    def watch(event: Event) -> None:
        here = event.statement is not None and event.statement >= statement
        if (event.point, event.tag) == (point, "0001_apart") and here:
            raise Crash

    try:
        run(up(Request(folder=path, db=db, **more), watch))
    except Crash:
        return True
    return False


def traces(db: str) -> list[int]:
    """The rows of the table."""
    return [n for (n,) in rows(db, "SELECT n FROM public.t ORDER BY n")]


def indexes(db: str) -> dict[str, bool]:
    """The indexes of the table, and whether they are valid."""
    query = (
        "SELECT indexrelid::regclass::text, indisvalid FROM pg_index WHERE indrelid = 'public.t'::regclass"
    )
    return {str(name).removeprefix("public."): valid for name, valid in rows(db, query)}


def insert(n: int) -> str:
    """A statement that shows when it ran twice."""
    return f"INSERT INTO t VALUES ({n})"


INDEX = "CREATE INDEX CONCURRENTLY t_n ON t (n)"
# Two transactions, one of the tool's own and one of the file's, with statements on their own between
OWN = (
    "%3",
    "COMMIT",
    "%4",
    INDEX,
    "BEGIN",
    "%5",
    "ROLLBACK",
    "BEGIN",
    "%6",
    "%7",
    "COMMIT",
    "VACUUM t",
    "%8",
)
SCRIPTS = {
    "own": tuple(insert(int(one[1:])) if one.startswith("%") else one for one in OWN),
    "open at the end": (insert(3), "COMMIT", "BEGIN", insert(4)),
    "chained": (insert(3), "COMMIT AND CHAIN", insert(4), "ROLLBACK AND CHAIN", insert(5), "COMMIT"),
    "no transaction": ("COMMIT", insert(3), "COMMIT", insert(4)),
    "alone first": (INDEX, insert(3), "COMMIT"),
    "savepoints": ("SAVEPOINT s", insert(3), "ROLLBACK TO s", insert(4), "COMMIT", insert(5)),
    "alone": (insert(3), INDEX, insert(4), "DROP INDEX CONCURRENTLY t_n", "REINDEX TABLE CONCURRENTLY t"),
}
PROCEDURE = "CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN INSERT INTO t VALUES (3); COMMIT; END'"
LEFT = {
    "own": [1, 2, 3, 4, 6, 7, 8],
    "open at the end": [1, 2, 3, 4],
    "chained": [1, 2, 3, 5],
    "no transaction": [1, 2, 3, 4],
    "alone first": [1, 2, 3],
    "savepoints": [1, 2, 4, 5],
    "alone": [1, 2, 3, 4],
}


@pytest.mark.parametrize("ledger", ["pgkit", "drizzle"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_transactions_of_its_own(tmp_path: Path, db: str, name: str, ledger: LedgerName) -> None:
    """The file's own BEGIN, COMMIT and ROLLBACK do what they say; what follows none runs by itself."""
    path = folder(tmp_path, *SCRIPTS[name])
    assert len(apply(path, db, ledger).applied) == 2
    assert traces(db) == LEFT[name]
    assert apply(path, db, ledger).applied == ()


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("point", [Point.BEFORE_STATEMENT, Point.AFTER_STATEMENT, Point.RECORDED])
def test_stopped_anywhere(tmp_path: Path, db: str, name: str, point: Point) -> None:
    """Wherever it is stopped, the next run goes on there: no statement is lost, none has its effect twice."""
    path = folder(tmp_path, *SCRIPTS[name])
    stops = sum(crash(path, db, point, at) for at in range(len(SCRIPTS[name])))
    assert stops
    apply(path, db)
    assert traces(db) == LEFT[name]
    assert rows(db, LEDGER) == [("done", len(SCRIPTS[name]), False)]
    assert all(indexes(db).values())


@pytest.mark.parametrize("call", ["CALL p()", "DO $$ BEGIN CALL p(); COMMIT; END $$"])
def test_a_procedure_that_commits(tmp_path: Path, db: str, call: str) -> None:
    """After the file's own COMMIT it can; what is left of it after a crash, only its author knows."""
    path = folder(tmp_path / "a", PROCEDURE, "COMMIT", call, insert(4))
    assert crash(path, db, Point.AFTER_STATEMENT, 2)
    assert refusal(up(Request(folder=path, db=db))) == ["in-doubt"]
    sql(db, "UPDATE pgkit.__pg_migrations SET statement = 3, doubtful = false WHERE state = 'running'")
    apply(path, db)
    assert traces(db) == [1, 2, 3, 4]


def test_progress_is_recorded_with_the_statement(tmp_path: Path, db: str) -> None:
    """A statement that failed leaves the ledger at the one before it; what comes after may be mended."""
    path = folder(tmp_path, insert(3), INDEX, "SELECT oops", insert(4))
    with pytest.raises(Stopped) as caught:
        apply(path, db)
    assert "statement 3 of 0001_apart; what stands before it is done" in (
        caught.value.diagnostics[0].help or ""
    )
    assert rows(db, LEDGER) == [("running", 2, False)]
    assert refusal(up(Request(folder=folder(tmp_path, insert(9), INDEX, insert(4)), db=db))) == ["edited"]
    assert len(apply(folder(tmp_path, insert(3), INDEX, insert(5)), db).applied) == 1
    assert traces(db) == [1, 2, 3, 5]


def test_it_goes_on_with_its_settings(tmp_path: Path, db: str) -> None:
    """What the statements before had set is set again, for those that are left."""
    sql(db, "CREATE SCHEMA app")
    settings = ("SET search_path = app, public", "SELECT set_config('app.tenant', 'x', false)")
    use = "CREATE TABLE kept AS SELECT current_setting('app.tenant') AS tenant"
    path = folder(tmp_path, *settings, INDEX, use)
    assert crash(path, db, Point.RECORDED, 2)
    apply(path, db)
    assert rows(db, "SELECT tenant FROM app.kept") == [("x",)]


def test_a_file_may_take_another_role(tmp_path: Path, db: str) -> None:
    """The ledger is written with the role of the session, whatever the file has set; its statements with theirs."""
    role = "SET ROLE pg_database_owner"
    path = folder(tmp_path, INDEX, role, "CREATE TABLE x AS SELECT current_user AS who", "COMMIT", "SELECT 1")
    sql(db, "GRANT CREATE ON SCHEMA public TO pg_database_owner")
    apply(path, db)
    assert rows(db, "SELECT who::text FROM public.x") == [("pg_database_owner",)]


def test_an_index_that_cannot_be_built_is_not_left(tmp_path: Path, db: str) -> None:
    """A build that fails takes away what it has made; once the rows are mended, the next run builds it."""
    path = folder(tmp_path, insert(1), "CREATE UNIQUE INDEX CONCURRENTLY t_n ON t (n)")
    assert refusal(up(Request(folder=path, db=db))) == ["sql-failed"]
    assert indexes(db) == {}
    assert rows(db, LEDGER) == [("running", 1, False)]
    sql(db, "DELETE FROM public.t WHERE n = 1")
    apply(path, db)
    assert indexes(db) == {"t_n": True}


def test_an_index_of_others_is_not_dropped(tmp_path: Path, db: str) -> None:
    """An invalid index that was there before is told of, and stays."""
    apply(write(tmp_path, TABLE), db)
    sql(db, "INSERT INTO public.t VALUES (1)")
    with pytest.raises(Exception, match="could not create unique index"):
        sql(db, "CREATE UNIQUE INDEX CONCURRENTLY t_n ON public.t (n)")
    for statement, code in (
        ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS t_n ON t (n)", "index-not-valid"),
        ("CREATE UNIQUE INDEX CONCURRENTLY t_n ON t (n)", "sql-failed"),
    ):
        assert refusal(up(Request(folder=folder(tmp_path, statement), db=db))) == [code]
        assert indexes(db) == {"t_n": False}


@pytest.mark.parametrize("built", ["t_n", None])
def test_an_index_in_doubt(tmp_path: Path, db: str, built: str | None) -> None:
    """One that was built is not built again; one that was left unfinished is, with a name or without."""
    statement = INDEX if built else INDEX.replace("t_n ", "")
    name = built or "t_n_idx"
    path = folder(tmp_path, insert(3), statement)
    assert crash(path, db, Point.AFTER_STATEMENT, 1)
    assert rows(db, LEDGER) == [("running", 1, True)]
    (oid,) = rows(db, f"SELECT 'public.{name}'::regclass::oid")
    apply(path, db)
    assert rows(db, f"SELECT 'public.{name}'::regclass::oid") == [oid]
    assert indexes(db) == {name: True}


def test_an_index_left_unfinished(tmp_path: Path, db: str) -> None:
    """What a killed build has left is dropped, and built anew."""
    path = folder(tmp_path, insert(3), INDEX)
    assert crash(path, db, Point.AFTER_STATEMENT, 1)
    sql(db, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.t_n'::regclass")
    (oid,) = rows(db, "SELECT 'public.t_n'::regclass::oid")
    apply(path, db)
    assert indexes(db) == {"t_n": True}
    assert rows(db, "SELECT 'public.t_n'::regclass::oid") != [oid]


def test_what_a_reindex_leaves(tmp_path: Path, db: str) -> None:
    """The copies of a REINDEX CONCURRENTLY that was killed are dropped; an older one of somebody else stays."""
    apply(write(tmp_path, TABLE), db)
    sql(db, "CREATE INDEX t_n ON public.t (n); CREATE INDEX old_ccnew ON public.t (n)")
    invalid = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.{}'::regclass"
    sql(db, invalid.format("old_ccnew"))
    path = folder(tmp_path, "REINDEX INDEX CONCURRENTLY t_n")
    assert crash(path, db, Point.BEFORE_STATEMENT, 0)
    sql(db, "CREATE INDEX t_n_ccnew ON public.t (n)")
    sql(db, invalid.format("t_n_ccnew"))
    apply(path, db)
    assert indexes(db) == {"t_n": True, "old_ccnew": False}


@pytest.mark.parametrize("point", [Point.BEFORE_STATEMENT, Point.AFTER_STATEMENT])
@pytest.mark.parametrize(
    "statement",
    [
        INDEX,
        "DROP INDEX CONCURRENTLY u_n",
        "REINDEX TABLE CONCURRENTLY u",
        "REINDEX SCHEMA public",
        "VACUUM FULL t",
        "CLUSTER",
        "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY",
        "CREATE DATABASE {db}_made",
        "ALTER SYSTEM RESET work_mem",
        "DISCARD ALL",
    ],
)
def test_in_doubt(tmp_path: Path, db: str, statement: str, point: Point) -> None:
    """Of every statement that runs alone it is found out whether it has run, or it is run again harmlessly."""
    sql(db, "CREATE TABLE public.u (n int); CREATE INDEX u_n ON public.u (n)")
    sql(db, "CREATE TABLE public.p (n int) PARTITION BY LIST (n)")
    sql(db, "CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1)")
    (name,) = rows(db, "SELECT current_database()::text")[0]
    made = statement.format(db=name)
    path = folder(tmp_path, made, insert(3))
    try:
        assert crash(path, db, point, 0)
        assert rows(db, LEDGER) == [("running", 0, True)]
        apply(path, db)
    finally:
        if "DATABASE" in statement:
            sql(db, f"DROP DATABASE IF EXISTS {name}_made")
    assert traces(db) == [1, 2, 3]
    assert rows(db, LEDGER) == [("done", 2, False)]


def test_a_partition_half_detached(tmp_path: Path, db: str) -> None:
    """DETACH CONCURRENTLY in two steps: one that stopped between is finished."""
    sql(db, "CREATE TABLE public.p (n int) PARTITION BY LIST (n)")
    sql(db, "CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1)")
    path = folder(tmp_path, "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY", insert(3))
    assert crash(path, db, Point.BEFORE_STATEMENT, 0)
    sql(db, "UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'public.p1'::regclass")
    apply(path, db)
    assert rows(db, "SELECT count(*)::int FROM pg_inherits WHERE inhparent = 'public.p'::regclass") == [(0,)]


@pytest.mark.parametrize("ledger", ["pgkit", "drizzle"])
@pytest.mark.parametrize("done", [False, True])
def test_what_cannot_be_found_out(tmp_path: Path, db: str, ledger: LedgerName, done: bool) -> None:
    """The run stops, and gives the statement by which its reader settles it either way."""
    sql(db, "CREATE PUBLICATION p; CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false)")
    path = folder(tmp_path, "ALTER SUBSCRIPTION s ADD PUBLICATION q", insert(3))
    try:
        assert crash(path, db, Point.BEFORE_STATEMENT, 0, ledger=ledger)
        with pytest.raises(Stopped) as caught:
            apply(path, db, ledger)
        (diagnostic,) = caught.value.diagnostics
        assert (diagnostic.code, caught.value.exit_code) == ("in-doubt", 4)
        assert traces(db) == [1, 2]
        update = (diagnostic.help or "").split("UPDATE ")[1 if done else 2]
        sql(db, f"UPDATE {update.partition('; if not')[0].partition('. Then')[0]}")
        if done:
            apply(path, db, ledger)
            assert traces(db) == [1, 2, 3]
        else:
            assert refusal(up(Request(folder=path, db=db, ledger=ledger))) == ["sql-failed"]
    finally:
        sql(db, "ALTER SUBSCRIPTION s DISABLE")
        sql(db, "ALTER SUBSCRIPTION s SET (slot_name = NONE)")
        sql(db, "DROP SUBSCRIPTION s")
