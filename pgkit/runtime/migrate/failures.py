"""What can go wrong with a statement: told as a Diagnostic, without secrets, or tried once more."""

import re
from typing import Final

from attrs import evolve

from pgkit.diag import Diagnostic, PgkitError, Source, Span
from pgkit.runtime.connect import SqlError
from pgkit.runtime.migrate.migration import Migration, Statement
from pgkit.runtime.url import HIDDEN

# A lock was not to be had in time, a deadlock, or a transaction that another one got in the way of.
BUSY: Final = frozenset(("55P03", "40P01", "40001"))
# The server or somebody on it ended the session; class 08 is the connection itself.
ENDED: Final = frozenset(("57P01", "57P02", "57P03", "57P05", "25P03", "25P04"))
# Inside of another string, as in EXECUTE, its quotes are doubled
_STRING: Final = r"""''[^']+''|(?:[eEnN]|[uU]&)?'(?:[^'\\]|''|\\.)*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$"""
# ALTER ROLE ... PASSWORD 'x', OPTIONS (password 'x'), and password=x inside the string of a connection
_SECRET: Final = re.compile(
    rf"""(?P<head>\b(?:ssl)?password\b\W{{0,3}}?\s*)(?P<string>{_STRING})"""
    rf"""|(?P<key>\b(?:ssl)?password\s*=\s*)(?P<value>(?!['\s])[^\s'"]+)"""
    rf"""|(?P<scheme>\bpostgres(?:ql)?://[^\s'":/@]*:)(?P<login>[^\s'"@]+)(?=@)""",
    re.IGNORECASE | re.DOTALL,
)


class Lost(Exception):
    """The connection is gone: what became of the statement is to be read from the ledger."""


class Moved(Exception):
    """The lock or the ledger is not as it was when the plan was made: make another one."""


class Busy(Exception):
    """A file met a lock and is rolled back; `failure` is what to say if it is not tried again."""

    def __init__(self, failure: PgkitError, why: str) -> None:
        super().__init__(why)
        self.failure = failure


class SqlFailed(PgkitError):
    """What Postgres says against a statement of a file."""

    def __init__(self, diagnostic: Diagnostic, sqlstate: str) -> None:
        super().__init__((diagnostic,), exit_code=4)
        self.sqlstate = sqlstate


def is_loss(error: SqlError) -> bool:
    """Whether the error says that the session is over."""
    return error.sqlstate.startswith("08") or error.sqlstate in ENDED


def failed(error: SqlError, migration: Migration, number: int, after: str) -> SqlFailed:
    """What Postgres says against a statement, where it stands; `after` is how the database is left."""
    statement = migration.statements[number]
    secrets = _secrets(statement.text)
    at = statement.start + (error.position - 1 if error.position else 0)
    end = statement.start + len(statement.text)
    said = _without(secrets, f"{error.message} ({error.sqlstate})")
    more = (error.detail, error.hint, f"statement {number + 1} of {migration.tag}; {after}")
    help = _without(secrets, "; ".join(text for text in more if text))
    span = _shown(statement.source, min(at, end), _token_end(statement, at, end))
    return SqlFailed(Diagnostic("sql-failed", said, span, help), error.sqlstate)


def hidden(diagnostic: Diagnostic) -> Diagnostic:
    """The same, pointing into a text whose passwords are hidden."""
    span = diagnostic.span
    return diagnostic if span is None else evolve(diagnostic, span=_shown(span.source, span.start, span.end))


def without_secrets(statement: str, text: str) -> str:
    """What the server says of a statement, without the passwords that stand in it."""
    return _without(_secrets(statement), text)


def _token_end(statement: Statement, at: int, end: int) -> int:
    """The end of the word at `at`: Postgres tells where it starts only."""
    word = re.compile(r'"(?:[^"]|"")*"|\w+|.').match(statement.source.text, at, end)
    return word.end() if word else end


def _shown(source: Source, start: int, end: int) -> Span:
    """The span in a source whose passwords are hidden, which moves what comes after them."""
    text, at, moved = [], 0, []
    for match in _SECRET.finditer(source.text):
        first, last = _secret(match)
        text += [source.text[at:first], HIDDEN]
        moved.append((first, last))
        at = last
    hidden = Source(source.name, "".join([*text, source.text[at:]]))
    return Span(hidden, _place(start, moved), max(_place(start, moved), _place(end, moved)))


def _place(offset: int, hidden: list[tuple[int, int]]) -> int:
    for first, last in reversed(hidden):
        if last <= offset:
            offset -= last - first - len(HIDDEN)
        elif first < offset:
            offset = first
    return offset


def _secret(match: "re.Match[str]") -> tuple[int, int]:
    name = next(name for name in ("string", "value", "login") if match[name] is not None)
    return match.span(name)


def _secrets(text: str) -> list[str]:
    found = (text[slice(*_secret(match))] for match in _SECRET.finditer(text))
    return [form for secret in found for form in (secret, secret.strip("'")) if form]


def _without(secrets: list[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text
