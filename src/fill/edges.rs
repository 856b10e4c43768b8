//! Edges of wide parts: beside what is known, mixtures say more of a pixel's surroundings than patches do, which have
//! the grain. There the coarse part of what patches say is that of the mixtures, which half the size has.
//!
//! Not where patches go on with what is known as they should, as in a pattern of bricks, which mixtures miss: the
//! steps between neighbours in the ring around a place differ by less there than the ring itself varies. (Measured: 0.00
//! to 0.07 of it where patches meet such a pattern, 0.3 to 2 on photographs.)
//!
//! Mixtures in place of patches, faded from 8 to 16 pixels, gained as much again, and showed as a smooth frame.

use super::distance::{Chamfer, ramp, runs_where};
use super::grid::{Cell, Grid};
use super::plan;
use super::reduce::Scale;
use super::samples;
use crate::geometry::{Rectangle, Size};
use crate::mask::Mask;
use crate::picture::Patch;

/// Pixels from what is known where mixtures begin to count less, and from where on patches are alone.
const FALL: [f32; 2] = [4.0, 16.0];

/// Misfit of patches, relative to what the ring varies, up to which they are right, and from which on not.
const MISFIT: [f32; 2] = [0.1, 0.3];

/// Pixels of a cell's side.
pub(super) const CELL: u32 = 2;
/// How far from the nearest middle of a cell a pixel's is, in cells.
const ASIDE: f32 = 0.25;

/// Their greatest width.
pub(super) const MOST: u32 = FALL[1] as u32;

/// How wide edges are in pixels; 0 where there are none: on large pictures mixtures would be too smooth.
pub(super) fn width(scale: u32, size: Size) -> u32 {
    if scale == 1 || scale == 2 && !plan::is_large(size) { MOST } else { 0 }
}

/// What mixtures say at half the size.
#[derive(Debug)]
pub(super) struct Edges {
    /// Where the cells lie in the picture,
    pub(super) scale: Scale,
    /// their values,
    pub(super) values: Grid,
    /// and how far they are from what is known.
    pub(super) far: Chamfer,
}

/// Patches that are being corrected, from above to below.
#[derive(Debug)]
struct Correction<'a> {
    edges: &'a Edges,
    mask: &'a Mask,
    /// The box of the patches, in pixels and in cells.
    bounds: Rectangle,
    cells: Rectangle,
    /// How much of a difference is added, by the distance from what is known.
    weights: Vec<f32>,
    /// By how much mixtures differ from patches, in two rows of cells, which take turns; a last lane is 1 where that is
    /// known. On either side of a row is one more cell.
    differences: [Vec<Cell>; 2],
    /// Pixels of a row.
    pixels: Vec<Cell>,
}

impl Edges {
    /// Gives what patches say the coarse part of what mixtures do, inside the range of what is known; `misfit` is that
    /// of patches, and what the ring varies.
    pub(super) fn fade(&self, patches: &mut Patch, mask: &Mask, misfit: [f32; 2], range: [Cell; 2]) {
        let share = ramp(misfit[0] / misfit[1].max(f32::MIN_POSITIVE), MISFIT);
        if share == 0.0 {
            return;
        }
        let weight = |distance: u8| {
            // Of the middle of a cell, in pixels.
            let far = CELL as f32 * Chamfer::pixels(distance) - 0.5;
            share * (1.0 - ramp(far, FALL))
        };
        let bounds = patches.bounds();
        let cells = self.scale.cells_of(bounds);
        let mut correction = Correction {
            edges: self,
            mask,
            bounds,
            cells,
            weights: (0..=u8::MAX).map(weight).collect(),
            differences: [cells.width as usize + 2; 2].map(|width| vec![[0.0; 4]; width]),
            pixels: vec![[0.0; 4]; bounds.width as usize],
        };
        for row in 0..=cells.height {
            correction.compare(row, patches);
            // The rows of pixels between the middles of this row of cells and the one above.
            let first = self.scale.area.y + CELL * (cells.y + row);
            for (y, near) in [(first.wrapping_sub(1), row + 1), (first, row)] {
                if (bounds.y..bounds.y + bounds.height).contains(&y) {
                    correction.correct(y, near, patches, range);
                }
            }
        }
    }
}

impl Correction<'_> {
    /// The column of cells that a pixel of the patches is in, and whether it is to the right there.
    fn column(&self, x: usize) -> (usize, bool) {
        let x = x + (self.bounds.x - self.edges.scale.area.x) as usize;
        (x / CELL as usize - self.cells.x as usize, x % CELL as usize == 1)
    }

    /// By how much mixtures differ from patches in a row of cells, which may be the one below all.
    fn compare(&mut self, row: u32, patches: &Patch) {
        let Self { edges, mask, bounds, cells, .. } = *self;
        let mut differences = std::mem::take(&mut self.differences[row as usize % 2]);
        differences.fill([0.0; 4]);
        let first = edges.scale.area.y + CELL * (cells.y + row);
        for y in first.max(bounds.y)..(first + CELL).min(bounds.y + bounds.height) {
            for (start, end) in mask.runs_inside(y, bounds) {
                samples::read_patch(patches, start, y - bounds.y, &mut self.pixels[start..end]);
                for x in start..end {
                    let (sum, [red, green, blue, _]) = (&mut differences[self.column(x).0 + 1], self.pixels[x]);
                    *sum = [sum[0] + red, sum[1] + green, sum[2] + blue, sum[3] + 1.0];
                }
            }
        }
        if row < cells.height {
            let (row, left) = ((cells.y + row) as usize, cells.x as usize);
            let far = &edges.far.row(row)[left..left + cells.width as usize];
            let mut line = edges.values.line(row);
            // What is known at half the size is no mixture.
            runs_where(far, |far| far == 0).for_each(|(start, end)| differences[start + 1..end + 1].fill([0.0; 4]));
            for (start, end) in runs_where(far, |far| far > 0) {
                let run = differences[start + 1..end + 1].iter_mut().zip(&far[start..end]);
                for ((difference, far), mixed) in run.zip(line.run((left + start, left + end))) {
                    let [red, green, blue, count] = *difference;
                    let weight = self.weights[usize::from(*far)];
                    let part = |lane: usize, sum: f32| weight * (mixed[lane] - sum / count);
                    *difference =
                        if count > 0.0 { [part(0, red), part(1, green), part(2, blue), 1.0] } else { [0.0; 4] };
                }
            }
        }
        self.differences[row as usize % 2] = differences;
    }

    /// Corrects a row of pixels that is in row `near` of cells.
    fn correct(&mut self, y: u32, near: u32, patches: &mut Patch, [low, high]: [Cell; 2]) {
        let bounds = self.bounds;
        let mut pixels = std::mem::take(&mut self.pixels);
        let [near, far] = [near, near + 1].map(|row| &self.differences[row as usize % 2]);
        let between = |a: Cell, b: Cell| -> Cell { std::array::from_fn(|lane| a[lane] + ASIDE * (b[lane] - a[lane])) };
        let at = |column: usize| between(near[column], far[column]);
        for (start, end) in self.mask.runs_inside(y, bounds) {
            let run = &mut pixels[start..end];
            samples::read_patch(patches, start, y - bounds.y, run);
            for (x, pixel) in (start..end).zip(&mut *run) {
                let (column, is_right) = self.column(x);
                let [red, green, blue, count] = between(at(column + 1), at(if is_right { column + 2 } else { column }));
                if count > 0.0 && !self.is_beside_known(x, y) {
                    let part = [red, green, blue, 0.0].map(|sum| sum / count);
                    *pixel = std::array::from_fn(|lane| (pixel[lane] + part[lane]).min(high[lane]).max(low[lane]));
                }
            }
            samples::write_patch(patches, start, y - bounds.y, run);
        }
        self.pixels = pixels;
    }

    /// Whether a pixel of the patches touches one that is not marked: the membrane has it right.
    fn is_beside_known(&self, x: usize, y: u32) -> bool {
        let (size, x) = (self.mask.size(), self.bounds.x + x as u32);
        let beside = [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)];
        beside.iter().any(|(x, y)| *x < size.width() && *y < size.height() && !self.mask.get(*x, *y))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fill::grid::Kept;
    use crate::picture::{Picture, Samples};

    const SIDE: u32 = 60;
    const ALL: [Cell; 2] = [[0.0; 4], [255.0; 4]];

    /// All but a border of two.
    const INNER: Rectangle = Rectangle { x: 2, y: 2, width: SIDE - 4, height: SIDE - 4 };

    /// A square of 60 pixels of which some are marked, from even columns and rows to even ones, and filled by stripes, whose
    /// coarse part becomes `value`.
    fn faded(marked: Rectangle, value: f32, misfit: [f32; 2], range: [Cell; 2]) -> Vec<u8> {
        let size = Size::new(SIDE, SIDE).expect("a size");
        let cells = (SIDE / CELL) as usize;
        let halves =
            [marked.x, marked.x + marked.width, marked.y, marked.y + marked.height].map(|v| (v / CELL) as usize);
        let [left, right, top, bottom] = halves;
        let run = |y: usize| (top..bottom).contains(&y).then_some((left, right)).into_iter();
        let mut far = Chamfer::new(cells, cells);
        (0..cells).for_each(|y| far.push_row(run(y)));
        (0..cells).rev().for_each(|y| far.finish_row(y, run(y)));
        let mut values = Grid::new(&Arc::new(Kept::new(cells, cells, &mut |_, keep| keep((0, cells)))));
        for y in 0..cells {
            values.push_row();
            values.runs_mut(y).for_each(|(_, cells)| cells.fill([value, 0.0, 0.0, 0.0]));
        }
        let mask = Mask::from_rectangles(size, &[marked]);
        let sample = |i: u32| if mask.get(i % SIDE, i / SIDE) { stripes(i % SIDE) } else { 0 };
        let samples = Samples::U8((0..SIDE * SIDE).map(sample).collect());
        let picture = Picture::from_samples(size, 1, samples).expect("fits");
        let mut patches = Patch::of(&picture, size.as_rectangle()).expect("fits");
        let scale = Scale { pixels: CELL, area: size.as_rectangle() };
        Edges { scale, values, far }.fade(&mut patches, &mask, misfit, range);
        let Samples::U8(samples) = patches.samples() else { panic!("8 bits") };
        samples.clone()
    }

    fn is_marked(at: u32) -> bool {
        (2..SIDE - 2).contains(&at)
    }

    fn stripes(x: u32) -> u8 {
        if x.is_multiple_of(5) { 120 } else { 100 }
    }

    #[test]
    fn patches_that_go_on_with_what_is_known_stay() {
        let samples = faded(INNER, 30.0, [5.0, 100.0], ALL);
        for (i, value) in (0..).zip(samples) {
            let (x, y) = (i % SIDE, i / SIDE);
            assert_eq!(value, if is_marked(x) && is_marked(y) { stripes(x) } else { 0 }, "{x} {y}");
        }
    }

    #[test]
    fn edges_have_the_coarse_part_of_mixtures_and_the_grain_of_patches() {
        let samples = faded(INNER, 30.0, [100.0, 100.0], ALL);
        let at = |x: u32, y: u32| samples[(y * SIDE + x) as usize];
        // Not the outermost pixel, but the next one. From 4 pixels on it becomes less.
        for y in 3..5 {
            for x in (10..40).step_by(5) {
                let mean = (x..x + 10).map(|x| f32::from(at(x, y))).sum::<f32>() / 10.0;
                assert!((mean - 30.0).abs() <= 0.5, "{x} {y}: {mean}");
                assert!((at(x, y) - at(x + 2, y)).abs_diff(15) <= 5, "{x} {y}: {} and {}", at(x, y), at(x + 2, y));
            }
        }
        // The first pixel, and what is deep.
        for (x, y) in [(2, 30), (30, 2), (57, 31), (30, 30), (21, 35)] {
            assert_eq!(at(x, y), stripes(x), "{x} {y}");
        }
        assert!((10..20).map(|y| at(31, y)).is_sorted());
        assert!((0..SIDE * SIDE).all(|i| is_marked(i % SIDE) && is_marked(i / SIDE) || samples[i as usize] == 0));
    }

    #[test]
    fn the_first_row_of_a_picture_is_corrected_once() {
        let samples = faded(Rectangle { y: 0, height: 20, ..INNER }, 30.0, [100.0, 100.0], ALL);
        let (first, second) = samples[..2 * SIDE as usize].split_at(SIDE as usize);
        assert_eq!(first, second);
        assert!(first[3..9].iter().all(|value| *value < 60), "{first:?}");
    }

    #[test]
    fn no_pixel_leaves_the_range_of_what_is_known() {
        let samples = faded(INNER, 30.0, [100.0, 100.0], [[40.0; 4], [110.0; 4]]);
        let edge: Vec<_> = (10..50).map(|x| samples[(6 * SIDE + x) as usize]).collect();
        assert!(edge.iter().all(|value| (40..=110).contains(value)) && edge.contains(&40), "{edge:?}");
    }
}
