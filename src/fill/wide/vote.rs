//! Votes: every patch says what its pixels should be (Wexler, Shechtman & Irani 2007).

use super::image::{RADIUS, SIDE};
use super::level::{Extent, HOLE, Level, TARGET};
use crate::fill::level::Cell;

/// What a target costs, in visits.
const TARGET_VISITS: usize = 40;

/// How votes are weighed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weighing {
    /// A pixel's weight is 1 / (1 + decay · squared distance from the middle of its patch).
    pub(super) decay: f32,
    /// A patch's weight falls with its cost, to a half where that is so many times the mean.
    pub(super) softness: f32,
    /// Whether it falls twice as fast, and with the distance from the known too.
    pub(super) confident: bool,
    /// Whether only patches with their middle in the hole have a vote.
    pub(super) inner: bool,
}

/// Sums over seven rows, which go round.
#[derive(Debug, Default)]
pub(super) struct Votes {
    sums: Vec<Cell>,
    weights: Vec<f32>,
    kernel: [[f32; SIDE]; SIDE],
    /// Where the targets are, and how many columns their patches reach.
    extent: Extent,
    width: usize,
}

impl Votes {
    /// Empty sums for the targets of a level.
    pub(super) fn start(&mut self, level: &Level, weighing: Weighing) {
        self.extent = level.extent;
        self.width = level.extent.right - level.extent.left + 2 * RADIUS;
        self.sums.clear();
        self.sums.resize(self.width * SIDE, [0.0; 4]);
        self.weights.clear();
        self.weights.resize(self.width * SIDE, 0.0);
        let square = |v: usize| (v as f32 - RADIUS as f32) * (v as f32 - RADIUS as f32);
        self.kernel =
            std::array::from_fn(|y| std::array::from_fn(|x| 1.0 / (1.0 + weighing.decay * (square(x) + square(y)))));
    }

    /// Rows of a vote: those of the targets, and those that their patches reach.
    pub(super) fn rows(level: &Level) -> usize {
        level.extent.bottom - level.extent.top + 2 * RADIUS
    }

    /// The votes of row `row` of the targets; `read` gives a row of a source.
    pub(super) fn add(
        &mut self,
        level: &Level,
        row: usize,
        weighing: Weighing,
        read: impl Fn(usize, usize, usize) -> [Cell; SIDE],
    ) -> usize {
        let Self { extent, width, .. } = *self;
        let y = extent.top + row;
        if y >= extent.bottom {
            return 0;
        }
        let inverse = 1.0 / (weighing.softness * level.mean + 1.0);
        let mut visits = width;
        let last = (level.width - RADIUS - 1, level.height - RADIUS - 1);
        // A corner of the picture may have no patch in the hole.
        let at_border = |x: usize| x == RADIUS || y == RADIUS || x == last.0 || y == last.1;
        for x in extent.left..extent.right {
            if level.kinds[y * level.width + x] != TARGET {
                continue;
            }
            if weighing.inner && level.far(x, y) == 0 && !at_border(x) {
                continue;
            }
            visits += TARGET_VISITS;
            let at = level.at(x, y);
            let [sx, sy] = level.field[at].map(usize::from);
            let mut weight = 1.0 / (1.0 + level.costs[at] as f32 * inverse);
            if weighing.confident {
                weight = weight * weight / (1.0 + 3.0 * f32::from(level.far(x, y)));
            }
            for (dy, kernel) in self.kernel.iter().enumerate() {
                let values = read(sx, sy, dy);
                let start = (row + dy) % SIDE * width + x - extent.left;
                let sums = &mut self.sums[start..start + SIDE];
                let weights = &mut self.weights[start..start + SIDE];
                for (((sum, total), value), share) in sums.iter_mut().zip(weights).zip(values).zip(kernel) {
                    let weight = weight * share;
                    *sum = std::array::from_fn(|lane| sum[lane] + weight * value[lane]);
                    *total += weight;
                }
            }
        }
        visits
    }

    /// As `add`, from the level's own picture.
    pub(super) fn add_own(&mut self, level: &Level, row: usize, weighing: Weighing) -> usize {
        self.add(level, row, weighing, |sx, sy, dy| {
            let source = level.image.patch_row(sx, sy, dy);
            std::array::from_fn(|i| source[i].map(f32::from))
        })
    }

    /// Takes out the finished row: calls `tell(x, y, mean)` where there are votes.
    pub(super) fn finish(&mut self, row: usize, mut tell: impl FnMut(usize, usize, Cell)) {
        let Self { extent, width, .. } = *self;
        let start = row % SIDE * width;
        let (left, y) = (extent.left - RADIUS, extent.top + row - RADIUS);
        for i in 0..width {
            let (sum, weight) = (self.sums[start + i], self.weights[start + i]);
            if weight > 0.0 {
                tell(left + i, y, sum.map(|sum| sum / weight));
            }
        }
        self.sums[start..start + width].fill([0.0; 4]);
        self.weights[start..start + width].fill(0.0);
    }

    /// Row `row` of a vote over a level, into its picture.
    pub(super) fn run(&mut self, level: &mut Level, row: usize, weighing: Weighing) -> usize {
        let visits = self.add_own(level, row, weighing);
        self.finish(row, |x, y, mean| {
            if level.marks[y * level.width + x] == HOLE {
                level.image.row_mut(y)[x] = mean.map(|value| (value + 0.5) as u8);
            }
        });
        visits
    }
}
