"""Sources: whatever is given where a catalog is wanted, read and lowered.

A Postgres URL, the schema language (schema.pgkit, a folder of *.pgkit), a Drizzle folder (DIR, DIR@tag),
what its SQL really makes (replay:DIR, replay:DIR@tag), SQL (schema.sql, a folder of *.sql), a snapshot
(catalog.json), or `empty`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from attrs import evolve, field, frozen

from pgkit.diag import Diagnostic, PgkitError, Severity, fail
from pgkit.frontends import Lowered
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.jobs.config import Config, MigrateConfig, ReplayConfig
from pgkit.jobs.sql_folder import read_files, sql_files
from pgkit.jobs.toml import nearest
from pgkit.runtime.url import is_connection, is_mistaken, redact_pairs

if TYPE_CHECKING:
    from pgkit.jobs.replay import Replayed, ReplayOptions

Kind = Literal["empty", "live", "schema", "drizzle", "replay", "sql", "snapshot"]
REPLAY = "replay:"
KINDS = "schema.pgkit, schema.sql, a Drizzle folder, replay:DIR, a postgresql:// URL, catalog.json or `empty`"


@frozen
class Source:
    """A source, told apart from the others, but not read yet."""

    kind: Kind
    text: str = field(repr=False)  # as given; a URL in it may hold a password
    path: Path = Path()
    tag: str | None = None

    @property
    def offline(self) -> bool:
        """Whether no server is needed to read it."""
        return self.kind not in ("live", "replay", "sql")


@frozen
class Loaded:
    """A catalog, and what was odd about its source."""

    catalog: Catalog
    findings: tuple[Diagnostic, ...] = ()
    hints: Hints = field(factory=Hints)  # the renames that the source itself tells of
    comments: bool = True  # False where the source cannot hold any, as Drizzle's snapshots
    skipped: frozenset[Ref] = frozenset()  # what its SQL would have made, had the server the extension


@frozen(kw_only=True)
class Options:
    """How to read: the server for scratch databases, and what a replay needs first."""

    server: str | None = None
    replay: ReplayConfig = field(factory=ReplayConfig)
    base: Path = Path()  # where the paths in `replay` start from
    migrate: MigrateConfig = field(factory=MigrateConfig)  # names the ledgers, which are part of no catalog


def options_of(config: Config, server: str | None) -> Options:
    """How a configuration has sources read; `server` as on the command line."""
    return Options(server=server, replay=config.replay, base=config.folder, migrate=config.migrate)


async def load(source: str, options: Options) -> Loaded:
    """The catalog of a source. Raises PgkitError for what cannot be read."""
    found = parse(source)
    match found.kind:
        case "empty":
            return Loaded(Catalog())
        case "live":
            return await _live(found, options)
        case "drizzle":
            return _drizzle(found)
        case "replay":
            return await _replayed(found, options)
        case "sql":
            return await _sql(found, options)
        case "snapshot":
            return _snapshot(found)
        case "schema":
            return _schema(found)


def parse(text: str) -> Source:
    """What kind of source a text is. Raises for what is none."""
    if text == "empty":
        return Source("empty", text)
    if is_connection(text):
        return Source("live", text)
    if "://" in text:
        raise _not_a_source(f"pgkit reads Postgres only, found {text.partition('://')[0]}://")
    if text.startswith(REPLAY):
        path, tag = _split(text.removeprefix(REPLAY))
        return Source("replay", text, _drizzle_folder(path), tag)
    if is_mistaken(text) and not os.path.lexists(text):
        raise _not_a_source("expected a URL that starts with postgresql://", help="write it out in full")
    return _on_disk(text)


def rebase(text: str, folder: Path) -> str:
    """The same source, its path seen from the working folder instead of from `folder`."""
    if text == "empty" or "://" in text or folder == Path():
        return text
    prefix, path = (REPLAY, text.removeprefix(REPLAY)) if text.startswith(REPLAY) else ("", text)
    return f"{prefix}{os.path.normpath(folder / path)}"


def _on_disk(text: str) -> Source:
    path, tag = _split(text)
    kind = _kind_of_folder(path) if path.is_dir() else _FILES.get(path.suffix.lower())
    if kind is None:
        raise _not_a_source("expected a folder, or a .pgkit, .sql or .json file, found another file", path)
    if tag is not None and kind != "drizzle":
        raise _not_a_source(f"only a Drizzle folder has an earlier state, found @{tag}", path)
    return Source(kind, text, path, tag)


_FILES: Final[Mapping[str, Kind]] = {".pgkit": "schema", ".sql": "sql", ".json": "snapshot"}


def _kind_of_folder(folder: Path) -> Kind:
    """What a folder holds: Drizzle's files, else the schema language, else SQL; two of them is an error."""
    drizzle, schema, sql = _is_drizzle(folder), any(folder.glob("*.pgkit")), bool(sql_files(folder))
    # The migrations of a folder with a journal are SQL files that stand in it.
    if schema + (drizzle or sql) > 1 or (sql and drizzle and not (folder / "meta").is_dir()):
        raise _not_a_source(
            "this folder holds sources of two kinds", folder, "keep each in a folder of its own"
        )
    if drizzle:
        return "drizzle"
    if schema or sql:
        return "schema" if schema else "sql"
    raise _holds_nothing(folder)


def _split(text: str) -> tuple[Path, str | None]:
    """The path, which exists, and the tag after the last `@`."""
    if not text or "\0" in text:
        raise _not_a_source("expected a source, found nothing" if not text else "found a zero byte in a path")
    path = Path(text)
    name, at, tag = text.rpartition("@")
    try:
        if path.exists() or not at:
            return _existing(path), None
        if not tag or not name:
            raise _not_a_source("expected DIR@tag", path)
        return _existing(Path(name)), tag
    except OSError as error:
        raise _not_a_source(f"cannot read the path: {(error.strerror or '').lower()}", path) from None


def _existing(path: Path) -> Path:
    """The path, if it is there; else the help names the nearest that is."""
    if path.exists():
        return path
    missing = next(p for p in (*reversed(path.parents), path) if not p.exists())
    if missing.is_symlink():
        raise _not_a_source("this symbolic link leads nowhere", missing)
    parent = missing.parent
    siblings = [entry.name for entry in parent.iterdir()] if parent.is_dir() else []
    near = nearest(missing.name, siblings)
    help = f"did you mean {parent / near}?" if near else f"a source is {KINDS}"
    raise fail("no-source", "no such file or folder", where=redact_pairs(str(path)), help=help)


def _is_drizzle(folder: Path) -> bool:
    return (
        (folder / "meta").is_dir()
        or any(folder.glob("*/migration.sql"))
        or any(folder.glob("*/snapshot.json"))
    )


def _drizzle_folder(path: Path) -> Path:
    if not path.is_dir():
        raise _not_a_source("expected a folder with migrations, found a file", path)
    if _is_drizzle(path):
        return path
    _check_inside(path)
    help = "a Drizzle folder holds meta/_journal.json, or a folder for each migration"
    raise _not_a_source("this folder is no Drizzle folder", path, help)


def _check_inside(path: Path) -> None:
    """Raises if a Drizzle folder is near."""
    if path.name == "meta" and (path / "_journal.json").exists():
        raise _not_a_source("this is the inside of a Drizzle folder", path, f"give {path.parent}")
    for inside in sorted(path.iterdir()):
        if (inside / "meta" / "_journal.json").exists():
            raise _not_a_source("this folder is no Drizzle folder", path, f"did you mean {inside}?")


def _holds_nothing(folder: Path) -> PgkitError:
    """The error for a folder without a source in it, which names the folder inside that has one."""
    _check_inside(folder)
    for inside in sorted(f for f in folder.iterdir() if f.is_dir()):
        if sql_files(inside) or any(inside.glob("*.pgkit")):
            help = f"files are looked for at the top of a folder only: did you mean {inside}?"
            return _not_a_source("this folder itself holds no source", folder, help)
    help = "a folder holds *.pgkit, *.sql, or what drizzle-kit writes: meta/_journal.json"
    return _not_a_source("this folder holds no source", folder, help)


def _not_a_source(message: str, path: Path | None = None, help: str | None = None) -> PgkitError:
    where = redact_pairs(str(path)) if path is not None else ""
    return fail("not-a-source", message, where=where, help=help or f"a source is {KINDS}")


def usable(lowered: Lowered) -> Loaded:
    """What was lowered, unless part of it could not be: half a catalog would look like the whole."""
    if any(finding.severity is Severity.ERROR for finding in lowered.diagnostics):
        raise PgkitError(lowered.diagnostics)
    return Loaded(lowered.catalog, lowered.diagnostics, lowered.hints)


async def _live(source: Source, options: Options) -> Loaded:
    from pgkit.frontends.live import read_catalog
    from pgkit.jobs.ledgers import without_ledgers
    from pgkit.runtime.connect import SqlError, open_, redact

    try:
        async with open_(source.text) as session:
            lowered = await read_catalog(session)
    except SqlError as error:
        message = f"cannot read the database: {error}"
        raise fail("cannot-read", message, where=redact(source.text), help=error.hint) from None
    loaded = usable(lowered)
    return evolve(loaded, catalog=without_ledgers(loaded.catalog, options.migrate))


def _schema(source: Source) -> Loaded:
    from pgkit.frontends.dsl import lower, read
    from pgkit.passes.normalize import normalize

    loaded = usable(lower(read(source.path)))
    return evolve(loaded, catalog=normalize(loaded.catalog))


def _drizzle(source: Source) -> Loaded:
    from pgkit.frontends.drizzle import lower, read

    folder = read(source.path, source.tag)
    return evolve(usable(lower(folder)), comments=folder.own is not None)


async def _replayed(source: Source, options: Options) -> Loaded:
    from pgkit.frontends.drizzle import read, recorded
    from pgkit.jobs.replay import replay
    from pgkit.runtime.embedded import server

    folder = read(source.path, source.tag)
    with server(options.server) as there:
        made = await replay(folder, there, options=replay_options(options))
    return evolve(_made(made, folder.findings), hints=recorded(folder))


async def _sql(source: Source, options: Options) -> Loaded:
    from pgkit.jobs.sql_files import run_files
    from pgkit.runtime.embedded import server

    files = read_files(source.path)
    with server(options.server) as there:
        made = await run_files(files, there, options=replay_options(options))
    return _made(made)


def _made(made: "Replayed", findings: tuple[Diagnostic, ...] = ()) -> Loaded:
    """What SQL has made, without what was there before it ran."""
    from pgkit.jobs.drift import without_given

    _, catalog = without_given(made.catalog, made.given, Catalog())
    return Loaded(catalog, (*findings, *made.findings), skipped=made.left_out)


def replay_options(options: Options) -> "ReplayOptions":
    """What the configuration says of replays, its preludes read."""
    from pgkit.jobs.replay import ReplayOptions
    from pgkit.jobs.replay_prelude import preludes

    return ReplayOptions(
        prelude=preludes(options.replay.prelude, options.base),
        without_extensions=frozenset(options.replay.without_extensions),
        search_path=options.replay.search_path,
    )


def _snapshot(source: Source) -> Loaded:
    from pgkit.ir.json import loads

    try:
        text = source.path.read_bytes()
    except OSError as error:
        raise _not_a_source(f"cannot read the file: {(error.strerror or '').lower()}", source.path) from None
    return Loaded(loads(text, str(source.path)))
