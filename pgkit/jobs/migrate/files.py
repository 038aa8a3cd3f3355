"""Reads a folder of migrations: what can be refused is refused here, before anything runs."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from attrs import frozen

from pgkit.diag import Diagnostic, PgkitError, Source, Span, fail
from pgkit.frontends.drizzle.folder import BREAKPOINT, Chunk, Entry, Layout, chunks
from pgkit.frontends.drizzle.read import scan_folder
from pgkit.frontends.drizzle.scan import Scan
from pgkit.grammar.split import refusal
from pgkit.grammar.transactions import behaviour, labels_used
from pgkit.jobs.script import Piece, Script, read_script
from pgkit.runtime.migrate.failures import hidden
from pgkit.runtime.migrate.migration import Migration, Statement

_BOM: Final = "\ufeff"
# What is odd about the entries; of the snapshots a run knows nothing.
_CODES: Final = {
    "both-layouts",
    "byte-order-mark",
    "commented-baseline",
    "duplicate-key",
    "index-not-position",
    "sql-not-in-journal",
    "when-not-increasing",
}
# Windows opens a device for these, whatever the suffix.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
# A breakpoint in a comment, as drizzle-kit pull writes them, or in a string is none; elsewhere it ends what
# stands before it.
_SEPARATOR: Final = ";".ljust(len(BREAKPOINT))
_COPY_HELP: Final = "write the rows as INSERT"


@frozen(kw_only=True)
class Found:
    """The migrations of a folder, in the order in which they run, and what is odd about it."""

    path: Path
    layout: Layout
    migrations: tuple[Migration, ...]
    findings: tuple[Diagnostic, ...] = ()


def migrations(folder: Path) -> Found:
    """The migrations of a folder with a journal, or with a folder each. Raises for all that cannot run."""
    scan = _scan(Path(folder))
    wrong = [*_names(scan), *_missing(scan)]
    found: list[Migration] = []
    for position, entry in enumerate(scan.entries):
        try:
            if entry.sql is not None:
                found.append(_migration(position, entry, entry.sql))
        except PgkitError as error:
            wrong += error.diagnostics
    if wrong:
        raise PgkitError(map(hidden, wrong))
    findings = tuple(finding for finding in scan.findings if finding.code in _CODES)
    return Found(path=scan.path, layout=scan.layout, migrations=tuple(found), findings=findings)


def _scan(folder: Path) -> Scan:
    try:
        return scan_folder(folder)
    except PgkitError as error:
        if error.diagnostics[0].code != "not-drizzle" or not any(folder.glob("*.sql")):
            raise
    # By their names alone `.down.sql` would run as well, and what another tool's ledger says was run.
    help = "restore it from version control; `pgkit migrate new` keeps it for a new folder"
    raise fail("no-journal", "no meta/_journal.json beside the SQL files", where=str(folder), help=help)


def _names(scan: Scan) -> Iterator[Diagnostic]:
    """What is wrong with the tags: each is the name of a file, on any system, and there once."""
    seen: dict[str, str] = {}
    for entry in scan.entries:
        tag, key = entry.tag, unicodedata.normalize("NFC", entry.tag).casefold()
        if not tag.isprintable() or _DEVICES.fullmatch(tag):
            help = "rename the file and its entry: letters, digits, _ and - are safe everywhere"
            yield _wrong("unsafe-tag", f"the tag {tag} cannot name a file everywhere", scan, help)
        if seen.get(key) == tag:
            help = "remove the entry that is not meant"
            yield _wrong("duplicate-tag", f"found a second entry for {tag}", scan, help)
        elif key in seen:
            help = "rename one of them: where case is ignored they are one file"
            yield _wrong("duplicate-tag", f"the tags {seen[key]} and {tag} differ in case only", scan, help)
        seen[key] = tag


def _missing(scan: Scan) -> Iterator[Diagnostic]:
    for entry in scan.entries:
        if entry.sql is None:
            file = f"{entry.tag}.sql" if scan.layout == "journal" else f"{entry.tag}/migration.sql"
            help = "restore the file, or take its entry out of the journal"
            yield Diagnostic("no-sql-file", "the migration has no SQL file", help=help, where=file)


def _wrong(code: str, message: str, scan: Scan, help: str) -> Diagnostic:
    return Diagnostic(code, message, help=help, where=str(scan.path))


def _migration(position: int, entry: Entry, sql: Source) -> Migration:
    _check_encoding(sql)
    text = sql.text.removeprefix(_BOM)
    source = Source(sql.name, text)
    statements = tuple(_statement(piece) for piece in _pieces(source))
    return Migration(
        position=position,
        idx=entry.idx,
        tag=entry.tag,
        when=entry.when,
        source=source,
        statements=statements,
        checksum=checksum(text),
        raw=hashlib.sha256(sql.text.encode()).hexdigest(),
        apart=_apart(statements),
    )


def checksum(text: str) -> str:
    """The sha256 of a text whose line ends count as one, in hex."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def _check_encoding(sql: Source) -> None:
    """Raises at the first byte that is not UTF-8: it was read as U+FFFD, which may stand there by right."""
    if "\ufffd" not in sql.text:
        return
    data = Path(sql.name).read_bytes()
    try:
        data.decode()
    except UnicodeDecodeError as error:
        at = len(data[: error.start].decode())
        message = f"cannot read byte {error.start + 1} as UTF-8"
        raise fail("not-utf8", message, span=Span(sql, at, at + 1), help="save the file as UTF-8") from None


def _pieces(source: Source) -> Sequence[Piece]:
    """The statements of a file, as Drizzle's breakpoints and Postgres's parser cut it."""
    cut = [_script(source, chunk) for chunk in chunks(source)]
    refused = next((script for script in cut if script.statements is None), None)
    if refused is None:
        return [piece for script in cut for piece in script.statements or ()]
    whole = _script(source, Chunk(source.text.replace(BREAKPOINT, _SEPARATOR), 0))
    if whole.statements is None:
        raise _refused(refused)
    return [Piece(source, s.start, source.text[s.start : s.span.end]) for s in whole.statements]


def _script(source: Source, chunk: Chunk) -> Script:
    return read_script(Piece(source, chunk.start, chunk.text), _COPY_HELP)


def _refused(script: Script) -> PgkitError:
    wrong = refusal(script.whole.text)
    message, at = (wrong.message, wrong.at) if wrong else ("cannot read the SQL", 0)
    help = "Postgres's parser does not accept it; nothing was run"
    return fail("syntax-error", message, span=script.whole.at(at + 1), help=help)


def _statement(piece: Piece) -> Statement:
    known = behaviour(piece.text)
    return Statement(
        text=piece.text,
        source=piece.source,
        start=piece.start,
        alone=known.alone,
        controls=known.controls,
    )


def _apart(statements: Sequence[Statement]) -> str | None:
    """Why the statements of a file cannot all run in one transaction."""
    return next(_reasons(statements), None)


def _reasons(statements: Sequence[Statement]) -> Iterator[str]:
    for statement in statements:
        if statement.alone:
            yield f"{statement.alone} in line {_line(statement)}"
        elif statement.controls:
            yield f"{_words(statement.text)} in line {_line(statement)}"
    for added in labels_used([statement.text for statement in statements]):
        line = _line(statements[added.user])
        yield f"ADD VALUE '{added.label}', which line {line} may use"


def _words(text: str) -> str:
    return " ".join(text.split()[:2]).rstrip(";").upper()


def _line(statement: Statement) -> int:
    return statement.span.line_col()[0]
