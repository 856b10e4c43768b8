//! Squares that cover what is thin, and the order in which their turn comes.

use super::blocks::{Blocks, Place, UNKNOWN};
use super::distance::Chamfer;
use crate::geometry::Rectangle;

/// Squares looked at between two looks at the clock.
const CHUNK: usize = 16;
/// The greatest side of a square.
const MOST: usize = 8;

/// Squares of one side over all unknown pixels of a box, by their mean distance from what is known.
///
/// Row by row, left to right, each pixel that is still open gets a square whose first row is its own: of all
/// that hold it the one over the most open pixels. A tenth fewer than bands of squares side by side.
#[derive(Debug)]
pub(super) struct Cover {
    side: usize,
    /// The first row of each column that no square covers.
    open: Vec<u32>,
    /// Places by the pass in which their turn comes.
    passes: Vec<Vec<Place>>,
}

impl Cover {
    /// Nothing covered yet, of an area of `width` columns; `side` at most 8.
    pub(super) fn new(side: usize, width: usize) -> Self {
        debug_assert!(side <= MOST);
        Self { side, open: vec![0; width], passes: Vec::new() }
    }

    /// The side of a square, in pixels.
    pub(super) fn side(&self) -> usize {
        self.side
    }

    /// Covers what is unknown in a run of row `y` inside the box; rows come downwards. Answers the pixels looked at.
    pub(super) fn cover(
        &mut self,
        y: usize,
        run: (usize, usize),
        inner: Rectangle,
        blocks: &Blocks,
        far: &Chamfer,
    ) -> usize {
        let (left, top) = (inner.x as usize, inner.y as usize);
        let (right, bottom) = (left + inner.width as usize, top + inner.height as usize);
        if y < top || y >= bottom {
            return 0;
        }
        let rows = y..(y + self.side).min(bottom);
        let (start, end) = (run.0.max(left), run.1.min(right));
        let mut looks = end.saturating_sub(start);
        for x in start..end {
            if self.open[x] as usize > y || blocks.row(y)[x] != UNKNOWN {
                continue;
            }
            // Open pixels of each column of the squares that hold this one.
            let first = (x + 1).saturating_sub(self.side).max(left);
            let mut counts = [0u8; 2 * MOST];
            for row in rows.clone() {
                let columns = first..(x + self.side).min(right);
                let pixels = blocks.row(row)[columns.clone()].iter().zip(&self.open[columns]);
                for (count, (state, open)) in counts.iter_mut().zip(pixels) {
                    *count += u8::from(*state == UNKNOWN && *open as usize <= row);
                }
            }
            let count = |x: &usize| counts[x - first..][..self.side].iter().map(|count| u32::from(*count)).sum::<u32>();
            // The last of those that are equal.
            let x = (first..=x).max_by_key(count).unwrap_or(x);
            let columns = x..(x + self.side).min(right);
            self.push(Place { x: x as u16, y: y as u16 }, columns.clone(), rows.clone(), blocks, far);
            self.open[columns].fill(rows.end as u32);
            looks += 3 * self.side * self.side;
        }
        looks
    }

    /// Adds a square to the pass of its mean distance.
    fn push(
        &mut self,
        place: Place,
        columns: std::ops::Range<usize>,
        rows: std::ops::Range<usize>,
        blocks: &Blocks,
        far: &Chamfer,
    ) {
        let (mut sum, mut count) = (0, 0);
        for y in rows {
            let pixels = far.row(y)[columns.clone()].iter().zip(&blocks.row(y)[columns.clone()]);
            for (distance, _) in pixels.filter(|(_, state)| **state == UNKNOWN) {
                sum += usize::from(*distance);
                count += 1;
            }
        }
        let pass = sum / count.max(1);
        if self.passes.len() <= pass {
            self.passes.resize(pass + 1, Vec::new());
        }
        self.passes[pass].push(place);
    }

    /// How many chunks there are.
    #[inline(never)]
    pub(super) fn chunks(&self) -> usize {
        self.passes.iter().map(|places| places.len().div_ceil(CHUNK)).sum()
    }

    /// The squares of a chunk: none of them waits for another one.
    pub(super) fn chunk(&self, mut chunk: usize) -> &[Place] {
        for places in &self.passes {
            match places.get(chunk * CHUNK..) {
                Some(rest @ [_, ..]) => return &rest[..rest.len().min(CHUNK)],
                _ => chunk -= places.len().div_ceil(CHUNK),
            }
        }
        &[]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 40;

    /// Covers what `is_unknown`, but for a border of 3 pixels.
    fn cover(side: usize, is_unknown: impl Fn(usize, usize) -> bool) -> Cover {
        let (mut blocks, mut far) = (Blocks::new(SIZE, SIZE, 1, 255.0), Chamfer::new(SIZE, SIZE));
        let runs = |y: usize| (0..SIZE).filter(|x| is_unknown(*x, y)).map(|x| (x, x + 1)).collect::<Vec<_>>();
        let runs: Vec<_> = (0..SIZE).map(runs).collect();
        for runs in &runs {
            let states = blocks.push_row(std::iter::once((0, SIZE)));
            runs.iter().for_each(|(x, _)| states[*x] = UNKNOWN);
            far.push_row(runs.iter().copied());
        }
        (0..SIZE).rev().for_each(|y| far.finish_row(y, runs[y].iter().copied()));
        let inner = Rectangle { x: 3, y: 3, width: 34, height: 34 };
        let mut cover = Cover::new(side, SIZE);
        for (y, run) in runs.iter().enumerate().flat_map(|(y, runs)| runs.iter().map(move |run| (y, *run))) {
            cover.cover(y, run, inner, &blocks, &far);
        }
        cover
    }

    fn places(cover: &Cover) -> Vec<Place> {
        (0..cover.chunks()).flat_map(|chunk| cover.chunk(chunk)).copied().collect()
    }

    #[test]
    fn all_that_is_unknown_is_covered_from_the_known_side_inwards() {
        let is_unknown =
            |x: usize, y: usize| (x * 7 + y * 3) % 11 < 4 || (10..30).contains(&x) && (12..26).contains(&y);
        for side in 4..=MOST {
            let cover = cover(side, is_unknown);
            let mut covered = [[false; SIZE + MOST]; SIZE + MOST];
            for Place { x, y } in places(&cover) {
                covered[y as usize..][..side].iter_mut().for_each(|row| row[x as usize..][..side].fill(true));
            }
            for (x, y) in (3..37).flat_map(|y| (3..37).map(move |x| (x, y))).filter(|(x, y)| is_unknown(*x, *y)) {
                assert!(covered[y][x], "{side}: {x} {y}");
            }
            let first = places(&cover)[0];
            let last = *places(&cover).last().expect("some");
            let middle = |place: Place| (i32::from(place.x) - 18).abs().max((i32::from(place.y) - 17).abs());
            assert!(middle(first) > 6 && middle(last) < 6, "{side}: {first:?} {last:?}");
        }
    }

    #[test]
    fn a_square_lies_where_it_covers_most() {
        // A stroke that leans to the left, 4 wide: squares that began at its first pixel would miss half of it.
        let cover = cover(4, |x, y| (4..36).contains(&y) && (38 - y..42 - y).contains(&x) && x > 3);
        assert!(places(&cover).len() <= 15, "{}", places(&cover).len());
    }
}
