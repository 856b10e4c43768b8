//! The patches that are most like one: exact distances, as integers, of all that are near.
//!
//! Squared differences of 8-bit luma, of filled pixels by a smaller weight. Every place in reach is
//! measured, eight pixels at once; then a threshold is halved in until it holds as many as are wanted, which
//! has no branch that depends on a distance (sorted insertion took as long as the distances).

use std::array;
use std::cmp::Ordering;

use wide::{i16x8, i32x4};

use super::blocks::{Blocks, KNOWN, Place, WIDE};
use super::grid::{Cell, Grid};
use super::mixture::SAMPLES;

/// Side of a patch and its pixels.
pub(super) const SIDE: usize = 8;
pub(super) const AREA: usize = SIDE * SIDE;
/// How far patches are looked for, in pixels horizontally and vertically.
const RADIUS: usize = 6;
/// Side of the view in which they lie.
pub(super) const VIEW: usize = SIDE + 2 * RADIUS;
/// Where the patch itself begins in the view.
pub(super) const CENTRE: usize = RADIUS * VIEW + RADIUS;
/// Places in reach, of which its own is the middle one; and so many that they are fours.
const REACHED: usize = (2 * RADIUS + 1).pow(2);
const PLACES: usize = REACHED.next_multiple_of(4);
/// Where in the view they begin.
static STARTS: [i32; PLACES] = {
    let mut starts = [0; PLACES];
    let mut i = 0;
    while i < REACHED {
        starts[i] = (i / (2 * RADIUS + 1) * VIEW + i % (2 * RADIUS + 1)) as i32;
        i += 1;
    }
    starts
};

/// The weights of a known and of a filled pixel in the search; half and three quarters are alike.
const CERTAIN: i16 = 5;
const DOUBTFUL: i16 = 2;

/// Cells of the view from a patch's first pixel to its last.
pub(super) const SPAN: usize = (SIDE - 1) * VIEW + SIDE;
/// Those cells: rows of the patch, a view's width apart.
pub(super) type Patch = [Cell; SPAN];
static NOTHING: Patch = [[0.0; 4]; SPAN];

/// A patch and all that is near.
#[derive(Debug)]
pub(super) struct View {
    pub(super) cells: [Cell; VIEW * VIEW],
    /// Their luma, and in 255ths of the full range.
    lumas: [f32; VIEW * VIEW],
    levels: [i16; VIEW * VIEW],
    /// The states of the patch's pixels; [`WIDE`] beyond the area.
    pub(super) states: [[u8; SIDE]; SIDE],
}

impl View {
    pub(super) fn new() -> Self {
        Self {
            cells: [[0.0; 4]; VIEW * VIEW],
            lumas: [0.0; VIEW * VIEW],
            levels: [0; VIEW * VIEW],
            states: [[0; SIDE]; SIDE],
        }
    }

    /// Turns to the patch that begins `around` pixels before a place; beyond the area its border is repeated, and
    /// what is not kept is like the place.
    #[inline(never)]
    pub(super) fn look(&mut self, place: Place, around: usize, blocks: &Blocks, grid: &Grid) {
        let (left, top) = (usize::from(place.x), usize::from(place.y));
        let (width, height) = (blocks.row(0).len(), blocks.height());
        let inside =
            |start: usize, i: usize, length: usize| (start + i).saturating_sub(around + RADIUS).min(length - 1);
        let own = grid.cell(top, left);
        let mut columns = left.checked_sub(around + RADIUS).map(|left| grid.columns(left..left + VIEW));
        for (i, slots) in self.cells.as_chunks_mut::<VIEW>().0.iter_mut().enumerate() {
            let y = inside(top, i, height);
            // Most views lie inside the area as a whole.
            if let Some(cells) = columns.as_mut().and_then(|columns| columns.get(y)) {
                slots.copy_from_slice(cells);
            } else {
                for (j, slot) in slots.iter_mut().enumerate() {
                    let x = inside(left, j, width);
                    *slot = grid.get(y, x..x + 1).map_or(own, |cells| cells[0]);
                }
            }
        }
        for (i, states) in self.states.iter_mut().enumerate() {
            let row = (top + i).checked_sub(around).filter(|y| *y < height).map(|y| blocks.row(y));
            *states = array::from_fn(|j| {
                (left + j).checked_sub(around).and_then(|x| row?.get(x)).map_or(WIDE, |state| *state)
            });
        }
        let scale = 1.0 / blocks.unit;
        let lumas = self.lumas.as_chunks_mut().0.iter_mut().zip(self.levels.as_chunks_mut().0);
        for (cells, (lumas, levels)) in self.cells.as_chunks().0.iter().zip(lumas) {
            *lumas = cells.map(|cell| cell[0]);
            *levels = whole_levels(lumas, scale);
        }
    }

    /// From where a patch begins on, all that it holds.
    #[inline(always)]
    pub(super) fn patch(&self, start: usize) -> &Patch {
        // No patch begins later than the last place of the search.
        self.cells[start.min(VIEW * VIEW - SPAN)..].first_chunk().unwrap_or(&NOTHING)
    }

    /// From where a patch begins on, the luma of all that it holds.
    #[inline(always)]
    pub(super) fn luma(&self, start: usize) -> &[f32; SPAN] {
        self.lumas[start.min(VIEW * VIEW - SPAN)..].first_chunk().unwrap_or(&[0.0; SPAN])
    }

    /// Where in the view the most similar patches begin.
    #[inline(never)]
    pub(super) fn search(&self) -> [usize; SAMPLES] {
        // One look at the bounds for all rows of a patch.
        let patch = |at: usize| self.levels[at..].first_chunk::<SPAN>();
        let row =
            |patch: &[i16; SPAN], y: usize| patch[y * VIEW..].first_chunk().map_or(i16x8::ZERO, |row| i16x8::new(*row));
        let own = patch(CENTRE).unwrap_or(&[0; SPAN]);
        let centre: [i16x8; SIDE] = array::from_fn(|y| row(own, y));
        let weights =
            self.states.map(|states| i16x8::new(states.map(|state| if state == KNOWN { CERTAIN } else { DOUBTFUL })));
        let mut sums = [i32x4::ZERO; PLACES];
        for (sum, at) in sums.iter_mut().zip(&STARTS[..REACHED]) {
            let Some(patch) = patch(*at as usize) else { continue };
            for y in 0..SIDE {
                let difference = centre[y] - row(patch, y);
                *sum += (difference * weights[y]).dot(difference);
            }
        }
        let mut keys = [i32::MAX; PLACES];
        let inputs = sums.as_chunks().0.iter().zip(STARTS.as_chunks().0);
        for (keys, (sums, starts)) in keys.as_chunks_mut::<4>().0.iter_mut().zip(inputs) {
            let [a, b, c, d] = i32x4::transpose(*sums);
            let distances: i32x4 = (a + b) + (c + d);
            let upper: i32x4 = distances >> 2;
            // The upper 23 bits of the distance, and 8 for the place, so that no two are the same.
            let placed: i32x4 = upper << 8;
            *keys = (placed | i32x4::new(*starts)).to_array();
        }
        keys[REACHED / 2] = i32::MAX;
        keys[REACHED..].fill(i32::MAX);
        let limit = threshold(&keys);
        let (mut best, mut count) = ([0; SAMPLES + 1], 0);
        for key in keys {
            best[count] = (key & 255) as usize;
            count += usize::from(key <= limit);
        }
        array::from_fn(|i| best[i])
    }
}

/// Luma in whole 255ths of the full range.
#[inline(always)]
fn whole_levels(lumas: &[f32; 4], scale: f32) -> [i16; 4] {
    let values = lumas.map(|luma| luma * scale);
    let values = values.map(|value| if value > 0.0 { value } else { 0.0 });
    let values = values.map(|value| if value < 255.0 { value } else { 255.0 });
    // At this size the last bit counts ones.
    values.map(|value| (value + 8_388_608.0).to_bits() as i16)
}

/// What as many keys as there are samples do not exceed.
#[inline(always)]
fn threshold(keys: &[i32; PLACES]) -> i32 {
    // The greatest of so many minima is not exceeded by as many.
    let mut least = [i32::MAX; SAMPLES];
    for keys in keys.as_chunks::<SAMPLES>().0 {
        least = array::from_fn(|i| least[i].min(keys[i]));
    }
    let mut low = least.iter().fold(i32::MAX, |low, key| low.min(*key));
    let mut high = least.iter().fold(0, |high, key| high.max(*key));
    loop {
        let middle = low + (high - low) / 2;
        let count = keys.iter().map(|key| i32::from(*key <= middle)).sum::<i32>();
        match count.cmp(&(SAMPLES as i32)) {
            Ordering::Equal => return middle,
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_similar_places_are_found() {
        let noise = |i: usize, bits: u32| {
            let mixed = (i as u32).wrapping_mul(0x9e37_79b9);
            ((mixed ^ mixed >> 15).wrapping_mul(0x85eb_ca6b) ^ mixed).rotate_left(bits) >> 24
        };
        let mut view = View::new();
        view.levels = array::from_fn(|i| noise(i, 7) as i16);
        view.states = array::from_fn(|y| array::from_fn(|x| noise(y * SIDE + x, 3) as u8 % 4));
        let distance = |at: usize| -> i32 {
            let differ = |i: usize| i32::from(view.levels[at + i] - view.levels[CENTRE + i]);
            let weight = |state| if state == KNOWN { 5 } else { 2 };
            let pixel = |i: usize| weight(view.states[i / SIDE][i % SIDE]) * differ(i / SIDE * VIEW + i % SIDE).pow(2);
            (0..AREA).map(pixel).sum()
        };
        let mut places: Vec<_> = (0..VIEW * VIEW).filter(|at| at / VIEW <= 12 && at % VIEW <= 12).collect();
        places.retain(|at| *at != CENTRE);
        places.sort_by_key(|at| distance(*at) >> 2);
        places.truncate(SAMPLES);
        places.sort_unstable();
        assert_eq!(view.search().to_vec(), places);
    }
}
