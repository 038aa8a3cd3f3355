"""Templates, quoting and the rendering of Refs, types and expressions."""

import re
from collections.abc import Iterable
from itertools import chain
from typing import Final, LiteralString, assert_never

from attrs import frozen

from pgkit.ir.expr import Call, Cast, Expr, Hole, Lit, Opaque
from pgkit.ir.names import Ref
from pgkit.ir.scalars import Shape
from pgkit.ir.type_text import spell
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.sql.keywords import NOT_BARE

_BARE: Final = re.compile(r"[a-z_][a-z0-9_]*")  # what quote_ident() leaves alone
_PART: Final = r'(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")'
_WRITTEN: Final = re.compile(rf"{_PART}(?:\.{_PART})?")


@frozen
class Sql:
    """Finished SQL text."""

    text: str

    def __str__(self) -> str:
        return self.text


@frozen
class Ident:
    """A name that is not an object of the IR: an access method, a parameter, a new name."""

    name: str


Part = Sql | Ident | Ref | Scalar | Array | Named | Lit | Call | Cast | Opaque


def sql(template: LiteralString, **parts: Part) -> Sql:
    """Fills `{holes}` with quoted, typed parts. A bare str is refused by the type checker and here."""
    return Sql(template.format(**{name: render(part) for name, part in parts.items()}))


def join(separator: LiteralString, parts: Iterable[Part]) -> Sql:
    """The parts rendered, one after the other."""
    return Sql(separator.join(render(p) for p in parts))


def render(part: Part) -> str:
    """A part as SQL: names quoted where Postgres needs it, objects with their schema."""
    match part:
        case Sql(text):
            return text
        case Ident(name):
            return quote(name)
        case Ref():
            return quote(part.member) if part.member else _path(part.schema, part.name)
        case Scalar() | Array() | Named():
            return _type(part)
        case Lit() | Call() | Cast() | Opaque():
            return _expr(part)
        case _:
            raise TypeError(f"{part!r} is not SQL: wrap it in Ident, Lit or sql()")


def quote(name: str) -> str:
    """An identifier, quoted only where Postgres would read it as something else without."""
    return name if _BARE.fullmatch(name) and name not in NOT_BARE else quoted(name)


def quoted(name: str) -> str:
    """An identifier in quotes, whatever it is."""
    return '"' + name.replace('"', '""') + '"'


def written_name(text: str) -> Sql:
    """A name that is SQL already, `public.my_ops` or `"Odd"`; what is no name becomes a quoted one."""
    return Sql(text if _WRITTEN.fullmatch(text) else quoted(text))


def literal(text: str) -> str:
    """A string constant, read the same whatever standard_conforming_strings says."""
    doubled = text.replace("'", "''")
    return "E'" + doubled.replace("\\", "\\\\") + "'" if "\\" in text else f"'{doubled}'"


def _path(*names: str) -> str:
    return ".".join(quote(n) for n in names if n)


def _type(type: PgType) -> str:
    match type:
        case Scalar(name, mods, schema):
            return _scalar(type, name, mods, schema)
        case Array(of, dims):
            return _type(of) + "[]" * dims
        case Named(ref):
            return _path(ref.schema, ref.member or ref.name)
        case _:
            assert_never(type)


def _scalar(type: Scalar, name: str, mods: tuple[str, ...], schema: str) -> str:
    if type.row.shape is not Shape.UNKNOWN:
        return spell(type.row.spelling, mods)
    return _path(schema, name) + (f"({', '.join(mods)})" if mods else "")


def _expr(expr: Expr) -> str:
    match expr:
        case Lit(kind, text):
            return literal(text) if kind == "string" else "NULL" if kind == "null" else text
        case Call(function, args):
            return f"{_path(function.schema, function.name)}({', '.join(_expr(a) for a in args)})"
        case Cast(Lit("number", text), to) if text.startswith("-"):
            return f"({text})::{_type(to)}"
        case Cast(arg, to):
            return f"{_expr(arg)}::{_type(to)}"
        case Opaque(text, holes):
            return "".join(chain(*zip(text, (*map(_hole, holes), ""), strict=True)))
        case _:
            assert_never(expr)


def _hole(hole: Hole) -> str:
    ref = hole.ref
    own = ref.member or ref.name
    match hole.form:
        case "name":
            return quote(own)
        case "owner.name":
            return _path(ref.name, own)
        case "schema.name":
            return _path(ref.schema, own)
        case "schema.owner.name":
            return _path(ref.schema, ref.name, own)
        case "literal":
            return _path(ref.schema, own).replace("'", "''")
        case _:
            assert_never(hole.form)
