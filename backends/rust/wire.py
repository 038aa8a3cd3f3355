"""The text of rt::wire: the JSON forms that serde alone would not print. See pgkit.ir.wire."""

from typing import Final

WIRE: Final = """
/// The JSON forms that JavaScript can hold without loss, for `#[serde(with = "...::wire")]` on a type
/// that is `Wire`, an `Option` of it, and a `Vec` of it to any depth.
pub mod wire {
    use ::serde::de::Error as _;
    use ::serde::ser::Error as _;
    use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
    use ::sqlx::postgres::types::PgInterval;

    /// A type with a JSON form of its own.
    pub trait Wire: Sized {
        /// Prints it.
        ///
        /// # Errors
        ///
        /// A value that has no such form.
        fn to_wire<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

        /// Reads it.
        ///
        /// # Errors
        ///
        /// A value that has no such form.
        fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
    }

    /// For `#[serde(with)]`.
    ///
    /// # Errors
    ///
    /// A value that has no such form.
    pub fn serialize<T: Wire, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.to_wire(serializer)
    }

    /// For `#[serde(with)]`.
    ///
    /// # Errors
    ///
    /// A value that has no such form.
    pub fn deserialize<'de, T: Wire, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::from_wire(deserializer)
    }

    /// For a value that may be absent, but not null.
    ///
    /// # Errors
    ///
    /// A value that has no such form.
    pub fn present<'de, T: Wire, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        T::from_wire(deserializer).map(Some)
    }

    /// For a value that may be absent, which is `None`, or null, which is `Some(None)`.
    ///
    /// # Errors
    ///
    /// A value that has no such form.
    pub fn double_option<'de, T: Wire, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Wire::from_wire(deserializer).map(Some)
    }

    struct Out<'a, T>(&'a T);

    impl<T: Wire> Serialize for Out<'_, T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.to_wire(serializer)
        }
    }

    struct In<T>(T);

    impl<'de, T: Wire> Deserialize<'de> for In<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            T::from_wire(deserializer).map(Self)
        }
    }

    impl<T: Wire> Wire for Option<T> {
        fn to_wire<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.as_ref().map(Out).serialize(serializer)
        }

        fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Option::<In<T>>::deserialize(deserializer).map(|found| found.map(|value| value.0))
        }
    }

    impl<T: Wire> Wire for Vec<T> {
        fn to_wire<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.iter().map(Out))
        }

        fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let found = Vec::<In<T>>::deserialize(deserializer)?;
            Ok(found.into_iter().map(|value| value.0).collect())
        }
    }

    /// Reads a string and what `parse` finds in it.
    fn text<'de, T, D: Deserializer<'de>>(
        deserializer: D,
        what: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| D::Error::custom(format!("expected {what}, found {text:?}")))
    }

    /// A decimal string: JSON numbers lose it past 2^53.
    impl Wire for i64 {
        fn to_wire<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self)
        }

        fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            text(deserializer, "a 64-bit integer", |text| {
                text.parse().ok().filter(|_| !text.starts_with('+'))
            })
        }
    }

// DECIMAL
    macro_rules! finite {
        ($($type:ty),*) => {$(
            /// A number; NaN and the infinities are refused, where `serde_json` would print null.
            impl Wire for $type {
                fn to_wire<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    if self.is_finite() {
                        return self.serialize(serializer);
                    }
                    Err(S::Error::custom(format!("{self} has no form in JSON")))
                }

                fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let found = <$type>::deserialize(deserializer)?;
                    if found.is_finite() {
                        return Ok(found);
                    }
                    Err(D::Error::custom("number out of range"))
                }
            }
        )*};
    }

    finite!(f32, f64);

    const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// Base64, padded.
    impl Wire for Vec<u8> {
        fn to_wire<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut text = String::with_capacity(self.len().div_ceil(3) * 4);
            for chunk in self.chunks(3) {
                let bytes = [
                    chunk[0],
                    *chunk.get(1).unwrap_or(&0),
                    *chunk.get(2).unwrap_or(&0),
                ];
                let bits = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
                for i in 0..4 {
                    let digit = char::from(BASE64[(bits >> (18 - 6 * i)) as usize & 63]);
                    text.push(if i > chunk.len() { '=' } else { digit });
                }
            }
            serializer.serialize_str(&text)
        }

        fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            text(deserializer, "base64", |text| {
                let chunks = text.as_bytes().chunks(4);
                let last = chunks.len().saturating_sub(1);
                let decoded: Option<Vec<_>> = chunks
                    .enumerate()
                    .map(|(i, chunk)| from_base64(chunk).filter(|d| i == last || d.len() == 3))
                    .collect();
                decoded.map(|chunks| chunks.concat())
            })
        }
    }

    fn from_base64(chunk: &[u8]) -> Option<Vec<u8>> {
        let padding = chunk
            .iter()
            .rev()
            .take(2)
            .take_while(|c| **c == b'=')
            .count();
        let digits = chunk.get(..4 - padding).filter(|_| chunk.len() == 4)?;
        let mut bits = 0;
        for digit in digits {
            let value = BASE64.iter().position(|c| c == digit)?;
            bits = bits << 6 | u32::try_from(value).ok()?;
        }
        let bytes = (bits << (6 * padding)).to_be_bytes();
        Some(bytes[1..4 - padding].to_vec())
    }

    /// `P<months>M<days>DT<seconds>S`, each part signed: what Postgres reads again as just that.
    impl Wire for PgInterval {
        fn to_wire<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let parts = (self.months, self.days, self.microseconds);
            if let (i32::MAX, i32::MAX, i64::MAX) | (i32::MIN, i32::MIN, i64::MIN) = parts {
                return Err(S::Error::custom("an infinite interval has no form in JSON"));
            }
            let sign = if self.microseconds < 0 { "-" } else { "" };
            let micros = self.microseconds.unsigned_abs();
            let fraction = format!(".{:06}", micros % 1_000_000);
            serializer.collect_str(&format_args!(
                "P{}M{}DT{sign}{}{}S",
                self.months,
                self.days,
                micros / 1_000_000,
                fraction.trim_end_matches('0').trim_end_matches('.')
            ))
        }

        fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            text(deserializer, "an interval P0M0DT0S", interval)
        }
    }

    fn interval(text: &str) -> Option<PgInterval> {
        let (months, rest) = text.strip_prefix('P')?.split_once('M')?;
        let (days, rest) = rest.split_once("DT")?;
        let seconds = rest.strip_suffix('S')?;
        let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
        let digits = format!("{whole}{fraction:0<6}");
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if fraction.len() > 6 || !whole.ends_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        if ![months, days, &digits].into_iter().all(plain) {
            return None;
        }
        Some(PgInterval {
            months: months.parse().ok()?,
            days: days.parse().ok()?,
            microseconds: digits.parse().ok()?,
        })
    }
}
"""

WIRE_DECIMAL: Final = """\
    /// A decimal string with its scale, whatever features of `rust_decimal` another crate turns on.
    impl Wire for ::rust_decimal::Decimal {
        fn to_wire<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self)
        }

        fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            text(deserializer, "a decimal number", |text| {
                Self::from_str_exact(text).ok()
            })
        }
    }

"""
