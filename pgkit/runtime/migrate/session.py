"""The runner's connection: its settings pinned, poolers detected, and never waited for in vain."""

import asyncio
import socket
from collections.abc import Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Final, TypeVar

from attrs import define, field, frozen

from pgkit.diag import PgkitError, fail
from pgkit.runtime.connect import SqlError
from pgkit.runtime.migrate.events import Point
from pgkit.runtime.migrate.failures import Lost, is_loss
from pgkit.runtime.migrate.options import Options
from pgkit.runtime.migrate.teller import Teller
from pgkit.runtime.session import AsyncpgExecutor, dial
from pgkit.runtime.target import Target

T = TypeVar("T")
_INTERVAL: Final = "client_connection_check_interval"
# Seconds: a peer that is gone without a word is known to be gone after half a minute.
_KEEPALIVE: Final = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 4, "TCP_USER_TIMEOUT": 30_000}
_DIRECT: Final = "give the URL of the server itself: `migrate up` needs one session from start to end"
_STATE: Final = """
    SELECT pg_catalog.pg_backend_pid(), pg_catalog.pg_is_in_recovery(),
        pg_catalog.current_setting('default_transaction_read_only'),
        pg_catalog.current_setting('role'),
        (SELECT a.backend_start::pg_catalog.text FROM pg_catalog.pg_stat_activity a
            WHERE a.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid())
"""
_ELSEWHERE: Final = """
    SELECT state FROM pg_catalog.pg_stat_activity
    WHERE pid OPERATOR(pg_catalog.=) $1 AND backend_start::pg_catalog.text OPERATOR(pg_catalog.=) $2
"""
_END: Final = f"""
    SELECT pg_catalog.pg_terminate_backend(pid) FROM ({_ELSEWHERE.replace("state", "pid", 1)}) AS former
"""
FORGET: Final = (
    "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; CLOSE ALL; UNLISTEN *; DEALLOCATE ALL; "
    "DISCARD TEMP; DISCARD SEQUENCES"
)


@frozen
class Backend:
    """The server's side of a session; its number alone may be another one's by now."""

    pid: int
    started: str = ""


@define
class Session:
    """One connection of a run, as an Executor. What ends it while it is used is raised as Lost."""

    target: Target
    options: Options
    backend: Backend
    role: str
    _executor: AsyncpgExecutor = field(repr=False)

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        """The rows of one statement."""
        return await self._answer(self._executor.fetch(query, *args))

    async def execute(self, script: str) -> None:
        """Runs one or more statements by the simple query protocol."""
        await self._answer(self._executor.execute(script))

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """A transaction around a block."""
        return self._executor.transaction()

    def in_transaction(self) -> bool:
        """Whether a transaction is open, as the server last said."""
        return self._executor.in_transaction()

    def is_closed(self) -> bool:
        """Whether the session is over."""
        return self._executor.is_closed()

    async def rollback(self) -> None:
        """Ends what is open."""
        if self.in_transaction():
            await self.execute("ROLLBACK")

    async def reset(self) -> None:
        """Makes the session as new but for its locks, which DISCARD ALL would take as well."""
        await self.rollback()
        await self.execute(FORGET)

    async def close(self) -> None:
        """Ends the session, whatever it is doing; when this returns, the server has been told."""
        await self._executor.close()

    async def end_former(self, former: Backend) -> None:
        """Ends a session of this run whose connection was lost: it may still hold the lock."""
        with suppress(SqlError):
            await self.fetch(_END, former.pid, former.started)

    async def _answer(self, call: Coroutine[Any, Any, T]) -> T:
        try:
            return await self._heard(asyncio.ensure_future(call))
        except SqlError as error:
            if is_loss(error) or self._executor.is_closed():
                raise Lost(str(error)) from None
            raise

    async def _heard(self, call: "asyncio.Future[T]") -> T:
        """Waits for an answer as long as the server works on one."""
        doubts, patience = 0, self.options.silence
        try:
            while not (await asyncio.wait({call}, timeout=patience))[0]:
                is_busy = await self._is_busy()
                doubts = 0 if is_busy else doubts + 1
                if doubts == 2:
                    raise Lost("the server has no answer for us any more")
                patience = min(2 * patience, 8 * self.options.silence) if is_busy else self.options.silence
            return call.result()
        finally:
            await self._abandon(call)

    async def _abandon(self, call: "asyncio.Future[T]") -> None:
        """Sends a cancel request for a call that nobody waits for any more."""
        if not call.done():
            call.cancel()
            with suppress(asyncio.CancelledError, SqlError):
                await call

    async def _is_busy(self) -> bool:
        """Whether our statement is still running, asked on another connection."""
        try:
            other = await dial(self.target, {"application_name": "pgkit-migrate"})
        except PgkitError as error:
            # What the server itself says, as of too many connections, shows that it is there
            return not isinstance(error.__context__, OSError | TimeoutError)
        try:
            rows = await asyncio.wait_for(other.fetch(_ELSEWHERE, self.backend.pid, self.backend.started), 10)
            is_idle = not rows or str(rows[0][0]).startswith("idle")
            return not is_idle or not self.backend.started
        except (SqlError, TimeoutError):
            return False
        finally:
            await other.close()


async def open_session(target: Target, options: Options, teller: Teller) -> Session:
    """A session on the server itself, with every setting as it has to be; raises where it cannot be so."""
    executor = await _dialled(target, options)
    try:
        if executor.unpinned:
            raise _pooled(target, "a connection pooler refused the settings of the session")
        _keep_alive(executor)
        executor.listen(teller.notice)
        async with asyncio.timeout(target.timeout):
            backend, role = await _inspected(executor, target)
    except TimeoutError:
        await executor.close()
        message = f"no answer within {target.timeout:g} s"
        raise fail("no-connection", message, where=target.shown, help="check network and server") from None
    except BaseException as error:
        await executor.close()
        if isinstance(error, SqlError) and is_loss(error):
            help = "check that the server is up and takes connections, and try again"
            raise fail("no-connection", error.message, where=target.shown, help=help) from None
        raise
    teller.tell(Point.CONNECTED, str(backend.pid))
    return Session(target, options, backend, role, executor)


async def _dialled(target: Target, options: Options) -> AsyncpgExecutor:
    pins = options.pins(target.params.get("options", ""))
    own = Target({key: value for key, value in target.params.items() if key != "application_name"})
    try:
        return await dial(own, pins)
    except PgkitError as error:
        if _INTERVAL not in str(error):
            raise
    # Postgres 13 does not know it, and some systems cannot do it
    del pins[_INTERVAL]
    return await dial(own, pins)


async def _inspected(executor: AsyncpgExecutor, target: Target) -> tuple[Backend, str]:
    pid, in_recovery, read_only, role, started = (await executor.fetch(_STATE))[0]
    if executor.pid != pid:
        raise _pooled(target, "this is a connection pooler, not the server")
    if in_recovery:
        help = "give the URL of the primary"
        raise fail("read-only", "the server is a standby", where=target.shown, help=help)
    if read_only == "on":
        help = "ALTER ROLE or ALTER DATABASE ... RESET default_transaction_read_only, or use another role"
        raise fail("read-only", "default_transaction_read_only is on", where=target.shown, help=help)
    return Backend(pid, started or ""), role


def _pooled(target: Target, message: str) -> PgkitError:
    return fail("pooler", message, where=target.shown, help=_DIRECT)


def _keep_alive(executor: AsyncpgExecutor) -> None:
    wire = executor.socket
    if wire is None or wire.family not in (socket.AF_INET, socket.AF_INET6):
        return
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        if hasattr(socket, name):
            with suppress(OSError):
                wire.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
