"""Reads and writes a type as text: `numeric(10,2)`, `timestamp(3) with time zone`, `app."Mood"[]`."""

import re
from typing import Final

from attrs import frozen

from pgkit.ir.scalars import ALIASES, GEOMETRIES, ROWS
from pgkit.ir.types import Array, PgType, Scalar

# Possessive throughout: a hostile type text must not make them try every split of its blanks.
_ARRAY: Final = re.compile(r"\s++ARRAY$", re.IGNORECASE)
_NAME: Final = r'(?:"(?:[^"]|"")++"|[^\s".(]++)'
_SHAPE: Final = re.compile(
    rf"(?:(?P<schema>{_NAME})\s*+\.\s*+)?(?P<name>{_NAME}(?:\s++(?!with)[A-Za-z]++)*+)"
    r"\s*+(?:\((?P<mods>[^()]*+)\))?\s*+(?P<zone>with(?:out)?\s++time\s++zone)?\s*+",
    re.IGNORECASE,
)
_MOD: Final = re.compile(r"-?\w+")
_INTERVAL: Final = re.compile(
    r"interval(?P<fields>(?:\s++[a-z]++)*+)\s*+(?:\((?P<precision>\d)\))?", re.IGNORECASE
)


@frozen
class TypeName:
    """A type as it is written: an optional schema, a name, modifiers, dimensions."""

    schema: str
    name: str
    mods: tuple[str, ...]
    dims: int


def split_type(text: str) -> TypeName:
    """The parts of a type's text, names folded and unquoted as Postgres does."""
    rest, dims = _without_dimensions(text.strip())
    if match := _INTERVAL.fullmatch(rest):
        mods = (" ".join(match["fields"].lower().split()), match["precision"])
        return TypeName("", "interval", tuple(m for m in mods if m), dims)
    match = _SHAPE.fullmatch(rest)
    mods_ = tuple(m.strip() for m in match["mods"].split(",")) if match and match["mods"] else ()
    if match is None or not all(_MOD.fullmatch(m) for m in mods_):
        return TypeName("", rest, (), dims)
    name = _folded(match["name"])
    if match["zone"]:
        name = " ".join((name, *match["zone"].lower().split()))
    return TypeName(_folded(match["schema"] or ""), name, mods_, dims)


def parse_type(text: str) -> PgType:
    """The type that `text` names among the known scalars; any other keeps its name and schema."""
    parts = split_type(text)
    return array_of(scalar(parts.schema, parts.name, parts.mods), parts.dims)


def array_of(type: PgType, dims: int) -> PgType:
    """An array of `type`, or `type` itself when there are no dimensions."""
    return Array(type, dims) if dims else type


def scalar(schema: str, name: str, mods: tuple[str, ...] = ()) -> Scalar:
    """A scalar under its canonical name, with the modifiers that Postgres would fill in."""
    name = name if schema not in ("", "pg_catalog") else ALIASES.get(name, name)
    row = ROWS.get(name)
    if schema not in ("", "pg_catalog") and not (row and row.extension):
        return Scalar(name, mods, schema)
    if row is None:
        return Scalar(name, mods)
    return _defaulted(name, mods or row.default_mods)


def type_text(type: Scalar) -> str:
    """A scalar in its canonical spelling, as format_type() prints it; the inverse of parse_type."""
    return spell(type.name, type.mods)


def spell(name: str, mods: tuple[str, ...]) -> str:
    """A type name with its modifiers where Postgres wants them."""
    if name == "interval":
        fields = "".join(f" {m}" for m in mods if not m.isdigit())
        return f"interval{fields}" + "".join(f"({m})" for m in mods if m.isdigit())
    written = f"({','.join(mods)})" if mods else ""
    first, zone, rest = name.partition(" with")
    return f"{first}{written}{zone}{rest}"


def _defaulted(name: str, mods: tuple[str, ...]) -> Scalar:
    if name == "numeric" and len(mods) == 1:
        mods = (*mods, "0")
    if name in ("geometry", "geography") and mods:
        mods = (GEOMETRIES.get(mods[0].lower(), mods[0]), *mods[1:])
    if name == "double precision" and mods and mods[0].isdigit():  # float(n)
        return Scalar("real" if int(mods[0]) <= 24 else "double precision")
    return Scalar(name, mods)


def _without_dimensions(text: str) -> tuple[str, int]:
    """A type's text without `[3]` and `ARRAY` at its end, and how many dimensions they were."""
    dims = 0
    while text.endswith("]") and ((inner := text[text.rfind("[") + 1 : -1].strip()).isdigit() or not inner):
        if "[" not in text:
            break
        text, dims = text[: text.rfind("[")].rstrip(), dims + 1
    if match := _ARRAY.search(text[-40:]):
        return text[: match.start() - len(text[-40:])].rstrip(), max(dims, 1)
    return text, dims


def _folded(name: str) -> str:
    if name.startswith('"'):
        inner = name[1:-1].replace('""', '"')
        return '"char"' if inner == "char" else inner
    return " ".join(name.lower().split())
