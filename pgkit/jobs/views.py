"""The columns of views whose source does not name them, asked of Postgres."""

from typing import Any

import attrs

from pgkit.diag import Diagnostic, Severity
from pgkit.ir.catalog import Catalog
from pgkit.ir.kinds import Extension
from pgkit.ir.names import Ref
from pgkit.ir.relations import MaterializedView, View
from pgkit.ir.walk import index, map_members, ref_of, scalars_in
from pgkit.jobs.replay_prelude import preludes
from pgkit.jobs.settle import Surroundings, round_trip
from pgkit.jobs.sources import Options
from pgkit.jobs.unsettled import Failure
from pgkit.passes.normalize import normalize
from pgkit.runtime.embedded import server


async def with_columns(catalog: Catalog, options: Options) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    """The catalog with columns in every view; a view that no server can make is left out, with a finding.

    A Drizzle folder of v1 and the schema language say what a view selects, not what comes out. Only views
    without columns cost a scratch database.
    """
    views: tuple[View | MaterializedView, ...] = (*catalog.views, *catalog.materialized_views)
    wanted = frozenset(ref_of(view) for view in views if not view.columns)
    with server(options.server) as there:
        trip = await round_trip(normalize(catalog), wanted, there, _surroundings(catalog, options))
    found = index(trip.made)

    def answered(ref: Ref, obj: Any) -> Any:
        if ref not in wanted:
            return obj
        return attrs.evolve(obj, columns=found[ref].columns) if ref in found else None  # type: ignore[union-attr]

    return map_members(catalog, answered), tuple(_left_out(f) for f in trip.failures if f.ref in wanted)


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
