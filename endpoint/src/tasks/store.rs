//! What is known of each task, in memory.
//!
//! Everything else sees only [`Tasks`] and copies of [`Record`], so that a store on disk can take
//! its place. Each record sits in a watch channel: who waits for its end is woken by the change.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use reweave::contract::{ReturnType, TaskData, state};
use tokio::sync::watch;
use uuid::Uuid;

use super::unix_now;

/// The tasks of this process.
#[derive(Default)]
pub(crate) struct Tasks(Mutex<HashMap<Uuid, watch::Sender<Record>>>);

/// What is known of a task. Times are unix seconds.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: Uuid,
    pub(crate) return_type: ReturnType,
    pub(crate) phase: Phase,
    pub(crate) created_at: i64,
    pub(crate) processed_at: Option<i64>,
    pub(crate) completed_at: Option<i64>,
}

/// Where a task is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    Queued,
    /// 1 to 99.
    Processing(u8),
    /// The id of its result.
    Done(Uuid),
    /// A state below 0 and the reason.
    Failed(i64, String),
}

impl Tasks {
    /// A new task, queued.
    pub(crate) fn create(&self, return_type: ReturnType) -> Record {
        self.insert(Record {
            id: Uuid::new_v4(),
            return_type,
            phase: Phase::Queued,
            created_at: unix_now(),
            processed_at: None,
            completed_at: None,
        })
    }

    /// A new task that failed before it was begun.
    pub(crate) fn create_failed(&self, return_type: ReturnType, state: i64, detail: String) -> Record {
        let record = self.create(return_type);
        self.advance(record.id, Phase::Failed(state, detail));
        self.get(record.id).unwrap_or(record)
    }

    /// Moves a task on and stamps the time. One that ended stays as it is.
    pub(crate) fn advance(&self, id: Uuid, phase: Phase) {
        let Some(sender) = self.lock().get(&id).cloned() else { return };
        sender.send_if_modified(|record| {
            let moves = !record.is_final() && record.phase != phase;
            if moves {
                record.processed_at = record.processed_at.or_else(|| (phase != Phase::Queued).then(unix_now));
                record.phase = phase;
                record.completed_at = record.is_final().then(unix_now);
            }
            moves
        });
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<Record> {
        self.lock().get(&id).map(|sender| sender.borrow().clone())
    }

    /// Waits until a task ends.
    pub(crate) async fn ended(&self, id: Uuid) -> Option<Record> {
        let mut receiver = self.lock().get(&id)?.subscribe();
        let record = receiver.wait_for(Record::is_final).await.ok()?.clone();
        Some(record)
    }

    /// Forgets the tasks that ended before `time`, and returns the ids of their results.
    pub(crate) fn sweep(&self, time: i64) -> Vec<Uuid> {
        let mut results = Vec::new();
        self.lock().retain(|_, sender| {
            let record = sender.borrow();
            let kept = record.completed_at.is_none_or(|completed| completed > time);
            if let (false, Phase::Done(result)) = (kept, &record.phase) {
                results.push(*result);
            }
            kept
        });
        results
    }

    fn insert(&self, record: Record) -> Record {
        self.lock().insert(record.id, watch::Sender::new(record.clone()));
        record
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, watch::Sender<Record>>> {
        // A panic elsewhere leaves the map whole: every change to it is one call.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    pub(crate) const fn is_final(&self) -> bool {
        matches!(self.phase, Phase::Done(_) | Phase::Failed(..))
    }

    /// As the contract has it; without the image, which depends on who asks.
    pub(crate) fn data(&self) -> TaskData {
        let (state, progress, detail) = match &self.phase {
            Phase::Queued => (state::QUEUED, 0, None),
            Phase::Processing(percent) => (state::PROCESSING, *percent, None),
            Phase::Done(_) => (state::DONE, 100, None),
            Phase::Failed(state, detail) => (*state, 0, Some(detail.clone())),
        };
        TaskData {
            task_id: Some(self.id.to_string()),
            state: Some(state),
            progress: Some(progress.into()),
            image: None,
            return_type: Some(self.return_type.number().into()),
            created_at: Some(self.created_at),
            processed_at: self.processed_at,
            completed_at: self.completed_at,
            state_detail: detail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_moves_on_and_never_back() {
        let tasks = Tasks::default();
        let id = tasks.create(ReturnType::Url).id;
        let data = || tasks.get(id).expect("known").data();
        assert_eq!((data().state, data().progress, data().processed_at), (Some(0), Some(0), None));
        tasks.advance(id, Phase::Processing(40));
        assert_eq!((data().state, data().progress, data().completed_at), (Some(4), Some(40), None));
        assert!(data().processed_at.is_some());
        tasks.advance(id, Phase::Failed(-8, "slow".into()));
        tasks.advance(id, Phase::Done(Uuid::new_v4()));
        assert_eq!((data().state, data().progress), (Some(-8), Some(0)));
        assert_eq!(data().state_detail.as_deref(), Some("slow"));
    }

    #[tokio::test]
    async fn who_waits_is_woken_by_the_end() {
        let tasks = std::sync::Arc::new(Tasks::default());
        let id = tasks.create(ReturnType::Url).id;
        let waiter = tokio::spawn({
            let tasks = tasks.clone();
            async move { tasks.ended(id).await }
        });
        tasks.advance(id, Phase::Processing(1));
        tokio::task::yield_now().await;
        tasks.advance(id, Phase::Failed(-1, "no".into()));
        let woken = tokio::time::timeout(std::time::Duration::from_secs(5), waiter).await;
        let record = woken.expect("woken").expect("no panic").expect("known");
        assert_eq!(record.phase, Phase::Failed(-1, "no".into()));
        assert!(tasks.ended(Uuid::new_v4()).await.is_none());
    }

    #[test]
    fn what_ended_is_swept_and_what_runs_is_kept() {
        let tasks = Tasks::default();
        let [done, failed, running] = [(); 3].map(|()| tasks.create(ReturnType::Url).id);
        let result = Uuid::new_v4();
        tasks.advance(done, Phase::Done(result));
        tasks.advance(failed, Phase::Failed(-1, String::new()));
        assert!(tasks.sweep(unix_now() - 10).is_empty());
        assert_eq!(tasks.sweep(unix_now()), [result]);
        assert!(tasks.get(done).is_none() && tasks.get(failed).is_none() && tasks.get(running).is_some());
    }
}
