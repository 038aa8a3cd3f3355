"""The layout of 0.x: `meta/_journal.json`, `meta/0007_snapshot.json` and `0007_name.sql`."""

import re

from attrs import evolve

from pgkit.diag import Diagnostic, PgkitError
from pgkit.frontends.drizzle import findings
from pgkit.frontends.drizzle.folder import Entry
from pgkit.frontends.drizzle.jsontext import decode, oddities, parse
from pgkit.frontends.drizzle.listing import Listing, Place, listing, load
from pgkit.frontends.drizzle.node import Node, WrongShape
from pgkit.frontends.drizzle.own import own_name
from pgkit.frontends.drizzle.scan import Scan, heads_of, load_sql

JOURNAL = "_journal.json"
_UNSAFE = re.compile(r"[/\\\x00-\x1f]")
_FOLDER = re.compile(r"\d{14}_")  # as drizzle-kit 1.0 names them
_SUFFIX = "_snapshot.json"


def scan_journal(top: Listing) -> Scan:
    """Reads the journal, the SQL of its entries and the heads of the snapshots."""
    inside = top.path
    meta = listing(top.folders["meta"].path, inside)
    source = decode(str(meta.path / JOURNAL), load(meta.files[JOURNAL], inside))
    node = Node(source, parse(source))
    snapshots = {f"meta/{name}": place for name, place in meta.files.items() if name.endswith(_SUFFIX)}
    try:
        entries = _entries(node, top, snapshots)
    except WrongShape as wrong:
        raise PgkitError((wrong.diagnostic,)) from None
    return Scan(
        path=top.path,
        layout="journal",
        entries=entries,
        snapshots=snapshots,
        heads=heads_of(snapshots, inside),
        own={name: meta.files[own] for name in snapshots if (own := _own(name)) in meta.files},
        findings=(*oddities(source), *_findings(source.name, entries, top, meta)),
    )


def _own(snapshot: str) -> str:
    return own_name(snapshot).removeprefix("meta/")


def _entries(node: Node, top: Listing, snapshots: dict[str, Place]) -> tuple[Entry, ...]:
    version = node.text("version")
    if version not in ("5", "6", "7", "8"):
        help = "pgkit reads journals of versions 5 to 8; update pgkit if drizzle-kit wrote it"
        raise node.at("version").wrong(f"no journal version {version} is known", help, "unknown-version")
    if node.text("dialect") not in ("pg", "postgresql", "postgres"):
        help = "pgkit reads folders of Postgres only"
        raise node.at("dialect").wrong(f"the folder is for {node.text('dialect')}", help, "other-dialect")
    entries = tuple(_entry(entry, top, snapshots) for entry in node.at("entries").each())
    # with the prefix `none` there is one snapshot for all, as the last of them left it
    unprefixed = [entry for entry in entries if entry.tag.startswith("_")]
    return tuple(evolve(e, snapshot=None) if e in unprefixed[:-1] else e for e in entries)


def _entry(node: Node, top: Listing, snapshots: dict[str, Place]) -> Entry:
    tag = node.filled("tag")
    if _UNSAFE.search(tag):
        help = "a tag names a file in this folder; restore the journal from version control"
        raise node.at("tag").wrong("the tag would lead out of the folder", help, "unsafe-tag")
    snapshot = f"meta/{tag.split('_')[0]}{_SUFFIX}"
    return Entry(
        idx=node.whole("idx"),
        tag=tag,
        when=node.whole("when"),
        breakpoints=node.flag("breakpoints", True),
        sql=load_sql(top.files.get(f"{tag}.sql"), top.path),
        snapshot=snapshot if snapshot in snapshots else None,
    )


def _findings(where: str, entries: tuple[Entry, ...], top: Listing, meta: Listing) -> tuple[Diagnostic, ...]:
    tags = {entry.tag for entry in entries}
    used = {entry.snapshot for entry in entries}
    sql = [name for name in top.files if name.endswith(".sql") and name.removesuffix(".sql") not in tags]
    taken = [name for name in meta.files if not name.startswith("_")]
    unused = [name for name in taken if name.endswith(_SUFFIX) and f"meta/{name}" not in used]
    strays = [name for name in taken if not name.endswith(_SUFFIX)]
    without_entry = {
        "sql-not-in-journal": sql,
        "snapshot-not-in-journal": unused,
        "stray-file": strays,
        "both-layouts": [name for name in top.folders if _FOLDER.match(name)],
    }
    return (
        *findings.of_entries(where, entries),
        *findings.of_journal(where, entries),
        *findings.said(where, without_entry),
    )
