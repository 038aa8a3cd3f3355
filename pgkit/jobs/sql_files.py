"""SQL files: scratch database -> prelude -> the files' statements, as psql runs them -> read back."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from attrs import evolve

from pgkit.diag import Source, fail
from pgkit.jobs.replay import (
    Job,
    Replayed,
    ReplayOptions,
    database,
    job_of,
    prepare,
    running_on,
    what_is_made,
)
from pgkit.jobs.replay_errors import Circumstances, Words
from pgkit.jobs.replay_run import Run
from pgkit.jobs.sql_reader import Reader
from pgkit.jobs.sql_script import scripts
from pgkit.runtime.connect import READING, open_, running
from pgkit.runtime.embedded import Server

SQL: Final = Words(
    code="sql-failed",
    in_transaction="take it out of BEGIN and COMMIT: every other statement is run by itself",
    new_label="put a COMMIT between ALTER TYPE ... ADD VALUE and the value's use",
    otherwise=None,
)


async def run_files(
    sources: Iterable[Source], server: Server, *, options: ReplayOptions = ReplayOptions()
) -> Replayed:
    """What SQL files make, run one after the other in one session on a scratch database."""
    async with running_files(sources, server, options=options) as made:
        return made


@asynccontextmanager
async def running_files(
    sources: Iterable[Source], server: Server, *, options: ReplayOptions = ReplayOptions()
) -> AsyncIterator[Replayed]:
    """`run_files` as a context: the scratch database is there until its end."""
    job = job_of(scripts(sources), server, options)
    async with database(job) as url:
        given = await prepare(job, url)
        async with running_on(job, url, Circumstances(job.preludes, words=SQL)) as run:
            reader = Reader(run)
            await _run_all(job, reader)
        made = await what_is_made(job, url, given, run)
        roles = tuple(role for role in made.catalog.roles if role.name not in reader.stand_ins)
        catalog = evolve(made.catalog, roles=roles)
        yield evolve(made, catalog=catalog, findings=(*reader.findings, *made.findings))


async def _run_all(job: Job, reader: Reader) -> None:
    for file in job.files:
        for chunk in file:
            await reader.chunk(chunk)
    await reader.run.catch_up()
    if reader.begun is not None:
        message = "the transaction that begins here is never committed"
        raise fail("open-transaction", message, span=reader.begun, help="end it with COMMIT")


async def run_sql(url: str, source: Source, *, search_path: str = "", words: Words = SQL) -> None:
    """Runs SQL of our own on a database, each statement by itself; an error has its place in the source."""
    settings = running(search_path) if search_path else READING
    async with open_(url, settings={**settings, "client_min_messages": "warning"}) as session:
        run = Run(session, source.text, around=Circumstances(words=words))
        for file in scripts((source,)):
            for chunk in file:
                await run.chunk(chunk)
        await run.catch_up()
