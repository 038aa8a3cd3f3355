"""The commands of `pgkit migrate`: their arguments and their help."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgkit.cli.arguments import ConfigFile, Format, HintsFile, Major, Renames, ServerChoice
from pgkit.cli.migrate_choices import (
    BaselineChoices,
    NewChoices,
    StatusChoices,
    UpChoices,
    VerifyChoices,
)
from pgkit.cli.output import Command

if TYPE_CHECKING:
    from pgkit.jobs.config import LedgerName

migrate = typer.Typer(
    name="migrate",
    invoke_without_command=True,
    rich_markup_mode=None,
)


class Ledger(StrEnum):
    """Whose table says what is applied."""

    pgkit = "pgkit"
    drizzle = "drizzle"


@migrate.callback()
def commands(context: typer.Context) -> None:
    """Forward-only migrations: write them, run them, and say where a database stands."""
    if context.invoked_subcommand is None:
        print(context.get_help())


Folder = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="The migrations folder. Else `dir` of [migrate] in pgkit.toml."),
]
Database = Annotated[
    str | None, typer.Option("--db", metavar="URL", help="The database; else what the PG* variables name.")
]
WhichLedger = Annotated[
    Ledger | None, typer.Option("--ledger", help="Whose table says what is applied. Else that of pgkit.toml.")
]
To = Annotated[str | None, typer.Option("--to", metavar="TAG", help="The last migration to count.")]
AsFormat = Annotated[Format, typer.Option("--format", help="How to report.")]


def _ledger(chosen: Ledger | None) -> "LedgerName | None":
    return chosen.value if chosen else None


@migrate.command()
def up(
    dir: Folder = None,
    db: Database = None,
    to: To = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Run in a transaction that is rolled back; apply nothing.")
    ] = False,
    out_of_order: Annotated[
        bool, typer.Option("--out-of-order", help="Apply pending migrations that stand before applied ones.")
    ] = False,
    lock_wait: Annotated[
        str | None, typer.Option(metavar="TIME", help="How long to wait for another runner (60s).")
    ] = None,
    lock_timeout: Annotated[
        str | None, typer.Option(metavar="TIME", help="How long a statement waits for a lock (3s).")
    ] = None,
    statement_timeout: Annotated[
        str | None, typer.Option(metavar="TIME", help="How long a statement may run (0: no limit).")
    ] = None,
    retries: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="How often a file that met a lock is run again.")
    ] = None,
    ledger: WhichLedger = None,
    config: ConfigFile = None,
    format: AsFormat = Format.text,
) -> Command:
    """Apply the pending migrations, each exactly once.

    Safe to run by several processes at once, and to run again after any failure: each file runs in one
    transaction with its row in the ledger; one that cannot goes on where it stopped. Exits with 4 if SQL
    failed or a lock was not to be had; nothing of that file is left then.
    """
    from pgkit.cli.migrate_up import up as work

    choices = UpChoices(
        dir=dir,
        db=db,
        to=to,
        dry_run=dry_run,
        out_of_order=out_of_order,
        lock_wait=lock_wait,
        lock_timeout=lock_timeout,
        statement_timeout=statement_timeout,
        retries=retries,
        ledger=_ledger(ledger),
        config=config,
        format=format.value,
    )
    return Command("migrate up", format.value, lambda: work(choices))


@migrate.command()
def status(
    dir: Folder = None,
    db: Database = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 if anything is pending, or wrong.")
    ] = False,
    ledger: WhichLedger = None,
    config: ConfigFile = None,
    format: AsFormat = Format.text,
) -> Command:
    """Say of each migration whether it is applied. Reads only."""
    from pgkit.cli.migrate_status import status as work

    choices = StatusChoices(dir=dir, db=db, check=check, ledger=_ledger(ledger), config=config)
    return Command("migrate status", format.value, lambda: work(choices))


@migrate.command()
def verify(
    dir: Folder = None,
    db: Database = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Have the ledger say what the files say. Runs none of them.")
    ] = False,
    ledger: WhichLedger = None,
    config: ConfigFile = None,
    format: AsFormat = Format.text,
) -> Command:
    """Compare the ledger with the files; exit with 1 if they disagree."""
    from pgkit.cli.migrate_status import verify as work

    choices = VerifyChoices(dir=dir, db=db, repair=repair, ledger=_ledger(ledger), config=config)
    return Command("migrate verify", format.value, lambda: work(choices))


@migrate.command()
def baseline(
    dir: Folder = None,
    db: Database = None,
    to: To = None,
    ledger: WhichLedger = None,
    config: ConfigFile = None,
    format: AsFormat = Format.text,
) -> Command:
    """Record migrations as applied without running them, for a database that has their schema already.

    Where Drizzle's ledger is there and ours is empty, what Drizzle's proves to be applied is taken over.
    """
    from pgkit.cli.migrate_status import baseline as work

    choices = BaselineChoices(dir=dir, db=db, to=to, ledger=_ledger(ledger), config=config)
    return Command("migrate baseline", format.value, lambda: work(choices))


@migrate.command()
def new(
    dir: Folder = None,
    source: Annotated[
        str | None,
        typer.Argument(metavar="[SOURCE]", help="The schema that is wanted. Else `source` of pgkit.toml."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What it does, in a word.")
    ] = None,
    custom: Annotated[
        bool, typer.Option("--custom", help="Write an empty one, to be filled in by hand.")
    ] = False,
    rename: Renames = None,
    hints: HintsFile = None,
    postgres: Major = None,
    attempt: Annotated[
        bool, typer.Option("--try/--no-try", help="Run the plan on a scratch copy first.")
    ] = True,
    config: ConfigFile = None,
    server: ServerChoice = None,
    format: AsFormat = Format.text,
) -> Command:
    """Write the next migration: the way from the folder's last state to the schema that is wanted.

    In Drizzle's own format, so that drizzle-kit can go on from there. Prints the files that it wrote, and
    what the migration risks.
    """
    from pgkit.cli.migrate_new import new as work

    choices = NewChoices(
        dir=dir,
        source=source,
        name=name,
        custom=custom,
        renames=tuple(rename or ()),
        hints=hints,
        try_=attempt,
        postgres=postgres,
        config=config,
        server=server,
        format=format.value,
    )
    return Command("migrate new", format.value, lambda: work(choices))
