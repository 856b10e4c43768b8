//! The arrays of one level of the grid hierarchy: values, and the runs of unknown cells.
//!
//! A level is half as wide and high as the one below it, rounded up; a cell has up to four
//! children. It is unknown only if all its children are, so the unknown part shrinks towards its
//! core, and a level whose every cell is known ends the hierarchy. Both live in memory that grows
//! row by row: clearing 400 MB at once would take longer than a step may.
//!
//! Only cells near to unknown ones are kept (see `near`): strokes over a whole picture take a tenth of the memory
//! of their box, and of the time in which fresh pages of it are handed out.

use std::ops::Range;
use std::sync::Arc;

/// Up to four channels of one cell; unused ones stay 0. One SIMD register.
pub(super) type Cell = [f32; 4];

/// Which cells of a box are kept, as runs, and where. Before and behind each run is a cell of 0, and a row of
/// these above and below all.
#[derive(Debug, Default)]
pub(super) struct Kept {
    width: usize,
    runs: Spans,
    /// Where each row begins, and what is below the last one.
    starts: Vec<usize>,
    /// The run of a row of the border.
    border: [(u16, u16); 1],
}

/// Cells in rows, those that are kept.
///
/// *Guarantees*: the border is 0 for ever, so that a neighbour outside the picture adds nothing.
#[derive(Debug, Default)]
pub(super) struct Grid {
    kept: Arc<Kept>,
    rows: usize,
    cells: Vec<Cell>,
}

/// Finds columns in a row of a grid, from left to right.
#[derive(Debug, Clone, Copy)]
struct Cursor<'a> {
    runs: &'a [(u16, u16)],
    /// Where the border before the first of these runs is.
    start: usize,
}

/// A row of a grid, from left to right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    cells: &'a [Cell],
    cursor: Cursor<'a>,
}

/// A row of a grid that is changed, from left to right, and those above and below it.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    cells: &'a mut [Cell],
    cursors: [Cursor<'a>; 3],
}

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
}

impl Kept {
    /// No rows yet, of a box of `width` columns.
    pub(super) fn new(width: usize, height: usize) -> Self {
        let mut starts = Vec::with_capacity(height + 1);
        starts.push(width + 2);
        Self { width, runs: Spans::default(), starts, border: [(0, width as u16)] }
    }

    /// Appends a row of which some runs are kept, from left to right and apart from each other.
    pub(super) fn push_row(&mut self, runs: impl Iterator<Item = (usize, usize)>) {
        self.runs.push_row(runs);
        self.end_row();
    }

    /// What is kept of the level above: cells of whose children all are. `height` is that of this level.
    pub(super) fn coarser(&self, height: usize) -> Self {
        let mut above = Self::new(self.width.div_ceil(2), height.div_ceil(2));
        for y in 0..height.div_ceil(2) {
            above.runs.push_coarse_row(&self.runs, y, self.width, height);
            above.end_row();
        }
        above
    }

    fn end_row(&mut self) {
        let y = self.starts.len() - 1;
        let cells: usize = self.runs.row(y).map(|(start, end)| end - start + 2).sum();
        self.starts.push(self.starts[y] + cells);
    }

    /// The runs of row `y`.
    pub(super) fn row(&self, y: usize) -> impl Iterator<Item = (usize, usize)> + Clone + '_ {
        self.runs.row(y)
    }

    /// Cells of all rows and their borders.
    fn cells(&self) -> usize {
        self.starts.last().map_or(0, |end| end + self.width + 2)
    }

    /// The row above row `y`, which may be the border.
    #[inline(always)]
    fn above(&self, y: usize) -> Cursor<'_> {
        if y == 0 { Cursor { runs: &self.border, start: 0 } } else { self.find(y - 1) }
    }

    /// Rows y − 1, y and y + 1.
    fn around(&self, y: usize) -> [Cursor<'_>; 3] {
        [self.above(y), self.find(y), self.find(y + 1)]
    }

    /// Row `y`; below the last one is the border.
    #[inline(always)]
    fn find(&self, y: usize) -> Cursor<'_> {
        let start = self.starts[y];
        Cursor { runs: if y + 1 < self.starts.len() { self.runs.slice(y) } else { &self.border }, start }
    }
}

impl Cursor<'_> {
    /// Where column `x` is, which is kept. Columns must not go back.
    #[inline(always)]
    fn seek(&mut self, x: usize) -> usize {
        while let [(start, end), rest @ ..] = self.runs
            && x >= usize::from(*end)
        {
            self.start += usize::from(end - start) + 2;
            self.runs = rest;
        }
        self.start + 1 + x - self.runs.first().map_or(0, |(start, _)| usize::from(*start))
    }

    /// Where some columns are, if all of them are kept.
    #[inline(always)]
    fn within(&self, columns: &Range<usize>) -> Option<Range<usize>> {
        let mut start = self.start + 1;
        for (first, end) in self.runs.iter().map(|(first, end)| (usize::from(*first), usize::from(*end))) {
            if columns.start < end {
                let at = start + columns.start.checked_sub(first)?;
                return (columns.end <= end).then_some(at..at + columns.len());
            }
            start += end - first + 2;
        }
        None
    }
}

impl<'a> Line<'a> {
    /// The cells of a run and one more on either side: cell `start` is the second.
    #[inline(always)]
    pub(super) fn around(&mut self, (start, end): (usize, usize)) -> &'a [Cell] {
        let at = self.cursor.seek(start) - 1;
        &self.cells[at..at + end - start + 2]
    }
}

impl Lines<'_> {
    /// Those of a run, and of the row one more on either side; likewise of the rows above and below. Also, where
    /// in the grid the first cell is.
    #[inline(always)]
    pub(super) fn around(&mut self, (start, end): (usize, usize)) -> ([&[Cell]; 2], &mut [Cell], usize) {
        let [above, own, below] = &mut self.cursors;
        let [above, own, below] = [above, own, below].map(|cursor| cursor.seek(start) - 1);
        let length = end - start + 2;
        let (before, rest) = self.cells.split_at_mut(own);
        let (row, behind) = rest.split_at_mut(length);
        ([&before[above..above + length], &behind[below - own - length..][..length]], row, own + 1)
    }
}

impl Grid {
    /// No rows yet.
    pub(super) fn new(kept: &Arc<Kept>) -> Self {
        let mut cells = Vec::with_capacity(kept.cells());
        cells.resize(kept.width + 2, [0.0; 4]);
        Self { kept: Arc::clone(kept), rows: 0, cells }
    }

    /// What is kept.
    pub(super) fn kept(&self) -> &Arc<Kept> {
        &self.kept
    }

    /// Appends a row of 0; how many cells that are.
    pub(super) fn push_row(&mut self) -> usize {
        self.rows += 1;
        let before = self.cells.len();
        self.cells.resize(self.kept.starts[self.rows], [0.0; 4]);
        self.cells.len() - before
    }

    /// Appends the border below the last row.
    pub(super) fn close(&mut self) {
        self.cells.resize(self.kept.cells(), [0.0; 4]);
    }

    /// Whether there are no rows, which stands for rows of 0.
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// All of row `y` is 0 again; how many cells that are.
    pub(super) fn clear_row(&mut self, y: usize) -> usize {
        let row = &mut self.cells[self.kept.starts[y]..self.kept.starts[y + 1]];
        row.fill([0.0; 4]);
        row.len()
    }

    /// The runs of row `y`: where they start, and their cells.
    pub(super) fn runs_mut(&mut self, y: usize) -> impl Iterator<Item = (usize, &mut [Cell])> {
        let mut rest = &mut self.cells[self.kept.starts[y]..self.kept.starts[y + 1]];
        self.kept.runs.row(y).map(move |(start, end)| {
            let (run, behind) = std::mem::take(&mut rest).split_at_mut(end - start + 2);
            rest = behind;
            (start, &mut run[1..end - start + 1])
        })
    }

    /// Some columns of row `y`, if all of them are kept.
    #[inline(always)]
    pub(super) fn get(&self, y: usize, columns: Range<usize>) -> Option<&[Cell]> {
        self.cells.get(self.kept.find(y).within(&columns)?)
    }

    /// Likewise, to be changed.
    #[inline(always)]
    pub(super) fn get_mut(&mut self, y: usize, columns: Range<usize>) -> Option<&mut [Cell]> {
        let range = self.kept.find(y).within(&columns)?;
        self.cells.get_mut(range)
    }

    /// Likewise, of cells that are not kept 0: these are put together in `spare`.
    #[inline(always)]
    pub(super) fn read<'a>(&'a self, y: usize, columns: Range<usize>, spare: &'a mut [Cell]) -> &'a [Cell] {
        self.get(y, columns.clone()).unwrap_or_else(|| {
            let cell = |x| self.get(y, x..x + 1).map_or([0.0; 4], |cells| cells[0]);
            spare.iter_mut().zip(columns).for_each(|(spare, x)| *spare = cell(x));
            spare
        })
    }

    /// Row `y`; below the last one is the border.
    pub(super) fn line(&self, y: usize) -> Line<'_> {
        Line { cells: &self.cells, cursor: self.kept.find(y) }
    }

    /// Rows y − 1, y and y + 1.
    pub(super) fn lines(&self, y: usize) -> [Line<'_>; 3] {
        self.kept.around(y).map(|cursor| Line { cells: &self.cells, cursor })
    }

    /// Likewise, the middle one to be changed.
    pub(super) fn lines_mut(&mut self, y: usize) -> Lines<'_> {
        Lines { cells: &mut self.cells, cursors: self.kept.around(y) }
    }

    /// The cells of a run of row `y` that begins at a place that [`Lines::around`] told, of a grid of which the
    /// same is kept; none where there are no rows.
    #[inline(always)]
    pub(super) fn from(&self, place: usize, length: usize) -> &[Cell] {
        self.cells.get(place..place + length).unwrap_or_default()
    }
}

impl Spans {
    /// Appends a row.
    pub(super) fn push_row(&mut self, runs: impl Iterator<Item = (usize, usize)>) {
        self.spans.extend(runs.map(|(start, end)| (start as u16, end as u16)));
        self.ends.push(self.spans.len() as u32);
    }

    /// The runs of row `y`; of a row that does not exist, none.
    pub(super) fn row(&self, y: usize) -> impl Iterator<Item = (usize, usize)> + Clone + '_ {
        self.slice(y).iter().map(|(start, end)| (usize::from(*start), usize::from(*end)))
    }

    fn slice(&self, y: usize) -> &[(u16, u16)] {
        let end = self.ends.get(y).map_or(0, |end| *end as usize);
        let start = if y == 0 { 0 } else { self.ends.get(y - 1).map_or(end, |start| *start as usize) };
        self.spans.get(start..end).unwrap_or_default()
    }

    /// Whether there is no unknown cell.
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Appends row `y` of the level above the one whose runs are `below`, `width` × `height` cells.
    pub(super) fn push_coarse_row(&mut self, below: &Self, y: usize, width: usize, height: usize) {
        let common = intersection(below.row(2 * y), below.row((2 * y + 1).min(height - 1)));
        // The last column of an odd width has no right child that could be known.
        let halved =
            common.map(|(start, end)| (start.div_ceil(2), if end == width { end.div_ceil(2) } else { end / 2 }));
        self.push_row(halved.filter(|(start, end)| start < end));
    }
}

/// Joins runs that overlap or have fewer than `apart` cells between them, and puts them in order.
pub(super) fn join(runs: &mut Vec<(u32, u32)>, apart: u32) {
    runs.sort_unstable();
    runs.dedup_by(|run, last| {
        let is_near = run.0 < last.1 + apart;
        if is_near {
            last.1 = last.1.max(run.1);
        }
        is_near
    });
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
        Self { width, height, values: Grid::default(), forces: Grid::default(), unknown: Spans::default() }
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

    /// A grid of 9 columns of which these runs are kept, with the number of each cell, from 1 on, in it.
    fn grid(rows: &[&[(usize, usize)]]) -> Grid {
        let mut kept = Kept::new(9, rows.len());
        rows.iter().for_each(|runs| kept.push_row(runs.iter().copied()));
        let mut grid = Grid::new(&Arc::new(kept));
        for y in 0..rows.len() {
            grid.push_row();
            for (start, cells) in grid.runs_mut(y) {
                (start..).zip(cells).for_each(|(x, cell)| *cell = [(9 * y + x + 1) as f32; 4]);
            }
        }
        grid.close();
        grid
    }

    #[test]
    fn what_is_kept_is_found_and_the_rest_is_0() {
        let rows: [&[_]; 3] = [&[(0, 3), (5, 9)], &[], &[(1, 2), (3, 5), (8, 9)]];
        let mut grid = grid(&rows);
        let is_kept = |y: usize, x: usize| rows[y].iter().any(|(start, end)| (*start..*end).contains(&x));
        for (y, start, end) in
            (0..3).flat_map(|y| (0..9).flat_map(move |start| (start..9).map(move |end| (y, start, end + 1))))
        {
            let wanted: Vec<_> =
                (start..end).map(|x| if is_kept(y, x) { [(9 * y + x + 1) as f32; 4] } else { [0.0; 4] }).collect();
            let whole = (start..end).all(|x| is_kept(y, x));
            assert_eq!(grid.get(y, start..end), whole.then_some(&*wanted), "{y} {start} {end}");
            assert_eq!(grid.read(y, start..end, &mut [[7.0; 4]; 9][..end - start]), wanted, "{y} {start} {end}");
        }
        assert_eq!([grid.clear_row(2), grid.clear_row(1)], [10, 0]);
        assert_eq!([grid.get(2, 3..5), grid.get(0, 1..2)], [Some(&[[0.0; 4]; 2][..]), Some(&[[2.0; 4]][..])]);
    }

    #[test]
    fn runs_have_a_border_of_zeros() {
        let mut grid = grid(&[&[(0, 4), (6, 9)], &[(1, 3), (7, 9)], &[(0, 9)]]);
        let numbers = |cells: &[Cell]| cells.iter().map(|cell| cell[0] as usize).collect::<Vec<_>>();
        let mut lines = grid.lines(0);
        assert_eq!(
            lines.each_mut().map(|line| numbers(line.around((1, 3)))),
            [vec![0; 4], vec![1, 2, 3, 4], vec![0, 11, 12, 0]]
        );
        assert_eq!(
            lines.each_mut().map(|line| numbers(line.around((7, 9)))),
            [vec![0; 4], vec![7, 8, 9, 0], vec![0, 17, 18, 0]]
        );
        let mut lines = grid.lines(2);
        assert_eq!(
            lines.each_mut().map(|line| numbers(line.around((7, 9)))),
            [vec![0, 17, 18, 0], vec![25, 26, 27, 0], vec![0; 4]]
        );
        let mut lines = grid.lines_mut(1);
        lines.around((1, 3));
        let (beside, row, place) = lines.around((7, 9));
        assert_eq!((beside.map(numbers), numbers(row)), ([vec![7, 8, 9, 0], vec![25, 26, 27, 0]], vec![0, 17, 18, 0]));
        assert_eq!(numbers(grid.from(place, 2)), [17, 18]);
        assert!(Grid::default().from(place, 2).is_empty());
    }

    #[test]
    fn a_coarse_cell_is_kept_if_all_its_children_are() {
        let mut kept = Kept::new(9, 3);
        for runs in [[(0, 3), (5, 9)], [(2, 4), (6, 9)], [(0, 1), (3, 9)]] {
            kept.push_row(runs.into_iter());
        }
        let above = kept.coarser(3);
        assert_eq!([0, 1].map(|y| above.row(y).collect::<Vec<_>>()), [vec![(3, 5)], vec![(2, 5)]]);
    }
}
