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
use crate::geometry::{Rectangle, Size};
use crate::picture::{Patch, Samples};

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
    /// Puts what patches say over what mixtures do; `misfit` is theirs and what the ring varies.
    pub(super) fn fade(&self, mixtures: &mut Patch, patches: &Patch, misfit: [f32; 2]) {
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
                    for i in 0..channels {
                        let mixed = value(mixtures.samples(), start(entering) + x * channels + i);
                        next[i] = mixed - value(patches.samples(), (entering * width + x) * channels + i);
                    }
                    next[3] = 1.0;
                }
                let sum = &mut columns[x + RADIUS];
                *sum = std::array::from_fn(|i| sum[i] + (next[i] - cell[i]));
                *cell = next;
            }
            let Some(y) = entering.checked_sub(RADIUS) else { continue };
            let distances = far(y);
            for x in 0..width {
                let weight = weights[usize::from(distances[x])];
                let near = &columns[x..=x + 2 * RADIUS];
                for i in 0..channels {
                    let mut patched = value(patches.samples(), (y * width + x) * channels + i);
                    if weight > 0.0 {
                        let sum = |lane: usize| near.iter().map(|column| column[lane]).sum::<f32>();
                        patched += weight * sum(i) / sum(3);
                    }
                    set(mixtures.samples_mut(), start(y) + x * channels + i, patched);
                }
            }
        }
    }
}

fn value(samples: &Samples, at: usize) -> f32 {
    match samples {
        Samples::U8(samples) => samples[at].into(),
        Samples::U16(samples) => samples[at].into(),
    }
}

fn set(samples: &mut Samples, at: usize, value: f32) {
    match samples {
        Samples::U8(samples) => samples[at] = (value + 0.5) as u8,
        Samples::U16(samples) => samples[at] = (value + 0.5) as u16,
    }
}

/// From 0 to 1 between two values.
fn ramp(value: f32, [start, end]: [f32; 2]) -> f32 {
    ((value - start) / (end - start)).clamp(0.0, 1.0)
}
