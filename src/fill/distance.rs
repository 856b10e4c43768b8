//! Distances inside a box, by two walks over its rows (Borgefors, *Distance transformations in digital
//! images*, CVGIP 34, 1986): 3 for a straight step and 4 for a diagonal one, so thirds of a pixel.

/// A straight step.
pub(super) const STRAIGHT: u8 = 3;
const DIAGONAL: u8 = 4;
/// As far as it goes; one more step does not overflow.
pub(super) const FARTHEST: u8 = 250;

/// A distance for each pixel, growing row by row.
#[derive(Debug)]
pub(super) struct Distances {
    width: usize,
    height: usize,
    values: Vec<u8>,
}

impl Distances {
    /// No rows yet, `height` of `width` pixels each to come.
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { width, height, values: Vec::new() }
    }

    /// Row `y`.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.values[y * self.width..][..self.width]
    }

    /// The walk downwards: appends a row of 0 but for `runs`, and shortens these from above and the left.
    pub(super) fn push_row(&mut self, runs: impl Iterator<Item = (usize, usize)>) {
        let start = self.values.len();
        self.values.reserve_exact(self.width * self.height - start);
        self.values.resize(start + self.width, 0);
        for (first, end) in runs {
            self.values[start + first..start + end].fill(FARTHEST);
            for x in first..end {
                let side = (x > 0).then(|| start + x - 1);
                self.shorten(start + x, x, side, start.checked_sub(self.width));
            }
        }
    }

    /// The walk upwards: shortens row `y` from below and the right, the rows below first.
    pub(super) fn finish_row(&mut self, y: usize) {
        let start = y * self.width;
        let below = Some(start + self.width).filter(|below| *below < self.values.len());
        for x in (0..self.width).rev() {
            if self.values[start + x] > 0 {
                let side = (x + 1 < self.width).then_some(start + x + 1);
                self.shorten(start + x, x, side, below);
            }
        }
    }

    /// Shortens the distance `at` column x by that of `side` and by those of the row that starts at `next`.
    #[inline(always)]
    fn shorten(&mut self, at: usize, x: usize, side: Option<usize>, next: Option<usize>) {
        let mut least = self.values[at];
        if let Some(side) = side {
            least = least.min(self.values[side] + STRAIGHT);
        }
        if let Some(next) = next {
            let row = &self.values[next..next + self.width];
            least = least.min(row[x] + STRAIGHT);
            if x > 0 {
                least = least.min(row[x - 1] + DIAGONAL);
            }
            if let Some(value) = row.get(x + 1) {
                least = least.min(value + DIAGONAL);
            }
        }
        self.values[at] = least;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distances(rows: &[&[(usize, usize)]], width: usize) -> Distances {
        let mut distances = Distances::new(width, rows.len());
        rows.iter().for_each(|runs| distances.push_row(runs.iter().copied()));
        (0..rows.len()).rev().for_each(|y| distances.finish_row(y));
        distances
    }

    #[test]
    fn they_are_those_to_the_nearest_zero() {
        let distances = distances(&[&[(0, 5)], &[(0, 5)], &[(0, 2), (3, 5)]], 5);
        assert_eq!(distances.row(0), [8, 7, 6, 7, 8]);
        assert_eq!(distances.row(1), [7, 4, 3, 4, 7]);
        assert_eq!(distances.row(2), [6, 3, 0, 3, 6]);
    }

    #[test]
    fn they_end_at_the_farthest() {
        let rows = vec![&[(0, 200)][..]; 2];
        assert!(distances(&rows, 201).row(0)[..100].iter().all(|distance| *distance == FARTHEST));
    }
}
