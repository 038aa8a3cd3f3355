"""A network of one runner's own, that can be taken down: packets are lost then, and nobody is told."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from attrs import define

from tests.faults.runners import Ended, ended
from tests.toolchains.shell import missing

PORT = 5432
# In the namespace: a relay by TCP to the server's socket, and the command. What is read from stdin takes the network down.
INSIDE = """
import asyncio, os, subprocess, sys
from contextlib import suppress
socket, port, *command = sys.argv[1:]

async def pipe(source, target):
    while data := await source.read(65536):
        target.write(data)
        await target.drain()

async def serve(reader, writer):
    back, on = await asyncio.open_unix_connection(socket)
    with suppress(OSError, asyncio.CancelledError):
        await asyncio.gather(pipe(reader, on), pipe(back, writer))

async def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    async with await asyncio.start_server(serve, "127.0.0.1", int(port)):
        running = await asyncio.create_subprocess_exec(*command)
        down = asyncio.create_task(asyncio.to_thread(sys.stdin.readline))
        await asyncio.wait({down, asyncio.create_task(running.wait())}, return_when=asyncio.FIRST_COMPLETED)
        if down.done():
            subprocess.run(["ip", "link", "set", "lo", "down"], check=True)
        return await running.wait()

os._exit(asyncio.run(main()) % 256)
"""


@define(eq=False)
class Islander:
    """A command that runs in a network of its own."""

    process: "subprocess.Popen[str]"

    def take_down(self) -> None:
        """From now on no packet arrives."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def wait(self, seconds: float) -> Ended:
        """Waits for its end."""
        return ended(self.process, seconds)


@contextmanager
def island(server_socket: str, *command: str) -> Iterator[Islander]:
    """The command with a network in which 127.0.0.1:5432 is the server; it is told so by its arguments."""
    alone = ["unshare", "--user", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        missing("a network namespace", "there is no unshare, or no ip, on PATH")
    tried = subprocess.run([*alone, "ip", "link", "set", "lo", "up"], capture_output=True, text=True)
    if tried.returncode:
        missing("a network namespace", tried.stderr.strip())
    process = subprocess.Popen(
        [*alone, sys.executable, "-c", INSIDE, server_socket, str(PORT), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Islander(process)
    finally:
        process.kill()
        process.wait()
