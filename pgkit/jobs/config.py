"""`pgkit.toml`, or `[tool.pgkit]` in pyproject.toml: what a project has said once and for all."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from attrs import evolve, field, frozen

from pgkit.diag import Source, fail
from pgkit.ir.settings import is_custom_setting
from pgkit.ir.wire import Client
from pgkit.jobs.toml import parse, place, structure

Case = Literal["camel", "snake", "preserve"]
EnumUnknown = Literal["error", "other"]
"""What a label that the code was generated without is read as."""
LedgerName = Literal["pgkit", "drizzle"]
NAMES = ("pgkit.toml", "pyproject.toml")


@frozen(kw_only=True)
class Override:
    """What is said of one column (`"schema.table.column"`), of a table (`"schema.name"`), or of a type.

    A type is declared (`"schema.name"`) or Postgres's own (`"numeric"`); what is said of a column wins.
    """

    json_name: str | None = None  # a column's key in JSON
    name: str | None = None  # the stem of the names generated for a table or type
    labels: Mapping[str, str] = field(factory=dict)  # the names of an enum's labels
    enum_unknown: EnumUnknown | None = None
    tenant_column: str | None = None  # a table's own, "" for none
    rust: str | None = None  # a type by its path, of an array its elements'; for JSON, what serde reads
    ts: str | None = None  # a type, of an array its elements'
    ts_import: str | None = None  # the module of the first name in ts: a package, or a path from here
    zod: str | None = None  # a schema by its name, or a property of one
    zod_import: str | None = None  # the module of that name, if it is not that of ts
    read_sql: str | None = None  # {} is the column
    write_sql: str | None = None  # {} is the parameter
    nullable: bool | None = None
    array_nulls: bool | None = None  # whether elements may be NULL
    infinity: Literal["error", "text"] | None = None  # dates and timestamps as text, infinity too


@frozen(kw_only=True)
class RustConfig:
    """`[rust]`. `case` is how columns are spelled in JSON, which all three languages share."""

    dir: Path | None = None
    edition: Literal["2021", "2024"] = "2021"
    case: Case = "camel"
    tenant_column: str | None = None  # the tables that have it belong to tenants
    tenant_setting: str = "app.tenant_id"  # where policies find the tenant: begin_scoped sets it
    ids: bool = True  # whether primary keys have types of their own
    files: Literal["many", "one"] = "many"  # one a table, or mod.rs alone
    drift: str = ""  # the Cargo feature of a test that holds a database against the code
    derive: tuple[str, ...] = ()  # more derives for row structs and composite types
    header: str = ""  # lines of comment below the first
    source_name: str = ""  # what the first line says that it is from


@frozen(kw_only=True)
class JavaScriptConfig:
    """What `[typescript]` and `[zod]` have in common."""

    dir: Path | None = None
    wire: Client = "json"  # what JavaScript has rows from
    ids: bool | None = None  # whether primary keys have types of their own
    import_extension: Literal[".ts", ".js", ""] = ".js"
    files: Literal["many", "one"] = "many"  # one a table with an index, or index.ts alone
    header: str = ""  # lines of comment below the first
    source_name: str = ""  # what the first line says that it is from

    @property
    def has_ids(self) -> bool:
        """Whether they have; unless that is said, all but Drizzle's do, where keys are plain."""
        return self.wire != "drizzle" if self.ids is None else self.ids


@frozen(kw_only=True)
class TypeScriptConfig(JavaScriptConfig):
    """`[typescript]`."""


@frozen(kw_only=True)
class ZodConfig(JavaScriptConfig):
    """`[zod]`."""

    mini: bool = False  # schemas of zod/mini
    explicit_schema_types: bool = False  # constants say their types, as isolatedDeclarations wants them


@frozen(kw_only=True)
class TargetConfig:
    """`[targets.NAME]`: a backend of another package, and what its class is called with."""

    dir: Path | None = None
    options: Mapping[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class Ignore:
    """A difference that drift passes over: every word given has to match; `*` and `?` as in a shell."""

    kind: str | None = None
    schema: str | None = None
    name: str | None = None
    class_: Literal["missing", "extra", "different"] | None = field(default=None, metadata={"key": "class"})


@frozen(kw_only=True)
class DriftConfig:
    """`[drift]`. With `names = "strict"`, names that Postgres or Drizzle would have given count too.

    With `"ignore"`, those of constraints and indexes do not count at all: what they mean does.
    """

    ignore: tuple[Ignore, ...] = ()
    names: Literal["implied", "strict", "ignore"] = "implied"


@frozen(kw_only=True)
class ReplayConfig:
    """`[replay]`: what a scratch database needs before SQL of the user's runs on it."""

    prelude: tuple[str, ...] = ()
    without_extensions: tuple[str, ...] = ()
    search_path: str = '"$user", public'


@frozen(kw_only=True)
class MigrateConfig:
    """`[migrate]`: where the migrations are, and where it is recorded which of them are applied.

    Times are Postgres's own texts, as `3s`; nothing waits for ever unless it says `0`.
    """

    dir: Path | None = None
    ledger: LedgerName = "pgkit"
    schema: str = "pgkit"
    table: str = "__pg_migrations"
    drizzle_schema: str = "drizzle"
    drizzle_table: str = "__drizzle_migrations"
    search_path: str = '"$user", public'
    lock_timeout: str = "3s"  # for the locks that a migration's statements take
    lock_wait: str = "60s"  # for other runners
    statement_timeout: str = "0"


@frozen(kw_only=True)
class Config:
    """A configuration file. `schema` is the one whose names go without a prefix in generated code."""

    source: str | None = None
    schema: str = "public"
    exclude: tuple[str, ...] = ()  # columns that are not generated, and whole tables and views
    write_only: tuple[str, ...] = ()  # columns that are written, and never read
    enum_unknown: EnumUnknown = "error"  # what a label is read as that is not listed, of every enum
    names: Path | None = None  # what schema.ts calls columns, as `pgkit names` writes it
    overrides: Mapping[str, Override] = field(factory=dict)
    rust: RustConfig = field(factory=RustConfig)
    typescript: TypeScriptConfig = field(factory=TypeScriptConfig)
    zod: ZodConfig = field(factory=ZodConfig)
    targets: Mapping[str, TargetConfig] = field(factory=dict)
    drift: DriftConfig = field(factory=DriftConfig)
    replay: ReplayConfig = field(factory=ReplayConfig)
    migrate: MigrateConfig = field(factory=MigrateConfig)
    file: Source | None = field(default=None, metadata={"hidden": True})

    @property
    def folder(self) -> Path:
        """Where the file lies, which its paths start from."""
        return Path(self.file.name).parent if self.file else Path()


def load(file: Path | None = None) -> Config:
    """The configuration in `file`, else in the nearest file from the working folder upwards, else none."""
    if file is not None:
        return read(file)
    here = Path.cwd()
    for folder in (here, *here.parents):
        for name in NAMES:
            candidate = folder / name
            if candidate.is_file() and (name != "pyproject.toml" or _has_section(candidate)):
                return read(Path(os.path.relpath(candidate, here)))
    return Config()


def read(file: Path) -> Config:
    """The configuration in one file. Raises with every problem in it, each with its line."""
    source = _source(file)
    at: tuple[str, ...] = ("tool", "pgkit") if file.name == "pyproject.toml" else ()
    table: Any = parse(source)
    for key in at:
        table = table.get(key, {})
    if not isinstance(table, dict):
        raise fail("wrong-type", "expected a table as tool.pgkit", where=source.name)
    config: Config = structure(Config, table, source, at, file.parent)
    for name, part in (("rust", config.rust), ("typescript", config.typescript), ("zod", config.zod)):
        _check_header(name, part.header, source, at)
    if not is_custom_setting(found := config.rust.tenant_setting):
        span = place(source, (*at, "rust", "tenant_setting"))
        message = f"expected a name of two parts as rust.tenant_setting, found {found}"
        raise fail("bad-setting", message, span=span, help="write it as app.tenant_id")
    return evolve(config, file=source)


def _check_header(name: str, header: str, source: Source, at: tuple[str, ...]) -> None:
    """What is printed as it is has to be what it is said to be."""
    if code := next((line for line in header.splitlines() if not line.startswith("//")), None):
        span, help = place(source, (*at, name, "header")), "every line of header begins with //"
        raise fail("bad-header", f"expected a comment as {name}.header, found {code}", span=span, help=help)


def _source(file: Path) -> Source:
    try:
        return Source(str(file), file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        message = f"expected UTF-8, found another byte at offset {error.start}"
        raise fail("bad-toml", message, where=str(file)) from None
    except FileNotFoundError:
        raise fail("no-config", "no such configuration file", where=str(file), exit_code=2) from None
    except OSError as error:
        reason = (error.strerror or "").lower()
        raise fail("no-config", f"cannot read the configuration: {reason}", where=str(file)) from None


def _has_section(file: Path) -> bool:
    """Whether a pyproject.toml is meant for us; another tool's broken file is none of our business."""
    try:
        return b"tool.pgkit" in file.read_bytes()
    except OSError:
        return False
