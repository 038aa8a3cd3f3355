"""Cuts one declaration into the terminals of schema.lark, led by what its parser can take next.

A word is a key word only where one may stand; a type, an expression or a parenthesised piece of SQL is one
terminal. Members end with the line, unless the next one is indented deeper and goes on with a key word.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Final

from pgkit.grammar import tokens
from pgkit.grammar.scanning import expression_end, function_end, parenthesis_end, type_end
from pgkit.grammar.tokens import DOLLAR, NUMBER, OPERATOR, PUNCTUATION, QUOTED, STRING, WORD, Raw
from pgkit.grammar.words import Words

# What may open a deeper line that goes on with the member above: none of them is a bare column name.
CONTINUING: Final = frozenset(
    [
        "not",
        "null",
        "default",
        "references",
        "on",
        "check",
        "unique",
        "primary",
        "generated",
        "constraint",
        "collate",
        "deferrable",
        "initially",
        "using",
        "with",
        "where",
        "include",
        "for",
        "to",
        "as",
        "match",
        "was",
        "nulls",
        "no",
        "enforced",
        "stored",
        "virtual",
    ]
)
_LITERAL: Final = frozenset((STRING, DOLLAR))


class Token:
    """A terminal: its name, its text, and where it stands."""

    __slots__ = ("end", "start", "type", "value")

    def __init__(self, type: str, value: str, start: int, end: int) -> None:
        self.type = type
        self.value = value
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"{self.type}({self.value!r})"


class Unclosed(Exception):
    """A parenthesis that nothing closes, or one that closes nothing."""

    def __init__(self, at: Raw) -> None:
        self.at = at
        super().__init__(at.text)


class Lexer:
    """The terminals of one declaration. `next` is told which ones the parser can take."""

    def __init__(self, text: str, raw: Sequence[Raw], words: Words) -> None:
        self.text = text
        self.raw = raw
        self.words = words
        self.at = 0
        self.depth = 0  # of parentheses
        self.inside = False  # a block of members
        self.members = not (raw and raw[0].text == "enum")
        self.base = -1  # the indentation of the block's lines
        self.fresh = True  # nothing of a member was read yet

    def next(self, takes: Collection[str]) -> Token | None:
        """The next terminal; None at the end."""
        if self.at >= len(self.raw):
            return None
        if self.inside and self.members and self.depth == 0:
            if mark := self._separator(self.raw[self.at], takes):
                return mark
            if self.at >= len(self.raw):  # nothing but commas was left
                return None
        raw = self.raw[self.at]
        self.fresh = False
        match raw.kind:
            case tokens.WORD:
                return self._word(raw, takes)
            case tokens.PUNCTUATION:
                return self._punctuation(raw, takes)
            case _:
                return self._other(raw, takes)

    def _separator(self, raw: Raw, takes: Collection[str]) -> Token | None:
        """The end of a member, if it ends before `raw`; several ends are one."""
        start = self.raw[self.at - 1].end if raw.text != "," else raw.start
        ended = raw.indent >= 0 and self._opens_member(raw)
        while raw.text == "," and (ended or self.fresh or not self._listing(takes)):
            ended = True
            self.at += 1
            if self.at >= len(self.raw):
                return None
            raw = self.raw[self.at]
        if not ended or self.fresh or raw.text == "}":
            return None
        self.fresh = True
        return Token("SEPARATOR", "", start, start)

    def _listing(self, takes: Collection[str]) -> bool:
        """Whether the comma goes on with a list that needs no parentheses, as roles."""
        after = self._peek(1)
        return "COMMA" in takes and after is not None and after.indent < 0

    def _opens_member(self, raw: Raw) -> bool:
        if self.base < 0:
            self.base = raw.indent
        if raw.indent <= self.base:
            return True
        if raw.kind == WORD:
            return raw.text not in CONTINUING
        return raw.kind not in (PUNCTUATION, OPERATOR) or raw.text == "}"

    def _peek(self, ahead: int) -> Raw | None:
        return self.raw[self.at + ahead] if self.at + ahead < len(self.raw) else None

    def _take(self, type: str, count: int = 1) -> Token:
        """The next `count` raw tokens as one terminal, its text as it stands."""
        first, last = self.raw[self.at], self.raw[self.at + count - 1]
        self.at += count
        return Token(type, self.text[first.start : last.end], first.start, last.end)

    def _word(self, raw: Raw, takes: Collection[str]) -> Token:
        if "DATATYPE" in takes:
            return self._take("DATATYPE", type_end(self.raw, self.at) - self.at)
        if "EXPR" in takes:
            return self._expression("EXPR")
        for literal in ("VALUE", "LABEL"):
            if literal in takes:
                return self._keyword(raw, takes) or self._take(literal)
        if "KEYEXPR" in takes and (end := function_end(self.raw, self.at)):
            return self._take("KEYEXPR", end - self.at)
        return self._keyword(raw, takes) or self._take("IDENT")

    def _keyword(self, raw: Raw, takes: Collection[str]) -> Token | None:
        """The key word at hand, if the parser takes one here, or if no name could stand here."""
        after = self._peek(1)
        pairs: tuple[str, ...] = ()
        if after is not None and after.kind == WORD:
            pairs = self.words.double.get((raw.text, after.text), ())
        found = self.words.single.get(raw.text, ())
        named = "IDENT" in takes
        for types, count in ((pairs, 2), (found, 1)):
            for type in types:
                if type in takes and not (named and self._a_name(raw.text)):
                    return self._take(type, count)
        if named or "LABEL" in takes or not (pairs or found):
            return None
        return self._take(pairs[0], 2) if pairs else self._take(found[0])

    def _a_name(self, word: str) -> bool:
        """Whether a word that might open a clause is the name of a column after all."""
        test = _NAMES.get(word)
        return test is not None and test(self)

    def _punctuation(self, raw: Raw, takes: Collection[str]) -> Token:
        if raw.text == "(":
            for type in ("PARENS", "KEYEXPR"):
                if type in takes:
                    end = parenthesis_end(self.raw, self.at)
                    if end is None:
                        raise Unclosed(raw)
                    return self._take(type, end - self.at)
            if "EXPR" in takes:
                return self._expression("EXPR")
        self._nest(raw.text)
        return self._take(self.words.marks.get(raw.text, raw.text))

    def _nest(self, mark: str) -> None:
        match mark:
            case "(":
                self.depth += 1
            case ")":
                self.depth = max(0, self.depth - 1)
            case "{":
                self.inside, self.fresh, self.base = True, True, -1
            case "}":
                self.inside = False

    def _expression(self, type: str) -> Token:
        base = self.base if self.inside else 0
        end = expression_end(self.raw, self.at, base, self.raw[max(0, self.at - 1)].text == "where")
        if isinstance(end, Raw):
            raise Unclosed(end)
        return self._take(type, max(1, end - self.at))

    def _other(self, raw: Raw, takes: Collection[str]) -> Token:
        if raw.kind == QUOTED and "DATATYPE" in takes:
            return self._take("DATATYPE", type_end(self.raw, self.at) - self.at)
        if "EXPR" in takes and raw.kind != tokens.BAD:
            return self._expression("EXPR")
        if "VALUE" in takes and raw.kind in (STRING, NUMBER):
            return self._take("VALUE")
        if "LABEL" in takes and raw.kind in (STRING, DOLLAR):
            return self._take("LABEL")
        if "KEYEXPR" in takes and (end := function_end(self.raw, self.at)):
            return self._take("KEYEXPR", end - self.at)
        after = self._peek(1)
        if raw.text == "-" and after is not None and after.kind == NUMBER:
            self.at += 2
            return Token("VALUE" if "VALUE" in takes else "NUMBER", f"-{after.text}", raw.start, after.end)
        return self._take(_PLAIN.get(raw.kind, raw.text[:1]))


def _followed_by(test: Callable[[Raw | None, Raw | None, Raw | None], bool]) -> Callable[[Lexer], bool]:
    return lambda lexer: test(lexer._peek(1), lexer._peek(2), lexer._peek(3))


def _is(raw: Raw | None, *texts: str) -> bool:
    return raw is not None and raw.text in texts


def _index_column(one: Raw | None, two: Raw | None, three: Raw | None) -> bool:
    """`index integer`, `index varchar (20)`: not `index (a)`, `index name (a)`, `index using gin (a)`."""
    if _is(one, "(", "using"):
        return False
    return not _is(two, "(", "using", "was", "on") or (
        _is(two, "(") and three is not None and three.kind == NUMBER
    )


# Words that open a clause and may be the name of a column too, and how to tell that they are.
_NAMES: Final[dict[str, Callable[[Lexer], bool]]] = {
    "comment": _followed_by(lambda one, two, three: one is None or one.kind not in _LITERAL),
    "index": _followed_by(_index_column),
    "policy": _followed_by(
        lambda one, two, three: (
            not _is(two, "for", "to", "using", "with", "as", "was", "on")
            and not (two is not None and two.kind == WORD and _is(one, "for", "to"))
        )
    ),
    "row": _followed_by(lambda one, two, three: not (_is(one, "level") and _is(two, "security"))),
    "force": _followed_by(lambda one, two, three: not (_is(one, "row") and _is(two, "level"))),
}
_PLAIN: Final = {QUOTED: "IDENT", STRING: "STRING", DOLLAR: "BODY", NUMBER: "NUMBER", tokens.BAD: "BAD"}
