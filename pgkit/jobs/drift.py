"""Drift: how a database differs from what is expected of it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs
from attrs import frozen

from pgkit.diag import Diagnostic
from pgkit.ir.catalog import Catalog
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.kinds import Extension
from pgkit.ir.names import Ref
from pgkit.ir.plan import Plan
from pgkit.ir.walk import index, ref_of
from pgkit.jobs.differences import Class, Difference, differences
from pgkit.jobs.ignored import Ignore, unused
from pgkit.jobs.mend import Mended, mended
from pgkit.jobs.settle import Surroundings
from pgkit.jobs.sides import Names, Sides, settle_both
from pgkit.passes.comments import without_comments
from pgkit.passes.normalize import normalize
from pgkit.runtime.embedded import Server

__all__ = ["Class", "Difference", "Drift", "DriftOptions", "Ignore", "drift"]


@frozen(kw_only=True)
class DriftOptions:
    """How strictly to compare, and what to leave out."""

    names: Names = "implied"
    comments: bool = True  # False where the expected side cannot hold any, as a Drizzle folder
    ignore: tuple[Ignore, ...] = ()
    prelude: tuple[str, ...] = ()  # SQL that a scratch database needs before the objects
    counts: Callable[[Ref], bool] = lambda _: True  # what else is no difference


@frozen
class Drift:
    """The differences, in the order of kind, schema and name, and what could not be compared exactly.

    `unused` are the positions of what is ignored and matches nothing; `plan` makes the database what is
    expected of it, but for what is ignored.
    """

    differences: tuple[Difference, ...]
    findings: tuple[Diagnostic, ...] = ()
    unused: tuple[int, ...] = ()
    plan: Plan | None = None


async def drift(
    expected: Catalog, actual: Catalog, server: Callable[[], Server], options: DriftOptions
) -> Drift:
    """The differences between an expected catalog and one read from a database.

    What is equal as it stands is not asked about; the rest is settled on a scratch database of the server,
    which is asked for only then.
    """
    expected, actual = normalize(expected), _without_other_roles(normalize(actual), expected)
    comments = {} if options.comments else dict(_comments(actual))
    if not options.comments:
        expected, actual = without_comments(expected), without_comments(actual)
    both = Sides(expected, actual, options.names)
    findings = await settle_both(both, server, surroundings(actual.extensions, (actual,), options.prelude))
    found = (d for d in differences(both.changes) if options.counts(d.ref))
    all_ = tuple(sorted(found, key=lambda d: (d.kind, d.ref, d.field or "")))
    kept = tuple(d for d in all_ if not any(i.matches(d) for i in options.ignore))
    mends = mended(both.before, both.after, kept, options.names, comments) if kept else Mended(())
    return Drift(mends.differences, findings, unused(options.ignore, all_), mends.plan)


def _comments(catalog: Catalog) -> Iterator[tuple[Ref, str]]:
    for ref, obj in index(catalog).items():
        comment: str | None = getattr(obj, "comment", None)
        if comment is not None:
            yield ref, comment


def without_given(actual: Catalog, given: Catalog, expected: Catalog) -> tuple[Catalog, Catalog]:
    """`expected` and `actual` without what was in the database before the SQL of interest ran.

    What the SQL changed of it stays on both sides, so that only the change is a difference.
    """
    before = index(given)
    taken = index(expected)
    kept: dict[str, Any] = {}
    added: dict[str, Any] = {}
    for name in fields_marked(Catalog, Mark.MEMBERS):
        changed = [o for o in getattr(actual, name) if before.get(ref_of(o)) != o]
        kept[name] = tuple(changed)
        missing = (before.get(r) for o in changed if (r := ref_of(o)) not in taken)
        added[name] = (*getattr(expected, name), *(o for o in missing if o is not None))
    return attrs.evolve(expected, **added), attrs.evolve(actual, **kept)


def _without_other_roles(actual: Catalog, expected: Catalog) -> Catalog:
    """Roles belong to the server: those that nobody expects are no difference of this database."""
    wanted = {r.name for r in expected.roles}
    return attrs.evolve(actual, roles=tuple(r for r in actual.roles if r.name in wanted))


def surroundings(
    extensions: tuple[Extension, ...], catalogs: Iterable[Catalog], prelude: tuple[str, ...]
) -> Surroundings:
    """What a scratch database needs before parts of these catalogs can be made in it."""
    all_ = (u for catalog in catalogs for u in catalog.unmodelled)
    functions = dict.fromkeys(u.definition for u in all_ if u.kind in ("function", "procedure"))
    return Surroundings(extensions, tuple(f for f in functions if f), prelude)
