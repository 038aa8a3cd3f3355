"""What changes from one state of rows to another, as version 9 records it.

Renames go first and take along what mentions the renamed; then rows are dropped, altered and created.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pgkit.backends.drizzle.rows import Key, Row, Rows

Delta = dict[str, Any]


def deltas(before: Rows, after: Rows, renames: Iterable[Delta] = ()) -> list[Delta]:
    """The deltas from `before`, in which the renames are done already, to `after`."""
    return [*renames, *_drops(before, after), *_alters(before, after), *_creates(before, after)]


def key_text(key: Key) -> str:
    """A key as a delta writes it."""
    return f"{key[0]}\0{json.dumps(key[1:], separators=(',', ':'), ensure_ascii=False)}"


def _drops(before: Rows, after: Rows) -> Iterator[Delta]:
    """Members before their owners."""
    for key in reversed(list(before)):
        if key not in after:
            yield {"op": "drop", "key": key_text(key)}


def _alters(before: Rows, after: Rows) -> Iterator[Delta]:
    for key, row in after.items():
        if key in before and (changed := _changed(before[key], row)):
            yield {"op": "alter", "key": key_text(key), "set": changed}


def _changed(old: Mapping[str, Any], new: Row) -> Row:
    return {field: value for field, value in new.items() if old.get(field) != value}


def _creates(before: Rows, after: Rows) -> Iterator[Delta]:
    for key, row in after.items():
        if key not in before:
            yield {"op": "create", "row": row}
