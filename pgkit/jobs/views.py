"""The columns of views whose source does not name them, asked of Postgres."""

from typing import Any

import attrs

from pgkit.diag import Diagnostic, PgkitError, Severity
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Extension
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, MaterializedView, View
from pgkit.ir.walk import index, map_members, scalars_in
from pgkit.jobs.replay_prelude import preludes
from pgkit.jobs.settle import Surroundings, round_trip
from pgkit.jobs.sources import Options
from pgkit.jobs.unsettled import Failure
from pgkit.passes.normalize import normalize
from pgkit.runtime.embedded import Server, server


async def with_columns(
    catalog: Catalog, wanted: frozenset[Ref], options: Options
) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    """The catalog with columns in the wanted views; one that no server can make is left out, with a finding.

    A Drizzle folder and the schema language say what a view selects, and not all of what comes out. Only
    views without columns cost a scratch database.
    """
    with _server(options.server, wanted) as there:
        found, failures = await asked(normalize(catalog), wanted, there, _surroundings(catalog, options))
    left = map_members(catalog, lambda ref, obj: obj if ref not in wanted else _answered(obj, found.get(ref)))
    return left, tuple(_left_out(f) for f in failures if f.ref in wanted)


def _server(choice: str | None, wanted: frozenset[Ref]) -> Server:
    """The server to ask. Without one nothing is generated: files of views would go, or lack columns."""
    try:
        return server(choice)
    except PgkitError as error:
        raise PgkitError((*error.diagnostics, _unknown(wanted)), error.exit_code) from None


def _unknown(wanted: frozenset[Ref]) -> Diagnostic:
    views = sorted(map(str, wanted))
    rest = len(views) - 1
    more = f" and {rest} more view{'s' * (rest > 1)}" if rest else ""
    return Diagnostic(
        "view-without-columns",
        f"the source does not say all columns of {views[0]}{more}, and there is no server to ask",
        help="give one with --server, or leave the views out: name them under `exclude` in pgkit.toml",
    )


async def asked(
    catalog: Catalog, wanted: frozenset[Ref], server: Server, around: Surroundings
) -> tuple[dict[Ref, tuple[Column, ...]], tuple[Failure, ...]]:
    """The columns that the wanted views have on a server; those that it cannot make are not there."""
    trip = await round_trip(catalog, wanted, server, around)
    made = index(trip.made)
    found = {
        ref: view.columns for ref in wanted if isinstance(view := made.get(ref), View | MaterializedView)
    }
    return found, tuple(trip.failures)


def _answered(view: Any, columns: tuple[Column, ...] | None) -> Any:
    return None if columns is None else attrs.evolve(view, columns=columns)


def _surroundings(catalog: Catalog, options: Options) -> Surroundings:
    """The extensions that the catalog declares or uses, and what a replay would need first."""
    declared = {e.name: e for e in catalog.extensions}
    used = {s.row.extension: Extension(name=s.row.extension) for s in scalars_in(catalog) if s.row.extension}
    prepared = preludes(options.replay.prelude, options.base)
    return Surroundings(
        tuple({**used, **declared}.values()), prelude=tuple(prelude.without_roles for prelude in prepared)
    )


def _left_out(failure: Failure) -> Diagnostic:
    ref = failure.ref
    return Diagnostic(
        "view-without-columns",
        f"nothing is generated for {ref.kind.replace('_', ' ')} {ref}: {failure.error.message}",
        where=str(ref),
        help="give a server that can make it with --server, or what it needs as `prelude` under [replay]",
        severity=Severity.WARNING,
    )
