"""The commands: their arguments, their help, and who does the work."""

import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from pgkit.cli import VERSION
from pgkit.cli.arguments import SOURCE, ConfigFile, Format, HintsFile, Major, Renames, ServerChoice
from pgkit.cli.migrate import migrate
from pgkit.cli.output import (
    BAD_INPUT,
    BROKEN_PIPE,
    INTERRUPTED,
    Command,
    bug,
    execute,
    tell,
    without_secrets,
)
from pgkit.diag import Diagnostic, PgkitError, fail

app = typer.Typer(
    name="pgkit",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(migrate)
# typer's own copy of click has no public name; every version of it raises subclasses of this one.
USAGE_ERROR: Any = next(cls for cls in typer.BadParameter.__mro__ if cls.__name__ == "ClickException")


class DriftFormat(StrEnum):
    """How a drift is printed."""

    text = "text"
    json = "json"
    github = "github"


class DiffFormat(StrEnum):
    """How a plan is printed."""

    sql = "sql"
    json = "json"
    summary = "summary"


class Language(StrEnum):
    """What a catalog is printed as."""

    json = "json"
    pgkit = "pgkit"
    sql = "sql"


class Casing(StrEnum):
    """How Drizzle spells a column that has no name but its key."""

    snake = "snake_case"
    camel = "camelCase"


class Wire(StrEnum):
    """Where JavaScript has rows from."""

    json = "json"
    pg = "pg"
    postgres = "postgres"
    drizzle = "drizzle"


Dir = Path | None


def run(argv: list[str]) -> int:
    """Runs a command line and gives its exit code; nothing but that ever leaves here."""
    try:
        called = typer.main.get_command(app)(argv, prog_name="pgkit", standalone_mode=False)
        # The work is done out here: inside, typer would turn a broken pipe into exit code 1.
        return execute(called) if isinstance(called, Command) else int(called or 0)
    except USAGE_ERROR as error:
        return _usage(error, argv)
    except PgkitError as error:
        tell(error.diagnostics)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _give_up_stdout()
        return BROKEN_PIPE
    except OSError as error:
        _give_up_stdout()
        tell((Diagnostic("io", (error.strerror or str(error)).lower(), where=str(error.filename or "")),))
        return BAD_INPUT
    except Exception as error:
        return bug(error, argv)


def _give_up_stdout() -> None:
    """Has Python flush what is left into nothing when it exits, where it would fail once more."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage(error: Any, argv: list[str]) -> int:
    message = without_secrets(str(error.format_message()), argv).rstrip(".").replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "pgkit"
    tell((Diagnostic("usage", message[:1].lower() + message[1:], help=f"see `{path} --help`"),))
    return int(error.exit_code)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"pgkit {VERSION}")
        raise typer.Exit


@app.callback()
def pgkit(
    context: typer.Context,
    server: ServerChoice = None,
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """A Postgres schema compiler: Drizzle, SQL and live databases in; Rust, TypeScript, Zod and SQL out.

    Exit codes: 0 fine, 1 the gate's answer, 2 a wrong call, 3 bad input or no connection, 4 SQL failed,
    70 a bug, 130 interrupted.
    """
    if server:
        os.environ["PGKIT_SERVER"] = server
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def gen(
    source: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help=f"{SOURCE} Else `source` of pgkit.toml.")
    ] = None,
    rust: Annotated[Dir, typer.Option(metavar="DIR", help="Write Rust (serde, sqlx) here.")] = None,
    typescript: Annotated[Dir, typer.Option(metavar="DIR", help="Write TypeScript here.")] = None,
    zod: Annotated[Dir, typer.Option(metavar="DIR", help="Write Zod schemas here.")] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=DIR", help="Write what another package's backend prints here."),
    ] = None,
    names: Annotated[
        Dir, typer.Option(metavar="FILE", help="The names of schema.ts, as `pgkit names` writes them.")
    ] = None,
    wire: Annotated[
        Wire | None, typer.Option(help="Where TypeScript and Zod have rows from: Rust's JSON, or a client.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if anything differs.")
    ] = False,
    config: ConfigFile = None,
    server: ServerChoice = None,
    format: Annotated[Format, typer.Option(help="How to report.")] = Format.text,
) -> Command:
    """Generate Rust, TypeScript and Zod from a schema.

    Without targets, generates all those of pgkit.toml. Unchanged files are not touched. Files that are
    no longer generated are removed if they say `@generated by pgkit`; a file that does not is never
    overwritten.
    """
    from pgkit.cli.gen import Said
    from pgkit.cli.gen import gen as work

    dirs = {"rust": rust, "typescript": typescript, "zod": zod, **_targets(target or ())}
    said = Said(names=names, wire=wire.value if wire else None)
    return Command("gen", format.value, lambda: work(source, dirs, check, config, server, said))


def _targets(given: Iterable[str]) -> dict[str, Path]:
    """NAME=DIR arguments as a dictionary."""
    pairs = [text.partition("=") for text in given]
    if wrong := next((name or "nothing" for name, is_, dir in pairs if not (name and is_ and dir)), None):
        raise fail("usage", f"expected NAME=DIR as --target, found {wrong}", exit_code=2)
    return {name: Path(dir) for name, _, dir in pairs}


@app.command()
def names(
    modules: Annotated[
        list[Path] | None, typer.Argument(metavar="SCHEMA.TS...", help="The modules that declare tables.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
    ] = None,
    casing: Annotated[
        Casing | None, typer.Option(help="What drizzle() is given as casing, where it is given that.")
    ] = None,
    script: Annotated[
        bool, typer.Option("--script", help="Print the script that does it, to be run by node elsewhere.")
    ] = False,
) -> Command:
    """Write what a Drizzle schema calls its columns, for `gen --names`.

    Runs node, which loads the modules: with tsx where the project has it, else by itself from 22.18 on.
    """
    from pgkit.cli.names import names as work

    return Command("names", "text", lambda: work(modules or [], output, casing and casing.value, script))


@app.command()
def show(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=SOURCE)],
    language: Annotated[Language, typer.Option("--as", help="What to print.")] = Language.sql,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
    ] = None,
    print_after: Annotated[
        str | None, typer.Option(metavar="PASS", help="Print the catalog as it is after this pass.")
    ] = None,
    config: ConfigFile = None,
    server: ServerChoice = None,
) -> Command:
    """Print a schema in the schema language, as SQL or JSON.

    What `--as json` prints is a snapshot, and itself a source. What `--as sql` prints makes the schema in an
    empty database.
    """
    from pgkit.cli.show import show as work

    return Command("show", "text", lambda: work(source, language.value, output, print_after, config, server))


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Schema files, or folders of them.")],
    format: Annotated[Format, typer.Option(help="How to report.")] = Format.text,
) -> Command:
    """Report every mistake in a schema, the SQL inside it included.

    All files together are one schema. Exits with 1 if there is a mistake.
    """
    from pgkit.cli.check import check as work

    return Command("check", format.value, lambda: work(files))


@app.command()
def fmt(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Schema files, or folders of them.")],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a file is not formatted.")
    ] = False,
) -> Command:
    """Format schema files in place, comments kept."""
    from pgkit.cli.fmt import fmt as work

    return Command("fmt", "text", lambda: work(files, check))


@app.command()
def drift(
    expected: Annotated[str, typer.Argument(metavar="EXPECTED", help=SOURCE)],
    db: Annotated[str | None, typer.Option(metavar="URL", help="The database to compare with.")] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="Compare a Drizzle folder with what its SQL really makes.")
    ] = False,
    config: ConfigFile = None,
    server: ServerChoice = None,
    format: Annotated[DriftFormat, typer.Option(help="How to report.")] = DriftFormat.text,
) -> Command:
    """Say how a database differs from what is expected.

    Exits with 0 if it does not, and with 1 if it does. Compares with the database that `--db` names, or with
    `--replay` what the SQL of a Drizzle folder makes with the last snapshot in it.
    """
    if replay == (db is not None):
        raise fail("usage", "expected either --db URL or --replay", exit_code=2)
    from pgkit.cli.drift import drift as work

    return Command("drift", format.value, lambda: work(expected, db, format.value, config, server))


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help=SOURCE)],
    after: Annotated[str, typer.Argument(metavar="AFTER", help=SOURCE)],
    rename: Renames = None,
    hints: HintsFile = None,
    postgres: Major = None,
    attempt: Annotated[
        bool, typer.Option("--try", help="Run the plan on a scratch copy of BEFORE, and compare the result.")
    ] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 if anything differs.")] = False,
    config: ConfigFile = None,
    server: ServerChoice = None,
    format: Annotated[DiffFormat, typer.Option(help="How to print the plan.")] = DiffFormat.sql,
) -> Command:
    """Print the migration from one schema to another.

    Each statement comes with its hazards as comments above it. Renames are never guessed: say them
    with --rename or in a file of hints. With --try, a plan that does not work is an error (4).
    """
    from pgkit.cli.diff import Choices, compare

    choices = Choices(
        renames=tuple(rename or ()),
        hints=hints,
        format=format.value,
        exit_code=exit_code,
        try_=attempt,
        postgres=postgres,
    )
    return Command("diff", _reported(format), lambda: compare(before, after, choices, config, server))


def _reported(format: DiffFormat) -> Literal["text", "json"]:
    return "json" if format is DiffFormat.json else "text"
