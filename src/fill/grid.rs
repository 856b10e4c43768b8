//! Cells of a box in memory: those that are near to unknown ones (see `near`). Strokes over a whole picture take a
//! tenth of the memory of their box, and of the time in which fresh pages of it are handed out.
//!
//! Memory grows row by row: clearing 400 MB at once would take longer than a step may.

use std::ops::Range;
use std::sync::Arc;

use super::level::{Spans, halved};

/// Up to four channels of one cell; unused ones stay 0. One SIMD register.
pub(super) type Cell = [f32; 4];

/// Which cells of a box are kept, as runs, and where. Before and behind each run is a cell of 0, and a row of
/// these above and below all.
#[derive(Debug, Default)]
pub(super) struct Kept {
    width: usize,
    /// The runs of all rows, the border above the first; once for rows below each other that have the same.
    runs: Vec<(u16, u16)>,
    rows: Vec<Row>,
}

/// Columns from `start` to `end` that are kept of a row and of those above and below.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) start: u16,
    end: u16,
    /// Where the cells before them are, above, here and below.
    places: [u32; 3],
    /// Which runs of unknown cells they hold.
    pub(super) runs: (u32, u32),
}

/// Segments that hold all unknown cells.
#[derive(Debug, Default)]
pub(super) struct Segments {
    list: Vec<Segment>,
    /// Where those of each row end.
    ends: Vec<u32>,
}

/// A row of what is kept, or of the border.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Row {
    /// Where its cells are,
    start: usize,
    end: usize,
    /// and its runs.
    runs: (u32, u32),
}

/// Cells in rows, those that are kept.
///
/// *Guarantees*: the border is 0 for ever, so that a neighbour outside the picture adds nothing.
#[derive(Debug, Default)]
pub(super) struct Grid {
    kept: Arc<Kept>,
    /// Rows so far, the border above among them.
    rows: usize,
    cells: Vec<Cell>,
}

/// Finds columns in a row of a grid, from left to right.
#[derive(Debug, Clone, Copy)]
struct Cursor<'a> {
    /// Runs that are to come, and where in the row the border before the first of them is.
    runs: &'a [(u16, u16)],
    next: usize,
    /// The run that it is in, and where column 0 would be by that.
    start: usize,
    end: usize,
    base: usize,
}

/// A row of a grid, from left to right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    cells: &'a [Cell],
    cursor: Cursor<'a>,
}

/// A row of a grid that is changed, from left to right.
#[derive(Debug)]
pub(super) struct LineMut<'a> {
    cells: &'a mut [Cell],
    cursor: Cursor<'a>,
}

/// Some columns of a grid, row by row.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    grid: &'a Grid,
    columns: Range<usize>,
    /// Where they are in rows with these runs, if all of them are kept.
    runs: (u32, u32),
    at: Option<usize>,
}

/// Takes a run: its first column, and the one behind it.
pub(super) type Keep<'a> = dyn FnMut((usize, usize)) + 'a;

impl Kept {
    /// Of a box of `width` × `height` cells: `keep_row` tells those of a row, from left to right and apart from each
    /// other.
    pub(super) fn new(width: usize, height: usize, keep_row: &mut dyn FnMut(usize, &mut Keep)) -> Self {
        let mut kept = Self { width, runs: Vec::new(), rows: Vec::new() };
        kept.push_row(&mut |keep| keep((0, width)));
        (0..height).for_each(|y| kept.push_row(&mut |keep| keep_row(y, keep)));
        kept.push_row(&mut |keep| keep((0, width)));
        kept
    }

    fn push_row(&mut self, keep_row: &mut dyn FnMut(&mut Keep)) {
        let before = self.rows.last().copied().unwrap_or_default();
        let first = self.runs.len();
        keep_row(&mut |(start, end)| self.runs.push((start as u16, end as u16)));
        let mut runs = (first as u32, self.runs.len() as u32);
        if self.runs[first..] == *self.runs_of(&before) {
            self.runs.truncate(first);
            runs = before.runs;
        }
        let start = before.end;
        let mut row = Row { start, end: start, runs };
        row.end += self.runs_of(&row).iter().map(|(start, end)| usize::from(end - start) + 2).sum::<usize>();
        self.rows.push(row);
    }

    fn runs_of(&self, row: &Row) -> &[(u16, u16)] {
        &self.runs[row.runs.0 as usize..row.runs.1 as usize]
    }

    /// What is kept of the level above: cells of whose children all are.
    pub(super) fn coarser(&self) -> Self {
        let height = self.rows.len() - 2;
        Self::new(self.width.div_ceil(2), height.div_ceil(2), &mut |y, keep| {
            halved(self.row(2 * y), self.row((2 * y + 1).min(height - 1)), self.width).for_each(keep);
        })
    }

    /// The runs of row `y`.
    pub(super) fn row(&self, y: usize) -> impl Iterator<Item = (usize, usize)> + Clone + '_ {
        self.runs_of(&self.rows[y + 1]).iter().map(|(start, end)| (usize::from(*start), usize::from(*end)))
    }

    /// Where the cells of a row and its runs are; the border is row 0.
    #[inline(always)]
    fn find(&self, row: usize) -> (Range<usize>, Cursor<'_>) {
        let row = &self.rows[row];
        (row.start..row.end, Cursor { runs: self.runs_of(row), next: 0, start: 0, end: 0, base: 0 })
    }

    /// Where the cells of row `y` are.
    fn range(&self, y: usize) -> Range<usize> {
        self.find(y + 1).0
    }

    /// Cells of all rows and their borders.
    fn cells(&self) -> usize {
        self.rows.last().map_or(0, |row| row.end)
    }
}

impl Segment {
    #[inline(always)]
    fn width(&self) -> usize {
        usize::from(self.end - self.start)
    }
}

impl Segments {
    /// Appends those of row `y` of unknown cells.
    pub(super) fn push_row(&mut self, kept: &Kept, unknown: &Spans, y: usize) {
        let mut rows = [y, y + 1, y + 2].map(|row| kept.find(row));
        let mut end_of_last = 0;
        for (at, (start, _)) in unknown.numbered(y) {
            if start >= end_of_last {
                let places = rows.each_mut().map(|(range, cursor)| (range.start + cursor.seek(start) - 1) as u32);
                end_of_last = rows.iter().fold(usize::MAX, |end, (_, cursor)| end.min(cursor.end));
                self.list.push(Segment { start: start as u16, end: end_of_last as u16, places, runs: (at, at) });
            }
            self.list.last_mut().iter_mut().for_each(|last| last.runs.1 = at + 1);
        }
        self.ends.push(self.list.len() as u32);
    }

    /// Those of row `y`.
    pub(super) fn row(&self, y: usize) -> &[Segment] {
        let start = y.checked_sub(1).map_or(0, |above| self.ends[above] as usize);
        &self.list[start..self.ends[y] as usize]
    }
}

impl Cursor<'_> {
    /// Where column `x` is, which is kept. Columns must not go back.
    #[inline]
    fn seek(&mut self, x: usize) -> usize {
        while x >= self.end {
            let [(start, end), rest @ ..] = self.runs else { return usize::MAX };
            (self.start, self.end) = (usize::from(*start), usize::from(*end));
            self.base = (self.next + 1).wrapping_sub(self.start);
            self.next += self.end - self.start + 2;
            self.runs = rest;
        }
        self.base.wrapping_add(x)
    }

    /// Where some columns are, if all of them are kept.
    #[inline(never)]
    fn within(mut self, columns: &Range<usize>) -> Option<Range<usize>> {
        let start = self.seek(columns.start);
        let is_kept = self.start <= columns.start && columns.end <= self.end && start < usize::MAX;
        is_kept.then(|| start..start + columns.len())
    }
}

impl<'a> Line<'a> {
    /// The cells of a run and one more on either side: cell `start` is the second.
    #[inline]
    pub(super) fn around(&mut self, (start, end): (usize, usize)) -> &'a [Cell] {
        let at = self.cursor.seek(start) - 1;
        &self.cells[at..at + end - start + 2]
    }

    /// The cells of a run.
    #[inline]
    pub(super) fn run(&mut self, (start, end): (usize, usize)) -> &'a [Cell] {
        let at = self.cursor.seek(start);
        &self.cells[at..at + end - start]
    }
}

impl LineMut<'_> {
    /// The cells of a run.
    #[inline]
    pub(super) fn run(&mut self, (start, end): (usize, usize)) -> &mut [Cell] {
        let at = self.cursor.seek(start);
        &mut self.cells[at..at + end - start]
    }
}

impl<'a> Columns<'a> {
    /// Those of row `y`, if all of them are kept.
    #[inline(always)]
    pub(super) fn get(&mut self, y: usize) -> Option<&'a [Cell]> {
        let Grid { kept, cells, .. } = self.grid;
        let row = &kept.rows[y + 1];
        if self.runs != row.runs {
            self.runs = row.runs;
            self.at = kept.find(y + 1).1.within(&self.columns).map(|range| range.start);
        }
        let start = row.start + self.at?;
        cells.get(start..start + self.columns.len())
    }

    /// Likewise, of cells that are not kept 0: these are put together in `spare`.
    pub(super) fn read<'b>(&mut self, y: usize, spare: &'b mut [Cell]) -> &'b [Cell]
    where
        'a: 'b,
    {
        self.get(y).unwrap_or_else(|| {
            let spare = &mut spare[..self.columns.len()];
            spare.iter_mut().zip(self.columns.clone()).for_each(|(spare, x)| *spare = self.grid.cell(y, x));
            spare
        })
    }
}

impl Grid {
    /// No rows yet.
    pub(super) fn new(kept: &Arc<Kept>) -> Self {
        let mut grid = Self { kept: Arc::clone(kept), rows: 0, cells: Vec::with_capacity(kept.cells()) };
        grid.push_row();
        grid
    }

    /// What is kept.
    pub(super) fn kept(&self) -> &Arc<Kept> {
        &self.kept
    }

    /// Appends a row of 0; how many cells that are.
    pub(super) fn push_row(&mut self) -> usize {
        let before = self.cells.len();
        self.rows += 1;
        self.cells.resize(self.kept.rows[self.rows - 1].end, [0.0; 4]);
        self.cells.len() - before
    }

    /// Appends the border below the last row.
    pub(super) fn close(&mut self) {
        self.push_row();
    }

    /// Whether there are no rows, which stands for rows of 0.
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// All of row `y` is 0 again; how many cells that are.
    pub(super) fn clear_row(&mut self, y: usize) -> usize {
        let row = &mut self.cells[self.kept.range(y)];
        row.fill([0.0; 4]);
        row.len()
    }

    /// The runs of row `y`: where they start, and their cells.
    pub(super) fn runs_mut(&mut self, y: usize) -> impl Iterator<Item = (usize, &mut [Cell])> {
        let mut rest = &mut self.cells[self.kept.range(y)];
        self.kept.row(y).map(move |(start, end)| {
            let (run, behind) = std::mem::take(&mut rest).split_at_mut(end - start + 2);
            rest = behind;
            (start, &mut run[1..end - start + 1])
        })
    }

    /// Some columns of row `y`, if all of them are kept.
    pub(super) fn get(&self, y: usize, columns: Range<usize>) -> Option<&[Cell]> {
        let (row, cursor) = self.kept.find(y + 1);
        self.cells[row].get(cursor.within(&columns)?)
    }

    /// A cell, 0 if it is not kept.
    pub(super) fn cell(&self, y: usize, x: usize) -> Cell {
        self.get(y, x..x + 1).map_or([0.0; 4], |cells| cells[0])
    }

    /// Some columns of row `y`, to be changed, if all of them are kept.
    pub(super) fn get_mut(&mut self, y: usize, columns: Range<usize>) -> Option<&mut [Cell]> {
        let (row, cursor) = self.kept.find(y + 1);
        self.cells[row].get_mut(cursor.within(&columns)?)
    }

    /// Some columns, row by row.
    pub(super) fn columns(&self, columns: Range<usize>) -> Columns<'_> {
        Columns { grid: self, columns, runs: (u32::MAX, 0), at: None }
    }

    /// Row `y`; below the last one is the border.
    pub(super) fn line(&self, y: usize) -> Line<'_> {
        self.line_of(y + 1)
    }

    /// Rows y − 1, y and y + 1.
    pub(super) fn lines(&self, y: usize) -> [Line<'_>; 3] {
        [y, y + 1, y + 2].map(|row| self.line_of(row))
    }

    #[inline]
    fn line_of(&self, row: usize) -> Line<'_> {
        let (range, cursor) = self.kept.find(row);
        Line { cells: &self.cells[range], cursor }
    }

    /// Row `y`, to be changed.
    #[inline]
    pub(super) fn line_mut(&mut self, y: usize) -> LineMut<'_> {
        let (range, cursor) = self.kept.find(y + 1);
        LineMut { cells: &mut self.cells[range], cursor }
    }

    /// A segment of this grid, whose columns come from one cell before it on to one behind it, and those above
    /// and below.
    #[inline(always)]
    pub(super) fn segment_mut(&mut self, segment: &Segment) -> (&mut [Cell], [&[Cell]; 2]) {
        let [above, own, below] = segment.places.map(|place| place as usize);
        let length = segment.width() + 2;
        let (before, rest) = self.cells.split_at_mut(own);
        let (row, behind) = rest.split_at_mut(length);
        (row, [&before[above..above + length], &behind[below - own - length..][..length]])
    }

    /// The cells of a segment, likewise.
    #[inline(always)]
    pub(super) fn segment(&self, segment: &Segment) -> &[Cell] {
        &self.cells[segment.places[1] as usize..][..segment.width() + 2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grid of 9 columns of which these runs are kept, with the number of each cell, from 1 on, in it.
    fn grid(rows: &[&[(usize, usize)]]) -> Grid {
        let kept = Kept::new(9, rows.len(), &mut |y, keep| rows[y].iter().copied().for_each(keep));
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
            assert_eq!(grid.columns(start..end).read(y, &mut [[7.0; 4]; 9]), wanted, "{y} {start} {end}");
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
        let mut unknown = Spans::default();
        [&[][..], &[(1, 2), (7, 8)], &[(4, 6)]].iter().for_each(|runs| unknown.push_row(runs.iter().copied()));
        let mut segments = Segments::default();
        (0..3).for_each(|y| segments.push_row(grid.kept(), &unknown, y));
        assert!(segments.row(0).is_empty());
        let [first, second] = segments.row(1) else { panic!("{segments:?}") };
        let mut cells = |segment: &Segment| {
            let (row, beside) = grid.segment_mut(segment);
            (segment.start, numbers(row), beside.map(numbers))
        };
        assert_eq!(cells(first), (1, vec![0, 11, 12, 0], [vec![1, 2, 3, 4], vec![19, 20, 21, 22]]));
        assert_eq!(cells(second), (7, vec![0, 17, 18, 0], [vec![7, 8, 9, 0], vec![25, 26, 27, 0]]));
        assert_eq!(numbers(grid.segment(second)), [0, 17, 18, 0]);
        assert_eq!([first.runs, second.runs], [(0, 1), (1, 2)]);
        assert_eq!(numbers(grid.line_mut(1).run((7, 9))), [17, 18]);
    }

    #[test]
    fn a_coarse_cell_is_kept_if_all_its_children_are() {
        let rows = [[(0, 3), (5, 9)], [(2, 4), (6, 9)], [(0, 1), (3, 9)]];
        let above = Kept::new(9, 3, &mut |y, keep| rows[y].into_iter().for_each(keep)).coarser();
        assert_eq!([0, 1].map(|y| above.row(y).collect::<Vec<_>>()), [vec![(3, 5)], vec![(2, 5)]]);
    }
}
