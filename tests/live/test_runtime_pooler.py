"""Behind a pooler that refuses session settings in the startup packet, as PgBouncer does."""

import asyncio
import struct
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from pgkit.runtime.connect import READING, open_, settings_sql
from pgkit.runtime.embedded import Server, server
from pgkit.runtime.target import parse

ALLOWED = {b"user", b"database", b"client_encoding", b"application_name"}


@pytest.fixture(scope="module")
def ours() -> Iterator[Server]:
    """A server of our own, since the relay goes by its socket."""
    with server("embedded") as running_server:
        yield running_server


def _refusal(name: bytes) -> bytes:
    fields = b"SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: " + name + b"\0\0"
    return b"E" + struct.pack("!i", len(fields) + 4) + fields


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        target.write(data)
        await target.drain()
    target.close()


@asynccontextmanager
async def pooler(server_url: str) -> AsyncIterator[str]:
    """A relay to the real server that turns away startup packets with more in them than ALLOWED."""
    real = f"{parse(server_url).params['host']}/.s.PGSQL.5432"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = await reader.readexactly(4)
        packet = await reader.readexactly(struct.unpack("!i", size)[0] - 4)
        refused = sorted(set(packet[4:].split(b"\0")[:-2:2]) - ALLOWED)
        if refused:
            writer.write(_refusal(refused[0]))
            writer.close()
            return
        back, on = await asyncio.open_unix_connection(real)
        on.write(size + packet)
        await asyncio.gather(_pipe(reader, on), _pipe(back, writer))

    with tempfile.TemporaryDirectory() as folder:
        async with await asyncio.start_unix_server(serve, Path(folder, ".s.PGSQL.5432")):
            yield f"postgresql:///postgres?host={quote(folder)}&user=postgres"


def test_what_a_pooler_refuses_is_left_to_the_transaction(ours: Server) -> None:
    """The session opens without its settings, says which, and the transaction makes up for them."""

    async def seen() -> tuple[object, object, object]:
        async with pooler(ours.url) as url, open_(url) as session:
            await session.execute(f"BEGIN; {settings_sql(session.unpinned)}")
            names = "current_setting('search_path'), current_setting('TimeZone'), current_setting('jit')"
            return session.unpinned, *list((await session.fetch(f"SELECT {names}"))[0])[:2]

    assert asyncio.run(seen()) == (READING, "", "UTC")


def test_a_pinned_session_leaves_nothing(ours: Server) -> None:
    """Straight from the server, nothing is left to pin."""

    async def left() -> object:
        async with open_(ours.url) as session:
            return session.unpinned

    assert asyncio.run(left()) == {}
