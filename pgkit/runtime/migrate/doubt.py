"""What became of a statement that ran outside of any transaction and whose end nobody saw."""

from collections.abc import Sequence
from typing import Any, Final

from pgkit.diag import PgkitError, fail
from pgkit.grammar.alone import subject
from pgkit.runtime.connect import SqlError
from pgkit.runtime.migrate.ledger import Entry
from pgkit.runtime.migrate.migration import Migration, Statement
from pgkit.runtime.migrate.work import Work
from pgkit.sql import literal, quoted

# Running one of these once more does no harm; the words are those of grammar.transactions.
_AGAIN: Final = ("VACUUM", "REINDEX", "CLUSTER", "DISCARD", "ALTER SYSTEM", "ALTER DATABASE")
_AGAIN_TOO: Final = ("ALTER SUBSCRIPTION REFRESH", "ALTER SUBSCRIPTION SET")
MAY_COMMIT: Final = "CALL"  # or DO: how much of it is done, nobody but its author can tell
_LISTS: Final = {
    "DATABASE": ("pg_database", "datname"),
    "TABLESPACE": ("pg_tablespace", "spcname"),
    "SUBSCRIPTION": ("pg_subscription", "subname"),
}
# Made by a transaction that is no older; ages compare across a wraparound
_FRESH: Final = (
    "pg_catalog.age(c.xmin) OPERATOR(pg_catalog.<=) "
    "pg_catalog.age({xid}::pg_catalog.text::pg_catalog.xid8::pg_catalog.xid)"
)
_INDEXES: Final = f"""
    SELECT pg_catalog.format('%I.%I', n.nspname, c.relname),
        i.indisvalid AND i.indisready AND i.indislive, {_FRESH.format(xid="$1")}
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
"""
_OF_TABLE: Final = f"""{_INDEXES}
    WHERE i.indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($2)
        AND ($3::pg_catalog.text IS NULL OR c.relname OPERATOR(pg_catalog.=) $3::pg_catalog.name)
"""
# What REINDEX CONCURRENTLY leaves, unless another one is at work on it
_REMAINS: Final = f"""{_INDEXES}
    WHERE NOT i.indisvalid AND c.relname OPERATOR(pg_catalog.~) '_cc(new|old)[0-9]*$'
        AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_locks l
            WHERE l.relation OPERATOR(pg_catalog.=) c.oid
                AND l.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
        )
"""
_DETACHING: Final = """
    SELECT inhdetachpending FROM pg_catalog.pg_inherits
    WHERE inhrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
        AND inhparent OPERATOR(pg_catalog.=) pg_catalog.to_regclass($2)
"""
_PREPARED: Final = """
    SELECT FROM pg_catalog.pg_prepared_xacts
    WHERE gid OPERATOR(pg_catalog.=) $1 AND database OPERATOR(pg_catalog.=) pg_catalog.current_database()
"""


async def is_done(work: Work, migration: Migration, begun: Entry) -> bool:
    """Whether the statement has taken effect; what it left half done is finished or taken away.

    Raises where the database does not show it, and a second time would not be harmless.
    """
    statement = migration.statements[begun.statement]
    kind, xid = statement.alone or "", begun.xid or 0
    if kind == "CREATE INDEX CONCURRENTLY":
        return await _is_built(work, statement, xid)
    if kind.startswith("REINDEX") and "CONCURRENTLY" in kind:
        await _drop_remains(work, xid)
    if kind == "DROP INDEX CONCURRENTLY":
        return not await _exists(work, subject(statement.text).name)
    if kind == "DETACH PARTITION CONCURRENTLY":
        return await _is_detached(work, statement)
    if kind.endswith(" PREPARED"):
        return not await work.session.fetch(_PREPARED, *subject(statement.text).name)
    verb, _, rest = kind.partition(" ")
    if verb in ("CREATE", "DROP") and rest.split(" ")[0] in _LISTS:
        return await _is_listed(work, statement, rest.split(" ")[0], xid) == (verb == "CREATE")
    if kind.startswith((*_AGAIN, *_AGAIN_TOO)):
        return False
    raise _doubtful(work, migration, begun.statement)


async def clean_up(work: Work, statement: Statement, kind: str, xid: int) -> bool:
    """Takes away what a statement that failed has left; says whether nothing is in doubt now."""
    try:
        if kind == "CREATE INDEX CONCURRENTLY":
            await _is_built(work, statement, xid)
        elif kind == "REINDEX CONCURRENTLY":
            await _drop_remains(work, xid)
        elif kind == "DETACH PARTITION CONCURRENTLY":
            return not any(pending for (pending,) in await _detaching(work, statement))
        elif kind == MAY_COMMIT:
            return False
    except SqlError:
        return False  # what is left to do is done by the next run
    return True


async def check_valid(work: Work, statement: Statement, xid: int) -> None:
    """Raises if the index of a CREATE INDEX is not valid: IF NOT EXISTS asks for the name alone."""
    named = bool(subject(statement.text).name)
    for index, valid, fresh in await _indexes(work, statement, xid):
        if not valid and (named or fresh):
            raise _not_valid(statement, index)


def _not_valid(statement: Statement, index: str) -> PgkitError:
    help = (
        f"an earlier build of it failed, or another session is building it: once that is over, "
        f"DROP INDEX CONCURRENTLY {index}, and run `pgkit migrate up` again"
    )
    message = f"the index {index} is there and not valid"
    return fail("index-not-valid", message, span=statement.span, help=help, exit_code=4)


async def _is_built(work: Work, statement: Statement, xid: int) -> bool:
    """Whether the statement has made a valid index; one that it left unfinished is dropped."""
    made = [(index, valid) for index, valid, fresh in await _indexes(work, statement, xid) if fresh]
    for index, valid in made:
        if not valid:
            await work.session.execute(f"DROP INDEX CONCURRENTLY {index}")
    return any(valid for _, valid in made)


async def _indexes(work: Work, statement: Statement, xid: int) -> Sequence[Sequence[Any]]:
    """Those on the table of a CREATE INDEX, of its name if it gives one: valid, made since then."""
    about = subject(statement.text)
    name = about.name[0] if about.name else None
    return await work.session.fetch(_OF_TABLE, str(xid), _sql_name(about.of), name)


async def _drop_remains(work: Work, xid: int) -> None:
    for index, _, fresh in await work.session.fetch(_REMAINS, str(xid)):
        if fresh:
            await work.session.execute(f"DROP INDEX CONCURRENTLY {index}")


async def _is_detached(work: Work, statement: Statement) -> bool:
    rows = await _detaching(work, statement)
    if not rows:
        return True
    about = subject(statement.text)
    if rows[0][0]:
        detach = f"DETACH PARTITION {_sql_name(about.name)} FINALIZE"
        await work.session.execute(f"ALTER TABLE {_sql_name(about.of)} {detach}")
    return bool(rows[0][0])


async def _detaching(work: Work, statement: Statement) -> Sequence[Sequence[Any]]:
    about = subject(statement.text)
    return await work.session.fetch(_DETACHING, _sql_name(about.name), _sql_name(about.of))


async def _exists(work: Work, name: tuple[str, ...]) -> bool:
    query = "SELECT pg_catalog.to_regclass($1) IS NOT NULL"
    return bool((await work.session.fetch(query, _sql_name(name)))[0][0])


async def _is_listed(work: Work, statement: Statement, kind: str, xid: int) -> bool:
    """Whether the object is there; for one that is to be made, whether it is as new as that."""
    is_made = (statement.alone or "").startswith("CREATE")
    catalog, column = _LISTS[kind]
    query = f"""
        SELECT {_FRESH.format(xid="$2")} FROM pg_catalog.{catalog} c
        WHERE c.{column} OPERATOR(pg_catalog.=) $1::pg_catalog.name
    """
    rows = await work.session.fetch(query, subject(statement.text).name[0], str(xid))
    return any(fresh or not is_made for (fresh,) in rows)


def _doubtful(work: Work, migration: Migration, at: int) -> PgkitError:
    row = f"WHERE tag = {literal(migration.tag)}"
    table = work.ledger.progress
    help = (
        f"find out whether it has taken effect. If so: UPDATE {table} SET statement = {at + 1}, "
        f"doubtful = false {row}; if not: UPDATE {table} SET doubtful = false {row}. "
        "Then run `pgkit migrate up` again"
    )
    message = f"statement {at + 1} of {migration.tag} is in doubt"
    return fail("in-doubt", message, span=migration.statements[at].span, help=help, exit_code=4)


def _sql_name(path: tuple[str, ...]) -> str:
    return ".".join(quoted(part) for part in path)
