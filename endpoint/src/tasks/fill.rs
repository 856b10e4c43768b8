//! Our own work: decode, fill, composite, encode.
//!
//! It runs on a blocking thread and looks at its deadline at each step of the fill. The waiting
//! side keeps the same deadline, so that a task ends in time even where a step is long; the core is
//! given back only when the thread really ends.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use reweave::contract::state;
use reweave::picture::{Limits, Picture, apply};
use reweave::{Mask, fill};

use super::Queue;
use super::work::{Assignment, End, Worker};

/// Repairs with Reweave's own fill, one picture a core.
pub(crate) struct Fill {
    pub(crate) queue: Queue,
    pub(crate) processing: Duration,
}

impl Worker for Fill {
    fn work(&self, task: Arc<Assignment>) -> BoxFuture<'_, End> {
        Box::pin(self.repair(task))
    }
}

impl Fill {
    async fn repair(&self, task: Arc<Assignment>) -> End {
        let core = tokio::select! {
            biased;
            () = task.stop.wait() => return End::HandedBack,
            core = self.queue.core() => core,
        };
        task.progress(0.0);
        let (image, mask) = match inputs(&task).await {
            Ok(inputs) => inputs,
            Err(end) => return end,
        };
        let deadline = Deadline { at: Instant::now() + self.processing, after: self.processing };
        let thread = tokio::task::spawn_blocking({
            let task = task.clone();
            move || (repair(&image, mask, &mut |fraction| watch(&task, deadline, fraction)), core)
        });
        match tokio::time::timeout_at(deadline.at.into(), thread).await {
            Ok(Ok((Ok(png), _core))) => task.keep(png.into()).await,
            Ok(Ok((Err(end), _core))) => end,
            // A runtime that ends does not begin what waits for a thread.
            Ok(Err(end)) if end.is_cancelled() => End::HandedBack,
            Ok(Err(panic)) => {
                tracing::error!(task = %task.record.id, %panic, "a repair ended by a panic");
                End::Failed(state::FAILED, "a fault of the endpoint".into())
            }
            Err(_) => deadline.passed(),
        }
    }
}

/// When the work must have ended.
#[derive(Clone, Copy)]
struct Deadline {
    at: Instant,
    after: Duration,
}

impl Deadline {
    fn passed(self) -> End {
        End::Failed(state::TIMED_OUT, format!("the repair took more than {} s", self.after.as_secs()))
    }
}

/// The picture's file and the mask.
async fn inputs(task: &Assignment) -> Result<(Bytes, Mask), End> {
    let lost = |error: &dyn std::fmt::Display| {
        tracing::error!(task = %task.record.id, %error, "what a task works on could not be read");
        End::Failed(state::FAILED, "a fault of the endpoint".into())
    };
    let image = task.blobs.image(&task.record).await.map_err(|e| lost(&e))?;
    let bits = task.blobs.mask_bits(&task.record).await.map_err(|e| lost(&e))?;
    let job = task.record.job.as_ref().ok_or_else(|| lost(&"it has no job"))?;
    let mask = job.mask(bits.as_deref()).map_err(|e| lost(&e))?;
    Ok((image, mask))
}

/// Shows the progress and says whether to go on; if not, how the work ends.
fn watch(task: &Assignment, deadline: Deadline, fraction: f32) -> Result<(), End> {
    if task.stop.is_set() {
        return Err(End::HandedBack);
    }
    if Instant::now() >= deadline.at {
        return Err(deadline.passed());
    }
    task.progress(fraction);
    Ok(())
}

/// The repaired picture as PNG.
fn repair(image: &[u8], mask: Mask, watch: &mut dyn FnMut(f32) -> Result<(), End>) -> Result<Vec<u8>, End> {
    watch(0.0)?;
    let picture = Picture::decode(image, &Limits::CONTRACT);
    let picture = Arc::new(picture.map_err(|e| End::Failed(state::INVALID_PICTURE, e.to_string()))?);
    let mask = Arc::new(mask);
    watch(0.0)?;
    let mut broken_off = None;
    // Whoever sends a mask takes back what is marked in it, and may refuse a change beside it.
    let mut options = fill::Options::default();
    options.halo = false;
    // As many tasks as the machine has cores run side by side already.
    options.threads = 1;
    let filled = fill::run(picture.clone(), mask, &options, &mut |progress| match watch(progress.fraction) {
        Ok(()) => ControlFlow::Continue(()),
        Err(end) => {
            broken_off = Some(end);
            ControlFlow::Break(())
        }
    });
    if let Some(end) = broken_off {
        return Err(end);
    }
    let failed = |e: reweave::Error| End::Failed(state::FAILED, e.to_string());
    let filled = filled.map_err(failed)?;
    let mut picture = Arc::unwrap_or_clone(picture);
    apply(&mut picture, &filled.patches, &filled.region);
    drop(filled);
    watch(1.0)?;
    picture.encode_png().map_err(failed)
}
