//! The way of an accepted task to its end, whoever does the work.
//!
//! A [`Worker`] gets an [`Assignment`] and says how it ended. What it needs beside (a core, a
//! connection) it waits for itself. A shutdown is no end: the task is handed back, its record stays
//! unfinished, and the next start works on it.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use reweave::contract::state;

use super::{Place, Queue, Tasks};
use crate::blobs::Blobs;
use crate::config::Stop;
use crate::download::Downloads;
use crate::spool::Spool;
use crate::store::{Phase, Product, Record};

/// All that tasks need of the endpoint, from admission to their end.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) queue: Queue,
    pub(crate) tasks: Arc<Tasks>,
    pub(crate) blobs: Blobs,
    pub(crate) spool: Spool,
    pub(crate) downloads: Downloads,
    pub(crate) worker: Arc<dyn Worker>,
    pub(crate) stop: Stop,
}

/// What does the work of a task: our own fill, or a relay to another endpoint.
pub(crate) trait Worker: Send + Sync {
    /// Works until the task ends or a stop is set. The task may have been begun by an earlier run.
    fn work(&self, task: Arc<Assignment>) -> BoxFuture<'_, End>;
}

/// A task to be worked on. Its place in the queue is given back when the last of it is dropped.
pub(crate) struct Assignment {
    /// As it was when the work began.
    pub(crate) record: Record,
    pub(crate) blobs: Blobs,
    pub(crate) tasks: Arc<Tasks>,
    pub(crate) stop: Stop,
    _place: Place,
}

/// How the work ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Done(Product),
    /// A state below 0 and the reason.
    Failed(i64, String),
    /// Not at all: the endpoint shuts down.
    HandedBack,
}

/// Works on a task to its end. `place` is held until then.
pub(crate) async fn run(shop: Shop, record: Record, place: Place) {
    let id = record.id;
    let Shop { blobs, tasks, stop, .. } = shop;
    let task = Arc::new(Assignment { record, blobs, tasks, stop, _place: place });
    let phase = match shop.worker.work(task.clone()).await {
        End::Done(product) => Phase::Done(product),
        End::Failed(state, detail) => {
            tracing::info!(task = %id, state, %detail, "a task failed");
            Phase::Failed(state, detail)
        }
        End::HandedBack => return,
    };
    match task.tasks.end(id, phase).await {
        Ok(()) => task.blobs.remove_job(&task.record).await,
        Err(fault) => tracing::error!(task = %id, %fault, "the end of a task could not be kept"),
    }
}

/// Works on what an earlier run left, in the order in which it was given. Each takes a place as a
/// request does, so that there are never more at a time.
pub(crate) async fn resume(shop: Shop, unfinished: Vec<Record>) {
    if !unfinished.is_empty() {
        tracing::info!(tasks = unfinished.len(), "tasks of an earlier run are worked on");
    }
    let work = |record| {
        let shop = shop.clone();
        async move {
            if let Some(place) = shop.queue.place().await {
                run(shop, record, place).await;
            }
        }
    };
    stream::iter(unfinished).for_each_concurrent(None, work).await;
}

impl Assignment {
    /// Shows the progress of the work, from 0 to 1.
    pub(crate) fn progress(&self, fraction: f32) {
        // Reading and keeping have a share too: the work ends at 95.
        self.tasks.progress(self.record.id, (1.0 + 94.0 * fraction).clamp(1.0, 99.0) as u8);
    }

    /// Keeps the file of the result, which ends the work.
    pub(crate) async fn keep(&self, file: Bytes) -> End {
        match self.blobs.put_result(file).await {
            Ok(product) => End::Done(product),
            Err(error) => {
                tracing::error!(%error, "a result could not be kept");
                End::Failed(state::UPLOAD_FAILED, "the result could not be kept".into())
            }
        }
    }
}
