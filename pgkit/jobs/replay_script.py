"""What a replay sends: the chunks of a migration with their statements."""

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from pgkit.diag import Source, fail
from pgkit.frontends.drizzle.folder import Entry, chunks
from pgkit.jobs.script import Piece, read_script

_CONTROL: Final = re.compile(
    r"(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b",
    re.IGNORECASE,
)
COPY_HELP: Final = "Drizzle's migrator cannot run it either; write the rows as INSERT"


@frozen
class Chunk:
    """What Drizzle sends at once: one or more statements. None if Postgres's parser does not accept it."""

    whole: Piece
    statements: tuple[Piece, ...]

    @property
    def controls(self) -> bool:
        """Whether it begins or ends transactions itself."""
        return any(_CONTROL.match(statement.text) for statement in self.statements)

    @property
    def place(self) -> Piece:
        """The part to point at when nothing says which statement it is."""
        if not self.statements:
            return self.whole
        start, end = self.statements[0].start, self.statements[-1].span.end
        return Piece(self.whole.source, start, self.whole.source.text[start:end])


def script(entry: Entry) -> tuple[Chunk, ...]:
    """The chunks of a migration that hold a statement, in order."""
    if entry.sql is None:
        help = "restore the file, or take the entry out of the journal"
        raise fail("no-sql-file", "the migration has no SQL file", where=f"{entry.tag}.sql", help=help)
    pieces = (Piece(entry.sql, chunk.start, chunk.text) for chunk in chunks(entry.sql))
    return tuple(chunk for piece in pieces for chunk in _chunk(piece))


def chunks_of(source: Source) -> tuple[Chunk, ...]:
    """A whole SQL text as one chunk, or none if it holds no statement."""
    return tuple(_chunk(Piece(source, 0, source.text)))


def _chunk(piece: Piece) -> Iterator[Chunk]:
    script = read_script(piece, COPY_HELP)
    if script.statements != ():
        yield Chunk(script.whole, script.statements or ())
