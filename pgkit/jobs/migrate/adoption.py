"""The ledger of ours where Drizzle's says more: nothing is run that Drizzle has recorded as applied."""

from collections.abc import Sequence
from typing import Final

from attrs import field, frozen

from pgkit.diag import fail
from pgkit.executor import Executor
from pgkit.jobs.config import LedgerName, MigrateConfig
from pgkit.jobs.migrate.files import Found
from pgkit.jobs.migrate.ledgers import drizzle_ledger
from pgkit.runtime.migrate.drizzle_ledger import DrizzleLedger
from pgkit.runtime.migrate.ledger import Entry, Ledger
from pgkit.runtime.migrate.migration import Migration
from pgkit.runtime.migrate.own_ledger import OwnLedger
from pgkit.runtime.migrate.own_repair import is_there

_HELP: Final = (
    "`pgkit migrate baseline` takes over what Drizzle recorded; `--ledger drizzle` goes on in its own"
)
# Asked first, for a question that is refused would break the transaction it is asked in.
_READABLE: Final = """
    SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND c.relname OPERATOR(pg_catalog.=) $2
"""


@frozen
class NewLedger(OwnLedger):
    """Our ledger, which will not begin where Drizzle's has rows for the same files."""

    drizzle: DrizzleLedger = field(kw_only=True, repr=False)

    async def prepare(self, session: Executor) -> None:
        """Creates schema and table, once it is known that they are to be."""
        if not await is_there(session, self):
            await self._check(session, self.drizzle.migrations)
        await super().prepare(session)

    async def entries(self, session: Executor, migrations: Sequence[Migration]) -> tuple[Entry, ...]:
        """The rows. Raises if there are none, and Drizzle's has some."""
        entries = await super().entries(session, migrations)
        if not entries:
            await self._check(session, migrations)
        return entries

    async def _check(self, session: Executor, migrations: Sequence[Migration]) -> None:
        readable = await session.fetch(_READABLE, self.drizzle.schema, self.drizzle.table)
        if not readable or not readable[0][0]:
            return
        recorded = {entry.tag for entry in await self.drizzle.entries(session, migrations)}
        known = sum(migration.tag in recorded for migration in migrations)
        if known:
            message = f"this ledger is new, and by {self.drizzle.title} {known} of the files are applied"
            raise fail("not-adopted", message, where=self.title, help=_HELP)


def ledger_of_run(name: LedgerName, config: MigrateConfig, found: Found) -> Ledger:
    """The ledger that a run goes by."""
    drizzle = drizzle_ledger(config, found)
    return drizzle if name == "drizzle" else NewLedger(config.schema, config.table, drizzle=drizzle)
