"""The gate: reads both sides of a drift and compares them.

A database against what is believed of it; what a folder's SQL makes against the folder's last snapshot.
"""

from contextlib import ExitStack
from functools import cache

import attrs
from attrs import frozen

from pgkit.diag import Diagnostic, fail
from pgkit.frontends.drizzle import lower, read
from pgkit.ir.catalog import Catalog
from pgkit.ir.names import Ref
from pgkit.ir.walk import Declared, index, map_members, refs_in
from pgkit.jobs.config import Config, DriftConfig
from pgkit.jobs.differences import Difference
from pgkit.jobs.drift import Drift, DriftOptions, Ignore, drift, without_given
from pgkit.jobs.ignored import told
from pgkit.jobs.ledgers import without_ledgers
from pgkit.jobs.replay import prepared, replay
from pgkit.jobs.replay_prelude import preludes
from pgkit.jobs.sources import Options, load, parse, replay_options, usable
from pgkit.runtime.embedded import Server, server
from pgkit.runtime.url import is_connection


@frozen
class Verdict:
    """What differs, and what was odd about either side."""

    differences: tuple[Difference, ...]
    findings: tuple[Diagnostic, ...] = ()


async def against_database(expected: str, db: str, options: Options, settings: Config) -> Verdict:
    """How the database at the URL `db` differs from the source `expected`."""
    if not is_connection(db):
        raise fail("usage", "expected a postgresql:// URL as --db", exit_code=2)
    believed = await load(expected, options)
    live = await load(db, options)
    with ExitStack() as stack:

        @cache
        def there() -> Server:
            return stack.enter_context(server(options.server))

        sides = _comparable(expected, believed.catalog), live.catalog
        if options.replay.prelude:
            sides = _without_preludes(*sides, await prepared(there(), replay_options(options)))
        wanted, actual = without_ledgers(sides[0], settings.migrate), sides[1]
        absent = believed.skipped - index(wanted).keys()
        proven = _Proven(believed.skipped, absent)
        comparing = _drift_options(options, settings.drift, believed.comments, proven)
        found = await drift(wanted, without(actual, absent), there, comparing)
    return _verdict(found, (*believed.findings, *live.findings), settings)


async def against_replay(folder: str, options: Options, settings: Config) -> Verdict:
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
        proven = _Proven(made.left_out, absent)
        comparing = _drift_options(options, settings.drift, there_is.own is not None, proven)
        found = await drift(without(expected, absent), actual, lambda: there, comparing)
    return _verdict(found, (*believed.findings, *made.findings), settings)


def _verdict(found: Drift, findings: tuple[Diagnostic, ...], settings: Config) -> Verdict:
    return Verdict(found.differences, (*findings, *found.findings, *told(settings, found.unused)))


def _comparable(source: str, expected: Catalog) -> Catalog:
    """What is expected less the roles of another server, unless the source declares roles by itself."""
    if parse(source).kind not in ("live", "replay", "sql"):
        return expected
    used = {r.name for r in refs_in(expected) if r.kind == "role"}
    return attrs.evolve(expected, roles=tuple(r for r in expected.roles if r.name in used))


def _without_preludes(expected: Catalog, actual: Catalog, given: Catalog) -> tuple[Catalog, Catalog]:
    """Both without what a prelude makes, unless that is expected of the database all the same."""
    return without_given(actual, without(given, frozenset(index(expected))), expected)


@frozen
class _Proven:
    """Tells the differences in what was not left out for want of an extension: its absence proves nothing."""

    left_out: frozenset[Ref]
    absent: frozenset[Ref]

    def __call__(self, ref: Ref) -> bool:
        return ref.owner not in self.absent and not any(_same(ref, other) for other in self.left_out)


def _drift_options(options: Options, config: DriftConfig, comments: bool, proven: _Proven) -> DriftOptions:
    """`comments`: whether they are compared; Drizzle's snapshots cannot hold any."""
    ignored = (Ignore(i.kind, i.schema, i.name, i.class_) for i in config.ignore)
    prepared = preludes(options.replay.prelude, options.base)
    return DriftOptions(
        names=config.names,
        comments=comments,
        ignore=tuple(ignored),
        prelude=tuple(prelude.without_roles for prelude in prepared),
        counts=proven,
    )


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
