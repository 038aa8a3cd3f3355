"""Servers for scratch databases: the embedded one, one of this machine's programs, or one of the user's."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote

from attrs import define, field

from pgkit.diag import fail
from pgkit.runtime.binaries import WAYS_OUT, embedded_bin, machine_bin
from pgkit.runtime.url import is_connection, redact


@define(eq=False)
class Server:
    """A server for scratch databases. One of ours lives as long as some process holds such a value open."""

    url: str
    owned: bool
    version: int | None = None  # major, where it is known without asking
    bin_dir: Path | None = None
    _hold: IO[str] | None = field(default=None, repr=False)

    def close(self) -> None:
        """Gives the server up; one of ours stops once everybody has."""
        if self._hold is not None:
            self._hold.close()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def server(choice: str | None = None) -> Server:
    """The server for scratch databases: a URL, `local`, or what PGKIT_SERVER says, or the embedded one."""
    choice = choice or os.environ.get("PGKIT_SERVER") or "embedded"
    if choice == "embedded":
        return local_server(embedded_bin())
    if choice == "local":
        return local_server(machine_bin())
    if is_connection(choice):
        return Server(choice, owned=False)
    raise fail(
        "bad-server",
        "expected a URL, `local` or `embedded`",
        where=redact(choice),
        help=WAYS_OUT,
        exit_code=2,
    )


def local_server(bin_dir: Path) -> Server:
    """A running private server from these programs, shared by all processes that ask for the same."""
    if sys.platform == "win32":
        help = "run Postgres elsewhere and name it with --server URL"
        raise fail("no-embedded-server", "the embedded server needs Linux or macOS", help=help)
    from pgkit.runtime.cluster import cluster
    from pgkit.runtime.sharing import join

    try:
        place = cluster(bin_dir)
        hold = join(place)
    except OSError as error:
        message = f"cannot start a server: {error.strerror}"
        raise fail("no-embedded-server", message, where=str(error.filename or ""), help=WAYS_OUT) from None
    url = f"postgresql:///postgres?host={quote(str(place.sockets))}&user=postgres"
    return Server(url, owned=True, version=place.version, bin_dir=bin_dir, hold=hold)
