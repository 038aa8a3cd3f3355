"""Runs chunks of migrations in one session, as Drizzle's migrator does; skips what wants an extension."""

import re
from collections.abc import Container
from typing import Final

from attrs import define, field, frozen

from pgkit.diag import Diagnostic, PgkitError, Severity, Span
from pgkit.grammar.touched import extension_of, touched
from pgkit.ir.names import Ref
from pgkit.jobs.replay_errors import Circumstances, failed
from pgkit.jobs.replay_extensions import wanted
from pgkit.jobs.replay_missing import Missing, missing
from pgkit.jobs.replay_script import Chunk
from pgkit.jobs.replay_shared import Keeper, absent, refused, role_created
from pgkit.jobs.script import Piece
from pgkit.runtime.connect import SqlError
from pgkit.runtime.session import AsyncpgExecutor

_WORDS: Final = (
    "or|replace|if|not|exists|temp|temporary|unlogged|foreign|materialized|recursive|table|view|sequence|schema|type"
    "|domain|function|procedure|aggregate|operator|class|access|method|language|trusted|text|search|dictionary"
    "|configuration|template|parser|collation|extension"
)
# What stands around statements that can be undone, inside of a transaction and outside of one.
_NESTED: Final = (
    "SAVEPOINT pgkit;",
    "\n;RELEASE SAVEPOINT pgkit",
    "ROLLBACK TO SAVEPOINT pgkit; RELEASE SAVEPOINT pgkit",
)
_OWN: Final = ("BEGIN;", "\n;COMMIT", "ROLLBACK")
_BETWEEN: Final = "\n;"
# From Postgres 17 on a new label is usable at once if its type was made in the same subtransaction.
_ENUM: Final = re.compile(r"create\s+type\s.*\bas\s+enum\b|alter\s+type\s.*\badd\s+value\b", re.I | re.S)
# Statements that may go together: if one of them fails all are undone without a trace, and it makes no
# difference whether each commits by itself.
_SCHEMA_ONLY: Final = re.compile(
    r"(create|alter|drop|comment)\b"
    r"(?!.*\b(extension|concurrently|temp|temporary|database|tablespace|subscription)\b)",
    re.IGNORECASE | re.DOTALL,
)
_LIMIT: Final = 100
_SYNTAX: Final = "42601"
_LOST: Final = "08006"


@frozen
class Skipped:
    """A statement that was left out for want of an extension.

    `touches` holds what it would have made, changed or dropped, as far as its text tells: the other side of a
    comparison lacks the same.
    """

    extension: str
    statement: str
    span: Span
    reason: str
    touches: tuple[Ref, ...] = ()

    @property
    def finding(self) -> Diagnostic:
        """What to tell about it."""
        message = f"skipped for want of the extension {self.extension}: {self.reason}"
        help = "use a server that has the extension to see what this statement makes"
        return Diagnostic("skipped-statement", message, self.span, help, Severity.WARNING)


@define
class Run:
    """One replay in one session: every chunk goes through it, in order, and `commit` at the end.

    Statements that only change the schema wait for one another and go to the server together, since a round
    trip costs more than many a statement.
    """

    session: AsyncpgExecutor
    text: str  # all SQL of the replay, to tell what it makes itself
    without: frozenset[str] = frozenset()
    around: Circumstances = Circumstances()
    keeper: Keeper | None = None  # on a server of the user's
    waiting: list[Piece] = field(factory=list)
    skipped: list[Skipped] = field(factory=list)
    roles: set[str] = field(factory=set)  # those that would have been made, had they not been there

    async def chunk(self, chunk: Chunk) -> None:
        """Runs a chunk.

        Its statements go one by one, so that an error names the statement, unless they begin or end a
        transaction: then that would not come to the same.
        """
        if self._may_wait(chunk):
            self.waiting += chunk.statements
            if len(self.waiting) >= _LIMIT:
                await self.catch_up()
            return
        await self.catch_up()
        splits = self.without or len(chunk.statements) > 1
        if self.keeper and self.keeper.watches(chunk.whole.text):
            await self._watched(chunk, self.keeper)
        elif splits and chunk.statements and not chunk.controls:
            await self._together(chunk)
        else:
            await self._execute(chunk.whole, chunk.place)

    async def attempt(self, piece: Piece, pardoned: Container[str]) -> bool:
        """Runs a statement by itself; whether it ran, if Postgres's refusal would be pardoned."""
        await self.catch_up()
        begin, end, undo = _NESTED if self.session.in_transaction() else ("", "", "")
        try:
            await self.session.execute(f"{begin}{piece.text}{end}")
        except SqlError as error:
            if error.sqlstate not in pardoned:
                raise self._failed(error, piece, piece, len(begin)) from None
            if undo:
                await self.session.execute(undo)
            return False
        return True

    async def commit(self, span: Span | None) -> None:
        """The migrator's own COMMIT; where a file has committed already, it is only warned about."""
        await self.catch_up()
        await self._commit(span)

    async def _commit(self, span: Span | None) -> None:
        if not self.session.in_transaction():
            return
        if self.keeper:
            await self.keeper.check(span)
        try:
            await self.session.execute("COMMIT")
        except SqlError as error:
            raise failed(error, span, self.around) from None

    def _may_wait(self, chunk: Chunk) -> bool:
        if not chunk.statements or (self.keeper and self.keeper.watches(chunk.whole.text)):
            return False
        texts = (statement.text for statement in chunk.statements)
        return all(_SCHEMA_ONLY.match(text) and not _ENUM.match(text) for text in texts)

    async def catch_up(self) -> None:
        """Runs the statements that wait; if one fails, it is found by running them again one by one."""
        pieces, self.waiting = self.waiting, []
        if len(pieces) > 1 and await self._at_once(pieces):
            return
        for piece in pieces:
            await self._statement(piece)

    async def _at_once(self, pieces: list[Piece]) -> bool:
        """Whether the statements could run together; if not, it is as if they had not run."""
        begin, end, undo = _NESTED if self.session.in_transaction() else _OWN
        text = _BETWEEN.join(piece.text for piece in pieces)
        try:
            await self.session.execute(f"{begin}{text}{end}")
        except SqlError as error:
            # The parser always says where: then nothing has begun. After the loss of it all, nothing is left.
            if error.sqlstate == _LOST or (error.sqlstate == _SYNTAX and error.position):
                raise self._found(error, pieces, len(begin)) from None
            await self.session.execute(undo)
            return False
        return True

    def _found(self, error: SqlError, pieces: list[Piece], before: int) -> PgkitError:
        """The error of one of several statements, told by the position."""
        at = (error.position or 1) - before
        for piece in pieces:
            if at <= len(piece.text) + 1:
                return failed(error, piece.at(max(at, 1)), self.around)
            at -= len(piece.text) + len(_BETWEEN)
        return failed(error, pieces[-1].span, self.around)

    async def _together(self, chunk: Chunk) -> None:
        """Runs the statements of a chunk: what Postgres gets at once is a transaction, if none is open."""
        own = len(chunk.statements) > 1 and not self.session.in_transaction()
        if own:
            await self.session.execute("BEGIN")
        for statement in chunk.statements:
            await self._statement(statement)
        if own:
            await self._commit(chunk.whole.span)

    async def _watched(self, chunk: Chunk, keeper: Keeper) -> None:
        """Runs a chunk that speaks of what the server's databases share; roles that are there are kept."""
        if chunk.controls:
            raise refused(chunk.place.span)
        own = not self.session.in_transaction()
        if own:
            await self.session.execute("BEGIN")
        for statement in chunk.statements or (chunk.whole,):
            role = role_created(statement.text)
            if role is None:
                await self._statement(statement)
                await keeper.check(statement.span)
            elif await keeper.has_role(role):
                self.roles.add(role)
            else:
                raise absent(role, statement.span)
        if own:
            await self._commit(chunk.place.span)

    async def _statement(self, piece: Piece) -> None:
        if not self.without:
            await self._execute(piece, piece)
        elif (name := extension_of(piece.text)) in self.without:
            await self._skip(str(name), piece, "the extension is left out")
        else:
            await self._guarded(piece)

    async def _execute(self, piece: Piece, place: Piece) -> None:
        try:
            await self.session.execute(piece.text)
        except SqlError as error:
            raise self._failed(error, piece, place) from None

    async def _guarded(self, piece: Piece) -> None:
        guarded = self.session.in_transaction() and not _ENUM.match(piece.text)
        begin, end, undo = _NESTED if guarded else ("", "", "")
        try:
            await self.session.execute(f"{begin}{piece.text}{end}")
        except SqlError as error:
            extension = self._wanted(error)
            if extension is None or (self.session.in_transaction() and not guarded):
                raise self._failed(error, piece, piece, len(begin)) from None
            if guarded:
                await self.session.execute(undo)
            await self._skip(extension, piece, error.message)

    def _failed(self, error: SqlError, piece: Piece, place: Piece, before: int = 0) -> PgkitError:
        position = error.position - before if error.position else None
        return failed(error, piece.at(position) if position else place.span, self.around)

    def _wanted(self, error: SqlError) -> str | None:
        lacks = missing(error)
        if lacks is None:
            return None
        return wanted(lacks, self.without, self._creates) or self._skipped_with(lacks)

    def _creates(self, name: str) -> bool:
        created = (
            rf'\bcreate\s+(?:(?:{_WORDS})\s+)+(?:[\w$]+\s*\.\s*|"[^"]+"\s*\.\s*)?"?{re.escape(name)}(?![\w$])'
        )
        return re.search(created, self.text, re.I) is not None

    def _skipped_with(self, lacks: Missing) -> str | None:
        """The extension for want of which the statement was skipped that would have made what is missing."""
        for skipped in self.skipped:
            if any(_is(ref, lacks) for ref in skipped.touches):
                return skipped.extension
        return None

    async def _skip(self, extension: str, piece: Piece, reason: str) -> None:
        here = (await self.session.fetch("SELECT pg_catalog.current_schema()::text"))[0][0]
        refs = touched(piece.text, here or "public")
        self.skipped.append(Skipped(extension, piece.text.rstrip(), piece.span, reason, refs))


def _is(ref: Ref, lacks: Missing) -> bool:
    if lacks.schema and ref.schema and lacks.schema != ref.schema:
        return False
    if (ref.member or ref.name) == lacks.name:
        return lacks.kind != "member" or not lacks.left or ref.name == lacks.left or not ref.member
    return lacks.kind == "member" and not ref.member and ref.name == lacks.left
