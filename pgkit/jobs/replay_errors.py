"""What to tell about a statement that failed: where, what Postgres says, and the way out."""

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
_SCHEMAS: Final = frozenset(
    ("auth", "storage", "realtime", "extensions", "vault", "graphql", "graphql_public")
)
_ROLES: Final = frozenset(("anon", "authenticated", "service_role", "authenticator", "dashboard_user"))
_OWN: Final = ("type", "function", "operator class", "default operator class", "access method", "language")


@frozen
class Circumstances:
    """What advice depends on beside the error."""

    preludes: tuple[str, ...] = ()
    commented: bool = False  # the first file is all comment


def failed(error: SqlError, span: Span | None, around: Circumstances) -> PgkitError:
    """The error of a migration that does not run."""
    detail = f": {error.detail}" if error.detail else ""
    hint = f"Postgres: {error.hint}; " if error.hint else ""
    message = f"{error.message}{detail} ({error.sqlstate})"
    return fail("replay-failed", message, span=span, help=hint + _advice(error, around), exit_code=4)


def _advice(error: SqlError, around: Circumstances) -> str:
    lacks = missing(error)
    if lacks is not None and (help := _about(lacks, around)):
        return help
    match error.sqlstate:
        case "25001":
            return IN_TRANSACTION
        case "55P04":
            return NEW_LABEL
        case _:
            return ALSO_DRIZZLE


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
