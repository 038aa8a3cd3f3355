"""What `import pgkit` offers beside values: reading, printing and writing in one call each."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, TypeVar

from pgkit.backends import Backend, Files
from pgkit.diag import PgkitError, fail
from pgkit.executor import Executor
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Change
from pgkit.ir.hints import Hints
from pgkit.ir.plan import Plan
from pgkit.passes.diff import diff as _diff
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import plan as _plan
from pgkit.passes.renames import check_hints

T = TypeVar("T")
Pass = Callable[[Catalog], Catalog]
"""A catalog in, a catalog out; pure: a function, or a frozen value that is called, its fields its options."""


def read(source: str, *, server: str | None = None) -> Catalog:
    """The catalog of a source, as on the command line: a URL, a Drizzle folder, SQL files, a snapshot.

    `server` is for scratch databases, as `--server`. Raises PgkitError for what cannot be read. Inside of an
    event loop, use `read_async`.

        catalog = pgkit.read("drizzle")
    """
    return _run(read_async(source, server=server))


async def read_async(source: str, *, server: str | None = None) -> Catalog:
    """`read` for a program that runs an event loop."""
    from pgkit.jobs.sources import Options, load

    return (await load(source, Options(server=server))).catalog


async def read_with(executor: Executor) -> Catalog:
    """The catalog of the database that an executor of your own is connected to, no transaction open on it.

    Raises PgkitError for what cannot be read; errors of the client are its own.
    """
    from pgkit.frontends.live import read_catalog
    from pgkit.jobs.sources import usable

    return usable(await read_catalog(executor)).catalog


def pipeline(catalog: Catalog, *passes: Pass) -> Catalog:
    """The catalog after one pass after the other.

    pgkit.pipeline(catalog, pgkit.normalize, without_legacy_tables)
    """
    for step in passes:
        catalog = step(catalog)
    return catalog


def diff(before: Catalog, after: Catalog, hints: Hints = Hints()) -> tuple[Change, ...]:
    """The changes from one catalog to another, both normalized first; renames as the hints say.

    Raises PgkitError for hints that name nothing, or what is there already.
    """
    return _diff(*_checked(before, after, hints))


def plan(before: Catalog, after: Catalog, hints: Hints = Hints(), *, postgres: int = 18) -> Plan:
    """The steps from one catalog to another on a server of that major version, in an order that works.

    Each step is a change with its hazards, and says whether rows may be in its way. Raises PgkitError for
    hints that name nothing, and for changes that need each other in a circle.

        print(pgkit.plan_sql(pgkit.plan(before, after)))
    """
    return _plan(*_checked(before, after, hints), postgres)


def plan_sql(plan: Plan) -> str:
    """A plan as SQL: guards first, hazards as comments, `-- commit` where one must be."""
    from pgkit.backends.ddl.script import script

    return script(plan)


def _checked(before: Catalog, after: Catalog, hints: Hints) -> tuple[Catalog, Catalog, Hints]:
    before, after = normalize(before), normalize(after)
    if problems := check_hints(before, after, hints):
        raise PgkitError(problems)
    return before, after, hints


def create_sql(catalog: Catalog) -> str:
    """The SQL that makes a catalog in an empty database, in an order that works."""
    from pgkit.jobs.ddl import create_sql as made

    return made(catalog)


def emit(backend: Backend, catalog: Catalog) -> Files:
    """What a backend prints for a catalog: text by path. Raises PgkitError for names that it cannot hold."""
    return backend.emit(catalog)


def write(backend: Backend, catalog: Catalog, directory: str | Path) -> tuple[Path, ...]:
    """Writes what a backend prints into a folder, and gives the paths of the files that have changed.

    What is as it should be is not touched; files of dropped tables go, if they carry our mark; a file
    without the mark is never overwritten, which raises PgkitError before anything is written.
    """
    from pgkit.jobs.write import Output, compare
    from pgkit.jobs.write import write as put

    pending = compare([Output(backend.name, Path(directory), backend.emit(catalog))])
    put(pending)
    return tuple(change.path for part in pending for change in part.changes)


def backend(name: str, **options: Any) -> Backend:
    """A backend by its name, ours or one that a package offers under the entry point `pgkit.backends`.

    pgkit.backend("typescript", import_extension=".ts")
    """
    from pgkit.jobs.targets import make

    return make(name, options)


def passes_named(passes: Iterable[Pass]) -> dict[str, Pass]:
    """Passes by name: a function's own, or a value's `name`."""
    return {str(getattr(p, "name", None) or getattr(p, "__name__", type(p).__name__)): p for p in passes}


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    work.close()
    raise fail("running-loop", "pgkit.read was called inside of an event loop", help="await pgkit.read_async")
