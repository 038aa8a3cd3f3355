"""The parts of rt.rs that read what sqlx reads wrongly, or panics at: one for each crate of types."""

from typing import Final

_READ: Final = "\nread_by_sqlx!({});\n"

_RAW: Final = """
impl Read for TYPE {
    type Raw = Raw<Self>;

    fn read(raw: Self::Raw) -> Self {
        raw.0
    }
}
"""

_LIKE_SQLX: Final = """
impl Type<Postgres> for Raw<TYPE> {
    fn type_info() -> PgTypeInfo {
        <TYPE as Type<Postgres>>::type_info()
    }
}

impl PgHasArrayType for Raw<TYPE> {
    fn array_type_info() -> PgTypeInfo {
        <TYPE as PgHasArrayType>::array_type_info()
    }
}
"""

_CHRONO: Final = """
// By hand: sqlx panics at infinity, and at a year that chrono cannot hold.
impl<'r> Decode<'r, Postgres> for Raw<::chrono::DateTime<::chrono::Utc>> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        const Y2000: i64 = 946_684_800_000_000;
        if value.format() == ::sqlx::postgres::PgValueFormat::Text {
            return Decode::<Postgres>::decode(value).map(Self);
        }
        match <i64 as Decode<Postgres>>::decode(value)? {
            i64::MIN | i64::MAX => Err("an infinite timestamp; read it as text".into()),
            micros => micros
                .checked_add(Y2000)
                .and_then(::chrono::DateTime::from_timestamp_micros)
                .map(Self)
                .ok_or_else(|| "a timestamp out of range of chrono; read it as text".into()),
        }
    }
}

impl<'r> Decode<'r, Postgres> for Raw<::chrono::NaiveDateTime> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        if value.format() == ::sqlx::postgres::PgValueFormat::Text {
            return Decode::<Postgres>::decode(value).map(Self);
        }
        let utc = <Raw<::chrono::DateTime<::chrono::Utc>> as Decode<'r, _>>::decode(value)?;
        Ok(Self(utc.0.naive_utc()))
    }
}

impl<'r> Decode<'r, Postgres> for Raw<::chrono::NaiveDate> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        const Y2000: i32 = 730_120;
        if value.format() == ::sqlx::postgres::PgValueFormat::Text {
            return Decode::<Postgres>::decode(value).map(Self);
        }
        match <i32 as Decode<Postgres>>::decode(value)? {
            i32::MIN | i32::MAX => Err("an infinite date; read it as text".into()),
            days => days
                .checked_add(Y2000)
                .and_then(::chrono::NaiveDate::from_num_days_from_ce_opt)
                .map(Self)
                .ok_or_else(|| "a date out of range of chrono; read it as text".into()),
        }
    }
}
"""

_DECIMAL: Final = """
// By hand: sqlx loses the scale of zero, and rounds where it need not.
impl<'r> Decode<'r, Postgres> for Raw<::rust_decimal::Decimal> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let found = match value.format() {
            ::sqlx::postgres::PgValueFormat::Binary => decimal(value.as_bytes()?),
            ::sqlx::postgres::PgValueFormat::Text => {
                ::rust_decimal::Decimal::from_str_exact(value.as_str()?).ok()
            }
        };
        found
            .map(Self)
            .ok_or_else(|| "NaN, or too many digits for a Decimal".into())
    }
}

/// The number in Postgres's binary form: digits to base 10,000 from the weight of the first down.
fn decimal(bytes: &[u8]) -> Option<::rust_decimal::Decimal> {
    let words: Vec<i16> = bytes
        .chunks_exact(2)
        .map(|b| i16::from_be_bytes([b[0], b[1]]))
        .collect();
    let [_, weight, sign, scale, digits @ ..] = words.as_slice() else {
        return None;
    };
    let mut mantissa: i128 = 0;
    for (i, digit) in digits.iter().enumerate() {
        let power = 4 * (i32::from(*weight) - i32::try_from(i).ok()?) + i32::from(*scale);
        let ten = 10_i128.checked_pow(power.unsigned_abs())?;
        let digit = i128::from(*digit);
        let part = if power < 0 {
            digit / ten
        } else {
            digit.checked_mul(ten)?
        };
        mantissa = mantissa.checked_add(part)?;
    }
    let mantissa = match sign {
        0 => mantissa,
        0x4000 => -mantissa,
        _ => return None,
    };
    let scale = u32::try_from(*scale).ok()?;
    ::rust_decimal::Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}
"""

_VECTOR: Final = """
// By hand: the schema is in the type's name while it is off the search path, and in arrays, records and
// for pgvector's other types the text form is read.
impl Type<Postgres> for Raw<::pgvector::Vector> {
    fn type_info() -> PgTypeInfo {
        <::pgvector::Vector as Type<Postgres>>::type_info()
    }

    fn compatible(ty: &PgTypeInfo) -> bool {
        let name = ::sqlx::TypeInfo::name(ty);
        name == "vector" || name.ends_with(".vector") || <String as Type<Postgres>>::compatible(ty)
    }
}

impl PgHasArrayType for Raw<::pgvector::Vector> {
    fn array_type_info() -> PgTypeInfo {
        <String as PgHasArrayType>::array_type_info()
    }
}

impl<'r> Decode<'r, Postgres> for Raw<::pgvector::Vector> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let is_text = <String as Type<Postgres>>::compatible(&::sqlx::ValueRef::type_info(&value));
        if !is_text {
            return Decode::<Postgres>::decode(value).map(Self);
        }
        let inside = value
            .as_str()?
            .trim_start_matches('[')
            .trim_end_matches(']');
        let numbers: Result<Vec<f32>, _> = inside.split(',').map(str::parse).collect();
        Ok(Self(numbers?.into()))
    }
}
"""


_JSON: Final = """
use ::serde::de::DeserializeOwned;
use ::sqlx::types::Json;

/// Reads a JSON column as a type of the project's.
///
/// # Errors
///
/// What serde refuses.
pub fn json<T: DeserializeOwned + 'static>(row: &PgRow, column: &str) -> ::sqlx::Result<T> {
    own::<Json<T>>(row, column).map(|json| json.0)
}

/// Reads a JSON column that may be NULL as a type of the project's.
///
/// # Errors
///
/// What serde refuses.
pub fn json_or_null<T: DeserializeOwned + 'static>(
    row: &PgRow,
    column: &str,
) -> ::sqlx::Result<Option<T>> {
    own::<Option<Json<T>>>(row, column).map(|found| found.map(|json| json.0))
}

impl Attributes<'_> {
    /// Reads the next attribute, of a JSON type, as a type of the project's.
    ///
    /// # Errors
    ///
    /// What serde refuses.
    pub fn json<T: DeserializeOwned + 'static>(&mut self) -> Result<T, BoxDynError> {
        self.own::<Json<T>>().map(|json| json.0)
    }

    /// Reads the next attribute, of a JSON type, as a type of the project's; it may be NULL.
    ///
    /// # Errors
    ///
    /// What serde refuses.
    pub fn json_or_null<T: DeserializeOwned + 'static>(
        &mut self,
    ) -> Result<Option<T>, BoxDynError> {
        self.own::<Option<Json<T>>>()
            .map(|found| found.map(|json| json.0))
    }
}

/// A value of the project's, to be bound as JSON.
pub fn to_json<T: Clone>(value: &T) -> Json<T> {
    Json(value.clone())
}

/// A value of the project's that may be NULL, to be bound as JSON.
pub fn to_json_or_null<T: Clone>(value: &Option<T>) -> Option<Json<T>> {
    value.clone().map(Json)
}

/// JSON as a type of the project's, in a form such as `Option<Vec<Typed<T>>>`, which stands for
/// `Option<Vec<T>>`.
pub struct Typed<T>(T);

impl<T: DeserializeOwned + 'static> Read for Typed<T> {
    type Raw = Json<T>;

    fn read(raw: Json<T>) -> Self {
        Self(raw.0)
    }
}

/// A form of [`Typed`] values, and what it stands for.
pub trait Form: Sized {
    /// The type without `Typed`.
    type Own;

    #[doc(hidden)]
    fn own(self) -> Self::Own;

    #[doc(hidden)]
    fn text(own: &Self::Own) -> Option<String>;

    #[doc(hidden)]
    fn element(own: &Self::Own, out: &mut String) {
        match Self::text(own) {
            Some(text) => quote(&text, out),
            None => out.push_str("NULL"),
        }
    }
}

impl<T: ::serde::Serialize> Form for Typed<T> {
    type Own = T;

    fn own(self) -> T {
        self.0
    }

    fn text(own: &T) -> Option<String> {
        // What serde refuses, Postgres is to refuse as well: no JSON begins so.
        let text = ::serde_json::to_string(own);
        Some(text.unwrap_or_else(|error| format!("!{error}")))
    }
}

impl<F: Form> Form for Option<F> {
    type Own = Option<F::Own>;

    fn own(self) -> Self::Own {
        self.map(F::own)
    }

    fn text(own: &Self::Own) -> Option<String> {
        own.as_ref().and_then(F::text)
    }
}

impl<F: Form> Form for Vec<F> {
    type Own = Vec<F::Own>;

    fn own(self) -> Self::Own {
        self.into_iter().map(F::own).collect()
    }

    fn text(own: &Self::Own) -> Option<String> {
        let mut out = String::new();
        Self::element(own, &mut out);
        Some(array_text(out))
    }

    fn element(own: &Self::Own, out: &mut String) {
        listed(own, out, F::element);
    }
}

/// Reads an array of JSON as types of the project's.
///
/// # Errors
///
/// What serde refuses.
pub fn typed<F: Form + Read>(row: &PgRow, column: &str) -> ::sqlx::Result<F::Own> {
    get::<F>(row, column).map(F::own)
}

/// Reads an array of JSON of more than one dimension as types of the project's.
///
/// # Errors
///
/// What serde refuses.
pub fn typed_nested<T: Read, F: Form + Nested<T>>(
    row: &PgRow,
    column: &str,
) -> ::sqlx::Result<F::Own>
where
    T::Raw: PgHasArrayType,
{
    nested::<T, F>(row, column).map(F::own)
}

impl Attributes<'_> {
    /// Reads the next attribute, an array of JSON, as types of the project's.
    ///
    /// # Errors
    ///
    /// What serde refuses.
    pub fn typed<F: Form + Read>(&mut self) -> Result<F::Own, BoxDynError> {
        self.get::<F>().map(F::own)
    }

    /// Reads the next attribute, an array of JSON of more than one dimension.
    ///
    /// # Errors
    ///
    /// What serde refuses.
    pub fn typed_nested<T: Read, F: Form + Nested<T>>(&mut self) -> Result<F::Own, BoxDynError>
    where
        T::Raw: PgHasArrayType,
    {
        self.nested::<T, F>().map(F::own)
    }
}

/// The text of JSON in types of the project's.
#[must_use]
pub fn json_text<F: Form>(own: &F::Own) -> Option<String> {
    F::text(own)
}
"""


def _by_hand(*types: str) -> str:
    return "".join((_RAW + _LIKE_SQLX).replace("TYPE", t) for t in types)


DECODERS: Final = {
    "serde_json": _READ.format("::serde_json::Value") + _JSON,
    "uuid": _READ.format("::uuid::Uuid"),
    "chrono": _by_hand("::chrono::DateTime<::chrono::Utc>", "::chrono::NaiveDateTime", "::chrono::NaiveDate")
    + _CHRONO,
    "rust_decimal": _by_hand("::rust_decimal::Decimal") + _DECIMAL,
    "pgvector": _RAW.replace("TYPE", "::pgvector::Vector") + _VECTOR,
}
"""What reads the types of a crate, in the order in which it is printed."""
