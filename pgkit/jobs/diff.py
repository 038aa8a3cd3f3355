"""diff: (read -> lower -> normalize) x 2 -> hints -> settle -> plan."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import attrs
from attrs import frozen

from pgkit.diag import Diagnostic, PgkitError, Severity
from pgkit.frontends.hints import merge
from pgkit.grammar.definitions import doable
from pgkit.ir.catalog import Catalog
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.hints import Hints
from pgkit.ir.kinds import Extension, Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.plan import Plan
from pgkit.ir.relations import Column
from pgkit.ir.walk import Declared, index, map_members, refs_in, scalars_in, views_of
from pgkit.jobs.ask import converse
from pgkit.jobs.drift import surroundings
from pgkit.jobs.gate import without
from pgkit.jobs.hints import DEFAULT_FILE, standing, told
from pgkit.jobs.replay_prelude import preludes
from pgkit.jobs.settle import Surroundings
from pgkit.jobs.sides import Sides, settle_both
from pgkit.jobs.sources import Loaded, Options, Source, load, parse
from pgkit.jobs.trial import trial
from pgkit.jobs.views import asked as asked_columns
from pgkit.passes.align_names import align_names, serial_renames, with_names_of, without_clashes
from pgkit.passes.comments import without_comments
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import plan
from pgkit.passes.renames import check_hints, effective, rename, renamed, unmet
from pgkit.passes.renames.names import new_names
from pgkit.passes.suggest import Suggestion, suggest
from pgkit.runtime.embedded import Server, server

LATEST = 18
Renames = tuple[tuple[Ref, Ref], ...]
TRIAL_FAILED = 4


@frozen(kw_only=True)
class Asked:
    """How to compare: the renames that the user gives, the server's version, how names count."""

    hints: Hints = Hints()
    kept: Hints = Hints()  # what was answered before; what does not fit is not meant
    postgres: int | None = None  # major; None: that of the live side, else the latest
    strict_names: bool = False
    ask: bool = False  # whether somebody is at the terminal to answer
    hints_file: Path = DEFAULT_FILE  # where answers are kept
    settle: bool = False  # whether Postgres is asked even where both sides can be read without it
    # What objects are called that no source names, given `before` in the names of `after`, and `after`.
    names: Callable[[Catalog, Catalog], tuple[Catalog, Renames]] | None = None


@frozen(kw_only=True)
class Difference:
    """The way from one catalog to another, with what it was made from."""

    plan: Plan
    before: Catalog
    after: Catalog
    hints: Hints
    version: int
    around: Surroundings
    findings: tuple[Diagnostic, ...] = ()


async def diff(before: str, after: str, options: Options, asked: Asked) -> Difference:
    """The plan from one source to another. Raises PgkitError for what cannot be read, and for wrong hints."""
    sources = parse(before), parse(after)
    sides = await load(before, options), await load(after, options)
    with ExitStack() as stack:

        @cache
        def there() -> Server:
            return stack.enter_context(server(options.server))

        return await between(sources, sides, there, options, asked)


async def between(
    sources: tuple[Source, Source],
    sides: tuple[Loaded, Loaded],
    there: Callable[[], Server],
    options: Options,
    asked: Asked,
) -> Difference:
    """The plan from one loaded source to another."""
    before, after = (normalize(side.catalog) for side in sides)
    told_roles = _roles_in((asked.hints, asked.kept, sides[1].hints))
    before, after = _comparable(before, after, sources, told_roles, comments=sides[1].comments)
    before, after = _both_read(before, after, sides)
    notes = unmet(before, after, sides[1].hints)
    hints = _hints(before, after, sides, asked)
    if asked.ask:
        said = converse(lambda hints: _likely(before, after, hints, asked), hints, asked.hints_file)
        hints = _checked(before, after, said)
    likely = () if asked.ask else _likely(before, after, hints, asked)
    prelude = tuple(p.without_roles for p in preludes(options.replay.prelude, options.base))
    around = surroundings(_extensions(before, after), (before, after), prelude)
    findings: tuple[Diagnostic, ...] = ()
    now = rename(before, hints, after)[0]
    if not asked.strict_names:
        after = align_names(now, after)
    if asked.settle or not all(source.offline for source in sources):
        both = Sides(now, after, "strict" if asked.strict_names else "implied")
        findings = await settle_both(both, there, around)
        settled = both.after
        if not asked.strict_names:
            settled = align_names(both.before, both.after)
            after = with_names_of(settled, after)
        after = _said_alike(now, both.before, after, settled)
    after, making_way = without_clashes(after)
    after, called = asked.names(now, after) if asked.names else (after, ())
    hints = _also(hints, before, (*making_way, *called, *serial_renames(now, after)))
    before, after = await _with_view_columns(before, after, hints, there, around)
    after = _with_view_comments(rename(before, hints, after)[0], normalize(sides[1].catalog), after)
    version = _version(sources, (before, after), asked)
    return Difference(
        plan=plan(before, after, hints, version),
        before=before,
        after=after,
        hints=hints,
        version=version,
        around=around,
        findings=(*sides[0].findings, *sides[1].findings, *notes, *told(likely), *findings),
    )


async def _with_view_columns(
    before: Catalog, after: Catalog, hints: Hints, there: Callable[[], Server], around: Surroundings
) -> tuple[Catalog, Catalog]:
    """Both with the columns of views whose queries differ: they tell whether a view can be replaced.

    A source that does not know them is asked about on a scratch database, if there is a server for one.
    """
    names = new_names(before, hints)
    old = {names.of(ref): (ref, view) for ref, view in views_of(before).items()}
    new = views_of(after)
    now = views_of(renamed(before, hints))
    differ = [ref for ref in old.keys() & new.keys() if now[ref] != new[ref]]
    mine = frozenset(old[ref][0] for ref in differ if not old[ref][1].columns)
    theirs = frozenset(ref for ref in differ if not new[ref].columns)
    try:
        one, _ = await asked_columns(before, mine, there(), around) if mine else ({}, ())
        other, _ = await asked_columns(after, theirs, there(), around) if theirs else ({}, ())
    except PgkitError:  # no server: what cannot be told to be replaceable is made anew
        return before, after
    return _with_columns(before, one), _with_columns(after, other)


def _with_view_comments(before: Catalog, said: Catalog, after: Catalog) -> Catalog:
    """`after` with the comments that `before` has on columns of views, where its source cannot say any."""
    silent = {ref for ref, view in views_of(said).items() if not view.columns}
    known = {ref: {c.name: c.comment for c in view.columns} for ref, view in views_of(before).items()}

    def commented(ref: Ref, obj: Any) -> Any:
        if ref not in silent or ref not in known:
            return obj
        columns = (attrs.evolve(c, comment=known[ref].get(c.name)) for c in obj.columns)
        return attrs.evolve(obj, columns=tuple(columns))

    return map_members(after, commented) if silent else after


def _with_columns(catalog: Catalog, found: Mapping[Ref, tuple[Column, ...]]) -> Catalog:
    def answered(ref: Ref, obj: Any) -> Any:
        return attrs.evolve(obj, columns=found[ref]) if ref in found else obj

    return map_members(catalog, answered) if found else catalog


def _roles_in(hints: Iterable[Hints]) -> set[str]:
    """The roles that hints are about: they count on both sides."""
    return {ref.name for each in hints for pair in each.renames for ref in pair if ref.kind == "role"}


def _comparable(
    before: Catalog,
    after: Catalog,
    sources: tuple[Source, Source],
    told_roles: set[str],
    *,
    comments: bool,
) -> tuple[Catalog, Catalog]:
    """Both without what one of them cannot say: comments, and the roles of a whole server."""
    if not comments:
        before, after = without_comments(before), without_comments(after)
    if not _says_roles(sources[0]):
        wanted = {r.name for r in after.roles} | told_roles
        before = attrs.evolve(before, roles=tuple(r for r in before.roles if r.name in wanted))
    if not _says_roles(sources[1]):
        wanted = (
            {r.name for r in before.roles} | {r.name for r in refs_in(after) if r.kind == "role"} | told_roles
        )
        after = attrs.evolve(after, roles=tuple(r for r in after.roles if r.name in wanted))
    return before, after


def _both_read(before: Catalog, after: Catalog, sides: tuple[Loaded, Loaded]) -> tuple[Catalog, Catalog]:
    """Each side without what the other left out for want of an extension: its absence there says nothing."""
    absent = [side.skipped - index(own).keys() for side, own in zip(sides, (before, after), strict=True)]
    return without(before, absent[1]), without(after, absent[0])


def _says_roles(source: Source) -> bool:
    """Whether the roles of a source are part of what it says, and not just those of its server."""
    return source.kind in ("schema", "drizzle", "snapshot", "empty")


def _likely(before: Catalog, after: Catalog, hints: Hints, asked: Asked) -> tuple[Suggestion, ...]:
    """Likely renames; a name that Postgres or Drizzle gave is none, unless names are compared strictly."""
    if not asked.strict_names:
        after = align_names(renamed(before, hints), after)
    return suggest(before, after, hints)


def _hints(before: Catalog, after: Catalog, sides: tuple[Loaded, Loaded], asked: Asked) -> Hints:
    """The hints of the user, who must be right, and those of the sources that have something to do yet."""
    mine = _checked(before, after, standing(before, after, asked.hints))
    said = [effective(before, after, told) for told in (*(side.hints for side in sides), asked.kept)]
    merged = dict(pair for hints in (*said, mine) for pair in hints.renames)
    labels = dict(pair for hints in (*said, mine) for pair in hints.labels)
    places = merge(*said, mine).places
    return _checked(before, after, Hints(tuple(merged.items()), tuple(labels.items()), places))


def _also(hints: Hints, before: Catalog, more: Iterable[tuple[Ref, Ref]]) -> Hints:
    """The hints and some more, whose left is in the names of `after` as well."""
    names = new_names(before, hints)
    first = {names.of(ref): ref for ref in index(before)} if more else {}
    return attrs.evolve(hints, renames=(*hints.renames, *((first[old], new) for old, new in more)))


def _checked(before: Catalog, after: Catalog, hints: Hints) -> Hints:
    if problems := check_hints(before, after, hints):
        raise PgkitError(problems)
    return hints


def _extensions(before: Catalog, after: Catalog) -> tuple[Extension, ...]:
    """The extensions that either side has or uses."""
    both = (before, after)
    used = {s.row.extension for catalog in both for s in scalars_in(catalog) if s.row.extension}
    found = {name: Extension(name=name) for name in sorted(used)}
    return tuple({**found, **{e.name: e for catalog in both for e in catalog.extensions}}.values())


def _said_alike(before: Catalog, settled_before: Catalog, after: Catalog, settled_after: Catalog) -> Catalog:
    """`after` with each field as `before` says it where Postgres writes both alike."""
    mine, one, other = index(before), index(settled_before), index(settled_after)

    def said(ref: Ref, obj: Declared) -> Declared:
        obj = map_members(obj, said, ref)
        if ref not in mine or ref not in one or ref not in other:
            return obj
        return attrs.evolve(obj, **_alike(mine[ref], one[ref], other[ref], obj))

    return map_members(after, said)


def _alike(mine: Declared, one: Declared, other: Declared, obj: Declared) -> dict[str, Any]:
    fields = fields_marked(type(obj), Mark.ALTER, Mark.RECREATE)
    alike = {f: getattr(mine, f) for f in fields if getattr(one, f) == getattr(other, f)}
    derived = fields_marked(type(obj), Mark.DERIVED)
    return alike | {f: getattr(other, f) for f in derived if not isinstance(obj, Unmodelled)}


def _version(sources: Iterable[Source], catalogs: Iterable[Catalog], asked: Asked) -> int:
    if asked.postgres is not None:
        return asked.postgres
    live = (c.postgres for s, c in zip(sources, catalogs, strict=True) if s.kind == "live")
    return next((v for v in live if v), LATEST)


async def tried(found: Difference, options: Options) -> tuple[Diagnostic, ...]:
    """What goes wrong when the plan is run on a scratch copy of `before`; a note if nothing does."""
    with server(options.server) as there:
        problems = await trial(found.before, found.after, found.hints, found.version, there, found.around)
    if any(d.severity is Severity.ERROR for d in problems):
        raise PgkitError((*found.findings, *problems), exit_code=TRIAL_FAILED)
    note = Diagnostic(
        "tried", "tried on a scratch copy: the result equals what is wanted", severity=Severity.NOTE
    )
    return problems or (note,)


def unplanned(found: Difference) -> Iterator[Diagnostic]:
    """What differs and no statement of ours can change: named, never silent."""
    for change in found.plan.changes:
        if not doable(change):
            yield Diagnostic(
                "not-modelled",
                f"no statement is made for {change.ref.kind.replace('_', ' ')} {change.ref}, which differs",
                where=str(change.ref),
                help="change it by hand",
                severity=Severity.WARNING,
            )
