//! The mask: one bit per pixel, set where the picture is to be repaired.
//!
//! Rows are padded to whole 64-bit words, so that spans, counts and unions work on 64 pixels at a
//! time and a row never shares a word with the next. Bits beyond the width are always 0. A grey
//! mask is never kept: what comes in is thresholded at ≥ 128, what goes out is 0 or 255.

mod cover;
mod draw;
mod morphology;
mod paint;
mod pieces;
mod polygon;
mod runs;
#[cfg(feature = "picture")]
mod scan;
mod view;

pub use draw::{BRUSH_DIAMETER, Dab, check_diameter, check_points};
pub use morphology::GROW_BY;
pub use paint::Paint;
pub use pieces::{Piece, pieces};
pub use polygon::{POLYGON_POINTS, check_polygon, edges};
pub use runs::Kept;
pub use view::View;

use morphology::filled;

use crate::error::{Error, Result};
use crate::geometry::{Rectangle, Size};

/// A grey or alpha value from which on a mask given from outside counts as marked.
pub const THRESHOLD: u8 = 128;

/// Rec. 601 luma of values of any one depth, rounded, in 8-bit fixed point: the weights sum to 256,
/// so grey stays exactly grey.
pub(crate) const fn luma(red: u32, green: u32, blue: u32) -> u32 {
    (77 * red + 150 * green + 29 * blue + 128) >> 8
}

/// One bit per pixel of a picture.
///
/// *Guarantees*: as many rows as the height, each of whole words; bits beyond the width are 0.
#[derive(Clone, PartialEq, Eq)]
pub struct Mask {
    size: Size,
    words_per_row: usize,
    words: Vec<u64>,
}

impl Mask {
    /// A mask with nothing marked: `width / 8 × height` bytes.
    #[must_use]
    pub fn new(size: Size) -> Self {
        let words_per_row = (size.width() as usize).div_ceil(64);
        Self { size, words_per_row, words: vec![0; words_per_row * size.height() as usize] }
    }

    /// The union of rectangles, each clipped to the picture.
    #[must_use]
    pub fn from_rectangles(size: Size, rectangles: &[Rectangle]) -> Self {
        let mut mask = Self::new(size);
        for rectangle in rectangles {
            mask.fill_rectangle(*rectangle, true);
        }
        mask
    }

    /// A mask from one value per pixel, row by row: marked where the value is ≥ `threshold`.
    ///
    /// # Errors
    /// [`Error::SampleCount`] when there is not one value for each pixel.
    pub fn from_values(size: Size, values: impl ExactSizeIterator<Item = u8>, threshold: u8) -> Result<Self> {
        if values.len() as u64 != size.area() {
            return Err(Error::SampleCount { actual: values.len() as u64, expected: size.area() });
        }
        let mut mask = Self::new(size);
        let width = size.width() as usize;
        let (mut word, mut bit, mut left) = (0, 0u32, width);
        for value in values {
            mask.words[word] |= u64::from(value >= threshold) << bit;
            bit += 1;
            left -= 1;
            if left == 0 || bit == 64 {
                (word, bit) = (word + 1, 0);
            }
            if left == 0 {
                left = width;
            }
        }
        Ok(mask)
    }

    /// The mask from its [`Mask::to_bytes`].
    ///
    /// # Errors
    /// [`Error::SampleCount`] when the length is not that of a mask of this size.
    pub fn from_bytes(size: Size, bytes: &[u8]) -> Result<Self> {
        let mut mask = Self::new(size);
        let expected = mask.words.len() * 8;
        if bytes.len() != expected {
            return Err(Error::SampleCount { actual: bytes.len() as u64, expected: expected as u64 });
        }
        for (word, chunk) in mask.words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        mask.clear_padding();
        Ok(mask)
    }

    /// The words in little-endian order: bit 0 of byte 0 is the first pixel; each row takes
    /// `8 × ceil(width / 64)` bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// One byte per pixel, 0 or 255, row by row.
    #[must_use]
    pub fn to_luma(&self) -> Vec<u8> {
        let mut luma = vec![0; self.size.area() as usize];
        let width = self.size.width() as usize;
        for y in 0..self.size.height() {
            for (start, end) in self.runs(y) {
                luma[y as usize * width..][start as usize..end as usize].fill(255);
            }
        }
        luma
    }

    /// Width and height.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Whether a pixel is marked; one outside the picture is not.
    #[must_use]
    pub fn get(&self, x: u32, y: u32) -> bool {
        x < self.size.width() && y < self.size.height() && self.row(y)[x as usize / 64] >> (x % 64) & 1 == 1
    }

    /// Marks the pixels `start..end` of row `y`, or unmarks them. What lies outside the picture is
    /// passed over.
    pub fn fill_span(&mut self, y: u32, start: u32, end: u32, marked: bool) {
        let end = end.min(self.size.width());
        if y >= self.size.height() || start >= end {
            return;
        }
        let (first, last) = (start as usize / 64, (end as usize - 1) / 64);
        let head = u64::MAX << (start % 64);
        let tail = u64::MAX >> (63 - (end - 1) % 64);
        let row = self.row_mut(y);
        if first == last {
            set_bits(&mut row[first], head & tail, marked);
            return;
        }
        set_bits(&mut row[first], head, marked);
        row[first + 1..last].fill(if marked { u64::MAX } else { 0 });
        set_bits(&mut row[last], tail, marked);
    }

    /// The maximal runs of marked pixels of row `y`, as `start..end` from left to right.
    pub fn runs(&self, y: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        runs(self.row(y), self.size.width())
    }

    /// Number of marked pixels.
    #[must_use]
    #[inline(never)]
    pub fn count(&self) -> u64 {
        // Most words of most masks are 0, and not every processor has an instruction to count.
        self.words.iter().filter(|word| **word != 0).map(|word| u64::from(word.count_ones())).sum()
    }

    /// Marked share of the picture, 0 to 1. Overlapping marks count once.
    #[must_use]
    pub fn coverage(&self) -> f64 {
        self.count() as f64 / self.size.area() as f64
    }

    /// Whether nothing is marked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// The smallest rectangle that holds every marked pixel.
    #[must_use]
    pub fn bounds(&self) -> Option<Rectangle> {
        let (mut left, mut top, mut right, mut bottom) = (u32::MAX, u32::MAX, 0, 0);
        for y in 0..self.size.height() {
            let row = self.row(y);
            let words = filled(row);
            if !words.is_empty() {
                left = left.min(words.start as u32 * 64 + row[words.start].trailing_zeros());
                right = right.max(words.end as u32 * 64 - row[words.end - 1].leading_zeros());
                (top, bottom) = (top.min(y), y + 1);
            }
        }
        (left < right).then(|| Rectangle { x: left, y: top, width: right - left, height: bottom - top })
    }

    /// Refuses what no engine and no endpoint can repair: a mask of another size than the
    /// picture's, and one without a marked or without an unmarked pixel.
    ///
    /// # Errors
    /// [`Error::MaskSize`], [`Error::EmptyMask`], [`Error::FullMask`].
    pub fn check_for(&self, picture: Size) -> Result<()> {
        self.check_size(picture)?;
        match self.count() {
            0 => Err(Error::EmptyMask),
            n if n == picture.area() => Err(Error::FullMask),
            _ => Ok(()),
        }
    }

    /// Refuses a mask of another size than the picture's.
    ///
    /// # Errors
    /// [`Error::MaskSize`].
    pub fn check_size(&self, picture: Size) -> Result<()> {
        if self.size == picture {
            return Ok(());
        }
        Err(Error::MaskSize {
            width: self.size.width(),
            height: self.size.height(),
            picture_width: picture.width(),
            picture_height: picture.height(),
        })
    }

    /// Marks what is marked in another mask of the same size, or unmarks it.
    #[inline(never)]
    pub(crate) fn combine(&mut self, other: &Self, marked: bool) {
        for (word, bits) in self.words.iter_mut().zip(&other.words) {
            set_bits(word, *bits, marked);
        }
    }

    fn row(&self, y: u32) -> &[u64] {
        &self.words[y as usize * self.words_per_row..][..self.words_per_row]
    }

    fn row_mut(&mut self, y: u32) -> &mut [u64] {
        &mut self.words[y as usize * self.words_per_row..][..self.words_per_row]
    }

    fn clear_padding(&mut self) {
        let used = self.size.width() % 64;
        if used == 0 {
            return;
        }
        for row in self.words.chunks_exact_mut(self.words_per_row) {
            row[self.words_per_row - 1] &= u64::MAX >> (64 - used);
        }
    }
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mask({} × {}, {} marked)", self.size.width(), self.size.height(), self.count())
    }
}

/// The maximal runs of set bits below `width`.
fn runs(row: &[u64], width: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
    let mut x = 0;
    std::iter::from_fn(move || {
        let start = next_bit(row, x, width, true)?;
        let end = next_bit(row, start, width, false).unwrap_or(width);
        x = end;
        Some((start, end))
    })
}

fn set_bits(word: &mut u64, bits: u64, marked: bool) {
    if marked {
        *word |= bits;
    } else {
        *word &= !bits;
    }
}

/// The first pixel from `x` on that is marked (or is not), below `width`.
fn next_bit(row: &[u64], x: u32, width: u32, marked: bool) -> Option<u32> {
    if x >= width {
        return None;
    }
    let mut index = x as usize / 64;
    let mut keep = u64::MAX << (x % 64);
    while let Some(word) = row.get(index) {
        let bits = if marked { *word } else { !*word } & keep;
        if bits != 0 {
            let found = index as u32 * 64 + bits.trailing_zeros();
            return (found < width).then_some(found);
        }
        (index, keep) = (index + 1, u64::MAX);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn size(width: u32, height: u32) -> Size {
        Size::new(width, height).expect("a size")
    }

    #[test]
    fn overlap_counts_once() {
        let rectangles =
            [Rectangle { x: 0, y: 0, width: 10, height: 10 }, Rectangle { x: 5, y: 5, width: 10, height: 10 }];
        let mask = Mask::from_rectangles(size(20, 20), &rectangles);
        assert_eq!(mask.count(), 175);
        assert_eq!(mask.coverage(), 175.0 / 400.0);
        assert_eq!(mask.bounds(), Some(Rectangle { x: 0, y: 0, width: 15, height: 15 }));
    }

    #[test]
    fn the_threshold_is_from_128_on() {
        let mask = Mask::from_values(size(3, 1), [127, 128, 255].into_iter(), THRESHOLD).expect("a mask");
        assert_eq!(mask.to_luma(), [0, 255, 255]);
        let error = Mask::from_values(size(3, 1), [0, 0].into_iter(), THRESHOLD);
        assert_eq!(error, Err(Error::SampleCount { actual: 2, expected: 3 }));
    }

    #[test]
    fn padding_bits_from_outside_are_dropped() {
        let mask = Mask::from_bytes(size(65, 1), &[0xff; 16]).expect("a mask");
        assert_eq!(mask.count(), 65);
    }

    #[test]
    fn what_cannot_be_repaired_is_refused() {
        let picture = size(4, 4);
        assert_eq!(Mask::new(picture).check_for(picture), Err(Error::EmptyMask));
        let full = Mask::from_rectangles(picture, &[picture.as_rectangle()]);
        assert_eq!(full.check_for(picture), Err(Error::FullMask));
        let expected = Error::MaskSize { width: 5, height: 4, picture_width: 4, picture_height: 4 };
        assert_eq!(Mask::new(size(5, 4)).check_for(picture), Err(expected));
    }

    proptest! {
        #[test]
        fn bounds_are_those_of_the_single_pixels(
            width in 1u32..200,
            spans in prop::collection::vec((0u32..9, 0u32..220, 0u32..220), 0..4),
        ) {
            let mut mask = Mask::new(size(width, 9));
            spans.iter().for_each(|(y, start, end)| mask.fill_span(*y, *start, *end, true));
            let pixels = (0..9).flat_map(|y| (0..width).map(move |x| Rectangle { x, y, width: 1, height: 1 }));
            let expected = pixels.filter(|pixel| mask.get(pixel.x, pixel.y)).reduce(Rectangle::union);
            prop_assert_eq!(mask.bounds(), expected);
        }

        #[test]
        fn spans_do_what_single_pixels_do(
            width in 1u32..200,
            spans in prop::collection::vec((0u32..3, 0u32..220, 0u32..220, any::<bool>()), 0..20),
        ) {
            let mut mask = Mask::new(size(width, 2));
            let mut pixels = vec![false; 2 * width as usize];
            for (y, start, end, marked) in spans {
                mask.fill_span(y, start, end, marked);
                for x in start..end.min(width) {
                    if let (true, Some(pixel)) = (y < 2, pixels.get_mut((y * width + x) as usize)) {
                        *pixel = marked;
                    }
                }
            }
            let luma: Vec<u8> = pixels.iter().map(|p| u8::from(*p) * 255).collect();
            prop_assert_eq!(mask.to_luma(), luma.clone());
            prop_assert_eq!(mask.count(), pixels.iter().filter(|p| **p).count() as u64);
            prop_assert_eq!(&Mask::from_bytes(mask.size(), &mask.to_bytes()).expect("same size"), &mask);
            prop_assert_eq!(Mask::from_values(mask.size(), luma.into_iter(), THRESHOLD).expect("same size"), mask);
        }
    }
}
