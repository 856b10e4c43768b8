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
//! | `work` | a part in work, with what it reads |
//! | `job` | the parts one after another, in steps |
//! | `crew` | the parts side by side, by threads |
//! | `loan` | parts that another worker fills, and how they get there |
//! | `samples` | samples ↔ cells: premultiplied, rounded, clamped |
//! | `level` | arrays and unknown runs of a grid level |
//! | `kernel` | row kernels |
//! | `program` | the passes of guess and cycles, in order |
//! | `solver` | runs them on one box, row by row |
//! | `distance` | distances from what is known |
//! | `thin` | what is thin, round by round, at half the size and at full size |
//! | `cover` | the squares over it, in their order |
//! | `grain` | what mixtures lack of grain, from near by |
//! | `cubic` | cells enlarged to pixels |
//! | `detail` | of strokes that are filled at a smaller scale |
//! | `edges` | edges of wide parts, where thin and wide meet |
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
mod cover;
#[cfg(not(target_arch = "wasm32"))]
mod crew;
mod cubic;
mod detail;
mod distance;
mod edges;
mod extrapolate;
mod grain;
mod grid;
mod group;
mod halo;
mod job;
mod kernel;
mod level;
mod loan;
mod mixture;
mod near;
mod nonlocal;
mod options;
mod order;
mod passes;
mod plan;
mod program;
mod reduce;
mod region;
mod samples;
mod solver;
mod spectrum;
mod spots;
mod strips;
mod thin;
mod wide;
mod work;

use std::ops::ControlFlow;
use std::sync::Arc;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::mask::Mask;
use crate::picture::{Patch, Picture};
pub use job::Fill;
pub use loan::Helper;
pub use options::{EXPAND, Options, Quality, SearchArea, THREADS};
pub use region::Added;

/// Bytes that a job, picture included, may need: wasm32 addresses 4 GiB, of which half a GB is
/// left to code, codecs and fragmentation. The same bound holds natively, so that a job that runs
/// in one place runs in the other.
pub const MAX_MEMORY: u64 = 3_500_000_000;

/// Cell visits of one step. A visit is one cell relaxed once or the like: measured 2 to 5 ns
/// natively and 3 to 8 in wasm, the more the shorter the runs. So about 6 ms, and 20 ms on a
/// machine three times slower.
const STEP_VISITS: u64 = 1_250_000;

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
    /// Parts that were lent are out: nothing can be done until they are back.
    Waiting(Progress),
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
    fill.is_watched = false;
    #[cfg(not(target_arch = "wasm32"))]
    crew::run(&mut fill, options.threads, on_progress)?;
    loop {
        let progress = match fill.step()? {
            Step::Working(progress) | Step::Preview(progress, _) | Step::Waiting(progress) => progress,
            Step::Done(patches) => {
                // The result is there: too late to break.
                let _ = on_progress(Progress { stage: Stage::Finish, fraction: 1.0 });
                return Ok(Filled { patches, region: Arc::clone(fill.region()), added: fill.added() });
            }
        };
        if on_progress(progress).is_break() {
            return Err(Error::Cancelled);
        }
    }
}
