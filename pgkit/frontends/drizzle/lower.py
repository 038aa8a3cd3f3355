"""Lowers a Drizzle folder: the chosen snapshot as a Catalog. Pure."""

from collections.abc import Sequence

from pgkit.diag import Diagnostic
from pgkit.frontends import Lowered
from pgkit.frontends.drizzle.drafts import Drafts
from pgkit.frontends.drizzle.findings import finding, some
from pgkit.frontends.drizzle.folder import Folder, Own, Snapshot
from pgkit.frontends.drizzle.history import rebuild
from pgkit.frontends.drizzle.node import Node, Notes
from pgkit.frontends.drizzle.own import carried_over, own_catalog
from pgkit.frontends.drizzle.renames import recorded
from pgkit.frontends.drizzle.v7 import read_v7
from pgkit.frontends.drizzle.v8 import read_v8
from pgkit.ir.catalog import Catalog


def lower(folder: Folder) -> Lowered:
    """What the chosen snapshot declares; the diagnostics hold the folder's findings as well."""
    if folder.snapshot is None:
        missing = _no_snapshot(folder) if folder.entries else ()
        return Lowered(Catalog(), (*folder.findings, *missing))
    drafts, notes = Drafts(), Notes()
    _read_all(folder.history, drafts, notes)
    seen = _seen(notes, folder.snapshot.source.name)
    catalog, told = _with_own(folder.own, drafts.catalog())
    return Lowered(catalog, (*folder.findings, *drafts.problems, *seen, *told), recorded(folder))


def _with_own(own: Own | None, catalog: Catalog) -> tuple[Catalog, list[Diagnostic]]:
    """The whole catalog, where pgkit has written one beside Drizzle's snapshot or one before it."""
    if own is None:
        return catalog, []
    if not own.then:
        return own_catalog(own), []
    drafts = Drafts()
    _read_all(own.then, drafts, Notes())
    return carried_over(own, drafts.catalog(), catalog)


def _read_all(history: Sequence[Snapshot], drafts: Drafts, notes: Notes) -> None:
    with drafts.collecting():
        _read([Node(s.source, s.value, (), notes) for s in history], drafts)


def _read(roots: list[Node], drafts: Drafts) -> None:
    if roots[-1].text("version") in ("5", "6", "7"):
        read_v7(roots[-1], drafts)
    else:
        read_v8(rebuild(roots, drafts), drafts)


def _seen(notes: Notes, where: str) -> list[Diagnostic]:
    """The notes as findings, one for all that is alike."""
    found = []
    if notes.unknown:
        message = f"keys that no known version of Drizzle writes are not read: {some(sorted(notes.unknown))}"
        help = "they may be typing errors, or come from a kit newer than this pgkit"
        found.append(finding("unknown-key", message, where, help))
    if notes.placeholders:
        message = f"a parameter stands where Postgres takes none: {some(notes.placeholders)}"
        help = "drizzle-kit leaves interpolated values out of expressions: write them with sql.raw()"
        found.append(finding("placeholder", message, where, help))
    if notes.misnamed:
        message = f"an object has another name than its key: {some(notes.misnamed)}"
        found.append(finding("misnamed", message, where, "the name counts: correct the key"))
    return found


def _no_snapshot(folder: Folder) -> tuple[Diagnostic, ...]:
    having = [entry.tag for entry in folder.entries if entry.snapshot]
    which = f"entry {folder.tag} has" if folder.tag else "the entries have"
    others = f"take one that has a snapshot ({having[-1]} is the last), or " if having else ""
    help = f"{others}read what the SQL makes with `replay:`"
    return (Diagnostic("no-snapshot", f"{which} no snapshot", help=help, where=str(folder.path)),)
