"""TOML as checked values: every problem with its place, every unknown key with the nearest known one."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from pgkit.diag import Diagnostic, PgkitError, Source, Span, fail

Keys = tuple[str | int, ...]  # a number counts the items of an array, from one


def parse(source: Source) -> dict[str, Any]:
    """The document. Raises with the place of what is not TOML."""
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        span = _span_of(str(error), source)
        message = re.sub(r" \(at .*\)$", "", str(error))
        raise fail(
            "bad-toml", f"cannot read the TOML: {message[:1].lower()}{message[1:]}", span=span
        ) from None
    except RecursionError:
        raise fail("bad-toml", "cannot read the TOML: it is nested too deeply", where=source.name) from None


def structure(cls: type, table: Mapping[str, Any], source: Source, at: Keys = (), base: Path = Path()) -> Any:
    """The table as a value of `cls`, an attrs class whose fields are the keys. Raises with all problems."""
    reader = _Reader(source, base)
    value = reader.table(cls, table, at)
    if reader.problems:
        raise PgkitError(reader.problems)
    return value


def place(source: Source, keys: Keys) -> Span | None:
    """Where a key is set; if that is not to be found, the nearest table around it."""
    spans = dict(_places(source))
    for size in range(len(keys), 0, -1):
        if keys[:size] in spans:
            return spans[keys[:size]]
    return None


def nearest(word: str, known: Mapping[str, Any] | list[str]) -> str | None:
    """The known word most like this one, case aside."""
    folded = {k.casefold(): k for k in known}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.5)
    return folded[close[0]] if close else None


@attrs.define
class _Reader:
    source: Source
    base: Path
    problems: list[Diagnostic] = attrs.field(factory=list)

    def table(self, cls: type, table: Mapping[str, Any], at: Keys) -> Any:
        fields = {f.metadata.get("key", f.name): f for f in attrs.fields(cls) if "hidden" not in f.metadata}
        values = {}
        for key, value in table.items():
            if key not in fields:
                self.unknown(key, at, list(fields))
            else:
                values[fields[key].name] = self.value(fields[key].type, value, (*at, key))
        return None if self.problems else cls(**values)

    def value(self, expected: Any, value: Any, at: Keys) -> Any:
        if get_origin(expected) in (Union, UnionType):  # X | None: TOML has no null
            expected = get_args(expected)[0]
        if attrs.has(expected):
            read = self.table if isinstance(value, dict) else self.no_table
            return read(expected, value, at)
        if get_origin(expected) is Literal:
            words = get_args(expected)
            return value if value in words and isinstance(value, str) else self.choice(words, value, at)
        if get_origin(expected) is tuple:
            return self.items(get_args(expected)[0], value, at)
        if get_origin(expected) is not None:
            return self.tables(get_args(expected)[1], value, at)
        return self.plain(expected, value, at)

    def no_table(self, _: type, value: Any, at: Keys) -> None:
        self.wrong("a table", value, at)

    def plain(self, expected: Any, value: Any, at: Keys) -> Any:
        if expected is Any:
            return value
        if expected is Path:
            if isinstance(value, str) and value and "\0" not in value:
                return self.base / value
            return self.wrong("a path", value, at)
        right = type(value) is expected and not (isinstance(value, str) and "\0" in value)
        return value if right else self.wrong(_NAMES[expected], value, at)

    def items(self, expected: Any, value: Any, at: Keys) -> Any:
        if not isinstance(value, list):
            return self.wrong("an array", value, at)
        return tuple(self.value(expected, item, (*at, i)) for i, item in enumerate(value, 1))

    def tables(self, expected: Any, value: Any, at: Keys) -> Any:
        if not isinstance(value, dict):
            return self.wrong("a table", value, at)
        return {key: self.value(expected, item, (*at, key)) for key, item in value.items()}

    def wrong(self, expected: str, value: Any, at: Keys) -> None:
        self.problem("wrong-type", f"expected {expected} as {_dotted(at)}, found {_describe(value)}", at)

    def choice(self, words: tuple[str, ...], value: Any, at: Keys) -> None:
        listed = " or ".join((", ".join(map(repr, words[:-1])), repr(words[-1]))).replace("'", '"')
        self.wrong(listed if len(words) > 1 else f'"{words[0]}"', value, at)

    def unknown(self, key: str, at: Keys, known: list[str]) -> None:
        near = nearest(key, known)
        within = f" in [{_dotted(at)}]" if at else ""
        help = f"did you mean {near}?" if near else f"known keys are {', '.join(known)}"
        self.problem("unknown-key", f"no key named {_dotted((key,))}{within}", (*at, key), help)

    def problem(self, code: str, message: str, at: Keys, help: str | None = None) -> None:
        span = place(self.source, at)
        self.problems.append(Diagnostic(code, message, span, help, where=self.source.name))


_NAMES = {str: "a string", bool: "true or false", int: "a whole number"}
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = re.compile(r"\s*\[{1,2}([^\n]*?)\]{1,2}\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(r"""\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_.\s-])+?)\s*=""")
_MULTILINE = re.compile(r'"""|\'\'\'')


def _places(source: Source) -> Iterator[tuple[Keys, Span]]:
    """Each key that a line sets, and its span; tomllib does not tell."""
    table: Keys = ()
    counts: Counter[Keys] = Counter()
    offset, inside = 0, False
    for line in source.text.splitlines(keepends=True):
        found = None if inside else _HEADER.match(line) or _ASSIGNMENT.match(line)
        keys = _keys(found[1]) if found else ()
        if found and keys:
            span = Span(source, offset + found.start(1), offset + found.end(1))
            if found.re is _ASSIGNMENT:
                yield (*table, *keys), span
            else:
                counts[keys] += 1
                table = (*keys, counts[keys]) if line.lstrip().startswith("[[") else keys
                yield table, span
                yield keys, span
        inside ^= len(_MULTILINE.findall(line)) % 2 == 1
        offset += len(line)


def _keys(text: str) -> Keys:
    """The parts of a dotted key, read by tomllib itself."""
    try:
        value: Any = tomllib.loads(f"{text} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    keys: list[str] = []
    while isinstance(value, dict):
        [(key, value)] = value.items()
        keys.append(key)
    return tuple(keys)


def _span_of(message: str, source: Source) -> Span:
    found = re.search(r"at line (\d+), column (\d+)", message)
    if not found:
        return Span(source, len(source.text), len(source.text) + 1)
    lines = source.text.splitlines(keepends=True)
    start = sum(map(len, lines[: int(found[1]) - 1])) + int(found[2]) - 1
    return Span(source, start, start + 1)


def _dotted(keys: Keys) -> str:
    parts = (f"[{key}]" if isinstance(key, int) else f".{_written(key)}" for key in keys)
    return "".join(parts).removeprefix(".")


def _written(key: str) -> str:
    return key if _BARE.fullmatch(key) else f'"{key}"'


def _describe(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"' if len(value) <= 60 else "a long string"
        case dict():
            return "a table"
        case list():
            return "an array"
        case _:
            return str(value)
