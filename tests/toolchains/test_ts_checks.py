"""Checks as Postgres and the generated schemas see them: over many values, both say the same of each."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final

import asyncpg
import pytest

from pgkit.backends.model import model
from pgkit.backends.options import ModelOptions
from pgkit.backends.zod import Zod
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.backends.checked_values import CHECKS, LEFT_OUT, LOOSER, values
from tests.toolchains import run_typescript
from tests.toolchains.typescript_folders import write

COUNT: Final = 1000 if os.environ.get("PGKIT_PROOF") else 120
SCHEMA: Final = "".join(
    f"CREATE DOMAIN d{i} AS {type} CHECK ({check});\n"
    f"CREATE TABLE u{i} (c d{i});\n"
    f"CREATE TABLE t{i} (c {type} CHECK ({check.replace('VALUE', 'c')}));\n"
    for i, (type, check) in enumerate((*CHECKS, *LEFT_OUT))
)
# What each says of a value: true, false for a check that it does not pass, NULL for no value of the type.
VERDICTS: Final = """
CREATE FUNCTION verdict(statement text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RAISE EXCEPTION 'undone' USING ERRCODE = 'P0001';
EXCEPTION
    WHEN SQLSTATE 'P0001' THEN RETURN true;
    WHEN check_violation THEN RETURN false;
    WHEN OTHERS THEN RETURN NULL;
END $$;
"""
ASK: Final = """
SELECT verdict(format('INSERT INTO u{0} VALUES (%L)', v)), verdict(format('INSERT INTO t{0} VALUES (%L)', v))
FROM unnest($1::text[]) WITH ORDINALITY AS u (v, n) ORDER BY n
"""
RUN: Final = """\
import * as schemas from "./zod/index.js";
import { readFileSync } from "node:fs";
import type { ZodType } from "zod";

const found = schemas as unknown as Record<string, ZodType>;
const values = JSON.parse(readFileSync(0, "utf8")) as unknown[][];
const answers = values.map((some, i) =>
  some.map((c) => [
    found[`u${i}InsertSchema`]!.safeParse({ c }).success,
    found[`t${i}InsertSchema`]!.safeParse({ c }).success,
    found[`t${i}UpdateSchema`]!.safeParse({ c }).success,
    found[`u${i}SelectSchema`]!.safeParse({ c }).success,
    found[`t${i}SelectSchema`]!.safeParse({ c }).success,
  ]),
);
console.log(JSON.stringify(answers));
"""
Verdicts = Sequence[Sequence[tuple[bool | None, ...]]]


async def asked(server: Server, texts: Sequence[Sequence[str]]) -> tuple[Catalog, Verdicts]:
    """The catalog as it is read back, and what Postgres says of every value."""
    async with scratch(server) as url:
        connection = await asyncpg.connect(url)
        await connection.execute(SCHEMA + VERDICTS)
        found = [
            [tuple(row) for row in await connection.fetch(ASK.format(i), t)] for i, t in enumerate(texts)
        ]
        await connection.execute("DROP FUNCTION verdict")
        await connection.close()
        async with open_(url) as session:
            return (await read_catalog(session)).catalog, found


@pytest.fixture(scope="module")
def made() -> Sequence[Sequence[tuple[str, Any]]]:
    """Values for each check, as SQL and as JSON have them."""
    return [values(Random(i), type, check, COUNT) for i, (type, check) in enumerate((*CHECKS, *LEFT_OUT))]


@pytest.fixture(scope="module")
def said(
    test_server: Server, tmp_path_factory: pytest.TempPathFactory, made: Sequence[Sequence[tuple[str, Any]]]
) -> tuple[Catalog, Verdicts, Verdicts]:
    """What Postgres says of each value, and what the schemas do."""
    catalog, verdicts = asyncio.run(asked(test_server, [[text for text, _ in some] for some in made]))
    folder = tmp_path_factory.mktemp("checks")
    write(folder / "zod", Zod().emit(catalog))
    (folder / "run.ts").write_text(RUN)
    done = run_typescript(folder / "run.ts", stdin=json.dumps([[v for _, v in some] for some in made]))
    return catalog, verdicts, json.loads(done.check())


def test_same(said: tuple[Catalog, Verdicts, Verdicts], made: Sequence[Sequence[tuple[str, Any]]]) -> None:
    """A schema refuses what Postgres does: never more, and only where a check is looser on purpose, less."""
    _, verdicts, answers = said
    wrong = [
        (check, value, accepts, schema)
        for i, check in enumerate(CHECKS)
        for (_, value), of_postgres, of_zod in zip(made[i], verdicts[i], answers[i], strict=True)
        for accepts, schema in zip((*of_postgres, of_postgres[1]), of_zod, strict=False)
        if accepts is not None and accepts != schema and not (schema and check in LOOSER)
    ]
    assert wrong == []


def test_select(said: tuple[Catalog, Verdicts, Verdicts], made: Sequence[Sequence[tuple[str, Any]]]) -> None:
    """What is selected is held to no check: rows may be older than it is."""
    _, verdicts, answers = said
    for i, check in enumerate((*CHECKS, *LEFT_OUT)):
        for (_, value), of_postgres, of_zod in zip(made[i], verdicts[i], answers[i], strict=True):
            assert of_postgres[1] is None or all(of_zod[3:]), (check, value)


def test_left_out(said: tuple[Catalog, Verdicts, Verdicts]) -> None:
    """What could mean something else in JavaScript asks nothing."""
    shown = model(said[0], ModelOptions(checks=True))
    asked = {d.ref.name: d.checks for d in shown.domains} | {
        row.ref.name: row.fields[0].checks for row in shown.rows if row.ref.name.startswith("t")
    }
    first = len(CHECKS)
    assert [c for i, c in enumerate(CHECKS) if not (asked[f"d{i}"] and asked[f"t{i}"])] == []
    assert [c for i, c in enumerate(LEFT_OUT, first) if asked[f"d{i}"] or asked[f"t{i}"]] == []


def test_each_is_told_apart(said: tuple[Catalog, Verdicts, Verdicts]) -> None:
    """Of the values of each check, Postgres accepts some and refuses some: the test above compares both."""
    found: Mapping[int, set[bool | None]] = {
        i: {verdict for both in said[1][i] for verdict in both} for i in range(len(CHECKS))
    }
    assert [CHECKS[i] for i, verdicts in found.items() if not {True, False} <= verdicts] == []
