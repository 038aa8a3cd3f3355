"""Changes of a column's type, for every pair of types: what we say of them is what Postgres does."""

import asyncio

import pytest
from attrs import frozen

from pgkit.ir.casts import Conversion
from pgkit.ir.names import Ref, column
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from pgkit.runtime.session import AsyncpgExecutor
from pgkit.sql import Sql, render
from pgkit.sql.using import using
from tests.live.conversions import PAIRS, SETUP, casts, declared
from tests.live.reading import on_database

COLUMN = column(Ref("table", "public", "t"), "c")
# In a zone that is not UTC every timestamp changes with its type.
SETTINGS = {**running(), "TimeZone": "Europe/Berlin"}


@frozen
class Answers:
    """What a server said: the pairs that work without USING, those rewritten, and those that work by a cast."""

    version: int
    works: frozenset[tuple[str, str]]
    rewrites: frozenset[tuple[str, str]]
    cast: frozenset[tuple[str, str]]
    ours: frozenset[tuple[str, str]]  # with the expression that we write
    kept: dict[tuple[str, str], bool | None]  # of those not rewritten: whether an index stays as it is


@pytest.fixture(scope="module")
def answers(contrib: Server) -> Answers:
    """Every pair, tried on each version."""
    return asyncio.run(asked(contrib))


async def asked(server: Server) -> Answers:
    async with scratch(server, purpose="test") as url, open_(url, settings=SETTINGS) as session:
        await session.execute(SETUP)
        plain = await tried(session, {pair: pair[1] for pair in PAIRS})
        rest = [pair for pair in PAIRS if not plain[pair][0]]
        cast = await tried(session, {(a, b): f"{b} USING c::{b}" for a, b in rest})
        version = server.version or 0
        way = {pair: f"{pair[1]} USING {expression(*pair, version)}" for pair in rest if not cast[pair][0]}
        ours = await tried(session, way)
        still = [pair for pair in PAIRS if plain[pair] == (True, False)]
        kept = {pair: (await session.fetch("SELECT kept($1, $2)", *pair))[0][0] for pair in still}
    return Answers(
        version,
        frozenset(pair for pair in PAIRS if plain[pair][0]),
        frozenset(pair for pair in PAIRS if plain[pair][1]),
        frozenset(pair for pair in rest if cast[pair][0]),
        frozenset(pair for pair in way if ours[pair][0]),
        kept,
    )


async def tried(
    session: AsyncpgExecutor, changes: dict[tuple[str, str], str]
) -> dict[tuple[str, str], tuple[bool, bool | None]]:
    """Whether each change works, and whether the table is written anew; each is undone."""
    found = {}
    for old in dict.fromkeys(old for old, _ in changes):
        pairs = [pair for pair in changes if pair[0] == old]
        rows = await session.fetch(
            "SELECT works, rewrites FROM tried($1, $2) ORDER BY nr", old, [changes[pair] for pair in pairs]
        )
        found.update({pair: (works, new) for pair, (works, new) in zip(pairs, rows, strict=True)})
    return found


def expression(old: str, new: str, version: int) -> Sql:
    found = using(declared(old), declared(new), COLUMN, casts(version))
    assert found is not None, (old, new)
    return Sql(render(found))


def said(version: int, conversion: Conversion) -> set[tuple[str, str]]:
    ours = casts(version)
    types = {name: declared(name) for pair in PAIRS for name in pair}
    return {(a, b) for a, b in PAIRS if ours.direct(types[a], types[b]) is conversion}


def test_what_needs_no_using(answers: Answers) -> None:
    """ALTER COLUMN TYPE finds its way alone just where we say so."""
    assert answers.works == said(answers.version, Conversion.ASSIGNMENT)


def test_what_a_cast_does(answers: Answers) -> None:
    """`USING c::new` is accepted just where we say so."""
    assert answers.cast == said(answers.version, Conversion.EXPLICIT)


def test_what_is_rewritten(answers: Answers) -> None:
    """The table is written anew just where we say so."""
    ours = casts(answers.version)
    rewritten = {(a, b) for a, b in answers.works if ours.rewrites(declared(a), declared(b))}
    assert answers.rewrites == rewritten


def test_what_indexes_outlive(answers: Answers) -> None:
    """Where rows stay as they are, indexes do just where we say so."""
    ours = casts(answers.version)
    known = {pair: kept for pair, kept in answers.kept.items() if kept is not None}
    assert known == {(a, b): ours.keeps_indexes(declared(a), declared(b)) for a, b in known}
    assert len(known) > 60


def test_there_is_always_a_way(answers: Answers) -> None:
    """Where Postgres needs USING, ours is accepted: on an empty table every type becomes every other."""
    assert answers.works | answers.cast | answers.ours == set(PAIRS)
    assert len(PAIRS) > 4_000


FAILS = "fails"
VALUES = [
    # old type, the value, new type, what becomes of it
    ("mood", "sad", "feeling", "sad"),
    ("mood", "1", "feeling", FAILS),
    ("mood[]", "{sad,NULL,ok}", "feeling[]", "{sad,NULL,ok}"),
    ("text", "ok", "feeling", "ok"),
    ("mood", "1", "int", "1"),
    ("mood", "sad", "int", FAILS),
    ("text", "12", "int", "12"),
    ("text", "12x", "int", FAILS),
    ("text", "abcdef", "varchar(5)", FAILS),  # and not cut to five
    ("text[]", "{abcdef}", "varchar(5)[]", FAILS),
    ("jsonb", '"abcdef"', "varchar(5)", FAILS),
    ("text", "10101", "varbit(3)", FAILS),
    ("text", "101", "bit(3)", "101"),
    ("text", "1010", "bit(3)", FAILS),
    ("text", "{1,2}", "text[]", '{"{1,2}"}'),
    ("int", "5", "bigint[]", "{5}"),
    ("int", "5", "text[]", "{5}"),
    ("text", "5", "int[]", "{5}"),
    ("int", "1", "mood[]", "{1}"),
    ("uuid", "6ecd8c99-4036-403d-bf84-cf8400f67836", "varchar(3)[]", FAILS),
    ("boolean", "t", "bigint", "1"),
    ("bigint", "7", "boolean", "true"),
    ("numeric", "0", "boolean", "false"),
    ("money", "$1,234.00", "int", "1234"),
    ("double precision", "2.5", "money", "$2.50"),
    ("int", "5", "jsonb", "5"),
    ("uuid", "6ecd8c99-4036-403d-bf84-cf8400f67836", "jsonb", '"6ecd8c99-4036-403d-bf84-cf8400f67836"'),
    ("int[]", "{1,2}", "jsonb", "[1, 2]"),
    ("jsonb", '"2024-01-31"', "date", "2024-01-31"),
    ("json", '"ok"', "feeling", "ok"),
    ("jsonb", "[1, 2]", "int[]", FAILS),
    ("bigint", "20240131", "date", "2024-01-31"),
    ("bigint", "1706659200", "timestamptz", FAILS),
    ("uuid", "6ecd8c99-4036-403d-bf84-cf8400f67836", "int", FAILS),
    ("int[]", "{1}", "int", FAILS),
    ("date", "2024-01-31", "uuid", FAILS),
]


@pytest.fixture(scope="module")
def became(contrib18: Server) -> dict[tuple[str, str, str], str | list[str | None]]:
    """What each of VALUES became, after a null in the same column."""
    return asyncio.run(changed(contrib18))


async def changed(server: Server) -> dict[tuple[str, str, str], str | list[str | None]]:
    found: dict[tuple[str, str, str], str | list[str | None]] = {}
    async with scratch(server, purpose="test") as url, open_(url, settings=SETTINGS) as session:
        await session.execute(SETUP)
        for old, value, new, _ in VALUES:
            await session.execute(
                f"BEGIN; CREATE TABLE t (c {old}); INSERT INTO t VALUES (NULL), ('{value}')"
            )
            expr = using(declared(old), declared(new), COLUMN, casts(18))
            clause = f"USING {render(expr)}" if expr is not None else ""
            try:
                await session.execute(f"ALTER TABLE t ALTER c TYPE {new} {clause}")
                found[old, value, new] = [row[0] for row in await session.fetch("SELECT c::text FROM t")]
            except SqlError as error:
                # Class 22 is about data, not about syntax or types.
                found[old, value, new] = FAILS if error.sqlstate.startswith("22") else str(error)
            await session.execute("ROLLBACK")
    return found


@pytest.mark.parametrize(("old", "value", "new", "becomes"), VALUES)
def test_values(
    became: dict[tuple[str, str, str], str], old: str, value: str, new: str, becomes: str
) -> None:
    """A value gets across, or is refused: none is cut or changed in silence; null stays null."""
    assert became[old, value, new] == (FAILS if becomes is FAILS else [None, becomes])
    if casts(18).conversion(declared(old), declared(new)) is Conversion.NONE:
        assert becomes is FAILS


@pytest.mark.parametrize(
    ("type", "value", "becomes"),
    [("mood", "sad", "ok"), ("mood", "1", "it's"), ("mood[]", "{1,ok,NULL}", "{it's,ok,NULL}")],
)
def test_removed_labels(contrib18: Server, type: str, value: str, becomes: str) -> None:
    """Rows with a removed label get the one that it becomes, in arrays too."""
    labels = {"sad": "ok", "1": "it's"}
    expr = using(declared(type), declared(type.replace("mood", "feeling")), COLUMN, casts(18), labels)
    assert expr is not None
    types = "CREATE TYPE mood AS ENUM ('sad', 'ok', '1'); CREATE TYPE feeling AS ENUM ('ok', 'it''s');"
    rows = f"CREATE TABLE t (c {type}); INSERT INTO t VALUES (NULL), ('{value}');"
    alter = f"ALTER TABLE t ALTER c TYPE {type.replace('mood', 'feeling')} USING {render(expr)}"

    async def kept(session: AsyncpgExecutor) -> list[str | None]:
        return [row[0] for row in await session.fetch("SELECT c::text FROM public.t")]

    assert on_database(contrib18, types + rows + alter, kept) == [None, becomes]


VECTORS = (
    "vector",
    "vector(3)",
    "halfvec",
    "sparsevec",
    "real[]",
    "integer[]",
    "numeric[]",
    "text",
    "integer",
)


def test_vectors(test_server: Server) -> None:
    """What pgvector brings is known as well: what needs no USING, and a way for everything."""

    async def tries() -> set[tuple[str, str]]:
        setup = SETUP[SETUP.index("    -- Tries") :]
        async with scratch(test_server, purpose="test") as url, open_(url, settings=SETTINGS) as session:
            await session.execute(f"CREATE EXTENSION vector; {setup}")
            plain = await tried(session, {(a, b): b for a in VECTORS for b in VECTORS if a != b})
            rest = {pair: f"{pair[1]} USING {expression(*pair, 18)}" for pair in plain if not plain[pair][0]}
            assert all(works for works, _ in (await tried(session, rest)).values())
            return {pair for pair, (works, _) in plain.items() if works}

    ours = casts(18)
    types = {name: declared(name) for name in VECTORS}
    assigned = {
        (a, b)
        for a in VECTORS
        for b in VECTORS
        if a != b and ours.direct(types[a], types[b]) is Conversion.ASSIGNMENT
    }
    assert asyncio.run(tries()) == assigned
