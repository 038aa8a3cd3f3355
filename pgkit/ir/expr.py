"""Expressions: the few shapes worth understanding, and SQL with holes for the rest."""

from typing import Literal

from attrs import frozen

from pgkit.ir.names import Ref
from pgkit.ir.types import PgType

LitKind = Literal["null", "bool", "number", "string"]
# How a mention is written: `c`, `t.c`, `s.t`, `s.t.c`, or inside a string literal as in nextval('s.q').
Form = Literal["name", "owner.name", "schema.name", "schema.owner.name", "literal"]


@frozen
class Lit:
    """A constant: its kind and its text, unquoted. A bare value would make True equal 1."""

    kind: LitKind
    text: str = ""


@frozen
class Call:
    """A plain function call, `now()` or `gen_random_uuid()`; no ORDER BY, FILTER or OVER."""

    function: Ref
    args: "tuple[Expr, ...]" = ()


@frozen
class Cast:
    """`arg::to`."""

    arg: "Expr"
    to: PgType


@frozen
class Hole:
    """A mention of an object inside opaque SQL, and the form it is written in."""

    ref: Ref
    form: Form = "name"


@frozen
class Opaque:
    """SQL that we do not model, with a hole for each mention, so that renames and ordering see inside.

    Text and holes interleave: text[0] holes[0] text[1] ... holes[-1] text[-1].
    """

    text: tuple[str, ...]
    holes: tuple[Hole, ...] = ()


Expr = Lit | Call | Cast | Opaque


def opaque(text: str) -> Opaque:
    """SQL as it stands, with nothing bound inside."""
    return Opaque((text,))
