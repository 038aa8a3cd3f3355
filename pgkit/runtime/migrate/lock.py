"""The lock between runners: an advisory one, which no file, table or crash can leave behind.

It is only ever tried for, never waited for inside Postgres: who waits there holds a snapshot, and
CREATE INDEX CONCURRENTLY of the runner that has the lock would wait for that snapshot in turn.
"""

import asyncio
import random
from hashlib import sha256
from time import monotonic
from typing import Final

from pgkit.diag import fail
from pgkit.executor import Executor
from pgkit.runtime.migrate.events import Point
from pgkit.runtime.migrate.teller import Teller

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0
_HALVES: Final = """
    locktype OPERATOR(pg_catalog.=) 'advisory' AND granted AND objsubid OPERATOR(pg_catalog.=) 1
"""
_HOLDERS: Final = f"""
    SELECT l.pid, a.application_name, a.usename::pg_catalog.text,
        pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) a.backend_start)
            ::pg_catalog.text
    FROM pg_catalog.pg_locks l
    LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid OPERATOR(pg_catalog.=) l.pid
    WHERE {_HALVES} AND l.classid::pg_catalog.int8 OPERATOR(pg_catalog.=) $1::pg_catalog.int8
        AND l.objid::pg_catalog.int8 OPERATOR(pg_catalog.=) $2::pg_catalog.int8
        AND l.database OPERATOR(pg_catalog.=) (
            SELECT d.oid FROM pg_catalog.pg_database d
            WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
        )
"""
_OWN: Final = """
    SELECT classid::pg_catalog.int8, objid::pg_catalog.int8, objsubid::pg_catalog.int8
    FROM pg_catalog.pg_locks
    WHERE locktype OPERATOR(pg_catalog.=) 'advisory' AND granted
        AND pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()
"""


def key(title: str) -> int:
    """The number of the lock for a ledger; advisory locks are of one database already."""
    digest = sha256(b"pgkit.migrate\0" + title.encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


async def take(session: Executor, title: str, wait: float, teller: Teller) -> None:
    """Gets the lock; raises with the name of its holder after `wait` seconds."""
    number, deadline, pause, told = key(title), monotonic() + wait, _FIRST_PAUSE, ""
    while not (await session.fetch("SELECT pg_catalog.pg_try_advisory_lock($1)", number))[0][0]:
        holder = await _holder(session, number)
        if holder != told:
            teller.tell(Point.WAITING, holder)
            told = holder
        if monotonic() >= deadline:
            raise fail(
                "locked",
                f"another runner has the lock: {holder or 'it has just changed hands'}",
                where=title,
                help="wait for it, or raise --lock-wait; `SELECT pg_terminate_backend(PID)` ends it",
                exit_code=4,
            )
        await asyncio.sleep(min(pause * random.uniform(0.5, 1.5), max(0.0, deadline - monotonic())))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


async def is_held(session: Executor, title: str) -> bool:
    """Whether the session has this lock; whatever a file did, `pg_advisory_unlock_all()` included."""
    return _halves(key(title)) in await _own(session)


async def is_alone(session: Executor, title: str) -> bool:
    """Whether the session has this lock and no other one that outlives a transaction."""
    return await _own(session) == {_halves(key(title))}


async def _own(session: Executor) -> set[tuple[int, int, int]]:
    return {(int(row[0]), int(row[1]), int(row[2])) for row in await session.fetch(_OWN)}


def _halves(number: int) -> tuple[int, int, int]:
    return (number >> 32) & 0xFFFFFFFF, number & 0xFFFFFFFF, 1


async def _holder(session: Executor, number: int) -> str:
    high, low, _ = _halves(number)
    rows = await session.fetch(_HOLDERS, high, low)
    told = (
        f'pid {pid}, application "{application or ""}", user {user or "?"}, connected for {age or "?"}'
        for pid, application, user, age in rows
    )
    return "; ".join(told)


async def release(session: Executor) -> None:
    """Gives the lock back, however often it was taken, with all that files took and left."""
    await session.execute("SELECT pg_catalog.pg_advisory_unlock_all()")
