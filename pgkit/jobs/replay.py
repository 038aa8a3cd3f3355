"""replay: scratch database -> prelude -> the journal's SQL, as Drizzle's migrator runs it -> read back."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from attrs import evolve, frozen

from pgkit.diag import Diagnostic, Span
from pgkit.frontends import Lowered
from pgkit.frontends.drizzle import Folder
from pgkit.frontends.live import read_catalog
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.jobs.replay_errors import Circumstances
from pgkit.jobs.replay_prelude import Prelude
from pgkit.jobs.replay_run import Run, Skipped
from pgkit.jobs.replay_script import Chunk, chunks_of, script
from pgkit.jobs.replay_shared import Keeper, about_roles
from pgkit.runtime.connect import USER_PATH, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.roles import roles_guard
from pgkit.runtime.scratch import scratch
from pgkit.runtime.session import AsyncpgExecutor

# What is missing is told from the message; only a superuser may ask for it in English.
_ENGLISH: Final = (
    "DO $$ BEGIN SET lc_messages TO 'C'; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$"
)


@frozen(kw_only=True)
class ReplayOptions:
    """What a replay needs first, what it does without, and where its SQL finds unqualified names."""

    prelude: tuple[Prelude, ...] = ()
    without_extensions: frozenset[str] = frozenset()
    search_path: str = USER_PATH

    @property
    def path(self) -> str:
        """The search path, with the schemas that the preludes put at its end."""
        return ", ".join((self.search_path, *(schema for prelude in self.prelude for schema in prelude.path)))


@frozen(kw_only=True)
class Replayed:
    """What a folder's SQL really makes.

    `catalog` is all that is in the database; `given` is what was there before the first file ran: what the
    preludes made and, on a server of the user's, its roles. An object of `given` that `catalog` holds
    unchanged is no part of the result; one that differs was changed by the SQL.
    """

    catalog: Catalog
    given: Catalog
    url: str  # of the scratch database, which is there as long as `replaying` is open
    skipped: tuple[Skipped, ...] = ()
    findings: tuple[Diagnostic, ...] = ()

    @property
    def left_out(self) -> frozenset[Ref]:
        """What is not there for want of an extension."""
        return frozenset(ref for skip in self.skipped for ref in skip.touches)


async def replay(folder: Folder, server: Server, *, options: ReplayOptions = ReplayOptions()) -> Replayed:
    """Replays a folder, up to its tag if it has one, on a scratch database that is dropped again."""
    async with replaying(folder, server, options=options) as replayed:
        return replayed


@asynccontextmanager
async def replaying(
    folder: Folder, server: Server, *, options: ReplayOptions = ReplayOptions()
) -> AsyncIterator[Replayed]:
    """`replay` as a context: the scratch database is there until its end."""
    job = job_of(map(script, folder.until), server, options)
    async with database(job) as url:
        given = await prepare(job, url)
        run = await _run(job, url)
        yield await what_is_made(job, url, given, run)


async def prepared(server: Server, options: ReplayOptions) -> Catalog:
    """What the preludes make by themselves."""
    job = job_of((), server, options)
    async with database(job) as url:
        return await prepare(job, url)


@frozen
class Job:
    """A replay, its SQL split and found fit to be sent."""

    server: Server
    options: ReplayOptions
    first: tuple[Chunk, ...]
    files: tuple[tuple[Chunk, ...], ...]
    text: str

    @property
    def alone(self) -> bool:
        """Whether roles are involved, which all replays on a server share."""
        return self.server.owned and about_roles(self.text)

    @property
    def preludes(self) -> tuple[str, ...]:
        """The names of what runs first."""
        return tuple(prelude.name for prelude in self.options.prelude)

    @property
    def last(self) -> Span | None:
        """The last statement of all."""
        return next((file[-1].place.span for file in reversed(self.files) if file), None)


@asynccontextmanager
async def database(job: Job) -> AsyncIterator[str]:
    """A scratch database, on a server that is free of roles of others where the SQL is about roles."""
    async with AsyncExitStack() as stack:
        if job.alone:
            await stack.enter_async_context(roles_guard(job.server))
        yield await stack.enter_async_context(scratch(job.server, purpose="replay"))


def job_of(files: Iterable[tuple[Chunk, ...]], server: Server, options: ReplayOptions) -> Job:
    """The job of running these files on a server."""
    files = tuple(files)
    first = tuple(chunk for prelude in options.prelude for chunk in chunks_of(prelude.source))
    text = "\n".join(chunk.whole.text for file in (first, *files) for chunk in file)
    return Job(server, options, first, files, text)


async def prepare(job: Job, url: str) -> Catalog:
    """Runs the preludes, and gives what is in the database then."""
    if job.server.owned and not job.first:
        return Catalog()
    async with _session(job, url) as (session, keeper):
        run = Run(session, job.text, keeper=keeper)
        await session.execute("BEGIN")
        await _run_all(run, job.first)
        await run.commit(job.first[-1].place.span if job.first else None)
    return (await _read(job, url)).catalog


async def _run(job: Job, url: str) -> Run:
    commented = bool(job.files) and not job.files[0]
    async with running_on(job, url, Circumstances(job.preludes, commented)) as run:
        await run.session.execute("BEGIN")
        await _run_all(run, (chunk for file in job.files for chunk in file))
        await run.commit(job.last)
    return run


@asynccontextmanager
async def running_on(job: Job, url: str, around: Circumstances) -> AsyncIterator[Run]:
    """A run of the job's own SQL in a session on its database."""
    async with _session(job, url) as (session, keeper):
        run = Run(session, job.text, job.options.without_extensions, around, keeper)
        if run.without:
            await session.execute(_ENGLISH)
        yield run


async def what_is_made(job: Job, url: str, given: Catalog, run: Run) -> Replayed:
    """The database after a run."""
    lowered = await _read(job, url)
    # A role that was there although the SQL makes it is part of what the SQL makes.
    before = tuple(role for role in given.roles if role.name not in run.roles)
    return Replayed(
        catalog=lowered.catalog,
        given=evolve(given, roles=before),
        url=url,
        skipped=tuple(run.skipped),
        findings=(*(skip.finding for skip in run.skipped), *lowered.diagnostics),
    )


async def _run_all(run: Run, chunks: Iterable[Chunk]) -> None:
    for chunk in chunks:
        await run.chunk(chunk)


@asynccontextmanager
async def _session(job: Job, url: str) -> AsyncIterator[tuple[AsyncpgExecutor, Keeper | None]]:
    settings = {**running(job.options.path), "client_min_messages": "warning"}
    async with open_(url, settings=settings) as session:
        if job.server.owned:
            yield session, None
        else:
            yield session, await Keeper.start(session)


async def _read(job: Job, url: str) -> Lowered:
    async with open_(url) as session:
        lowered = await read_catalog(session)
    if job.alone or not job.server.owned:
        return lowered
    # Roles that are there though this SQL makes none are those of another replay on the same server.
    return evolve(lowered, catalog=evolve(lowered.catalog, roles=()))
