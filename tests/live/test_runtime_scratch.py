"""Scratch databases and the roles made in them: there while needed, gone afterwards."""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pgkit.diag import PgkitError
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server, server
from pgkit.runtime.roles import roles_guard
from pgkit.runtime.scratch import PREFIX, scratch

T = TypeVar("T")


def run(work: Coroutine[object, object, T]) -> T:
    return asyncio.run(work)


@pytest.fixture(scope="module")
def ours() -> Iterator[Server]:
    """A server of this module's own: elsewhere, others sweep and forget what is counted here."""
    folder = Path(tempfile.mkdtemp(prefix="pgkit-test-"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGKIT_CACHE", str(folder))
        with server("embedded") as running_server:
            yield running_server
    for _ in range(200):
        if any(folder.glob("pg-*/data/postmaster.pid")):
            time.sleep(0.05)
    shutil.rmtree(folder)


async def ask(url: str, query: str, *args: object) -> Sequence[Sequence[Any]]:
    async with open_(url) as session:
        return await session.fetch(query, *args)


async def exists(server: Server, url: str) -> bool:
    name = url.partition("?")[0].rpartition("/")[2]
    return bool(await ask(server.url, "SELECT 1 FROM pg_database WHERE datname = $1", name))


def test_a_scratch_database_is_empty_and_utf8(ours: Server) -> None:
    """It holds nothing but what Postgres itself brings, in UTF-8, under a name that tells what it is."""

    async def seen() -> tuple[Sequence[object], bool]:
        async with scratch(ours, purpose="test") as url:
            database = "(SELECT datname::text FROM pg_database WHERE datname = current_database())"
            objects = "(SELECT count(*) FROM pg_class WHERE oid >= 16384)"
            found = await ask(url, f"SELECT {database}, {objects}, current_setting('server_encoding')")
        return found[0], await exists(ours, url)

    (name, objects, encoding), left = run(seen())
    assert str(name).startswith(f"{PREFIX}test_")
    assert (objects, encoding, left) == (0, "UTF8", False)


def test_dropped_with_sessions_in_it(ours: Server) -> None:
    """A session that somebody forgot does not keep the database."""

    async def left() -> bool:
        async with scratch(ours, purpose="test") as url:
            forgotten = open_(url)
            await forgotten.__aenter__()
        return await exists(ours, url)

    assert not run(left())


def test_dropped_after_an_exception(ours: Server) -> None:
    """What went wrong reaches the caller, and the database is gone."""
    urls = []

    async def fails() -> None:
        async with scratch(ours, purpose="test") as url, open_(url) as session:
            urls.append(url)
            await session.execute("SELECT 1/0")

    with pytest.raises(SqlError, match="division by zero"):
        run(fails())
    assert not run(exists(ours, urls[0]))


def test_dropped_when_cancelled_twice(ours: Server) -> None:
    """Cancelling does not interrupt the dropping, and is not forgotten over it."""

    async def cancelled() -> bool:
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def work() -> None:
            async with scratch(ours, purpose="test") as url, open_(url) as session:
                ready.set_result(url)
                await session.execute("SELECT pg_sleep(60)")

        task = asyncio.ensure_future(work())
        url = await ready
        await asyncio.sleep(0.05)
        task.cancel()
        while not task.done():
            await asyncio.sleep(0.002)
            task.cancel()
        assert task.cancelled()
        return await exists(ours, url)

    assert not run(cancelled())


def test_many_at_once(ours: Server) -> None:
    """Scratch databases do not stand in each other's way, nor sweep each other out."""

    async def one(number: int) -> int:
        async with scratch(ours, purpose="test") as url, open_(url, settings=running()) as session:
            await session.execute(f"CREATE TABLE t AS SELECT {number} AS n")
            await asyncio.sleep(0.1)
            return int((await session.fetch("SELECT n FROM t"))[0][0])

    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(one(number) for number in range(6)))

    assert run(all_of_them()) == list(range(6))


LEFT_BEHIND = """
import asyncio, os, signal, sys
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch

async def main():
    async with scratch(Server({url!r}, owned={owned}), purpose="left") as url:
        print(url, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def _left_behind(server: Server) -> str:
    program = LEFT_BEHIND.format(url=server.url, owned=server.owned)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    return told.decode().strip()


def test_what_a_killed_process_left_is_swept(ours: Server) -> None:
    """The next scratch database on a server of ours drops the dead one and leaves the living one alone."""

    async def swept() -> tuple[bool, bool, bool]:
        url = await _left_behind(ours)
        before = await exists(ours, url)
        async with scratch(ours, purpose="test") as living, scratch(ours, purpose="test"):
            return before, await exists(ours, url), await exists(ours, living)

    assert run(swept()) == (True, False, True)


def test_nothing_is_swept_on_a_server_of_the_users(ours: Server) -> None:
    """What looks like a leftover there may be somebody's living database."""

    async def kept() -> bool:
        theirs = Server(ours.url, owned=False)
        url = await _left_behind(theirs)
        try:
            async with scratch(theirs, purpose="test"):
                return await exists(theirs, url)
        finally:
            async with open_(ours.url) as session:
                await session.execute(f'DROP DATABASE "{url.partition("?")[0].rpartition("/")[2]}"')

    assert run(kept())


def test_a_role_that_may_not_create_databases(ours: Server) -> None:
    """The user is told what to grant, or how to do without."""

    async def refused() -> str:
        async with roles_guard(ours), open_(ours.url) as session:
            await session.execute("CREATE ROLE plain LOGIN")
            server = Server(ours.url.replace("user=postgres", "user=plain"), owned=False)
            with pytest.raises(PgkitError) as caught:
                async with scratch(server, purpose="test"):
                    pass
            return str(caught.value)

    text = run(refused())
    assert text.startswith("error[no-scratch-database]: cannot create a scratch database: permission denied")
    assert "help: grant CREATEDB" in text


async def left(server: Server) -> list[object]:
    """The roles and role settings that are there."""
    roles = "SELECT rolname::text FROM pg_roles WHERE oid >= 16384"
    return [
        row[0]
        for row in await ask(server.url, f"{roles} UNION ALL SELECT setconfig::text FROM pg_db_role_setting")
    ]


def test_roles_go_with_the_replay(ours: Server) -> None:
    """Owners, members, grantees: none is left, nor what was set for all roles or the one that we are."""
    replay = """
        CREATE ROLE "Mixed ""quotes"; CREATE ROLE app IN ROLE "Mixed ""quotes"; CREATE ROLE boss ROLE app;
        CREATE TABLE t (); ALTER TABLE t OWNER TO app; GRANT SELECT ON t TO boss;
        GRANT CREATE ON DATABASE postgres TO app; ALTER ROLE CURRENT_USER SET search_path TO evil;
        ALTER ROLE ALL SET work_mem TO '1MB';"""

    async def seen() -> tuple[int, list[object]]:
        async with roles_guard(ours), scratch(ours, purpose="test") as url:
            async with open_(url, settings=running()) as session:
                await session.execute(replay)
            during = len(await left(ours))
        return during, await left(ours)

    assert run(seen()) == (5, [])


def test_roles_of_two_replays_do_not_meet(ours: Server) -> None:
    """The second replay that makes the same role waits for the first."""

    async def replay() -> None:
        async with roles_guard(ours), scratch(ours, purpose="test") as url, open_(url) as session:
            await session.execute("CREATE ROLE app")
            await asyncio.sleep(0.1)

    async def both() -> list[object]:
        await asyncio.gather(replay(), replay())
        return await left(ours)

    assert run(both()) == []


def test_roles_are_not_made_on_a_server_of_the_users(ours: Server) -> None:
    """They would stay there: the guard refuses before anything runs."""

    async def refused() -> None:
        async with roles_guard(Server(ours.url, owned=False)):
            raise AssertionError("ran")

    with pytest.raises(PgkitError, match="roles-would-stay"):
        run(refused())
