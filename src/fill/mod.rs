//! The fill engine: a resumable job that continues the surroundings into the marked region.
//!
//! [`Fill::new`] plans, [`Fill::step`] works for a bounded time and is called again and again,
//! [`run`] does so to the end. The answer is patches of the region's boxes, never a second whole
//! picture.
//!
//! **Method.** Harmonic (membrane) interpolation of the stored values: inside the region the
//! Laplacian is 0, its known neighbours are Dirichlet data, no flux leaves through the picture's
//! border. Each channel of each connected piece is as smooth as can be, stays inside the range of
//! its ring (maximum principle), and constants and linear gradients continue exactly. It is solved
//! by multigrid (see `solver`) to an error that cannot be seen, so the time grows with the number of
//! pixels, however wide the hole. Thin damage is then filled by frequency-selective extrapolation
//! (see `thin`), which carries edges and patterns across where a membrane is flat, and wide damage by
//! patches of the surroundings (see `wide`), over which a membrane takes the seam away.
//!
//! | file | stage |
//! |---|---|
//! | `options` | what can be chosen |
//! | `region` | what is filled: the marks, grown, and |
//! | `halo` | the rim of what is removed |
//! | `plan` | pieces of the mask → boxes that are solved one after another, and at which scale |
//! | `reduce` | a box at a smaller scale, and what was found there enlarged again |
//! | `samples` | samples ↔ cells: premultiplied, rounded, clamped |
//! | `level` | arrays and unknown runs of a grid level |
//! | `kernel` | row kernels |
//! | `program` | the passes of guess and cycles, in order |
//! | `solver` | runs them on one box, row by row |
//! | `distance` | distances from what is known |
//! | `thin` | what is thin, cut into blocks, in their order |
//! | `blocks` | windows around blocks, what comes out of them |
//! | `extrapolate` | a window as a sum of few waves |
//! | `spectrum` | Fourier transforms |
//! | `wide` | what is wide, put together from patches |
//! | `group` | the stages of one box, one after another |
//!
//! **Rejected.** Biharmonic interpolation continues slopes and gains on thin
//! damage, but overshoots on noise beside wide holes (no maximum principle, so clamping shows),
//! its condition grows with the fourth power of the width, and multigrid for it is delicate at
//! irregular borders. Telea's and the Navier-Stokes marching of OpenCV leave streaks and cost more.
//! Conjugate gradients need global sums, whose order would have to be fixed, and more iterations
//! the wider the hole. Over-relaxation likewise.
//!
//! **Deterministic.** The same input gives the same bytes natively and in wasm, however the job is
//! cut into steps: additions, multiplications, divisions and square roots of f32 in a fixed order, no
//! FMA, no transcendental function, no clock, and chance from the seed alone.

mod alike;
mod blocks;
mod distance;
mod extrapolate;
mod group;
mod halo;
mod kernel;
mod level;
mod mixture;
mod nonlocal;
mod options;
mod plan;
mod program;
mod reduce;
mod region;
mod samples;
mod solver;
mod spectrum;
mod thin;
mod wide;

use std::ops::ControlFlow;
use std::sync::Arc;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::geometry::Rectangle;
use crate::mask::Mask;
use crate::picture::{self, Patch, Picture};
use group::{Event, Group};
use options::Allowed;
pub use options::{EXPAND, Options, Quality, SearchArea};
use plan::Part;
pub use region::Added;
use region::Region;
use solver::{Solver, Source};
use thin::Thin;
use wide::Wide;

/// Bytes that a job, picture included, may need: wasm32 addresses 4 GiB, of which half a GB is
/// left to code, codecs and fragmentation. The same bound holds natively, so that a job that runs
/// in one place runs in the other.
pub const MAX_MEMORY: u64 = 3_500_000_000;

/// Cell visits of one step. A visit is one cell relaxed once or the like: measured 2 to 5 ns
/// natively and 3 to 8 in wasm, the more the shorter the runs. So about 6 ms, and 20 ms on a
/// machine three times slower.
const STEP_VISITS: u64 = 1_250_000;

/// Visits between previews. A preview costs its receiver a redraw, and the next one is hardly
/// better: one in every 20 steps, about 120 ms.
const PREVIEW_VISITS: u64 = 20 * STEP_VISITS;

/// Bytes of working memory per pixel of a box: 16 for its values, 32 / 3 for values and right-hand
/// sides of the coarser levels, up to 8 / 3 for runs, 3 3/8 for distances, states and blocks of the thin
/// stage, and some for borders; while wide parts are blended, 17 for what the patches say in place of
/// the thin stage's.
const WORKING_BYTES: u64 = 50;

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Stage {
    /// Reading the surroundings of the first box.
    Plan,
    /// Continuing them into the region.
    Solve,
    /// Everything is solved.
    Finish,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// 0 to 1 over the whole job; never runs backwards.
    pub fraction: f32,
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// More steps are needed.
    Working(Progress),
    /// More steps are needed, and this is how parts of the region look so far.
    Preview(Progress, Vec<Patch>),
    /// The job has ended. The patches do not overlap and hold every pixel of the region.
    Done(Vec<Patch>),
}

/// What [`run`] answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// The repaired boxes, which do not overlap.
    pub patches: Vec<Patch>,
    /// Where they are to be taken, as [`Fill::region`].
    pub region: Arc<Mask>,
    /// How many pixels of that are not marked.
    pub added: Added,
}

/// A fill job.
#[derive(Debug)]
pub struct Fill {
    picture: Arc<Picture>,
    /// What is filled.
    mask: Arc<Mask>,
    added: Added,
    allowed: Option<Allowed>,
    quality: Quality,
    seed: u32,
    /// The groups that are left and the visits expected for each.
    parts: std::vec::IntoIter<(Part, u64)>,
    /// The part in work and the visits expected for it.
    current: Option<(Part, Group, u64)>,
    /// For groups that are cut: the picture with the parts that are done, and what is left to do.
    overlay: Option<(Picture, Mask)>,
    patches: Vec<Patch>,
    /// How many of the patches a preview has shown.
    shown: usize,
    /// Visits expected for all groups and for the finished ones.
    expected: u64,
    finished: u64,
    /// Actual visits so far, and when the next preview is due.
    visits: u64,
    preview_at: u64,
    stage: Stage,
}

impl Stage {
    /// Its name in the serialised form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Solve => "solve",
            Self::Finish => "finish",
        }
    }
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
        let allowed = options.search_area.as_ref().map(|area| area.allowed(&mask));
        // A search area is as exact as it was drawn.
        let parts = plan::parts(&groups, &mask, quality, allowed.is_none());
        allowed.iter().filter(|_| quality != Quality::Fast).try_for_each(|allowed| allowed.check(&mask, &parts))?;
        check_memory(&picture, &parts, quality, allowed.as_ref())?;
        let parts: Vec<_> = parts.into_iter().map(|part| (part, expected_visits(&part, &mask, quality))).collect();
        let expected = parts.iter().map(|(_, visits)| visits).sum();
        Ok(Self {
            picture,
            mask,
            added,
            allowed,
            quality,
            seed,
            parts: parts.into_iter(),
            current: None,
            overlay: None,
            patches: Vec::new(),
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
        &self.mask
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
            let Some((part, mut group, expected)) = self.next_part()? else {
                self.stage = Stage::Finish;
                return Ok(Step::Done(std::mem::take(&mut self.patches)));
            };
            let before = group.visits();
            let previews = self.shows_previews() && self.visits >= self.preview_at;
            let event = group.advance(self.source(part), before + until - self.visits, previews)?;
            self.visits += group.visits() - before;
            match event {
                Event::Filled(patch) => {
                    self.stage = Stage::Solve;
                    let patch = self.keep(part, patch)?;
                    self.patches.push(patch);
                    self.finished += expected;
                }
                Event::Preview(patch) => {
                    self.stage = Stage::Solve;
                    self.current = Some((part, group, expected));
                    return Ok(Step::Preview(self.progress(), self.preview(patch)));
                }
                Event::Working => self.current = Some((part, group, expected)),
            }
        }
        Ok(Step::Working(self.progress()))
    }

    /// The part to go on with.
    fn next_part(&mut self) -> Result<Option<(Part, Group, u64)>> {
        if self.current.is_some() {
            return Ok(self.current.take());
        }
        let Some((part, expected)) = self.parts.next() else { return Ok(None) };
        let show_guess = self.shows_previews() && self.visits + expected >= self.preview_at;
        if part.cut && self.overlay.is_none() {
            self.overlay = Some((Picture::clone(&self.picture), Mask::clone(&self.mask)));
        }
        let group = Group::new(self.source(part), part, self.quality, self.seed, show_guess)?;
        Ok(Some((part, group, expected)))
    }

    fn source(&self, part: Part) -> Source<'_> {
        let (picture, mask) = match &self.overlay {
            Some((picture, mask)) if part.cut => (picture, mask),
            _ => (&*self.picture, &*self.mask),
        };
        Source { picture, mask, scale: 1, guide: None, allowed: self.allowed.as_ref() }
    }

    /// What is kept of a part's patch; the parts that follow know it.
    fn keep(&mut self, part: Part, patch: Patch) -> Result<Patch> {
        let Some((picture, mask)) = self.overlay.as_mut().filter(|_| part.cut) else { return Ok(patch) };
        picture::apply(picture, &[patch], mask);
        mask.fill_rectangle(part.kept, false);
        Patch::of(picture, part.kept)
    }

    /// What is done within a step or two needs no preview.
    fn shows_previews(&self) -> bool {
        self.expected - self.finished > 2 * STEP_VISITS
    }

    /// The guess of the group in work and what was finished since the last preview.
    fn preview(&mut self, guess: Patch) -> Vec<Patch> {
        let mut patches = self.patches[self.shown..].to_vec();
        patches.push(guess);
        self.shown = self.patches.len();
        self.preview_at = self.visits + PREVIEW_VISITS;
        patches
    }

    fn progress(&self) -> Progress {
        let in_work = self.current.as_ref().map_or(0, |(_, group, expected)| group.visits().min(*expected));
        // Never above 1: the parts are those of the sum. 24 bits are enough to show.
        let fraction = (self.finished + in_work) as f32 / self.expected.max(1) as f32;
        Progress { stage: self.stage, fraction: fraction.min(1.0) }
    }
}

/// Fills to the end. `on_progress` is called after every step and can break it off.
///
/// # Errors
/// Those of [`Fill::new`]; [`Error::Cancelled`] when `on_progress` broke.
pub fn run(
    picture: Arc<Picture>,
    mask: Arc<Mask>,
    options: &Options,
    on_progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Filled> {
    let mut fill = Fill::new(picture, mask, options)?;
    loop {
        let progress = match fill.step()? {
            Step::Working(progress) | Step::Preview(progress, _) => progress,
            Step::Done(patches) => {
                // The result is there: too late to break.
                let _ = on_progress(Progress { stage: Stage::Finish, fraction: 1.0 });
                return Ok(Filled { patches, region: fill.mask, added: fill.added });
            }
        };
        if on_progress(progress).is_break() {
            return Err(Error::Cancelled);
        }
    }
}

fn expected_visits(part: &Part, mask: &Mask, quality: Quality) -> u64 {
    let Part { bounds, area, scale, .. } = *part;
    let pixels = bounds.grown(solver::reach(quality) * scale, mask.size()).area();
    if quality == Quality::Fast {
        return Solver::expected_visits(pixels, area);
    }
    let thin = plan::thin_pixels(mask, part, 2 * thin::HALF_WIDTH * scale);
    let cells = |pixels: u64| pixels / u64::from(scale * scale);
    let visits = Solver::expected_visits(cells(pixels), cells(area))
        + Thin::expected_visits(cells(thin), quality)
        + Wide::expected_visits(area - thin, quality);
    if scale == 1 { visits } else { visits + 2 * pixels + Solver::expected_visits(2 * bounds.area(), area / 2) }
}

/// Picture and mask, again if a group is cut, the largest working box, the patches, and as much again for a
/// preview.
fn check_memory(picture: &Picture, parts: &[Part], quality: Quality, allowed: Option<&Allowed>) -> Result<()> {
    let pixels = |bounds: Rectangle| (u64::from(bounds.width) + 2) * (u64::from(bounds.height) + 2);
    let working = |part: &Part| pixels(part.bounds.grown(solver::reach(quality) * part.scale, picture.size()));
    let memory = |part: &Part| (working(part) * WORKING_BYTES).max(Wide::memory(part, picture.size(), allowed));
    let largest = parts.iter().map(memory).max().unwrap_or(0);
    let all: u64 = parts.iter().map(|part| pixels(part.kept)).sum();
    let pixel_bytes = u64::from(picture.channels()) * picture.samples().depth_bytes();
    let whole = picture.memory() + picture.size().area() / 8;
    let copies = if parts.iter().any(|part| part.cut) { 2 } else { 1 };
    let needed = copies * whole + largest + 2 * all * pixel_bytes;
    if needed > MAX_MEMORY {
        return Err(Error::Memory { needed, max: MAX_MEMORY });
    }
    Ok(())
}
