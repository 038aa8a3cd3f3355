"""Types as drizzle-orm's columns spell them: `numeric(10, 2)`, `timestamp (3) with time zone`."""

from typing import Final

from attrs import frozen

from pgkit.backends.drizzle.line import Line
from pgkit.ir.types import Array, Named, PgType, Scalar
from pgkit.sql import render

SERIALS: Final = {"integer": "serial", "bigint": "bigserial", "smallint": "smallserial"}


@frozen
class TypeText:
    """A type's text without its dimensions; the schema only of an enum."""

    text: str
    schema: str | None = None
    dims: int = 0

    @property
    def whole(self) -> str:
        """The text with its dimensions."""
        return self.text + "[]" * self.dims


def type_text(type: PgType, line: Line) -> TypeText:
    """The type as that line of drizzle-kit has it."""
    match type:
        case Array(of, dims):
            inner = type_text(of, line)
            return TypeText(inner.text, inner.schema, max(dims, 1))
        case Named(ref) if ref.kind == "enum":
            return TypeText(ref.name, ref.schema)
        case Named(ref):
            name = ref.member or ref.name
            return TypeText(name if ref.schema == "public" else f"{ref.schema}.{name}")
        case Scalar():
            return TypeText(_scalar(type, line))


def _scalar(type: Scalar, line: Line) -> str:
    space = "" if line.compact else " "
    match type:
        case Scalar("numeric", (precision, "0"), ""):
            return f"numeric({precision})"
        case Scalar("numeric", (precision, scale), ""):
            return f"numeric({precision},{space}{scale})"
        case Scalar("timestamp with time zone", mods, ""):
            return f"timestamp{_precision(mods, space)} with time zone"
        case Scalar("timestamp without time zone", mods, ""):
            return f"timestamp{_precision(mods, space)}"
        case Scalar("time with time zone", mods, ""):
            return f"time{_precision(mods, '')} with time zone"
        case Scalar("geometry", (shape, *srid), ""):
            kept = srid if line.compact else []  # up to 0.31 the reference system is left out
            return f"geometry({','.join((shape.lower(), *kept))})"
        case _:
            return render(type)


def _precision(mods: tuple[str, ...], space: str) -> str:
    return f"{space}({mods[0]})" if mods else ""
