//! Blocks of the thin stage: the states of the pixels, windows around blocks, what comes out of them.

use std::ops::Range;

use super::extrapolate::{BLOCK, Block, MARGIN, WEIGHTS, Window, Workspace};
use super::grid::{Cell, Grid};
use super::spectrum::WINDOW;

/// The weight of a pixel that was filled before, by its state. 0.2 and 0.7 are alike within 0.1 dB. With what is wide,
/// which is a guess, edges of wide parts lose .008 of ms.
const FACTORS: [f32; 4] = [0.0, 0.4, 0.0, 1.0];
pub(super) const UNKNOWN: u8 = 0;
pub(super) const FILLED: u8 = 1;
pub(super) const WIDE: u8 = 2;
pub(super) const KNOWN: u8 = 3;
/// Wide, but beside what is known; becomes [`FILLED`].
pub(super) const EDGE: u8 = 4;

/// The surroundings of a block that must vary by more than [`FLAT`], in pixels on each side.
pub(super) const NEAR: usize = 4;
/// Where nothing near varies by more, in 255ths of the full range, the harmonic values are right.
pub(super) const FLAT: f32 = 2.0;

/// Alpha from which on pixels are opaque, in 255ths of the full range: what is filled among such ones is rounded.
const OPAQUE: f32 = 254.9;

/// So few pixels of a square stay as they are: 0.01 dB for a twentieth of the time.
const FEW: usize = 6;

/// The pursuit ends when the next wave's amplitude is below this, in 255ths of the full range: 1 loses
/// 0.05 dB.
const FLOOR: f32 = 0.5;

/// A square by its upper left pixel.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) x: u16,
    pub(super) y: u16,
}

/// Blocks that share a window: each takes two lanes, luma and its weights.
pub(super) const SHARED: usize = 2;

/// What blocks of one box are filled with and from.
#[derive(Debug)]
pub(super) struct Blocks {
    width: usize,
    height: usize,
    /// Channels but alpha.
    colours: usize,
    has_alpha: bool,
    /// A 255th of the full range.
    pub(super) unit: f32,
    /// Of each pixel [`UNKNOWN`], [`FILLED`], [`WIDE`], [`KNOWN`] or [`EDGE`]; grows row by row.
    states: Vec<u8>,
}

/// What waves are extrapolated in.
#[derive(Debug)]
pub(super) struct Waves {
    window: Box<Window>,
    workspace: Box<Workspace>,
}

impl Blocks {
    /// For an area of `width` × `height` cells, without states yet.
    pub(super) fn new(width: usize, height: usize, channels: u8, full: f32) -> Self {
        Self {
            width,
            height,
            colours: if channels > 2 { 3 } else { 1 },
            has_alpha: channels.is_multiple_of(2),
            unit: full / 255.0,
            states: Vec::with_capacity(width * height),
        }
    }

    /// The states of the next row: known where it is kept.
    pub(super) fn push_row(&mut self, kept: impl Iterator<Item = (usize, usize)>) -> &mut [u8] {
        let start = self.states.len();
        self.states.resize(start + self.width, UNKNOWN);
        let states = &mut self.states[start..];
        kept.for_each(|(start, end)| states[start..end].fill(KNOWN));
        states
    }

    /// Rows of the area.
    pub(super) fn height(&self) -> usize {
        self.height
    }

    /// The states of row y.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.states[y * self.width..][..self.width]
    }

    /// Likewise, to be changed.
    pub(super) fn row_mut(&mut self, y: usize) -> &mut [u8] {
        &mut self.states[y * self.width..][..self.width]
    }

    /// Whether a square of `side` pixels, those of a state, is worth the work: elsewhere what is there is right.
    #[inline(never)]
    pub(super) fn is_worth(&self, place: Place, side: usize, state: u8, grid: &Grid) -> bool {
        let (columns, rows) = self.extent(place, 0, side);
        let pixels = rows.flat_map(|y| &self.row(y)[columns.clone()]);
        pixels.filter(|pixel| **pixel == state).count() > FEW
            && self.varies(place, side + NEAR, grid)
            && !(self.has_alpha && self.alpha_varies(place, grid))
    }

    /// Whether a patch of `side` pixels that begins `before` pixels before a place holds a known one. What it says of
    /// others would be a mean of what is like them, and so smoother.
    pub(super) fn is_beside_known(&self, place: Place, before: usize, side: usize) -> bool {
        let (columns, mut rows) = self.extent(place, before, side - before);
        rows.any(|y| self.row(y)[columns.clone()].contains(&KNOWN))
    }

    /// Changes the states `from` in a block.
    pub(super) fn mark(&mut self, place: Place, from: u8, to: u8) {
        let (columns, rows) = self.extent(place, 0, BLOCK);
        for y in rows {
            let states = &mut self.states[y * self.width..][columns.clone()];
            states.iter_mut().filter(|state| **state == from).for_each(|state| *state = to);
        }
    }

    /// Writes the luma of a block.
    fn write(&self, place: Place, block: &Block, grid: &mut Grid) {
        let (columns, rows) = self.extent(place, 0, BLOCK);
        for (y, values) in rows.zip(block) {
            let states = &self.states[y * self.width..][columns.clone()];
            let cells = grid.get_mut(y, columns.clone()).into_iter().flatten();
            for ((cell, value), _) in cells.zip(values).zip(states).filter(|(_, state)| **state <= FILLED) {
                cell[0] = *value;
            }
        }
    }

    /// The columns and rows from `before` pixels before a place to `behind` pixels behind it.
    fn extent(&self, Place { x, y }: Place, before: usize, behind: usize) -> (Range<usize>, Range<usize>) {
        let range = |start: u16, length: usize| {
            let start = usize::from(start);
            start.saturating_sub(before)..(start + behind).min(length)
        };
        (range(x, self.width), range(y, self.height))
    }

    /// Whether a mean of pixels is of some that are not opaque.
    pub(super) fn is_clear(&self, mean: Cell) -> bool {
        self.has_alpha && mean[self.colours] < OPAQUE * self.unit
    }

    /// Whether alpha varies in the window of the block.
    fn alpha_varies(&self, place: Place, grid: &Grid) -> bool {
        let varies = |low: &Cell, high: &Cell| high[self.colours] > low[self.colours];
        let (low, high) = self.range(place, MARGIN, BLOCK + MARGIN, grid, &varies);
        varies(&low, &high)
    }

    /// Whether anything varies near a square, up to `behind` pixels behind its place, or nothing there is known.
    fn varies(&self, place: Place, behind: usize, grid: &Grid) -> bool {
        let varies = |low: &Cell, high: &Cell| (0..self.colours).any(|i| high[i] - low[i] > FLAT * self.unit);
        let (low, high) = self.range(place, NEAR, behind, grid, &varies);
        varies(&low, &high) || low[0] > high[0]
    }

    /// The range of each channel around a place, but for what is unknown, or of as many rows of it as are enough.
    fn range(
        &self,
        place: Place,
        before: usize,
        behind: usize,
        grid: &Grid,
        is_enough: &dyn Fn(&Cell, &Cell) -> bool,
    ) -> (Cell, Cell) {
        let (columns, rows) = self.extent(place, before, behind);
        let (mut low, mut high) = ([f32::MAX; 4], [f32::MIN; 4]);
        let (mut cells, mut spare) = (grid.columns(columns.clone()), [[0.0; 4]; WINDOW]);
        for y in rows {
            let states = &self.states[y * self.width..][columns.clone()];
            let cells = cells.read(y, &mut spare);
            for (cell, _) in cells.iter().zip(states).filter(|(_, state)| **state != UNKNOWN) {
                widen(&mut low, &mut high, cell);
            }
            if is_enough(&low, &high) {
                break;
            }
        }
        (low, high)
    }
}

impl Waves {
    pub(super) fn new() -> Self {
        Self { window: Box::new([[[0.0; 4]; WINDOW]; WINDOW]), workspace: Workspace::new() }
    }

    /// Fills the luma of up to [`SHARED`] blocks.
    #[inline(never)]
    pub(super) fn fill(&mut self, places: &[Place], blocks: &mut Blocks, grid: &mut Grid) {
        for (i, place) in places.iter().enumerate() {
            self.gather(*place, 2 * i, blocks, grid);
        }
        self.workspace.transform(&self.window);
        for (i, place) in places.iter().enumerate() {
            let block = self.workspace.extrapolate(2 * i, FLOOR * blocks.unit);
            if let Some(block) = block {
                blocks.write(*place, &block, grid);
            }
            blocks.mark(*place, UNKNOWN, FILLED);
        }
    }

    /// Weighs the surroundings of a block into two lanes of the window.
    fn gather(&mut self, place: Place, lane: usize, blocks: &Blocks, grid: &Grid) {
        let (left, top) = (usize::from(place.x), usize::from(place.y));
        // The part of the window that is inside the area.
        let (first, end) = (MARGIN.saturating_sub(left), (blocks.width + MARGIN - left).min(WINDOW));
        let columns = left + first - MARGIN..left + end - MARGIN;
        let weights = &*WEIGHTS;
        let (mut cells, mut spare) = (grid.columns(columns.clone()), [[0.0; 4]; WINDOW]);
        for (i, slots) in self.window.iter_mut().enumerate() {
            let y = (top + i).checked_sub(MARGIN).filter(|y| *y < blocks.height);
            let columns = if y.is_some() { columns.clone() } else { 0..0 };
            if columns.len() < WINDOW {
                slots.iter_mut().for_each(|slot| slot[lane..lane + 2].fill(0.0));
            }
            let Some(y) = y else { continue };
            let states = &blocks.states[y * blocks.width..][columns.clone()];
            let inputs = cells.read(y, &mut spare).iter().zip(states).zip(&weights[i][first..end]);
            for (slot, ((cell, state), weight)) in slots[first..end].iter_mut().zip(inputs) {
                let weight = weight * FACTORS[usize::from(*state % 4)];
                (slot[lane], slot[lane + 1]) = (cell[0] * weight, weight);
            }
        }
    }
}

/// Widens a range of each channel to hold a cell.
pub(super) fn widen(low: &mut Cell, high: &mut Cell, cell: &Cell) {
    for i in 0..4 {
        low[i] = if cell[i] < low[i] { cell[i] } else { low[i] };
        high[i] = if cell[i] > high[i] { cell[i] } else { high[i] };
    }
}
