//! What outlives the process: the record of each task, and which task a repeated request means.
//!
//! Everything else sees only [`Store`], so that a shared database can take the place of the file
//! ([`DiskStore`]). Progress is not kept: it is worth nothing after a restart and would cost a
//! write each time.

mod disk;
mod record;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use disk::DiskStore;
pub(crate) use record::{Claim, Job, Kind, Phase, Product, Record, Region, Upstream};

use futures_util::future::BoxFuture;
use uuid::Uuid;

pub(crate) type Result<T> = std::result::Result<T, Fault>;

/// Keeps records. What a future returned is durable: it survives the process and the machine.
pub(crate) trait Store: Send + Sync {
    /// Keeps a new task, unless its claim is an earlier one's: of two that race one is kept.
    fn create(&self, record: Record) -> BoxFuture<'_, Result<Created>>;

    /// Replaces the record of a task. One that ended stays as it is.
    fn update(&self, record: Record) -> BoxFuture<'_, Result<()>>;

    fn get(&self, id: Uuid) -> BoxFuture<'_, Result<Option<Record>>>;

    /// The task that carries this claim.
    fn claimed(&self, claim: Claim) -> BoxFuture<'_, Result<Option<Uuid>>>;

    /// Forgets the tasks that ended at `time` or before, with their claims, and returns them.
    fn remove_ended(&self, time: i64) -> BoxFuture<'_, Result<Vec<Record>>>;
}

/// What became of a new record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Created {
    New,
    /// Its claim was carried already, by this task.
    Earlier(Uuid),
}

/// Why the store cannot do its work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the store of tasks: {0}")]
pub(crate) struct Fault(String);
