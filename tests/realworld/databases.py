"""Databases that stay for a test: what an application's SQL makes, and what its snapshot declares."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import asyncpg

from pgkit.jobs.replay_prelude import preludes
from pgkit.runtime.embedded import Server
from pgkit.runtime.roles import roles_guard
from pgkit.runtime.scratch import scratch
from tests.realworld.applications import AI_CHATBOT, ONLOOK, SIM, Application
from tests.toolchains import node

BREAK = "--> statement-breakpoint"
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/|;\s*$", re.DOTALL)
# What stands in the database before the first migration, and what is left out for want of an extension.
FIRST = {AI_CHATBOT: "", ONLOOK: preludes(["supabase"])[0].source.text, SIM: ""}
WITHOUT = ("EXTENSION IF NOT EXISTS btree_gin", "user_table_rows_tenant_data_gin_idx")
DECLARE = """
    import { readFileSync } from "node:fs";
    import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
    const snapshot = JSON.parse(readFileSync(%s, "utf8"));
    console.log(JSON.stringify(await generateMigration(generateDrizzleJson({}), snapshot)));
"""


@asynccontextmanager
async def database(
    application: Application, server: Server, sql: Iterable[str], *, bare: bool = False
) -> AsyncIterator[str]:
    """The URL of a database in which these ran, one by one, in one transaction as Drizzle has it.

    A bare one has nothing in it before.
    """
    first = "" if bare else FIRST[application]
    alone = roles_guard(server) if first else nullcontext()
    async with alone, scratch(server, purpose="realworld") as url:
        connection = await asyncpg.connect(url)
        await connection.execute("SET client_min_messages = error")
        if first:
            await connection.execute(first)
        await connection.execute("BEGIN")
        for statement in sql:
            if not any(needs in statement for needs in WITHOUT):
                await connection.execute(statement)
        await connection.execute("COMMIT")
        await connection.close()
        yield url


def migrations(application: Application) -> list[str]:
    """The chunks of all its migrations, in the order of the journal."""
    journal = json.loads((application.folder / "meta" / "_journal.json").read_text())
    texts = [(application.folder / f"{entry['tag']}.sql").read_text() for entry in journal["entries"]]
    chunks = [chunk for text in texts for chunk in text.split(BREAK)]
    return [chunk for chunk in chunks if COMMENT.sub("", chunk).strip()]  # asyncpg cannot send nothing


def declared(application: Application, home: Path) -> list[str]:
    """The SQL by which drizzle-kit would make all of the last snapshot at once."""
    last = max((application.folder / "meta").glob("*_snapshot.json"))
    statements: list[str] = json.loads(node(DECLARE % json.dumps(str(last)), home).check())
    return statements
