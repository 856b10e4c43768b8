//! Tasks: what is known of each (`store`), their files (`results`), whether a request can become
//! one (`admission`), and the work itself (`work`).
//!
//! A request holds one place of the bounded [`Queue`] from the door to the end of its task: the
//! body, the download and the waiting count, so memory is bounded by the places. Of the places as
//! many work at a time as there are cores.

mod admission;
mod queue;
mod results;
mod store;
mod work;

pub(crate) use admission::{Admission, admit};
pub(crate) use queue::Queue;
pub(crate) use results::Results;
pub(crate) use store::{Phase, Record, Tasks};
pub(crate) use work::{Job, Shop, run};

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The two bounds of a task's life.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timing {
    /// How long the work may take.
    pub(crate) processing: Duration,
    /// How long a finished task is kept.
    pub(crate) keep: Duration,
}

/// Seconds since 1970; a clock before that counts as 1970.
pub(crate) fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
