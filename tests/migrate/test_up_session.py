"""The session of a run: its settings hold whatever role, database, URL and files say; nothing leaks or is told."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgkit.diag import Diagnostic, PgkitError
from pgkit.jobs.migrate.up import Request, Stopped, up
from pgkit.runtime.migrate.events import Event, Point
from pgkit.runtime.migrate.options import Options
from tests.migrate.asking import apply, refusal, rows, run, sql
from tests.migrate.folders import BREAK, write

SEEN = """
CREATE TABLE public.seen AS SELECT current_setting('search_path') AS path, current_setting('lock_timeout') AS locks,
    current_setting('statement_timeout') AS statements, current_setting('synchronous_commit') AS durable,
    current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('application_name') AS name,
    current_setting('client_connection_check_interval') AS checked;
"""
PINNED = ('"$user", public', "3s", "0", "on", "1min", "pgkit-migrate", "1s")
SETTINGS = (
    "search_path = ''",
    "lock_timeout = '1h'",
    "statement_timeout = '1h'",
    "synchronous_commit = 'off'",
    "idle_in_transaction_session_timeout = 0",
    "application_name = 'other'",
    "client_connection_check_interval = 0",
)


@pytest.fixture
def role(db: str) -> Iterator[str]:
    """A role that may do everything, made for one test."""
    name = f"runner_{secrets.token_hex(4)}"
    sql(db, f"CREATE ROLE {name} SUPERUSER LOGIN")
    try:
        yield name
    finally:
        sql(db, f"BEGIN READ WRITE; DROP OWNED BY {name}; DROP ROLE {name}; COMMIT")


def as_role(db: str, role: str, more: str = "") -> str:
    """The URL of the same database for another role."""
    return db.replace("user=postgres", f"user={role}") + more


def said(stopped: PgkitError) -> str:
    """All that is told of what stopped a run."""
    return "\n".join(diagnostic.render() for diagnostic in stopped.diagnostics)


@pytest.mark.parametrize("of", ["ROLE {role}", "DATABASE {db}", "ROLE {role} IN DATABASE {db}"])
def test_defaults_do_not_win(tmp_path: Path, db: str, role: str, of: str) -> None:
    """What ALTER ROLE and ALTER DATABASE set for every session does not hold for a run."""
    (name,) = rows(db, "SELECT current_database()::text")[0]
    sql(db, "".join(f"ALTER {of.format(role=role, db=name)} SET {setting};" for setting in SETTINGS))
    apply(write(tmp_path, {"0000_seen": SEEN}), as_role(db, role))
    assert rows(db, "SELECT * FROM public.seen") == [PINNED]


def test_the_url_does_not_win_but_for_its_path(tmp_path: Path, db: str) -> None:
    """A search path that the URL gives is the user's own; the configured one wins over it."""
    options = "&options=-c%20search_path%3Dapp%20-c%20statement_timeout%3D1h&application_name=mine"
    sql(db, "CREATE SCHEMA app")
    apply(write(tmp_path, {"0000_seen": SEEN}), db + options)
    assert rows(db, "SELECT path, statements, name FROM public.seen") == [("app", "0", "pgkit-migrate")]
    again = write(tmp_path / "b", {"0000_seen": SEEN.replace("seen", "again")})
    names = Request(folder=again, db=db).names
    sql(db, "DROP SCHEMA pgkit CASCADE")
    run(up(Request(folder=again, db=db + options, names=names, options=Options(search_path="public"))))
    assert rows(db, "SELECT path FROM public.again") == [("public",)]


def test_a_role_that_takes_another_at_login(tmp_path: Path, db: str, role: str) -> None:
    """ALTER ROLE ... SET role is how hosts have objects owned by a group: each file runs as that one."""
    sql(db, f"ALTER ROLE {role} SET role = 'pg_database_owner'")
    sql(db, "GRANT ALL ON SCHEMA public TO pg_database_owner")
    (name,) = rows(db, "SELECT current_database()::text")[0]
    sql(db, f"GRANT CREATE ON DATABASE {name} TO pg_database_owner")
    files = {
        "0000_a": "CREATE TABLE a (n int); SET ROLE NONE;",
        "0001_b": f"CREATE TABLE b (n int);\n{BREAK}CREATE INDEX CONCURRENTLY b_n ON b (n);",
        "0002_c": "CREATE TABLE c (n int);",
    }
    apply(write(tmp_path, files), as_role(db, role))
    owners = "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE oid >= 16384 AND relkind = 'r'"
    assert rows(db, owners) == [("pg_database_owner",)]


@pytest.mark.parametrize("setting", ["ROLE {role}", "DATABASE {db}"])
def test_read_only_is_refused(tmp_path: Path, db: str, role: str, setting: str) -> None:
    """A role or a database that is read-only by default is told of, before anything runs."""
    (name,) = rows(db, "SELECT current_database()::text")[0]
    sql(db, f"ALTER {setting.format(role=role, db=name)} SET default_transaction_read_only = on")
    folder = write(tmp_path, {"0000_seen": SEEN})
    assert refusal(up(Request(folder=folder, db=as_role(db, role)))) == ["read-only"]


def test_a_statement_may_not_take_longer(tmp_path: Path, db: str) -> None:
    """`--statement-timeout` ends what takes too long; the file is rolled back."""
    folder = write(tmp_path, {"0000_a": "CREATE TABLE a (n int); SELECT pg_sleep(9);"})
    with pytest.raises(Stopped) as caught:
        apply(folder, db, options=Options(statement_timeout=0.1))
    assert "canceling statement due to statement timeout (57014)" in said(caught.value)
    assert rows(db, "SELECT to_regclass('public.a')") == [(None,)]


def notices(folder: Path, db: str) -> list[Event]:
    """What the server said by the way."""
    events: list[Event] = []
    run(up(Request(folder=folder, db=db), events.append))
    return [event for event in events if event.point is Point.NOTICE]


def test_notices_have_their_place(tmp_path: Path, db: str) -> None:
    """A notice is told with its file and its statement."""
    folder = write(tmp_path, {"0000_a": f"SELECT 1;\n{BREAK}DO $$ BEGIN RAISE WARNING 'look'; END $$;"})
    assert [(one.tag, one.statement, one.detail) for one in notices(folder, db)] == [
        ("0000_a", 1, "warning: look")
    ]


def test_notices_are_capped(tmp_path: Path, db: str) -> None:
    """A loop of notices, and one that has no end, do not bury the rest."""
    loop = "DO $$ BEGIN FOR i IN 1..1000 LOOP RAISE NOTICE '%', repeat('x', 9000); END LOOP; END $$;"
    told = notices(write(tmp_path, {"0000_a": loop}), db)
    assert len(told) == 100
    assert all(len(one.detail) < 2100 for one in told)
    assert told[-1].detail == "more notices of this file are not shown"


SECRETS = (
    "ALTER ROLE nobody_there PASSWORD '{}';",
    "ALTER ROLE nobody_there WITH ENCRYPTED  PASSWORD E'{}' SUPERUSER;",
    "CREATE ROLE postgres PASSWORD $x${}$x$;",
    "DO $$ BEGIN EXECUTE 'ALTER ROLE nobody_there PASSWORD ''{}'''; END $$;",
    "CREATE USER MAPPING FOR postgres SERVER nowhere OPTIONS (user 'u', password '{}');",
    "SELECT 1; ALTER ROLE nobody_there PASSWORD '{}' oops;",
    "SELECT dblink_connect('host=x password={} user=y');",
    "SELECT no_such_function('postgresql://u:{}@host/db');",
    "DO $$ BEGIN RAISE EXCEPTION 'a b'  USING HINT = 'password=''{}''' ; END $$;",
)


@pytest.mark.parametrize("statement", SECRETS)
def test_passwords_are_not_told(tmp_path: Path, db: str, statement: str) -> None:
    """Whatever Postgres has against a statement with a password in it, the password is not in the message."""
    secret = "correct horse" if "conn" not in statement and "://" not in statement else "correct-horse"
    text = f"CREATE TABLE a (n int);\n{statement.format(secret)}\n"
    with pytest.raises(PgkitError) as caught:
        apply(write(tmp_path, {"0000_a": text}), db)
    assert "horse" not in said(caught.value)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.span is not None
    assert diagnostic.span.line_col()[0] == 2


def test_the_place_is_right_behind_a_password(tmp_path: Path, db: str) -> None:
    """What is hidden has another length; the place that is pointed at does not move away from its word."""
    text = "ALTER ROLE postgres PASSWORD 'a very long password indeed'; SELECT oops;"
    with pytest.raises(Stopped) as caught:
        apply(write(tmp_path, {"0000_a": text}), db)
    diagnostic: Diagnostic = caught.value.diagnostics[0]
    assert diagnostic.span is not None
    span = diagnostic.span
    assert span.source.text[span.start : span.end] == "oops"
    assert "long password" not in said(caught.value)
