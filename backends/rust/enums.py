"""enums.rs: a Rust enum for each enum type, its variants in the order of the labels."""

from typing import Final

from pgkit.backends.rust.idents import type_ident
from pgkit.backends.rust.text import CALL_WIDTH, WIDTH, attribute, code, doc, skipped_if_long, string, width
from pgkit.backends.values import OTHER, EnumModel
from pgkit.sql import quoted

_DERIVES: Final = (
    *("Debug", "Clone", "Copy", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash"),
    *("::serde::Serialize", "::serde::Deserialize"),
)
_ARRAY_WIDTH: Final = 60  # rustfmt's array_width

_WHY: Final = """\
// By hand, not derived: sqlx compares the names of types as text, and Postgres prints the schema only
// while it is off the search path (sqlx #2831, #2595). Text is taken too, as selected by `::text`.
"""
_IMPLS: Final = """\
macro_rules! postgres_enum {
    ($type:ident, $qualified:literal, $bare:literal) => {
        impl ::sqlx::Type<::sqlx::Postgres> for $type {
            fn type_info() -> ::sqlx::postgres::PgTypeInfo {
                ::sqlx::postgres::PgTypeInfo::with_name($qualified)
            }

            fn compatible(ty: &::sqlx::postgres::PgTypeInfo) -> bool {
                *ty == Self::type_info()
                    || *ty == ::sqlx::postgres::PgTypeInfo::with_name($bare)
                    || <str as ::sqlx::Type<::sqlx::Postgres>>::compatible(ty)
            }
        }

        impl ::sqlx::postgres::PgHasArrayType for $type {
            fn array_type_info() -> ::sqlx::postgres::PgTypeInfo {
                ::sqlx::postgres::PgTypeInfo::array_of($qualified)
            }

            fn array_compatible(ty: &::sqlx::postgres::PgTypeInfo) -> bool {
                *ty == Self::array_type_info()
                    || *ty == ::sqlx::postgres::PgTypeInfo::array_of($bare)
                    || <&str as ::sqlx::postgres::PgHasArrayType>::array_compatible(ty)
            }
        }

        impl ::sqlx::Encode<'_, ::sqlx::Postgres> for $type {
            fn encode_by_ref(
                &self,
                buf: &mut ::sqlx::postgres::PgArgumentBuffer,
            ) -> Result<::sqlx::encode::IsNull, ::sqlx::error::BoxDynError> {
                <&str as ::sqlx::Encode<'_, ::sqlx::Postgres>>::encode(self.as_str(), buf)
            }
        }

        impl<'r> ::sqlx::Decode<'r, ::sqlx::Postgres> for $type {
            fn decode(
                value: ::sqlx::postgres::PgValueRef<'r>,
            ) -> Result<Self, ::sqlx::error::BoxDynError> {
                let label = value.as_str()?;
                let found = Self::ALL.into_iter().find(|value| value.as_str() == label);
                FOUND
            }
        }

        impl super::rt::Read for $type {
            type Raw = Self;

            fn read(raw: Self) -> Self {
                raw
            }
        }

        impl super::rt::Text for $type {
            fn text(&self) -> Option<String> {
                Some(self.as_str().into())
            }
        }
    };
}
"""


def enums_module(enums: tuple[EnumModel, ...]) -> list[str]:
    """The lines of enums.rs, below its header."""
    macros = [_macro(is_open) for is_open in sorted({enum.open for enum in enums})]
    declared = [line for enum in enums for line in ["", *_enum(enum)]]
    return [*_WHY.splitlines(), *"\n".join(macros).splitlines(), *declared]


def _macro(is_open: bool) -> str:
    """The macro that makes an enum one of Postgres's."""
    found = (
        f"Ok(found.unwrap_or_else(|| Self::{OTHER}(label.to_owned())))"
        if is_open
        else 'found.ok_or_else(|| format!("{} has no label {label:?}", $qualified).into())'
    )
    return _IMPLS.replace("postgres_enum", _macro_name(is_open)).replace("FOUND", found)


def _macro_name(is_open: bool) -> str:
    return "postgres_open_enum" if is_open else "postgres_enum"


def _enum(enum: EnumModel) -> list[str]:
    name = type_ident(enum.stem)
    variants = [type_ident(m) if m == "Self" else m for m in enum.members]
    labels = [string(label) for label in enum.labels]
    declared = [
        line
        for variant, label in zip(variants, labels, strict=True)
        for line in (*attribute("serde", [f"rename = {label}"], "    "), f"    {variant},")
    ]
    if enum.open:
        other = "    /// A label that this was generated without."
        declared += [other, "    #[serde(untagged)]", f"    {OTHER}(String),"]
    derives = [d for d in _DERIVES if not (enum.open and d == "Copy")]
    item = [*attribute("derive", derives), f"pub enum {name} {{", *declared, "}"]
    return [
        *_doc(enum),
        *skipped_if_long(item),
        "",
        *skipped_if_long(_impl(name, variants, labels, enum.open)),
        "",
        *_postgres(name, enum),
    ]


def _doc(enum: EnumModel) -> list[str]:
    return doc(f"Enum {code(enum.ref)}.") + (["///", *doc(enum.comment)] if enum.comment else [])


def _impl(name: str, variants: list[str], labels: list[str], is_open: bool) -> list[str]:
    signature = "fn as_str(&self) -> &str" if is_open else "const fn as_str(self) -> &'static str"
    return [
        f"impl {name} {{",
        f"    /// All values{' that are listed' if is_open else ''}, in the order of the database.",
        *_all(variants),
        "",
        "    /// The label in the database.",
        "    #[must_use]",
        f"    pub {signature} {{",
        "        match self {",
        *(line for v, label in zip(variants, labels, strict=True) for line in _arm(v, label)),
        *([f"            Self::{OTHER}(label) => label,"] if is_open else []),
        "        }",
        "    }",
        "}",
    ]


def _all(variants: list[str]) -> list[str]:
    items = [f"Self::{v}" for v in variants]
    head = f"    pub const ALL: [Self; {len(items)}] = ["
    inside = ", ".join(items)
    fits = width(f"{head}{inside}];") <= WIDTH
    if fits and (len(inside) <= _ARRAY_WIDTH or len(items) == 1):
        return [f"{head}{inside}];"]
    if len(items) == 1:
        return [head.removesuffix(" ["), f"        [{inside}];"]
    return [head, *(f"        {item}," for item in items), "    ];"]


def _arm(variant: str, label: str) -> list[str]:
    line = f"            Self::{variant} => {label},"
    if width(line) <= WIDTH:
        return [line]
    return [f"            Self::{variant} => {{", f"                {label}", "            }"]


def _postgres(name: str, enum: EnumModel) -> list[str]:
    own, macro = quoted(enum.ref.name), _macro_name(enum.open)
    names = [name, string(f"{quoted(enum.ref.schema)}.{own}"), string(own)]
    if width(", ".join(names)) <= CALL_WIDTH:
        return [f"{macro}!({', '.join(names)});"]
    return [f"{macro}!(", *(f"    {n}," for n in names[:-1]), f"    {names[-1]}", ");"]
