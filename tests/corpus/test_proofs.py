"""The proofs can fail: each catches the plans that it is there for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgkit.runtime.connect import open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.corpus.cases import Case, parse
from tests.corpus.conftest import Servers
from tests.corpus.dumps import difference, schema_dump
from tests.corpus.names import align, names
from tests.corpus.proofs import (
    Proof,
    Prove,
    Refuted,
    prove_converges,
    prove_dump,
    prove_rows,
    prove_true,
    refute,
)
from tests.live.reading import run

TEAMS = """
table teams { id integer primary key }
table members {
  id       integer primary key
  team_id  integer
  index members_by_team (team_id)
}
"""
KEYED = TEAMS.replace("  index", "  foreign key (team_id) references teams (id)\n  index")
SEED = "INSERT INTO teams VALUES (1); INSERT INTO members VALUES (1, 1);"
RIGHT = "ALTER TABLE members ADD FOREIGN KEY (team_id) REFERENCES teams (id);"
WRONG = {
    "cascade": RIGHT.replace(";", " ON DELETE CASCADE;"),
    "index": f"{RIGHT} DROP INDEX members_by_team;",
    "nothing": "",
    "more": f"{RIGHT} CREATE TABLE more ();",
    "type": f"{RIGHT} ALTER TABLE members ALTER COLUMN team_id TYPE bigint;",
    "name": "ALTER TABLE members ADD CONSTRAINT mine FOREIGN KEY (team_id) REFERENCES teams (id);"
    " ALTER INDEX members_by_team RENAME TO by_team;",
}


def case(before: str, after: str, *, hints: str = "", seed: str = "", rows: str = "") -> Case:
    """A case from its blocks."""
    sides = {"pgkit before": before, "pgkit after": after}
    more = {"hints": hints, "sql seed": seed, "sql rows": rows}
    blocks = sides | {info: body for info, body in more.items() if body}
    text = "".join(f"```{info}\n{body.strip()}\n```\n" for info, body in blocks.items())
    return parse(Path("corpus/kind/case.md"), f"# Title\n\nWhy.\n\n{text}```sql plan\n```\n")


@pytest.fixture
def server(servers: Servers) -> Server:
    """A server that any case can run on."""
    found = servers(case("", "table t {}"), 18)
    assert found is not None
    return found


def refuted(case: Case, server: Server, plan: str | None, *proofs: Prove) -> Proof | None:
    """What a plan fails of these proofs, if anything."""
    try:
        run(refute(case, 18, server, plan, proofs))
    except Refuted as error:
        return error.proof
    return None


@pytest.mark.parametrize("plan", WRONG.values(), ids=list(WRONG))
@pytest.mark.parametrize("proof", [prove_true, prove_converges, prove_dump])
def test_another_schema_is_caught(server: Server, plan: str, proof: Prove) -> None:
    """A key that cascades, an index less, a table more: each proof sees it by itself."""
    assert refuted(case(TEAMS, KEYED, seed=SEED), server, plan, proof) is not None


@pytest.mark.parametrize("proof", [prove_true, prove_converges, prove_dump])
def test_the_right_plan_passes(server: Server, proof: Prove) -> None:
    """The statement that a person would write is none of those."""
    assert refuted(case(TEAMS, KEYED, seed=SEED), server, RIGHT, proof) is None


def test_a_lost_row_is_caught(server: Server) -> None:
    """The schema may be right, and the rows gone."""
    rows = "SELECT id, team_id FROM members;\n-- 1 | 1\n"
    tried = case(TEAMS, KEYED, seed=SEED, rows=rows)
    assert refuted(tried, server, RIGHT, prove_rows) is None
    assert refuted(tried, server, f"DELETE FROM members; {RIGHT}", prove_rows) is Proof.ROWS
    assert refuted(tried, server, f"UPDATE members SET team_id = NULL; {RIGHT}", prove_rows) is Proof.ROWS


def test_a_refused_statement_is_caught(server: Server) -> None:
    """By the rows that are there, or by Postgres's grammar."""
    orphan = case(TEAMS, KEYED, seed="INSERT INTO members VALUES (1, 1);")
    assert refuted(orphan, server, RIGHT) is Proof.WORKS
    assert refuted(orphan, server, "ALTER TABLE members ADD KEY;") is Proof.WORKS


def test_a_missing_commit_is_caught(server: Server) -> None:
    """A label can be used once the transaction that added it is over."""
    tried = case("enum mood { ok }", "enum mood { ok, sad }\ntable t { m mood default 'sad' }")
    plan = "ALTER TYPE mood ADD VALUE 'sad';\n{}CREATE TABLE t (m mood DEFAULT 'sad');"
    assert refuted(tried, server, plan.format("-- commit\n")) is None
    assert refuted(tried, server, plan.format("")) is Proof.WORKS


def test_a_stray_role_is_caught(server: Server) -> None:
    """Roles are in no dump of a database, but in that of its server."""
    tried = case("role reader", "role reader\nrole writer")
    assert refuted(tried, server, "CREATE ROLE writer;", prove_dump) is None
    assert refuted(tried, server, "CREATE ROLE writer LOGIN;", prove_dump) is Proof.DUMP
    assert refuted(tried, server, "CREATE ROLE writer; CREATE ROLE other;", prove_dump) is Proof.DUMP
    assert refuted(tried, server, "", prove_dump) is Proof.DUMP


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("CREATE TABLE t (a int, b int)", "CREATE TABLE t (b int, a int)", True),
        ("CREATE TABLE t (a int, b int)", "CREATE TABLE t (a int, b int NOT NULL)", False),
        (
            "CREATE TABLE s (a int PRIMARY KEY); ALTER TABLE s RENAME TO t",
            "CREATE TABLE t (a int PRIMARY KEY)",
            True,
        ),
        (
            "CREATE TABLE t (a int CONSTRAINT mine PRIMARY KEY)",
            "CREATE TABLE t (a int CONSTRAINT other PRIMARY KEY)",
            False,
        ),
        ("CREATE TABLE s (a serial); ALTER TABLE s RENAME TO t", "CREATE TABLE t (a serial)", True),
        ("CREATE TABLE t (a serial)", "CREATE TABLE t (a int)", False),
        (
            "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a",
            "CREATE MATERIALIZED VIEW v USING heap2 AS SELECT 1 AS a",
            False,
        ),
        ("CREATE VIEW v AS SELECT 1 AS a", "CREATE VIEW v WITH (security_barrier) AS SELECT 1 AS a", False),
        ("CREATE TABLE t (a int)", "CREATE TABLE t (a int); GRANT SELECT ON t TO public", False),
        ("CREATE TABLE t (a int)", "CREATE TABLE t (a int); COMMENT ON COLUMN t.a IS 'b'", False),
        (
            "CREATE TABLE a (i int PRIMARY KEY); CREATE TABLE b (j int PRIMARY KEY); ALTER TABLE a RENAME TO c;"
            " ALTER TABLE b RENAME TO a; ALTER TABLE c RENAME TO b",
            "CREATE TABLE a (j int PRIMARY KEY); CREATE TABLE b (i int PRIMARY KEY)",
            True,
        ),
    ],
)
def test_dumps_tell_databases_apart(server: Server, one: str, other: str, same: bool) -> None:
    """But for the order of columns, and names that nobody chose."""

    async def compare() -> str:
        async with scratch(server) as wanted, scratch(server) as found:
            for url, sql in ((wanted, other), (found, one)):
                async with open_(url, settings=running()) as session:
                    await session.execute(
                        f"CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler; {sql}"
                    )
            async with open_(wanted) as session:
                there = await names(session)
            async with open_(found) as session:
                await align(session, there)
            return difference(await schema_dump(found), await schema_dump(wanted))

    assert (run(compare()) == "") is same


def test_a_hint_without_effect_is_caught(server: Server) -> None:
    """What a hint says shows in the plan: a table follows its schema by itself."""
    before, after = "schema a\ntable a.t { i integer }", "schema b\ntable b.t { i integer }"
    assert refuted(case(before, after, hints="schema a -> b"), server, None) is None
    both = case(before, after, hints="schema a -> b\ntable a.t -> b.t")
    assert refuted(both, server, None) is Proof.HINTS
