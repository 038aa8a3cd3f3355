"""What a database shares with its server: on a server of the user's a replay changes none of it."""

import re
from typing import Final

from attrs import frozen

from pgkit.diag import PgkitError, Span, fail
from pgkit.runtime.session import AsyncpgExecutor

# Roles, or something that names one: on a server of ours such a replay has to be alone with them.
_ROLES: Final = re.compile(
    r"\b(?:create|alter|drop)\s+(?:role|user|group)\b|\bgrant\b|\brevoke\b|\bowner\s+to\b|\bauthorization\b"
    r"|\bcreate\s+policy\b[^;]*\bto\s",
    re.IGNORECASE,
)
_SHARED: Final = re.compile(
    r"\b(?:create|alter|drop|comment\s+on)\s+(?:role|user|group|system|database|tablespace|owned|subscription)\b"
    r"|\bgrant\b|\brevoke\b|\breassign\s+owned\b",
    re.IGNORECASE,
)
_CREATE_ROLE: Final = re.compile(r'create\s+(?:role|user|group)\s+("(?:[^"]|"")+"|[^\s;]+)', re.IGNORECASE)
_STATE: Final = """
    SELECT pg_catalog.md5(pg_catalog.string_agg(x, ',' ORDER BY x)) FROM (
        SELECT r::text FROM pg_catalog.pg_roles r UNION ALL SELECT m::text FROM pg_catalog.pg_auth_members m
        UNION ALL SELECT s::text FROM pg_catalog.pg_db_role_setting s
        UNION ALL SELECT ROW(datname, datdba, datacl, datconnlimit, datallowconn)::text
            FROM pg_catalog.pg_database WHERE datname NOT LIKE 'pgkit\\_scratch\\_%'
    ) AS state (x)"""
_HELP: Final = (
    "leave --server out, so that this runs on the embedded server, or have the server prepared beforehand"
)


def about_roles(text: str) -> bool:
    """Whether the SQL may make roles, or depends on which there are."""
    return _ROLES.search(text) is not None


def role_created(statement: str) -> str | None:
    """The role that the statement creates."""
    found = _CREATE_ROLE.match(statement)
    if found is None:
        return None
    name = found[1]
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


@frozen
class Keeper:
    """Sees to it that statements leave alone what a server of the user's shares among its databases."""

    session: AsyncpgExecutor
    state: str

    @classmethod
    async def start(cls, session: AsyncpgExecutor) -> "Keeper":
        """A keeper who has noted how things are."""
        return cls(session, await _state(session))

    def watches(self, text: str) -> bool:
        """Whether the text may change something that is shared."""
        return _SHARED.search(text) is not None

    async def has_role(self, name: str) -> bool:
        """Whether the server has the role."""
        query = "SELECT count(*) FROM pg_catalog.pg_roles WHERE rolname = $1"
        return bool((await self.session.fetch(query, name))[0][0])

    async def check(self, span: Span | None) -> None:
        """Undoes the open transaction if it has changed something that is shared."""
        if await _state(self.session) != self.state:
            await self.session.execute("ROLLBACK")
            raise refused(span)


async def _state(session: AsyncpgExecutor) -> str:
    return str((await session.fetch(_STATE))[0][0])


def refused(span: Span | None) -> PgkitError:
    """The error for SQL that would change a server of the user's beyond its scratch database."""
    message = "cannot change roles, databases or their settings on a server of yours"
    return fail("server-would-change", message, span=span, help=_HELP)


def absent(role: str, span: Span) -> PgkitError:
    """The error for a role that would have to be created on a server of the user's."""
    help = f"pgkit creates no roles on a server of yours; {_HELP}"
    return fail("no-such-role", f'the server has no role "{role}"', span=span, help=help)
