//! What the stages hand to each other: values over a box, and of which pixels.

use std::sync::Arc;

use crate::error::Result;
use crate::fill::grid::{Cell, Grid, Kept, Line};
use crate::fill::level::clipped;
use crate::fill::reduce::Scale;
use crate::fill::samples::Canvas;
use crate::fill::solver::Source;
use crate::geometry::Rectangle;
use crate::picture::Patch;

/// Nothing is said; a marked pixel's value stands.
pub(in crate::fill) const SILENT: u8 = 0;
/// A marked pixel whose value is wanted.
pub(in crate::fill) const WANTED: u8 = 1;
/// The patches say what the value is.
pub(in crate::fill) const SAID: u8 = 2;

/// Values over a box and the ring around it.
///
/// The fill that it guides is the values of the marked pixels and, added to them, the membrane through
/// the differences of the ring to the picture (as in Pérez, Gangnet & Blake, *Poisson image editing*,
/// SIGGRAPH 2003): no seam, however the light differs between the hole and where its patches come from.
#[derive(Debug)]
pub(in crate::fill) struct Guide {
    /// The box,
    pub(in crate::fill) inner: Rectangle,
    /// and a ring around it inside the picture.
    pub(in crate::fill) area: Rectangle,
    /// Row by row, where it has something to say; elsewhere 0.
    pub(in crate::fill) values: Grid,
    /// `SILENT`, `WANTED` or `SAID`.
    pub(in crate::fill) said: Vec<u8>,
    /// The range of what is known, which the sum of values and membrane could leave.
    pub(in crate::fill) range: [Cell; 2],
}

impl Guide {
    /// A guide of a box in an area, without rows, and what it may speak of there.
    pub(in crate::fill) fn new(inner: Rectangle, area: Rectangle, kept: Kept) -> Self {
        let said = Vec::with_capacity(area.width as usize * area.height as usize);
        Self { inner, area, values: Grid::new(&Arc::new(kept)), said, range: [[f32::MAX; 4], [f32::MIN; 4]] }
    }

    /// How many rows there are.
    pub(in crate::fill) fn rows(&self) -> usize {
        self.said.len() / self.area.width as usize
    }

    /// Whether it has all its rows.
    pub(in crate::fill) fn is_full(&self) -> bool {
        self.rows() == self.area.height as usize
    }

    /// Appends a row that says nothing.
    pub(in crate::fill) fn push_silent_row(&mut self) {
        self.values.push_row();
        self.said.resize(self.said.len() + self.area.width as usize, SILENT);
    }

    /// What is said in row `y`, to be changed.
    pub(in crate::fill) fn said_mut(&mut self, y: usize) -> &mut [u8] {
        let range = self.start(y)..self.start(y + 1);
        &mut self.said[range]
    }

    /// Pixels of the picture from (x, y) on that are marked, as far as they are in the area: the first column, and
    /// what it says of them.
    pub(in crate::fill) fn run(&self, y: u32, (start, end): (u32, u32)) -> Option<(u32, &[Cell], &[u8])> {
        let Rectangle { x: left, width, .. } = self.area;
        let (start, end) = (start.max(left), end.min(left + width));
        let row = self.row_of(y).filter(|_| start < end)?;
        let columns = (start - left) as usize..(end - left) as usize;
        Some((start, self.values.get(row, columns.clone())?, &self.said[self.start(row)..][columns]))
    }

    /// The values and what is said of a row of the picture.
    pub(in crate::fill) fn line(&self, y: u32) -> Option<(Line<'_>, &[u8])> {
        self.row_of(y).map(|row| (self.values.line(row), &self.said[self.start(row)..self.start(row + 1)]))
    }

    fn row_of(&self, y: u32) -> Option<usize> {
        y.checked_sub(self.area.y).filter(|row| *row < self.area.height).map(|row| row as usize)
    }

    /// Where row `y` of the area begins.
    fn start(&self, y: usize) -> usize {
        y * self.area.width as usize
    }

    /// Makes values of row `y` from column `first` on differences to the guide: 0 where it is silent.
    pub(in crate::fill) fn subtract(&self, y: usize, first: usize, cells: &mut [Cell]) {
        let said = &self.said[self.start(y)..];
        let mut line = self.values.line(y);
        let mut done = first;
        for (start, end) in clipped(self.values.kept().row(y), first, first + cells.len()) {
            cells[done - first..start - first].fill([0.0; 4]);
            let inputs = line.run((start, end)).iter().zip(&said[start..end]);
            for (cell, (guide, said)) in cells[start - first..].iter_mut().zip(inputs) {
                let difference = |lane: usize| if *said == SAID { cell[lane] - guide[lane] } else { 0.0 };
                *cell = std::array::from_fn(difference);
            }
            done = end;
        }
        cells[done - first..].fill([0.0; 4]);
    }

    /// How what is said of a run of row `y`, of which `cells` are the differences, varies otherwise than the picture:
    /// sums of squares between neighbours, of the differences and of the picture.
    pub(in crate::fill) fn misfit(&self, y: usize, first: usize, cells: &[Cell]) -> [f32; 2] {
        let said = &self.said[self.start(y)..];
        let mut line = self.values.line(y);
        let mut sums = [0.0; 2];
        for (start, end) in clipped(self.values.kept().row(y), first, first + cells.len()) {
            let (guide, cells) = (line.run((start, end)), &cells[start - first..]);
            for i in (1..end - start).filter(|i| said[start + i - 1..=start + i] == [SAID; 2]) {
                for lane in 0..3 {
                    let difference = cells[i][lane] - cells[i - 1][lane];
                    let step = difference + guide[i][lane] - guide[i - 1][lane];
                    sums[0] += difference * difference;
                    sums[1] += step * step;
                }
            }
        }
        sums
    }

    /// Adds the guide to pixels of row `y` that are marked.
    pub(in crate::fill) fn add(&self, line: &mut Line, run: (usize, usize), cells: &mut [Cell]) {
        let [low, high] = self.range;
        for (cell, guide) in cells.iter_mut().zip(line.run(run)) {
            *cell = std::array::from_fn(|lane| (cell[lane] + guide[lane]).max(low[lane]).min(high[lane]));
        }
    }

    /// How a box looks: each pixel as the nearest cell; `want` has a say in those that are wanted, by their place. The guide
    /// may be of a reduced picture.
    ///
    /// # Errors
    /// As [`Patch::new`].
    pub(in crate::fill) fn sketch(
        &self,
        source: Source,
        bounds: Rectangle,
        scale: Scale,
        want: impl Fn([u32; 2], &mut Cell),
    ) -> Result<Patch> {
        let mut canvas = Canvas::new(source.picture, bounds);
        let mut cells = vec![[0.0; 4]; bounds.width as usize];
        let mut runs = Vec::new();
        for y in bounds.y..bounds.y + bounds.height {
            let own_y = (y - scale.area.y) / scale.pixels;
            runs.clear();
            runs.extend(source.mask.runs_inside(y, bounds));
            let mut guided = self.line(own_y);
            for x in runs.iter().flat_map(|(start, end)| *start..*end) {
                let own_x = (bounds.x + x as u32 - scale.area.x) / scale.pixels;
                let Some((line, said)) = &mut guided else { break };
                let at = (own_x - self.area.x) as usize;
                cells[x] = line.run((at, at + 1))[0];
                if said[at] == WANTED {
                    want([own_x, own_y], &mut cells[x]);
                }
            }
            let mut runs = runs.iter().map(|(start, end)| (*start, &cells[*start..*end]));
            canvas.push_row(cells.len(), &mut runs);
        }
        canvas.into_patch(source.picture, bounds)
    }

    /// Appends the last row to the picture of a box, if it crosses that.
    pub(in crate::fill) fn paint_last_row(&self, source: Source, bounds: Rectangle, canvas: &mut Canvas) {
        let last = self.rows() - 1;
        let y = self.area.y + last as u32;
        if (bounds.y..bounds.y + bounds.height).contains(&y) {
            let left = (bounds.x - self.area.x) as usize;
            let mut line = self.values.line(last);
            let cells = |(start, end): (usize, usize)| (start, line.run((left + start, left + end)));
            canvas.push_row(bounds.width as usize, &mut source.mask.runs_inside(y, bounds).map(cells));
        }
    }
}
