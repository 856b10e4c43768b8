//! The wide stage: the hole is put together from patches of its surroundings.
//!
//! **Method.** Completion as energy minimisation over patches and a pyramid (Wexler, Shechtman & Irani,
//! *Space-time completion of video*, PAMI 2007; Newson et al., *Video inpainting of complex scenes*,
//! SIAM J. Imaging Sci. 7, 2014; *Non-local patch-based image inpainting*, IPOL 2017), with sources
//! found by PatchMatch (Barnes et al., SIGGRAPH 2009):
//!
//! 1. *Load* the box and its surroundings at 8 bits; halve them while enough sources remain. A last lane
//!    holds the texture, or alpha where it varies.
//! 2. On the coarsest level *peel* the hole from its border inwards, twice or more (see `peel`).
//! 3. There and on some levels below: a walk of PatchMatch, then a vote, several times. What is known weighs
//!    four times as much in the distance of patches as the middle of the hole, and patches near the known
//!    more in a vote.
//! 4. A soft vote, from the picture itself, of the patches in the hole alone (see `fine`): the search may have
//!    been at a smaller scale. The membrane over what is then missing at the border makes the seam go (see
//!    `guide`).
//!
//! Where the surroundings have no texture, the harmonic fill is right and nothing is done, unless an area was
//! named that patches are to come from.
//!
//! **Measured** on seven photographs, in dB over logos / rectangles / a quarter of the picture: peeling at
//! 80 pixels' width instead of 15: +1.2 / +1.1 / +0.1; offsets of what is filled among the sources that
//! are looked at: +0.7 / +0.2 / +0.1; weights for what is known: 0 / +0.5 / 0; those of votes near the
//! border: +0.1 / +0.8 / 0; membrane: +0.8 / +0.7 / +0.2, and the seam from 2.1 to 1.2; only patches in
//! the hole in its differences: seam to 0.95; no search on the finest level: seam to 0.6, and +0.2.
//! **Rejected**: Criminisi's priorities (±0); whole patches in place of pixels (−0.5); a greater weight for
//! near sources (−0.3); pulling the mean over 8 pixels a third of the way to the harmonic fill after the vote
//! (+0.3 / +0.3 / +0.5, yet that is fog: the distribution of patches is off by up to a third more); shifting
//! what patches say in the last vote to the mean of a vote before it, within 8 or 30 levels (0 / +0.1 / 0, no
//! less seam, and a vote more); giving the last vote back the fine contrast that means lose, or sharper
//! weights in it (0); eight and three rounds in place of four and one (+0.1).

mod fine;
mod guide;
mod image;
mod level;
mod peel;
mod program;
mod search;
mod surroundings;
mod vote;

use super::Quality;
use super::grid::Cell;
use super::options::Allowed;
use super::plan::Part;
use super::reduce::{Scale, marked_near};
use super::samples::Seen;
use super::solver::Source;
use crate::geometry::{Rectangle, Size};
use crate::picture::Picture;
pub(super) use fine::FineVotes;
pub(super) use guide::{Guide, SAID, WANTED};
pub(super) use image::SIDE;
use level::Level;
use peel::Peel;
use program::Operation;
pub(super) use search::Chance;
pub(super) use surroundings::TEXTURE;
use vote::Votes;

/// Surroundings that are looked at, in pixels: three quarters of the hole's width if it were a square.
/// Half of it and all of it are 0.3 dB worse: what lies far away fits by chance.
const CONTEXT: std::ops::RangeInclusive<u32> = 64..=1024;
/// What a pass costs for each pixel, in visits.
const PASS_VISITS: usize = 3;

/// Starts of a hole, the fewest and the most, and about how many pixels they fill in all, those of all holes of a fill on
/// their coarsest levels: in small holes one start or another makes more of a difference, and takes less time.
const STARTS: [u64; 2] = [2, 5];
const STARTED: u64 = 17_600;

/// How much is done on the coarsest level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    quality: Quality,
    /// Pixels of the other holes on their coarsest levels.
    elsewhere: u32,
    /// A hole is started once, where nothing is farther than `narrow` cells from what is known: letters of large pictures
    /// and wide places of strokes gain nothing by more.
    narrow: u8,
    /// Sources that are looked at for each pixel of the first start, and of the later ones, by their offset, and
    /// of all.
    picks: [[usize; 2]; 2],
}

impl Effort {
    /// For a box in cells of `scale` pixels, or one wide place of its strokes, with so many pixels in other holes.
    pub(super) fn of(quality: Quality, elsewhere: u32, scale: u32, is_place: bool) -> Self {
        let (narrow, picks) = match quality {
            Quality::Best => (0, [[100, 100]; 2]),
            _ => (if scale > 1 || is_place { 8 } else { 0 }, [[40, 12], [16, 5]]),
        };
        Self { quality, elsewhere, narrow, picks }
    }

    /// Starts of a hole of so many pixels.
    fn starts(&self, pixels: u64) -> u64 {
        let [least, most] = STARTS;
        let pixels = (pixels + u64::from(self.elsewhere)).max(1);
        if self.quality == Quality::Best { most } else { (STARTED / pixels).clamp(least, most) }
    }

    /// Starts on a level.
    fn on(&self, level: &Level) -> u64 {
        if level.farthest <= self.narrow { 1 } else { self.starts(level.hole()) }
    }
}

/// About how many pixels a hole of so many wide cells has on its coarsest level, where sources are as a rule some five
/// times as many.
pub(super) fn peeled(mut cells: u64) -> u64 {
    while 5 * cells > 4 * program::SOURCES as u64 {
        cells /= 4;
    }
    cells
}

/// What `advance` came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// The budget is spent.
    Working,
    /// A level is done.
    Refined,
    /// The sources are found.
    Found,
    /// There is nothing to be said: no texture, or no sources.
    Nothing,
}

/// The stage for one box.
#[derive(Debug)]
pub(super) struct Wide {
    area: Rectangle,
    guide: Guide,
    levels: Vec<Level>,
    program: Vec<Operation>,
    at: usize,
    row: usize,
    effort: Effort,
    peel: Option<Peel>,
    votes: Votes,
    chance: Chance,
    /// What is known; and whether the last lane is alpha.
    seen: Seen,
    has_alpha: bool,
    line: Vec<Cell>,
    /// Fewer sources than that are none; and whether they are wanted where nothing has texture.
    fewest: usize,
    wanted: bool,
    /// Sum of the costs of a walk, or of the second differences of the ring, and their number.
    sum: u64,
    count: u64,
    visits: u64,
}

impl Wide {
    /// A stage for the wanted pixels of `guide`, with sources from `area`, which holds it.
    pub(super) fn new(source: Source, guide: Guide, area: Rectangle, effort: Effort, seed: u32) -> Self {
        let [width, height] = [area.width, area.height].map(|v| v as usize);
        Self {
            area,
            guide,
            levels: vec![Level::new(width, height)],
            program: [Operation::Load, Operation::Down(0), Operation::Up(0), Operation::Classify(0)].into(),
            at: 0,
            row: 0,
            effort,
            peel: None,
            votes: Votes::default(),
            chance: Chance::new(seed),
            seen: Seen::nothing(),
            has_alpha: source.picture.channels() == 4,
            line: vec![[0.0; 4]; width],
            fewest: if source.allowed.is_some() { 1 } else { program::FEWEST_SOURCES },
            wanted: source.allowed.is_some_and(|allowed| allowed.bounds.is_some()),
            sum: 0,
            count: 0,
            visits: 0,
        }
    }

    /// Visits that `cells` wide cells take as a rule: the last vote and the passes over what is around, and
    /// the work on the coarsest level.
    pub(super) fn expected_visits(cells: u64, elsewhere: u32, quality: Quality) -> u64 {
        let coarse = peeled(cells);
        let effort = Effort::of(quality, elsewhere, 1, false);
        let [first, later] = effort.picks.map(|picks| peel::visits(picks) as u64);
        100 * cells
            + (720 + first + (effort.starts(coarse) - 1) * later) * coarse
            + coarse.min(peel::SAMPLES as u64) * first
    }

    /// Bytes that a group needs: 28 for each pixel of its box and 12 for each of its surroundings.
    pub(super) fn memory(part: &Part, size: Size, allowed: Option<&Allowed>) -> u64 {
        28 * part.bounds.area() + 12 * surroundings(part.bounds, part.area, size, allowed).area()
    }

    /// Visits so far.
    pub(super) fn visits(&self) -> u64 {
        self.visits
    }

    /// Whether alpha is part of the patches, because it is not the same everywhere.
    fn alpha_varies(&self) -> bool {
        self.has_alpha && self.seen.last_varies()
    }

    /// What it was given, or, at full scale, what its rows were made.
    pub(super) fn into_guide(self) -> Guide {
        self.guide
    }

    /// What it was given.
    pub(super) fn guide(&self) -> &Guide {
        &self.guide
    }

    /// Votes on pixels of which a cell of this stage's picture is several.
    pub(super) fn fine_votes(&self, scale: Scale) -> FineVotes {
        FineVotes::new([self.area.x, self.area.y], scale)
    }

    /// Puts them on the last row of a guide, on some runs of columns of the picture; answers the visits.
    pub(super) fn vote_row(
        &self,
        votes: &mut FineVotes,
        picture: &Picture,
        guide: &mut Guide,
        spans: &[(u32, u32)],
    ) -> u64 {
        votes.run_row(&self.levels[0], picture, guide, guide.rows() - 1, spans)
    }

    /// Puts them on a row of its own guide, which is at full scale and says all that is marked or beside that.
    pub(super) fn vote_own_row(&mut self, votes: &mut FineVotes, source: Source, row: usize) -> u64 {
        let Self { levels, guide, .. } = self;
        guide.range = self.seen.range(source.picture);
        let area = guide.area;
        let mut spans = Vec::new();
        marked_near(source.mask, area, area.y + row as u32, &mut spans);
        let said = guide.said_mut(row);
        spans.iter().for_each(|(start, end)| said[(start - area.x) as usize..(end - area.x) as usize].fill(SAID));
        u64::from(area.width) + votes.run_row(&levels[0], source.picture, guide, row, &spans)
    }

    /// Works until `until` visits in total, or something is to be told.
    pub(super) fn advance(&mut self, source: Source, until: u64) -> Event {
        while self.visits < until {
            let Some(operation) = self.program.get(self.at).copied() else { return Event::Found };
            if self.row < self.rows(operation) {
                self.visits += 4 + self.run_row(operation, source) as u64;
                self.row += 1;
            } else {
                self.at += 1;
                self.row = 0;
                match self.finish(operation) {
                    Event::Working => {}
                    event => return event,
                }
            }
        }
        Event::Working
    }

    fn rows(&self, operation: Operation) -> usize {
        match operation {
            Operation::Load => self.levels[0].height,
            Operation::Down(level)
            | Operation::Up(level)
            | Operation::Classify(level)
            | Operation::Differentiate(level)
            | Operation::Texture(level) => self.levels[level].height,
            Operation::Coarsen(level) => self.levels[level].height.div_ceil(2),
            Operation::Examine => self.targets(0),
            Operation::Seed(level) | Operation::Take(level) | Operation::Search(level, _) => self.targets(level),
            Operation::Learn(_) => self.peel.as_ref().map_or(0, Peel::lessons),
            Operation::Peel(_) => self.peel.as_ref().map_or(0, Peel::rows),
            Operation::Vote(level) => Votes::rows(&self.levels[level]),
        }
    }

    /// Rows of targets.
    fn targets(&self, level: usize) -> usize {
        self.levels[level].extent.bottom - self.levels[level].extent.top
    }

    /// Runs the next row of an operation and returns its visits.
    fn run_row(&mut self, operation: Operation, source: Source) -> usize {
        let row = self.row;
        match operation {
            Operation::Load => self.load(source),
            Operation::Down(level) => self.pass(level, |level| level.measure_down(row)),
            Operation::Up(level) => self.pass(level, |level| level.measure_up(level.height - 1 - row)),
            Operation::Classify(level) => self.pass(level, |level| level.classify(row)),
            Operation::Differentiate(level) => self.pass(level, |level| level.differentiate(row)),
            Operation::Texture(level) => self.pass(level, |level| level.texture(row)),
            Operation::Coarsen(level) => {
                let (below, above) = self.levels.split_at_mut(level + 1);
                below[level].coarsen(&mut above[0], row);
                PASS_VISITS * below[level].width
            }
            Operation::Examine => self.examine(),
            Operation::Learn(level) => {
                let Self { peel, levels, chance, .. } = self;
                peel.as_mut().map_or(0, |peel| peel.learn(&levels[level], row, chance))
            }
            Operation::Peel(level) => {
                let Self { peel, levels, chance, .. } = self;
                peel.as_mut().map_or(0, |peel| peel.run(&mut levels[level], chance))
            }
            Operation::Seed(level) => {
                let Self { peel, levels, chance, .. } = self;
                let y = levels[level].extent.top + row;
                peel.iter().for_each(|peel| peel.seed(&mut levels[level], y, chance));
                8 * levels[level].width
            }
            Operation::Search(level, walk) => {
                let (visits, sum) = self.levels[level].search(row, walk, &mut self.chance);
                self.sum += sum;
                visits
            }
            Operation::Vote(level) => self.votes.run(&mut self.levels[level], row),
            Operation::Take(level) => {
                let (below, above) = self.levels.split_at_mut(level + 1);
                let y = below[level].extent.top + row;
                below[level].take(&above[0], y, &mut self.chance);
                8 * below[level].width
            }
        }
    }

    fn pass(&mut self, level: usize, run: impl FnOnce(&mut Level)) -> usize {
        run(&mut self.levels[level]);
        PASS_VISITS * self.levels[level].width
    }

    /// What follows the last row of an operation: the program is written as the levels appear.
    fn finish(&mut self, operation: Operation) -> Event {
        match operation {
            Operation::Classify(level) => return self.plan(level),
            Operation::Examine => {
                if !self.wanted && !self.has_texture() {
                    return Event::Nothing;
                }
                self.sum = 0;
                return self.go_on(0);
            }
            Operation::Seed(_) => self.peel = None,
            Operation::Search(level, _) => {
                let level = &mut self.levels[level];
                level.mean = self.sum as f32 / level.targets.max(1) as f32;
                self.sum = 0;
            }
            Operation::Take(level) => {
                self.levels[level].mean = self.levels[level + 1].mean;
                self.levels.truncate(level + 1);
            }
            _ => {}
        }
        self.start();
        let refined = matches!(self.program.get(self.at), Some(Operation::Take(_)));
        if refined { Event::Refined } else { Event::Working }
    }

    /// What the next operation needs.
    fn start(&mut self) {
        match self.program.get(self.at) {
            Some(Operation::Learn(level)) => {
                let level = &self.levels[*level];
                self.peel = Some(Peel::new(level, self.effort.picks, self.effort.on(level)));
            }
            Some(Operation::Peel(level)) => {
                self.peel.iter_mut().for_each(|peel| peel.restart(&mut self.levels[*level]));
            }
            Some(Operation::Vote(level)) => self.votes.start(&self.levels[*level]),
            _ => {}
        }
    }
}

/// Where sources are looked for around a box with so many marked pixels.
pub(super) fn surroundings(bounds: Rectangle, marked: u64, size: Size, allowed: Option<&Allowed>) -> Rectangle {
    let around = bounds.grown(context(marked), size);
    allowed.map_or(around, |allowed| allowed.reach(around))
}

/// Pixels of surroundings around so many marked ones.
pub(super) fn context(marked: u64) -> u32 {
    (3 * marked.isqrt() as u32 / 4).clamp(*CONTEXT.start(), *CONTEXT.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_less_there_is_to_do_the_more_often_a_hole_is_started() {
        let starts = |quality, elsewhere, pixels| Effort::of(quality, elsewhere, 1, false).starts(pixels);
        let of_holes = [0, 3500, 4000, 5800, 5900, 100_000].map(|pixels| starts(Quality::Balanced, 0, pixels));
        assert_eq!(of_holes, [5, 5, 4, 3, 2, 2]);
        assert_eq!([100, 2500, u32::MAX].map(|pixels| starts(Quality::Balanced, pixels, 3300)), [5, 3, 2]);
        assert_eq!(starts(Quality::Best, u32::MAX, 100_000), 5);
    }
}
