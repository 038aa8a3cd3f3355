"""What to tell about a statement that failed: where, what Postgres says, and the way out."""

import re
from typing import Final

from attrs import frozen

from pgkit.diag import PgkitError, Span, fail
from pgkit.jobs.replay_extensions import wanted
from pgkit.jobs.replay_missing import Missing, missing
from pgkit.jobs.replay_provides import PROVIDES
from pgkit.runtime.connect import SqlError

IN_TRANSACTION: Final = (
    "Drizzle's migrator runs all files in one transaction, so it fails here too; put a `COMMIT;` chunk and a "
    "`--> statement-breakpoint` before it, or use the form that may run in a transaction"
)
NEW_LABEL: Final = (
    "Drizzle's migrator runs all files in one transaction, so it fails here too on a new database; put "
    "a `COMMIT;` chunk and a `--> statement-breakpoint` between ALTER TYPE ... ADD VALUE and the value's use"
)
ALSO_DRIZZLE: Final = "Drizzle's migrator stops here too; correct this file, or what runs before it"
COMMENTED: Final = (
    "the first migration is all comment, as `drizzle-kit pull` writes it, so what it describes is not there; "
    "take the /* and */ out of it"
)
NO_PATH: Final = (
    "the search path is empty, as pg_dump sets it: name the schema, or SET search_path before this"
)
VARIABLE: Final = "psql puts a variable's value there, Postgres knows none: write the value itself"
_SCHEMAS: Final = frozenset(
    ("auth", "storage", "realtime", "extensions", "vault", "graphql", "graphql_public")
)
_ROLES: Final = frozenset(("anon", "authenticated", "service_role", "authenticator", "dashboard_user"))
_OWN: Final = ("type", "function", "operator class", "default operator class", "access method", "language")


@frozen
class Words:
    """What to tell where nothing better is known, and the error's code."""

    code: str
    in_transaction: str
    new_label: str
    otherwise: str | None


DRIZZLE: Final = Words("replay-failed", IN_TRANSACTION, NEW_LABEL, ALSO_DRIZZLE)


@frozen
class Circumstances:
    """What advice depends on beside the error."""

    preludes: tuple[str, ...] = ()
    commented: bool = False  # the first file is all comment
    words: Words = DRIZZLE


def failed(error: SqlError, span: Span | None, around: Circumstances) -> PgkitError:
    """The error of SQL that does not run."""
    detail = f": {error.detail}" if error.detail else ""
    way_out = VARIABLE if _is_variable(error, span) else _advice(error, around)
    hint = f"Postgres: {error.hint.rstrip('.') if way_out else error.hint}" if error.hint else None
    help = "; ".join(part for part in (hint, way_out) if part) or None
    message = f"{error.message}{detail} ({error.sqlstate})"
    return fail(around.words.code, message, span=span, help=help, exit_code=4)


def _is_variable(error: SqlError, span: Span | None) -> bool:
    """Whether Postgres stumbled over `:name`, `:'name'` or `:"name"`."""
    if error.sqlstate != "42601" or span is None:
        return False
    return re.match(r":['\"\w]", span.source.text[span.start :]) is not None


def _advice(error: SqlError, around: Circumstances) -> str | None:
    lacks = missing(error)
    if lacks is not None and (help := _about(lacks, around)):
        return help
    match error.sqlstate:
        case "3F000" if error.message.startswith("no schema has been selected"):
            return NO_PATH
        case "25001":
            return around.words.in_transaction
        case "55P04":
            return around.words.new_label
        case _:
            return around.words.otherwise


def _about(lacks: Missing, around: Circumstances) -> str | None:
    if lacks.kind == "extension":
        return _no_extension(lacks.name)
    if _is_supabase(lacks):
        return _supabase("supabase" in around.preludes)
    extension = wanted(lacks, PROVIDES) if lacks.kind in _OWN else None
    if extension is not None:
        return (
            f"the extension {extension} brings it: if it was installed by hand, put CREATE EXTENSION into a "
            f'file of SQL named in `prelude` under [replay], or "{extension}" into `without_extensions` there'
        )
    return COMMENTED if around.commented else None


def _no_extension(name: str) -> str:
    return (
        "name a server that has it with --server URL, or start one from this machine's Postgres with "
        "--server local, or skip it and what needs it: "
        f'`without_extensions = ["{name}"]` under [replay] in pgkit.toml'
    )


def _is_supabase(lacks: Missing) -> bool:
    names = {"schema": _SCHEMAS, "role": _ROLES}.get(lacks.kind, frozenset())
    return lacks.name in names or lacks.schema in _SCHEMAS


def _supabase(given: bool) -> str:
    if given:
        return "the built-in prelude lacks it; add a file of SQL that makes it to `prelude` under [replay]"
    return (
        'if Supabase provides it, set `prelude = ["supabase"]` under [replay] in pgkit.toml, else name a '
        "file of SQL that makes it there"
    )
