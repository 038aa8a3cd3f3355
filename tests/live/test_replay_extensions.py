"""What is known of extensions is what a server that has them says."""

import pytest

from pgkit.jobs.replay import ReplayOptions
from pgkit.jobs.replay_extensions import wanted
from pgkit.jobs.replay_missing import Missing, missing
from pgkit.jobs.replay_provides import PROVIDES
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.live.reading import run, table
from tests.live.replays import replayed

AVAILABLE = "SELECT name::text FROM pg_available_extensions WHERE name !~ '(^|_)pl(perl|python|tcl|pgsql)' ORDER BY name"
# Members of an extension that SQL can name, less functions that only its own C code calls or that share a core name.
MEMBERS = """
    WITH own AS (
        SELECT d.classid, d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
        WHERE d.deptype = 'e' AND e.extname = $1 AND d.refclassid = 'pg_extension'::regclass
    )
    SELECT 'type', typname::text, '', '' FROM pg_type JOIN own ON objid = oid AND classid = 'pg_type'::regclass
    WHERE typcategory <> 'A' AND typname !~ '_?(key|gkey)'
    UNION SELECT 'function', p.proname::text, '', '' FROM pg_proc p
    JOIN own ON objid = p.oid AND classid = 'pg_proc'::regclass
    WHERE NOT 'internal'::regtype::oid = ANY (p.proargtypes) AND p.prorettype <> 'internal'::regtype
      AND p.prorettype::regtype::text !~ 'gbtreekey' AND p.proname !~ '^(gbt|gin|gist)_.*'
      AND NOT EXISTS (SELECT FROM pg_type t WHERE p.oid IN (t.typinput, t.typoutput, t.typsend, t.typreceive))
      AND NOT EXISTS (SELECT FROM pg_proc q WHERE q.proname = p.proname AND q.oid < 16384)
    UNION SELECT 'operator class', opcname::text, amname::text, '' FROM pg_opclass c
    JOIN own ON objid = c.oid AND classid = 'pg_opclass'::regclass JOIN pg_am a ON a.oid = opcmethod
    UNION SELECT 'default operator class', amname::text, format_type(opcintype, NULL), '' FROM pg_opclass c
    JOIN own ON objid = c.oid AND classid = 'pg_opclass'::regclass JOIN pg_am a ON a.oid = opcmethod
    WHERE opcdefault AND opcintype < 16384 AND amname IN ('gin', 'gist')
    UNION SELECT 'access method', amname::text, '', '' FROM pg_am
    JOIN own ON objid = oid AND classid = 'pg_am'::regclass
    UNION SELECT 'relation', relname::text, '', '' FROM pg_class
    JOIN own ON objid = oid AND classid = 'pg_class'::regclass WHERE relkind IN ('r', 'v')
    UNION SELECT 'foreign-data wrapper', fdwname::text, '', '' FROM pg_foreign_data_wrapper
    JOIN own ON objid = oid AND classid = 'pg_foreign_data_wrapper'::regclass
    UNION SELECT 'text search dictionary', dictname::text, '', '' FROM pg_ts_dict
    JOIN own ON objid = oid AND classid = 'pg_ts_dict'::regclass"""
OPERATORS = """
    SELECT 'operator', oprname::text, format_type(oprleft, NULL), format_type(oprright, NULL) FROM pg_operator o
    JOIN pg_depend d ON objid = o.oid AND classid = 'pg_operator'::regclass AND deptype = 'e'
    JOIN pg_extension e ON e.oid = refobjid AND e.extname = $1
    WHERE oprleft BETWEEN 1 AND 16383 AND oprright < 16384
      AND NOT EXISTS (
        SELECT FROM pg_operator q WHERE q.oprname = o.oprname AND q.oid < 16384
        AND (q.oprleft = o.oprleft OR q.oprleft = 'anyarray'::regtype)
      )"""


def test_the_table_knows_what_contrib_brings(contrib18: Server) -> None:
    """All that an extension brings is told to come from it."""
    unknown = []

    async def compare() -> int:
        async with scratch(contrib18, purpose="test") as url, open_(url, settings=running()) as session:
            names = [name for (name,) in await session.fetch(AVAILABLE)]
            for name in names:
                await session.execute(f'CREATE EXTENSION IF NOT EXISTS "{name}" CASCADE')
                for kind, member, left, right in [
                    *await session.fetch(MEMBERS, name),
                    *await session.fetch(OPERATORS, name),
                ]:
                    if wanted(Missing(kind, member, left, right), [name]) != name:
                        unknown.append(f"{name}: {kind} {left} {member} {right}")
            assert {name for name in names if name not in PROVIDES} == set()
            return len(names)

    assert run(compare()) >= 45
    assert unknown == []


def test_the_table_claims_nothing_of_postgres_itself(contrib18: Server) -> None:
    """No type, operator class or method of Postgres's own is taken for an extension's."""
    own = """
        SELECT 'type', typname::text, '' FROM pg_type WHERE oid < 16384 AND typtype IN ('b', 'r', 'm')
        UNION SELECT 'operator class', opcname::text, amname::text
        FROM pg_opclass JOIN pg_am a ON a.oid = opcmethod
        UNION SELECT 'access method', amname::text, '' FROM pg_am
        UNION SELECT 'schema', nspname::text, '' FROM pg_namespace"""

    async def claimed() -> list[tuple[str, str, str | None]]:
        async with scratch(contrib18, purpose="test") as url, open_(url) as session:
            rows = await session.fetch(own)
            told = [(row[0], row[1], wanted(Missing(*row), PROVIDES)) for row in rows]
            return [found for found in told if found[2] is not None]

    assert run(claimed()) == []


def test_what_an_extension_makes_is_there_where_the_server_has_it(contrib18: Server) -> None:
    """Without going without it, the index that wants it is made."""
    sql = (
        "CREATE EXTENSION btree_gin; CREATE TABLE a (b text, c jsonb); CREATE INDEX i ON a USING gin (b, c);"
    )
    assert [index.name for index in table(replayed(contrib18, sql).catalog, "a").indexes] == ["i"]
    without = replayed(contrib18, sql, options=ReplayOptions(without_extensions=frozenset(("btree_gin",))))
    assert [str(skip.touches[0]) for skip in without.skipped] == ["btree_gin", "public.a.i"]


@pytest.mark.parametrize(
    ("sqlstate", "message", "told"),
    [
        ("42704", 'type "ext.citext[]" does not exist', Missing("type", "citext", schema="ext")),
        ("42704", 'type "public"."e" does not exist', None),
        ("42883", "function s.f(text, unknown) does not exist", Missing("function", "f", schema="s")),
        ("42883", 'function public."F"(integer) does not exist', Missing("function", "F", schema="public")),
        ("42883", "operator does not exist: text % unknown", Missing("operator", "%", "text", "unknown")),
        ("42883", "operator does not exist: @@ text", Missing("operator", "@@", "", "text")),
        ("42P01", 'relation "a.b" does not exist', Missing("relation", "b", schema="a")),
        ("42703", 'column "c" of relation "t" does not exist', Missing("member", "c", "t")),
        ("42703", "column t.c does not exist", Missing("member", "c", "t")),
        ("42703", 'column "c" does not exist', Missing("member", "c")),
        ("42704", 'trigger "g" for table "t" does not exist', Missing("member", "g", "t")),
        ("3F000", 'schema "auth" does not exist', Missing("schema", "auth")),
        (
            "58P01",
            'could not open extension control file "/x/y.control": No such file',
            Missing("extension", "y"),
        ),
        ("0A000", 'extension "x" is not available', Missing("extension", "x")),
        (
            "42704",
            'operator class "o" does not exist for access method "gin"',
            Missing("operator class", "o", "gin"),
        ),
        (
            "42704",
            'data type s.t has no default operator class for access method "gin"',
            Missing("default operator class", "gin", "s.t"),
        ),
        ("22012", "division by zero", None),
        ("23505", 'type "x" does not exist', None),
    ],
)
def test_what_an_error_says_is_missing(sqlstate: str, message: str, told: Missing | None) -> None:
    """The kind of thing and its name, with the schema that was written."""
    assert missing(SqlError(sqlstate, message)) == told
