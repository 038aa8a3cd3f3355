"""The asyncpg side of a connection: the one module that imports asyncpg."""

import errno
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from socket import gaierror
from typing import Any, TypeVar

import asyncpg

from pgkit.diag import PgkitError, fail
from pgkit.runtime.connect import SqlError
from pgkit.runtime.target import Target
from pgkit.runtime.tls import context

T = TypeVar("T")
ADVICE = {
    "28P01": "give the right password in the URL, PGPASSWORD or ~/.pgpass",
    "28000": "check user, sslmode and the server's pg_hba.conf",
    "3D000": "create it, or name another database at the end of the URL",
    "53300": "wait, or raise the server's max_connections",
    "57P03": "try again in a moment",
    "08003": "check that it is Postgres that listens there, and sslmode in the URL",
}


class AsyncpgExecutor:
    """An Executor over one asyncpg connection. Cast what is not a plain type to text.

    asyncpg asks the catalog about every type it does not know, at two round trips each.
    """

    def __init__(self, connection: "asyncpg.Connection", unpinned: Mapping[str, str]) -> None:
        self._connection = connection
        self.unpinned = unpinned

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        """The rows of one statement."""
        rows: Sequence[Sequence[Any]] = await _raising_ours(self._connection.fetch(query, *args))
        return rows

    async def execute(self, script: str) -> None:
        """Runs one or more statements by the simple query protocol."""
        await _raising_ours(self._connection.execute(script))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """A transaction for as long as the block runs; inside of one that is open, a savepoint."""
        inside = self.in_transaction()
        await self.execute("SAVEPOINT pgkit" if inside else "BEGIN")
        try:
            yield
        except BaseException:
            with suppress(SqlError):  # what went wrong first is what matters
                await self.execute("ROLLBACK TO pgkit; RELEASE pgkit" if inside else "ROLLBACK")
            raise
        ended = await _raising_ours(self._connection.execute("RELEASE pgkit" if inside else "COMMIT"))
        if ended == "ROLLBACK":
            raise SqlError("25P02", "an error was passed over in the transaction, and nothing was committed")

    @property
    def pid(self) -> int:
        """The process that answers, as whoever took the connection said: a pooler says one of its own."""
        return int(self._connection.get_server_pid())

    @property
    def socket(self) -> Any | None:
        """The socket of the session, for the options of TCP."""
        transport = getattr(self._connection, "_transport", None)
        return transport.get_extra_info("socket") if transport else None

    def listen(self, tell: Callable[[str, str], None]) -> None:
        """Has `tell` called with the severity and the message of what the server says by the way."""
        self._connection.add_log_listener(
            lambda _, said: tell(str(said.severity_en or said.severity), str(said.message))
        )

    def in_transaction(self) -> bool:
        """Whether a transaction is open on the session, as the server last said."""
        return bool(self._connection.is_in_transaction())

    def is_closed(self) -> bool:
        """Whether the session is over, by us or by the server."""
        return bool(self._connection.is_closed())

    async def close(self) -> None:
        """Ends the session; one that does not answer is cut off."""
        try:
            await self._connection.close(timeout=5)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._connection.terminate()


async def dial(target: Target, settings: Mapping[str, str]) -> AsyncpgExecutor:
    """A session on the target; a pooler that refuses the settings is asked again without them."""
    try:
        try:
            return AsyncpgExecutor(await _open(target, {**settings, **_of_the_user(target)}), {})
        except asyncpg.ProtocolViolationError:
            return AsyncpgExecutor(await _open(target, {}), settings)
    except PgkitError:
        raise
    except Exception as error:  # whatever asyncpg makes of a server that is no Postgres
        raise _refused(error, target) from None


async def _open(target: Target, settings: dict[str, str]) -> "asyncpg.Connection":
    # Named prepared statements do not live through a transaction pooler, hence no statement cache.
    return await asyncpg.connect(
        target.dsn,
        server_settings=settings,
        timeout=target.timeout,
        statement_cache_size=0,
        ssl=context(target.params),
    )


def _of_the_user(target: Target) -> dict[str, str]:
    return {key: target.params[key] for key in ("options", "application_name") if key in target.params}


async def _raising_ours(call: Awaitable[T]) -> T:
    try:
        return await call
    except asyncpg.PostgresError as error:
        raise _sql_error(error) from None
    # A query sent between the server's last word, that it ends the session, and its end is an internal error
    except (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        if isinstance(error, asyncpg.DataError):
            raise
        raise SqlError("08006", "the connection to the server was lost", str(error)) from None


def _sql_error(error: "asyncpg.PostgresError") -> SqlError:
    position = error.position
    return SqlError(
        error.sqlstate or "XX000",
        error.message or str(error),
        error.detail,
        error.hint,
        int(position) if position else None,
    )


def _refused(error: Exception, target: Target) -> PgkitError:
    message, help = _reason(error, target)
    return fail("no-connection", target.hide(message), where=target.shown, help=help)


def _reason(error: Exception, target: Target) -> tuple[str, str | None]:
    match error:
        case asyncpg.PostgresError():
            return _server_said(error)
        case gaierror():
            return f"no host named {target.params.get('host', 'localhost')}", "check the host name in the URL"
        case TimeoutError():
            help = "check host, port and firewall; connect_timeout=60 in the URL waits longer"
            return f"no answer within {target.timeout:g} s", help
        case ssl.SSLError():
            return _tls_said(error)
        case OSError():
            return _system_said(error)
        case _:
            return f"cannot connect: {str(error) or type(error).__name__}", "check the URL"


def _tls_said(error: ssl.SSLError) -> tuple[str, str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"cannot verify the server's certificate: {error.verify_message}",
            "sslrootcert names a root to trust",
        )
    return f"cannot agree on TLS: {error.reason}", "check sslmode in the URL"


def _system_said(error: OSError) -> tuple[str, str]:
    if _is_nobody_there(error):
        return "nothing listens there", "start the server, or check host and port in the URL"
    if "SSL upgrade" in str(error):
        return "the server does not speak TLS", "use sslmode=disable, where the network can be trusted"
    return f"cannot connect: {error.strerror or error}", "check host, port and sslmode in the URL"


def _is_nobody_there(error: OSError) -> bool:
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return True
    # Of several addresses asyncio gives the text alone
    numbers = re.findall(r"\[Errno (\d+)\]", str(error))
    return error.errno is None and bool(numbers) and set(numbers) == {str(errno.ECONNREFUSED)}


def _server_said(error: "asyncpg.PostgresError") -> tuple[str, str | None]:
    said = error.message or str(error)
    state = error.sqlstate or ""
    return (said, ADVICE[state]) if state in ADVICE else (f"{said} ({state})", error.hint)
