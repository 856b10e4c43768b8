//! The one thread that writes: it takes all that is queued, commits once, and tells everybody.
//!
//! A commit waits for the disk (milliseconds). While it does, the next writes gather, so that a
//! hundred creates at once cost two or three commits, not a hundred.

use std::sync::Arc;
use std::thread::JoinHandle;

use redb::Database;
use tokio::sync::{mpsc, oneshot};

use super::disk::Tables;
use super::{Fault, Result};

/// Most writes of one commit, and most that wait for it.
const BATCH: usize = 1024;

/// Hands writes to the thread. Dropped, it waits for the last commit.
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Write>>>,
    thread: Option<JoinHandle<()>>,
}

/// A write that waits.
trait Write: Send {
    fn apply(&mut self, tables: &mut Tables<'_>) -> std::result::Result<(), redb::Error>;
    fn acknowledge(self: Box<Self>, end: &Result<()>);
}

/// A change of the tables with what it returns and who waits for that.
struct Change<C, T> {
    change: Option<C>,
    value: Option<T>,
    told: oneshot::Sender<Result<T>>,
}

impl Writer {
    pub(super) fn start(database: Arc<Database>) -> std::io::Result<Self> {
        let (queue, queued) = mpsc::channel(BATCH);
        let thread = std::thread::Builder::new().name("store".into()).spawn(move || write_all(&database, queued))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// What `change` returned, once it is on the disk.
    pub(super) async fn write<C, T>(&self, change: C) -> Result<T>
    where
        C: FnOnce(&mut Tables<'_>) -> std::result::Result<T, redb::Error> + Send + 'static,
        T: Send + 'static,
    {
        let gone = || Fault("its thread has ended".into());
        let (told, heard) = oneshot::channel();
        let write = Box::new(Change { change: Some(change), value: None, told });
        self.queue.as_ref().ok_or_else(gone)?.send(write).await.map_err(|_| gone())?;
        heard.await.map_err(|_| gone())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was told when it happened.
            let _ = thread.join();
        }
    }
}

fn write_all(database: &Database, mut queued: mpsc::Receiver<Box<dyn Write>>) {
    while let Some(first) = queued.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = queued.try_recv()
        {
            batch.push(next);
        }
        let end = commit(database, &mut batch).map_err(|error| Fault(error.to_string()));
        if let Err(fault) = &end {
            tracing::error!(%fault, writes = batch.len(), "nothing could be written");
        }
        batch.into_iter().for_each(|write| write.acknowledge(&end));
    }
}

/// All of a batch or nothing of it. redb's commit is durable unless told otherwise.
fn commit(database: &Database, batch: &mut [Box<dyn Write>]) -> std::result::Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut tables = Tables::open(&transaction)?;
        batch.iter_mut().try_for_each(|write| write.apply(&mut tables))?;
    }
    Ok(transaction.commit()?)
}

impl<C, T> Write for Change<C, T>
where
    C: FnOnce(&mut Tables<'_>) -> std::result::Result<T, redb::Error> + Send,
    T: Send,
{
    fn apply(&mut self, tables: &mut Tables<'_>) -> std::result::Result<(), redb::Error> {
        if let Some(change) = self.change.take() {
            self.value = Some(change(tables)?);
        }
        Ok(())
    }

    fn acknowledge(self: Box<Self>, end: &Result<()>) {
        let Self { value, told, .. } = *self;
        let value = end.clone().and_then(|()| value.ok_or_else(|| Fault("a write was left out".into())));
        // Who asked may have left.
        let _ = told.send(value);
    }
}
