//! The tasks that this process works on, in memory, above the store that keeps all of them.
//!
//! A live record sits in a watch channel: who waits for its end is woken by the change. Progress is
//! nowhere else. When a task ends, the store has it first; then it is told and forgotten here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use uuid::Uuid;

use crate::store::{Claim, Created, Phase, Record, Result, Store, Upstream};

/// All tasks.
pub(crate) struct Tasks {
    store: Arc<dyn Store>,
    live: Mutex<HashMap<Uuid, watch::Sender<Record>>>,
}

impl Tasks {
    /// With the unfinished tasks of an earlier run.
    pub(crate) fn new(store: Arc<dyn Store>, unfinished: &[Record]) -> Self {
        let live = unfinished.iter().map(|record| (record.id, watch::Sender::new(record.clone()))).collect();
        Self { store, live: Mutex::new(live) }
    }

    /// Keeps a new task, unless its claim is an earlier one's.
    pub(crate) async fn create(&self, record: Record) -> Result<Created> {
        let id = record.id;
        // Live before it is kept: who finds it by its claim must be able to wait for its end.
        if !record.is_final() {
            self.lock().insert(id, watch::Sender::new(record.clone()));
        }
        let created = self.store.create(record).await;
        if created != Ok(Created::New) {
            self.lock().remove(&id);
        }
        created
    }

    /// The task that carries this claim.
    pub(crate) async fn claimed(&self, claim: Claim) -> Result<Option<Record>> {
        match self.store.claimed(claim).await? {
            Some(id) => self.get(id).await,
            None => Ok(None),
        }
    }

    /// Shows how far the work is.
    pub(crate) fn progress(&self, id: Uuid, percent: u8) {
        if let Some(sender) = self.sender(id) {
            sender.send_if_modified(|record| record.advance(Phase::Processing(percent)));
        }
    }

    /// Keeps what is known of the task at another endpoint.
    pub(crate) async fn set_upstream(&self, id: Uuid, upstream: Upstream) -> Result<()> {
        let Some(sender) = self.sender(id) else { return Ok(()) };
        sender.send_modify(|record| record.upstream = upstream);
        let record = sender.borrow().clone();
        self.store.update(record).await
    }

    /// Ends a task and says whether that was kept. If it was not, it is told all the same, and worked
    /// on again after the next start.
    pub(crate) async fn end(&self, id: Uuid, phase: Phase) -> Result<()> {
        let Some(sender) = self.sender(id) else { return Ok(()) };
        let mut record = sender.borrow().clone();
        if !record.advance(phase) {
            return Ok(());
        }
        let kept = self.store.update(record.clone()).await;
        sender.send_replace(record);
        if kept.is_ok() {
            self.lock().remove(&id);
        }
        kept
    }

    pub(crate) async fn get(&self, id: Uuid) -> Result<Option<Record>> {
        let live = self.sender(id).map(|sender| sender.borrow().clone());
        if live.is_some() { Ok(live) } else { self.store.get(id).await }
    }

    /// Waits until a task is no longer worked on.
    pub(crate) async fn ended(&self, id: Uuid) {
        let Some(mut receiver) = self.sender(id).map(|sender| sender.subscribe()) else { return };
        // An error says that it was forgotten, which is an end too.
        let _ = receiver.wait_for(Record::is_final).await;
    }

    /// Forgets the tasks that ended at `time` or before, and returns them.
    pub(crate) async fn sweep(&self, time: i64) -> Result<Vec<Record>> {
        // An end that could not be kept.
        self.lock().retain(|_, sender| sender.borrow().completed_at.is_none_or(|completed| completed > time));
        self.store.remove_ended(time).await
    }

    fn sender(&self, id: Uuid) -> Option<watch::Sender<Record>> {
        self.lock().get(&id).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, watch::Sender<Record>>> {
        // A panic elsewhere leaves the map whole: every change to it is one call.
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{DiskStore, Job, Kind, Product, Region};
    use crate::tasks::unix_now;
    use reweave::contract::ReturnType;

    fn tasks(dir: &std::path::Path) -> Tasks {
        let (store, records) = DiskStore::open(dir).expect("opens");
        Tasks::new(Arc::new(store), &records)
    }

    async fn create(tasks: &Tasks) -> Uuid {
        let record = Record::new(ReturnType::Url, Job { width: 8, height: 8, region: Region::Mask }, None);
        assert_eq!(tasks.create(record.clone()).await, Ok(Created::New));
        record.id
    }

    async fn known(tasks: &Tasks, id: Uuid) -> Option<Phase> {
        tasks.get(id).await.expect("read").map(|record| record.phase)
    }

    #[tokio::test]
    async fn progress_is_live_and_an_end_is_kept() {
        let dir = tempfile::tempdir().expect("a folder");
        let tasks = tasks(dir.path());
        let id = create(&tasks).await;
        tasks.progress(id, 40);
        assert_eq!(known(&tasks, id).await, Some(Phase::Processing(40)));
        let failed = Phase::Failed(-1, "no".into());
        tasks.end(id, failed.clone()).await.expect("kept");
        tasks.progress(id, 50);
        let done = Phase::Done(Product { id: Uuid::new_v4(), kind: Kind::Png });
        tasks.end(id, done).await.expect("passed over");
        assert_eq!(known(&tasks, id).await, Some(failed));
        assert!(tasks.lock().is_empty(), "what ended is not kept in memory");
    }

    #[tokio::test]
    async fn who_waits_is_woken_by_the_end() {
        let dir = tempfile::tempdir().expect("a folder");
        let tasks = Arc::new(tasks(dir.path()));
        let id = create(&tasks).await;
        let waiter = tokio::spawn({
            let tasks = tasks.clone();
            async move { tasks.ended(id).await }
        });
        tasks.progress(id, 1);
        tokio::task::yield_now().await;
        assert!(!waiter.is_finished());
        tasks.end(id, Phase::Failed(-1, "no".into())).await.expect("kept");
        tokio::time::timeout(std::time::Duration::from_secs(5), waiter).await.expect("woken").expect("no panic");
        tasks.ended(Uuid::new_v4()).await;
    }

    #[tokio::test]
    async fn what_did_not_end_is_there_after_a_restart_and_what_ended_is_swept() {
        let dir = tempfile::tempdir().expect("a folder");
        let before = tasks(dir.path());
        let (running, done) = (create(&before).await, create(&before).await);
        before.progress(running, 40);
        before.set_upstream(running, Upstream::Sending).await.expect("kept");
        before.end(done, Phase::Failed(-1, String::new())).await.expect("kept");
        drop(before);
        let (store, records) = DiskStore::open(dir.path()).expect("opens");
        let unfinished: Vec<_> = records.into_iter().filter(|record| !record.is_final()).collect();
        let after = Tasks::new(Arc::new(store), &unfinished);
        let record = after.get(running).await.expect("read").expect("known");
        assert_eq!(record.upstream, Upstream::Sending);
        assert!(after.sweep(unix_now() - 10).await.expect("swept").is_empty());
        assert_eq!(after.sweep(unix_now()).await.expect("swept")[0].id, done);
        assert!(known(&after, done).await.is_none() && known(&after, running).await.is_some());
    }
}
