"""Servers to harm: each has a data directory of its own, and its postmaster is ours to kill."""

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from attrs import define, field

from pgkit.runtime.cluster import Cluster, cluster, plain_environment, prepare
from pgkit.runtime.connect import open_, running
from pgkit.runtime.supervisor import is_ready, postmaster_pid
from tests.toolchains.servers import contrib_server

SETTINGS = {
    "shared_buffers": "64MB",
    "max_connections": "100",
    "fsync": "off",  # a server that crashes loses nothing by it, only a machine would
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",
    "unix_socket_permissions": "0777",
}
# What is committed is written to disk up to ten seconds later, unless a session asks for more.
LOSSY = {"synchronous_commit": "off", "wal_writer_delay": "10s"}
# The server ends with whoever holds the other end of the pipe, be that one killed.
KEEPER = '"$@" <&- & pid=$!; read _; kill -QUIT $pid; wait $pid'


@define(eq=False)
class Harmed:
    """A server that may be crashed, restarted and have its sessions killed."""

    place: Cluster
    _keeper: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Its maintenance database."""
        return self.database_url("postgres")

    def database_url(self, name: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql:///{name}?host={quote(str(self.place.sockets))}&user=postgres"

    @property
    def socket(self) -> str:
        """The path of the socket that it listens on."""
        return str(self.place.sockets / ".s.PGSQL.5432")

    def start(self, **settings: str) -> None:
        """Starts the server, and returns once it answers."""
        given = [f"--{name}={value}" for name, value in {**SETTINGS, **settings}.items()]
        program: list[str | Path] = [self.place.bin_dir / "postgres", "-D", self.place.data]
        account = self.place.account
        with open(self.place.log, "a") as log:
            self._keeper = subprocess.Popen(
                ["sh", "-c", KEEPER, "sh", *program, "-k", self.place.sockets, "--listen_addresses=", *given],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.place.root,
                env=plain_environment(),
                start_new_session=True,
                **({"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}),
            )
        assert eventually(lambda: is_ready(self.place.data, self.place.sockets), 60), self.said()

    def crash(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Ends it as `pg_ctl stop -m immediate` does, or with SIGINT as `-m fast`: sessions are thrown out then."""
        pid = postmaster_pid(self.place.data)
        assert pid is not None
        os.kill(pid, how)
        self._ended()

    def stop(self) -> None:
        """Ends it for good."""
        if self._keeper is not None and self._keeper.poll() is None and self._keeper.stdin is not None:
            self._keeper.stdin.close()
            self._ended()

    def said(self) -> str:
        """Its log."""
        return self.place.log.read_text(errors="replace")[-3000:]

    def _ended(self) -> None:
        assert self._keeper is not None
        if self._keeper.stdin is not None:
            self._keeper.stdin.close()
        self._keeper.wait(30)
        self._keeper = None

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a fresh database."""
        name = f"d{secrets.token_hex(5)}"
        say(self.url, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        try:
            yield self.database_url(name)
        finally:
            say(self.url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def harmed(**settings: str) -> Iterator[Harmed]:
    """A running server that nobody else knows of; its files are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pgkit-faults-", dir=_fast()))
    folder.chmod(0o755)
    try:
        server = Harmed(prepare(_cluster(folder)))
        server.place.sockets.chmod(0o711)  # for poolers, and for runners in a namespace of their own
        try:
            server.start(**settings)
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _cluster(folder: Path) -> Cluster:
    before = os.environ.get("PGKIT_CACHE")
    os.environ["PGKIT_CACHE"] = str(folder)
    try:
        return cluster(contrib_server(18))
    finally:
        del os.environ["PGKIT_CACHE"]
        if before is not None:
            os.environ["PGKIT_CACHE"] = before


def _fast() -> str | None:
    """Memory, where the machine has some to lend: thousands of databases are made here."""
    memory = Path("/dev/shm")
    return str(memory) if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30 else None


def fetch(url: str, query: str, *args: object) -> list[tuple[object, ...]]:
    """The rows of a query, on a session of its own."""

    async def fetched() -> list[tuple[object, ...]]:
        async with open_(url, settings=running()) as session:
            return [tuple(row) for row in await session.fetch(query, *args)]

    return asyncio.run(fetched())


def ask(url: str, query: str, *args: object) -> object:
    """The one value of a query."""
    return fetch(url, query, *args)[0][0]


def say(url: str, script: str) -> None:
    """Runs statements, on a session of its own."""

    async def said() -> None:
        async with open_(url, settings=running()) as session:
            await session.execute(script)

    asyncio.run(said())


def eventually(holds: Callable[[], bool], seconds: float = 15) -> bool:
    """Whether it comes to hold in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
