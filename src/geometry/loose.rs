//! Rectangles as they arrive from JSON or JavaScript, before anything about them is known.
//!
//! A derived `Deserialize` for integers would answer "invalid type at line 1": it names neither
//! the index nor the field nor the value. So each field is read as whatever it is and judged
//! here.

use serde::{Deserialize, Deserializer, de};

use super::{Rectangle, Size};
use crate::error::{Error, Result};

/// A rectangle of which nothing is known yet.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct LooseRectangle {
    /// Left edge.
    pub x: LooseNumber,
    /// Top edge.
    pub y: LooseNumber,
    /// Width in pixels.
    pub width: LooseNumber,
    /// Height in pixels.
    pub height: LooseNumber,
}

/// A field that should be a number.
#[derive(Debug, Clone, PartialEq)]
pub enum LooseNumber {
    /// A number, not yet known to be integral.
    Number(f64),
    /// Anything else, in the words that an error shows.
    Other(String),
}

impl LooseRectangle {
    /// Judges one rectangle of a list.
    ///
    /// # Errors
    /// As [`Rectangle::check_all`].
    pub(super) fn check(&self, index: u32, size: Size) -> Result<Rectangle> {
        let x = self.x.integer(index, "x", 0)?;
        let y = self.y.integer(index, "y", 0)?;
        let width = self.width.integer(index, "width", 1)?;
        let height = self.height.integer(index, "height", 1)?;
        let narrow = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        let rectangle = Rectangle { x: narrow(x), y: narrow(y), width: narrow(width), height: narrow(height) };
        let outside = |field: &str, end: u64, max: u32| Error::RectangleOutside {
            index,
            field: field.into(),
            end: end.to_string(),
            max,
            clipped: rectangle.clipped(size),
        };
        if x + width > u64::from(size.width()) {
            return Err(outside("x", x + width, size.width()));
        }
        if y + height > u64::from(size.height()) {
            return Err(outside("y", y + height, size.height()));
        }
        Ok(rectangle)
    }
}

impl LooseNumber {
    fn integer(&self, index: u32, field: &str, min: u32) -> Result<u64> {
        // Beyond 2^53 a JSON number is no longer a known integer.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let not_integer = |value: String| Error::RectangleNotInteger { index, field: field.into(), value };
        match self {
            Self::Other(value) => Err(not_integer(value.clone())),
            Self::Number(n) if !(n.fract() == 0.0 && n.abs() < EXACT) => Err(not_integer(shown(*n))),
            Self::Number(n) if !(*n >= f64::from(min)) => {
                Err(Error::RectangleTooSmall { index, field: field.into(), value: shown(*n), min })
            }
            Self::Number(n) => Ok(*n as u64),
        }
    }
}

/// A number as a person would write it: no `-0`, no three hundred zeros.
fn shown(n: f64) -> String {
    if n.abs() >= 1e21 { format!("{n:e}") } else { format!("{}", n + 0.0) }
}

impl Default for LooseNumber {
    fn default() -> Self {
        Self::Other("missing".into())
    }
}

impl From<u32> for LooseNumber {
    fn from(n: u32) -> Self {
        Self::Number(f64::from(n))
    }
}

impl From<Rectangle> for LooseRectangle {
    fn from(r: Rectangle) -> Self {
        Self { x: r.x.into(), y: r.y.into(), width: r.width.into(), height: r.height.into() }
    }
}

impl<'de> Deserialize<'de> for LooseNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> de::Visitor<'de> for Anything {
    type Value = LooseNumber;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number")
    }

    fn visit_f64<E>(self, n: f64) -> Result<LooseNumber, E> {
        Ok(LooseNumber::Number(n))
    }

    fn visit_u64<E>(self, n: u64) -> Result<LooseNumber, E> {
        Ok(LooseNumber::Number(n as f64))
    }

    fn visit_i64<E>(self, n: i64) -> Result<LooseNumber, E> {
        Ok(LooseNumber::Number(n as f64))
    }

    fn visit_str<E>(self, text: &str) -> Result<LooseNumber, E> {
        // An error names the value, not a page of it.
        let short: String = text.chars().take(40).collect();
        Ok(LooseNumber::Other(format!("\"{short}\"")))
    }

    fn visit_bool<E>(self, value: bool) -> Result<LooseNumber, E> {
        Ok(LooseNumber::Other(value.to_string()))
    }

    fn visit_unit<E>(self) -> Result<LooseNumber, E> {
        Ok(LooseNumber::Other("null".into()))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<LooseNumber, A::Error> {
        while items.next_element::<de::IgnoredAny>()?.is_some() {}
        Ok(LooseNumber::Other("a list".into()))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut entries: A) -> Result<LooseNumber, A::Error> {
        while entries.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
        Ok(LooseNumber::Other("an object".into()))
    }
}
