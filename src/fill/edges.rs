//! Edges of wide parts: beside what is known, mixtures say more of a pixel's surroundings than patches do, which have
//! the grain. There the coarse part of what patches say is that of the mixtures.
//!
//! Not where patches go on with what is known as they should, as in a pattern of bricks, which mixtures miss: the
//! steps between neighbours in the ring around a place differ by less there than the ring itself varies. (Measured: 0.00
//! to 0.07 of it where patches meet such a pattern, 0.3 to 2 on photographs.)
//!
//! Mixtures in place of patches, faded from 8 to 16 pixels, gained as much again, and showed as a smooth frame.

use super::distance::Chamfer;
use super::grid::Cell;
use super::plan;
use super::samples::{set_value, value};
use crate::geometry::{Rectangle, Size};
use crate::picture::Patch;

/// Pixels from what is known where mixtures begin to count, and where they count most; where they begin to count less,
/// and from where on patches are alone.
const RISE: [f32; 2] = [1.0, 2.0];
const FALL: [f32; 2] = [8.0, 16.0];

/// Misfit of patches, relative to what the ring varies, up to which they are right, and from which on not.
const MISFIT: [f32; 2] = [0.1, 0.3];

/// What is coarse: means of so many pixels and as many again on each side of one.
const RADIUS: usize = 2;
/// As far as mixtures matter.
const REACH: u8 = FALL[1] as u8 * Chamfer::PIXEL;

/// Their greatest width.
pub(super) const MOST: u32 = FALL[1] as u32;

/// How wide edges are in pixels; 0 where there are none: on large pictures mixtures would be too smooth.
pub(super) fn width(scale: u32, size: Size) -> u32 {
    if scale == 1 || scale == 2 && !plan::is_large(size) { MOST } else { 0 }
}

/// How far pixels of an area are from what is known.
#[derive(Debug)]
pub(super) struct Edges {
    pub(super) area: Rectangle,
    pub(super) far: Chamfer,
}

impl Edges {
    /// Gives what patches say the coarse part of what mixtures do, inside the range of what is known; `misfit` is that
    /// of patches, and what the ring varies.
    pub(super) fn fade(&self, patches: &mut Patch, mixtures: &Patch, misfit: [f32; 2], [low, high]: [Cell; 2]) {
        let share = ramp(misfit[0] / misfit[1].max(f32::MIN_POSITIVE), MISFIT);
        let weight = |distance: u8| {
            let far = f32::from(distance) / f32::from(Chamfer::PIXEL);
            share * ramp(far, RISE) * (1.0 - ramp(far, FALL))
        };
        let weights: Vec<f32> = (0..=u8::MAX).map(weight).collect();
        let (own, inner) = (mixtures.bounds(), patches.bounds());
        let [width, height] = [inner.width, inner.height].map(|v| v as usize);
        let channels = mixtures.samples().len() / own.area().max(1) as usize;
        let start = |y: usize| {
            let [x, y] = [inner.x - own.x, inner.y - own.y + y as u32];
            (y as usize * own.width as usize + x as usize) * channels
        };
        let far = |y: usize| {
            let [x, y] = [inner.x - self.area.x, inner.y - self.area.y + y as u32];
            &self.far.row(y as usize)[x as usize..][..width]
        };
        // Differences of some rows, which go round, and their sums, with a border; a last lane counts.
        let mut lines = vec![vec![[0.0; 4]; width]; 2 * RADIUS + 1];
        let mut columns: Vec<Cell> = vec![[0.0; 4]; width + 2 * RADIUS];
        for entering in 0..height + RADIUS {
            let line = &mut lines[entering % (2 * RADIUS + 1)];
            for (x, cell) in line.iter_mut().enumerate() {
                let mut next = [0.0; 4];
                if entering < height && (1..=REACH).contains(&far(entering)[x]) {
                    for (i, next) in next.iter_mut().enumerate().take(channels) {
                        let mixed = value(mixtures.samples(), start(entering) + x * channels + i);
                        *next = mixed - value(patches.samples(), (entering * width + x) * channels + i);
                    }
                    next[3] = 1.0;
                }
                let sum = &mut columns[x + RADIUS];
                *sum = std::array::from_fn(|i| sum[i] + (next[i] - cell[i]));
                *cell = next;
            }
            let Some(y) = entering.checked_sub(RADIUS) else { continue };
            for (x, distance) in far(y).iter().enumerate() {
                let weight = weights[usize::from(*distance)];
                if weight == 0.0 {
                    continue;
                }
                let near = &columns[x..=x + 2 * RADIUS];
                let sum = |lane: usize| near.iter().map(|column| column[lane]).sum::<f32>();
                let part = weight / sum(3);
                for i in 0..channels {
                    let at = (y * width + x) * channels + i;
                    let patched = value(patches.samples(), at) + part * sum(i);
                    set_value(patches.samples_mut(), at, patched.min(high[i]).max(low[i]));
                }
            }
        }
    }
}

/// From 0 to 1 between two values.
fn ramp(value: f32, [start, end]: [f32; 2]) -> f32 {
    ((value - start) / (end - start)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{Picture, Samples};

    const SIDE: u32 = 60;
    const ALL: [Cell; 2] = [[0.0; 4], [255.0; 4]];

    /// A square of 60 pixels, all marked but for a border of one, filled by `value`, into which one of stripes is faded.
    fn faded(value: u8, misfit: [f32; 2], range: [Cell; 2]) -> Vec<u8> {
        let size = Size::new(SIDE, SIDE).expect("a size");
        let is_marked = |at: u32| (1..SIDE - 1).contains(&at);
        let mut far = Chamfer::new(SIDE as usize, SIDE as usize);
        let run = |y: u32| is_marked(y).then_some((1, SIDE as usize - 1)).into_iter();
        (0..SIDE).for_each(|y| far.push_row(run(y)));
        (0..SIDE).rev().for_each(|y| far.finish_row(y as usize, run(y)));
        let patch = |value: &dyn Fn(u32, u32) -> u8| {
            let value = |i: u32| if is_marked(i % SIDE) && is_marked(i / SIDE) { value(i % SIDE, i / SIDE) } else { 0 };
            let samples = Samples::U8((0..SIDE * SIDE).map(value).collect());
            let picture = Picture::from_samples(size, 1, samples).expect("fits");
            Patch::of(&picture, size.as_rectangle()).expect("fits")
        };
        let (mixtures, mut patches) = (patch(&|_, _| value), patch(&stripes));
        Edges { area: size.as_rectangle(), far }.fade(&mut patches, &mixtures, misfit, range);
        let Samples::U8(samples) = patches.samples() else { panic!("8 bits") };
        samples.clone()
    }

    fn stripes(x: u32, _: u32) -> u8 {
        if x.is_multiple_of(5) { 120 } else { 100 }
    }

    #[test]
    fn patches_that_go_on_with_what_is_known_stay() {
        let samples = faded(30, [5.0, 100.0], ALL);
        for (i, value) in (0..).zip(samples) {
            let (x, y) = (i % SIDE, i / SIDE);
            let wanted = if x.min(y) > 0 && x.max(y) < SIDE - 1 { stripes(x, y) } else { 0 };
            assert_eq!(value, wanted, "{x} {y}");
        }
    }

    #[test]
    fn edges_have_the_coarse_part_of_mixtures_and_the_grain_of_patches() {
        let samples = faded(30, [100.0, 100.0], ALL);
        let at = |x: u32, y: u32| samples[(y * SIDE + x) as usize];
        // 5 to 7 pixels from what is known, where a stripe and four columns beside it make 104.
        for y in 5..8 {
            for x in 10..50 {
                let grain = i32::from(stripes(x, y)) - 104;
                assert_eq!(i32::from(at(x, y)), 30 + grain, "{x} {y}");
            }
        }
        // The first pixel, and what is deep.
        for (x, y) in [(1, 30), (30, 1), (30, 30), (20, 35)] {
            assert_eq!(at(x, y), stripes(x, y), "{x} {y}");
        }
        assert!((12..16).map(|y| at(31, y)).is_sorted());
    }

    #[test]
    fn no_pixel_leaves_the_range_of_what_is_known() {
        let samples = faded(30, [100.0, 100.0], [[40.0; 4], [110.0; 4]]);
        let edge: Vec<_> = (10..50).map(|x| samples[(6 * SIDE + x) as usize]).collect();
        assert!(edge.iter().all(|value| (40..=110).contains(value)) && edge.contains(&40), "{edge:?}");
    }
}
