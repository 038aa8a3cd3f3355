"""Runs chunks of migrations in one session, as Drizzle's migrator does; skips what wants an extension."""

import re
from typing import Final

from attrs import define, field, frozen

from pgkit.diag import Diagnostic, PgkitError, Severity, Span
from pgkit.grammar.touched import extension_of, touched
from pgkit.ir.names import Ref
from pgkit.jobs.replay_errors import Circumstances, failed
from pgkit.jobs.replay_extensions import wanted
from pgkit.jobs.replay_missing import Missing, missing
from pgkit.jobs.replay_script import Chunk, Piece
from pgkit.jobs.replay_shared import Keeper, absent, refused, role_created
from pgkit.runtime.connect import SqlError
from pgkit.runtime.session import AsyncpgExecutor

_WORDS: Final = (
    "or|replace|if|not|exists|temp|temporary|unlogged|foreign|materialized|recursive|table|view|sequence|schema|type"
    "|domain|function|procedure|aggregate|operator|class|access|method|language|trusted|text|search|dictionary"
    "|configuration|template|parser|collation|extension"
)
_SAVE: Final = "SAVEPOINT pgkit;"
_RELEASE: Final = "\n;RELEASE SAVEPOINT pgkit"
_UNDO: Final = "ROLLBACK TO SAVEPOINT pgkit; RELEASE SAVEPOINT pgkit"
# Up to Postgres 16 a label is usable at once only if the type was made in the same subtransaction.
_ENUM: Final = re.compile(r"create\s+type\s.*\bas\s+enum\b|alter\s+type\s.*\badd\s+value\b", re.I | re.S)


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
    """One replay in one session: every chunk goes through it, in order."""

    session: AsyncpgExecutor
    text: str  # all SQL of the replay, to tell what it makes itself
    without: frozenset[str] = frozenset()
    around: Circumstances = Circumstances()
    keeper: Keeper | None = None  # on a server of the user's
    skipped: list[Skipped] = field(factory=list)
    roles: set[str] = field(factory=set)  # those that would have been made, had they not been there

    async def chunk(self, chunk: Chunk) -> None:
        """Runs a chunk.

        Its statements go one by one, so that an error names the statement, unless they begin or end a
        transaction: then that would not come to the same.
        """
        splits = self.without or len(chunk.statements) > 1
        if self.keeper and self.keeper.watches(chunk.whole.text):
            await self._watched(chunk, self.keeper)
        elif splits and chunk.statements and not chunk.controls:
            await self._together(chunk)
        else:
            await self._execute(chunk.whole, chunk.place)

    async def commit(self, span: Span | None) -> None:
        """The migrator's own COMMIT; where a file has committed already, it is only warned about."""
        if not self.session.in_transaction():
            return
        if self.keeper:
            await self.keeper.check(span)
        try:
            await self.session.execute("COMMIT")
        except SqlError as error:
            raise failed(error, span, self.around) from None

    async def _together(self, chunk: Chunk) -> None:
        """Runs the statements of a chunk: what Postgres gets at once is a transaction, if none is open."""
        own = len(chunk.statements) > 1 and not self.session.in_transaction()
        if own:
            await self.session.execute("BEGIN")
        for statement in chunk.statements:
            await self._statement(statement)
        if own:
            await self.commit(chunk.whole.span)

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
            await self.commit(chunk.place.span)

    async def _statement(self, piece: Piece) -> None:
        if not self.without:
            await self._execute(piece, piece)
        elif (name := extension_of(piece.text)) in self.without:
            self._skip(str(name), piece, "the extension is left out")
        else:
            await self._guarded(piece)

    async def _execute(self, piece: Piece, place: Piece) -> None:
        try:
            await self.session.execute(piece.text)
        except SqlError as error:
            raise self._failed(error, piece, place) from None

    async def _guarded(self, piece: Piece) -> None:
        guard = self.session.in_transaction() and not _ENUM.match(piece.text)
        try:
            await self.session.execute(f"{_SAVE}{piece.text}{_RELEASE}" if guard else piece.text)
        except SqlError as error:
            extension = self._wanted(error)
            if extension is None or (self.session.in_transaction() and not guard):
                raise self._failed(error, piece, piece, len(_SAVE) if guard else 0) from None
            if guard:
                await self.session.execute(_UNDO)
            self._skip(extension, piece, error.message)

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

    def _skip(self, extension: str, piece: Piece, reason: str) -> None:
        span, text = piece.span, piece.text.rstrip()
        self.skipped.append(Skipped(extension, text, span, reason, touched(text)))


def _is(ref: Ref, lacks: Missing) -> bool:
    if lacks.schema and ref.schema and lacks.schema != ref.schema:
        return False
    if (ref.member or ref.name) == lacks.name:
        return lacks.kind != "member" or not lacks.left or ref.name == lacks.left or not ref.member
    return lacks.kind == "member" and not ref.member and ref.name == lacks.left
