"""Reads a Drizzle folder: which files there are, which state is meant, and the snapshots that hold it."""

import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from pgkit.diag import Diagnostic, PgkitError, fail
from pgkit.frontends.drizzle import findings
from pgkit.frontends.drizzle.folder import Entry, Folder, Own, Snapshot
from pgkit.frontends.drizzle.heads import may_rename
from pgkit.frontends.drizzle.journal import JOURNAL, scan_journal
from pgkit.frontends.drizzle.jsontext import decode, oddities, parse
from pgkit.frontends.drizzle.listing import Listing, listing, load
from pgkit.frontends.drizzle.node import Node, WrongShape
from pgkit.frontends.drizzle.own import digest, own_name, parse_own
from pgkit.frontends.drizzle.scan import Scan
from pgkit.frontends.drizzle.v1 import migrations, scan_v1

_COMPLETE = ("5", "6", "7", "8")  # the versions in which a snapshot says all
_VERSIONS = (*_COMPLETE, "9")


def read(folder: Path, tag: str | None = None) -> Folder:
    """Reads a Drizzle folder as it stands after its last snapshot, or after the entry `tag`.

    A unique prefix of a tag will do. What is odd is a finding; an error is what cannot be read at all.
    """
    scan = scan_folder(Path(folder))
    entry = _entry(scan, tag) if tag is not None else None
    chosen = _chosen(scan, entry)
    history = _history(scan, chosen, _ends(scan, entry)) if chosen else ()
    own, stale = _own(scan, chosen) if chosen else (None, [])
    return Folder(
        path=scan.path,
        layout=scan.layout,
        entries=scan.entries,
        tag=entry.tag if entry else None,
        history=history,
        renaming=_renaming(scan, history),
        own=own,
        findings=(*scan.findings, *_findings(scan, entry, history), *stale),
    )


def _own(scan: Scan, chosen: Snapshot) -> tuple[Own | None, list[Diagnostic]]:
    """pgkit's last snapshot up to the chosen state, and findings for those that do not fit any more."""
    stale: list[str] = []
    for name in reversed([n for n in scan.own if n in scan.snapshots and n <= chosen.file]):
        file = own_name(name)
        body = parse_own(str(scan.path / file), load(scan.own[name], scan.path))
        snapshot = chosen if name == chosen.file else _snapshot(scan, name)
        if body.get("sha256") == digest(snapshot.value):
            then = () if name == chosen.file else _history(scan, snapshot, [name])
            return Own(file=str(scan.path / file), body=body, then=then), _stale(scan, stale)
        stale.append(file)
    return None, _stale(scan, stale)


def _stale(scan: Scan, files: list[str]) -> list[Diagnostic]:
    return list(findings.said(str(scan.path), {"own-snapshot-stale": files}))


def scan_folder(path: Path) -> Scan:
    """What a folder holds, whichever its layout; of the snapshots no more than their heads is read."""
    if not os.path.isdir(path):  # unlike Path.is_dir it raises nothing, whatever the name
        there = os.path.lexists(path)
        problem = ("not-a-folder", "not a folder") if there else ("no-such-folder", "no such folder")
        raise fail(*problem, where=str(path), help="name the folder that holds meta/_journal.json")
    top = listing(path, path)
    if "meta" in top.folders and JOURNAL in listing(top.folders["meta"].path, path).files:
        return scan_journal(top)
    if folders := migrations(top):
        return scan_v1(top, folders)
    raise fail("not-drizzle", "not a Drizzle folder", where=str(path), help=_elsewhere(top))


def _elsewhere(top: Listing) -> str:
    """Where the folder that is meant may be: right above, or right below."""
    if JOURNAL in top.files:
        return f"name the folder above it: {top.path.parent}"
    below = [name for name in top.folders if os.path.isfile(top.path / name / "meta" / JOURNAL)]
    if below:
        return f"name the folder inside it: {top.path / below[0]}"
    return "it has no meta/_journal.json, and no folders with migration.sql and snapshot.json"


def _entry(scan: Scan, tag: str) -> Entry:
    """The entry that `tag` names: in full, by its part before `_`, or by a unique beginning."""
    exact = [e for e in scan.entries if e.tag == tag]
    numbered = [e for e in scan.entries if e.tag.split("_")[0] == tag]
    begun = [e for e in scan.entries if tag and e.tag.startswith(tag)]
    found = exact or numbered or begun
    if len({e.tag for e in found}) == 1:
        return found[-1]
    where = str(scan.path)
    if found:
        message = f"more than one tag starts with {tag}: {findings.some([e.tag for e in found])}"
        raise fail("ambiguous-tag", message, where=where, help="say more of it")
    if any(part in tag for part in ("/", "\\", "\0")):
        help = "a tag names a migration in this folder"
        raise fail("unsafe-tag", f"the tag {tag} would lead out of the folder", where=where, help=help)
    near = get_close_matches(tag, [e.tag for e in scan.entries], n=1, cutoff=0.4)
    help = f"did you mean {near[0]}" if near else "name one of its entries, or a unique prefix of one"
    raise fail("no-such-tag", f"no migration has the tag {tag}", where=where, help=help)


def _chosen(scan: Scan, entry: Entry | None) -> Snapshot | None:
    """The snapshot of an entry, or else the one that drizzle-kit compares with: the last by name."""
    if entry:
        return _snapshot(scan, entry.snapshot) if entry.snapshot else None
    names = list(scan.snapshots)
    # drizzle-kit never reads meta/_snapshot.json; it is all there is with the prefix `none`
    names = [name for name in names if not name.startswith("meta/_")] or names
    return _snapshot(scan, names[-1]) if names else None


def _ends(scan: Scan, entry: Entry | None) -> list[str]:
    """The snapshots that nothing follows, or that of an entry."""
    if entry and entry.snapshot:
        return [entry.snapshot]
    heads = {name: head for name, head in scan.heads.items() if head}
    parents = {parent for head in heads.values() for parent in head.parents}
    return [name for name, head in heads.items() if head.id not in parents]


def _history(scan: Scan, chosen: Snapshot, ends: list[str]) -> tuple[Snapshot, ...]:
    """What the state is made of: from version 9 on all that lead to it, in the order of their names."""
    if chosen.value["version"] in _COMPLETE:
        return (chosen,)
    names = _leading_to(scan, (chosen.file, *ends))
    return tuple(chosen if name == chosen.file else _snapshot(scan, name) for name in names)


def _leading_to(scan: Scan, ends: Sequence[str]) -> list[str]:
    """The snapshots that lead to these, and these, in the order of their names."""
    by_id = {head.id: name for name, head in scan.heads.items() if head}
    needed, stack = set[str](), list(ends)
    while stack:
        name = stack.pop()
        if name not in needed:
            needed.add(name)
            head = scan.heads[name]
            stack += [by_id[parent] for parent in (head.parents if head else ()) if parent in by_id]
    return [name for name in scan.snapshots if name in needed]


def _renaming(scan: Scan, history: Sequence[Snapshot]) -> tuple[Snapshot, ...]:
    """The snapshots that may record a rename: most say at their end that there is none, and are not read."""
    if not history or history[-1].value["version"] != "8":
        return tuple(history) if history and history[-1].value["version"] == "9" else ()
    read = {snapshot.file: snapshot for snapshot in history}
    names = [n for n in _leading_to(scan, [history[-1].file]) if may_rename(scan.snapshots[n], scan.path)]
    return tuple(read.get(name) or _snapshot(scan, name) for name in names)


def _snapshot(scan: Scan, file: str) -> Snapshot:
    source = decode(str(scan.path / file), load(scan.snapshots[file], scan.path))
    node = Node(source, parse(source))
    try:
        _known(node)
    except WrongShape as wrong:
        raise PgkitError((wrong.diagnostic,)) from None
    return Snapshot(file=file, source=source, value=node.value)


_NEWER = "pgkit reads snapshots of versions 5 to 9; update pgkit if drizzle-kit wrote it"


def _known(node: Node) -> None:
    version = node.text("version")
    if version not in _VERSIONS:
        help = "bring it up to date with drizzle-kit up" if version in ("1", "2", "3", "4") else _NEWER
        raise node.at("version").wrong(f"no snapshot version {version} is known", help, "unknown-version")
    if node.text("dialect") not in ("pg", "postgresql", "postgres"):
        help = "pgkit reads folders of Postgres only"
        raise node.at("dialect").wrong(f"the snapshot is for {node.text('dialect')}", help, "other-dialect")


def _findings(scan: Scan, entry: Entry | None, history: Sequence[Snapshot]) -> list[Diagnostic]:
    where = str(scan.path)
    found = list(findings.of_chain(where, scan.heads, merges=scan.layout == "v1"))
    if history and not entry:
        found += findings.of_choice(where, history[-1].file, scan.entries)
    for snapshot in history:
        found += oddities(snapshot.source)
    return found
