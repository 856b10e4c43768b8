//! A mask seen through a view: what a canvas of screen pixels shows of it.
//!
//! A picture of 4096 × 4096 is not painted at its own size to be scaled down by the browser: a
//! canvas of that size is the most that some browsers allow, and painting it costs more than a
//! frame. Instead each screen pixel asks how much of its square is marked, 64 pixels of the mask
//! at a time, so thin marks stay visible and edges come out smooth. Only what is marked costs: the
//! rows under a line of the canvas are joined, and only the canvas pixels under the runs of that are
//! asked. Enlarged, lines that show the same row are made once and copied.

use super::{Mask, runs};
use crate::error::{Error, Result};
use crate::geometry::{Rectangle, Size};

/// Where the picture lies on a canvas: canvas = picture × `scale` + offset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    scale: f64,
    offset_x: f64,
    offset_y: f64,
}

impl View {
    /// A view; `scale` in canvas pixels per pixel of the picture.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] when the scale is not from 1/1000 to 1000, or an offset is no number.
    pub fn new(scale: f64, offset_x: f64, offset_y: f64) -> Result<Self> {
        let check = |name: &str, value: f64, min: f64, max: f64| {
            if !(min..=max).contains(&value) {
                return Err(Error::out_of_range(name, value, min, max));
            }
            Ok(())
        };
        check("scale", scale, 1e-3, 1e3)?;
        check("offset", offset_x, -1e8, 1e8)?;
        check("offset", offset_y, -1e8, 1e8)?;
        Ok(Self { scale, offset_x, offset_y })
    }

    /// The box of canvas pixels that a box of the picture touches, within `canvas`.
    #[must_use]
    pub fn to_canvas(&self, r: Rectangle, canvas: Rectangle) -> Option<Rectangle> {
        let low = |v: u32, offset: f64| (f64::from(v) * self.scale + offset).floor().max(0.0) as u32;
        let high = |v: u64, offset: f64| (v as f64 * self.scale + offset).ceil().max(0.0) as u32;
        let (x, y) = (low(r.x, self.offset_x), low(r.y, self.offset_y));
        let (right, bottom) = (high(r.right(), self.offset_x), high(r.bottom(), self.offset_y));
        Rectangle { x, y, width: right.saturating_sub(x), height: bottom.saturating_sub(y) }.intersection(canvas)
    }

    /// The view of a canvas that begins `by` pixels further left and above.
    pub(super) fn widened(self, by: u32) -> Self {
        let by = f64::from(by);
        Self { offset_x: self.offset_x + by, offset_y: self.offset_y + by, ..self }
    }

    /// The interval of picture pixels under one canvas pixel; empty outside the picture. Reduced, the
    /// intervals of neighbours meet without gap or overlap, so no mark is missed or counted twice.
    fn under(&self, canvas: u32, offset: f64, side: u32) -> (u32, u32) {
        let start = (f64::from(canvas) - offset) / self.scale;
        let end = start + 1.0 / self.scale;
        if self.scale >= 1.0 {
            let nearest = (start + end) / 2.0;
            let inside = nearest >= 0.0 && nearest < f64::from(side);
            let pixel = nearest as u32;
            return if inside { (pixel, pixel + 1) } else { (0, 0) };
        }
        let (first, last) = (start.round(), end.round());
        if last <= 0.0 || first >= f64::from(side) {
            return (0, 0);
        }
        (first.max(0.0) as u32, last.min(f64::from(side)) as u32)
    }
}

/// What a part of a canvas shows of a mask.
pub struct Seen {
    /// How much of each canvas pixel is marked: 0 to 255, row by row.
    pub shares: Vec<u8>,
    /// The canvas pixels of which anything is marked.
    pub marked: Mask,
}

impl Mask {
    /// How much of each canvas pixel of `area` is marked.
    ///
    /// # Errors
    /// [`Error::PictureDimensions`] for an area that is empty or wider or higher than any picture.
    pub fn seen_through(&self, view: &View, area: Rectangle) -> Result<Seen> {
        let (width, size) = (area.width as usize, self.size());
        let mut columns = Vec::with_capacity(width);
        for x in area.x..area.x + area.width {
            columns.push(view.under(x, view.offset_x, size.width()));
        }
        let marked = Self::new(Size::new(area.width, area.height)?);
        let mut seen = Seen { shares: vec![0; width * area.height as usize], marked };
        let mut joined = vec![0; self.words_per_row];
        let mut above = (0, 0);
        for line in 0..area.height {
            let rows = view.under(area.y + line, view.offset_y, size.height());
            if rows == above && line > 0 {
                seen.repeat_line(line);
            } else {
                self.see_rows(rows, &columns, &mut joined, &mut seen, line);
            }
            above = rows;
        }
        Ok(seen)
    }

    fn see_rows(
        &self,
        (top, bottom): (u32, u32),
        columns: &[(u32, u32)],
        joined: &mut [u64],
        seen: &mut Seen,
        line: u32,
    ) {
        let words = self.words_per_row;
        let rows = &self.words[top as usize * words..bottom as usize * words];
        joined.fill(0);
        for row in rows.chunks_exact(words) {
            for (word, bits) in joined.iter_mut().zip(row) {
                *word |= bits;
            }
        }
        let shares = &mut seen.shares[line as usize * columns.len()..][..columns.len()];
        let mut column = 0;
        for (start, end) in runs(joined, self.size().width()) {
            while columns.get(column).is_some_and(|(_, right)| *right <= start) {
                column += 1;
            }
            let first = column;
            while let Some((left, right)) = columns.get(column).filter(|(left, right)| *left < end && left < right) {
                shares[column] = share(rows, words, *left, *right);
                column += 1;
            }
            seen.marked.fill_span(line, first as u32, column as u32, true);
        }
    }
}

impl Seen {
    /// Makes a line as the one above it.
    fn repeat_line(&mut self, line: u32) {
        let (width, line) = (self.marked.size().width() as usize, line as usize);
        self.shares.copy_within((line - 1) * width..line * width, line * width);
        let words = self.marked.words_per_row;
        self.marked.words.copy_within((line - 1) * words..line * words, line * words);
    }
}

/// The marked share of the columns `left..right` of whole rows, 0 to 255; above 0 where anything is
/// marked.
fn share(rows: &[u64], words_per_row: usize, left: u32, right: u32) -> u8 {
    let (first, last) = (left as usize / 64, (right as usize - 1) / 64);
    let head = u64::MAX << (left % 64);
    let tail = u64::MAX >> (63 - (right - 1) % 64);
    let (mut count, mut all) = (0, 0);
    for row in rows.chunks_exact(words_per_row) {
        all += right - left;
        if first == last {
            count += (row[first] & head & tail).count_ones();
        } else {
            count += (row[first] & head).count_ones() + (row[last] & tail).count_ones();
            count += row[first + 1..last].iter().map(|word| word.count_ones()).sum::<u32>();
        }
    }
    if count == all { 255 } else { (count * 255).div_ceil(all) as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use proptest::prelude::*;

    fn mask(marks: &[Rectangle]) -> Mask {
        Mask::from_rectangles(Size::new(200, 100).expect("a size"), marks)
    }

    fn seen(mask: &Mask, view: &View, area: Rectangle) -> Vec<u8> {
        let Seen { shares, marked } = mask.seen_through(view, area).expect("an area");
        let some: Vec<u8> = shares.iter().map(|share| u8::from(*share > 0) * 255).collect();
        assert_eq!(marked.to_luma(), some);
        shares
    }

    fn whole(width: u32, height: u32) -> Rectangle {
        Rectangle { x: 0, y: 0, width, height }
    }

    #[test]
    fn one_to_one_is_the_mask_itself() {
        let mask = mask(&[Rectangle { x: 60, y: 20, width: 70, height: 10 }]);
        let view = View::new(1.0, 0.0, 0.0).expect("a view");
        assert_eq!(seen(&mask, &view, whole(200, 100)), mask.to_luma());
    }

    #[test]
    fn a_line_of_one_pixel_stays_visible_when_small() {
        let mask = mask(&[Rectangle { x: 0, y: 50, width: 200, height: 1 }]);
        let view = View::new(0.1, 0.0, 0.0).expect("a view");
        let seen = seen(&mask, &view, whole(20, 10));
        assert_eq!(seen.iter().filter(|share| **share > 0).count(), 20);
        assert!(seen.iter().all(|share| *share <= 26), "a tenth of 255");
    }

    #[test]
    fn enlarged_each_pixel_becomes_a_square() {
        let mask = mask(&[Rectangle { x: 3, y: 2, width: 1, height: 1 }]);
        let view = View::new(4.0, 10.0, 0.0).expect("a view");
        let seen = seen(&mask, &view, whole(40, 20));
        let marked: Vec<_> = (0..40u32 * 20).filter(|i| seen[*i as usize] == 255).map(|i| (i % 40, i / 40)).collect();
        let expected: Vec<_> = (8..12).flat_map(|y| (22..26).map(move |x| (x, y))).collect();
        assert_eq!(marked, expected);
        assert_eq!(
            view.to_canvas(Rectangle { x: 3, y: 2, width: 1, height: 1 }, whole(40, 20)),
            Some(Rectangle { x: 22, y: 8, width: 4, height: 4 })
        );
    }

    #[test]
    fn outside_the_picture_nothing_is_marked() {
        let mask = mask(&[whole(200, 100)]);
        let view = View::new(0.5, 5.0, 7.0).expect("a view");
        let seen = seen(&mask, &view, whole(120, 70));
        let marked = seen.iter().filter(|share| **share > 0).count();
        assert_eq!(marked, 100 * 50);
    }

    proptest! {
        /// Each canvas pixel by itself, counting each pixel of the picture under it.
        #[test]
        fn a_view_is_that_of_single_pixels(
            marks in prop::collection::vec((0u32..200, 0u32..100, 1u32..70, 1u32..30), 0..5),
            scale in prop_oneof![0.02f64..1.0, 1.0f64..9.0, Just(1.0)],
            offset in (-300f64..100.0, -200f64..60.0),
            area in (0u32..40, 0u32..40, 1u32..90, 1u32..70),
        ) {
            let marks: Vec<_> = marks.into_iter().map(|(x, y, width, height)| Rectangle { x, y, width, height }).collect();
            let mask = mask(&marks);
            let view = View::new(scale, offset.0, offset.1).expect("a view");
            let area = Rectangle { x: area.0, y: area.1, width: area.2, height: area.3 };
            let mut expected = Vec::new();
            for y in area.y..area.y + area.height {
                for x in area.x..area.x + area.width {
                    let (left, right) = view.under(x, offset.0, 200);
                    let (top, bottom) = view.under(y, offset.1, 100);
                    let all = (right - left) * (bottom - top);
                    let marked = (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y))).filter(|(x, y)| mask.get(*x, *y));
                    expected.push((marked.count() as u32 * 255).div_ceil(all.max(1)) as u8);
                }
            }
            prop_assert_eq!(seen(&mask, &view, area), expected);
        }
    }
}
