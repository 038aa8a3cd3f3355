"""Names, strings, types and SQL as the schema language writes them."""

import re
from collections.abc import Iterable
from typing import Final

from pgkit.grammar.scanning import expression_end, function_end
from pgkit.grammar.tokens import WORD, tokenize
from pgkit.grammar.words import RESERVED
from pgkit.ir.expr import Expr
from pgkit.ir.names import Ref
from pgkit.ir.relations import SequenceOptions, sequence_options
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.sql import quote, quoted, render

# Words of the language that could be taken for a clause where a name may stand.
_CLAUSES: Final = frozenset(("index", "nulls", "of", "was"))
_LABEL: Final = re.compile(r"[a-z_][a-z0-9_]*")
_VALUE: Final = re.compile(r"[a-z_][a-z0-9_]*|-?[0-9]+(\.[0-9]+)?")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_ESCAPES: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_TAGS: Final = ("$$", "$sql$", *(f"$sql{n}$" for n in range(1, 100)))
_EVERY_LINE: Final = 1 << 30  # an indentation that no line exceeds


def words(*parts: str) -> str:
    """The parts that are not empty, a space between them."""
    return " ".join(part for part in parts if part)


def name(text: str) -> str:
    """A name, quoted where it must be."""
    return quoted(text) if text in _CLAUSES else quote(text)


def path(schema: str, text: str, usual: str = "public") -> str:
    """A name with its schema, unless that is the usual one."""
    return name(text) if schema == usual else f"{name(schema)}.{name(text)}"


def place(ref: Ref) -> str:
    """What a Ref of an object points at."""
    return path(ref.schema, ref.name)


def columns(refs: Iterable[Ref]) -> str:
    """A list of columns in parentheses."""
    return f"({', '.join(name(ref.member) for ref in refs)})"


def string(text: str) -> str:
    """A string on one line, whatever is in it."""
    doubled = text.replace("'", "''")
    if not _CONTROL.search(text):
        return f"'{doubled}'"
    return "E'" + _CONTROL.sub(_escape, doubled.replace("\\", "\\\\")) + "'"


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0], f"\\x{ord(match[0]):02x}")


def label(text: str) -> str:
    """An enum's label: a bare word, or a string."""
    return text if _LABEL.fullmatch(text) and text != "was" else string(text)


def comment(text: str | None) -> str:
    """A `comment` clause, if there is a comment."""
    return "" if text is None else f"comment {string(text)}"


def parameters(pairs: Iterable[tuple[str, str]]) -> str:
    """Parameters in parentheses."""
    return f"({', '.join(f'{_parameter(n)} = {_value(v)}' for n, v in pairs)})"


def with_(pairs: Iterable[tuple[str, str]]) -> str:
    """A `with` clause, if there are parameters."""
    found = tuple(pairs)
    return f"with {parameters(found)}" if found else ""


def _parameter(text: str) -> str:
    return ".".join(quote(part) for part in text.split(".", 1))


def _value(text: str) -> str:
    return text if _VALUE.fullmatch(text) else string(text)


def body(text: str) -> str:
    """Text between dollar tags that do not occur in it."""
    tag = next(t for t in _TAGS if (text + t).find(t) == len(text))
    return f"{tag}{text}{tag}"


def query(text: str) -> str:
    """A query between dollar tags, its lines as they are."""
    return body(f"\n {text}\n") if "\n" in text else body(f" {text} ")


def type_(of: PgType) -> str:
    """A type; one of the catalog in `public` needs no schema unless Postgres has one of that name."""
    match of:
        case Array(inner, dims):
            return type_(inner) + "[]" * dims
        case Named(ref):
            own = ref.member or ref.name
            bare = name(own)
            return bare if ref.schema == "public" and _is_free(bare, own) else f"{name(ref.schema)}.{bare}"
        case _:
            return render(of)


def _is_free(text: str, own: str) -> bool:
    """Whether a bare name cannot be taken for one of Postgres's types, or for `serial`."""
    return parse_type(text) == Scalar(own) and not Scalar(own).row.name and "serial" not in own


def expression(expr: Expr) -> str:
    """An expression where nothing surrounds it; in parentheses if its end could not be told."""
    return _bare(expr, condition=False)


def condition(expr: Expr) -> str:
    """A condition that goes on to the end of its line."""
    return _bare(expr, condition=True)


def _bare(expr: Expr, condition: bool) -> str:
    text = render(expr)
    raw = tokenize(text).raw
    whole = raw and raw[0].start == 0 and raw[-1].end == len(text)  # no comment before or after it
    if whole and expression_end(raw, 0, _EVERY_LINE, condition) == len(raw):
        return text
    return parenthesised(expr)


def parenthesised(expr: Expr) -> str:
    """An expression in parentheses."""
    text = render(expr)
    remarks = tokenize(text).remarks if "--" in text else []
    open_end = remarks and remarks[-1].text.startswith("--") and text.endswith(remarks[-1].text)
    return f"({text}\n  )" if open_end else f"({text})"


def key_expression(expr: Expr) -> str:
    """An index key: a call as it stands, anything else in parentheses."""
    text = render(expr)
    raw = tokenize(text).raw
    plain = raw and raw[0].kind == WORD and raw[0].text not in RESERVED and raw[0].text.islower()
    return text if plain and function_end(raw, 0) == len(raw) else parenthesised(expr)


def sequence(options: SequenceOptions, type: PgType) -> str:
    """The options of a sequence that are not the usual ones of its type."""
    integer = type.name if isinstance(type, Scalar) else "bigint"
    usual = sequence_options(integer, increment=options.increment)
    first = options.min_value if options.increment > 0 else options.max_value
    return words(
        f"increment by {options.increment}" if options.increment != 1 else "",
        f"minvalue {options.min_value}" if options.min_value != usual.min_value else "",
        f"maxvalue {options.max_value}" if options.max_value != usual.max_value else "",
        f"start with {options.start}" if options.start != first else "",
        f"cache {options.cache}" if options.cache != 1 else "",
        "cycle" if options.cycle else "",
    )
