"""What is left to run: the migrations of the folder held against the rows of the ledger."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from pgkit.diag import Diagnostic, PgkitError, fail
from pgkit.runtime.migrate.checksums import prefix_checksum
from pgkit.runtime.migrate.ledger import Entry, State
from pgkit.runtime.migrate.migration import Migration

_EDITED = (
    "put the file back as it was and write another migration; "
    "`pgkit migrate verify --repair` accepts the edit"
)
_VANISHED = "restore it; `pgkit migrate verify --repair` has the ledger forget it"
_EARLIER = (
    "give it a place after the others, or apply it with --out-of-order; "
    "`pgkit migrate baseline` records it without running it"
)


@frozen(kw_only=True)
class Plan:
    """The files to run, in their order; `begun` holds the row of the one that stopped on its way."""

    pending: tuple[Migration, ...]
    begun: Entry | None = None
    entries: tuple[Entry, ...] = ()


def plan(
    migrations: Sequence[Migration],
    entries: Sequence[Entry],
    *,
    to: str | None = None,
    out_of_order: bool = False,
) -> Plan:
    """What is to run. Raises with all that folder and ledger disagree in: nothing runs then."""
    wanted = upto(migrations, to)
    wrong = [*_disagreements(migrations, entries)]
    if not out_of_order:
        wrong += _overtaken(migrations, entries)
    if wrong:
        raise PgkitError(wrong)
    done = {entry.tag for entry in entries if entry.state is State.DONE}
    begun = next((entry for entry in entries if entry.state is State.RUNNING), None)
    pending = [migration for migration in wanted if migration.tag not in done]
    if begun is not None:
        # What stopped on its way goes on before anything else, wherever it stands
        pending.sort(key=lambda migration: migration.tag != begun.tag)
    return Plan(pending=tuple(pending), begun=begun, entries=tuple(entries))


def upto(migrations: Sequence[Migration], to: str | None) -> tuple[Migration, ...]:
    """The migrations up to and with the one that is named, by its tag or what stands before a `_` of it."""
    if to is None:
        return tuple(migrations)
    named = [m.position for m in migrations if m.tag == to] or [
        m.position for m in migrations if m.tag.startswith(f"{to}_")
    ]
    if len(named) == 1:
        return tuple(m for m in migrations if m.position <= named[0])
    message = f"several migrations start with {to}_" if named else f"no migration named {to}"
    raise fail(
        "unknown-migration", message, help="give the whole tag, as it stands in the journal", exit_code=2
    )


def _disagreements(migrations: Sequence[Migration], entries: Sequence[Entry]) -> Iterator[Diagnostic]:
    known = {migration.tag: migration for migration in migrations}
    applied = {entry.tag for entry in entries}
    for entry in entries:
        migration = known.get(entry.tag)
        if migration is None:
            yield _vanished(entry, [m for m in migrations if m.tag not in applied])
        elif _is_edited(entry, migration):
            yield _edited(entry, migration)


def _vanished(entry: Entry, new: Sequence[Migration]) -> Diagnostic:
    twin = next((m.tag for m in new if entry.checksum == m.checksum or entry.raw == m.raw), None)
    if twin is None:
        return Diagnostic("vanished", f"{entry.tag} is applied, and there is no file of it", help=_VANISHED)
    help = f"give {twin} its old name back; `pgkit migrate verify --repair` accepts the new one"
    return Diagnostic("vanished", f"{entry.tag} is applied, and its file is now called {twin}", help=help)


def _edited(entry: Entry, migration: Migration) -> Diagnostic:
    name = migration.source.name
    if entry.state is State.DONE:
        message = f"{entry.tag} is applied, and its file was changed since"
        return Diagnostic("edited", message, help=_EDITED, where=name)
    message = (
        f"{entry.tag} stopped after statement {entry.statement}, and what stands before was changed since"
    )
    help = "put these statements back as they were; those after them may change"
    return Diagnostic("edited", message, help=help, where=name)


def _is_edited(entry: Entry, migration: Migration) -> bool:
    if entry.state is State.RUNNING:
        # It knows of the one in doubt too, or of less than is done where somebody settled that by hand
        ends = range(min(entry.statement + 1, len(migration.statements)) + 1)
        return all(prefix_checksum(migration.statements[:end]) != entry.prefix for end in reversed(ends))
    if entry.checksum is not None:
        return entry.checksum != migration.checksum
    return entry.raw is not None and entry.raw != migration.raw


def _overtaken(migrations: Sequence[Migration], entries: Sequence[Entry]) -> Iterator[Diagnostic]:
    """The pending ones that stand before an applied one."""
    there = {entry.tag for entry in entries}
    last = max((m for m in migrations if m.tag in there), key=lambda m: m.position, default=None)
    for migration in migrations:
        if last is not None and migration.position < last.position and migration.tag not in there:
            message = f"{migration.tag} is not applied, and {last.tag}, which stands after it, is"
            yield Diagnostic("out-of-order", message, help=_EARLIER, where=migration.source.name)
