"""What the command line says to each of the commands of `pgkit migrate`; None: as pgkit.toml has it."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

if TYPE_CHECKING:
    from pgkit.jobs.config import LedgerName


@frozen(kw_only=True)
class Place:
    """Which migrations, on which database, and who records them."""

    dir: Path | None = None
    db: str | None = field(default=None, repr=False)  # a URL may hold a password; None: the PG* variables
    ledger: "LedgerName | None" = None
    config: Path | None = None


@frozen(kw_only=True)
class UpChoices(Place):
    """`migrate up`. Times are Postgres's texts, as `3s`."""

    to: str | None = None
    dry_run: bool = False
    out_of_order: bool = False
    lock_wait: str | None = None
    lock_timeout: str | None = None
    statement_timeout: str | None = None
    retries: int | None = None
    format: Literal["text", "json"] = "text"


@frozen(kw_only=True)
class StatusChoices(Place):
    """`migrate status`."""

    check: bool = False


@frozen(kw_only=True)
class VerifyChoices(Place):
    """`migrate verify`."""

    repair: bool = False


@frozen(kw_only=True)
class BaselineChoices(Place):
    """`migrate baseline`."""

    to: str | None = None


@frozen(kw_only=True)
class NewChoices:
    """`migrate new`."""

    dir: Path | None = None
    source: str | None = None
    name: str | None = None
    custom: bool = False
    renames: tuple[str, ...] = ()
    hints: Path | None = None
    try_: bool = True
    postgres: int | None = None
    config: Path | None = None
    server: str | None = None
    format: Literal["text", "json"] = "text"
