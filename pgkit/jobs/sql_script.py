"""The statements of SQL files, and what psql would do with such a file that a source cannot."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pgkit.diag import PgkitError, Source, Span, fail
from pgkit.grammar.statement import about
from pgkit.jobs.replay_script import Chunk
from pgkit.jobs.script import Command, Piece, Script, read_script

_DROPPED: Final = ("restrict", "unrestrict", "connect", "c")
_COPY_HELP: Final = "a source holds no rows: dump with `pg_dump -s`, or write them as INSERT"
_CREATE_DATABASE: Final = re.compile(r"create\s+database\b", re.IGNORECASE)
_DBNAME: Final = re.compile(r"""dbname\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s'"]+))""")
# What may stand before \connect: it makes nothing in the database that is left by it.
_ELSEWHERE: Final = frozenset(
    [
        "variable_set_stmt",
        "select_stmt",
        "transaction_stmt",
        "create_role_stmt",
        "alter_role_stmt",
        "alter_role_set_stmt",
        "drop_role_stmt",
        "grant_role_stmt",
    ]
)


def scripts(sources: Iterable[Source]) -> tuple[tuple[Chunk, ...], ...]:
    """Every statement of every file as a chunk of its own. Raises for what cannot be run."""
    found = [read_script(Piece(source, 0, source.text), _COPY_HELP, _DROPPED) for source in sources]
    _check_databases(found)
    return tuple(tuple(_chunks(script)) for script in found)


def _chunks(script: Script) -> Iterator[Chunk]:
    if script.statements is None:
        yield Chunk(script.whole, ())
    else:
        yield from (Chunk(statement, (statement,)) for statement in script.statements)


def _check_databases(found: list[Script]) -> None:
    """Raises if the files are about more than one database: a catalog is one."""
    first: str | None = None
    for name, span in (pair for script in found for pair in _databases(script)):
        if first is not None and name != first:
            raise _two_databases(f'found a second database, "{name}" beside "{first}"', span)
        first = name
    statements = [s for script in found for s in script.statements or ()]
    connect = next((c for script in found for c in script.commands if c.name in ("connect", "c")), None)
    if connect is not None:
        _check_before(connect, statements)


def _databases(script: Script) -> Iterator[tuple[str, Span]]:
    """The databases that are created or connected to, in order."""
    places: list[tuple[str, Span]] = [
        (name, c.span) for c in script.commands if c.name in ("connect", "c") and (name := _connected(c))
    ]
    for statement in script.statements or ():
        if _CREATE_DATABASE.match(statement.text) and (what := about(statement.text)):
            places.append((what.name, statement.span))
    yield from sorted(places, key=lambda place: place[1].start)


def _connected(command: Command) -> str | None:
    """The database that \\connect names; None for the one that is open already."""
    if found := _DBNAME.search(command.rest):
        return re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]
    words = [w for w in command.rest.rstrip("; ").split() if not w.startswith("-reuse-previous")]
    name = words[0] if words else "-"
    return None if name == "-" else name[1:-1].replace('""', '"') if name.startswith('"') else name


def _check_before(connect: Command, statements: list[Piece]) -> None:
    for statement in statements:
        if statement.source == connect.span.source and statement.start > connect.span.start:
            return
        what = about(statement.text)
        if what is None or not (what.kind in _ELSEWHERE or what.object in ("database", "tablespace")):
            message = "what is made before \\connect is in another database"
            raise _two_databases(message, statement.span)


def _two_databases(message: str, span: Span) -> PgkitError:
    help = "a source is one database: dump each by itself with `pg_dump -s`"
    return fail("two-databases", message, span=span, help=help)
