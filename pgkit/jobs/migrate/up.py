"""`migrate up`: applies the pending migrations of a folder to a database, each exactly once."""

from pathlib import Path

from attrs import field, frozen

from pgkit.diag import Diagnostic, PgkitError
from pgkit.jobs.config import LedgerName, MigrateConfig
from pgkit.jobs.migrate.adoption import ledger_of_run
from pgkit.jobs.migrate.files import Found, migrations
from pgkit.runtime.migrate.events import Event, Watcher
from pgkit.runtime.migrate.options import Options
from pgkit.runtime.migrate.plan import upto
from pgkit.runtime.migrate.runner import Applied, Order, Run
from pgkit.runtime.migrate.teller import Teller
from pgkit.runtime.migrate.trial import Trial
from pgkit.runtime.target import parse


@frozen(kw_only=True)
class Request:
    """A folder of migrations and the database that is to have them."""

    folder: Path
    db: str = field(default="postgresql://", repr=False)  # without more, what the PG* variables name
    ledger: LedgerName = "pgkit"
    names: MigrateConfig = field(factory=MigrateConfig)  # of the ledgers
    options: Options = field(factory=Options)
    to: str | None = None
    out_of_order: bool = False
    dry_run: bool = False


@frozen(kw_only=True)
class Report:
    """What was applied, in order, and what is still pending; of a dry run, what was tried."""

    applied: tuple[Applied, ...] = ()
    pending: tuple[str, ...] = ()
    trial: Trial | None = None
    findings: tuple[Diagnostic, ...] = ()


class Stopped(PgkitError):
    """What stopped a run, with what it had done by then."""

    def __init__(self, error: PgkitError, report: Report) -> None:
        super().__init__(error.diagnostics, error.exit_code)
        self.report = report


def unwatched(_: Event) -> None:
    """The watcher of a run that nobody watches."""


async def up(request: Request, watch: Watcher = unwatched) -> Report:
    """Applies what is pending. Everything that can be refused is refused before anything is sent."""
    found = migrations(request.folder)
    left = tuple(m.tag for m in found.migrations[len(upto(found.migrations, request.to)) :])
    run = Run(_order(request, found), Teller(watch))
    try:
        await run.go()
    except PgkitError as error:
        raise Stopped(error, _report(run, found, left)) from None
    return _report(run, found, left)


def _order(request: Request, found: Found) -> Order:
    return Order(
        target=parse(request.db),
        ledger=ledger_of_run(request.ledger, request.names, found),
        migrations=found.migrations,
        options=request.options,
        to=request.to,
        out_of_order=request.out_of_order,
        dry_run=request.dry_run,
    )


def _report(run: Run, found: Found, left: tuple[str, ...]) -> Report:
    applied = {one.tag for one in run.applied}
    return Report(
        applied=tuple(run.applied),
        pending=(*(tag for tag in run.pending if tag not in applied), *left),
        trial=run.trial if run.order.dry_run else None,
        findings=found.findings,
    )
