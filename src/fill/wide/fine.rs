//! The last vote at a finer scale than that of the search: the same patches, from the picture itself.
//!
//! What the targets around a cell say of its pixels is the sum over their sources, of which few are
//! different: neighbours mostly agree, so a pixel takes two or three values in place of 25.

use super::image::{RADIUS, SIDE};
use super::level::{Extent, FOREIGN, Level, TARGET};
use super::{Guide, SAID};
use crate::fill::distance::runs_where;
use crate::fill::grid::Cell;
use crate::fill::reduce::Scale;
use crate::fill::samples;
use crate::picture::Picture;

/// Pixels around a target's cell that it has a vote for; where the picture ends, all of its patch, for there
/// are no targets beyond. Fewer make it sharper, by as little as the other measures fall.
const NEAR: usize = 4;

/// A vote's weight is 1 / (1 + this · squared distance from the middle of its patch, in pixels).
const DECAY: f32 = 0.1;
/// It falls with the patch's cost, to a half where that is so many times the mean.
const SOFTNESS: f32 = 2.0;

/// What a target's vote costs, in visits, and each value that a row of a cell takes.
const VOTE_VISITS: usize = 1;
const CELL_VISITS: usize = 3;

/// What a target says of the cells around it.
#[derive(Debug, Clone, Copy, Default)]
struct Voice {
    /// From a cell to the one that it is taken from.
    offset: [u16; 2],
    /// What that weighs; 0 if it has nothing to say.
    fit: f32,
    /// Whether it speaks for all of its patch, as there are no targets beyond.
    is_last: bool,
}

/// Where a cell is taken from, and what that weighs, of 1 in all.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Vote {
    offset: [u16; 2],
    weight: f32,
}

/// The votes for a row of cells.
#[derive(Debug)]
pub(in crate::fill) struct FineVotes {
    /// The left and upper cell of the level in the reduced box.
    origin: [u32; 2],
    scale: Scale,
    /// What the targets say of seven rows of the extent, which go round, and the next one that is asked.
    voices: Vec<Voice>,
    asked: usize,
    /// A target's weight by what it speaks of, from there: its patch.
    kernel: [[f32; SIDE]; SIDE],
    /// The row of cells, the columns of those that have votes, and where these end.
    row: Option<usize>,
    cells: Vec<(usize, usize)>,
    votes: Vec<Vote>,
}

impl FineVotes {
    /// Votes of a level whose first cell is `origin`.
    pub(super) fn new(origin: [u32; 2], scale: Scale) -> Self {
        let decay = DECAY * (scale.pixels * scale.pixels) as f32;
        let square = |at: usize| (at.abs_diff(RADIUS) * at.abs_diff(RADIUS)) as f32;
        let weight = |x: usize, y: usize| 1.0 / (1.0 + decay * (square(x) + square(y)));
        let kernel = std::array::from_fn(|y| std::array::from_fn(|x| weight(x, y)));
        let (voices, cells, votes) = (Vec::new(), Vec::new(), Vec::new());
        Self { origin, scale, voices, asked: 0, kernel, row: None, cells, votes }
    }

    /// Puts the votes on some runs of row `y` of a guide in place of what it says; answers the visits.
    #[inline(never)]
    pub(super) fn run_row(
        &mut self,
        level: &Level,
        picture: &Picture,
        guide: &mut Guide,
        y: usize,
        spans: &[(u32, u32)],
    ) -> u64 {
        let Scale { pixels, area } = self.scale;
        let left = guide.area.x;
        let (guide_row, y) = (y, guide.area.y + y as u32);
        let row = ((y - area.y) / pixels - self.origin[1]) as usize;
        let mut visits = 0;
        if self.row != Some(row) {
            visits += self.collect(level, row);
            self.row = Some(row);
        }
        let column_of = |x: u32| ((x - area.x) / pixels - self.origin[0]) as usize;
        let mut next = 0;
        for (first, end) in spans.iter().copied() {
            let range = (first - left) as usize..(end - left) as usize;
            let Some(cells) = guide.values.get_mut(guide_row, range.clone()) else { continue };
            let said = &mut guide.said[guide_row * guide.area.width as usize..][range];
            let (first_column, last_column) = (column_of(first), column_of(end - 1));
            // A cell may be in two runs.
            while next > 0 && self.cells[next - 1].0 >= first_column {
                next -= 1;
            }
            while let Some((column, end_of_votes)) = self.cells.get(next).copied().filter(|cell| cell.0 <= last_column)
            {
                let start_of_votes = next.checked_sub(1).map_or(0, |before| self.cells[before].1);
                let votes = &self.votes[start_of_votes..end_of_votes];
                next += 1;
                if column < first_column {
                    continue;
                }
                let x = area.x + (self.origin[0] + column as u32) * pixels;
                let (start, stop) = (x.max(first), (x + pixels).min(end));
                let range = (start - first) as usize..(stop - first) as usize;
                said[range.clone()].fill(SAID);
                let cell = [column as u16, row as u16];
                let from = |offset: [u16; 2]| {
                    let shift = |axis: usize| i32::from(cell[axis].wrapping_add(offset[axis])) - i32::from(cell[axis]);
                    [(start, 0), (y, 1)].map(|(at, axis)| at.wrapping_add_signed(shift(axis) * pixels as i32))
                };
                blend(votes, picture, from, &mut cells[range]);
                visits += CELL_VISITS * (1 + votes.len());
            }
        }
        visits as u64
    }

    /// Asks the targets of row `y`.
    fn ask(&mut self, level: &Level, y: usize) {
        let Extent { left, right, .. } = level.extent;
        let inverse = 1.0 / (SOFTNESS * level.mean + 1.0);
        let is_last_row = y == RADIUS || y + RADIUS + 1 == level.height;
        let start = y % SIDE * (right - left);
        let voices = &mut self.voices[start..start + right - left];
        voices.fill(Voice::default());
        let kinds = &level.kinds[y * level.width + left..y * level.width + right];
        for x in runs_where(kinds, |kind| kind == TARGET).flat_map(|(first, end)| left + first..left + end) {
            // A corner of the picture may have no patch in the hole.
            let is_last = is_last_row || x == RADIUS || x + RADIUS + 1 == level.width;
            if is_last || level.far(x, y) > 0 {
                let at = level.at(x, y);
                let [sx, sy] = level.field[at];
                let offset = [sx.wrapping_sub(x as u16), sy.wrapping_sub(y as u16)];
                voices[x - left] = Voice { offset, fit: 1.0 / (1.0 + level.costs[at] as f32 * inverse), is_last };
            }
        }
    }

    /// Collects the votes for a row of cells.
    fn collect(&mut self, level: &Level, row: usize) -> usize {
        let Extent { left, top, right, bottom } = level.extent;
        self.cells.clear();
        self.votes.clear();
        self.voices.resize(SIDE * (right - left), Voice::default());
        self.asked = self.asked.max(row.saturating_sub(RADIUS).max(top));
        while self.asked < (row + RADIUS + 1).min(bottom) {
            self.ask(level, self.asked);
            self.asked += 1;
        }
        let near = (NEAR / self.scale.pixels as usize).min(RADIUS);
        let is_near_border = |at: usize, length: usize| at < 2 * RADIUS || at + 2 * RADIUS >= length;
        let at_border = is_near_border(row, level.height);
        let cells = row * level.width..(row + 1) * level.width;
        let (marks, kinds) = (&level.marks[cells.clone()], &level.kinds[cells]);
        let mut visits = right - left;
        let asks = |column: &usize| at_border || kinds[*column] == TARGET || is_near_border(*column, level.width);
        for column in (left.saturating_sub(RADIUS)..(right + RADIUS).min(level.width)).filter(asks) {
            let radius = if at_border || is_near_border(column, level.width) { RADIUS } else { near };
            let first = self.votes.len();
            // What another stage filled is right as it is.
            if marks[column] == FOREIGN || radius == near && kinds[column] != TARGET {
                continue;
            }
            let columns = column.saturating_sub(radius).max(left)..(column + radius + 1).min(right);
            for y in row.saturating_sub(radius).max(top)..(row + radius + 1).min(bottom) {
                let kernel = &self.kernel[y + RADIUS - row][columns.start + RADIUS - column..];
                let start = y % SIDE * (right - left);
                let voices = &self.voices[start + columns.start - left..start + columns.end - left];
                for (x, (voice, kernel)) in columns.clone().zip(voices.iter().zip(kernel)) {
                    let reaches = radius == near || voice.is_last || column.abs_diff(x).max(row.abs_diff(y)) <= near;
                    if voice.fit > 0.0 && reaches {
                        count(&mut self.votes, first, voice.offset, voice.fit * kernel);
                        visits += VOTE_VISITS;
                    }
                }
            }
            let votes = &mut self.votes[first..];
            let share = 1.0 / votes.iter().fold(0.0, |total, vote| total + vote.weight);
            votes.iter_mut().for_each(|vote| vote.weight *= share);
            if self.votes.len() > first {
                self.cells.push((column, self.votes.len()));
            }
        }
        visits
    }
}

/// Adds to the votes of a cell, which are those from `first` on.
#[inline(always)]
fn count(votes: &mut Vec<Vote>, first: usize, offset: [u16; 2], weight: f32) {
    // Neighbours mostly agree.
    for vote in votes[first..].iter_mut().rev() {
        if vote.offset == offset {
            vote.weight += weight;
            return;
        }
    }
    votes.push(Vote { offset, weight });
}

/// The weighted mean of what is voted for a row of pixels of a cell, whose first one is taken `from` where an
/// offset leads.
fn blend(votes: &[Vote], picture: &Picture, from: impl Fn([u16; 2]) -> [u32; 2], cells: &mut [Cell]) {
    cells.fill([0.0; 4]);
    for Vote { offset, weight } in votes {
        // The last cell of a picture may be a part of one, and lacks what is beyond its border.
        let [x, y] = from(*offset);
        let count = cells.len().min(picture.size().width().saturating_sub(x) as usize);
        samples::add(picture, x, y.min(picture.size().height() - 1), *weight, &mut cells[..count]);
    }
}
