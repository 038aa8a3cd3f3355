"""Roles and databases in SQL files: what belongs to the server is never changed for a source."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from pgkit.jobs.replay import Replayed
from pgkit.jobs.sql_files import running_files
from pgkit.passes.normalize import normalize
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server, server
from tests.live.reading import run, table
from tests.live.replays import tables
from tests.live.sql_sources import made, place, problem, said, sources

A = "CREATE TABLE a (b int);\n"
MINE = {"owner", "second", "reader", "Odd{}"}
ROLES = "SELECT rolname::text FROM pg_roles WHERE oid >= 16384"


def roles(there: Server) -> set[str]:
    """The roles that somebody made on the server."""

    async def work() -> set[str]:
        async with open_(there.url) as session:
            return {name for (name,) in await session.fetch(ROLES)}

    return run(work())


ABSENT = [
    "ALTER TABLE a OWNER TO nobody",
    "ALTER SCHEMA public OWNER TO nobody",
    "GRANT SELECT ON a TO nobody",
    "GRANT SELECT (b), INSERT ON TABLE a TO PUBLIC, nobody WITH GRANT OPTION",
    "REVOKE ALL ON SCHEMA public FROM nobody",
    "GRANT nobody TO CURRENT_USER",
    "ALTER DEFAULT PRIVILEGES FOR ROLE nobody IN SCHEMA public GRANT ALL ON TABLES TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM nobody",
    "SET ROLE nobody",
    "SET SESSION AUTHORIZATION 'nobody'",
]


@pytest.mark.parametrize("statement", ABSENT)
def test_ownership_and_privileges_of_absent_roles(test_server: Server, statement: str) -> None:
    """They are left out and listed, in a transaction too; a catalog knows nothing of them."""
    found = made(test_server, A + statement, f"BEGIN; {statement}; COMMIT;")
    assert normalize(found.catalog) == normalize(made(test_server, A).catalog)
    (finding,) = found.findings
    assert finding.severity == "note"
    assert finding.message == (
        'skipped 2 statements: there is no role "nobody", and ownership and privileges are no part of a catalog'
    )
    assert place(finding) == f"1.sql:2:1 {statement}"


def test_ownership_and_privileges_of_roles_that_are_there(test_server: Server) -> None:
    """What can run runs: a typing mistake in it is found."""
    sql = "ALTER TABLE a OWNER TO CURRENT_USER; GRANT SELECT ON a TO PUBLIC, pg_read_all_data; SET ROLE NONE;"
    assert said(made(test_server, A + sql)) == []
    found = problem(test_server, A + "GRANT SELECT ON nothing TO PUBLIC;")
    assert place(found) == "1.sql:2:1 GRANT SELECT ON nothing TO PUBLIC"


def test_roles_that_the_file_makes(test_server: Server) -> None:
    """On a server of ours they are made, are part of the catalog, and go with it."""
    found = made(test_server, "CREATE ROLE owner NOLOGIN;" + A + "ALTER TABLE a OWNER TO owner; SET ROLE owner; CREATE TEMP TABLE t (); RESET ROLE;"
                 "DO $$ BEGIN CREATE ROLE second; END $$; GRANT owner TO second;")  # fmt: skip
    assert [role.name for role in found.catalog.roles] == ["owner", "second"]
    assert said(found) == []
    assert not MINE & roles(test_server)


def test_the_roles_of_the_server_itself(test_server: Server) -> None:
    """What pg_dumpall says of the superuser does not change the one that our server has."""
    sql = (
        "CREATE ROLE postgres; ALTER ROLE postgres WITH NOSUPERUSER NOLOGIN; ALTER ROLE postgres SET work_mem = '1MB';"
        "COMMENT ON ROLE postgres IS 'x'; ALTER ROLE postgres RENAME TO other; CREATE ROLE owner; ALTER ROLE owner LOGIN;"
    )
    found = made(test_server, sql)
    assert said(found) == ["note role-skipped: skipped 5 statements: the role is the scratch server's own"]
    assert [(role.name, role.login) for role in found.catalog.roles] == [("owner", True)]


def named(found: Replayed) -> dict[str, list[str]]:
    """The roles that each policy of table `a` names."""
    return {policy.name: [ref.name for ref in policy.roles] for policy in table(found.catalog, "a").policies}


POLICY = "CREATE POLICY p ON a TO reader USING (b > 0);"


def test_stand_ins_for_roles_that_a_policy_names(test_server: Server) -> None:
    """pg_dump leaves roles out: the policy has them, the catalog does not declare them, and the server neither."""
    sql = 'CREATE SCHEMA AUTHORIZATION "Odd{}"; CREATE POLICY q ON a TO reader; GRANT SELECT ON a TO reader;'
    found = made(test_server, A + POLICY + sql)
    assert named(found) == {"p": ["reader"], "q": ["reader"]}
    assert found.catalog.roles == ()
    assert said(found) == [
        'note undeclared-role: ran 2 statements with a stand-in: nothing makes the role "reader"',
        'note undeclared-role: ran a statement with a stand-in: nothing makes the role "Odd{}"',
    ]
    assert not MINE & roles(test_server)


@pytest.fixture(scope="module")
def theirs() -> Iterator[Server]:
    """A server that is treated as the user's, with a role `there`; nobody else knows it."""
    cache = Path(tempfile.mkdtemp(prefix="pgkit-theirs-"))
    cache.chmod(0o711)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGKIT_CACHE", str(cache))
        with server("embedded") as there:
            run(_with_role(there))
            yield evolve(there, owned=False)
    deadline = time.monotonic() + 30
    while list(cache.glob("*/data/postmaster.pid")) and time.monotonic() < deadline:
        time.sleep(0.1)
    shutil.rmtree(cache)


async def _with_role(there: Server) -> None:
    async with open_(there.url) as session:
        await session.execute("CREATE ROLE there")


def test_a_users_server_gets_no_role(theirs: Server) -> None:
    """What a role of the user's server is named for works; one that is not there is never made."""
    sql = "CREATE ROLE there;" + A + "ALTER TABLE a OWNER TO there; ALTER TABLE a OWNER TO nobody;"
    found = made(theirs, sql + "CREATE POLICY p ON a TO there;")
    assert named(found) == {"p": ["there"]}
    assert [d.code for d in found.findings] == ["absent-role"]
    for sql, at in (
        ("CREATE ROLE elsewhere;", "1.sql:2:1 CREATE ROLE elsewhere"),
        ("CREATE POLICY p ON a TO elsewhere;", "1.sql:2:1 CREATE POLICY p ON a TO elsewhere"),
    ):
        refused = problem(theirs, A + sql, code=3)
        assert (refused.code, place(refused)) == ("no-such-role", at)
        assert "leave --server out" in (refused.help or "")
    assert roles(theirs) == {"there"}


@pytest.mark.parametrize(
    "statement", ["ALTER ROLE there SET work_mem = '8MB'", "DROP ROLE there", "GRANT pg_monitor TO there"]
)
def test_a_users_server_stays_as_it_is(theirs: Server, statement: str) -> None:
    """Roles of the server, their settings and memberships are not a file's to change."""
    refused = problem(theirs, A + statement, code=3)
    assert (refused.code, place(refused)) == ("server-would-change", f"1.sql:2:1 {statement}")


@pytest.mark.parametrize(
    "head",
    [
        "CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8';\nALTER DATABASE shop OWNER TO nobody;\n\\connect shop\n",
        "DROP DATABASE IF EXISTS shop; CREATE DATABASE shop;\n\\c shop;\n",
        "SET x.y = 1; CREATE DATABASE \"Odd 'shop\";\n\\connect -reuse-previous=on \"dbname='Odd \\'shop'\"\n",
        "\\connect shop\n\\connect -\nCOMMENT ON DATABASE shop IS 'x'; ALTER DATABASE shop SET search_path = a; \n",
    ],
)  # fmt: skip
def test_the_scratch_database_stands_for_the_one_that_is_created(test_server: Server, head: str) -> None:
    """`pg_dump --create`, and files that begin by making their database; statements about it are listed."""
    found = made(test_server, head + A)
    assert tables(found.catalog) == {"public.a"}
    assert {d.code for d in found.findings} == {"database-skipped"}


def test_subscriptions_are_not_made(test_server: Server) -> None:
    """Making one would connect to another server, and keep the scratch database from being dropped."""
    sql = (
        "CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p; ALTER SUBSCRIPTION s OWNER TO nobody;"
    )
    found = made(test_server, A + sql)
    assert said(found) == [
        "warning subscription-skipped: skipped 2 statements: a subscription connects to another server"
    ]


def test_settings_that_the_server_does_not_know(test_server: Server) -> None:
    """A dump of a later version sets more: that is no reason to refuse it. A wrong value is."""
    found = made(test_server, "SET no_such_thing = 1;\n" + A)
    assert said(found) == [
        "note setting-skipped: skipped a statement: the scratch server has no such setting"
    ]
    assert place(problem(test_server, "SET work_mem = 'lots';")) == "1.sql:1:1 SET work_mem = 'lots'"
    assert "no_such_thing" in problem(test_server, "BEGIN; SET no_such_thing = 1; COMMIT;").message


def test_roles_stay_while_the_database_is_there(test_server: Server) -> None:
    """A stand-in is there as long as what was made with it."""

    async def work() -> list[str]:
        async with running_files(sources(A + POLICY), test_server) as found, open_(found.url) as session:
            return [name for (name,) in await session.fetch(ROLES)]

    assert "reader" in run(work())
    assert not MINE & roles(test_server)
