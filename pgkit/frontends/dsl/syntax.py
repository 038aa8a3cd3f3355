"""What to say of what the grammar does not take: what was expected, what was found, what to do."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final

from pgkit.diag import Diagnostic, Source, Span
from pgkit.frontends.dsl.habits import head_help, line_help
from pgkit.grammar.blocks import STARTING
from pgkit.grammar.lexer import Token
from pgkit.grammar.schema import Mismatch, words
from pgkit.grammar.tokens import Raw
from pgkit.grammar.words import SAID

_UNCLOSED: Final = {
    "'": ("string", "close it with a single quote; a quote inside is doubled: 'it''s'"),
    '"': ("quoted name", "close it with a double quote"),
    "$": ("dollar quote", "close it with the same tag that opens it"),
}
# What may follow a type, a key and so on: said as a whole where all of it could stand.
_GROUPS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (frozenset(("TABLE", "ENUM", "VIEW")), "a declaration: `table`, `enum`, `view` ..."),
    (frozenset(("IDENT", "PRIMARY", "FOREIGN", "POLICY")), "a column, a constraint, an index or a policy"),
    (frozenset(("DEFAULT", "REFERENCES", "SEPARATOR")), "a clause of the column or the end of the line"),
    (frozenset(("DEFERRABLE", "SEPARATOR")), "a clause of the constraint or the end of the line"),
    (frozenset(("DIRECTION", "COMMA", "RPAR")), "`,` or `)`"),
    (frozenset(("WHERE", "SEPARATOR")), "a clause of the index or the end of the line"),
    (frozenset(("INCREMENT", "MINVALUE")), "an option of the sequence"),
    (frozenset(("SUBTYPE", "COLLATION")), "`subtype = type` and other options"),
)
# What to do where one thing only can stand.
_NEEDS: Final = {
    "BODY": "put it between dollar quotes: $$ select ... $$",
    "PARENS": "put it in parentheses: (amount > 0)",
    "LBRACE": "members stand in braces: { ... }",
    "LPAR": "the columns stand in parentheses: (a, b)",
    "STRING": "text stands in single quotes: 'text'",
}


def mismatch(source: Source, found: Mismatch) -> Diagnostic:
    """The diagnostic for a declaration that cannot be read."""
    return _unclosed(source, found) or _strange(source, found) or _expected(source, found)


def _at(source: Source, code: str, message: str, where: Token | Raw, help: str | None) -> Diagnostic:
    end = where.end if isinstance(where, Token) else where.start + len(where.text)
    return Diagnostic(code, message, Span(source, where.start, max(end, where.start + 1)), help)


def _unclosed(source: Source, found: Mismatch) -> Diagnostic | None:
    """A quote, a parenthesis or a brace that nothing closes, at its opening."""
    at = found.found
    if found.block.broken is not None and at is not None:
        what, help = _UNCLOSED[at.value[0] if at.value[0] in _UNCLOSED else "'"]
        line = source.text.find("\n", at.start)
        at = Token(at.type, at.value, at.start, min(at.end, line if line >= 0 else at.end))
        return _at(source, "unclosed", f"unclosed {what}", at, help)
    if found.unclosed and at is not None:
        if (semicolon := _semicolon_after(found, at)) is not None:
            return _stray(source, semicolon)
        what, close = ("`case`", "end") if at.value.lower() == "case" else ("parenthesis", ")")
        return _at(source, "unclosed", f"unclosed {what}", at, f"close it with `{close}`")
    if at is not None and (string := _runaway(source, found, at)):
        end = source.text.find("\n", string.start)
        at = Token("BAD", string.text, string.start, end)
        return _at(source, "unclosed", "unclosed string", at, _UNCLOSED["'"][1])
    if at is not None and at.value in ("}", "{", "") and "RPAR" in found.expected:
        opened = _open(found, "(", ")", at.start)
        if opened:
            return _at(source, "unclosed", "unclosed parenthesis", opened[-1], "close it with `)`")
    open_braces = _open(found, "{", "}")
    if open_braces and (at is None or at.type in ("$END", "SEPARATOR") or at.value in STARTING):
        help = "close it with `}` on a line of its own"
        return _at(source, "unclosed", "unclosed brace", open_braces[-1], help)
    return None


def _semicolon_after(found: Mismatch, at: Token) -> Raw | None:
    stops = (raw for raw in found.block.raw if raw.start > at.start and raw.text in (";", "{", "}"))
    first = next(stops, None)
    return first if first is not None and first.text == ";" else None


def _runaway(source: Source, found: Mismatch, at: Token) -> Raw | None:
    """A string over several lines right before what cannot be read: most likely its quote was not closed."""
    for raw in found.block.raw:
        long = raw.kind == "string" and "\n" in raw.text and raw.end <= at.start
        if long and "\n" not in source.text[raw.end : at.start]:
            return raw
    return None


def _open(found: Mismatch, mark: str, closing: str, end: int | None = None) -> list[Raw]:
    """The marks that nothing closes."""
    opened: list[Raw] = []
    for raw in found.block.raw:
        if end is not None and raw.start >= end:
            break
        if raw.text == mark:
            opened.append(raw)
        elif raw.text == closing and opened:
            opened.pop()
    return opened


def _stray(source: Source, at: Token | Raw) -> Diagnostic:
    return _at(
        source, "stray-semicolon", "stray `;`", at, "leave it out: a line or a brace ends what is said"
    )


def _strange(source: Source, found: Mismatch) -> Diagnostic | None:
    """What is no declaration at all, a `;`, and key words in capitals."""
    at, first = found.found, found.block.raw[0]
    if at is None:
        return None
    if at.value == ";":
        return _stray(source, at)
    if first.text not in STARTING:
        return _no_declaration(source, first)
    lower = at.value.lower()
    if at.value != lower and any(
        lower in words().texts.get(t, ()) or _opens(lower, t) for t in found.expected
    ):
        help = f"key words are in lower case: write {lower}"
        return _at(source, "upper-case", f"a key word in capitals: {at.value}", at, help)
    return None


def _opens(word: str, terminal: str) -> bool:
    return any(text.startswith(f"{word} ") for text in words().texts.get(terminal, ()))


def _no_declaration(source: Source, first: Raw) -> Diagnostic:
    lower = first.text.lower()
    help = head_help(first.text) or line_help(_line(source, first.start))
    if help is None and lower != first.text and lower in STARTING:
        return _at(source, "upper-case", f"a key word in capitals: {first.text}", first, f"write {lower}")
    if help is None:
        near = get_close_matches(lower, STARTING, 1)
        help = f"did you mean `{near[0]}`?" if near else "a declaration opens with " + _listed(_STARTS)
    found = _shown(first.text)
    return _at(source, "syntax", f"expected a declaration, found {found}", first, help)


_STARTS: Final = ("`table`", "`enum`", "`type`", "`view`", "`schema`", "`role`", "`sql`")


def _expected(source: Source, found: Mismatch) -> Diagnostic:
    at = found.found or Token("$END", "", found.block.raw[-1].end, found.block.raw[-1].end)
    if at.type in ("IDENT", "LABEL", "STRING") and "COMMA" in found.expected and _in_list(found):
        message, code = f"expected a comma, found {_found(source, at)}", "missing-comma"
        return _at(source, code, message, at, "a comma stands between two of them")
    message = f"expected {_listed(tuple(_said(found.expected)))}, found {_found(source, at)}"
    return _at(source, "syntax", message, at, _help(source, found, at))


def _in_list(found: Mismatch) -> bool:
    return found.before is not None and found.before.type in ("IDENT", "LABEL", "STRING", "KEYEXPR")


def _help(source: Source, found: Mismatch, at: Token) -> str | None:
    """The way out: a habit that is known, a word that is near, what must stand here."""
    expected = found.expected
    if habit := line_help(_line(source, at.start)):
        return habit
    if help := _by_mark(found, at):
        return help
    near = get_close_matches(at.value.lower(), sorted(_texts(expected)), 1, 0.6) if at.value else []
    if near and near[0] != at.value:
        return f"did you mean `{near[0]}`?"
    if at.type == "IDENT" and at.value[:1] == '"' and ("LABEL" in expected or "STRING" in expected):
        return "text stands in single quotes: '" + at.value[1:-1].replace("'", "''") + "'"
    only = [_NEEDS[t] for t in _NEEDS if t in expected]
    if len(only) == 1 and "IDENT" not in expected:
        return only[0]
    return _by_place(expected, at)


def _by_mark(found: Mismatch, at: Token) -> str | None:
    """What to do about a punctuation mark."""
    expected = found.expected
    if found.before is not None and found.before.value == "," and at.value in (")", "}"):
        return "leave the comma before it out"
    match at.value:
        case "(" if "LBRACE" in expected:
            return "members and labels stand in braces: { ... }"
        case ")" if not _open(found, "(", ")", at.start):
            return "nothing opens it: leave it out"
        case "=" if "DEFAULT" in expected:
            return "a default is written with its word: size int default 1"
        case _:
            return None


def _by_place(expected: Collection[str], at: Token) -> str | None:
    if "DATATYPE" in expected:
        return "a column is its name and its type: email text"
    if "EXPR" in expected:
        return "write what SQL takes here: default 0, default now(), default 'text'"
    if "CASCADE" in expected:
        return "an action is cascade, restrict, set null, set default or no action"
    if "IDENT" in expected and len(expected) <= 2:
        return "say what it is called"
    if "SEPARATOR" in expected and at.value.replace("_", "a").isalnum():
        return "each member has a line of its own"
    return None


def _texts(expected: Collection[str]) -> Iterator[str]:
    for terminal in expected:
        yield from words().texts.get(terminal, ())


def _said(expected: Collection[str]) -> Iterator[str]:
    """The terminals in words, groups first; `was` and `comment` only where nothing else can stand."""
    rest = set(expected)
    for members, said in _GROUPS:
        if members <= rest:
            yield said
            return
    if len(rest) > 1:
        rest -= {"COMMENT", "WAS"}
    for terminal in sorted(rest, key=_weight):
        yield _name(terminal)


def _weight(terminal: str) -> tuple[bool, str]:
    return terminal not in SAID, terminal


def _name(terminal: str) -> str:
    if terminal in SAID:
        return SAID[terminal]
    texts = words().texts.get(terminal)
    if texts:
        return f"`{texts[0]}`" if len(texts) == 1 else _listed(tuple(f"`{t}`" for t in sorted(texts)))
    mark = next((m for m, t in words().marks.items() if t == terminal), terminal)
    return f"`{mark}`"


def _listed(names: tuple[str, ...]) -> str:
    """`a, b or c`; the first few of many."""
    shown = tuple(dict.fromkeys(names))
    if len(shown) > 5:
        return f"{', '.join(shown[:4])} ..."
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}" if shown else "nothing"


def _found(source: Source, at: Token) -> str:
    if at.type == "$END":
        return SAID["$END"]
    if at.type == "SEPARATOR":
        return "`,`" if source.text[at.start : at.start + 1] == "," else SAID["SEPARATOR"]
    return _shown(at.value)


def _shown(text: str) -> str:
    line = text.split("\n", 1)[0]
    short = line if len(line) <= 40 else f"{line[:37]}..."
    return short if short.replace("_", "a").isalnum() else f"`{short}`"


def _line(source: Source, at: int) -> str:
    start = source.text.rfind("\n", 0, at) + 1
    end = source.text.find("\n", at)
    line = source.text[start : end if end >= 0 else len(source.text)]
    return line.split("--", 1)[0] if at - start < len(line.split("--", 1)[0]) else line
