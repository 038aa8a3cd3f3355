"""The gate: reads both sides of a drift and compares them.

A database against what is believed of it; what a folder's SQL makes against the folder's last snapshot.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from functools import cache

from attrs import frozen

from pgkit.diag import Diagnostic, fail
from pgkit.frontends.drizzle import lower, read
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, index, map_members
from pgkit.jobs.config import DriftConfig
from pgkit.jobs.drift import Difference, DriftOptions, Ignore, drift, without_given
from pgkit.jobs.replay import prepared, replay
from pgkit.jobs.replay_prelude import preludes
from pgkit.jobs.sources import SCHEMES, Options, load, parse, replay_options, usable
from pgkit.runtime.embedded import Server, server


@frozen
class Verdict:
    """What differs, and what was odd about either side."""

    differences: tuple[Difference, ...]
    findings: tuple[Diagnostic, ...] = ()


async def against_database(expected: str, db: str, options: Options, config: DriftConfig) -> Verdict:
    """How the database at the URL `db` differs from the source `expected`."""
    if not db.startswith(SCHEMES):
        raise fail("usage", "expected a postgresql:// URL as --db", exit_code=2)
    believed = await load(expected, options)
    live = await load(db, options)
    comparing = _drift_options(options, config, comments=parse(expected).kind != "drizzle")
    with ExitStack() as stack:

        @cache
        def there() -> Server:
            return stack.enter_context(server(options.server))

        sides = believed.catalog, live.catalog
        if options.replay.prelude:
            sides = _without_preludes(*sides, await prepared(there(), replay_options(options)))
        absent = believed.skipped - index(sides[0]).keys()
        found = await drift(sides[0], without(sides[1], absent), there, comparing)
    kept = _proven(found.differences, believed.skipped, absent)
    return Verdict(kept, (*believed.findings, *live.findings, *found.findings))


async def against_replay(folder: str, options: Options, config: DriftConfig) -> Verdict:
    """How what a Drizzle folder's SQL makes differs from its last snapshot."""
    source = parse(folder)
    if source.kind != "drizzle":
        help = "give the folder by itself, or DIR@tag"
        raise fail("usage", "expected a Drizzle folder for --replay", help=help, exit_code=2)
    there_is = read(source.path, source.tag)
    believed = usable(lower(there_is))
    with server(options.server) as there:
        made = await replay(there_is, there, options=replay_options(options))
        expected, actual = without_given(made.catalog, made.given, believed.catalog)
        absent = made.left_out - index(actual).keys()
        comparing = _drift_options(options, config, comments=False)
        found = await drift(without(expected, absent), actual, lambda: there, comparing)
    kept = _proven(found.differences, made.left_out, absent)
    return Verdict(kept, (*believed.findings, *made.findings, *found.findings))


def _without_preludes(expected: Catalog, actual: Catalog, given: Catalog) -> tuple[Catalog, Catalog]:
    """Both without what a prelude makes, unless that is expected of the database all the same."""
    return without_given(actual, without(given, frozenset(index(expected))), expected)


def _drift_options(options: Options, config: DriftConfig, *, comments: bool) -> DriftOptions:
    """`comments`: whether they are compared; a Drizzle folder cannot hold any."""
    ignored = (Ignore(i.kind, i.schema, i.name, i.class_) for i in config.ignore)
    prepared = preludes(options.replay.prelude, options.base)
    return DriftOptions(
        strict_names=config.names == "strict",
        comments=comments,
        ignore=tuple(ignored),
        prelude=tuple(prelude.without_roles for prelude in prepared),
    )


def _proven(
    found: Iterable[Difference], left_out: frozenset[Ref], absent: frozenset[Ref]
) -> tuple[Difference, ...]:
    """The differences in what was not left out for want of an extension: its absence proves nothing."""
    return tuple(d for d in found if d.ref.owner not in absent and not any(_same(d.ref, s) for s in left_out))


def _same(ref: Ref, touched: Ref) -> bool:
    """A constraint's kind, and the table of an index, are not always told by the text that names them."""
    if touched.kind == "constraint":
        return (ref.schema, ref.name, ref.member) == (touched.schema, touched.name, touched.member)
    if touched.kind == "index" and not touched.member:
        return (ref.kind, ref.schema, ref.member) == ("index", touched.schema, touched.name)
    return ref == touched


def without(catalog: Catalog, refs: frozenset[Ref]) -> Catalog:
    """The catalog without these objects."""

    def kept(ref: Ref, obj: Declared) -> Declared | None:
        return None if ref in refs else map_members(obj, kept, ref)

    return map_members(catalog, kept) if refs else catalog
