"""Status: where each migration stands, in our ledger and in Drizzle's; nothing is ever written by it."""

from pathlib import Path

import pytest

from pgkit.cli.app import run
from pgkit.jobs.migrate.files import migrations
from pgkit.jobs.migrate.status import status
from tests.migrate.asking import (
    CREATE_DRIZZLE,
    CREATE_DRIZZLE_1,
    apply,
    ask,
    at,
    refusal,
    rows,
    sql,
    stands,
)
from tests.migrate.folders import FIRST, journal, write, write_v1

FILES = {f"000{i}_{name}": f"CREATE TABLE {name} ();" for i, name in enumerate("abcd")}
TAGS = list(FILES)
SCHEMAS = "SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four migrations."""
    return write(tmp_path / "drizzle", FILES)


def recorded(folder: Path, *tags: str, **changes: int | str) -> str:
    """The rows that drizzle-kit 0.x writes for these."""
    known = {m.tag: m for m in migrations(folder).migrations}
    values = ((changes.get("hash", known[t].raw), changes.get("when", known[t].when)) for t in tags)
    rows = ", ".join(f"('{hash}', {when})" for hash, when in values)
    return f"INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES {rows};"


def test_without_a_ledger_all_is_pending(folder: Path, db: str) -> None:
    """And none is made."""
    said = ask(folder, db)
    assert stands(folder, db) == dict.fromkeys(TAGS, "pending")
    assert (said.chosen, list(said.ledgers), said.clean) == ("pgkit", ["pgkit"], False)
    assert rows(db, SCHEMAS) == [("information_schema",), ("public",)]


def test_our_ledger(folder: Path, db: str) -> None:
    """It knows what is applied and what was changed, renamed or removed since, and what came in between."""
    apply(folder, db, to=TAGS[2])
    assert stands(folder, db) == {**dict.fromkeys(TAGS[:3], "applied"), TAGS[3]: "pending"}
    (folder / f"{TAGS[0]}.sql").write_text("CREATE TABLE a (b int);")
    (folder / f"{TAGS[1]}.sql").rename(folder / "0001_other.sql")
    write(folder, {"0005_new": "SELECT 1"})
    journal(folder, [TAGS[0], "0001_other", "0005_new", TAGS[2], TAGS[3]])
    assert stands(folder, db) == {
        TAGS[0]: "edited",
        "0001_other": "renamed",
        "0005_new": "before-applied",
        TAGS[2]: "applied",
        TAGS[3]: "pending",
    }
    journal(folder, TAGS[2:])
    assert stands(folder, db) == {
        TAGS[2]: "applied",
        TAGS[3]: "pending",
        TAGS[0]: "no-file",
        TAGS[1]: "no-file",
    }


def test_line_ends_are_no_edit(folder: Path, db: str) -> None:
    """Nor is a byte order mark: version control and editors change both."""
    for name in ("pgkit", "drizzle"):
        (folder / f"{TAGS[0]}.sql").write_bytes(b"CREATE TABLE a (\n);\n")
        sql(db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        apply(folder, db, name)
        (folder / f"{TAGS[0]}.sql").write_bytes(b"\xef\xbb\xbfCREATE TABLE a (\r\n);\r\n")
        assert ask(folder, db, name).clean


def test_drizzles_ledger(folder: Path, db: str) -> None:
    """Each migration is in one of the classes that Drizzle's rows leave room for."""
    known = {m.tag: m for m in migrations(folder).migrations}
    sql(db, CREATE_DRIZZLE + recorded(folder, TAGS[0]))
    sql(db, recorded(folder, TAGS[1], hash="0" * 64))
    sql(db, recorded(folder, TAGS[2], when=known[TAGS[2]].when + 1))
    sql(db, "INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('gone', 7)")
    write(folder, {"0004_late": "SELECT 4", "0005_old": "SELECT 5"})
    journal(folder, [*TAGS, "0004_late", "0005_old"], {"0005_old": FIRST})
    assert stands(folder, db) == {
        TAGS[0]: "applied",
        TAGS[1]: "edited",
        TAGS[2]: "restamped",
        TAGS[3]: "pending",
        "0004_late": "pending",
        "0005_old": "skipped",
        "row 4": "no-file",
    }
    assert ask(folder, db).chosen == "drizzle"


def test_what_drizzle_skips_is_pending_before_what_is_applied(folder: Path, db: str) -> None:
    """A branch that was merged late: 0.x compares with the last time, and never looks back."""
    sql(db, CREATE_DRIZZLE + recorded(folder, TAGS[0], TAGS[2]))
    assert stands(folder, db) == {
        TAGS[0]: "applied",
        TAGS[1]: "skipped",
        TAGS[2]: "applied",
        TAGS[3]: "pending",
    }


def test_a_row_without_a_time_has_drizzle_start_anew(folder: Path, db: str) -> None:
    """NULL sorts first, and counts as 0: nothing is skipped then."""
    sql(db, CREATE_DRIZZLE + recorded(folder, TAGS[0], TAGS[2]))
    sql(db, "INSERT INTO drizzle.__drizzle_migrations (hash) VALUES ('by hand')")
    assert stands(folder, db)[TAGS[1]] == "before-applied"


def test_files_with_the_same_text_are_told_apart_by_their_time(tmp_path: Path, db: str) -> None:
    """A hash alone says nothing of two custom migrations that are empty."""
    folder = write(tmp_path, dict.fromkeys(TAGS, "-- by hand"))
    sql(db, CREATE_DRIZZLE + recorded(folder, TAGS[1]))
    assert stands(folder, db) == {
        TAGS[0]: "skipped",
        TAGS[1]: "applied",
        TAGS[2]: "pending",
        TAGS[3]: "pending",
    }


def test_two_rows_for_one_file_are_no_harm(folder: Path, db: str) -> None:
    """drizzle-kit has no lock: two at once may both write."""
    sql(db, CREATE_DRIZZLE + recorded(folder, *TAGS, TAGS[1]))
    assert ask(folder, db).clean


def test_the_proxy_driver_writes_numeric_times(folder: Path, db: str) -> None:
    """As it makes the table."""
    sql(db, CREATE_DRIZZLE.replace("bigint", "numeric") + recorded(folder, *TAGS))
    assert ask(folder, db).clean
    assert apply(folder, db, "drizzle").applied == ()


NAMES = {"20240102030405_a": "CREATE TABLE a ();", "20240102030406_b": "CREATE TABLE b ();"}


def test_folders_of_1_0_go_by_name(tmp_path: Path, db: str) -> None:
    """Rows without a name are those of 0.x: they are known by their second, or their hash."""
    folder = write_v1(tmp_path, {**NAMES, "20240102030407_c": "SELECT 1"})
    first, second, third = migrations(folder).migrations
    name = "INSERT INTO drizzle.__drizzle_migrations (hash, created_at, name) VALUES "
    sql(db, CREATE_DRIZZLE_1 + f"{name} ('{first.raw}', 5, '{first.tag}')")
    sql(db, f"{name} ('{second.raw}', {second.when + 123}, NULL), ('{third.raw}', 9, '19990102030405_x')")
    assert stands(folder, db) == {first.tag: "applied", second.tag: "unnamed", third.tag: "renamed"}


def test_folders_of_1_0_on_a_table_of_0_x(tmp_path: Path, db: str) -> None:
    """Before drizzle-kit has brought it up to date."""
    folder = write_v1(tmp_path, NAMES)
    first, second = migrations(folder).migrations
    sql(db, CREATE_DRIZZLE + recorded(folder, first.tag, when=first.when + 999))
    assert stands(folder, db) == {first.tag: "applied", second.tag: "pending"}


def test_both_ledgers_are_shown_if_there_are_both(folder: Path, db: str) -> None:
    """What `up` goes by is the one that is configured."""
    sql(db, CREATE_DRIZZLE)
    apply(folder, db)
    both = ask(folder, db)
    assert (list(both.ledgers), both.chosen, both.clean) == (["pgkit", "drizzle"], "pgkit", True)
    other = ask(folder, db, "drizzle")
    assert (list(other.ledgers), other.chosen, other.clean) == (["drizzle"], "drizzle", False)
    assert ask(folder, db, ledger="drizzle").chosen == "drizzle"


def test_names_of_ledgers_are_configured(folder: Path, db: str) -> None:
    """Schemas and tables, odd ones too."""
    odd = CREATE_DRIZZLE.replace("drizzle.__drizzle_migrations", '"o""dd"."Led ger"')
    sql(db, odd.replace("SCHEMA drizzle", 'SCHEMA "o""dd"'))
    said = ask(folder, db, drizzle_schema='o"dd', drizzle_table="Led ger")
    assert (said.chosen, said.ledgers["drizzle"].title) == ("drizzle", 'o"dd.Led ger')


def test_a_table_of_somebody_else_is_refused(folder: Path, db: str) -> None:
    """It is not Drizzle's ledger because of its name."""
    sql(db, "CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id int, hash text)")
    assert refusal(status(at(folder, db))) == ["not-a-ledger"]
    sql(
        db,
        "DROP SCHEMA drizzle CASCADE; CREATE SCHEMA drizzle; CREATE VIEW drizzle.__drizzle_migrations AS "
        "SELECT 1 AS id, '' AS hash, 1 AS created_at",
    )
    assert refusal(status(at(folder, db))) == ["not-a-ledger"]


def test_a_role_that_can_only_read_is_enough(folder: Path, db: str) -> None:
    """And one that cannot is told what it lacks."""
    apply(folder, db)
    role = f"status_{Path(db.partition('?')[0]).name}"
    sql(db, f"CREATE ROLE {role} LOGIN")
    try:
        assert refusal(status(at(folder, as_role(db, role)))) == ["cannot-read"]
        sql(db, f"GRANT USAGE ON SCHEMA pgkit TO {role}; GRANT SELECT ON pgkit.__pg_migrations TO {role}")
        assert ask(folder, as_role(db, role)).clean
    finally:
        sql(db, f"DROP OWNED BY {role}; DROP ROLE {role}")


def as_role(db: str, role: str) -> str:
    """The same database, for somebody else."""
    head, _, query = db.partition("?")
    kept = [pair for pair in query.split("&") if not pair.startswith("user=")]
    return f"{head}?{'&'.join((*kept, f'user={role}'))}"


def test_a_table_of_the_name_of_ours_is_refused(folder: Path, db: str) -> None:
    """Whatever it is."""
    sql(db, "CREATE SCHEMA pgkit; CREATE TABLE pgkit.__pg_migrations (tag text)")
    assert refusal(status(at(folder, db))) == ["not-a-ledger"]


def test_names_from_a_ledger_cannot_drive_the_terminal(
    tmp_path: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row may hold anything."""
    write_v1(tmp_path, NAMES)
    row = "INSERT INTO drizzle.__drizzle_migrations (hash, created_at, name) VALUES ('x', 1, E'\\x1b[2J')"
    sql(db, CREATE_DRIZZLE_1 + row)
    assert run(["migrate", "status", str(tmp_path), "--db", db]) == 0
    assert run(["migrate", "verify", str(tmp_path), "--db", db]) == 1
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert "no-file" in said.out


def test_a_dry_run_leaves_no_ledger(folder: Path, db: str) -> None:
    """Neither ours nor Drizzle's."""
    apply(folder, db, dry_run=True)
    apply(folder, db, "drizzle", dry_run=True)
    assert rows(db, SCHEMAS) == [("information_schema",), ("public",)]
    assert stands(folder, db) == dict.fromkeys(TAGS, "pending")
