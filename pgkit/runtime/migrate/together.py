"""A file in one transaction, with its row in the ledger: applied exactly once, or not at all."""

import re
from typing import Final

from pgkit.diag import fail
from pgkit.runtime.connect import SqlError
from pgkit.runtime.migrate.doubt import check_valid
from pgkit.runtime.migrate.events import Point
from pgkit.runtime.migrate.failures import Moved
from pgkit.runtime.migrate.ledger import State
from pgkit.runtime.migrate.migration import Migration
from pgkit.runtime.migrate.work import AS_OURSELVES, Work

_AFTER: Final = "nothing of the file is left"
IF_NOT_EXISTS: Final = re.compile(r"create\s+(?:unique\s+)?index\s+if\s", re.IGNORECASE)


async def together(work: Work, migration: Migration) -> None:
    """Applies the file. Raises Moved if somebody else was at the ledger, Busy if a lock was not to be had."""
    try:
        await begin(work)
        work.teller.tell(Point.BEGUN)
        await statements(work, migration)
        await work.session.execute(AS_OURSELVES)
        await work.ledger.finish(work.session, migration)
    except SqlError as error:
        raise await work.unrecorded(migration, error) from None
    work.teller.tell(Point.RECORDED)
    work.teller.tell(Point.BEFORE_COMMIT)
    await work.commit(migration)
    work.recorded(migration, State.DONE)
    work.teller.tell(Point.DONE)


async def begin(work: Work) -> None:
    """Opens a transaction that holds the ledger, as the plan knows it."""
    await work.session.execute("BEGIN")
    await work.ledger.lock(work.session)
    if not await work.is_unmoved():
        await work.session.rollback()
        raise Moved("the ledger is not what it was")


async def statements(work: Work, migration: Migration) -> None:
    """Runs the statements one by one in the open transaction."""
    for number, statement in enumerate(migration.statements):
        await work.run(migration, number, _AFTER)
        if IF_NOT_EXISTS.match(statement.text):
            await check_valid(work, statement, 0)
        if not work.session.in_transaction():
            message = f"statement {number + 1} of {migration.tag} ended the transaction it ran in"
            help = "what stands before it is done and not recorded: undo it, and mend the file"
            raise fail("transaction-ended", message, span=statement.span, help=help, exit_code=4)
    work.teller.at(migration)
