"""Transactions: which statements cannot run in one, and which use a label too early, as the servers have it."""

import asyncio
from collections.abc import Iterator, Sequence

import pytest

from pgkit.executor import Executor
from pgkit.grammar.split import split_statements
from pgkit.grammar.transactions import behaviour, labels_used
from pgkit.runtime.connect import SqlError, open_
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from tests.toolchains.servers import contrib_server

SETUP = """
CREATE TABLE t (a int);
CREATE INDEX i ON t (a);
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
CREATE UNIQUE INDEX m_a ON m (a);
CREATE PROCEDURE commits() LANGUAGE plpgsql AS 'BEGIN COMMIT; END';
CREATE TYPE mood AS ENUM ('sad');
CLUSTER t USING i;
CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false);
ALTER SUBSCRIPTION s ENABLE;
"""
OFF = "WITH (connect = false, slot_name = NONE)"
# Each of them with what it is called, if no transaction may be open around it.
STATEMENTS = [
    ("CREATE INDEX CONCURRENTLY j ON t (a)", "CREATE INDEX CONCURRENTLY"),
    ("create unique index /* ; */ concurrently if not exists j on t (a)", "CREATE INDEX CONCURRENTLY"),
    ("CREATE INDEX j ON t (a)", None),
    ('CREATE INDEX "concurrently" ON t (a)', None),
    ("DROP INDEX CONCURRENTLY i", "DROP INDEX CONCURRENTLY"),
    ("DROP INDEX i", None),
    ("REINDEX TABLE t", None),
    ("REINDEX INDEX CONCURRENTLY i", "REINDEX CONCURRENTLY"),
    ("REINDEX (CONCURRENTLY) TABLE t", "REINDEX CONCURRENTLY"),
    ("REINDEX (VERBOSE, CONCURRENTLY true) TABLE t", "REINDEX CONCURRENTLY"),
    ("REINDEX (CONCURRENTLY false) TABLE t", None),
    ("REINDEX (CONCURRENTLY off) TABLE t", None),
    ("REINDEX (CONCURRENTLY 0) TABLE t", None),
    ("REINDEX SCHEMA public", "REINDEX SCHEMA"),
    ("REINDEX DATABASE {database}", "REINDEX DATABASE"),
    ("REINDEX SYSTEM {database}", "REINDEX SYSTEM"),
    ("VACUUM", "VACUUM"),
    ("VACUUM (ANALYZE) t", "VACUUM"),
    ("ANALYZE t", None),
    ("CLUSTER", "CLUSTER without a table"),
    ("CLUSTER t USING i", None),
    ("CREATE DATABASE other", "CREATE DATABASE"),
    ("DROP DATABASE IF EXISTS nothing", "DROP DATABASE"),
    ("ALTER DATABASE {database} SET TABLESPACE pg_default", "ALTER DATABASE SET TABLESPACE"),
    ("ALTER DATABASE {database} SET work_mem = '1MB'", None),
    ("ALTER DATABASE {database} CONNECTION LIMIT 7", None),
    ("CREATE TABLESPACE s LOCATION '/nowhere'", "CREATE TABLESPACE"),
    ("DROP TABLESPACE IF EXISTS nothing", "DROP TABLESPACE"),
    ("ALTER TABLE t SET TABLESPACE pg_default", None),
    ("ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default", None),
    ("ALTER SYSTEM SET work_mem = '4MB'", "ALTER SYSTEM"),
    ("ALTER SYSTEM RESET work_mem", "ALTER SYSTEM"),
    ("ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY", "DETACH PARTITION CONCURRENTLY"),
    ("ALTER TABLE p DETACH PARTITION p1", None),
    ("ALTER TABLE p DETACH PARTITION p1 FINALIZE", None),
    ("DISCARD ALL", "DISCARD ALL"),
    ("DISCARD PLANS", None),
    ("CREATE SUBSCRIPTION u CONNECTION '' PUBLICATION p", "CREATE SUBSCRIPTION with a slot"),
    ("CREATE SUBSCRIPTION u CONNECTION '' PUBLICATION p WITH (connect = false)", None),
    (f"CREATE SUBSCRIPTION u CONNECTION '' PUBLICATION p {OFF}", None),
    ("DROP SUBSCRIPTION s", "DROP SUBSCRIPTION"),
    ("ALTER SUBSCRIPTION s REFRESH PUBLICATION", "ALTER SUBSCRIPTION REFRESH PUBLICATION"),
    ("ALTER SUBSCRIPTION s SET PUBLICATION q", "ALTER SUBSCRIPTION with a refresh"),
    ("ALTER SUBSCRIPTION s ADD PUBLICATION q", "ALTER SUBSCRIPTION with a refresh"),
    ("ALTER SUBSCRIPTION s SET PUBLICATION q WITH (refresh = false)", None),
    ("ALTER SUBSCRIPTION s SET (synchronous_commit = off)", None),
    ("REFRESH MATERIALIZED VIEW CONCURRENTLY m", None),
    ("ALTER TYPE mood ADD VALUE 'ok'", None),
    ("LOCK TABLE t", None),
    ("COMMIT PREPARED 'x'", "COMMIT PREPARED"),
    ("ROLLBACK PREPARED 'x'", "ROLLBACK PREPARED"),
]
NEWER = [
    ("ALTER SUBSCRIPTION s SET (failover = true)", "ALTER SUBSCRIPTION SET (failover)"),
    ("ALTER SUBSCRIPTION s SET (failover = false)", "ALTER SUBSCRIPTION SET (failover)"),
    ("ALTER SUBSCRIPTION s SET (two_phase = off)", "ALTER SUBSCRIPTION SET (two_phase = off)"),
    ("ALTER SUBSCRIPTION s SET (two_phase = true)", None),
    ("ALTER SUBSCRIPTION s SET (disable_on_error = true)", None),
]
CONTROLS = [
    "BEGIN",
    "start transaction read only",
    "COMMIT",
    "END",
    "COMMIT AND CHAIN",
    "ROLLBACK",
    "ABORT",
    "PREPARE TRANSACTION 'x'",
    "COMMIT PREPARED 'x'",
    "ROLLBACK PREPARED 'x'",
]
STAYS = ["SAVEPOINT a", "RELEASE a", "ROLLBACK TO a", "PREPARE q AS SELECT 1", "SET TRANSACTION READ ONLY"]


@pytest.fixture(scope="module", params=[15, 18])
def any_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of the oldest and of the newest version that there is one of."""
    with local_server(contrib_server(request.param)) as running:
        yield running


@pytest.mark.parametrize(("statement", "alone"), [*STATEMENTS, *NEWER])
def test_statements_that_no_transaction_may_hold(statement: str, alone: str | None) -> None:
    """They are known by their text."""
    assert behaviour(statement.format(database="d")).alone == alone


def test_servers_have_it_so(any_server: Server) -> None:
    """In a transaction, just these are answered with 25001."""

    async def refused() -> dict[str, bool]:
        async with scratch(any_server) as url, open_(url) as session:
            await session.execute(f"SET search_path = public; {SETUP}")
            (database,) = (await session.fetch("SELECT quote_ident(current_database())"))[0]
            texts = {text: text.format(database=database) for text, _ in STATEMENTS}
            found = {text: await is_refused(session, sql) for text, sql in texts.items()}
            await session.execute("ALTER SUBSCRIPTION s DISABLE")
            if any_server.version == 18:
                found |= {text: await is_refused(session, text) for text, _ in NEWER}
            await session.execute("ALTER SUBSCRIPTION s SET (slot_name = NONE); DROP SUBSCRIPTION s")
            return found

    newer = NEWER if any_server.version == 18 else []
    assert asyncio.run(refused()) == {text: alone is not None for text, alone in (*STATEMENTS, *newer)}


async def is_refused(session: Executor, statement: str) -> bool:
    """Whether the server says of the statement that it cannot run in a transaction."""
    await session.execute("BEGIN")
    try:
        await session.execute(statement)
    except SqlError as error:
        return error.sqlstate == "25001"
    finally:
        await session.execute("ROLLBACK")
    return False


def test_statements_that_begin_or_end_a_transaction() -> None:
    """Savepoints do not, and neither does what only sounds so."""
    assert [text for text in CONTROLS if not behaviour(text).controls] == []
    assert [text for text in STAYS if behaviour(text).controls] == []
    assert not behaviour("DO 'BEGIN COMMIT; END'").controls


ADD = "ALTER TYPE mood ADD VALUE 'ok';"
NEW = "CREATE TYPE mood AS ENUM ('sad');"
TABLE = "CREATE TABLE t (m mood);"
# Files that begin with a type and a table of another file; those that Postgres refuses as a whole come first.
USED = [
    f"{ADD} INSERT INTO t VALUES ('ok')",
    f"{ADD} ALTER TABLE t ALTER m SET DEFAULT 'ok'; INSERT INTO t DEFAULT VALUES",
    f"{ADD} CREATE TABLE u (m mood DEFAULT 'ok')",
    f"{ADD} CREATE INDEX ON t (m) WHERE m = 'ok'",
    f"{ADD} ALTER TABLE t ADD CHECK (m <> 'ok')",
    f"{ADD} CREATE POLICY p ON t USING (m = 'ok')",
    f"{ADD} CREATE VIEW v AS SELECT 'ok'::mood AS m",
    f"{ADD} CREATE FUNCTION f() RETURNS mood LANGUAGE sql AS $$ SELECT 'ok'::mood $$",
    f"{ADD} DO $$ BEGIN INSERT INTO t VALUES ('ok'); END $$",
    f"{ADD} INSERT INTO t SELECT unnest('{{sad,ok}}'::mood[])",
    f"{ADD} SELECT enum_range(NULL::mood)",
    "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'it''s' BEFORE 'sad'; INSERT INTO t VALUES ('it''s')",
    "alter /* ; */ type public.mood add value E'\\x6fk'; INSERT INTO t VALUES ('ok')",
]
UNUSED = [
    ADD,
    f"{ADD} INSERT INTO t VALUES ('sad')",
    f"{ADD} CREATE TABLE ok (ok int)",
    f"{ADD} CREATE TABLE u (a text DEFAULT 'oks')",
    f"INSERT INTO t VALUES ('sad'); {ADD}",
    "ALTER TYPE mood RENAME VALUE 'sad' TO 'ok'; INSERT INTO t VALUES ('ok')",
    f"{NEW.replace('mood', 'own')} ALTER TYPE own ADD VALUE 'ok'; SELECT 'ok'::own",
    f"{NEW.replace('mood', 'own')} ALTER TYPE public.own ADD VALUE 'ok'; SELECT 'ok'::own",
]


def pieces(text: str) -> Sequence[str]:
    """The statements of a text."""
    return [text[a:b] for a, b in split_statements(text) or ()]


@pytest.mark.parametrize("text", USED)
def test_labels_that_are_used_too_early(text: str) -> None:
    """A file that Postgres would refuse for a new label does not run in one transaction."""
    (used,) = labels_used(pieces(text))
    assert (used.statement, used.user > 0) == (0, True)


@pytest.mark.parametrize("text", UNUSED)
def test_labels_that_are_not(text: str) -> None:
    """A file that only adds a label, or makes the type itself, does."""
    assert list(labels_used(pieces(text))) == []


def test_postgres_refuses_the_one_and_runs_the_other(test_server: Server) -> None:
    """What is called used is refused with 55P04 in one transaction, but for functions that nobody calls."""

    async def outcomes() -> list[str]:
        async with scratch(test_server) as url, open_(url) as session:
            await session.execute(f"SET search_path = public; {NEW} {TABLE}")
            return [await outcome(session, text) for text in (*USED, *UNUSED)]

    assert asyncio.run(outcomes()) == ["55P04"] * len(USED) + [""] * len(UNUSED)


async def outcome(session: Executor, text: str) -> str:
    """How a file in one transaction ends."""
    await session.execute("BEGIN")
    try:
        await session.execute(text)
    except SqlError as error:
        return error.sqlstate
    finally:
        await session.execute("ROLLBACK")
    return ""
