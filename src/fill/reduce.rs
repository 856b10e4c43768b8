//! The working scale: wide strokes and holes are solved at a half or a quarter of their size.
//!
//! What can be foretold of a hole's middle is as coarse as the hole is wide: at full size it takes 4 or 16
//! times the work and shows nothing more. The box is averaged, solved, put together from patches, and
//! enlarged again: the values by interpolation, the patches by taking the same ones from the picture at
//! its full size (see `wide::FineVotes`).

use std::ops::Range;

use super::cubic::Cubic;
use super::grid::{Cell, Kept};
use super::level::join;
use super::samples::{self, Canvas, Seen};
use super::solver::Source;
use super::wide::{Guide, SAID};
use crate::error::Result;
use crate::geometry::{Rectangle, Size};
use crate::mask::Mask;
use crate::picture::Picture;

/// Pixels of the side of the largest cells; those of the others divide it.
pub(super) const LARGEST: u32 = 4;

/// What enlarging a pixel costs, in visits.
const ENLARGE_VISITS: u32 = 6;

/// Where the cells of a reduced box lie in the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// Pixels of a cell's side.
    pub(super) pixels: u32,
    /// The box, whose left and top are multiples of that.
    pub(super) area: Rectangle,
}

impl Scale {
    /// Columns and rows of cells.
    fn size(&self) -> Result<Size> {
        Size::new(self.area.width.div_ceil(self.pixels), self.area.height.div_ceil(self.pixels))
    }

    /// The cells of a box.
    pub(super) fn cells_of(&self, bounds: Rectangle) -> Rectangle {
        let Self { pixels, area } = *self;
        let [x, y] = [(bounds.x - area.x) / pixels, (bounds.y - area.y) / pixels];
        let right = (bounds.x - area.x + bounds.width).div_ceil(pixels);
        let bottom = (bounds.y - area.y + bounds.height).div_ceil(pixels);
        Rectangle { x, y, width: right - x, height: bottom - y }
    }

    /// The pixels of a box of cells, those beyond the picture too.
    pub(super) fn pixels_of(&self, Rectangle { x, y, width, height }: Rectangle) -> Rectangle {
        let [x, y, width, height] = [x, y, width, height].map(|cells| cells * self.pixels);
        Rectangle { x: self.area.x + x, y: self.area.y + y, width, height }
    }
}

/// A box of a picture that is being reduced: a cell is the mean of those of its pixels that are not marked,
/// and marked if one of them is.
#[derive(Debug)]
pub(super) struct Reduction {
    scale: Scale,
    canvas: Canvas,
    mask: Mask,
    /// Cells without a known pixel.
    hidden: Mask,
    row: u32,
    lines: Lines,
    /// Known pixels of each cell of a row, and where a row of pixels is marked.
    counts: Vec<u32>,
    runs: Vec<(usize, usize)>,
}

/// A row of cells in the making, and the range of the pixels that were known.
#[derive(Debug)]
struct Lines {
    width: usize,
    /// A row of pixels, unless bytes are exact,
    cells: Vec<Cell>,
    /// and sums of rows: of cells, or of whole columns, a multiple of the cells' width, if bytes are exact.
    sums: Vec<Cell>,
    columns: Vec<[u16; 3]>,
    seen: Seen,
}

/// A reduced box.
#[derive(Debug)]
pub(super) struct Reduced {
    pub(super) scale: Scale,
    picture: Picture,
    mask: Mask,
    hidden: Mask,
    /// Width of edges of wide parts, in cells.
    edge: u32,
    /// The least and the greatest of what is known.
    pub(super) range: [Cell; 2],
}

impl Reduction {
    /// The box `bounds` and `reach` cells around it.
    ///
    /// # Errors
    /// None that a box inside the picture could cause.
    pub(super) fn new(source: Source, bounds: Rectangle, reach: u32, pixels: u32) -> Result<Self> {
        let area = aligned(bounds.grown(reach * pixels, source.picture.size()), pixels, source.picture.size());
        let scale = Scale { pixels, area };
        let size = scale.size()?;
        let canvas = Canvas::new(source.picture, size.as_rectangle());
        let lines = Lines::new(source.picture, area.width as usize, size.width() as usize, pixels as usize);
        let counts = vec![0; size.width() as usize];
        let [mask, hidden] = [(); 2].map(|()| Mask::new(size));
        Ok(Self { scale, canvas, mask, hidden, row: 0, lines, counts, runs: Vec::new() })
    }

    /// Whether all rows are there.
    pub(super) fn is_ready(&self) -> bool {
        self.row == self.mask.size().height()
    }

    /// Whether no cell is known as a whole: there is nothing to go by at this scale.
    pub(super) fn is_unknown(&self) -> bool {
        self.mask.count() == self.mask.size().area()
    }

    /// Averages the next row of cells; answers its visits.
    pub(super) fn run_row(&mut self, source: Source) -> u64 {
        let Self { scale: Scale { pixels, area }, canvas, mask, hidden, row, lines, counts, runs } = self;
        let (pixels, width) = (*pixels, area.width);
        let rows = *row * pixels..(*row * pixels + pixels).min(area.height);
        let height = rows.len() as u32;
        counts.fill(height * pixels);
        if let Some(last) = counts.last_mut() {
            *last = height * ((width - 1) % pixels + 1);
        }
        for y in rows.map(|y| area.y + y) {
            runs.clear();
            runs.extend(source.mask.runs_inside(y, *area));
            for (first, end) in runs.iter().copied() {
                (first..end).for_each(|x| counts[x / pixels as usize] -= 1);
                mask.fill_span(*row, first as u32 / pixels, (end as u32).div_ceil(pixels), true);
            }
            lines.add(source.picture, [area.x, y], runs, pixels);
        }
        let cells = counts.iter().enumerate().filter(|(_, count)| **count == 0);
        cells.for_each(|(x, _)| hidden.fill_span(*row, x as u32, x as u32 + 1, true));
        match pixels {
            2 => lines.finish::<2>(counts, canvas),
            _ => lines.finish::<{ LARGEST as usize }>(counts, canvas),
        }
        *row += 1;
        2 * u64::from(height) * u64::from(width)
    }

    /// The reduced box.
    ///
    /// # Errors
    /// None once it is ready.
    pub(super) fn finish(self, source: Source) -> Result<Reduced> {
        let Self { scale, canvas, mask, hidden, lines, .. } = self;
        let range = lines.seen.range(source.picture);
        let picture = Picture::from_samples(mask.size(), source.picture.channels(), canvas.into_samples())?;
        Ok(Reduced { scale, picture, mask, hidden, edge: source.edge / scale.pixels, range })
    }
}

impl Reduced {
    /// What is solved in place of the picture.
    pub(super) fn source(&self) -> Source<'_> {
        let Self { scale: Scale { pixels: scale, .. }, edge, ref picture, ref mask, .. } = *self;
        Source { picture, mask, scale, edge, guide: None, allowed: None }
    }

    /// Likewise, for the first fill, which knows cells by a part of their pixels.
    pub(super) fn first_source(&self) -> Source<'_> {
        Source { mask: &self.hidden, ..self.source() }
    }
}

impl Lines {
    /// For rows of `width` pixels and `cells` cells of so many pixels' width.
    fn new(picture: &Picture, width: usize, cells: usize, pixels: usize) -> Self {
        let is_exact = samples::bytes_are_exact(picture);
        let exact = |length: usize| if is_exact { length } else { 0 };
        let [line, sums] = [width, cells].map(|length| vec![[0.0; 4]; length - exact(length)]);
        let columns = vec![[0; 3]; exact(cells * pixels)];
        Self { width, cells: line, sums, columns, seen: Seen::nothing() }
    }

    /// Adds a row of pixels to the sums, but for those in `runs`.
    fn add(&mut self, picture: &Picture, [x, y]: [u32; 2], runs: &[(usize, usize)], pixels: u32) {
        let Self { width, cells, sums, columns, seen } = self;
        if let Some(row) = samples::exact_bytes(picture, x, y) {
            each_known(*width, runs, |known| {
                let pixels = &row[known.clone()];
                seen.add_rgb(pixels);
                // As whole numbers: a register holds eight.
                let columns = columns[known].as_flattened_mut().iter_mut().zip(pixels.as_flattened());
                columns.for_each(|(sum, byte)| *sum += u16::from(*byte));
            });
        } else {
            samples::read(picture, x, y, cells);
            runs.iter().for_each(|(first, end)| cells[*first..*end].fill([0.0; 4]));
            each_known(*width, runs, |known| seen.add_cells(&cells[known]));
            for (pixels, sum) in cells.chunks(pixels as usize).zip(sums) {
                pixels.iter().for_each(|pixel| *sum = std::array::from_fn(|lane| sum[lane] + pixel[lane]));
            }
        }
    }

    /// Appends the means of a row of cells, of so many pixels each.
    fn finish<const PIXELS: usize>(&mut self, counts: &[u32], canvas: &mut Canvas) {
        let Self { sums, columns, .. } = self;
        let share = |count: u32| 1.0 / count.max(1) as f32;
        if let Some(row) = canvas.push_bytes(columns.len() / PIXELS) {
            let whole = (PIXELS * PIXELS) as u16;
            for ((pixel, count), columns) in row.iter_mut().zip(counts).zip(columns.as_chunks::<PIXELS>().0) {
                let sum: [u16; 3] = std::array::from_fn(|lane| columns.iter().map(|column| column[lane]).sum());
                *pixel = if *count == u32::from(whole) {
                    sum.map(|sum| ((sum + whole / 2) / whole) as u8)
                } else {
                    sum.map(|sum| (f32::from(sum) * share(*count) + 0.5) as u8)
                };
            }
            columns.fill([0; 3]);
            return;
        }
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum = sum.map(|value| value * share(*count));
        }
        canvas.push_row(sums.len(), &mut std::iter::once((0, &**sums)));
        sums.fill([0.0; 4]);
    }
}

/// Looks at what lies between some runs of a row of `width` pixels.
fn each_known(width: usize, runs: &[(usize, usize)], mut look: impl FnMut(Range<usize>)) {
    let mut known = 0;
    for (first, end) in runs.iter().copied().chain([(width, width)]) {
        look(known..first);
        known = end;
    }
}

/// Enlarges a guide of cells to one of pixels, row by row.
#[derive(Debug)]
pub(super) struct Enlarger {
    scale: Scale,
    cubic: Cubic,
    spans: Vec<(u32, u32)>,
}

impl Enlarger {
    pub(super) fn new(scale: Scale) -> Self {
        Self { scale, cubic: Cubic::new(scale.pixels), spans: Vec::new() }
    }

    /// The runs of the last row, in columns of the picture.
    pub(super) fn spans(&self) -> &[(u32, u32)] {
        &self.spans
    }

    /// Appends a row to `fine`: what that may speak of. Answers the visits.
    pub(super) fn run_row(&mut self, coarse: &Guide, fine: &mut Guide) -> u64 {
        let Self { scale: Scale { area, .. }, cubic, spans } = self;
        let bounds = fine.area;
        let y = bounds.y + fine.rows() as u32;
        fine.push_silent_row();
        let row = fine.rows() - 1;
        spans.clear();
        spans.extend(fine.values.kept().row(row).map(|(start, end)| (bounds.x + start as u32, bounds.x + end as u32)));
        let mut visits = bounds.width;
        for (first, end) in spans.iter().copied() {
            let within = (first - bounds.x) as usize..(end - bounds.x) as usize;
            fine.said_mut(row)[within.clone()].fill(SAID);
            visits += ENLARGE_VISITS * (end - first);
            // So near to what is marked, all cells are kept.
            let pixels = cubic.run(&coarse.values, coarse.area, y - area.y, first - area.x..end - area.x);
            let cells = fine.values.get_mut(row, within).into_iter().flatten();
            cells.zip(pixels).for_each(|(cell, pixel)| *cell = pixel);
        }
        u64::from(visits)
    }
}

/// A guide of pixels for what is marked in a box and beside that, without rows.
pub(super) fn fine_guide(mask: &Mask, inner: Rectangle) -> Guide {
    let area = inner.grown(1, mask.size());
    let mut spans = Vec::new();
    let [width, height] = [area.width, area.height].map(|v| v as usize);
    let kept = Kept::new(width, height, &mut |y, keep| {
        marked_near(mask, area, area.y + y as u32, &mut spans);
        spans.iter().for_each(|(start, end)| keep(((start - area.x) as usize, (end - area.x) as usize)));
    });
    Guide::new(inner, area, kept)
}

/// The runs of pixels of row `y` of a box that are marked or touch one that is.
pub(super) fn marked_near(mask: &Mask, bounds: Rectangle, y: u32, spans: &mut Vec<(u32, u32)>) {
    let right = bounds.x + bounds.width;
    let rows = y.saturating_sub(1)..(y + 2).min(mask.size().height());
    spans.clear();
    spans.extend(rows.flat_map(|y| mask.runs_within(y, bounds.x, right)));
    for (start, end) in &mut *spans {
        (*start, *end) = (start.saturating_sub(1).max(bounds.x), (*end + 1).min(right));
    }
    join(spans, 1);
}

/// The least box of whole cells that holds another.
pub(super) fn aligned(bounds: Rectangle, pixels: u32, size: Size) -> Rectangle {
    let (x, y) = (bounds.x / pixels * pixels, bounds.y / pixels * pixels);
    let right = ((bounds.x + bounds.width).div_ceil(pixels) * pixels).min(size.width());
    let bottom = ((bounds.y + bounds.height).div_ceil(pixels) * pixels).min(size.height());
    Rectangle { x, y, width: right - x, height: bottom - y }
}
