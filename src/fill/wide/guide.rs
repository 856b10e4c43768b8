//! What the stages hand to each other: values over a box, and of which pixels.

use crate::fill::grid::Cell;
use crate::fill::samples::Canvas;
use crate::fill::solver::Source;
use crate::geometry::{Rectangle, Size};

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
    /// Row by row.
    pub(in crate::fill) cells: Vec<Cell>,
    /// `SILENT`, `WANTED` or `SAID`.
    pub(in crate::fill) said: Vec<u8>,
    /// The range of what is known, which the sum of values and membrane could leave.
    pub(in crate::fill) range: [Cell; 2],
}

impl Guide {
    /// A guide of a box and so many pixels around it, without rows.
    pub(in crate::fill) fn new(inner: Rectangle, ring: u32, size: Size) -> Self {
        let area = inner.grown(ring, size);
        let pixels = area.width as usize * area.height as usize;
        let (cells, said) = (Vec::with_capacity(pixels), Vec::with_capacity(pixels));
        Self { inner, area, cells, said, range: [[f32::MAX; 4], [f32::MIN; 4]] }
    }

    /// How many rows there are.
    pub(in crate::fill) fn rows(&self) -> usize {
        self.cells.len() / self.area.width as usize
    }

    /// Whether it has all its rows.
    pub(in crate::fill) fn is_full(&self) -> bool {
        self.rows() == self.area.height as usize
    }

    /// Appends a row that says nothing.
    pub(in crate::fill) fn push_silent_row(&mut self) {
        let end = self.cells.len() + self.area.width as usize;
        self.cells.resize(end, [0.0; 4]);
        self.said.resize(end, SILENT);
    }

    /// The last row, to be changed.
    pub(in crate::fill) fn last_row_mut(&mut self) -> (&mut [Cell], &mut [u8]) {
        self.row_mut(self.rows() - 1)
    }

    /// Row `y`, to be changed.
    pub(in crate::fill) fn row_mut(&mut self, y: usize) -> (&mut [Cell], &mut [u8]) {
        let range = self.start(y)..self.start(y + 1);
        (&mut self.cells[range.clone()], &mut self.said[range])
    }

    /// The values of row `y`.
    pub(in crate::fill) fn row(&self, y: usize) -> &[Cell] {
        &self.cells[self.start(y)..][..self.area.width as usize]
    }

    /// Where row `y` of the area begins.
    fn start(&self, y: usize) -> usize {
        y * self.area.width as usize
    }

    /// Makes values of row `y` from column `first` on differences to the guide: 0 where it is silent.
    pub(in crate::fill) fn subtract(&self, y: usize, first: usize, cells: &mut [Cell]) {
        let start = self.start(y) + first;
        for ((cell, guide), said) in cells.iter_mut().zip(&self.cells[start..]).zip(&self.said[start..]) {
            let difference = |lane: usize| if *said == SAID { cell[lane] - guide[lane] } else { 0.0 };
            *cell = std::array::from_fn(difference);
        }
    }

    /// Adds the guide to row `y` from column `first` on.
    pub(in crate::fill) fn add(&self, y: usize, first: usize, cells: &mut [Cell]) {
        let [low, high] = self.range;
        for (cell, guide) in cells.iter_mut().zip(&self.cells[self.start(y) + first..]) {
            *cell = std::array::from_fn(|lane| (cell[lane] + guide[lane]).max(low[lane]).min(high[lane]));
        }
    }

    /// Appends the last row to the picture of a box, if it crosses that.
    pub(in crate::fill) fn paint_last_row(&self, source: Source, bounds: Rectangle, canvas: &mut Canvas) {
        let last = self.rows() - 1;
        let y = self.area.y + last as u32;
        if (bounds.y..bounds.y + bounds.height).contains(&y) {
            let start = self.start(last) + (bounds.x - self.area.x) as usize;
            let cells = &self.cells[start..start + bounds.width as usize];
            let runs = source.mask.runs_inside(y, bounds).map(|(start, end)| (start, &cells[start..end]));
            canvas.push_row(cells.len(), runs);
        }
    }

    /// Position of a pixel of the picture.
    pub(in crate::fill) fn at(&self, x: u32, y: u32) -> Option<usize> {
        let (x, y) = (x.checked_sub(self.area.x)?, y.checked_sub(self.area.y)?);
        let inside = x < self.area.width && y < self.area.height;
        inside.then(|| self.start(y as usize) + x as usize)
    }
}
