"""The ledgers that a configuration names, for the migrations of a folder."""

from pathlib import Path

from attrs import field, frozen

from pgkit.diag import fail
from pgkit.jobs.config import LedgerName, MigrateConfig
from pgkit.jobs.migrate.files import Found
from pgkit.runtime.migrate.drizzle_ledger import DrizzleLedger
from pgkit.runtime.migrate.own_ledger import OwnLedger


@frozen(kw_only=True)
class Place:
    """Which migrations, on which database, and whose ledger counts; None: as the configuration has it."""

    folder: Path
    url: str = field(repr=False)
    ledger: LedgerName | None = None
    config: MigrateConfig = field(factory=MigrateConfig)


def own_ledger(config: MigrateConfig) -> OwnLedger:
    """The ledger of ours."""
    return OwnLedger(config.schema, config.table)


def drizzle_ledger(config: MigrateConfig, found: Found) -> DrizzleLedger:
    """Drizzle's ledger, in the form that goes with the folder's layout."""
    return DrizzleLedger(config.drizzle_schema, config.drizzle_table, found.layout == "v1", found.migrations)


def folder_of(named: Path | None, config: MigrateConfig) -> Path:
    """The folder that the command line names, else that of the configuration."""
    folder = named or config.dir
    if folder is None:
        help = "pgkit migrate ... DIR, or `dir` of [migrate] in pgkit.toml"
        raise fail("no-folder", "no migrations folder is named", help=help, exit_code=2)
    return folder


def place(folder: Path | None, url: str | None, ledger: LedgerName | None, config: MigrateConfig) -> Place:
    """A place as the command line says it."""
    # A URL that says nothing is filled in from the PG* variables
    return Place(folder=folder_of(folder, config), url=url or "postgresql://", ledger=ledger, config=config)
