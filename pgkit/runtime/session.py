"""The asyncpg side of a connection: the one module that imports asyncpg."""

import ssl
from collections.abc import Awaitable, Mapping, Sequence
from socket import gaierror
from typing import Any, TypeVar

import asyncpg

from pgkit.diag import PgkitError, fail
from pgkit.runtime.connect import SqlError
from pgkit.runtime.url import Target

T = TypeVar("T")
PROTOCOL_VIOLATION = "08P01"


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
    pinned = {**settings, **_of_the_user(target)}
    try:
        return AsyncpgExecutor(await _open(target, pinned), {})
    except asyncpg.PostgresError as error:
        if error.sqlstate != PROTOCOL_VIOLATION:
            raise _refused(error, target) from None
    except (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError, ValueError) as error:
        raise _refused(error, target) from None
    return await _dial_bare(target, settings)


async def _dial_bare(target: Target, settings: Mapping[str, str]) -> AsyncpgExecutor:
    try:
        return AsyncpgExecutor(await _open(target, {}), settings)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise _refused(error, target) from None


async def _open(target: Target, settings: dict[str, str]) -> "asyncpg.Connection":
    # Named prepared statements do not live through a transaction pooler, hence no statement cache.
    return await asyncpg.connect(
        target.dsn, server_settings=settings, timeout=target.timeout, statement_cache_size=0
    )


def _of_the_user(target: Target) -> dict[str, str]:
    return {key: target.params[key] for key in ("options", "application_name") if key in target.params}


async def _raising_ours(call: Awaitable[T]) -> T:
    try:
        return await call
    except asyncpg.PostgresError as error:
        raise _sql_error(error) from None
    except (OSError, asyncpg.InterfaceError) as error:
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
    return fail("no-connection", target.hide(message), where=target.hide(target.shown), help=help)


def _reason(error: Exception, target: Target) -> tuple[str, str | None]:
    match error:
        case asyncpg.PostgresError():
            return _server_said(error)
        case gaierror():
            return f"no host named {target.params.get('host', 'localhost')}", "check the host name in the URL"
        case TimeoutError():
            return (
                f"no answer within {target.timeout:g} s",
                "check host, port and firewall; connect_timeout=30 waits longer",
            )
        case ssl.SSLCertVerificationError():
            return (
                f"cannot verify the server's certificate: {error.verify_message}",
                "sslrootcert names the root to trust",
            )
        case ssl.SSLError():
            return f"cannot agree on TLS: {error.reason}", "check sslmode in the URL"
        case FileNotFoundError() | ConnectionRefusedError():
            return "nothing listens there", "start the server, or check host and port in the URL"
        case _:
            return f"cannot connect: {str(error) or type(error).__name__}", "check the URL"


def _server_said(error: "asyncpg.PostgresError") -> tuple[str, str | None]:
    said = error.message or str(error)
    match error.sqlstate:
        case "28P01":
            return said, "give the right password in the URL, PGPASSWORD or ~/.pgpass"
        case "28000":
            return said, "check user, sslmode and pg_hba.conf of the server"
        case "3D000":
            return said, "create it, or name another database at the end of the URL"
        case "53300":
            return said, "wait, or raise max_connections"
        case "57P03":
            return said, "try again in a moment"
        case _:
            return f"{said} ({error.sqlstate})", error.hint
