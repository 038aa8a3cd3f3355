"""No call of the generated tenant layer reads or changes a row of another tenant, whatever it is given."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

import asyncpg
import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server, local_server
from pgkit.runtime.scratch import scratch
from tests.toolchains import Crate, Run, contrib_server, crate, run
from tests.toolchains.cargo import cargo, environment

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "tenants"
BUILD = HERE.parents[1] / "build" / "toolchains"
SEQUENCES = 10_000 if os.environ.get("PGKIT_PROOF") else 150
FEATURE = "pgkit_drift"
SECRET = Ref("table", "public", "setting").of("column", "secret")


@contextmanager
def server_with_contrib(major: Literal[15, 18]) -> Iterator[Server]:
    """A server that has citext."""
    with local_server(contrib_server(major)) as server:
        yield server


async def made(url: str) -> Catalog:
    """The tables in a new database, read back."""
    connection = await asyncpg.connect(url)
    await connection.execute((SOURCES / "schema.sql").read_text())
    await connection.close()
    async with open_(url) as session:
        return (await read_catalog(session)).catalog


def tenants(catalog: Catalog) -> dict[Ref, str]:
    """The column org_id of each table and view that has one; an organization is its own tenant's only one."""
    relations = (*catalog.tables, *catalog.views)
    found = [r for r in relations if any(c.name == "org_id" for c in r.columns)]
    return {Ref(r.kind, r.schema, r.name): "org_id" for r in found}


def modules(catalog: Catalog) -> dict[str, str]:
    """The generated modules, in src/db."""
    options = ModelOptions(tenants=tenants(catalog), write_only=frozenset((SECRET,)))
    files = Rust(options=options, drift=FEATURE).emit(catalog)
    return {f"src/db/{path}": text for path, text in files.items()}


def program(catalog: Catalog) -> dict[str, str]:
    """The program that calls them all."""
    main = {f"src/{path.name}": path.read_text() for path in SOURCES.glob("*.rs")}
    return {**main, **modules(catalog)}


@pytest.mark.parametrize(("major", "sqlx", "edition"), [(18, "0.9", "2024"), (15, "0.8", "2021")])
def test_tenants(
    major: Literal[15, 18], sqlx: Literal["0.8", "0.9"], edition: Literal["2021", "2024"]
) -> None:
    """Random calls of two tenants do what a model says, by pool, connection and transaction, with policies too."""

    async def both(server: Server) -> None:
        async with scratch(server) as url:
            built = crate(BUILD / "tenants", sqlx, edition, program(await made(url)), [FEATURE])
            for seed, rls in ((1, 0), (2, 1)):
                env = {"DATABASE_URL": url, "SEED": str(seed), "RLS": str(rls), "SEQUENCES": str(SEQUENCES)}
                printed = await asyncio.to_thread(built.run, env=env)
                calls, _, refused, _ = printed.check().split()
                assert int(calls) > 5 * SEQUENCES
                assert int(refused) > SEQUENCES // 2
                await emptied(url)
            await check_drift(built, url)
            rustfmt(built, edition).check()
            built.check_tests().check()

    with server_with_contrib(major) as server:
        asyncio.run(both(server))


def rustfmt(built: Crate, edition: str) -> Run:
    """Asks rustfmt whether it would print the generated modules just as they are."""
    program = Path(cargo()).with_name("rustfmt")
    return run([program, "--check", "--edition", edition, "src/db/mod.rs"], built.directory)


def test_escapes() -> None:
    """Nobody else can make a table, and no method takes SQL, a column, a condition or the wrong id."""
    for name in ("names", "types"):
        source = (SOURCES / "escapes" / f"{name}.rs").read_text()
        built = crate(BUILD / "escapes", "0.9", "2024", {"src/main.rs": source, **described()}, [FEATURE])
        said = built.check().stderr
        errors = re.findall(r"^error\[(E\d+)\].*\n *--> src/main.rs:(\d+)", said, re.MULTILINE)
        assert {(int(line), code) for code, line in errors} == {*refused(source)}, said


def refused(source: str) -> Iterator[tuple[int, str]]:
    """The lines of a program that say with which errors they are refused."""
    for number, line in enumerate(source.splitlines(), 1):
        for code in line.partition(" //~ ")[2].split():
            yield number, code


def test_documentation() -> None:
    """rustdoc has nothing to warn of, and finds no test to run."""
    sources = {"src/lib.rs": "pub mod db;\n", "src/main.rs": "fn main() {}\n", **described()}
    built = crate(BUILD / "tenants-documented", "0.9", "2024", sources, [FEATURE])
    env = environment(built.directory) | {"RUSTDOCFLAGS": "-D warnings"}
    run([cargo(), "doc", "--quiet", "--no-deps", "--lib", "--offline"], built.directory, env).check()
    assert "running 0 tests" in run([cargo(), "test", "--doc", "--offline"], built.directory, env).check()


@cache
def described() -> dict[str, str]:
    """The generated modules of the schema."""

    async def read(server: Server) -> Catalog:
        async with scratch(server) as url:
            return await made(url)

    with server_with_contrib(18) as server:
        return modules(asyncio.run(read(server)))


LEAKS = (
    *(f"pub const {n}:" for n in ("FIND", "FIND_MANY", "LIST", "LIST_AFTER", "COUNT", "LOCK", "DELETE")),
    *("pub const FIND_BY_SLUG:", "one:", "same:", "to.guard("),
)
"""Where in a table's module a tenant is asked for."""


@pytest.mark.skipif(not os.environ.get("PGKIT_PROOF"), reason="one program for each leak: make proof")
def test_leaks_are_seen() -> None:
    """A statement that forgets the tenant, or a guard, does not pass the program that all the others pass."""

    async def leaking(server: Server, place: str) -> Run:
        async with scratch(server) as url:
            sources = program(await made(url))
            sources["src/db/document.rs"] = leaky(sources["src/db/document.rs"], place)
            built = crate(BUILD / "tenants-leaking", "0.9", "2024", sources, [FEATURE])
            env = {"DATABASE_URL": url, "SEED": "1", "RLS": "0", "SEQUENCES": "500"}
            built.build().check()
            return await asyncio.to_thread(built.run, env=env)

    with server_with_contrib(18) as server:
        seen = {place: asyncio.run(leaking(server, place)) for place in LEAKS}
    assert [place for place, ran in seen.items() if "panicked" not in ran.stderr] == []


def leaky(module: str, place: str) -> str:
    """A module whose lines that begin with `place` do not ask for the tenant."""
    asks = r"t.\"org_id\" = $1"
    lines = [
        (
            line.replace(asks, "$1::uuid IS NOT NULL")
            if asks in line
            else 'same: "",'
            if "same:" in line
            else ""
        )
        if line.strip().startswith(place)
        else line
        for line in module.splitlines()
    ]
    assert lines != module.splitlines()
    return "\n".join(lines) + "\n"


async def check_drift(built: Crate, url: str) -> None:
    """The generated drift test finds nothing in the database of the code, and all that is changed."""
    env = {"DATABASE_URL": url, "DRIFT": "1"}
    assert (await asyncio.to_thread(built.run, env=env)).check() == ""
    connection = await asyncpg.connect(url)
    await connection.execute((SOURCES / "drift.sql").read_text())
    await connection.close()
    lines = (await asyncio.to_thread(built.run, env=env)).check().splitlines()
    statements = [line for line in lines if line.startswith("public.")]
    assert {line.split(",")[0] for line in statements} == {"public.item"}
    assert sorted(set(lines) - set(statements)) == [
        '"public"."item": no column "qty"',
        '"public"."note", "text": expected text, found character varying(5)',
        '"public"."setting", "theme": cannot be NULL',
        '"public"."setting": a new column "extra"',
        '"public"."status": expected ["draft", "in-review", "2nd pass"], '
        'found ["draft", "in-review", "2nd pass", "done"]',
    ]


async def emptied(url: str) -> None:
    """Leaves the tables as a new program wants them."""
    connection = await asyncpg.connect(url)
    await connection.execute("TRUNCATE document, item, note, setting, label")
    await connection.close()
