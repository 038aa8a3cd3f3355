"""The identity of a snapshot, without reading all of it: a folder may hold a hundred megabytes of them."""

import re
from pathlib import Path
from typing import Any

import orjson
from attrs import frozen

from pgkit.frontends.drizzle.listing import Place, ends, load

ORIGIN = "00000000-0000-0000-0000-000000000000"
_SIZE = 1024
_TEXT = rb'"(?:[^"\\]|\\.)*"'
_MEMBER = re.compile(rb'\s*"(\w+)"\s*:\s*(' + _TEXT + rb"|\[\s*(?:" + _TEXT + rb"\s*,?\s*)*\])\s*,")
_BOM = b"\xef\xbb\xbf"
_START = re.compile(rb"\s*\{")
# drizzle-kit writes the identity either first or last
_LAST = re.compile(
    rb'"id"\s*:\s*(?P<id>"[^"\\]*")\s*,\s*"prevId"\s*:\s*(?P<parent>"[^"\\]*")\s*\}\s*\Z', re.DOTALL
)
_VERSION_8 = re.compile(rb'"version"\s*:\s*"8"')
_NO_RENAMES = re.compile(rb'"renames"\s*:\s*\[\s*\]\s*\}\s*\Z')


@frozen
class Head:
    """Who a snapshot is and what it was made from. No parents: it is a first one."""

    id: str
    parents: tuple[str, ...]


def read_head(place: Place, inside: Path) -> Head | None:
    """The head of a snapshot file; None if the file does not have one."""
    first, last = ends(place, inside, _SIZE)
    try:
        if found := head_of(_leading(first.removeprefix(_BOM))):
            return found
        if match := _LAST.search(last):
            return head_of({"id": orjson.loads(match["id"]), "prevId": orjson.loads(match["parent"])})
        return head_of(orjson.loads(load(place, inside).removeprefix(_BOM)))
    except orjson.JSONDecodeError:
        return None


def may_rename(place: Place, inside: Path) -> bool:
    """Whether a snapshot of version 8 may record renames: without reading all of it."""
    first, last = ends(place, inside, _SIZE)
    return bool(_VERSION_8.search(first)) and not _NO_RENAMES.search(last)


def head_of(value: Any) -> Head | None:
    """The head of a parsed snapshot; from version 8 on there may be several parents."""
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        return None
    parents = value.get("prevIds", [value.get("prevId")])
    if not isinstance(parents, list) or not all(isinstance(parent, str) for parent in parents):
        return None
    return Head(value["id"], tuple(parent for parent in parents if parent not in ("", ORIGIN)))


def _leading(text: bytes) -> dict[str, Any]:
    """The members that an object starts with, as long as they are text or arrays of text."""
    found: dict[str, Any] = {}
    start = _START.match(text)
    at = start.end() if start else len(text)
    while match := _MEMBER.match(text, at):
        found[match[1].decode()] = orjson.loads(match[2])
        at = match.end()
    return found
