"""new: the folder's last state and the wanted source -> diff -> trial -> the next migration on disk."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
from attrs import evolve, field, frozen

from pgkit.diag import Diagnostic, PgkitError, Severity, fail
from pgkit.frontends.drizzle import Folder, lower, read
from pgkit.frontends.drizzle.listing import listing
from pgkit.frontends.drizzle.own import own_name, own_text
from pgkit.frontends.drizzle.v1 import migrations as folders
from pgkit.ir.catalog import Catalog
from pgkit.ir.merge import merge
from pgkit.ir.plan import Plan
from pgkit.jobs.diff import Asked, Difference, between, tried, unplanned
from pgkit.jobs.migrate.outline import Place, check_name, places
from pgkit.jobs.migrate.parts import Part, parts
from pgkit.jobs.migrate.put import JOURNAL, Desk, Journal, Written, writing
from pgkit.jobs.migrate.snapshots import moves_back, refs_of, snapshots_of
from pgkit.jobs.sources import Loaded, Options, Source, load, parse, usable
from pgkit.passes.apply import apply
from pgkit.passes.drizzle_names import names_of_drizzle, with_unsaid_names
from pgkit.passes.normalize import normalize
from pgkit.passes.renames import renamed
from pgkit.runtime.embedded import Server, server

CUSTOM: Final = "-- Custom SQL migration file, put your code below! --"


@frozen(kw_only=True)
class Request:
    """What `migrate new` is asked for; without a source it is one to be filled in by hand."""

    folder: Path
    source: str | None
    name: str | None = None
    attempt: bool = True  # whether the plan is tried on a scratch copy
    options: Options = field(factory=Options)
    asked: Asked = field(factory=Asked)


@frozen(kw_only=True)
class Made:
    """What was written; nothing, when there is nothing to do."""

    migrations: tuple[Written, ...] = ()
    plan: Plan = field(factory=Plan)
    findings: tuple[Diagnostic, ...] = ()


async def new(request: Request, now: Callable[[], float] = time.time) -> Made:
    """Writes the next migration of a folder."""
    name = check_name(request.name) if request.name is not None else None
    async with writing(request.folder) as desk:
        folder = _read(request.folder)
        if request.source is None:
            return _custom(desk, folder, name or "custom", now)
        return await _planned(desk, folder, name, request, now)


def _read(path: Path) -> Folder | None:
    """The folder, if there is a migration in it; None if it can become one."""
    top = listing(path, path)
    if (path / JOURNAL).exists() or folders(top):
        return read(path)
    if any(name.endswith(".sql") for name in top.files) or "meta" in top.folders:
        help = "restore it from version control, or name another folder"
        raise fail("no-journal", "migrations without meta/_journal.json", where=str(path), help=help)
    return None


def _custom(desk: Desk, folder: Folder | None, name: str, now: Callable[[], float]) -> Made:
    """The last state again, and SQL to be filled in."""
    before = _loaded(folder)
    snapshot = snapshots_of(folder).again()
    (place,) = places(folder, name, 1, int(now() * 1000))
    written = _written(folder, place, CUSTOM + "\n", snapshot, normalize(before.catalog))
    desk.put((written,), _journal(desk, folder, (place,)))
    return Made(migrations=(written,), findings=(*desk.findings, *before.findings))


def _loaded(folder: Folder | None) -> Loaded:
    return usable(lower(folder)) if folder else Loaded(Catalog())


async def _planned(
    desk: Desk, folder: Folder | None, name: str | None, request: Request, now: Callable[[], float]
) -> Made:
    before, after = _loaded(folder), await load(request.source or "", request.options)
    found = await _difference(folder, before, after, request)
    findings = [*desk.findings, *found.findings, *unplanned(found)]
    files = parts(found.plan)
    if not files:
        return Made(plan=found.plan, findings=tuple(findings))
    if request.attempt:
        findings += await tried(found, request.options)
    spots = places(folder, name or _name(files), len(files), int(now() * 1000))
    written = _all_written(folder, before, found, files, spots)
    desk.put(written, _journal(desk, folder, spots))
    return Made(migrations=written, plan=found.plan, findings=tuple(findings))


async def _difference(folder: Folder | None, before: Loaded, after: Loaded, request: Request) -> Difference:
    here = Source("drizzle", str(request.folder), request.folder) if folder else Source("empty", "empty")
    sources = here, parse(request.source or "")
    line = names_of_drizzle(normalize(before.catalog), "next" if folder and folder.layout == "v1" else "old")
    asked = evolve(request.asked, names=line.called)
    with ExitStack() as stack:

        @cache
        def there() -> Server:
            return stack.enter_context(server(request.options.server))

        async def compared(settle: bool) -> Difference:
            how = evolve(asked, settle=settle)
            return await between(sources, (before, after), there, request.options, how)

        try:
            return await compared(settle=True)
        except PgkitError as error:
            if request.attempt or error.diagnostics[0].code not in _NO_SERVER:
                raise
            found = await compared(settle=False)
    return evolve(found, findings=(*found.findings, _UNSETTLED))


_NO_SERVER: Final = ("no-embedded-server", "no-local-server")
_UNSETTLED: Final = Diagnostic(
    "not-settled",
    "no server to ask: expressions are compared as they are written",
    help="what means the same but is written in another way becomes part of the migration; give --server",
    severity=Severity.WARNING,
)


def _all_written(
    folder: Folder | None,
    loaded: Loaded,
    found: Difference,
    files: Sequence[Part],
    spots: Sequence[Place],
) -> tuple[Written, ...]:
    """Each file with the snapshot of the state that it leads to."""
    following, said = snapshots_of(folder), found.before
    known = normalize(loaded.catalog)
    written = []
    for at, (part, place) in enumerate(zip(files, spots, strict=True)):
        last = at == len(files) - 1
        changes = tuple(step.change for step in part.steps)
        state = found.after if last else apply(said, changes)
        known = _whole(loaded, found) if last else apply(known, changes)
        back = moves_back(refs_of(said), changes)
        shown = with_unsaid_names(said, state, lambda ref, back=back: back.get(ref, ref))  # type: ignore[misc]
        snapshot = following.next(said, shown, changes)
        written.append(_written(folder, place, part.text, snapshot, known))
        said = state
    return tuple(written)


def _whole(loaded: Loaded, found: Difference) -> Catalog:
    """The catalog after, with what the comparison had to leave out because the source cannot say it."""
    known = renamed(normalize(loaded.catalog), found.hints)
    return merge(known, renamed(found.before, found.hints), found.after)


def _name(files: Sequence[Part]) -> str:
    """A name from the first change."""
    ref = next(step.change.ref for part in files for step in part.steps)
    words = "_".join((ref.kind, ref.name, ref.member)).strip("_").lower()
    kept = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in words)
    return kept[:40].strip("_") or "change"


def _written(folder: Folder | None, place: Place, sql: str, snapshot: Any, known: Catalog) -> Written:
    if folder and folder.layout == "v1":
        names = tuple(f"{place.tag}/{name}" for name in ("migration.sql", "snapshot.json"))
    else:
        names = f"{place.tag}.sql", f"meta/{place.prefix}_snapshot.json"
    texts = {names[0]: sql, own_name(names[1]): own_text(known, snapshot), names[1]: _json(snapshot)}
    return Written(
        tag=place.tag, id=snapshot["id"], files={name: text.encode() for name, text in texts.items()}
    )


def _json(value: Any) -> str:
    """JSON as JavaScript prints it."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _journal(desk: Desk, folder: Folder | None, spots: Sequence[Place]) -> Journal | None:
    """The journal with more entries; what is in it stays as it is."""
    if folder and folder.layout == "v1":
        return None
    path = desk.root / JOURNAL
    old = path.read_bytes() if folder else None
    body = orjson.loads(old.removeprefix(b"\xef\xbb\xbf")) if old else _NEW_JOURNAL
    entries = [
        {"idx": p.idx, "version": "7", "when": p.when, "tag": p.tag, "breakpoints": True} for p in spots
    ]
    text = _json({**body, "entries": [*body["entries"], *entries]})
    return Journal(old=old, new=text.encode() + (b"\n" if old and old.endswith(b"\n") else b""))


_NEW_JOURNAL: Final[dict[str, Any]] = {"version": "7", "dialect": "postgresql", "entries": []}
