//! The program of the wide stage: which passes over which levels, in which order.

use super::image::SIDE;
use super::level::Level;
use super::search::Walk;
use super::{Event, Wide};

/// The pyramid ends with a hole of this half-width,
const CORE: u8 = 3;
/// before sources get fewer than that,
pub(super) const SOURCES: usize = 6000;
/// or, as long as there are more targets than that, than these.
const TARGETS: usize = 8000;
pub(super) const FEWEST_SOURCES: usize = 200;
/// More targets on the coarsest level, beside few sources, are left to the harmonic fill.
const MOST_TARGETS: usize = 60_000;
/// Rounds of a walk and a vote on the coarsest level: where it is started once, after fewer, patterns are missed; otherwise
/// three to six gain nothing. Then on the next one, and none below. Two walks in a round gain nothing.
const ROUNDS_ONCE: usize = 6;
const ROUNDS: [usize; 2] = [2, 1];
/// How far a walk looks by chance on levels below the two coarsest, in pixels.
const REACH: usize = 32;

/// A pass over a level, row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Load,
    Down(usize),
    Up(usize),
    Classify(usize),
    /// Has the ring texture?
    Examine,
    /// Rows of the level above.
    Coarsen(usize),
    Differentiate(usize),
    Texture(usize),
    /// Offsets of the surroundings, before the first start.
    Learn(usize),
    /// A start: pixels of the hole on the coarsest level, not rows.
    Peel(usize),
    /// Sources for the targets that were not peeled.
    Seed(usize),
    Search(usize, Walk),
    Vote(usize),
    /// Sources from the level above.
    Take(usize),
}

impl Wide {
    /// Once it is known what a level has: is it the coarsest?
    pub(super) fn plan(&mut self, level: usize) -> Event {
        let this = &self.levels[level];
        if level == 0 {
            if this.targets == 0 || this.sources < self.fewest {
                return Event::Nothing;
            }
            self.program.push(Operation::Examine);
            return Event::Working;
        }
        let crowded = self.levels[level - 1].targets > TARGETS;
        let enough = if crowded { FEWEST_SOURCES } else { SOURCES };
        if this.sources >= enough && this.targets > 0 {
            return self.go_on(level);
        }
        self.levels.pop();
        self.begin(level - 1)
    }

    /// Halves a level, or begins on it.
    pub(super) fn go_on(&mut self, level: usize) -> Event {
        let this = &self.levels[level];
        if this.farthest <= CORE || this.width.min(this.height) < 2 * SIDE {
            return self.begin(level);
        }
        self.levels.push(Level::new(this.width.div_ceil(2), this.height.div_ceil(2)));
        let above = level + 1;
        self.program.push(Operation::Coarsen(level));
        self.program.extend([Operation::Down(above), Operation::Up(above), Operation::Classify(above)]);
        Event::Working
    }

    /// Writes the program from the coarsest level down.
    fn begin(&mut self, coarsest: usize) -> Event {
        if self.levels[coarsest].targets > MOST_TARGETS {
            return Event::Nothing;
        }
        let starts = self.effort.on(&self.levels[coarsest]);
        let rounds = |level| rounds(level, coarsest, starts);
        if !self.alpha_varies() {
            // Where nothing is searched, it is not needed.
            let levels = (0..=coarsest).filter(|level| rounds(*level) > 0);
            self.program.extend(levels.flat_map(|level| [Operation::Differentiate(level), Operation::Texture(level)]));
        }
        let level = &mut self.levels[coarsest];
        (level.extent.top..level.extent.bottom).for_each(|_| level.push_field_row());
        self.program.push(Operation::Learn(coarsest));
        self.program.extend((0..starts).map(|_| Operation::Peel(coarsest)));
        self.program.push(Operation::Seed(coarsest));
        for level in (0..=coarsest).rev() {
            if level < coarsest {
                self.program.push(Operation::Take(level));
            }
            for round in 0..rounds(level) {
                if round > 0 || level < coarsest {
                    self.program.push(Operation::Vote(level));
                }
                let size = self.levels[level].width.max(self.levels[level].height);
                let reach = if level + 2 > coarsest { size } else { REACH };
                self.program.push(Operation::Search(level, Walk { backwards: round % 2 == 1, reach }));
            }
        }
        self.start();
        Event::Working
    }
}

/// Rounds on a level. Nothing is gained by them on the finest, if it has one above it.
fn rounds(level: usize, coarsest: usize, starts: u64) -> usize {
    match coarsest - level {
        0 if starts == 1 => ROUNDS_ONCE,
        0 => ROUNDS[0],
        _ if level == 0 => 0,
        above => ROUNDS.get(above).copied().unwrap_or(0),
    }
}
