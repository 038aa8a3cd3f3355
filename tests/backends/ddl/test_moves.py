"""What is not within one schema: schemas, moves between them, extensions, roles, access methods."""

import asyncio
import secrets
from collections.abc import Iterable

import attrs

from pgkit.backends.ddl import emit
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Alter, Change, Create, Drop, Rename
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Role
from pgkit.ir.names import Ref
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch

_OBJECTS = """
CREATE SCHEMA a; CREATE SCHEMA b;
CREATE TABLE {0}.t (id serial PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY CHECK (n > 0));
CREATE INDEX ON {0}.t (n);
CREATE VIEW {0}.v AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW {0}.m AS SELECT 1 AS a;
CREATE UNIQUE INDEX i ON {0}.m (a);
CREATE SEQUENCE {0}.q;
CREATE TYPE {0}.e AS ENUM ('x');
CREATE DOMAIN {0}.d AS integer CONSTRAINT k CHECK (VALUE > 0);
CREATE TYPE {0}.c AS (x integer);
CREATE TYPE {0}.r AS RANGE (SUBTYPE = real);
"""
_NOUNS = {
    "table t": "TABLE",
    "view v": "VIEW",
    "materialized_view m": "MATERIALIZED VIEW",
    "sequence q": "SEQUENCE",
    "enum e": "TYPE",
    "domain d": "DOMAIN",
    "composite c": "TYPE",
    "range r": "TYPE",
}


def test_a_move_is_set_schema(contrib: Server) -> None:
    """Everything in a schema can move to another; a multirange does not follow its range by itself."""
    changes = [Rename(Ref(kind, "a", name), Ref(kind, "b", name)) for kind, name in map(str.split, _NOUNS)]
    multirange = Ref("multirange", "a", "r", "r_multirange", "range")
    changes.append(Rename(multirange, attrs.evolve(multirange, schema="b")))
    statements, left = asyncio.run(_migrated(contrib, _OBJECTS.format("a"), _OBJECTS.format("b"), changes))
    moves = [f"ALTER {noun} a.{what.split()[1]} SET SCHEMA b" for what, noun in _NOUNS.items()]
    assert statements == [*moves, "ALTER TYPE a.r_multirange SET SCHEMA b"]
    assert left == ()


def test_members_follow_their_owner(contrib: Server) -> None:
    """What belongs to a table has no schema of its own: a move of it says nothing."""
    table, there = Ref("table", "a", "t"), Ref("table", "b", "t")
    kinds = ("column", "primary_key", "unique", "foreign_key", "check", "index", "policy")
    assert [*emit(Rename(table.of(kind, "x"), there.of(kind, "x")) for kind in kinds)] == []


def test_schemas(contrib: Server) -> None:
    """A schema is made, renamed with all that is in it, commented on, and dropped when it is empty."""
    before = "CREATE SCHEMA a; COMMENT ON SCHEMA a IS 'was'; CREATE TABLE a.t (x integer); CREATE SCHEMA gone"
    after = """CREATE SCHEMA "B b"; CREATE TABLE "B b".t (x integer); CREATE SCHEMA c; COMMENT ON SCHEMA c IS 'x'"""
    renames = [Rename(Ref("schema", "", "a"), Ref("schema", "", "B b"))]
    statements, left = asyncio.run(_migrated(contrib, before, after, renames, then_diff=True))
    assert statements == [
        'ALTER SCHEMA a RENAME TO "B b"',
        "DROP SCHEMA gone",
        'COMMENT ON SCHEMA "B b" IS NULL',
        "CREATE SCHEMA c",
        "COMMENT ON SCHEMA c IS 'x'",
    ]
    assert left == ()


def test_extensions(contrib: Server) -> None:
    """An extension is made in its schema, and dropped."""
    before = "CREATE SCHEMA x; CREATE EXTENSION citext"
    after = "CREATE SCHEMA x; CREATE EXTENSION hstore SCHEMA x"
    statements, left = asyncio.run(_migrated(contrib, before, after, (), then_diff=True))
    assert statements == ["DROP EXTENSION citext", "CREATE EXTENSION IF NOT EXISTS hstore SCHEMA x"]
    assert left == ()


def test_access_methods(contrib: Server) -> None:
    """A materialized view is rewritten for another access method, in place."""
    create = "CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;"
    before, after = (
        f"{create} CREATE MATERIALIZED VIEW m USING {am} AS SELECT 1 AS a" for am in ("heap", "heap2")
    )
    statements, left = asyncio.run(_migrated(contrib, before, after, (), then_diff=True))
    assert statements == ["ALTER MATERIALIZED VIEW public.m SET ACCESS METHOD heap2"]
    assert left == ()


def test_roles(contrib: Server) -> None:
    """A role is made, altered in each of its attributes, renamed, commented on and dropped."""
    name = f"pgkit_{secrets.token_hex(4)}"
    plain = Role(name=name)
    every = Role(
        name=name,
        superuser=True,
        create_db=True,
        create_role=True,
        inherit=False,
        login=True,
        replication=True,
        bypass_rls=True,
        connection_limit=7,
        comment="it's",
    )
    ref, other = Ref("role", "", name), Ref("role", "", f"{name} 2")
    to = attrs.evolve(every, name=other.name)
    all_off = attrs.evolve(plain, name=other.name)
    words = "SUPERUSER CREATEDB CREATEROLE NOINHERIT LOGIN REPLICATION BYPASSRLS CONNECTION LIMIT 7"
    back = "NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT NOLOGIN NOREPLICATION NOBYPASSRLS CONNECTION LIMIT -1"
    story: list[tuple[Change, list[str], Role | None]] = [
        (Create(ref, plain), [f"CREATE ROLE {name}"], plain),
        (
            Alter(ref, plain, every),
            [f"ALTER ROLE {name} {words}", f"COMMENT ON ROLE {name} IS 'it''s'"],
            every,
        ),
        (Rename(ref, other), [f'ALTER ROLE {name} RENAME TO "{name} 2"'], to),
        (
            Alter(other, to, all_off),
            [f'ALTER ROLE "{name} 2" {back}', f'COMMENT ON ROLE "{name} 2" IS NULL'],
            all_off,
        ),
        (Drop(other, all_off), [f'DROP ROLE "{name} 2"'], None),
        (Create(ref, every), [f"CREATE ROLE {name} {words}", f"COMMENT ON ROLE {name} IS 'it''s'"], every),
        (Drop(ref, every), [f"DROP ROLE {name}"], None),
    ]
    told = asyncio.run(_told(contrib, name, [change for change, _, _ in story]))
    assert told == [(statements, role) for _, statements, role in story]


async def _told(server: Server, name: str, changes: Iterable[Change]) -> list[tuple[list[str], Role | None]]:
    """The statements of each change, and the role as it is then."""
    told: list[tuple[list[str], Role | None]] = []
    async with scratch(server, purpose="ddl") as url, open_(url) as session:
        try:
            for change in changes:
                statements = [s.sql.text for s in emit([change])]
                for statement in statements:
                    await session.execute(statement)
                roles = (await read_catalog(session)).catalog.roles
                told.append((statements, next((r for r in roles if r.name.startswith(name)), None)))
        finally:
            await session.execute(f'DROP ROLE IF EXISTS {name}, "{name} 2"')
    return told


async def _migrated(
    server: Server, before: str, after: str, changes: Iterable[Change], *, then_diff: bool = False
) -> tuple[list[str], tuple[Change, ...]]:
    """The statements for the changes, or for these renames and what differs after them, and what is left."""
    version = server.version or 0
    async with scratch(server, purpose="ddl") as changed, scratch(server, purpose="ddl") as fresh:
        old, new = await _made(changed, before), await _made(fresh, after)
        if then_diff:
            changes = diff(
                old, new, Hints(tuple((c.ref, c.to) for c in changes if isinstance(c, Rename))), version
            )
        statements = [s.sql.text for s in emit(changes)]
        async with open_(changed) as session:
            for statement in statements:
                await session.execute(statement)
        now = await _made(changed, "SELECT")
    return statements, diff(now, new, Hints(), version)


async def _made(url: str, script: str) -> Catalog:
    async with open_(url) as session:
        await session.execute(f"SET search_path = public; {script}")
    async with open_(url) as session:
        return attrs.evolve(normalize((await read_catalog(session)).catalog), roles=())
