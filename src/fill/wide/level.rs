//! One level of the pyramid: the picture so far, what of it is known, and for each target patch its source.
//!
//! A level is half as wide and high as the one below it, rounded up. A pixel is known only if all its
//! children are, so what is taken for a source never holds a trace of what was marked.

use super::image::{Image, Pixel, RADIUS, SIDE};
use crate::fill::distance::{King, runs_where};

/// What a pixel is.
pub(super) const KNOWN: u8 = 0;
pub(super) const HOLE: u8 = 1;
/// Marked, but filled elsewhere: never a source.
pub(super) const FOREIGN: u8 = 2;
/// Known, but not to be taken from.
pub(super) const BARRED: u8 = 4;

/// What the patch around a pixel is. `OUT`: it reaches over the border, or touches foreign or barred pixels only.
pub(super) const OUT: u8 = 0;
/// All its pixels are known.
pub(super) const SOURCE: u8 = 1;
/// It holds pixels of the hole.
pub(super) const TARGET: u8 = 2;

/// Pixels from the middle to the edge of the box in which the mean is taken.
const NEAR: usize = 2;

/// Whether the picture shows what belongs there.
pub(super) const fn is_known(mark: u8) -> bool {
    mark & (HOLE | FOREIGN) == 0
}

/// A box of pixels; ends are exclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

/// One level.
#[derive(Debug, Default)]
pub(super) struct Level {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) image: Image,
    /// `KNOWN`, `HOLE`, `FOREIGN` or `BARRED` for each pixel.
    pub(super) marks: Vec<u8>,
    /// `OUT`, `SOURCE` or `TARGET` for the patch around each pixel.
    pub(super) kinds: Vec<u8>,
    /// Steps of a king from the nearest pixel that is not in the hole.
    pub(super) far: King,
    pub(super) farthest: u8,
    /// Where the targets are, how many, and how many sources there are.
    pub(super) extent: Extent,
    pub(super) targets: usize,
    pub(super) sources: usize,
    /// The source of each pixel of the extent that is a target, and what it costs.
    pub(super) field: Vec<[u16; 2]>,
    pub(super) costs: Vec<u32>,
    /// Mean of the costs.
    pub(super) mean: f32,
    scratch: Scratch,
}

/// What passes over a level keep from row to row.
#[derive(Debug, Default)]
struct Scratch {
    gradients: Vec<u8>,
    /// Sum and number of known gradients in each column of the box.
    columns: Vec<[u16; 2]>,
    line: Vec<u8>,
}

impl Level {
    /// A level without rows.
    pub(super) fn new(width: usize, height: usize) -> Self {
        let image = Image::new(width, height);
        let [marks, kinds] = [(); 2].map(|()| Vec::with_capacity(width * height));
        Self { width, height, image, marks, kinds, far: King::new(width, height), ..Self::default() }
    }

    /// Distance of a pixel.
    #[inline(always)]
    pub(super) fn far(&self, x: usize, y: usize) -> u8 {
        self.far.row(y)[x]
    }

    /// The walk downwards: distances from above and the left.
    pub(super) fn measure_down(&mut self, y: usize) {
        self.far.push_row(runs_where(&self.marks[y * self.width..][..self.width], |mark| mark == HOLE));
    }

    /// The walk upwards: distances from below and the right; the greatest of all.
    pub(super) fn measure_up(&mut self, y: usize) {
        self.far.finish_row(y, runs_where(&self.marks[y * self.width..][..self.width], |mark| mark == HOLE));
        self.farthest = self.far.row(y).iter().copied().fold(self.farthest, u8::max);
    }

    /// What the patches around row `y` are.
    pub(super) fn classify(&mut self, y: usize) {
        let width = self.width;
        let start = self.kinds.len();
        self.kinds.resize(start + width, OUT);
        if y < RADIUS || y + RADIUS >= self.height || width < SIDE {
            return;
        }
        // Marks are bits: what any pixel of a column is, then of a row of columns.
        let line = &mut self.scratch.line;
        line.clear();
        line.resize(width, 0);
        for row in self.marks[(y - RADIUS) * width..][..SIDE * width].chunks_exact(width) {
            line.iter_mut().zip(row).for_each(|(any, mark)| *any |= mark);
        }
        let kinds = &mut self.kinds[start + RADIUS..start + width - RADIUS];
        for (kind, columns) in kinds.iter_mut().zip(line.windows(SIDE)) {
            let any = columns.iter().fold(0, |any, mark| any | mark);
            *kind = if any & HOLE > 0 {
                TARGET
            } else if any == KNOWN {
                SOURCE
            } else {
                OUT
            };
        }
        let first = kinds.iter().position(|kind| *kind == TARGET).map(|x| x + RADIUS);
        let last = kinds.iter().rposition(|kind| *kind == TARGET).map(|x| x + RADIUS);
        self.sources += kinds.iter().filter(|kind| **kind == SOURCE).count();
        if let (Some(first), Some(last)) = (first, last) {
            if self.targets == 0 {
                self.extent = Extent { left: first, top: y, right: last + 1, bottom: y + 1 };
            }
            self.targets += kinds.iter().filter(|kind| **kind == TARGET).count();
            let Extent { left, right, .. } = self.extent;
            self.extent = Extent { left: left.min(first), right: right.max(last + 1), bottom: y + 1, ..self.extent };
        }
    }

    /// Gradients of the known pixels of row `y`: twice the mean of both axes.
    pub(super) fn differentiate(&mut self, y: usize) {
        let (width, height) = (self.width, self.height);
        let [own, below] = [y, (y + 1).min(height - 1)]
            .map(|row| (&self.image.row(row)[..width], &self.marks[row * width..][..width]));
        let gradients = &mut self.scratch.gradients;
        gradients.reserve_exact(width * height - gradients.len());
        let last = own.0[width - 1..].iter().zip(&own.1[width - 1..]);
        let rights = own.0[1..].iter().zip(&own.1[1..]);
        let here = || own.0.iter().zip(own.1).zip(below.0.iter().zip(below.1));
        // Two loops, as a chain of both is read one by one.
        gradients.extend(here().zip(rights).map(|((own, below), right)| gradient(own, right, below)));
        gradients.extend(here().skip(width - 1).zip(last).map(|((own, below), right)| gradient(own, right, below)));
    }

    /// The texture of row `y` into the last lane: the mean gradient of what is known around.
    pub(super) fn texture(&mut self, y: usize) {
        let (width, height) = (self.width, self.height);
        let Scratch { gradients, columns, .. } = &mut self.scratch;
        columns.resize(width, [0; 2]);
        let mut slide_rows = |row: usize, enters: bool| {
            let rows = gradients[row * width..][..width].iter().zip(&self.marks[row * width..][..width]);
            for (column, (gradient, mark)) in columns.iter_mut().zip(rows) {
                slide(column, [u16::from(*gradient), u16::from(is_known(*mark))], enters);
            }
        };
        let first = if y == 0 { 0 } else { y + NEAR };
        (first..(y + NEAR + 1).min(height)).for_each(|row| slide_rows(row, true));
        if y > NEAR {
            slide_rows(y - NEAR - 1, false);
        }
        let mut near = [0; 2];
        columns[..NEAR.min(width)].iter().for_each(|column| slide(&mut near, *column, true));
        for (x, pixel) in self.image.row_mut(y).iter_mut().enumerate() {
            slide(&mut near, columns.get(x + NEAR).copied().unwrap_or_default(), true);
            if x > NEAR {
                slide(&mut near, columns[x - NEAR - 1], false);
            }
            pixel[3] = (f32::from(near[0]) / f32::from(near[1].max(1)) + 0.5) as u8;
        }
        if y + 1 == height {
            self.scratch = Scratch::default();
        }
    }

    /// Appends a row to the level above.
    pub(super) fn coarsen(&self, above: &mut Self, y: usize) {
        let rows = [2 * y, (2 * y + 1).min(self.height - 1)];
        let pixels = rows.map(|row| self.image.row(row));
        let marks = rows.map(|row| &self.marks[row * self.width..][..self.width]);
        for (x, pixel) in above.image.push_row().iter_mut().enumerate() {
            let columns = [2 * x, (2 * x + 1).min(self.width - 1)];
            let mut sum = [2u16; 4];
            let mut mark = KNOWN;
            for (pixels, marks) in pixels.iter().zip(marks) {
                for column in columns {
                    mark |= marks[column];
                    sum.iter_mut().zip(pixels[column]).for_each(|(sum, lane)| *sum += u16::from(lane));
                }
            }
            *pixel = sum.map(|sum| (sum / 4) as u8);
            above.marks.push(if mark & HOLE > 0 { HOLE } else { mark });
        }
    }

    /// Pixels of the hole.
    pub(super) fn hole(&self) -> u64 {
        self.marks.iter().filter(|mark| **mark == HOLE).count() as u64
    }

    /// Room for the sources of a row of targets.
    pub(super) fn push_field_row(&mut self) {
        let width = self.extent.right - self.extent.left;
        // All at once, so that nothing is ever moved: growing doubles the memory for a moment, and takes it.
        let rows = self.extent.bottom - self.extent.top;
        self.field.reserve_exact(width * rows - self.field.len());
        self.costs.reserve_exact(width * rows - self.costs.len());
        self.field.resize(self.field.len() + width, [0; 2]);
        self.costs.resize(self.costs.len() + width, u32::MAX);
    }

    /// Where a target stands in `field`.
    #[inline(always)]
    pub(super) fn at(&self, x: usize, y: usize) -> usize {
        let Extent { left, top, right, .. } = self.extent;
        (y - top) * (right - left) + x - left
    }

    /// What the patch around a pixel is; of one outside, `OUT`.
    #[inline(always)]
    pub(super) fn kind(&self, x: usize, y: usize) -> u8 {
        if x < self.width && y < self.height { self.kinds[y * self.width + x] } else { OUT }
    }

    /// Whether it is a source.
    #[inline(always)]
    pub(super) fn is_source(&self, [x, y]: [u16; 2]) -> bool {
        let [x, y] = [x, y].map(usize::from);
        // A row below the last is none.
        let kind = self.kinds.get(y * self.width + x).map_or(OUT, |kind| *kind);
        (x < self.width) & (kind == SOURCE)
    }
}

/// Distances of row `dy` of the patch around a centre.
#[inline(always)]
pub(super) fn patch_far(far: &King, x: usize, y: usize, dy: usize) -> &[u8] {
    &far.row(y + dy - RADIUS)[x - RADIUS..][..SIDE]
}

/// Twice the mean gradient of a pixel to those right of it and below, as far as these are known; with their marks.
#[inline(always)]
fn gradient(own: (&Pixel, &u8), right: (&Pixel, &u8), below: (&Pixel, &u8)) -> u8 {
    let luma = |pixel: &Pixel| u16::from(pixel[0]) + 2 * u16::from(pixel[1]) + u16::from(pixel[2]);
    let known = |value: u16, mark: &u8| if is_known(*mark) { value } else { 0 };
    let step = |(pixel, mark): (&Pixel, &u8)| known(luma(pixel).abs_diff(luma(own.0)), mark);
    known((step(right) + step(below) + 2) / 4, own.1).min(255) as u8
}

/// Moves sums on by a value that enters or leaves.
fn slide(sums: &mut [u16; 2], step: [u16; 2], enters: bool) {
    for (sum, step) in sums.iter_mut().zip(step) {
        *sum = if enters { *sum + step } else { *sum - step };
    }
}
