//! The bounded queue.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Refusal, Result};

/// What a client is told to wait when the queue is full: a repair takes one to two seconds.
const RETRY_AFTER: u64 = 5;

/// Places for requests and, among them, cores for work.
#[derive(Clone)]
pub(crate) struct Queue {
    places: Arc<Semaphore>,
    waiting: usize,
    /// For the repairs, which may take 30 s each.
    cores: Arc<Semaphore>,
    /// For reading bodies and masks at the door, which must not wait behind repairs.
    readers: Arc<Semaphore>,
}

/// A place in the queue; dropping it gives it back.
pub(crate) struct Place(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

impl Queue {
    /// A queue in which `waiting` requests may wait beside those that are worked on.
    pub(crate) fn new(waiting: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            places: Arc::new(Semaphore::new(waiting + cores)),
            waiting,
            cores: Arc::new(Semaphore::new(cores)),
            readers: Arc::new(Semaphore::new(cores)),
        }
    }

    /// A place, or the refusal of a full queue.
    pub(crate) fn enter(&self) -> Result<Place> {
        let place = self.places.clone().try_acquire_owned();
        place.map(Place).map_err(|_| Refusal::Busy { waiting: self.waiting, retry_after: RETRY_AFTER })
    }

    /// Waits for a place: for tasks that were accepted by an earlier run.
    pub(super) async fn place(&self) -> Option<Place> {
        self.places.clone().acquire_owned().await.ok().map(Place)
    }

    /// Waits for a core to repair on.
    pub(crate) async fn core(&self) -> Option<OwnedSemaphorePermit> {
        // An error would say that the semaphore was closed, which nobody does.
        self.cores.clone().acquire_owned().await.ok()
    }

    /// Waits for a core to read a request on.
    pub(crate) async fn reader(&self) -> Option<OwnedSemaphorePermit> {
        self.readers.clone().acquire_owned().await.ok()
    }
}
