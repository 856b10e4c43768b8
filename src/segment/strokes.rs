use crate::error::{Error, Result};
use crate::geometry::Rectangle;
use crate::mask::Mask;
use crate::picture::Picture;

/// How far strokes may be grown, in pixels.
pub const GROW: std::ops::RangeInclusive<u32> = 0..=20;

/// Placeholder.
pub fn strokes(picture: &Picture, area: Rectangle, _grow: u32) -> Result<Mask> {
    let _ = picture;
    Err(Error::NoStrokes { area })
}
