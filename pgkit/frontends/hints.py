"""Hints as text: one a line, as in a hints file or after `--rename`.

    # users are people now
    table users -> people
    column public.users."fullName" -> public.people.name
    enum_value app.mood.sad -> app.mood.blue
    map enum_value app.mood.bored -> app.mood.ok

The left is wholly in the names of before, the right wholly in those of after. Names are quoted as in SQL; a
name without a schema is in public.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import define, field, frozen

from pgkit.diag import Diagnostic, PgkitError, Source, Span, fail
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.sql import quote

_TOKEN: Final = re.compile(
    r"""[^\S\n]*(?:(?P<remark>\#[^\n]*)|(?P<arrow>->)|(?P<dot>\.)|(?P<quoted>"(?:[^"\n]|"")*")
    |(?P<string>'(?:[^'\n]|'')*')|(?P<word>[^\W\d][\w$]*)|(?P<odd>[^\s]))""",
    re.VERBOSE,
)


@frozen
class _Kind:
    """What a kind of hint names: top-level things by one or two words, members by one more."""

    kind: str
    schema: bool = True
    within: str = ""
    alone: bool = False  # a member that may be named without its owner


_KINDS: Final = {
    "schema": _Kind("schema", schema=False),
    "role": _Kind("role", schema=False),
    **{k: _Kind(k) for k in ("table", "enum", "sequence", "view", "materialized_view", "domain", "range")},
    "composite": _Kind("composite"),
    "type": _Kind("composite"),
    **{k: _Kind(k, within="table") for k in ("column", "policy", "constraint")},
    "index": _Kind("index", within="table", alone=True),
    "enum_value": _Kind("enum_value", within="enum"),
    "attribute": _Kind("attribute", within="composite"),
}
_CONSTRAINTS: Final = ("primary_key", "unique", "foreign_key", "check")
_HELP: Final = "write KIND old -> new, as in: column app.users.mail -> app.users.email"


def read(path: Path) -> Source:
    """The text of a hints file. Raises PgkitError when it cannot be read."""
    try:
        return Source(str(path), path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        help = "save the file as UTF-8"
        raise fail("not-utf8", f"this is not UTF-8, in line {line}", where=str(path), help=help) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise fail("cannot-read", f"cannot read the file: {reason}", where=str(path)) from None


def parse(source: Source) -> tuple[Hints, tuple[Diagnostic, ...]]:
    """The hints of a text, and what is wrong with the lines that are none."""
    renames: dict[tuple[Ref, Ref], Span] = {}
    labels: dict[tuple[Ref, Ref], Span] = {}
    wrong: list[Diagnostic] = []
    at = 0
    for line in source.text.split("\n"):
        try:
            for is_map, pair, span in _Line(
                source, list(_tokens(line.rstrip("\r"), at)), at + len(line)
            ).read():
                (labels if is_map else renames).setdefault(pair, span)
        except PgkitError as error:
            wrong += error.diagnostics
        at += len(line) + 1
    return Hints(tuple(renames), tuple(labels), {**renames, **labels}), tuple(wrong)


def merge(*hints: Hints) -> Hints:
    """All hints together, each once, in the order in which they are given."""
    places = {pair: span for h in reversed(hints) for pair, span in h.places.items()}
    return Hints(
        tuple(dict.fromkeys(pair for h in hints for pair in h.renames)),
        tuple(dict.fromkeys(pair for h in hints for pair in h.labels)),
        places,
    )


def print_hints(hints: Hints) -> str:
    """Hints as `parse` reads them, a line each."""
    lines = [print_hint(*pair) for pair in hints.renames]
    lines += [f"map {print_hint(*pair)}" for pair in hints.labels]
    return "".join(f"{line}\n" for line in lines)


def print_hint(old: Ref, new: Ref) -> str:
    """One rename as a line."""
    kind = "constraint" if old.kind in _CONSTRAINTS else old.kind
    return f"{kind} {_path(old)} -> {_path(new)}"


def _path(ref: Ref) -> str:
    return ".".join(quote(part) for part in (ref.schema, ref.name, ref.member) if part)


@frozen
class _Token:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _tokens(line: str, at: int) -> Iterator[_Token]:
    for match in _TOKEN.finditer(line):
        kind = match.lastgroup or "odd"
        if kind != "remark":
            yield _Token(kind, match[kind], at + match.start(kind))


@define
class _Line:
    """A line on its way through its tokens."""

    source: Source
    tokens: list[_Token]
    end: int
    at: int = field(default=0)

    def read(self) -> Iterator[tuple[bool, tuple[Ref, Ref], Span]]:
        """The hint of the line, unless it is empty: whether it is a mapping of rows, its ends, its place."""
        if not self.tokens:
            return
        word = self._take("word", "a kind of object")
        is_map = word.text == "map"
        kind = self._kind(self._take("word", "enum_value") if is_map else word, is_map)
        old = self._ref(kind)
        self._take("arrow", "->")
        new = self._ref(kind)
        if self.at < len(self.tokens):
            raise self._expected("the end of the line")
        yield is_map, (old, new), Span(self.source, self.tokens[0].start, self.tokens[-1].end)

    def _kind(self, word: _Token, is_map: bool) -> _Kind:
        if is_map and word.text != "enum_value":
            raise self._wrong(word, f"rows are mapped for labels only, not for a {word.text}",
                              "write map enum_value s.enum.old -> s.enum.kept")  # fmt: skip
        if word.text not in _KINDS:
            raise self._wrong(
                word, f"no kind of object is called {word.text}", f"it is one of {', '.join(_KINDS)}"
            )
        return _KINDS[word.text]

    def _ref(self, kind: _Kind) -> Ref:
        first = self.at
        parts = [self._name(kind)]
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "dot":
            self.at += 1
            parts.append(self._name(kind))
        most = 1 + kind.schema + bool(kind.within)
        least = 2 if kind.within and not kind.alone else 1
        if not least <= len(parts) <= most:
            span = Span(self.source, self.tokens[first].start, self.tokens[self.at - 1].end)
            raise _fail(span, f"a {kind.kind} is not named in {len(parts)} parts", f"write {_form(kind)}")
        return _ref(kind, parts)

    def _name(self, kind: _Kind) -> str:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        label = kind.kind == "enum_value"
        if token is None or token.kind not in (("word", "quoted", "string") if label else ("word", "quoted")):
            raise self._expected("a name")
        self.at += 1
        if token.kind != "word":
            text = token.text[1:-1].replace(token.text[0] * 2, token.text[0])
            if not text:
                raise self._wrong(
                    token,
                    "a name cannot be empty",
                    "no hint can speak of an empty label" if label else "write the name",
                )
            return text
        if any("A" <= c <= "Z" for c in token.text) and not (label and not self._is_dot()):
            help = f'quote it to keep the capitals: "{token.text}", or write {token.text.lower()}'
            raise self._wrong(token, f"a name with capitals and no quotes: {token.text}", help)
        return token.text

    def _is_dot(self) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].kind == "dot"

    def _take(self, kind: str, what: str) -> _Token:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None or token.kind != kind:
            raise self._expected(what)
        self.at += 1
        return token

    def _expected(self, what: str) -> PgkitError:
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            return self._wrong(token, f"expected {what}, found {token.text}", _HELP)
        end = self.tokens[-1].end if self.tokens else self.end
        return _fail(Span(self.source, end, end + 1), f"expected {what}, found the end of the line", _HELP)

    def _wrong(self, token: _Token, message: str, help: str | None) -> PgkitError:
        return _fail(Span(self.source, token.start, token.end), message, help)


def _fail(span: Span, message: str, help: str | None) -> PgkitError:
    return fail("hint", message, span=span, help=help)


def _ref(kind: _Kind, parts: list[str]) -> Ref:
    if not kind.schema:
        return Ref(kind.kind, "", parts[0])
    if kind.alone and len(parts) < 3:  # an index is a name of its schema, its table is found later
        return Ref(kind.kind, *(parts if len(parts) == 2 else ("public", parts[0])))
    full = parts if len(parts) == 2 + bool(kind.within) else ["public", *parts]
    return Ref(kind.kind, full[0], full[1], full[2], kind.within) if kind.within else Ref(kind.kind, *full)


def _form(kind: _Kind) -> str:
    """How a kind is named."""
    words = [*(["schema"] if kind.schema else []), *([kind.within] if kind.within else []), kind.kind]
    return ".".join(words)
