//! The fill as a job: its parts one after another, in steps of some milliseconds.

use std::collections::VecDeque;
use std::sync::Arc;

use super::group::Event;
use super::loan::Loan;
use super::options::{Allowed, Options};
use super::order::{in_order, row_first};
use super::plan::{self, Part};
use super::region::{self, Added, Region};
use super::strips::strips;
use super::thin;
use super::wide::Wide;
use super::work::{Scene, Work};
use super::{MAX_MEMORY, Progress, Quality, STEP_VISITS, Stage, Step};
use crate::error::{Error, Result};
use crate::geometry::Rectangle;
use crate::mask::Mask;
use crate::picture::{self, Patch, Picture};

/// Visits between previews. A preview costs its receiver a redraw, and the next one is hardly
/// better: one in every 20 steps, about 120 ms.
const PREVIEW_VISITS: u64 = 20 * STEP_VISITS;

/// Bytes of working memory per pixel of a box, at most, for what is not near to marks takes little: 16 for its
/// values, 4 for those of half the size, 32 / 3 for values and right-hand sides of the coarser levels, up to 8 / 3 for
/// runs, 4 1/4 for distances, states and blocks of the thin stage at both sizes, and some for borders; while wide
/// parts are blended, 17 for what the patches say in place of the thin stage's.
const WORKING_BYTES: u64 = 50;

/// A fill job.
#[derive(Debug)]
pub struct Fill {
    region: Arc<Mask>,
    added: Added,
    /// What the parts of this turn are worked on with: the picture with what the turns before have filled.
    pub(super) scene: Scene,
    /// The parts that are left, turn by turn.
    parts: VecDeque<Part>,
    turn: u32,
    pub(super) current: Option<Work>,
    /// What others work on, and the number of the next loan.
    pub(super) lent: Vec<Loan>,
    pub(super) next_loan: u32,
    patches: Vec<Patch>,
    /// Whether anybody looks at previews.
    pub(super) is_watched: bool,
    /// How many of the patches are in the scene, and how many a preview has shown.
    known: usize,
    shown: usize,
    /// Visits expected for all parts and for what is done.
    expected: u64,
    finished: u64,
    /// Actual visits so far, and when the next preview is due.
    visits: u64,
    preview_at: u64,
    stage: Stage,
}

impl Fill {
    /// A job that repairs the marked pixels of `picture`. Plans, but computes no pixel yet.
    ///
    /// # Errors
    /// Those of [`Mask::check_for`], of the marks and of what they are grown to; [`Error::OutOfRange`] for
    /// growing by too much; [`Error::MaskSize`] and [`Error::SearchArea`] for a search area that does not
    /// fit; [`Error::Memory`] when more than [`MAX_MEMORY`] is needed.
    pub fn new(picture: Arc<Picture>, mask: Arc<Mask>, options: &Options) -> Result<Self> {
        options.check(picture.size())?;
        let Options { quality, seed, .. } = *options;
        let Region { mask, groups, added } = region::region(&picture, mask, options)?;
        let mut allowed = options.search_area.as_ref().map(|area| area.allowed(&mask));
        // A search area is as exact as it was drawn.
        let parts = plan::parts(&groups, &mask, quality, allowed.is_none());
        let mut searched = allowed.iter_mut().filter(|_| quality != Quality::Fast);
        searched.try_for_each(|allowed| allowed.settle(&mask, &parts))?;
        check_memory(&picture, &parts, allowed.as_ref())?;
        let expected = parts.iter().map(|part| part.expected).sum();
        Ok(Self {
            region: Arc::clone(&mask),
            added,
            scene: Scene { picture, mask, allowed: allowed.map(Arc::new), quality, seed },
            parts: parts.into(),
            turn: 0,
            current: None,
            lent: Vec::new(),
            next_loan: 0,
            patches: Vec::new(),
            is_watched: true,
            known: 0,
            shown: 0,
            expected,
            finished: 0,
            visits: 0,
            preview_at: 0,
            stage: Stage::Plan,
        })
    }

    /// What is filled: the marks, what they were grown by, and the rim that was taken in. No other pixel
    /// changes.
    #[must_use]
    pub const fn region(&self) -> &Arc<Mask> {
        &self.region
    }

    /// How many pixels of it are not marked.
    #[must_use]
    pub const fn added(&self) -> Added {
        self.added
    }

    /// Works on for at most about 20 ms in wasm.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when the job has ended.
    pub fn step(&mut self) -> Result<Step> {
        if self.stage == Stage::Finish {
            return Err(Error::OutOfOrder { call: "step".into(), reason: "the fill has ended".into() });
        }
        let until = self.visits + STEP_VISITS;
        while self.visits < until {
            let Some(mut work) = self.next_work()? else { return Ok(self.out_of_parts()) };
            let before = work.visits();
            let previews = self.shows_previews() && self.visits >= self.preview_at;
            let event = work.advance(until - self.visits, previews)?;
            self.visits += work.visits() - before;
            if work.is_solving() {
                self.stage = Stage::Solve;
            }
            match event {
                Event::Filled(patch) => {
                    self.count(work.part().expected);
                    self.keep(patch);
                }
                Event::Preview(patch) => {
                    self.current = Some(work);
                    return Ok(Step::Preview(self.progress(), self.preview(Some(patch))));
                }
                Event::Working => self.current = Some(work),
            }
        }
        Ok(Step::Working(self.progress()))
    }

    /// The part to go on with.
    fn next_work(&mut self) -> Result<Option<Work>> {
        if self.current.is_some() {
            return Ok(self.current.take());
        }
        let Some(part) = self.next_part() else { return Ok(None) };
        let show_guess = self.shows_previews() && self.visits + part.expected >= self.preview_at;
        Work::new(self.scene.clone(), part, show_guess).map(Some)
    }

    /// The next part that can be begun; none while it has to wait for others.
    pub(super) fn next_part(&mut self) -> Option<Part> {
        let turn = self.parts.front()?.turn;
        if turn != self.turn {
            if self.current.is_some() || !self.lent.is_empty() {
                return None;
            }
            self.begin(turn);
        }
        self.parts.pop_front()
    }

    /// What is filled is known from now on.
    fn begin(&mut self, turn: u32) {
        let (picture, mask) = (Arc::make_mut(&mut self.scene.picture), Arc::make_mut(&mut self.scene.mask));
        let filled = &self.patches[self.known..];
        picture::apply(picture, filled, mask);
        filled.iter().for_each(|patch| mask.fill_rectangle(patch.bounds(), false));
        self.known = self.patches.len();
        self.turn = turn;
    }

    fn out_of_parts(&mut self) -> Step {
        if !self.lent.is_empty() {
            // What others have filled by now is to be seen.
            let is_due = self.shown < self.patches.len() && self.shows_previews() && self.visits >= self.preview_at;
            return if is_due {
                Step::Preview(self.progress(), self.preview(None))
            } else {
                Step::Waiting(self.progress())
            };
        }
        self.stage = Stage::Finish;
        let patches = std::mem::take(&mut self.patches);
        // Whoever filled them, and whenever.
        Step::Done(in_order(patches, |patch| row_first(patch.bounds().x, patch.bounds().y)))
    }

    /// All parts of the next turn, and what they are worked on with.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn take_turn(&mut self) -> Option<(Scene, Vec<Part>)> {
        let parts: Vec<_> = std::iter::once(self.next_part()?).chain(self.rest_of_turn(u64::MAX)).collect();
        Some((self.scene.clone(), parts))
    }

    /// How many parts are left.
    pub(super) fn waiting(&self) -> usize {
        self.parts.len()
    }

    /// Whether more than so many visits are expected for the parts that are left.
    pub(super) fn is_long(&self, visits: u64) -> bool {
        self.parts.iter().map(|part| part.expected).sum::<u64>() > visits
    }

    /// The parts of this turn that are left, up to so many visits.
    pub(super) fn rest_of_turn(&mut self, visits: u64) -> Vec<Part> {
        let mut sum = 0;
        let more = |part: &&Part| {
            sum += part.expected;
            part.turn == self.turn && sum <= visits
        };
        let count = self.parts.iter().take_while(more).count();
        self.parts.drain(..count).collect()
    }

    /// Visits expected for the parts of this turn that are left.
    pub(super) fn left_of_turn(&self) -> u64 {
        self.parts.iter().take_while(|part| part.turn == self.turn).map(|part| part.expected).sum()
    }

    /// Parts that were taken and are not filled.
    pub(super) fn put_back(&mut self, parts: Vec<Part>) {
        parts.into_iter().rev().for_each(|part| self.parts.push_front(part));
    }

    /// Others have worked for so long: the next preview is due the sooner.
    pub(super) fn work_elsewhere(&mut self, visits: u64) {
        self.visits += visits;
    }

    /// So much more of what is expected is done.
    pub(super) fn count(&mut self, visits: u64) -> Progress {
        self.finished += visits;
        self.progress()
    }

    /// A part is filled.
    pub(super) fn keep(&mut self, patch: Patch) -> Progress {
        self.stage = Stage::Solve;
        self.patches.extend(strips(patch, &self.region));
        self.progress()
    }

    /// What is done within a step or two needs no preview.
    fn shows_previews(&self) -> bool {
        self.is_watched && self.expected - self.finished > 2 * STEP_VISITS
    }

    /// What was finished since the last preview, and the guess of the part in work.
    fn preview(&mut self, guess: Option<Patch>) -> Vec<Patch> {
        let mut patches = self.patches[self.shown..].to_vec();
        patches.extend(guess);
        self.shown = self.patches.len();
        self.preview_at = self.visits + PREVIEW_VISITS;
        patches
    }

    fn progress(&self) -> Progress {
        let in_work = self.current.as_ref().map_or(0, Work::counted);
        // Never above 1: the parts are those of the sum. 24 bits are enough to show.
        let fraction = (self.finished + in_work) as f32 / self.expected.max(1) as f32;
        Progress { stage: self.stage, fraction: fraction.min(1.0) }
    }
}

/// Picture and mask, again if a group is cut, the largest working box, the patches, and as much again for a
/// preview.
fn check_memory(picture: &Picture, parts: &[Part], allowed: Option<&Allowed>) -> Result<()> {
    let pixels = |bounds: Rectangle| (u64::from(bounds.width) + 2) * (u64::from(bounds.height) + 2);
    let working = |part: &Part| pixels(part.bounds.grown(thin::REACH * part.scale, picture.size()));
    let memory = |part: &Part| (working(part) * WORKING_BYTES).max(Wide::memory(part, picture.size(), allowed));
    let largest = parts.iter().map(memory).max().unwrap_or(0);
    let all: u64 = parts.iter().map(|part| pixels(part.kept)).sum();
    let pixel_bytes = u64::from(picture.channels()) * picture.samples().depth_bytes();
    let whole = picture.memory() + picture.size().area() / 8;
    let copies = if parts.iter().any(|part| part.turn > 0) { 2 } else { 1 };
    let needed = copies * whole + largest + 2 * all * pixel_bytes;
    if needed > MAX_MEMORY {
        return Err(Error::Memory { needed, max: MAX_MEMORY });
    }
    Ok(())
}
