//! The last vote at a finer scale than that of the search: the same patches, from the picture itself.
//!
//! What the targets around a cell say of its pixels is the sum over their sources, of which few are
//! different: neighbours mostly agree, so a pixel takes two or three values in place of 25.

use super::image::RADIUS;
use super::level::{FOREIGN, Level, TARGET};
use super::{Guide, SAID};
use crate::fill::level::Cell;
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

/// How far away a cell is taken from, in cells, and what that weighs.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Vote {
    offset: [i32; 2],
    weight: f32,
}

/// The votes for a row of cells.
#[derive(Debug)]
pub(in crate::fill) struct FineVotes {
    /// The left and upper cell of the level in the reduced box.
    origin: [u32; 2],
    scale: Scale,
    /// The row of cells, the columns, and where the votes for each of them end.
    row: Option<usize>,
    ends: Vec<usize>,
    votes: Vec<Vote>,
}

impl FineVotes {
    /// Votes of a level whose first cell is `origin`.
    pub(super) fn new(origin: [u32; 2], scale: Scale) -> Self {
        Self { origin, scale, row: None, ends: Vec::new(), votes: Vec::new() }
    }

    /// Puts the votes on the last row of a guide in place of what it says; answers the visits.
    pub(super) fn run_row(&mut self, level: &Level, picture: &Picture, guide: &mut Guide) -> u64 {
        let Scale { pixels, area } = self.scale;
        let y = guide.area.y + guide.rows() as u32 - 1;
        let row = ((y - area.y) / pixels - self.origin[1]) as usize;
        let mut visits = 0;
        if self.row != Some(row) {
            visits += self.collect(level, row);
            self.row = Some(row);
        }
        let [left, right] = [guide.area.x, guide.area.x + guide.area.width];
        let (cells, said) = guide.last_row_mut();
        let mut first = 0;
        for (column, end) in self.ends.iter().enumerate() {
            let votes = &self.votes[first..*end];
            first = *end;
            let x = area.x + (self.origin[0] + column as u32) * pixels;
            let (start, stop) = (x.max(left), (x + pixels).min(right));
            if votes.is_empty() || start >= stop {
                continue;
            }
            let range = (start - left) as usize..(stop - left) as usize;
            said[range.clone()].fill(SAID);
            blend(votes, picture, [start, y], pixels, &mut cells[range]);
            visits += CELL_VISITS * (1 + votes.len());
        }
        visits as u64
    }

    /// Collects the votes for a row of cells.
    fn collect(&mut self, level: &Level, row: usize) -> usize {
        self.ends.clear();
        self.votes.clear();
        let inverse = 1.0 / (SOFTNESS * level.mean + 1.0);
        let decay = DECAY * (self.scale.pixels * self.scale.pixels) as f32;
        let near = (NEAR / self.scale.pixels as usize).min(RADIUS);
        let last = [level.width - RADIUS - 1, level.height - RADIUS - 1];
        let is_last = |at: usize, axis: usize| at == RADIUS || at == last[axis];
        let is_near_border = |at: usize, axis: usize| at < 2 * RADIUS || at + RADIUS > last[axis];
        let mut visits = level.width;
        for column in 0..level.width {
            let radius = if is_near_border(column, 0) || is_near_border(row, 1) { RADIUS } else { near };
            let first = self.votes.len();
            // What another stage filled is right as it is.
            let is_foreign = level.marks[row * level.width + column] == FOREIGN;
            if is_foreign || radius == near && level.kind(column, row) != TARGET {
                self.ends.push(first);
                continue;
            }
            for y in row.saturating_sub(radius).max(level.extent.top)..(row + radius + 1).min(level.extent.bottom) {
                let columns =
                    column.saturating_sub(radius).max(level.extent.left)..(column + radius + 1).min(level.extent.right);
                for x in columns {
                    // A corner of the picture may have no patch in the hole.
                    let at_border = is_last(x, 0) || is_last(y, 1);
                    let [dx, dy] = [column.abs_diff(x), row.abs_diff(y)];
                    let reaches = at_border || dx.max(dy) <= near;
                    if !reaches || level.kind(x, y) != TARGET || level.far(x, y) == 0 && !at_border {
                        continue;
                    }
                    let at = level.at(x, y);
                    let distance = decay * (dx * dx + dy * dy) as f32;
                    let weight = 1.0 / ((1.0 + level.costs[at] as f32 * inverse) * (1.0 + distance));
                    let [sx, sy] = level.field[at];
                    let offset = [i32::from(sx) - x as i32, i32::from(sy) - y as i32];
                    match self.votes[first..].iter_mut().find(|vote| vote.offset == offset) {
                        Some(vote) => vote.weight += weight,
                        None => self.votes.push(Vote { offset, weight }),
                    }
                    visits += VOTE_VISITS;
                }
            }
            self.ends.push(self.votes.len());
        }
        visits
    }
}

/// The weighted mean of what is voted for a row of pixels of a cell.
fn blend(votes: &[Vote], picture: &Picture, [x, y]: [u32; 2], pixels: u32, cells: &mut [Cell]) {
    let total = votes.iter().fold(0.0, |total, vote| total + vote.weight);
    let share = 1.0 / total;
    cells.fill([0.0; 4]);
    for Vote { offset, weight } in votes {
        let shifted = |at: u32, axis: usize| at.wrapping_add_signed(offset[axis] * pixels as i32);
        // The last cell of a picture may be a part of one, and lacks what is beyond its border.
        let (from, row) = (shifted(x, 0), shifted(y, 1).min(picture.size().height() - 1));
        let count = cells.len().min(picture.size().width().saturating_sub(from) as usize);
        samples::add(picture, from, row, weight * share, &mut cells[..count]);
    }
}
