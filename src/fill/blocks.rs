//! Blocks of the thin stage: the states of the pixels, windows around blocks, what comes out of them.

use std::ops::Range;

use super::extrapolate::{BLOCK, Block, Limits, MARGIN, STEPS, WEIGHTS, Window, Workspace};
use super::level::{Cell, Grid};
use super::spectrum::WINDOW;

/// The weight of a pixel that was filled before, by its state. 0.2 and 0.7 are alike within 0.1 dB.
const FACTORS: [f32; 4] = [0.0, 0.4, 0.4, 1.0];
pub(super) const UNKNOWN: u8 = 0;
pub(super) const FILLED: u8 = 1;
pub(super) const WIDE: u8 = 2;
pub(super) const KNOWN: u8 = 3;

/// The surroundings of a block that must vary by more than [`FLAT`], in pixels on each side.
pub(super) const NEAR: usize = 4;
/// Where nothing near varies by more, in 255ths of the full range, the harmonic values are right.
const FLAT: f32 = 2.0;

/// Steps of the pursuit for luma and for each chroma. 10 and 3 lose 0.2 dB on text, 24 gain 0.02; chroma
/// has little energy and stops earlier as a rule.
const STEPS_OF: [usize; 2] = [STEPS, 6];
/// The pursuit ends when the next wave's amplitude is below this, in 255ths of the full range: 0.7 for luma
/// loses 0.03 dB on text; 0.5 for chroma gains 0.004 and takes twice as many steps.
const FLOORS: [f32; 2] = [0.5, 1.0];

/// A block by its upper left pixel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) x: u16,
    pub(super) y: u16,
}

/// Which lanes of a window hold a block's channels, and which its weights.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lanes {
    first: usize,
    channels: usize,
    weight: usize,
}

impl Lanes {
    /// Puts a cell into its lanes of a slot.
    #[inline(always)]
    fn put(self, slot: &mut Cell, cell: &Cell, weight: f32) {
        if self.channels == 3 {
            *slot = [cell[0] * weight, cell[1] * weight, cell[2] * weight, weight];
        } else {
            (slot[self.first], slot[self.weight]) = (cell[0] * weight, weight);
        }
    }
}

/// One block with all its colours.
pub(super) const COLOURS: [Lanes; 1] = [Lanes { first: 0, channels: 3, weight: 3 }];
/// Two blocks with a channel each.
pub(super) const PAIR: [Lanes; 2] =
    [Lanes { first: 0, channels: 1, weight: 1 }, Lanes { first: 2, channels: 1, weight: 3 }];

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
    /// Of each pixel [`UNKNOWN`], [`FILLED`], [`WIDE`] or [`KNOWN`]; grows row by row.
    states: Vec<u8>,
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
            window: Box::new([[[0.0; 4]; WINDOW]; WINDOW]),
            workspace: Workspace::new(),
        }
    }

    /// The states of the next row, all known yet.
    pub(super) fn push_row(&mut self) -> &mut [u8] {
        let start = self.states.len();
        self.states.resize(start + self.width, KNOWN);
        &mut self.states[start..]
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

    /// Whether waves are to fill the block; elsewhere the harmonic values are right.
    pub(super) fn wants_waves(&self, place: Place, grid: &Grid) -> bool {
        self.varies(place, grid) && !(self.has_alpha && self.alpha_varies(place, grid))
    }

    /// Fills blocks that share a window.
    pub(super) fn fill(&mut self, places: &[Place], lanes: &[Lanes], grid: &mut Grid) {
        for (place, lanes) in places.iter().zip(lanes) {
            self.gather(*place, *lanes, grid);
        }
        let weights: &[usize] = if lanes.len() == 1 { &[3] } else { &[1, 3] };
        self.workspace.transform(&self.window, weights);
        for (place, lanes) in places.iter().zip(lanes) {
            let weighed = self.workspace.weigh(lanes.weight);
            for channel in (0..lanes.channels).filter(|_| weighed) {
                let limits = Limits { steps: STEPS_OF[channel.min(1)], floor: FLOORS[channel.min(1)] * self.unit };
                if let Some(block) = self.workspace.extrapolate(lanes.first + channel, limits) {
                    self.write(*place, channel, &block, grid);
                }
            }
            self.mark(*place, UNKNOWN, FILLED);
        }
    }

    /// Changes the states `from` in a block.
    pub(super) fn mark(&mut self, place: Place, from: u8, to: u8) {
        let (columns, rows) = self.extent(place, 0);
        for y in rows {
            let states = &mut self.states[y * self.width..][columns.clone()];
            states.iter_mut().filter(|state| **state == from).for_each(|state| *state = to);
        }
    }

    /// Writes a channel of a block.
    fn write(&self, place: Place, channel: usize, block: &Block, grid: &mut Grid) {
        let (columns, rows) = self.extent(place, 0);
        for (y, values) in rows.zip(block) {
            let states = &self.states[y * self.width..][columns.clone()];
            let cells = &mut grid.row_mut(y)[columns.clone()];
            for ((cell, value), _) in cells.iter_mut().zip(values).zip(states).filter(|(_, state)| **state <= FILLED) {
                cell[channel] = *value;
            }
        }
    }

    /// The columns and rows of a block and `margin` pixels around it.
    fn extent(&self, Place { x, y }: Place, margin: usize) -> (Range<usize>, Range<usize>) {
        let range = |start: u16, length: usize| {
            let start = usize::from(start);
            start.saturating_sub(margin)..(start + BLOCK + margin).min(length)
        };
        (range(x, self.width), range(y, self.height))
    }

    /// Whether alpha varies in the window of the block.
    fn alpha_varies(&self, place: Place, grid: &Grid) -> bool {
        let (low, high) = self.range(place, MARGIN, grid);
        high[self.colours] > low[self.colours]
    }

    /// Whether anything varies near the block, or nothing there is known.
    fn varies(&self, place: Place, grid: &Grid) -> bool {
        let (low, high) = self.range(place, NEAR, grid);
        (0..self.colours).any(|i| high[i] - low[i] > FLAT * self.unit) || low[0] > high[0]
    }

    /// The range of each channel in the block and `margin` pixels around, but for what is unknown.
    fn range(&self, place: Place, margin: usize, grid: &Grid) -> (Cell, Cell) {
        let (columns, rows) = self.extent(place, margin);
        let (mut low, mut high) = ([f32::MAX; 4], [f32::MIN; 4]);
        for y in rows {
            let states = &self.states[y * self.width..][columns.clone()];
            for (cell, _) in grid.row(y)[columns.clone()].iter().zip(states).filter(|(_, state)| **state != UNKNOWN) {
                widen(&mut low, &mut high, cell);
            }
        }
        (low, high)
    }

    /// Weighs the surroundings of a block into the window.
    fn gather(&mut self, place: Place, lanes: Lanes, grid: &Grid) {
        let (left, top) = (usize::from(place.x), usize::from(place.y));
        // The part of the window that is inside the area.
        let (first, end) = (MARGIN.saturating_sub(left), (self.width + MARGIN - left).min(WINDOW));
        let columns = left + first - MARGIN..left + end - MARGIN;
        let weights = &*WEIGHTS;
        for (i, slots) in self.window.iter_mut().enumerate() {
            let y = (top + i).checked_sub(MARGIN).filter(|y| *y < self.height);
            let columns = if y.is_some() { columns.clone() } else { 0..0 };
            if columns.len() < WINDOW {
                slots.iter_mut().for_each(|slot| lanes.put(slot, &[0.0; 4], 0.0));
            }
            let Some(y) = y else { continue };
            let states = &self.states[y * self.width..][columns.clone()];
            let inputs = grid.row(y)[columns].iter().zip(states).zip(&weights[i][first..end]);
            for (slot, ((cell, state), weight)) in slots[first..end].iter_mut().zip(inputs) {
                lanes.put(slot, cell, weight * FACTORS[usize::from(*state % 4)]);
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
