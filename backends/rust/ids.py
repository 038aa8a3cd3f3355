"""ids.rs: a type for the keys of each table that has a key of one column, for whatever refers to it too."""

from typing import Final

from pgkit.backends.rust.idents import id_ident
from pgkit.backends.rust.text import attribute, block, code, doc, skipped_if_long
from pgkit.backends.rust.types import leaf
from pgkit.backends.values import IdModel

_DERIVES: Final = [
    *("Debug", "Clone", "Copy", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash"),
    *("::serde::Serialize", "::serde::Deserialize"),
]

_IMPLS: Final = """\
// By hand, not derived: what sqlx derives for a transparent type differs between 0.8 and 0.9.
macro_rules! id {
    ($id:ident, $inner:ty) => {
        impl ::sqlx::Type<::sqlx::Postgres> for $id {
            fn type_info() -> ::sqlx::postgres::PgTypeInfo {
                <$inner as ::sqlx::Type<::sqlx::Postgres>>::type_info()
            }

            fn compatible(ty: &::sqlx::postgres::PgTypeInfo) -> bool {
                <$inner as ::sqlx::Type<::sqlx::Postgres>>::compatible(ty)
            }
        }

        impl ::sqlx::postgres::PgHasArrayType for $id {
            fn array_type_info() -> ::sqlx::postgres::PgTypeInfo {
                <$inner as ::sqlx::postgres::PgHasArrayType>::array_type_info()
            }

            fn array_compatible(ty: &::sqlx::postgres::PgTypeInfo) -> bool {
                <$inner as ::sqlx::postgres::PgHasArrayType>::array_compatible(ty)
            }
        }

        impl ::sqlx::Encode<'_, ::sqlx::Postgres> for $id {
            fn encode_by_ref(
                &self,
                buf: &mut ::sqlx::postgres::PgArgumentBuffer,
            ) -> Result<::sqlx::encode::IsNull, ::sqlx::error::BoxDynError> {
                <$inner as ::sqlx::Encode<'_, ::sqlx::Postgres>>::encode_by_ref(&self.0, buf)
            }
        }

        impl<'r> ::sqlx::Decode<'r, ::sqlx::Postgres> for $id {
            fn decode(
                value: ::sqlx::postgres::PgValueRef<'r>,
            ) -> Result<Self, ::sqlx::error::BoxDynError> {
                <$inner as ::sqlx::Decode<'r, ::sqlx::Postgres>>::decode(value).map(Self)
            }
        }

        impl super::rt::Read for $id {
            type Raw = Self;

            fn read(raw: Self) -> Self {
                raw
            }
        }

        impl super::rt::Text for $id {
            fn text(&self) -> Option<String> {
                super::rt::Text::text(&self.0)
            }
        }

        impl ::std::convert::From<$inner> for $id {
            fn from(key: $inner) -> Self {
                Self(key)
            }
        }

        impl ::std::convert::From<$id> for $inner {
            fn from(id: $id) -> Self {
                id.0
            }
        }

        impl ::std::str::FromStr for $id {
            type Err = <$inner as ::std::str::FromStr>::Err;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl ::std::fmt::Display for $id {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
    };
}
"""


def ids_module(ids: tuple[IdModel, ...]) -> list[str]:
    """The lines of ids.rs, below its header."""
    return [*_IMPLS.splitlines(), *(line for id in ids for line in ["", *_id(id)])]


def inner(id: IdModel) -> str:
    """What is inside of a key's type."""
    return leaf(id.value).rust


def is_copy(id: IdModel) -> bool:
    """Whether a key's type can be copied."""
    return inner(id) != "String"


def _id(id: IdModel) -> list[str]:
    name, found = id_ident(id.stem), leaf(id.value)
    derives = [d for d in _DERIVES if d != "Copy" or is_copy(id)]
    wire = '#[serde(with = "super::rt::wire")] ' if found.wire else ""
    item = [
        *attribute("derive", derives),
        "#[serde(transparent)]",
        f"pub struct {name}({wire}pub {found.rust});",
    ]
    return [
        *doc(f"A key of {code(id.ref)}, and of what refers to it."),
        *skipped_if_long(item),
        "",
        *skipped_if_long([], [block([f"id!({name}, {found.rust});"], [f"{name}, {found.rust}"])]),
    ]
