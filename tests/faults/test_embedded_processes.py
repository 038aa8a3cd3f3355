"""One server for all processes of a user: started once, gone after the last of them, however they end."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import frozen

from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import embedded_bin

USER = """
import sys
from pgkit.diag import PgkitError
from pgkit.runtime.embedded import server
try:
    with server("embedded") as there:
        print(there.url, flush=True)
        sys.stdin.read()
except PgkitError as error:
    sys.exit(str(error))
"""
SCRATCH = """
import asyncio, sys
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import server
from pgkit.runtime.scratch import scratch

async def main():
    with server("embedded") as there:
        async with scratch(there) as url, open_(url) as session:
            print(url, flush=True)
            await session.execute("SELECT pg_sleep(60)")

asyncio.run(main())
"""


@frozen
class Cache:
    """A cache folder of a test's own, with the processes that work in it."""

    folder: Path

    def start(self, program: str = USER) -> "subprocess.Popen[str]":
        environment = {**os.environ, "PGKIT_CACHE": str(self.folder)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([sys.executable, "-c", program], text=True, env=environment, **pipes)

    @contextlib.contextmanager
    def user(self, program: str = USER) -> "Iterator[tuple[subprocess.Popen[str], str]]":
        """A process that holds the server, and what it prints first: a URL."""
        process = self.start(program)
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            assert url, process.communicate()[1]
            yield process, url
        finally:
            process.kill()
            process.communicate()

    def processes(self, word: str) -> list[int]:
        """The living processes that carry the folder and the word on their command line."""
        listing = subprocess.run(
            ["ps", "-eww", "-o", "pid=,stat=,command="], capture_output=True, text=True, check=True
        )
        rows = [line.split(None, 2) for line in listing.stdout.splitlines()]
        return [
            int(pid)
            for pid, state, line in rows
            if state[0] != "Z" and str(self.folder) in line and word in line
        ]

    @property
    def root(self) -> Path:
        (found,) = self.folder.glob("pg-*")
        return found

    def postmaster(self) -> int:
        return int((self.root / "data" / "postmaster.pid").read_text().split()[0])

    def is_quiet(self) -> bool:
        """Whether no process of the server is left, its supervisor included."""
        return not self.processes("postgres")


def eventually(holds: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def ask(url: str, query: str) -> object:
    async def asked() -> object:
        async with open_(url) as session:
            return (await session.fetch(query))[0][0]

    return asyncio.run(asked())


@pytest.fixture(scope="module")
def cache() -> Iterator[Cache]:
    """Not under pytest's own folder, which is closed to the account that runs Postgres for root."""
    with _folder() as folder:
        yield Cache(folder)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="pgkit-test-"))
    folder.chmod(0o755)
    try:
        yield folder
        for supervisor in Cache(folder).processes("supervisor.py"):
            os.kill(supervisor, signal.SIGTERM)  # without it, the server lingers
        assert eventually(Cache(folder).is_quiet), "a server was left running"
    finally:
        shutil.rmtree(folder)


def test_eight_starts_make_one_server() -> None:
    """Processes that all find nothing there, not even a data directory, come out with the same server."""
    with _folder() as folder, contextlib.ExitStack() as stack:
        cache = Cache(folder)
        users = [cache.start() for _ in range(8)]
        for user in users:
            stack.callback(user.communicate)
            stack.callback(user.kill)
        urls = {user.stdout.readline() for user in users if user.stdout}
        assert len(urls) == 1
        assert len(cache.processes("supervisor.py")) == 1
        assert len(cache.processes("-D")) == 2  # the supervisor's arguments hold the server's


def test_the_server_stays_for_the_last_user(cache: Cache) -> None:
    """The first user's end is not the server's; the last one's is, a moment later."""
    with cache.user() as (_, url):
        with cache.user() as (second, same):
            started = ask(url, "SELECT pg_postmaster_start_time()")
            assert same == url
        assert second.returncode is not None
        time.sleep(2)
        assert ask(url, "SELECT pg_postmaster_start_time()") == started
    assert eventually(cache.is_quiet, 6)
    assert not list(cache.root.glob("run/*"))


def test_the_next_command_finds_it_running(cache: Cache) -> None:
    """A sequence of commands does not start the server again for each."""
    with cache.user() as (_, url):
        started = ask(url, "SELECT pg_postmaster_start_time()")
    with cache.user() as (_, url):
        assert ask(url, "SELECT pg_postmaster_start_time()") == started


def test_killed_users_leave_nothing(cache: Cache) -> None:
    """All users killed without a chance to clean up: a few seconds later no process is left."""
    with cache.user() as (one, url), cache.user() as (other, _):
        assert ask(url, "SELECT 1") == 1
        one.send_signal(signal.SIGKILL)
        other.send_signal(signal.SIGKILL)
        assert eventually(cache.is_quiet, 6)


def test_a_killed_supervisor_leaves_no_server(cache: Cache) -> None:
    """The next user gets a server that is supervised again, and it ends with the user."""
    with cache.user() as (_, url):
        (supervisor,) = cache.processes("supervisor.py")
        os.kill(supervisor, signal.SIGKILL)
        with cache.user() as (_, again):
            assert again == url
            assert ask(again, "SELECT 1") == 1
            assert len(cache.processes("supervisor.py")) == 1
    assert eventually(cache.is_quiet, 6)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGQUIT, signal.SIGTERM])
def test_a_server_that_died_is_started_again(cache: Cache, number: signal.Signals) -> None:
    """However Postgres ended, the next user has one, even while the supervisor has not noticed yet."""
    with cache.user():
        dead = cache.postmaster()
        os.kill(dead, number)
        with cache.user() as (_, url):
            assert ask(url, "SELECT 1") == 1
            assert cache.postmaster() != dead


def test_a_killed_initdb_leaves_nothing_half_made() -> None:
    """Killed while the data directory is being made, the next one makes it whole."""
    with _folder() as folder:
        cache = Cache(folder)
        first = cache.start()
        assert eventually(lambda: any(folder.glob("pg-*/data.*/base")))
        first.kill()
        first.communicate()
        with cache.user() as (_, url):
            assert ask(url, "SELECT 1") == 1
        assert [path.name for path in cache.root.glob("data*")] == ["data"]


def _leave_a_pid_file(cache: Cache) -> None:
    """A pid file as a crash leaves it, of a process that lives but is something else."""
    assert eventually(cache.is_quiet)
    (cache.root / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{cache.root / 'data'}\n0\n5432\n")


def test_a_pid_in_use_again_does_not_matter(cache: Cache) -> None:
    """A stale pid file that names a living process of another kind does not keep the server from starting."""
    with cache.user() as (_, url):
        system = ask(url, "SELECT system_identifier FROM pg_control_system()")
    _leave_a_pid_file(cache)
    with cache.user() as (_, url):
        assert ask(url, "SELECT system_identifier FROM pg_control_system()") == system


def test_data_from_before_a_power_cut_is_not_trusted(cache: Cache) -> None:
    """Nothing is synced to disk: what was open when the machine went down is made anew."""
    with cache.user() as (_, url):
        system = ask(url, "SELECT system_identifier FROM pg_control_system()")
    _leave_a_pid_file(cache)
    (cache.root / "boot").write_text("another")
    with cache.user() as (_, url):
        assert ask(url, "SELECT system_identifier FROM pg_control_system()") != system


def test_servers_of_former_programs_are_forgotten() -> None:
    """When a new data directory is made, those that nobody used for two months go."""
    with _folder() as folder:
        old, recent, other = (folder / name for name in ("pg-0123456789ab", "pg-ba9876543210", "pg-notes"))
        for path, age in ((old, 61), (recent, 59), (other, 61)):
            path.mkdir()
            for name in ("log", "start.lock", "users.lock", "supervisor.lock"):
                (path / name).touch()
                os.utime(path / name, (time.time() - age * 24 * 3600,) * 2)
        with Cache(folder).user():
            assert [path.exists() for path in (old, recent, other)] == [False, True, True]


def test_data_that_does_not_start_is_made_anew(cache: Cache) -> None:
    """A broken data directory heals itself: there is nothing in it to lose."""
    with cache.user():
        pass
    assert eventually(cache.is_quiet)
    (cache.root / "data" / "global" / "pg_control").write_bytes(b"broken")
    with cache.user() as (_, url):
        assert ask(url, "SELECT 1") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_scratch_database_is_dropped(cache: Cache, number: signal.Signals) -> None:
    """Ctrl-C, SIGTERM and a closed terminal end the query that runs, and drop the database."""
    with cache.user() as (_, url), cache.user(SCRATCH) as (process, scratch_url):
        name = scratch_url.partition("?")[0].rpartition("/")[2]
        present = f"SELECT count(*) FROM pg_database WHERE datname = '{name}'"
        assert ask(url, present) == 1
        process.send_signal(number)
        assert process.wait(10) != 0
        assert ask(url, present) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to another account")
def test_programs_that_only_root_can_read() -> None:
    """Root's virtual environment may be closed to the account that runs Postgres."""
    with _folder() as folder, tempfile.TemporaryDirectory() as closed:
        programs = _installed_in(Path(closed))
        text = f"import sys; sys.path.insert(0, {closed!r})\n{USER}"
        with Cache(folder).user(text) as (_, url):
            assert ask(url, "SELECT 1") == 1
            assert ask(url, "SELECT setting FROM pg_config() WHERE name = 'BINDIR'").startswith(str(folder))
        assert Path(closed).stat().st_mode & 0o077 == 0
        assert programs.exists()


def _installed_in(folder: Path) -> Path:
    """The embedded package with its libraries, copied into the folder."""
    package = embedded_bin().parents[1]
    unneeded = shutil.ignore_patterns("include", "pginstall", "*.a", "__pycache__")
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.is_dir():
            shutil.copytree(source, folder / source.name, symlinks=True, ignore=unneeded)
    return folder / package.name


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to another account")
def test_a_cache_that_only_root_may_enter() -> None:
    """Root is told where to put the cache instead, and nobody's permissions are changed for it."""
    with tempfile.TemporaryDirectory() as closed:
        process = Cache(Path(closed)).start()
        _, said = process.communicate()
        assert "error[no-embedded-server]: the cache lies in a folder that only root may enter" in said
        assert "help: set PGKIT_CACHE" in said
        assert Path(closed).stat().st_mode & 0o077 == 0
