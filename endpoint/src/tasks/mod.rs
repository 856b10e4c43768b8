//! Tasks: the queue (`queue`), whether a request can become one (`admission`), what is known of
//! those that run (`live`), what works on them (`work`), and our own work (`fill`).
//!
//! # What bounds the memory
//! A request holds one place of the [`Queue`] from the door to the end of its task. In its place it
//! has buffers and a record only: its body and what is downloaded for it lie on the disk, and so do
//! the picture and the mask of a task that waits. In memory they are only under a permit, and there
//! are as many of each kind as cores:
//! - a *reader* holds a body of 48 MB and what it decodes from it, or both files and a decoded mask:
//!   about 100 MB;
//! - a *core* holds the picture's file (15 MB), its samples (4096 × 4096 × up to 8 bytes = 128 MB),
//!   what the fill needs beside them, and the encoded result.
//!
//! So the bound is cores × (reader + core) + places × about half a megabyte, most of which is the
//! socket's buffer. Measured on 2 cores with 200 clients that send 15 MB each at the same time: 511 MB
//! at most as base64 in JSON, 433 MB as multipart, 522 MB as JSON through a relay. Results are sent in
//! pieces as links; as base64 they are whole in memory while they are sent, and not counted here.

mod admission;
mod fill;
mod live;
mod queue;
mod work;

pub(crate) use admission::{Accepted, Order, accept};
pub(crate) use fill::Fill;
pub(crate) use live::Tasks;
pub(crate) use queue::{Place, Queue};
pub(crate) use work::{Assignment, End, Shop, Worker, resume};

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
