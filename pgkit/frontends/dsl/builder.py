"""What declarations are built with: names, types, texts and SQL from tokens, and findings on the way."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import attrs
from attrs import field, frozen

from pgkit.diag import Diagnostic, Source, Span
from pgkit.grammar.lexer import Token
from pgkit.grammar.schema import Tree
from pgkit.grammar.tokens import unquoted
from pgkit.grammar.words import RESERVED
from pgkit.ir.expr import Opaque, opaque
from pgkit.ir.hints import Hints
from pgkit.ir.names import Ref
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import PgType

_REMARK: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
SPACE: Final = " \t\r\n\f\v"


class Slot(NamedTuple):
    """A piece of SQL: what it must be, and where its text stands."""

    kind: str  # expression, default, query or script
    text: str
    source: Source
    start: int


class Old(NamedTuple):
    """What something was called; `full` if its schema was said too."""

    ref: Ref
    full: bool = False


class Renamed(NamedTuple):
    """What a `was` declares; `full` if the old name says its schema, which may be one of before."""

    old: Ref
    new: Ref
    span: Span
    full: bool = False


@frozen
class Builder:
    """One file under construction; `parts`, `hints` and `slots` are shared by all files of a schema."""

    source: Source
    parts: dict[str, list[Any]] = field(factory=lambda: defaultdict(list))
    findings: list[Diagnostic] = field(factory=list)
    renames: list[Renamed] = field(factory=list)
    slots: list[Slot] = field(factory=list)
    types: dict[str, PgType] = field(factory=dict)

    def wrong(self, code: str, message: str, start: int, end: int, help: str | None = None) -> None:
        """Notes a mistake."""
        self.findings.append(Diagnostic(code, message, Span(self.source, start, max(end, start + 1)), help))

    def span(self, at: Token | Tree) -> Span:
        """Where a token, or what a tree is made of, stands."""
        if isinstance(at, Token):
            return Span(self.source, at.start, at.end)
        leaves = list(leaves_of(at))
        return Span(self.source, leaves[0].start, leaves[-1].end)

    def name(self, token: Token) -> str:
        """A name as Postgres would store it."""
        text = token.value
        if text[0] == '"':
            if len(text) == 2:
                self.wrong("empty-name", "a name cannot be empty", token.start, token.end)
            return text[1:-1].replace('""', '"')
        if text.isascii() and text.islower() and text not in RESERVED:
            return text
        self._odd_name(text, token)
        return text

    def _odd_name(self, text: str, token: Token) -> None:
        if text[1:3] == '&"':
            help = 'write it in plain "quotes": the file is UTF-8'
            self.wrong("unicode-name", 'U&"" names are not read', token.start, token.end, help)
        elif text in RESERVED:
            help = f'quote it: "{text}"'
            self.wrong("reserved-word", f"{text} is a reserved word", token.start, token.end, help)
        elif any("A" <= c <= "Z" for c in text):
            folded = "".join(c.lower() if c.isascii() else c for c in text)
            help = f'quote it to keep the capitals: "{text}", or write {folded}'
            self.wrong(
                "upper-case", f"a name with capitals and no quotes: {text}", token.start, token.end, help
            )

    def path(self, tree: Tree) -> tuple[str, ...]:
        """The parts of a dotted name."""
        return tuple(self.name(token) for token in tokens_of(tree, "IDENT"))

    def qname(self, tree: Tree, schema: str = "public") -> tuple[str, str]:
        """A schema, `schema` unless it is written, and a name."""
        found = self.path(tree)
        return (found[0], found[1]) if len(found) == 2 else (schema, found[0])

    def type(self, token: Token) -> PgType:
        """A type; those that the catalog declares are still scalars by their names."""
        found = self.types.get(token.value)
        if found is None:
            found = self.types[token.value] = parse_type(_REMARK.sub(" ", token.value))
            self._check_type(token)
        return found

    def _check_type(self, token: Token) -> None:
        bare = "".join(part for i, part in enumerate(token.value.split('"')) if i % 2 == 0)
        if any("A" <= c <= "Z" for c in bare):
            del self.types[token.value]
            from pgkit.frontends.dsl.habits import line_help, type_help

            help = line_help(token.value) or type_help(token.value)
            self.wrong("upper-case", f"a type with capitals and no quotes: {token.value}",
                       token.start, token.end, help)  # fmt: skip

    def text(self, token: Token) -> str:
        """What a string or a label says."""
        return unquoted(token.value) if token.value[-1] in "'$" else token.value

    def string(self, token: Token) -> str:
        """What a string says. One that runs over lines most likely lacks its quote."""
        try:
            return self.text(token)
        except (ValueError, OverflowError):
            self.wrong("bad-escape", "an escape that stands for no character", token.start, token.end)
            return ""

    def number(self, token: Token) -> int:
        """A whole number."""
        text = "".join(token.value.split())
        digits = text.removeprefix("-")
        if not digits.isdecimal() or len(digits) > 19:
            help = "a sequence counts in whole numbers of 8 bytes"
            self.wrong(
                "not-a-number", f"expected a whole number, found {text[:40]}", token.start, token.end, help
            )
            return 1
        return int(text)

    def expression(self, token: Token, kind: str = "expression") -> Opaque:
        """The SQL of a token, its parentheses left out; what is inside is judged later."""
        inner, start = token.value, token.start
        if token.type == "PARENS" or (token.type == "KEYEXPR" and inner[0] == "("):
            inner, start = inner[1:-1], start + 1
        return self._slot(kind, inner, start)

    def body(self, token: Token, kind: str) -> str:
        """The text between dollar tags, exactly as it stands."""
        tag = token.value.index("$", 1) + 1
        inner = token.value[tag:-tag]
        self._slot(kind, inner, token.start + tag)
        return inner

    def _slot(self, kind: str, text: str, start: int) -> Opaque:
        found = text.strip(SPACE)
        before = len(text) - len(text.lstrip(SPACE))
        self.slots.append(Slot(kind, found, self.source, start + before))
        return opaque(found)

    def comment(self, tree: Tree) -> str | None:
        """The comment among the children of a tree."""
        found = [c for c in trees_of(tree) if c.data == "comment"]
        for again in found[1:]:
            span = self.span(again)
            self.wrong(
                "twice", "a second comment on the same thing", span.start, span.end, "keep one of them"
            )
        return self.said(found[0]) if found else None

    def said(self, tree: Tree) -> str:
        """What a `comment` clause says."""
        return self.string(tokens_of(tree)[0])

    def was(self, tree: Tree, new: Ref, owner: Old | None = None) -> Old:
        """Notes the rename that `was` declares, of a member of `owner`; gives what it was called."""
        found = Old(new) if owner is None else Old(owner.ref.of(new.kind, new.member), owner.full)
        for clause in trees_of(tree):
            if clause.data == "was":
                name = self.name(tokens_of(clause)[0])
                old = owner.ref.of(new.kind, name) if owner else Ref(new.kind, new.schema, name)
                found = Old(old, owner.full if owner else False)
            elif clause.data == "qwas":
                path = trees_of(clause)[0]
                found = Old(Ref(new.kind, *self.qname(path, new.schema)), len(self.path(path)) == 2)
            else:
                continue
            self.renames.append(Renamed(found.ref, new, self.span(clause), found.full))
        return found

    def hints(self) -> Hints:
        """All renames, wholly in old names: what says no schema is in what its schema was called before."""
        schemas = {r.new.name: r.old.name for r in self.renames if r.new.kind == "schema"}
        places = {}
        for old, new, span, full in self.renames:
            if not full and old.schema in schemas:
                old = attrs.evolve(old, schema=schemas[old.schema])
            places[old, new] = span
        return Hints(tuple(places), places=places)

    def parameters(self, tree: Tree) -> tuple[tuple[str, str], ...]:
        """Storage parameters or options, sorted by name; one without a value is on."""
        found = {}
        for parameter in subtrees(tree, "parameter"):
            name = ".".join(self.name(t) for t in tokens_of(parameter, "IDENT"))
            value = tokens_of(parameter, "VALUE")
            found[name] = self.text(value[0]) if value else "true"
        return tuple(sorted(found.items()))


def trees_of(tree: Tree) -> list[Tree]:
    """The children that are trees."""
    return [c for c in tree.children if not isinstance(c, Token)]


def subtrees(tree: Tree, *kinds: str) -> list[Tree]:
    """The children that are trees of these kinds."""
    return [c for c in tree.children if not isinstance(c, Token) and c.data in kinds]


def tokens_of(tree: Tree, *types: str) -> list[Token]:
    """The children that are tokens, of these types if any are given."""
    return [c for c in tree.children if isinstance(c, Token) and (not types or c.type in types)]


def leaves_of(tree: Tree) -> Iterator[Token]:
    """Every token below a tree."""
    for child in tree.children:
        if isinstance(child, Token):
            yield child
        else:
            yield from leaves_of(child)
