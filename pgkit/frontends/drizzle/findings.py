"""What is odd about a folder but can be read. The same thing many times is one finding."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pgkit.diag import Diagnostic, Severity
from pgkit.frontends.drizzle.folder import Entry
from pgkit.frontends.drizzle.heads import Head

Names = Sequence[str]
_SHOWN: Final = 5
_LINE_COMMENTS: Final = re.compile(r"(?:\s++|--[^\n]*+)*+")
_BLOCK_MARK: Final = re.compile(r"/\*|\*/")
_NOTES: Final = ("carried-over", "entry-without-snapshot", "index-not-position", "privileges", "tablespace")
# What is said before the names of what is odd, and what to do about it.
_SAID: Final = {
    "entry-without-sql": ("no SQL file for", "restore it; a replay stops there"),
    "entry-without-snapshot": ("no snapshot for", "what they lead to can only be found by a replay"),
    "sql-not-utf8": ("bytes that are not UTF-8 in", "Drizzle runs them as U+FFFD: save the file as UTF-8"),
    "commented-baseline": (
        "nothing but comment, as drizzle-kit pull writes it, in",
        "a replay on an empty database makes nothing of it: uncomment it, or prepare the database first",
    ),
    "index-not-position": ("idx is not the position of", "harmless: nothing reads it"),
    "when-not-increasing": (
        "no later `when` than an entry before",
        "Drizzle skips them silently on a database that has the other; give them a later one",
    ),
    "duplicate-tag": ("more than one entry for", "remove the entry that is not meant"),
    "duplicate-prefix": ("several tags, and one snapshot, for", "give one of them another number"),
    "prefix-none": (
        "no prefix before the name of",
        "drizzle-kit ignores their snapshot and makes everything anew: set migrations.prefix",
    ),
    "sql-not-in-journal": ("never run, for want of an entry", "add an entry for it, or remove it"),
    "snapshot-not-in-journal": ("no entry belongs to", "add an entry for it, or remove it"),
    "stray-file": ("drizzle-kit would take for a snapshot", "move it out of meta/"),
    "both-layouts": (
        "folders of drizzle-kit 1.0 beside a journal",
        "finish its upgrade, or undo it",
    ),
    "own-snapshot-stale": (
        "the Drizzle snapshot was changed since pgkit wrote the one beside it",
        "what only pgkit knows is taken from an earlier one; `pgkit migrate new` writes it anew",
    ),
    "unreadable-snapshot": ("no id and parent in", "restore it from version control"),
    "same-id": ("the id of another snapshot in", "generate one of them anew"),
    "chain-broken": ("the parent is missing of", "harmless where early history was removed on purpose"),
    "chain-forked": ("the same parent in", "two branches were brought together: generate the later one anew"),
    "chain-inverted": ("sorted before its parent", "rename it to sort after"),
    "chain-tip": ("last by name, but not the end of the chain", "drizzle-kit compares with the last by name"),
    "last-snapshot": (
        "last by name, but not of the last entry",
        "drizzle-kit compares with the last by name",
    ),
}


def finding(code: str, message: str, where: str, help: str) -> Diagnostic:
    """Something odd: a warning, or a note if nothing goes wrong by it."""
    severity = Severity.NOTE if code in _NOTES else Severity.WARNING
    return Diagnostic(code, message, help=help, severity=severity, where=where)


def some(items: Names) -> str:
    """The first few of a list of names."""
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more


def said(where: str, found: dict[str, list[str]]) -> tuple[Diagnostic, ...]:
    """One finding for each code that names something."""
    said = ((code, *_SAID[code], items) for code, items in found.items() if items)
    return tuple(finding(code, f"{text}: {some(items)}", where, help) for code, text, help, items in said)


def of_entries(where: str, entries: Sequence[Entry]) -> tuple[Diagnostic, ...]:
    """What is odd about the entries themselves, in either layout."""
    first = [e.tag for e in entries[:1] if e.sql and _all_comment(e.sql.text)]
    found = {
        "entry-without-sql": [e.tag for e in entries if e.sql is None],
        "entry-without-snapshot": [e.tag for e in entries if e.snapshot is None],
        "sql-not-utf8": [e.tag for e in entries if e.sql and "\ufffd" in e.sql.text],
        "commented-baseline": first,
    }
    return said(where, found)


def _all_comment(text: str) -> bool:
    """Whether there is nothing in `text` but comments, one of them a block comment; they nest in Postgres."""
    at, blocks = 0, 0
    while text.startswith("/*", at := _line_comments_end(text, at)):
        at, blocks = _comment_end(text, at), blocks + 1
    return blocks > 0 and at == len(text)


def _line_comments_end(text: str, at: int) -> int:
    found = _LINE_COMMENTS.match(text, at)
    return found.end() if found else at


def _comment_end(text: str, at: int) -> int:
    depth = 0
    for mark in _BLOCK_MARK.finditer(text, at):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(text)


def of_journal(where: str, entries: Sequence[Entry]) -> tuple[Diagnostic, ...]:
    """What is odd about the numbers, times and tags of a journal."""
    tags = Counter(e.tag for e in entries)
    prefixes = Counter(tag.split("_")[0] for tag in tags)
    found = {
        "index-not-position": [f"{e.tag} ({e.idx} at {i})" for i, e in enumerate(entries) if e.idx != i],
        "when-not-increasing": _not_increasing(entries),
        "duplicate-tag": [tag for tag, count in tags.items() if count > 1],
        "duplicate-prefix": [prefix for prefix, count in prefixes.items() if count > 1 and prefix],
        "prefix-none": [tag for tag in tags if tag.startswith("_")],
    }
    return said(where, found)


def _not_increasing(entries: Sequence[Entry]) -> list[str]:
    found, latest = [], -1
    for entry in entries:
        if entry.when <= latest:
            found.append(entry.tag)
        latest = max(latest, entry.when)
    return found


def of_chain(where: str, heads: dict[str, Head | None], merges: bool) -> tuple[Diagnostic, ...]:
    """What is odd about how the snapshots follow each other. From version 8 on branches may be merged."""
    known = {name: head for name, head in heads.items() if head}
    by_id = {head.id: name for name, head in known.items()}
    children = Counter(parent for head in known.values() for parent in head.parents or ("",))
    tips = [name for name, head in known.items() if head.id not in children]
    forked = [n for n, head in known.items() if any(children[p] > 1 for p in head.parents or ("",))]
    found = {
        "unreadable-snapshot": [name for name in heads if name not in known],
        "same-id": [name for name, head in known.items() if by_id[head.id] != name],
        "chain-broken": [n for n, head in known.items() if any(p not in by_id for p in head.parents)],
        "chain-forked": [] if merges and len(tips) < 2 else forked,
        "chain-inverted": [n for n, head in known.items() if any(by_id.get(p, "") > n for p in head.parents)],
        "chain-tip": [name for name in list(known)[-1:] if tips and name not in tips],
    }
    return said(where, found)


def of_choice(where: str, chosen: str, entries: Sequence[Entry]) -> tuple[Diagnostic, ...]:
    """The snapshot that is last by name may not be that of the last entry."""
    same = not entries or entries[-1].snapshot == chosen
    return said(where, {"last-snapshot": [] if same else [chosen]})
