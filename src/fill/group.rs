//! One group of the plan, from its first guess to its patch: harmonic and thin, then, if it is wide in
//! places, patches and the membrane over them.

use super::Quality;
use super::solver::{self, Solver, Source};
use super::wide::{self, Guide, Wide};
use crate::error::Result;
use crate::mask::Piece;
use crate::picture::Patch;

/// What `advance` came to.
#[derive(Debug)]
pub(super) enum Event {
    /// The budget is spent.
    Working,
    /// How the box looks so far.
    Preview(Patch),
    /// The group is filled.
    Filled(Patch),
}

#[derive(Debug)]
enum Stage {
    /// Harmonic and thin.
    Solve(Solver),
    /// What they give to the patches, row by row.
    Collect(Solver, Guide, Patch),
    /// Patches; the harmonic fill stands in for them.
    Weave(Box<Wide>, Patch),
    /// The membrane over them.
    Blend(Solver, Guide),
}

/// Visits for each pixel that is handed from one stage to the next.
const ROW_VISITS: u64 = 4;

/// Pixels of a box up to which levels are shown: painting more would take longer than a step may.
const MOST_SKETCHED: u64 = 2 << 20;

/// The work on a group.
#[derive(Debug)]
pub(super) struct Group {
    piece: Piece,
    stage: Option<Stage>,
    quality: Quality,
    seed: u32,
    /// Visits of the stages before.
    before: u64,
}

impl Group {
    pub(super) fn new(source: Source, piece: Piece, quality: Quality, seed: u32, show_guess: bool) -> Self {
        let solver = Solver::new(source, piece.bounds, quality, show_guess);
        Self { piece, stage: Some(Stage::Solve(solver)), quality, seed, before: 0 }
    }

    /// Visits so far.
    pub(super) fn visits(&self) -> u64 {
        let own = match &self.stage {
            Some(Stage::Solve(solver) | Stage::Blend(solver, _)) => solver.visits(),
            Some(Stage::Weave(wide, _)) => wide.visits(),
            Some(Stage::Collect(..)) | None => 0,
        };
        self.before + own
    }

    /// Works until `until` visits in total, or something is to be told: previews, only if these are wanted.
    pub(super) fn advance(&mut self, source: Source, until: u64, previews: bool) -> Result<Event> {
        let until = until.saturating_sub(self.before);
        let Some(stage) = self.stage.take() else { return Ok(Event::Working) };
        let (stage, event) = match stage {
            Stage::Solve(mut solver) => match solver.advance(source, until)? {
                solver::Event::Working => (Stage::Solve(solver), Event::Working),
                solver::Event::Guess(patch) => (Stage::Solve(solver), Event::Preview(patch)),
                solver::Event::Solved(patch) => {
                    self.before += solver.visits();
                    let Some(guide) = solver.guide() else { return Ok(Event::Filled(patch)) };
                    let event = if previews { Event::Preview(patch.clone()) } else { Event::Working };
                    (Stage::Collect(solver, guide, patch), event)
                }
            },
            Stage::Collect(solver, mut guide, patch) => {
                let begun = self.before;
                while self.before < begun + until && solver.guide_row(&mut guide) {
                    self.before += ROW_VISITS * u64::from(guide.area.width);
                }
                if guide.rows() < guide.area.height as usize {
                    (Stage::Collect(solver, guide, patch), Event::Working)
                } else {
                    let wide = Wide::new(source, guide, self.piece.area, self.quality, self.seed);
                    (Stage::Weave(Box::new(wide), patch), Event::Working)
                }
            }
            Stage::Weave(mut wide, patch) => match wide.advance(source, until) {
                wide::Event::Working => (Stage::Weave(wide, patch), Event::Working),
                wide::Event::Refined => {
                    let shown = previews && self.piece.bounds.area() <= MOST_SKETCHED;
                    let event =
                        if shown { Event::Preview(wide.sketch(source, self.piece.bounds)?) } else { Event::Working };
                    (Stage::Weave(wide, patch), event)
                }
                wide::Event::Nothing => {
                    self.before += wide.visits();
                    return Ok(Event::Filled(patch));
                }
                wide::Event::Told => {
                    self.before += wide.visits();
                    let guide = wide.into_guide();
                    let guided = Source { guide: Some(&guide), ..source };
                    let solver = Solver::new(guided, self.piece.bounds, Quality::Fast, false);
                    (Stage::Blend(solver, guide), Event::Working)
                }
            },
            Stage::Blend(mut solver, guide) => {
                match solver.advance(Source { guide: Some(&guide), ..source }, until)? {
                    solver::Event::Solved(patch) => {
                        self.before += solver.visits();
                        return Ok(Event::Filled(patch));
                    }
                    _ => (Stage::Blend(solver, guide), Event::Working),
                }
            }
        };
        self.stage = Some(stage);
        Ok(event)
    }
}
