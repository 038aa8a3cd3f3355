"""Reads JSON text: what is wrong comes with its line and column, and any value can be found again in it."""

import json
from collections.abc import Sequence
from typing import Any

import orjson

from pgkit.diag import Diagnostic, Severity, Source, Span, fail

_BOM = "\ufeff"
_SPACE = " \t\r\n"
_DECODER = json.JSONDecoder()
Path = tuple[str | int, ...]


def decode(name: str, data: bytes) -> Source:
    """The text of a JSON file, or an error at the first byte that is not UTF-8."""
    try:
        return Source(name, data.decode())
    except UnicodeDecodeError as error:
        good = Source(name, data[: error.start].decode() + "\ufffd")
        span = Span(good, len(good.text) - 1, len(good.text))
        raise fail(
            "not-utf8",
            f"cannot read byte {error.start + 1} as UTF-8",
            span=span,
            help="save the file as UTF-8",
        ) from None


def parse(source: Source) -> Any:
    """The value of a JSON text."""
    text = source.text.removeprefix(_BOM)
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        at = min(error.pos + len(source.text) - len(text), max(0, len(source.text) - 1))
        span = Span(source, at, at + 1)
        raise fail("bad-json", f"cannot read the JSON: {_reason(error.msg)}", span=span, help=_HELP) from None


_HELP = "restore the file from version control, or write it anew with drizzle-kit"


def _reason(message: str) -> str:
    return message[:1].lower() + message[1:].partition(": line")[0]


def oddities(source: Source) -> tuple[Diagnostic, ...]:
    """What Drizzle, or another reader, would take differently: a byte order mark, a key that stands twice."""
    found = []
    if source.text.startswith(_BOM):
        message = "the file starts with a byte order mark, which drizzle-kit cannot read"
        found.append(_warning("byte-order-mark", message, source.name, "save the file without one"))
    if twice := _keys_twice(source.text.removeprefix(_BOM)):
        names = ", ".join(dict.fromkeys(twice[:5]))
        message = f"the JSON has the same key twice in one object, the last counts: {names}"
        found.append(_warning("duplicate-key", message, source.name, "remove the one that is not meant"))
    return tuple(found)


def _warning(code: str, message: str, where: str, help: str) -> Diagnostic:
    return Diagnostic(code, message, help=help, severity=Severity.WARNING, where=where)


def _keys_twice(text: str) -> list[str]:
    twice: list[str] = []

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            keys = [key for key, _ in pairs]
            twice.extend(key for key in found if keys.count(key) > 1)
        return found

    try:
        json.loads(text, object_pairs_hook=keep)
    except (ValueError, RecursionError):  # stricter than orjson on depth only
        return []
    return twice


def locate(source: Source, path: Sequence[str | int]) -> Span:
    """Where the value at `path` stands; as near as one gets, if it is not there."""
    at = _skip(source.text, len(_BOM) if source.text.startswith(_BOM) else 0)
    for step in path:
        inner = _step(source.text, at, step)
        if inner is None:
            break
        at = inner
    return Span(source, at, max(at + 1, _end(source.text, at)))


def _step(text: str, at: int, step: str | int) -> int | None:
    """The start of the member `step` of the object or array that starts at `at`."""
    opening = "{" if isinstance(step, str) else "["
    if text[at : at + 1] != opening:
        return None
    at, count, found = _skip(text, at + 1), 0, None
    while text[at : at + 1] not in ("}", "]", ""):
        key: str | int = count
        if opening == "{":
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)  # past the colon
        if key == step:
            found = at  # of a key that stands twice the last counts
        at, count = _skip(text, _end(text, at)), count + 1
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
    return found


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _end(text: str, at: int) -> int:
    try:
        return _DECODER.raw_decode(text, at)[1]
    except (ValueError, RecursionError):
        return len(text)
