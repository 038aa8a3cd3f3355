"""The parts of rt.rs that print values as Postgres reads them: for parameters that go as text."""

from typing import Final

TEXT: Final = """
/// A value in Postgres's own text form, bound where a statement casts a parameter from text: what sqlx
/// cannot encode, or only after asking the server for the number of a type.
pub trait Text {
    /// The text; `None` is NULL.
    fn text(&self) -> Option<String>;

    /// Appends it as an element of an array's text.
    fn element(&self, out: &mut String) {
        match self.text() {
            Some(text) => quote(&text, out),
            None => out.push_str("NULL"),
        }
    }
}

/// Quotes an element of an array or of a record: both read a backslash, and take what follows it as it is.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        if c == '"' || c == '\\\\' {
            out.push('\\\\');
        }
        out.push(c);
    }
    out.push('"');
}

/// The text of a record: `("a",,"c")`, where nothing is NULL.
#[must_use]
pub fn record_text(attributes: &[Option<String>]) -> Option<String> {
    let mut out = String::from("(");
    for (i, attribute) in attributes.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        if let Some(text) = attribute {
            quote(text, &mut out);
        }
    }
    out.push(')');
    Some(out)
}

impl<T: Text> Text for Option<T> {
    fn text(&self) -> Option<String> {
        self.as_ref().and_then(Text::text)
    }
}

impl<T: Text> Text for Vec<T> {
    fn text(&self) -> Option<String> {
        let mut out = String::new();
        self.element(&mut out);
        Some(array_text(out))
    }

    fn element(&self, out: &mut String) {
        listed(self, out, T::element);
    }
}

/// Until Postgres 17, {{}} is no array; it has no elements, like {}.
fn array_text(text: String) -> String {
    let empty = text.bytes().all(|b| matches!(b, b'{' | b'}' | b','));
    if empty {
        return String::from("{}");
    }
    text
}

/// Appends the items of an array.
fn listed<T>(items: &[T], out: &mut String, element: impl Fn(&T, &mut String)) {
    out.push('{');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        element(item, out);
    }
    out.push('}');
}

macro_rules! text_by_display {
    ($($type:ty),*) => {$(
        impl Text for $type {
            fn text(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    )*};
}

text_by_display!(bool, i16, i32, i64, String);

macro_rules! text_by_exponent {
    ($($type:ty),*) => {$(
        impl Text for $type {
            fn text(&self) -> Option<String> {
                Some(format!("{self:e}"))
            }
        }
    )*};
}

text_by_exponent!(f32, f64);

impl Text for Vec<u8> {
    fn text(&self) -> Option<String> {
        let digits = self.iter().map(|byte| format!("{byte:02x}"));
        Some(format!("\\\\x{}", digits.collect::<String>()))
    }
}

impl Text for PgInterval {
    fn text(&self) -> Option<String> {
        match (self.months, self.days, self.microseconds) {
            (i32::MAX, i32::MAX, i64::MAX) => return Some(String::from("infinity")),
            (i32::MIN, i32::MIN, i64::MIN) => return Some(String::from("-infinity")),
            _ => (),
        }
        // Each part has its sign: in one IntervalStyle, a first one would stand for all.
        let sign = if self.microseconds < 0 { '-' } else { '+' };
        let micros = self.microseconds.unsigned_abs();
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        Some(format!(
            "{:+} mons {:+} days {sign}{hours}:{minutes:02}:{seconds:02}.{fraction:06}",
            self.months, self.days
        ))
    }
}
"""

_CHRONO: Final = """
/// A date as Postgres reads it: the year 0 is 1 BC.
fn dated(date: ::chrono::NaiveDate, rest: &str) -> String {
    let year = ::chrono::Datelike::year(&date);
    let day = date.format("%m-%d");
    if year > 0 {
        format!("{year:04}-{day}{rest}")
    } else {
        format!("{:04}-{day}{rest} BC", 1 - year)
    }
}

impl Text for ::chrono::NaiveDate {
    fn text(&self) -> Option<String> {
        Some(dated(*self, ""))
    }
}

impl Text for ::chrono::NaiveDateTime {
    fn text(&self) -> Option<String> {
        let time = self.format(" %H:%M:%S%.6f").to_string();
        Some(dated(self.date(), &time))
    }
}

impl Text for ::chrono::DateTime<::chrono::Utc> {
    fn text(&self) -> Option<String> {
        let time = self.format(" %H:%M:%S%.6f+00").to_string();
        Some(dated(self.date_naive(), &time))
    }
}
"""

_VECTOR: Final = """
impl Text for ::pgvector::Vector {
    fn text(&self) -> Option<String> {
        let numbers: Vec<String> = self.as_slice().iter().map(|n| format!("{n:e}")).collect();
        Some(format!("[{}]", numbers.join(",")))
    }
}
"""

_DISPLAY: Final = "\ntext_by_display!({});\n"

TEXTS: Final = {
    "serde_json": _DISPLAY.format("::serde_json::Value"),
    "uuid": _DISPLAY.format("::uuid::Uuid"),
    "chrono": _CHRONO,
    "rust_decimal": _DISPLAY.format("::rust_decimal::Decimal"),
    "pgvector": _VECTOR,
}
"""What prints the types of a crate."""
