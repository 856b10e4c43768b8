//! Sizes, points and rectangles: the only home of the rectangle rules of the contract.
//!
//! All coordinates are pixels of the *upright* picture, origin top left; a rectangle's right and
//! bottom are exclusive. Page, endpoint and engine check rectangles here and nowhere else.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

pub use loose::LooseRectangle;

mod loose;

/// Most rectangles that one request may carry.
pub const MAX_RECTANGLES: u32 = 50;

/// Largest width and height that is worked on at all: beyond it pixel counts leave 32 bits.
pub const MAX_SIDE: u32 = 65_535;

/// Width and height in pixels.
///
/// *Guarantees*: both are from 1 to [`MAX_SIDE`], so the area fits in a `u32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
pub struct Size {
    width: u32,
    height: u32,
}

/// A point in pixels; the centre of the first pixel is (0.5, 0.5).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// A rectangle of whole pixels; `x + width` and `y + height` are exclusive.
///
/// As a value it is only data. [`Rectangle::check_all`] is what makes a list of them acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
pub struct Rectangle {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl Size {
    /// A size of 1 × 1 to [`MAX_SIDE`] × [`MAX_SIDE`].
    ///
    /// # Errors
    /// [`Error::PictureDimensions`] when a side is 0 or over the bound.
    pub fn new(width: u32, height: u32) -> Result<Self> {
        let fits = |side: u32| (1..=MAX_SIDE).contains(&side);
        if !fits(width) || !fits(height) {
            return Err(Error::PictureDimensions { width, height, max_width: MAX_SIDE, max_height: MAX_SIDE });
        }
        Ok(Self { width, height })
    }

    /// Width in pixels.
    #[must_use]
    pub const fn width(self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub const fn height(self) -> u32 {
        self.height
    }

    /// Number of pixels; in 64 bits, because a product in `usize` wraps on wasm32.
    #[must_use]
    pub const fn area(self) -> u64 {
        self.width as u64 * self.height as u64
    }

    /// The rectangle that covers all of it.
    #[must_use]
    pub const fn as_rectangle(self) -> Rectangle {
        Rectangle { x: 0, y: 0, width: self.width, height: self.height }
    }
}

impl Rectangle {
    /// Exclusive right edge. Wide enough for any two `u32`.
    #[must_use]
    pub const fn right(self) -> u64 {
        self.x as u64 + self.width as u64
    }

    /// Exclusive bottom edge.
    #[must_use]
    pub const fn bottom(self) -> u64 {
        self.y as u64 + self.height as u64
    }

    /// Number of pixels; in 64 bits, because a product in `usize` wraps on wasm32.
    #[must_use]
    pub const fn area(self) -> u64 {
        self.width as u64 * self.height as u64
    }

    /// Whether it holds no pixel.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// The part inside a picture of `size`, or `None` when no pixel is.
    #[must_use]
    pub fn clipped(self, size: Size) -> Option<Self> {
        self.intersection(size.as_rectangle())
    }

    /// The common part, or `None` when there is none.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        Self::between(x, y, self.right().min(other.right()), self.bottom().min(other.bottom()))
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self::between(x, y, self.right().max(other.right()), self.bottom().max(other.bottom())).unwrap_or(self)
    }

    /// Grown by `by` pixels on each side, within a picture of `size`.
    #[must_use]
    pub fn grown(self, by: u32, size: Size) -> Self {
        let (x, y) = (self.x.saturating_sub(by), self.y.saturating_sub(by));
        let right = (self.right() + u64::from(by)).min(u64::from(size.width));
        let bottom = (self.bottom() + u64::from(by)).min(u64::from(size.height));
        Self::between(x, y, right, bottom).unwrap_or(self)
    }

    /// Checks a list as the contract has it: 1 to [`MAX_RECTANGLES`] of them, integers only, none
    /// empty, none negative, all inside the picture. Overlap is allowed.
    ///
    /// # Errors
    /// [`Error::EmptyMask`] for an empty list; [`Error::TooManyRectangles`];
    /// [`Error::RectangleNotInteger`], [`Error::RectangleTooSmall`] and
    /// [`Error::RectangleOutside`] with the index and value of the first offence. The last one
    /// carries the clipped rectangle.
    pub fn check_all(list: &[LooseRectangle], size: Size) -> Result<Vec<Self>> {
        if list.is_empty() {
            return Err(Error::EmptyMask);
        }
        let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
        if count > MAX_RECTANGLES {
            return Err(Error::TooManyRectangles { count, max: MAX_RECTANGLES });
        }
        (0u32..).zip(list).map(|(index, loose)| loose.check(index, size)).collect()
    }

    /// The list as the contract's wire form wants it: a string that holds JSON.
    #[must_use]
    pub fn to_wire(list: &[Self]) -> String {
        let mut wire = String::from("[");
        for (index, Self { x, y, width, height }) in list.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            wire += &format!(r#"{comma}{{"x":{x},"y":{y},"width":{width},"height":{height}}}"#);
        }
        wire + "]"
    }

    fn between(x: u32, y: u32, right: u64, bottom: u64) -> Option<Self> {
        let width = right.checked_sub(u64::from(x))?;
        let height = bottom.checked_sub(u64::from(y))?;
        let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
        (width > 0 && height > 0).then_some(Self { x, y, width, height })
    }
}

impl Point {
    /// Whether both coordinates are numbers and near enough to a picture to be drawn at.
    #[must_use]
    pub fn is_drawable(self) -> bool {
        // Twice the largest side on either side: strokes may run off the picture, not to infinity.
        let bound = 2.0 * MAX_SIDE as f32;
        self.x.abs() <= bound && self.y.abs() <= bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loose(json: &str) -> Vec<LooseRectangle> {
        serde_json::from_str(json).expect("a list")
    }

    fn check(json: &str) -> Result<Vec<Rectangle>> {
        Rectangle::check_all(&loose(json), Size::new(100, 80).expect("a size"))
    }

    #[test]
    fn integral_numbers_are_integers_however_they_are_written() {
        let list = check(r#"[{"x":1.0,"y":2,"width":3e1,"height":4}]"#).expect("accepted");
        assert_eq!(list, [Rectangle { x: 1, y: 2, width: 30, height: 4 }]);
    }

    #[test]
    fn what_is_no_integer_is_refused_with_index_field_and_value() {
        let cases = [
            (r#"[{"x":0,"y":0,"width":1,"height":1},{"x":1.5,"y":0,"width":1,"height":1}]"#, 1, "x", "1.5"),
            (r#"[{"x":"1","y":0,"width":1,"height":1}]"#, 0, "x", "\"1\""),
            (r#"[{"x":0,"width":1,"height":1}]"#, 0, "y", "missing"),
            (r#"[{"x":0,"y":0,"width":null,"height":1}]"#, 0, "width", "missing"),
            (r#"[{"x":0,"y":0,"width":1,"height":true}]"#, 0, "height", "true"),
            (r#"[{"x":0,"y":0,"width":[1],"height":1}]"#, 0, "width", "a list"),
            (r#"[{"x":1e300,"y":0,"width":1,"height":1}]"#, 0, "x", "over 2^53"),
        ];
        for (json, index, field, value) in cases {
            let expected = Error::RectangleNotInteger { index, field: field.into(), value: value.into() };
            assert_eq!(check(json), Err(expected), "{json}");
        }
    }

    #[test]
    fn the_least_values_are_0_and_1() {
        let small = |field: &str, value: &str, min| Error::RectangleTooSmall {
            index: 0,
            field: field.into(),
            value: value.into(),
            min,
        };
        assert_eq!(check(r#"[{"x":-1,"y":0,"width":1,"height":1}]"#), Err(small("x", "-1", 0)));
        assert_eq!(check(r#"[{"x":0,"y":-7,"width":1,"height":1}]"#), Err(small("y", "-7", 0)));
        assert_eq!(check(r#"[{"x":0,"y":0,"width":0,"height":1}]"#), Err(small("width", "0", 1)));
        assert_eq!(check(r#"[{"x":0,"y":0,"width":1,"height":-0.0}]"#), Err(small("height", "0", 1)));
    }

    #[test]
    fn a_rectangle_partly_outside_comes_back_clipped() {
        let Err(Error::RectangleOutside { index, field, end, max, clipped }) =
            check(r#"[{"x":90,"y":70,"width":20,"height":20}]"#)
        else {
            panic!("not refused");
        };
        assert_eq!((index, field.as_str(), end.as_str(), max), (0, "x", "110", 100));
        assert_eq!(clipped, Some(Rectangle { x: 90, y: 70, width: 10, height: 10 }));
    }

    #[test]
    fn a_rectangle_wholly_outside_has_nothing_to_offer() {
        for json in [
            r#"[{"x":100,"y":0,"width":1,"height":1}]"#,
            r#"[{"x":0,"y":4294967295,"width":1,"height":4294967295}]"#,
            r#"[{"x":9007199254740991,"y":0,"width":9007199254740991,"height":1}]"#,
        ] {
            let Err(Error::RectangleOutside { clipped, .. }) = check(json) else { panic!("{json} was not refused") };
            assert_eq!(clipped, None, "{json}");
        }
    }

    #[test]
    fn one_to_fifty() {
        assert_eq!(check("[]"), Err(Error::EmptyMask));
        let one = r#"{"x":0,"y":0,"width":1,"height":1}"#;
        let list = |n: usize| format!("[{}]", vec![one; n].join(","));
        assert_eq!(check(&list(50)).map(|l| l.len()), Ok(50));
        assert_eq!(check(&list(51)), Err(Error::TooManyRectangles { count: 51, max: 50 }));
    }

    #[test]
    fn the_wire_form_is_json_in_a_string() {
        let list = [Rectangle { x: 0, y: 0, width: 100, height: 100 }, Rectangle { x: 5, y: 6, width: 7, height: 8 }];
        let wire = Rectangle::to_wire(&list);
        assert_eq!(wire, r#"[{"x":0,"y":0,"width":100,"height":100},{"x":5,"y":6,"width":7,"height":8}]"#);
        assert_eq!(check(r#"[{"x":5,"y":6,"width":7,"height":8}]"#), Ok(vec![list[1]]));
    }

    #[test]
    fn sizes_have_bounds() {
        assert!(Size::new(0, 1).is_err());
        assert!(Size::new(1, 65_536).is_err());
        assert_eq!(Size::new(65_535, 65_535).map(Size::area), Ok(4_294_836_225));
    }
}
