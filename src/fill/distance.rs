//! Distances inside a box, by two walks over its rows (Borgefors, *Distance transformations in digital
//! images*, CVGIP 34, 1986), in steps of given lengths.

/// 3 for a straight step and 4 for a diagonal one: thirds of a pixel, 6 % off at most.
pub(super) type Chamfer = Distances<3, 4>;

/// 1 for a step in any direction, as a king goes.
pub(super) type King = Distances<1, 1>;

/// As far as it goes; one more step does not overflow.
pub(super) const FARTHEST: u8 = 250;

/// A distance for each pixel, growing row by row.
#[derive(Debug, Clone, Default)]
pub(super) struct Distances<const STRAIGHT: u8, const DIAGONAL: u8> {
    width: usize,
    height: usize,
    values: Vec<u8>,
}

impl<const STRAIGHT: u8, const DIAGONAL: u8> Distances<STRAIGHT, DIAGONAL> {
    /// What a pixel's width is in these distances.
    pub(super) const PIXEL: u8 = STRAIGHT;

    /// A distance in pixels.
    pub(super) fn pixels(distance: u8) -> f32 {
        f32::from(distance) / f32::from(STRAIGHT)
    }

    /// No rows yet, `height` of `width` pixels each to come.
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { width, height, values: Vec::new() }
    }

    /// Row `y`.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.values[y * self.width..][..self.width]
    }

    /// Takes a pixel for one at distance 0; the others keep theirs.
    pub(super) fn clear(&mut self, x: usize, y: usize) {
        self.values[y * self.width + x] = 0;
    }

    /// The walk downwards: appends a row of 0 but for `runs`, and shortens these from above and the left.
    pub(super) fn push_row(&mut self, mut runs: impl Iterator<Item = (usize, usize)>) {
        self.push(0, &mut runs, &[]);
    }

    /// The walk downwards where distances are wanted within `runs` alone: a pixel there is at 0 if it is `inside`.
    pub(super) fn push_row_within(&mut self, mut runs: impl Iterator<Item = (usize, usize)>, inside: &[bool]) {
        self.push(FARTHEST, &mut runs, inside);
    }

    #[inline(never)]
    fn push(&mut self, elsewhere: u8, runs: &mut dyn Iterator<Item = (usize, usize)>, inside: &[bool]) {
        let start = self.values.len();
        self.values.reserve_exact(self.width * self.height - start);
        self.values.resize(start + self.width, elsewhere);
        let (above, row) = self.values.split_at_mut(start);
        let above = &above[start.saturating_sub(self.width)..];
        for (first, end) in runs {
            for x in first..end {
                let side = x.checked_sub(1).map(|x| row[x]);
                let is_inside = inside.get(x).is_some_and(|inside| *inside);
                row[x] = if is_inside { 0 } else { Self::shorter(FARTHEST, x, side, above) };
            }
        }
    }

    /// The walk upwards: shortens the runs of row `y` from below and the right, the rows below first.
    pub(super) fn finish_row(&mut self, y: usize, mut runs: impl Iterator<Item = (usize, usize)>) {
        self.finish(y, &mut runs);
    }

    #[inline(never)]
    fn finish(&mut self, y: usize, runs: &mut dyn Iterator<Item = (usize, usize)>) {
        let (row, below) = self.values[y * self.width..].split_at_mut(self.width);
        let below = &below[..self.width.min(below.len())];
        for (first, end) in runs {
            for x in (first..end).rev() {
                if row[x] > 0 {
                    row[x] = Self::shorter(row[x], x, row.get(x + 1).copied(), below);
                }
            }
        }
    }

    /// The shortest of a distance `own` in column x and those by way of the pixel beside it and of those
    /// in the next row, which is empty where there is none.
    #[inline(always)]
    fn shorter(own: u8, x: usize, side: Option<u8>, next: &[u8]) -> u8 {
        let mut least = side.map_or(own, |side| own.min(side + STRAIGHT));
        if let Some(straight) = next.get(x) {
            least = least.min(straight + STRAIGHT);
            if x > 0 {
                least = least.min(next[x - 1] + DIAGONAL);
            }
            if let Some(diagonal) = next.get(x + 1) {
                least = least.min(diagonal + DIAGONAL);
            }
        }
        least
    }
}

/// From 0 to 1 between two values.
pub(super) fn ramp(value: f32, [start, end]: [f32; 2]) -> f32 {
    ((value - start) / (end - start)).clamp(0.0, 1.0)
}

/// The runs of a row where `inside`, from left to right; ends are exclusive.
pub(super) fn runs_where(row: &[u8], inside: impl Fn(u8) -> bool) -> impl Iterator<Item = (usize, usize)> {
    let mut x = 0;
    std::iter::from_fn(move || {
        let start = x + row[x..].iter().position(|value| inside(*value))?;
        x = row[start..].iter().position(|value| !inside(*value)).map_or(row.len(), |length| start + length);
        Some((start, x))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distances<const S: u8, const D: u8>(rows: &[&[(usize, usize)]], width: usize) -> Distances<S, D> {
        let mut distances = Distances::new(width, rows.len());
        rows.iter().for_each(|runs| distances.push_row(runs.iter().copied()));
        (0..rows.len()).rev().for_each(|y| distances.finish_row(y, rows[y].iter().copied()));
        distances
    }

    #[test]
    fn they_are_those_to_the_nearest_zero() {
        let rows: [&[(usize, usize)]; 3] = [&[(0, 5)], &[(0, 5)], &[(0, 2), (3, 5)]];
        let chamfer: Chamfer = distances(&rows, 5);
        assert_eq!(chamfer.row(0), [8, 7, 6, 7, 8]);
        assert_eq!(chamfer.row(1), [7, 4, 3, 4, 7]);
        assert_eq!(chamfer.row(2), [6, 3, 0, 3, 6]);
        let king: King = distances(&rows, 5);
        assert_eq!([0, 1, 2].map(|y| king.row(y).to_vec()), [[2, 2, 2, 2, 2], [2, 1, 1, 1, 2], [2, 1, 0, 1, 2]]);
    }

    #[test]
    fn they_end_at_the_farthest() {
        let rows = vec![&[(0, 200)][..]; 2];
        let distances: Chamfer = distances(&rows, 201);
        assert!(distances.row(0)[..100].iter().all(|distance| *distance == FARTHEST));
    }

    #[test]
    fn runs_are_where_the_values_are() {
        let runs = |row: &[u8]| runs_where(row, |value| value > 4).collect::<Vec<_>>();
        assert_eq!(runs(&[5, 9, 4, 0, 7]), [(0, 2), (4, 5)]);
        assert_eq!(runs(&[1, 8, 8, 2]), [(1, 3)]);
        assert!(runs(&[]).is_empty() && runs(&[0, 4]).is_empty());
    }
}
