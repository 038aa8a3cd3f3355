"""On a server of the user's a replay makes no role, and changes nothing but its scratch database."""

import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from attrs import evolve

from pgkit.diag import PgkitError
from pgkit.jobs.replay import Replayed, ReplayOptions, replay
from pgkit.jobs.replay_prelude import Prelude, preludes
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server, server
from pgkit.runtime.roles import roles_guard
from tests.live.reading import run
from tests.live.replays import BREAK, PLAIN, folder, place, tables

T = TypeVar("T")
STATE = """
    SELECT array_agg(r::text ORDER BY rolname), (SELECT array_agg(s::text) FROM pg_db_role_setting s)
    FROM pg_roles r"""


@pytest.fixture(scope="module")
def theirs() -> Iterator[Server]:
    """A server that is treated as the user's. Nobody else knows it: who does may drop what looks abandoned."""
    cache = Path(tempfile.mkdtemp(prefix="pgkit-theirs-"))
    cache.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGKIT_CACHE", str(cache))
        with server("embedded") as there:
            yield evolve(there, owned=False)
    deadline = time.monotonic() + 30
    while list(cache.glob("*/data/postmaster.pid")) and time.monotonic() < deadline:
        time.sleep(0.1)
    shutil.rmtree(cache)


def with_role(there: Server, use: Callable[[], Awaitable[T]]) -> T:
    """What `use` gives while the server has the role `there`, and nobody else changes roles; none is left."""

    async def work() -> T:
        async with roles_guard(evolve(there, owned=True)), open_(there.url) as session:
            await session.execute("CREATE ROLE there CREATEDB")
            before = await session.fetch(STATE)
            try:
                return await use()
            finally:
                assert await session.fetch(STATE) == before

    return run(work())


def result(there: Server, *files: str, options: ReplayOptions = PLAIN) -> Replayed:
    """What the migrations make on a server that has the role `there`."""
    return with_role(there, lambda: replay(folder(*files), there, options=options))


def refusal(there: Server, *files: str, options: ReplayOptions = PLAIN) -> tuple[str, str]:
    """The code of the error, and the place."""
    with pytest.raises(PgkitError) as caught:
        result(there, *files, options=options)
    (found,) = caught.value.diagnostics
    assert caught.value.exit_code == 3
    return found.code, place(found)


def prelude(sql: str, folder: Path) -> ReplayOptions:
    """Options with a prelude of the user's."""
    (folder / "first.sql").write_text(sql)
    return ReplayOptions(prelude=preludes(["first.sql"], folder))


def test_roles_of_the_server_are_given(theirs: Server) -> None:
    """They are read, and are no part of what the SQL makes."""
    found = result(theirs, "CREATE TABLE a (); CREATE POLICY p ON a TO there; GRANT SELECT ON a TO there;")
    assert tables(found.catalog) == {"public.a"}
    assert found.given.roles == found.catalog.roles
    assert "there" in {role.name for role in found.given.roles}


def test_a_role_that_is_there_counts_as_made(theirs: Server) -> None:
    """CREATE ROLE is passed over, and the role is part of the result as it stands on the server."""
    found = result(theirs, f'CREATE TABLE a ();{BREAK}CREATE ROLE "there" NOLOGIN; CREATE TABLE b ();')
    assert tables(found.catalog) == {"public.a", "public.b"}
    made = {role.name for role in found.catalog.roles} - {role.name for role in found.given.roles}
    assert made == {"there"}


def test_a_guarded_role_that_is_there(theirs: Server) -> None:
    """A DO block that makes a role only where there is none runs."""
    guard = "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{0}') THEN CREATE ROLE {0}; END IF; END $$;"
    assert tables(result(theirs, guard.format("there"), "CREATE TABLE a ();").catalog) == {"public.a"}
    assert refusal(theirs, guard.format("elsewhere"))[0] == "server-would-change"


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("CREATE ROLE elsewhere;", "no-such-role"),
        ("CREATE USER elsewhere LOGIN;", "no-such-role"),
        ("COMMIT;--> statement-breakpoint\nCREATE ROLE elsewhere;", "no-such-role"),
        ("COMMIT; CREATE ROLE elsewhere;", "server-would-change"),
        ("DROP ROLE there;", "server-would-change"),
        ("ALTER ROLE there SUPERUSER;", "server-would-change"),
        ("ALTER ROLE there SET work_mem = '1MB';", "server-would-change"),
        ("ALTER DATABASE postgres SET work_mem = '1MB';", "server-would-change"),
        ("GRANT pg_monitor TO there;", "server-would-change"),
        ("COMMIT;--> statement-breakpoint\nGRANT pg_monitor TO there;", "server-would-change"),
        ("DO $$ BEGIN EXECUTE 'DROP ' || 'ROLE there'; END $$;", "server-would-change"),
    ],
)
def test_what_would_change_the_server_is_refused(theirs: Server, sql: str, code: str) -> None:
    """It is undone, and shown; the role is there as it was."""
    assert refusal(theirs, f"CREATE TABLE a ();{BREAK}{sql}")[0] == code


def test_the_place_of_a_refusal(theirs: Server) -> None:
    """The statement is shown, not the file."""
    sql = "CREATE TABLE a ();\nALTER ROLE there CREATEROLE;\nCREATE TABLE b ();"
    assert refusal(theirs, sql) == ("server-would-change", "0000_m.sql:2:1 ALTER ROLE there CREATEROLE")


def test_a_prelude_whose_roles_are_there(theirs: Server, tmp_path: Path) -> None:
    """It runs, but for its CREATE ROLE."""
    options = prelude("CREATE ROLE there; CREATE SCHEMA s;", tmp_path)
    found = result(theirs, "CREATE TABLE s.a ();", options=options)
    assert tables(found.catalog) == {"s.a"}
    assert [schema.name for schema in found.given.schemas] == ["s"]
    assert "there" in {role.name for role in found.given.roles}


def test_a_prelude_whose_roles_are_not_there(theirs: Server, tmp_path: Path) -> None:
    """The role that is missing is named."""
    code, where = refusal(theirs, "", options=prelude("CREATE ROLE there;\nCREATE ROLE elsewhere;", tmp_path))
    assert (code, where) == ("no-such-role", f"{tmp_path}/first.sql:2:1 CREATE ROLE elsewhere")


def test_supabase_wants_its_roles(theirs: Server) -> None:
    """The built-in prelude makes none either."""
    options = ReplayOptions(prelude=preludes(["supabase"]))
    code, where = refusal(theirs, "", options=options)
    assert code == "no-such-role"
    assert where.endswith("CREATE ROLE anon NOLOGIN NOINHERIT")


def test_a_prelude_without_its_roles(theirs: Server) -> None:
    """What settling runs of a prelude speaks of no role, and runs where there is none."""
    (supabase,) = preludes(["supabase"])
    (bare,) = (Prelude("bare", evolve(supabase.source, text=supabase.without_roles)),)
    found = result(
        theirs, "CREATE TABLE a (b uuid REFERENCES auth.users);", options=ReplayOptions(prelude=(bare,))
    )
    assert "auth.users" in tables(found.given)
