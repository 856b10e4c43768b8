//! The arrays of one level of the grid hierarchy: values, and the runs of unknown cells.
//!
//! A level is half as wide and high as the one below it, rounded up; a cell has up to four
//! children. It is unknown only if all its children are, so the unknown part shrinks towards its
//! core, and a level whose every cell is known ends the hierarchy. Both grow row by row.

use super::grid::{Grid, Segments};
use super::order::sort;

/// The runs of unknown cells, row by row, from left to right; ends are exclusive.
#[derive(Debug, Default)]
pub(super) struct Spans {
    spans: Vec<(u16, u16)>,
    /// Where the runs of each row end.
    ends: Vec<u32>,
}

/// One level.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Values on level 0 and while a first guess is made; after that the correction of the level
    /// below.
    pub(super) values: Grid,
    /// Right-hand side of the correction's equation; empty on level 0, where it is 0.
    pub(super) forces: Grid,
    pub(super) unknown: Spans,
    /// What is kept around them.
    pub(super) segments: Segments,
}

impl Spans {
    /// Appends a row.
    pub(super) fn push_row(&mut self, runs: impl Iterator<Item = (usize, usize)>) {
        self.spans.extend(runs.map(|(start, end)| (start as u16, end as u16)));
        self.ends.push(self.spans.len() as u32);
    }

    /// The runs of row `y`; of a row that does not exist, none.
    pub(super) fn row(&self, y: usize) -> impl Iterator<Item = (usize, usize)> + Clone + '_ {
        self.between(self.numbers(y))
    }

    fn numbers(&self, y: usize) -> (u32, u32) {
        let end = self.ends.get(y).copied().unwrap_or_default();
        let start = y.checked_sub(1).map_or(0, |above| self.ends.get(above).copied().unwrap_or(end));
        (start.min(end), end)
    }

    /// Likewise, with their numbers.
    pub(super) fn numbered(&self, y: usize) -> impl Iterator<Item = (u32, (usize, usize))> + '_ {
        (self.numbers(y).0..).zip(self.row(y))
    }

    /// The runs of some numbers.
    #[inline(always)]
    pub(super) fn between(&self, (start, end): (u32, u32)) -> impl Iterator<Item = (usize, usize)> + Clone + '_ {
        let spans = &self.spans[start as usize..end as usize];
        spans.iter().map(|(start, end)| (usize::from(*start), usize::from(*end)))
    }

    /// Whether there is no unknown cell.
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Appends row `y` of the level above the one whose runs are `below`, `width` × `height` cells.
    pub(super) fn push_coarse_row(&mut self, below: &Self, y: usize, width: usize, height: usize) {
        self.push_row(halved(below.row(2 * y), below.row((2 * y + 1).min(height - 1)), width));
    }
}

/// The runs of coarse cells all of whose children are in runs of both their rows, of `width` cells.
pub(super) fn halved(
    upper: impl Iterator<Item = (usize, usize)>,
    lower: impl Iterator<Item = (usize, usize)>,
    width: usize,
) -> impl Iterator<Item = (usize, usize)> {
    // The last column of an odd width has no right child that could be missing.
    let half =
        move |(start, end): (usize, usize)| (start.div_ceil(2), if end == width { end.div_ceil(2) } else { end / 2 });
    intersection(upper, lower).map(half).filter(|(start, end)| start < end)
}

/// Joins runs that overlap or have fewer than `apart` cells between them, and puts them in order.
pub(super) fn join(runs: &mut Vec<(u32, u32)>, apart: u32) {
    sort(runs);
    runs.dedup_by(|run, last| {
        let is_near = run.0 < last.1 + apart;
        if is_near {
            last.1 = last.1.max(run.1);
        }
        is_near
    });
}

/// What of a row of runs is between two columns.
pub(super) fn clipped(
    runs: impl Iterator<Item = (usize, usize)>,
    start: usize,
    end: usize,
) -> impl Iterator<Item = (usize, usize)> {
    runs.map(move |run| (run.0.max(start), run.1.min(end))).filter(|(start, end)| start < end)
}

/// The common parts of two rows of runs, from left to right.
pub(super) fn intersection(
    upper: impl Iterator<Item = (usize, usize)>,
    lower: impl Iterator<Item = (usize, usize)>,
) -> impl Iterator<Item = (usize, usize)> {
    let (mut upper, mut lower) = (upper.peekable(), lower.peekable());
    std::iter::from_fn(move || {
        loop {
            let (a, b) = (*upper.peek()?, *lower.peek()?);
            if a.1 <= b.1 {
                upper.next();
            } else {
                lower.next();
            }
            let (start, end) = (a.0.max(b.0), a.1.min(b.1));
            if start < end {
                return Some((start, end));
            }
        }
    })
}

impl Level {
    /// A level without rows.
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            values: Grid::default(),
            forces: Grid::default(),
            unknown: Spans::default(),
            segments: Segments::default(),
        }
    }

    /// The empty level above this one.
    pub(super) fn coarser(&self) -> Self {
        Self::new(self.width.div_ceil(2), self.height.div_ceil(2))
    }

    /// The number of known children of each cell of row `y` of the level above.
    pub(super) fn count_known(&self, y: usize, counts: &mut Vec<u8>) {
        let rows = 2 * y..(2 * y + 2).min(self.height);
        counts.clear();
        counts.resize(self.width / 2, 2 * rows.len() as u8);
        if self.width % 2 == 1 {
            counts.push(rows.len() as u8);
        }
        for (start, end) in rows.flat_map(|row| self.unknown.row(row)) {
            (start..end).for_each(|x| counts[x / 2] -= 1);
        }
    }

    /// How many of the rows above and below row `y` exist.
    pub(super) fn vertical_neighbours(&self, y: usize) -> usize {
        usize::from(y > 0) + usize::from(y + 1 < self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(rows: &[&str]) -> Spans {
        let mut spans = Spans::default();
        for row in rows {
            let bytes = row.as_bytes();
            let starts = (0..bytes.len()).filter(|i| bytes[*i] == b'#' && (*i == 0 || bytes[*i - 1] != b'#'));
            spans.push_row(starts.map(|s| (s, s + bytes[s..].iter().take_while(|b| **b == b'#').count())));
        }
        spans
    }

    fn coarse(rows: &[&str]) -> Vec<Vec<(usize, usize)>> {
        let (below, mut above) = (spans(rows), Spans::default());
        let height = rows.len().div_ceil(2);
        (0..height).for_each(|y| above.push_coarse_row(&below, y, rows[0].len(), rows.len()));
        (0..height).map(|y| above.row(y).collect()).collect()
    }

    #[test]
    fn a_coarse_cell_is_unknown_only_if_all_its_children_are() {
        assert_eq!(coarse(&["######.#", "##.#####"]), [[(0, 1), (2, 3)]]);
        assert_eq!(coarse(&[".######.", ".######.", "########", "###.####"]), [vec![(1, 3)], vec![(0, 1), (2, 4)]]);
    }

    #[test]
    fn children_outside_the_picture_do_not_count() {
        assert_eq!(coarse(&["..###", "..###", "#...#"]), [vec![(1, 3)], vec![(2, 3)]]);
    }
}
