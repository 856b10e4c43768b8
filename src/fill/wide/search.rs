//! PatchMatch (Barnes et al. 2009): better sources from the neighbours, then by chance; and the way of
//! a field to the next level.

use super::image::Patch;
use super::level::{Extent, Level, SOURCE, TARGET, patch_far};

/// Probes of a target in a walk; the first within `Walk::reach` of its source, each next in a third of it.
const PROBES: usize = 2;
/// What a target costs, in visits.
const TARGET_VISITS: usize = 40;

/// Numbers by chance, the same everywhere: a counter, mixed by shifts and products as in splitmix.
#[derive(Debug, Clone, Copy)]
pub(in crate::fill) struct Chance(u32);

impl Chance {
    pub(in crate::fill) fn new(seed: u32) -> Self {
        Self(seed)
    }

    /// 0 to `end` − 1.
    #[inline(always)]
    pub(in crate::fill) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 16)).wrapping_mul(0x21f0_aaad);
        mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x735a_2d97);
        mixed ^= mixed >> 15;
        ((u64::from(mixed) * end as u64) >> 32) as usize
    }

    /// Up to `reach` from a place on both axes; what would be below 0 is far above every picture.
    #[inline(always)]
    pub(super) fn around(&mut self, middle: [u16; 2], reach: usize) -> [u16; 2] {
        middle.map(|middle| (usize::from(middle) + self.below(2 * reach + 1)).wrapping_sub(reach) as u16)
    }
}

/// One walk over all targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Walk {
    /// From the last row to the first, from right to left.
    pub(super) backwards: bool,
    pub(super) reach: usize,
}

impl Level {
    /// What the source of the target `dx`, `dy` away says of a patch.
    #[inline(always)]
    pub(super) fn neighbour(&self, x: usize, y: usize, dx: isize, dy: isize) -> Option<[u16; 2]> {
        let (nx, ny) = (x.wrapping_add_signed(dx), y.wrapping_add_signed(dy));
        if self.kind(nx, ny) != TARGET {
            return None;
        }
        let at = self.at(nx, ny);
        let [sx, sy] = self.field[at];
        let known = self.costs[at] < u32::MAX;
        known.then(|| [sx.wrapping_sub(dx as u16), sy.wrapping_sub(dy as u16)])
    }

    /// Row `row` of a walk: its visits, and the sum of the costs.
    pub(super) fn search(&mut self, row: usize, walk: Walk, chance: &mut Chance) -> (usize, u64) {
        let extent = self.extent;
        let y = if walk.backwards { extent.bottom - 1 - row } else { extent.top + row };
        let step = if walk.backwards { 1 } else { -1 };
        let (mut visits, mut sum) = (extent.right - extent.left, 0);
        for i in extent.left..extent.right {
            let x = if walk.backwards { extent.left + extent.right - 1 - i } else { i };
            if self.kinds[y * self.width + x] != TARGET {
                continue;
            }
            let at = self.at(x, y);
            let patch = self.image.patch(x, y);
            let weights = Patch::weights(|row| patch_far(&self.far, x, y, row));
            let cost =
                |source: [u16; 2], limit| self.image.cost(&patch, &weights, source[0].into(), source[1].into(), limit);
            // What it cost is of the picture before the last vote.
            let mut best = self.field[at];
            let mut least = cost(best, u32::MAX);
            let mut take = |source: [u16; 2], best: &mut [u16; 2]| {
                if source != *best && self.is_source(source) {
                    let other = cost(source, least);
                    if other < least {
                        (*best, least) = (source, other);
                    }
                }
            };
            for (dx, dy) in [(step, 0), (0, step)] {
                if let Some(source) = self.neighbour(x, y, dx, dy) {
                    take(source, &mut best);
                }
            }
            let mut reach = walk.reach;
            for _ in 0..PROBES {
                take(chance.around(best, reach), &mut best);
                reach = (reach / 3).max(1);
            }
            (self.field[at], self.costs[at]) = (best, least);
            visits += TARGET_VISITS;
            sum += u64::from(least);
        }
        (visits, sum)
    }

    /// Takes the sources of row `y` from the level above.
    pub(super) fn take(&mut self, above: &Self, y: usize, chance: &mut Chance) {
        self.push_field_row();
        let Extent { left, top, right, bottom } = above.extent;
        for x in self.extent.left..self.extent.right {
            if self.kinds[y * self.width + x] != TARGET {
                continue;
            }
            let (cx, cy) = ((x / 2).clamp(left, right - 1), (y / 2).clamp(top, bottom - 1));
            let mut source = [0; 2];
            let mut cost = 0;
            if above.kind(cx, cy) == TARGET {
                let [sx, sy] = above.field[above.at(cx, cy)].map(usize::from);
                // As far from it as this patch is from its parent, which is not 2 · cx at the border.
                source = [(2 * sx + x).saturating_sub(2 * cx) as u16, (2 * sy + y).saturating_sub(2 * cy) as u16];
                cost = above.costs[above.at(cx, cy)];
            }
            if !self.is_source(source) {
                source = self.any_source(source, chance);
            }
            let at = self.at(x, y);
            (self.field[at], self.costs[at]) = (source, cost);
        }
    }

    /// A source near a place, or anywhere. There must be one.
    fn any_source(&self, near: [u16; 2], chance: &mut Chance) -> [u16; 2] {
        for reach in [1, 1, 1, 2, 2, 2, 4, 4, 4] {
            let source = chance.around(near, reach);
            if self.is_source(source) {
                return source;
            }
        }
        let mut anywhere = (0..64).map(|_| [chance.below(self.width) as u16, chance.below(self.height) as u16]);
        let found = anywhere.find(|source| self.is_source(*source));
        found.unwrap_or_else(|| {
            let at = self.kinds.iter().position(|kind| *kind == SOURCE).unwrap_or(0);
            [(at % self.width) as u16, (at / self.width) as u16]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn probes_reach_every_place_around_and_none_beyond() {
        let mut chance = Chance::new(3);
        let probed: HashSet<_> = (0..2000).map(|_| chance.around([9, 2], 3)).collect();
        // What is above the first row is beyond every picture.
        let places = (-1..=5).flat_map(|y: i32| (6..=12).map(move |x| [x, y as u16]));
        assert_eq!(probed, places.collect());
        assert_eq!(chance.around([40, 50], 0), [40, 50]);
    }
}
