"""Runs the statements of SQL files, less those that a scratch database has no place for."""

import re
from typing import Final

from attrs import define, field, frozen

from pgkit.diag import Diagnostic, Severity, Span, fail
from pgkit.grammar.statement import About, about
from pgkit.jobs.replay_run import Run
from pgkit.jobs.replay_script import Chunk
from pgkit.jobs.replay_shared import absent
from pgkit.jobs.script import Piece
from pgkit.sql.text import quoted

# Statements that need no second look: most of a schema.
_PLAIN: Final = re.compile(
    r"create\s+(?!(?:database|tablespace|subscription|policy|schema|role|group|user|or\s+replace\s+view)\b)|insert\b"
    r"|comment\s+on\s+(?!(?:database|tablespace|subscription|role)\b)|alter\s+table\b(?!.*\b(?:owner\s+to|drop)\b)",
    re.IGNORECASE | re.DOTALL,
)
_OWNERSHIP: Final = frozenset(
    [
        "alter_owner_stmt",
        "grant_stmt",
        "grant_role_stmt",
        "alter_default_privileges_stmt",
        "variable_set_stmt",
    ]
)
_STAND_INS: Final = frozenset(
    ["create_policy_stmt", "alter_policy_stmt", "create_schema_stmt", "create_user_mapping_stmt"]
)
# What Postgres says of an object that is not there: relation, schema, function, column, other things.
_NOT_THERE: Final = ("42P01", "3F000", "42883", "42703", "42704")
_DUPLICATE_SCHEMA: Final = ("42P06",)
_UNKNOWN_SETTING: Final = ("42704",)
_MAKES_NOTHING: Final = frozenset(["drop_stmt", "variable_set_stmt", "select_stmt", "transaction_stmt"])
_KEEPS_ROLES: Final = re.compile(
    r"(?:create|alter|comment|grant|revoke|insert|set)\b(?!.*\b(?:role|user|group)\b)",
    re.IGNORECASE | re.DOTALL,
)
_ROLES: Final = "SELECT rolname::pg_catalog.text FROM pg_catalog.pg_roles"
_OWN_ROLES: Final = f"{_ROLES} WHERE oid < 16384"
_SERVER_HELP: Final = "take it out of the file: a source is one database"


@frozen
class _Reason:
    """Why statements were left out, for one finding about all that share it."""

    code: str
    why: str
    severity: Severity = Severity.NOTE
    done: str = "skipped {}"


_DATABASE: Final = _Reason("database-skipped", "about the database as a whole")
_OWN_ROLE: Final = _Reason("role-skipped", "the role is the scratch server's own")
_LABEL: Final = _Reason("label-skipped", "security labels are no part of a catalog")
_DROP: Final = _Reason("drop-skipped", "nothing is there yet to be dropped")
_SETTING: Final = _Reason("setting-skipped", "the scratch server has no such setting")
_SUBSCRIPTION: Final = _Reason(
    "subscription-skipped", "a subscription connects to another server", Severity.WARNING
)


@define
class Reader:
    """Hands statements to a run as they come, one at a time, as psql does.

    Roles belong to the server: ownership and privileges of absent ones are left out, which are no part of a
    catalog. A policy needs its roles: on a server of ours stand-ins are made, which `stand_ins` names.
    """

    run: Run
    stand_ins: set[str] = field(factory=set)
    begun: Span | None = None  # the BEGIN of the open transaction
    _roles: frozenset[str] | None = None  # None: to be asked for
    _makes: bool = False  # whether something has been made yet
    _left_out: dict[_Reason, list[Span]] = field(factory=dict)

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What was left out, each reason once, at its first statement."""
        return tuple(_finding(reason, spans) for reason, spans in self._left_out.items())

    async def chunk(self, chunk: Chunk) -> None:
        """Runs a statement, unless it is one to leave out."""
        piece = chunk.place
        what = None if _PLAIN.match(piece.text) else about(piece.text)
        if what is not None and await self._settled(what, piece):
            return
        self._makes = self._makes or what is None or what.kind not in _MAKES_NOTHING
        await self._run(chunk)

    async def _run(self, chunk: Chunk) -> None:
        await self.run.chunk(chunk)
        if not _KEEPS_ROLES.match(chunk.whole.text):
            self._roles = None
        if chunk.controls or not chunk.statements:
            within = self.run.session.in_transaction()
            self.begun = (self.begun or chunk.place.span) if within else None

    async def _settled(self, what: About, piece: Piece) -> bool:
        """Whether the statement needs no more running."""
        if what.object == "tablespace" or what.kind == "alter_system_stmt":
            message = "cannot change what the databases of a server share"
            raise fail("server-would-change", message, span=piece.span, help=_SERVER_HELP)
        if reason := _reason(what) or await self._own_role(what) or await self._about_roles(what, piece):
            self._leave_out(reason, piece)
            return True
        return await self._attempted(what, piece)

    def _leave_out(self, reason: _Reason, piece: Piece) -> None:
        self._left_out.setdefault(reason, []).append(piece.span)

    async def _own_role(self, what: About) -> _Reason | None:
        """Why to leave out a statement about a role that a server of ours was born with, which all share."""
        if what.object != "role" or self.run.keeper is not None:
            return None
        own = await self.run.session.fetch(_OWN_ROLES)
        return _OWN_ROLE if {name for (name,) in own}.intersection(what.roles) else None

    async def _about_roles(self, what: About, piece: Piece) -> _Reason | None:
        """Why to leave out a statement that names an absent role; it may get a stand-in instead."""
        missing = await self._absent(what.roles)
        if missing and what.kind in _OWNERSHIP:
            return _absent_role(missing[0])
        if what.kind in _STAND_INS:
            for role in missing:
                await self._stand_in(role, piece)
            for role in self.stand_ins.intersection(what.roles):
                self._leave_out(_played(role), piece)
        return None

    async def _absent(self, roles: tuple[str, ...]) -> list[str]:
        if roles and self._roles is None:
            await self.run.catch_up()
            self._roles = frozenset(name for (name,) in await self.run.session.fetch(_ROLES))
        return [role for role in roles if role not in (self._roles or ())]

    async def _stand_in(self, role: str, piece: Piece) -> None:
        if self.run.keeper is not None:
            raise absent(role, piece.span)
        await self.run.session.execute(f"CREATE ROLE {quoted(role)}")
        self.stand_ins.add(role)
        self._roles = None

    async def _attempted(self, what: About, piece: Piece) -> bool:
        """Whether a statement that may fail without harm has run already, or been left out."""
        match what.kind:
            case "drop_stmt" if not self._makes:  # of a dump made with --clean
                return await self._pardoned(piece, _NOT_THERE, _DROP)
            case "create_schema_stmt" if what.name == "public":
                return await self._pardoned(piece, _DUPLICATE_SCHEMA)
            case "variable_set_stmt" if not self.run.session.in_transaction():
                return await self._pardoned(piece, _UNKNOWN_SETTING, _SETTING)
        return False

    async def _pardoned(self, piece: Piece, states: tuple[str, ...], reason: _Reason | None = None) -> bool:
        if not await self.run.attempt(piece, states) and reason is not None:
            self._leave_out(reason, piece)
        return True


def _reason(what: About) -> _Reason | None:
    """Why a statement is left out whatever the server holds."""
    match what.object, what.kind:
        case "database", _:
            return _DATABASE
        case "subscription", _:
            return _SUBSCRIPTION
        case _, "sec_label_stmt":
            return _LABEL
    return None


def _absent_role(role: str) -> _Reason:
    why = f'there is no role "{role}", and ownership and privileges are no part of a catalog'
    return _Reason("absent-role", why)


def _played(role: str) -> _Reason:
    return _Reason("undeclared-role", f'nothing makes the role "{role}"', done="ran {} with a stand-in")


def _finding(reason: _Reason, spans: list[Span]) -> Diagnostic:
    statements = "a statement" if len(spans) == 1 else f"{len(spans)} statements"
    message = f"{reason.done.format(statements)}: {reason.why}"
    return Diagnostic(reason.code, message, spans[0], severity=reason.severity)
