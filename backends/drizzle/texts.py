"""SQL inside a snapshot: expressions with their columns in quotes, and defaults as JavaScript's values."""

import re
from collections.abc import Callable
from typing import Any, Final

import orjson

from pgkit.backends.drizzle.arrays import array_text
from pgkit.backends.drizzle.line import Line
from pgkit.ir.expr import Call, Cast, Expr, Hole, Lit, Opaque, opaque
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column
from pgkit.ir.scalars import Shape
from pgkit.ir.types import Array, PgType, Scalar, element
from pgkit.sql import quoted, render

_WHOLE: Final = re.compile(r"-?(0|[1-9]\d*)")
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?")
_SAFE: Final = 2**53 - 1  # the last whole number before JavaScript loses count
_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\s+|[^"\s]+')
_NUMERIC: Final = (Shape.INT, Shape.FLOAT, Shape.DECIMAL)


def expression(expr: Expr, table: Ref, qualified: bool) -> str:
    """An expression over the columns of a table, each as `"t"."c"` or, unqualified, `"c"`."""
    return render(_written(expr, lambda hole: _hole(hole, table, qualified)))


def query(expr: Expr) -> str:
    """The query of a view as drizzle-orm's query builder writes it: names in quotes, `public` left out."""
    return render(_written(expr, _quoted_hole))


def _written(expr: Expr, hole: Callable[[Hole], str]) -> Expr:
    match expr:
        case Opaque(text, holes) if holes:
            inside = (*map(hole, holes), "")
            return opaque("".join(a + b for a, b in zip(text, inside, strict=True)))
        case Call(function, args):
            return Call(function, tuple(_written(a, hole) for a in args))
        case Cast(arg, to):
            return Cast(_written(arg, hole), to)
        case _:
            return expr


def _quoted_hole(hole: Hole) -> str:
    ref, own = hole.ref, hole.ref.member or hole.ref.name
    schema = () if ref.schema == "public" else (ref.schema,)
    match hole.form:
        case "literal":
            return render(Opaque(("", ""), (hole,)))
        case "name":
            names: tuple[str, ...] = (own,)
        case "owner.name":
            names = (ref.name, own)
        case "schema.name":
            names = (*schema, own)
        case "schema.owner.name":
            names = (*schema, ref.name, own)
    return ".".join(map(quoted, names))


def _hole(hole: Hole, table: Ref, qualified: bool) -> str:
    if hole.ref.kind != "column" or hole.ref.owner != table:
        return render(Opaque(("", ""), (hole,)))
    own = quoted(hole.ref.member)
    if not qualified:
        return own
    schema = () if table.schema == "public" else (quoted(table.schema),)
    return ".".join((*schema, quoted(table.name), own))


def old_default(column: Column) -> Any:
    """A default as version 7 has it: text after DEFAULT, or the number or boolean that schema.ts says."""
    match column.default:
        case Lit("bool", text):
            return text == "true"
        case Lit("number", text):
            return _number(text, column.type)
        case Lit("string", text):
            return _string(text, column.type)
        case None:
            return None
        case expr:
            return render(expr)


def _number(text: str, type: PgType) -> Any:
    """A number as JavaScript holds it; else its text, which for a numeric is a string in schema.ts."""
    shape = type.row.shape if isinstance(type, Scalar) else Shape.UNKNOWN
    if _WHOLE.fullmatch(text) and shape in _NUMERIC and abs(int(text)) <= _SAFE:
        return int(text)
    if _NUMBER.fullmatch(text) and shape in _NUMERIC and repr(float(text)) == text:
        return float(text)
    return f"'{text}'" if shape is Shape.DECIMAL else text


def _string(text: str, type: PgType) -> str:
    if isinstance(type, Scalar) and type.row.shape is Shape.JSON:
        return f"{_json_constant(text)}::{type.name}"
    if isinstance(type, Array):
        text = array_text(text, element(type), always_quoted=True)
    return _literal(text)


def _json_constant(text: str) -> str:
    """JSON with the quotes inside it as they are, which is how kits up to 0.31 leave them."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return _literal(text)
    return f"'{_compact(text)}'"


def next_default(column: Column) -> str | None:
    """A default as versions 8 and 9 have it: always text, without the cast that Postgres makes anyway."""
    type = column.type
    match column.default:
        case Lit("number", text) if isinstance(type, Scalar) and type.row.shape is Shape.DECIMAL:
            return f"'{text}'"
        case Lit("string", text) | Cast(Lit("string", text), Scalar("json" | "jsonb")) if _is_json(type):
            return _literal(_compact(text))
        case Lit("string", text) if isinstance(type, Array):
            return _literal(array_text(text, element(type), always_quoted=False))
        case Lit("string", text):
            return _literal(text)
        case None:
            return None
        case expr:
            return render(expr)


def default(column: Column, line: Line) -> Any:
    """A default as that line of drizzle-kit has it."""
    return next_default(column) if line.compact else old_default(column)


def _is_json(type: PgType) -> bool:
    return isinstance(type, Scalar) and type.row.shape is Shape.JSON


def _literal(text: str) -> str:
    """A string constant; a backslash in it is itself, since that is how drizzle-kit writes one."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _compact(text: str) -> str:
    """JSON without the blanks between its tokens, as JavaScript prints it."""
    tokens = _JSON_TOKEN.findall(text)
    return "".join(t for t in tokens if not t.isspace()) if "".join(tokens) == text else text
