"""Sessions of others: one that holds a lock, and those who only want to read."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from attrs import define, field

from pgkit.runtime.connect import open_, running


@contextmanager
def holding(url: str, script: str) -> Iterator[None]:
    """Another session that has run this, and stays as it then is until the end of the block."""
    ready, over = threading.Event(), threading.Event()

    async def hold() -> None:
        async with open_(url, settings=running()) as session:
            await session.execute(script)
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(hold()))
    thread.start()
    assert ready.wait(10)
    try:
        yield
    finally:
        over.set()
        thread.join()


@define(eq=False)
class Probe:
    """Reads over and over, and notes how long each reading took."""

    waited: list[float] = field(factory=list)

    @property
    def longest(self) -> float:
        """The longest that it had to wait, in seconds."""
        return max(self.waited)


@contextmanager
def probing(url: str, query: str) -> Iterator[Probe]:
    """Somebody who reads every 10 ms while the block lasts."""
    probe, over = Probe(), threading.Event()

    async def read() -> None:
        async with open_(url, settings=running()) as session:
            while not over.is_set():
                began = time.monotonic()
                await session.fetch(query)
                probe.waited.append(time.monotonic() - began)
                await asyncio.sleep(0.01)

    thread = threading.Thread(target=lambda: asyncio.run(read()))
    thread.start()
    try:
        yield probe
    finally:
        over.set()
        thread.join()
