//! What of a box is near to its unknown cells. The rest of it is not looked at: strokes over a whole picture
//! mark little of their box.
//!
//! Tiles of 8 × 8 cells, a bit for each. A coarse level of the solver interpolates from cells that are next to
//! the parents of unknown ones, and these are means of all that lies below them, so wide parts need
//! surroundings as wide, and thin ones only what the thin stage sees.

use super::grid::Kept;
use super::level::{Level, Spans};
use crate::error::Result;
use crate::geometry::Size;
use crate::mask::Mask;

/// A tile's side is 2 to this in cells of level 0; on the levels from this one on a cell is a tile, or more.
const TILE: usize = 3;

/// Tiles of a box.
#[derive(Debug)]
pub(super) struct Near {
    tiles: Mask,
}

impl Near {
    /// None yet, of a box of `width` × `height` cells.
    ///
    /// # Errors
    /// None that a box inside a picture could cause.
    pub(super) fn new(width: usize, height: usize) -> Result<Self> {
        let [width, height] = [width, height].map(|length| length.div_ceil(1 << TILE) as u32);
        Ok(Self { tiles: Mask::new(Size::new(width, height)?) })
    }

    /// Takes the tiles of the unknown cells of row `y` of level 0.
    pub(super) fn add_row(&mut self, y: usize, unknown: &Spans) {
        for (start, end) in unknown.row(y) {
            self.take(y >> TILE, start >> TILE, end.div_ceil(1 << TILE));
        }
    }

    /// Takes `rings` of tiles around those that it has, and what unknown cells of `levels` are interpolated from.
    pub(super) fn surround(&mut self, rings: u32, levels: &[Level]) {
        self.tiles = self.tiles.grown_square(rings);
        for (number, below) in levels.iter().enumerate().skip(TILE - 1) {
            // One more cell on each side of a parent, in tiles.
            let tiles = number + 1 - TILE;
            for y in 0..below.height {
                for (start, end) in below.unknown.row(y) {
                    let columns = ((start / 2).saturating_sub(1) << tiles, (end.div_ceil(2) + 1) << tiles);
                    let rows = ((y / 2).saturating_sub(1) << tiles, (y / 2 + 2) << tiles);
                    (rows.0..rows.1).for_each(|row| self.take(row, columns.0, columns.1));
                }
            }
        }
    }

    fn take(&mut self, y: usize, start: usize, end: usize) {
        self.tiles.fill_span(y as u32, start as u32, end as u32, true);
    }

    /// What is kept of the box.
    pub(super) fn kept(&self, width: usize, height: usize) -> Kept {
        Kept::new(width, height, &mut |y, keep| {
            let tiles = self.tiles.runs((y >> TILE) as u32);
            tiles.for_each(|(start, end)| keep(((start as usize) << TILE, ((end as usize) << TILE).min(width))));
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIDE: usize = 200;

    /// Levels until none has an unknown cell, of a box of 200 × 200 with these rectangles in it unknown, and
    /// what is near to them.
    fn levels(rectangles: &[[usize; 4]], rings: u32) -> (Vec<Level>, Near) {
        let mut levels = vec![Level::new(SIDE, SIDE)];
        let mut near = Near::new(SIDE, SIDE).expect("a size");
        for y in 0..SIDE {
            let inside = |x: usize| {
                rectangles.iter().any(|[left, top, width, height]| {
                    (*left..left + width).contains(&x) && (*top..top + height).contains(&y)
                })
            };
            let starts = (0..SIDE).filter(|x| inside(*x) && !(*x > 0 && inside(x - 1)));
            let runs: Vec<_> =
                starts.map(|start| (start, (start..SIDE).find(|x| !inside(*x)).unwrap_or(SIDE))).collect();
            levels[0].unknown.push_row(runs.into_iter());
            near.add_row(y, &levels[0].unknown);
        }
        while let Some(below) = levels.last().filter(|level| !level.unknown.is_empty()) {
            let mut above = below.coarser();
            (0..above.height).for_each(|y| above.unknown.push_coarse_row(&below.unknown, y, below.width, below.height));
            levels.push(above);
        }
        near.surround(rings, &levels);
        (levels, near)
    }

    fn holds(kept: &Kept, x: usize, y: usize) -> bool {
        kept.row(y).any(|(start, end)| (start..end).contains(&x))
    }

    proptest! {
        #[test]
        fn all_that_a_level_is_interpolated_from_is_there(
            rectangles in prop::collection::vec(
                [0usize..SIDE, 0usize..SIDE, 1usize..90, 1usize..90], 1..5,
            ),
            rings in 1u32..=2,
        ) {
            let (levels, near) = levels(&rectangles, rings);
            let mut kept = vec![near.kept(SIDE, SIDE)];
            levels.iter().for_each(|_| kept.push(kept[kept.len() - 1].coarser()));
            for (number, below) in levels.iter().enumerate() {
                let Some(above) = levels.get(number + 1) else { break };
                let rows = (0..below.height).flat_map(|y| below.unknown.row(y).map(move |run| (y, run)));
                for (y, (start, end)) in rows {
                    // The parents and what touches them, and all of level 0 that is in these.
                    for x in [start, end - 1] {
                        for cy in (y / 2).saturating_sub(1)..(y / 2 + 2).min(above.height) {
                            for cx in (x / 2).saturating_sub(1)..(x / 2 + 2).min(above.width) {
                                prop_assert!(holds(&kept[number + 1], cx, cy));
                                let scale = 2 << number;
                                let corner = [cx * scale, cy * scale];
                                let last = corner.map(|v| (v + scale - 1).min(SIDE - 1));
                                for [x, y] in [corner, last, [corner[0], last[1]], [last[0], corner[1]]] {
                                    prop_assert!(holds(&kept[0], x, y), "{x} {y} of level {number}");
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_far_away_is_left_out() {
        let (_, near) = levels(&[[100, 100, 4, 4]], 2);
        let kept = near.kept(SIDE, SIDE);
        let runs = |y: usize| kept.row(y).collect::<Vec<_>>();
        assert_eq!([runs(79), runs(80), runs(119), runs(120)], [vec![], vec![(80, 120)], vec![(80, 120)], vec![]]);
    }
}
