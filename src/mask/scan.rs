//! Runs of a row found from a place in it, without reading the row from its start.

use super::{Mask, next_bit};

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
