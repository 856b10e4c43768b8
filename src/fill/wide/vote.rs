//! Votes: every patch says what its pixels should be (Wexler, Shechtman & Irani 2007).

use wide::f32x4;

use super::image::{RADIUS, SIDE};
use super::level::{Extent, HOLE, Level, TARGET};

/// What a target costs, in visits.
const TARGET_VISITS: usize = 40;

/// A pixel's weight is 1 / (1 + this · squared distance from the middle of its patch).
const DECAY: f32 = 0.05;
/// A patch's weight falls with its cost, to a quarter where that is so many times the mean.
const SOFTNESS: f32 = 4.0;

/// Sums over seven rows, which go round.
#[derive(Debug, Default)]
pub(super) struct Votes {
    sums: Vec<f32x4>,
    weights: Vec<f32>,
    kernel: [[f32; SIDE]; SIDE],
    /// Where the targets are, and how many columns their patches reach.
    extent: Extent,
    width: usize,
}

impl Votes {
    /// Empty sums for the targets of a level.
    pub(super) fn start(&mut self, level: &Level) {
        self.extent = level.extent;
        self.width = level.extent.right - level.extent.left + 2 * RADIUS;
        self.sums.clear();
        self.sums.resize(self.width * SIDE, f32x4::ZERO);
        self.weights.clear();
        self.weights.resize(self.width * SIDE, 0.0);
        let square = |v: usize| (v as f32 - RADIUS as f32) * (v as f32 - RADIUS as f32);
        self.kernel = std::array::from_fn(|y| std::array::from_fn(|x| 1.0 / (1.0 + DECAY * (square(x) + square(y)))));
    }

    /// Rows of a vote: those of the targets, and those that their patches reach.
    pub(super) fn rows(level: &Level) -> usize {
        level.extent.bottom - level.extent.top + 2 * RADIUS
    }

    /// The votes of row `row` of the targets, from the level's own picture.
    #[inline(never)]
    fn add(&mut self, level: &Level, row: usize) -> usize {
        let Self { extent, width, .. } = *self;
        let y = extent.top + row;
        if y >= extent.bottom {
            return 0;
        }
        let inverse = 1.0 / (SOFTNESS * level.mean + 1.0);
        // Where the rows of the patches stand.
        let starts: [usize; SIDE] = std::array::from_fn(|dy| (row + dy) % SIDE * width);
        let mut visits = width;
        for x in extent.left..extent.right {
            if level.kinds[y * level.width + x] != TARGET {
                continue;
            }
            visits += TARGET_VISITS;
            let at = level.at(x, y);
            let [sx, sy] = level.field[at].map(usize::from);
            let fit = 1.0 / (1.0 + level.costs[at] as f32 * inverse);
            let weight = fit * fit / (1.0 + 3.0 * f32::from(level.far(x, y)));
            for (dy, (kernel, start)) in self.kernel.iter().zip(starts).enumerate() {
                let source = level.image.patch_row(sx, sy, dy);
                let start = start + x - extent.left;
                let sums = &mut self.sums[start..start + SIDE];
                let weights = &mut self.weights[start..start + SIDE];
                for (((sum, total), value), share) in sums.iter_mut().zip(weights).zip(source).zip(kernel) {
                    let weight = weight * share;
                    *sum += value * weight;
                    *total += weight;
                }
            }
        }
        visits
    }

    /// Row `row` of a vote over a level, into its picture.
    pub(super) fn run(&mut self, level: &mut Level, row: usize) -> usize {
        let visits = self.add(level, row);
        let (start, left) = (row % SIDE * self.width, self.extent.left - RADIUS);
        let y = self.extent.top + row - RADIUS;
        let sums = self.sums[start..start + self.width].iter_mut();
        for (x, (sum, weight)) in (left..).zip(sums.zip(&mut self.weights[start..])) {
            if *weight > 0.0 && level.marks[y * level.width + x] == HOLE {
                level.image.row_mut(y)[x] = sum.to_array().map(|sum| (sum / *weight + 0.5) as u8);
            }
            (*sum, *weight) = (f32x4::ZERO, 0.0);
        }
        visits
    }
}
