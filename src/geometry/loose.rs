//! Rectangles as they arrive, before anything about them is known.

use serde::Deserialize;

use super::{Rectangle, Size};
use crate::error::{Error, Result};
use crate::loose::{EXACT, Loose, shown_number};

/// A rectangle of which nothing is known yet.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(from = "Loose")]
pub struct LooseRectangle(Loose);

impl From<Loose> for LooseRectangle {
    fn from(value: Loose) -> Self {
        Self(value)
    }
}

impl From<Rectangle> for LooseRectangle {
    fn from(r: Rectangle) -> Self {
        let fields = [("x", r.x), ("y", r.y), ("width", r.width), ("height", r.height)];
        Self(Loose::Object(fields.map(|(name, value)| (name.into(), Loose::Number(value.into()))).into()))
    }
}

impl LooseRectangle {
    /// Judges one rectangle of a list.
    ///
    /// # Errors
    /// As [`Rectangle::check_all`].
    pub(super) fn check(&self, index: u32, size: Size) -> Result<Rectangle> {
        let x = self.integer(index, "x", 0)?;
        let y = self.integer(index, "y", 0)?;
        let width = self.integer(index, "width", 1)?;
        let height = self.integer(index, "height", 1)?;
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

    fn integer(&self, index: u32, field: &str, min: u32) -> Result<u64> {
        let value = self.0.get(field);
        let number = value.number().filter(|n| n.fract() == 0.0 && n.abs() < EXACT);
        let Some(n) = number else {
            return Err(Error::RectangleNotInteger { index, field: field.into(), value: value.shown() });
        };
        if n < f64::from(min) {
            return Err(Error::RectangleTooSmall { index, field: field.into(), value: shown_number(n), min });
        }
        Ok(n as u64)
    }
}
