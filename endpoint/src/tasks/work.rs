//! The work of one task: decode, fill, composite, encode, keep.
//!
//! It runs on a blocking thread and looks at its deadline at each step of the fill. The waiting
//! side keeps the same deadline, so that a task ends in time even where a step is long; the core is
//! given back only when the thread really ends.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reweave::contract::state;
use reweave::picture::{Limits, Picture, apply};
use reweave::{Mask, fill};
use uuid::Uuid;

use super::queue::Place;
use super::store::{Phase, Tasks};
use super::{Queue, Results};
use crate::config::Stop;

/// A picture and what of it is to be repaired.
pub(crate) struct Job {
    pub(crate) image: Bytes,
    pub(crate) mask: Arc<Mask>,
}

/// All that a running task needs of the endpoint.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) queue: Queue,
    pub(crate) tasks: Arc<Tasks>,
    pub(crate) results: Results,
    pub(crate) stop: Stop,
    pub(crate) processing: Duration,
}

/// Runs a task to its end. `place` is held until then.
pub(crate) async fn run(shop: Shop, id: Uuid, job: Job, place: Place) {
    let permit = shop.queue.core().await;
    shop.tasks.advance(id, Phase::Processing(1));
    let deadline = Instant::now() + shop.processing;
    let work = tokio::task::spawn_blocking({
        let shop = shop.clone();
        move || {
            let _held = (permit, place);
            let mut watch = |fraction| shop.watch(id, deadline, fraction);
            let end = repair(&job, &mut watch).and_then(|png| keep(&shop.results, &png));
            end.map_or_else(|(state, detail)| Phase::Failed(state, detail), Phase::Done)
        }
    });
    let end = match tokio::time::timeout_at(deadline.into(), work).await {
        Ok(Ok(phase)) => phase,
        Ok(Err(panic)) => {
            tracing::error!(task = %id, %panic, "a repair ended by a panic");
            Phase::Failed(state::FAILED, "a fault of the endpoint".into())
        }
        Err(_) => Phase::Failed(state::TIMED_OUT, shop.too_slow()),
    };
    if let Phase::Failed(state, detail) = &end {
        tracing::info!(task = %id, state, %detail, "a task failed");
    }
    shop.tasks.advance(id, end);
}

impl Shop {
    /// Shows the progress and says whether to go on; if not, the state and the reason.
    fn watch(&self, id: Uuid, deadline: Instant, fraction: f32) -> Result<(), (i64, String)> {
        if self.stop.is_set() {
            return Err((state::FAILED, "the endpoint is shutting down".into()));
        }
        if Instant::now() >= deadline {
            return Err((state::TIMED_OUT, self.too_slow()));
        }
        // Decoding and encoding have a share too: the fill ends at 95.
        self.tasks.advance(id, Phase::Processing((1.0 + 94.0 * fraction).clamp(1.0, 99.0) as u8));
        Ok(())
    }

    fn too_slow(&self) -> String {
        format!("the repair took more than {} s", self.processing.as_secs())
    }
}

/// The repaired picture as PNG.
fn repair(job: &Job, watch: &mut dyn FnMut(f32) -> Result<(), (i64, String)>) -> Result<Vec<u8>, (i64, String)> {
    watch(0.0)?;
    let picture = Picture::decode(&job.image, &Limits::CONTRACT);
    let picture = Arc::new(picture.map_err(|e| (state::INVALID_PICTURE, e.to_string()))?);
    watch(0.0)?;
    let mut broken_off = None;
    let filled = fill::run(picture.clone(), job.mask.clone(), &fill::Options::default(), &mut |progress| match watch(
        progress.fraction,
    ) {
        Ok(()) => ControlFlow::Continue(()),
        Err(reason) => {
            broken_off = Some(reason);
            ControlFlow::Break(())
        }
    });
    if let Some(reason) = broken_off {
        return Err(reason);
    }
    let failed = |e: reweave::Error| (state::FAILED, e.to_string());
    let patches = filled.map_err(failed)?;
    let mut picture = Arc::unwrap_or_clone(picture);
    apply(&mut picture, &patches, &job.mask);
    drop(patches);
    watch(1.0)?;
    picture.encode_png().map_err(failed)
}

fn keep(results: &Results, png: &[u8]) -> Result<Uuid, (i64, String)> {
    results.put(png).map_err(|error| {
        tracing::error!(%error, "a result could not be kept");
        (state::UPLOAD_FAILED, "the result could not be kept".into())
    })
}
