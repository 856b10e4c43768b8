//! Runs of a row found from a place in it, without reading the row from its start.

#[cfg(feature = "fill")]
use std::ops::Range;

#[cfg(feature = "fill")]
use super::morphology::filled;
use super::{Mask, next_bit};
#[cfg(feature = "fill")]
use crate::geometry::Rectangle;

impl Mask {
    /// The maximal runs of row `y` that share a pixel with `start..end`, as `start..end` from left
    /// to right; the first and the last may reach over that.
    pub(crate) fn runs_touching(&self, y: u32, start: u32, end: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let row = self.row(y);
        let end = end.min(self.size.width());
        let mut x = start;
        std::iter::from_fn(move || {
            let first = next_bit(row, x, end, true)?;
            let from = if first == start { run_start(row, start) } else { first };
            let until = next_bit(row, first, self.size.width(), false).unwrap_or(self.size.width());
            x = until;
            Some((from, until))
        })
    }

    /// The parts of these runs in `start..end`.
    #[cfg(feature = "fill")]
    pub(crate) fn runs_within(&self, y: u32, start: u32, end: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.runs_touching(y, start, end).map(move |run| (run.0.max(start), run.1.min(end)))
    }

    /// The runs of row `y` in a box of the picture, counted from its left edge.
    #[cfg(feature = "fill")]
    pub(crate) fn runs_inside(&self, y: u32, bounds: Rectangle) -> impl Iterator<Item = (usize, usize)> + '_ {
        let Rectangle { x, width, .. } = bounds;
        self.runs_within(y, x, x + width).map(move |(start, end)| ((start - x) as usize, (end - x) as usize))
    }

    /// The marked pixels whose neighbour `dx`, `dy` away, of which one is 0 and the other 1 or -1, is not
    /// marked, of some rows. What lies outside the picture is not.
    #[cfg(feature = "fill")]
    #[inline(never)]
    pub(crate) fn edge(&self, (dx, dy): (i32, i32), rows: Range<u32>) -> Self {
        let mut edge = Self::new(self.size);
        for y in rows {
            let row = self.row(y);
            let beside = y.checked_add_signed(dy).filter(|y| *y < self.size.height()).map(|y| self.row(y));
            let marked = filled(row);
            for (i, word) in marked.clone().zip(&mut edge.row_mut(y)[marked]) {
                let at = |i: usize| beside.and_then(|row| row.get(i)).map_or(0, |word| *word);
                *word = row[i]
                    & !match dx {
                        0 => at(i),
                        1 => at(i) >> 1 | at(i + 1) << 63,
                        _ => at(i) << 1 | at(i.wrapping_sub(1)) >> 63,
                    };
            }
        }
        edge
    }

    /// Visits `y`, `start` and `end` of each run in a box of the picture. One function for all visitors: to
    /// search for runs inline everywhere weighs 2 KB of `engine.wasm`.
    #[cfg(feature = "fill")]
    #[inline(never)]
    pub(crate) fn each_run(&self, Rectangle { x, y, width, height }: Rectangle, visit: &mut dyn FnMut(u32, u32, u32)) {
        for y in y..y + height {
            self.runs_within(y, x, x + width).for_each(|(start, end)| visit(y, start, end));
        }
    }

    /// Whether anything is marked in a box of the picture.
    #[cfg(feature = "fill")]
    pub(crate) fn holds_any(&self, bounds: Rectangle) -> bool {
        let mut any = false;
        self.each_run(bounds, &mut |_, _, _| any = true);
        any
    }

    /// Marks what another mask of the same size marks in a box of the picture.
    #[cfg(feature = "fill")]
    pub(crate) fn copy_within(&mut self, other: &Self, bounds: Rectangle) {
        other.each_run(bounds, &mut |y, start, end| self.fill_span(y, start, end, true));
    }
}

/// Where the run that holds the marked pixel `x` begins.
fn run_start(row: &[u64], x: u32) -> u32 {
    let mut index = x as usize / 64;
    // The unmarked pixels at or before x.
    let mut gaps = !row[index] & (u64::MAX >> (63 - x % 64));
    while gaps == 0 && index > 0 {
        index -= 1;
        gaps = !row[index];
    }
    if gaps == 0 { 0 } else { index as u32 * 64 + 64 - gaps.leading_zeros() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_are_those_runs_of_the_row_that_touch(
            values in prop::collection::vec(prop::sample::select(vec![0u8, 255, 255, 255]), 1..300),
            start in 0u32..310,
            length in 1u32..80,
        ) {
            let size = Size::new(values.len() as u32, 1).expect("a size");
            // Long runs: each value counts for up to three pixels.
            let long = values.iter().copied().enumerate().map(|(i, v)| if i % 3 == 0 { v } else { values[i / 3 * 3] });
            let long: Vec<u8> = long.collect();
            let mask = Mask::from_values(size, long.into_iter(), 128).expect("one value a pixel");
            let found: Vec<_> = mask.runs_touching(0, start, start + length).collect();
            let expected: Vec<_> = mask.runs(0).filter(|(s, e)| *s < start + length && *e > start).collect();
            prop_assert_eq!(&found, &expected);
            #[cfg(feature = "fill")]
            {
                let parts: Vec<_> = mask.runs_within(0, start, start + length).collect();
                let expected: Vec<_> =
                    expected.into_iter().map(|(s, e)| (s.max(start), e.min(start + length))).collect();
                prop_assert_eq!(parts, expected);
            }
        }
    }
}
