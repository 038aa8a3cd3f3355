"""A relay between a runner and its server that reads the protocol, and fails at the message that it is told."""

import asyncio
import re
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from attrs import define, field, frozen

ASKS_FIRST = {80877103: "tls", 80877104: "gss"}  # answered with one byte, before the startup packet
CANCEL = 80877102


@frozen
class Message:
    """One message of the protocol; `kind` is empty for a startup packet, and `sender` says whose it is."""

    sender: Literal["client", "server"]
    kind: str
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The query of a Query or Parse, the tag of a CommandComplete."""
        if self.sender == "client" and self.kind == "P":
            return self.body.split(b"\0")[1].decode(errors="replace")
        if (self.sender, self.kind) in (("client", "Q"), ("server", "C")):
            return self.body.split(b"\0")[0].decode(errors="replace")
        return ""

    @property
    def wire(self) -> bytes:
        """Its bytes."""
        return self.kind.encode() + struct.pack("!i", len(self.body) + 4) + self.body


# What becomes of a message, and of the connection that it came by.
#   pass    it goes on
#   cut     it is lost, and both sides see the connection closed
#   desert  it is lost, the client sees the connection closed, and the server does not
#   hush    it is lost, and so is all that follows either way; nobody sees anything
Fate = Literal["pass", "cut", "desert", "hush"]
Rule = Callable[[Message], Fate]


@define
class Once:
    """Lets the n-th message that matches meet its fate, and all others pass, also on later connections."""

    fate: Fate
    matches: Callable[[Message], bool]
    nth: int = 0
    seen: int = 0
    fired: bool = False

    def __call__(self, message: Message) -> Fate:
        if self.fired or not self.matches(message):
            return "pass"
        self.seen += 1
        self.fired = self.seen > self.nth
        return self.fate if self.fired else "pass"


def query(pattern: str = "") -> Callable[[Message], bool]:
    """A client's statement that matches."""
    return lambda m: m.sender == "client" and m.kind in "QP" and bool(m.kind) and _has(pattern, m)


def reply(pattern: str = "") -> Callable[[Message], bool]:
    """The server's word that a statement with such a tag is done."""
    return lambda m: m.sender == "server" and m.kind == "C" and _has(pattern, m)


def _has(pattern: str, message: Message) -> bool:
    return re.search(pattern, message.text, re.IGNORECASE) is not None


@define(eq=False)
class Relay:
    """A relay that listens; `rule` may be changed while it works."""

    server_socket: str
    rule: Rule
    tls: bool = True  # whether a request for TLS gets an answer at all
    seen: list[Message] = field(factory=list)
    pairs: list["asyncio.StreamWriter"] = field(factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carries one connection to its end."""
        back, on = await asyncio.open_unix_connection(self.server_socket)
        self.pairs += [writer, on]
        carried = [
            asyncio.ensure_future(self._carry("client", reader, on, writer)),
            asyncio.ensure_future(self._carry("server", back, writer, on)),
        ]
        done, others = await asyncio.wait(carried, return_when=asyncio.FIRST_COMPLETED)
        fate = next(iter(done)).result()
        for other in others:
            other.cancel()
        if fate == "hush":
            return
        writer.close()
        if fate != "desert":
            on.close()

    async def _carry(
        self,
        sender: Literal["client", "server"],
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        back: asyncio.StreamWriter,
    ) -> Fate:
        """Forwards messages one by one until one of them does not pass."""
        started = sender == "server"
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                message = await _read(sender, source, started)
                if not started and _asks_for_encryption(message):
                    back.write(b"N")
                    continue
                started = True
                self.seen.append(message)
                fate = self.rule(message)
                if fate != "pass":
                    return fate
                target.write(message.wire)
                await target.drain()
        return "cut"


async def _read(sender: Literal["client", "server"], source: asyncio.StreamReader, started: bool) -> Message:
    kind = (await source.readexactly(1)).decode("latin-1") if started else ""
    (size,) = struct.unpack("!i", await source.readexactly(4))
    return Message(sender, kind, await source.readexactly(size - 4))


def _asks_for_encryption(message: Message) -> bool:
    return len(message.body) == 4 and struct.unpack("!i", message.body)[0] in ASKS_FIRST


@contextmanager
def relay(server_socket: str, rule: Rule) -> Iterator[tuple[Relay, str]]:
    """A relay in a thread of its own, and the `host=` under which runners find it."""
    made = Relay(server_socket, rule)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    with tempfile.TemporaryDirectory(prefix="pgkit-relay-") as place:
        path = Path(place, ".s.PGSQL.5432")
        try:
            listening = asyncio.run_coroutine_threadsafe(asyncio.start_unix_server(made.serve, path), loop)
            listening.result(10)
            yield made, quote(place)
        finally:
            asyncio.run_coroutine_threadsafe(_end(made), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)


async def _end(made: Relay) -> None:
    """Closes what is open, the connections that were deserted included."""
    for writer in made.pairs:
        writer.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
