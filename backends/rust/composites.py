"""composites.rs: a struct for each composite type, read from a record of its attributes."""

from typing import Final

from pgkit.backends.rust.fields import Member, struct
from pgkit.backends.rust.idents import type_ident
from pgkit.backends.rust.rows import DERIVES
from pgkit.backends.rust.text import CALL_WIDTH, code, doc, skipped_if_long, width
from pgkit.backends.rust.types import json_form, leaf
from pgkit.backends.values import ArrayValue, CompositeModel, ScalarValue, Value
from pgkit.ir.types import Scalar

_MONEY: Final = "Money in it is written as a server reads it whose `lc_monetary` has a decimal point."


def composite(model: CompositeModel, fields: tuple[Member, ...], derives: tuple[str, ...]) -> list[str]:
    """A composite type's struct and how it is read."""
    name = type_ident(model.stem)
    return [
        *doc(f"Composite type {code(model.ref)}."),
        *(["///", *doc(model.comment)] if model.comment else []),
        *(["///", *doc(_MONEY)] if any(_is_money(m.field.value) for m in fields) else []),
        *struct(name, fields, (*DERIVES, *derives)),
        "",
        *_impls(name),
        "",
        *skipped_if_long(_decode(name, fields)),
        "",
        *skipped_if_long(_text(name, fields)),
    ]


def _is_money(value: Value) -> bool:
    bottom = value.of if isinstance(value, ArrayValue) else value
    return isinstance(bottom, ScalarValue) and bottom.type == Scalar("money")


def _impls(name: str) -> list[str]:
    return [
        f"impl super::rt::Read for {name} {{",
        "    type Raw = Self;",
        "",
        "    fn read(raw: Self) -> Self {",
        "        raw",
        "    }",
        "}",
        "",
        f"impl ::sqlx::Type<::sqlx::Postgres> for {name} {{",
        "    fn type_info() -> ::sqlx::postgres::PgTypeInfo {",
        "        super::rt::record()",
        "    }",
        "}",
        "",
        f"impl ::sqlx::postgres::PgHasArrayType for {name} {{",
        "    fn array_type_info() -> ::sqlx::postgres::PgTypeInfo {",
        "        super::rt::record_array()",
        "    }",
        "}",
    ]


def _decode(name: str, fields: tuple[Member, ...]) -> list[str]:
    result = "Result<Self, ::sqlx::error::BoxDynError>"
    body = [m.initialized("fields.") for m in fields]
    read = (
        [
            "        let mut fields = super::rt::Attributes::of(value)?;",
            "        Ok(Self {",
            *body,
            "        })",
        ]
        if body
        else ["        super::rt::Attributes::of(value).map(|_| Self {})"]
    )
    return [
        f"impl<'r> ::sqlx::Decode<'r, ::sqlx::Postgres> for {name} {{",
        f"    fn decode(value: ::sqlx::postgres::PgValueRef<'r>) -> {result} {{",
        *read,
        "    }",
        "}",
    ]


def _text(name: str, fields: tuple[Member, ...]) -> list[str]:
    items = [f"            {_printed(m)}(&self.{m.ident})," for m in fields]
    inside = ["        super::rt::record_text(&[", *items, "        ])"]
    return [
        f"impl super::rt::Text for {name} {{",
        "    fn text(&self) -> Option<String> {",
        *_listed(inside),
        "    }",
        "}",
    ]


def _printed(member: Member) -> str:
    """What gives the text of an attribute."""
    value = member.field.value
    if leaf(value).reader == "json":
        return f"super::rt::json_text::<{json_form(value, member.field.nullable)}>"
    return "super::rt::Text::text"


def _listed(lines: list[str]) -> list[str]:
    """An array in a call, on one line where rustfmt would have it there."""
    line = lines[0] + ", ".join(item.strip().removesuffix(",") for item in lines[1:-1]) + lines[-1].strip()
    inside = line.strip().removeprefix("super::rt::record_text(").removesuffix(")")
    return [line] if width(inside) <= CALL_WIDTH else lines
