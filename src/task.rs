//! One request from its start to its end: a sans-IO machine.
//!
//! Events and the time go in by `handle_*`; what is to be done comes out of [`Task::poll`]. It
//! holds no clock and no socket, so every delay, loss and reordering can be tested in virtual time.
//! Shape after quinn-proto's connection. Times are milliseconds of any one monotonic clock.

use crate::contract::{Delivered, Outcome, Reply};
use crate::error::{Error, Result};

/// How long things may take, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// From one poll's reply to the next poll.
    pub poll_interval: u64,
    /// From the create call to its reply: the upload and, where the endpoint waits for the result,
    /// 45 s more.
    pub create: u64,
    /// From the reply that carries the task id to the result.
    pub processing: u64,
    /// For one poll or for fetching the result.
    pub fetch: u64,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Send the create request, and answer with `handle_reply` or `handle_failure`.
    Create,
    /// Ask for the task, and answer likewise.
    Query {
        /// The id to ask for.
        task_id: String,
    },
    /// Fetch the result from its link, and answer with `handle_result` or `handle_failure`.
    Fetch {
        /// The link.
        link: String,
    },
    /// Nothing before this time, unless something arrives.
    Wait {
        /// When to poll again.
        until: u64,
    },
    /// The result's file.
    Done(Vec<u8>),
    /// The end without a result.
    Failed(Error),
}

/// One request on its way. After [`Action::Done`] or [`Action::Failed`] it says the same for ever.
#[derive(Debug)]
pub struct Task {
    timing: Timing,
    phase: Phase,
    /// Where the task has an id: when its time is over.
    deadline: Option<u64>,
    task_id: Option<String>,
    progress: u8,
}

#[derive(Debug)]
enum Phase {
    Start,
    Creating { until: u64 },
    Resting { until: u64 },
    Querying { until: u64 },
    Delivered { link: String },
    Fetching { until: u64 },
    Done(Vec<u8>),
    Failed(Error),
}

impl Default for Timing {
    /// The contract's: a poll each second, 30 s of processing; 2 minutes for an upload with 45 s of
    /// waiting in it, 30 s to fetch a result.
    fn default() -> Self {
        Self { poll_interval: 1_000, create: 120_000, processing: 30_000, fetch: 30_000 }
    }
}

impl Task {
    /// A task that has not begun.
    #[must_use]
    pub const fn new(timing: Timing) -> Self {
        Self { timing, phase: Phase::Start, deadline: None, task_id: None, progress: 0 }
    }

    /// What the endpoint last said of its progress, 0 to 100; it never runs backwards.
    #[must_use]
    pub const fn progress(&self) -> u8 {
        self.progress
    }

    /// What is to be done at `now`. Each of *Create*, *Query* and *Fetch* is said once.
    pub fn poll(&mut self, now: u64) -> Action {
        self.check_deadlines(now);
        match &mut self.phase {
            Phase::Start => {
                self.phase = Phase::Creating { until: now.saturating_add(self.timing.create) };
                Action::Create
            }
            Phase::Resting { until } if *until <= now => {
                self.phase = Phase::Querying { until: now.saturating_add(self.timing.fetch) };
                Action::Query { task_id: self.task_id.clone().unwrap_or_default() }
            }
            Phase::Delivered { link } => {
                let link = std::mem::take(link);
                self.phase = Phase::Fetching { until: now.saturating_add(self.timing.fetch) };
                Action::Fetch { link }
            }
            Phase::Done(bytes) => Action::Done(bytes.clone()),
            Phase::Failed(error) => Action::Failed(error.clone()),
            Phase::Creating { until }
            | Phase::Resting { until }
            | Phase::Querying { until }
            | Phase::Fetching { until } => {
                Action::Wait { until: self.deadline.map_or(*until, |deadline| deadline.min(*until)) }
            }
        }
    }

    /// A reply to *Create* or *Query*: the HTTP status and, where the body is JSON, the envelope;
    /// otherwise what came instead. One that nobody waits for is passed over.
    pub fn handle_reply(&mut self, now: u64, http_status: u16, body: Result<Reply, Error>) {
        if !matches!(self.phase, Phase::Creating { .. } | Phase::Querying { .. }) {
            return;
        }
        match judge(http_status, body) {
            Err(error) => self.phase = Phase::Failed(error),
            Ok(Outcome::Done(Delivered::Bytes(bytes))) => self.phase = Phase::Done(bytes),
            Ok(Outcome::Done(Delivered::Link(link))) => {
                // The result exists: the time for processing no longer counts.
                self.deadline = None;
                self.phase = Phase::Delivered { link };
            }
            Ok(Outcome::Pending { task_id, progress }) => self.rest(now, task_id, progress),
        }
    }

    /// The result's file, or the HTTP status of its link.
    pub fn handle_result(&mut self, http_status: u16, bytes: Vec<u8>) {
        if matches!(self.phase, Phase::Fetching { .. }) {
            self.phase = match http_status {
                200 => Phase::Done(bytes),
                status => Phase::Failed(Error::ResultStatus { status }),
            };
        }
    }

    /// No reply came at all.
    pub fn handle_failure(&mut self) {
        match self.phase {
            Phase::Creating { .. } | Phase::Querying { .. } => self.phase = Phase::Failed(Error::Unreachable),
            Phase::Fetching { .. } => self.phase = Phase::Failed(Error::ResultUnreachable),
            _ => {}
        }
    }

    /// The user does not want it any more.
    pub fn handle_cancel(&mut self) {
        if !matches!(self.phase, Phase::Done(_) | Phase::Failed(_)) {
            self.phase = Phase::Failed(Error::Cancelled);
        }
    }

    fn rest(&mut self, now: u64, task_id: Option<String>, progress: Option<u8>) {
        // A sibling repeats the id in each reply, another only in the first.
        self.task_id = self.task_id.take().or(task_id);
        if self.task_id.is_none() {
            self.phase = Phase::Failed(Error::ReplyIncomplete { field: "task_id".into() });
            return;
        }
        self.progress = self.progress.max(progress.unwrap_or(0));
        self.deadline = self.deadline.or(Some(now.saturating_add(self.timing.processing)));
        self.phase = Phase::Resting { until: now.saturating_add(self.timing.poll_interval) };
    }

    fn check_deadlines(&mut self, now: u64) {
        let seconds = |milliseconds: u64| u32::try_from(milliseconds / 1_000).unwrap_or(u32::MAX);
        let failed = |milliseconds| Phase::Failed(Error::Deadline { seconds: seconds(milliseconds) });
        match self.phase {
            Phase::Done(_) | Phase::Failed(_) => {}
            _ if self.deadline.is_some_and(|deadline| deadline <= now) => self.phase = failed(self.timing.processing),
            Phase::Creating { until } if until <= now => self.phase = failed(self.timing.create),
            Phase::Querying { until } | Phase::Fetching { until } if until <= now => {
                self.phase = failed(self.timing.fetch);
            }
            _ => {}
        }
    }
}

/// The HTTP status first; of a refusal the body may say why.
fn judge(http_status: u16, body: Result<Reply, Error>) -> Result<Outcome> {
    match (http_status, body) {
        (200, Ok(reply)) => reply.outcome(),
        (200, Err(error)) => Err(error),
        (status, body) => Err(Error::HttpStatus { status, message: body.ok().and_then(|reply| reply.message) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TaskData;
    use proptest::prelude::*;

    fn reply(data: TaskData) -> Result<Reply> {
        Ok(Reply { status: 200, message: None, data: Some(data) })
    }

    fn queued() -> Result<Reply> {
        reply(TaskData { task_id: Some("t".into()), ..TaskData::default() })
    }

    fn processing(progress: i64) -> Result<Reply> {
        reply(TaskData { state: Some(4), progress: Some(progress), ..TaskData::default() })
    }

    fn done(image: &str) -> Result<Reply> {
        reply(TaskData { state: Some(1), image: Some(image.into()), ..TaskData::default() })
    }

    fn query() -> Action {
        Action::Query { task_id: "t".into() }
    }

    #[test]
    fn the_whole_way() {
        let mut task = Task::new(Timing::default());
        assert_eq!(task.poll(0), Action::Create);
        assert_eq!(task.poll(1), Action::Wait { until: 120_000 });
        task.handle_reply(500, 200, queued());
        assert_eq!(task.poll(500), Action::Wait { until: 1_500 });
        assert_eq!(task.poll(1_500), query());
        task.handle_reply(1_600, 200, processing(40));
        assert_eq!(task.progress(), 40);
        assert_eq!(task.poll(2_600), query());
        task.handle_reply(2_700, 200, done("https://h/r"));
        assert_eq!(task.poll(2_700), Action::Fetch { link: "https://h/r".into() });
        task.handle_result(200, b"png".to_vec());
        assert_eq!(task.poll(2_800), Action::Done(b"png".to_vec()));
        task.handle_cancel();
        assert_eq!(task.poll(9_999_999), Action::Done(b"png".to_vec()));
    }

    #[test]
    fn an_endpoint_that_answers_at_once_is_not_polled() {
        let mut task = Task::new(Timing::default());
        task.poll(0);
        task.handle_reply(1, 200, done("aGk="));
        assert_eq!(task.poll(1), Action::Done(b"hi".to_vec()));
    }

    #[test]
    fn the_deadline_counts_from_the_reply_with_the_task_id() {
        let mut task = Task::new(Timing::default());
        task.poll(0);
        task.handle_reply(60_000, 200, queued());
        let mut now = 60_000;
        loop {
            match task.poll(now) {
                Action::Query { .. } => task.handle_reply(now, 200, processing(1)),
                Action::Wait { until } => now = until,
                Action::Failed(error) => break assert_eq!(error, Error::Deadline { seconds: 30 }),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(now, 90_000);
    }

    #[test]
    fn an_endpoint_that_never_answers_ends_too() {
        let mut task = Task::new(Timing::default());
        task.poll(0);
        assert_eq!(task.poll(120_000), Action::Failed(Error::Deadline { seconds: 120 }));
        task.handle_reply(120_001, 200, queued());
        assert_eq!(task.poll(120_001), Action::Failed(Error::Deadline { seconds: 120 }), "a late reply");
    }

    #[test]
    fn statuses_and_transport_are_kept_apart() {
        let end = |status, body| {
            let mut task = Task::new(Timing::default());
            task.poll(0);
            task.handle_reply(1, status, body);
            task.poll(1)
        };
        let html = || Err(Error::ReplyNotJson { found: "text/html".into() });
        assert_eq!(end(200, html()), Action::Failed(Error::ReplyNotJson { found: "text/html".into() }));
        for status in [400, 401, 403, 404, 413, 429, 500, 503] {
            assert_eq!(end(status, html()), Action::Failed(Error::HttpStatus { status, message: None }));
        }
        let refusal = Reply { status: 400, message: Some("no mask".into()), data: None };
        let expected = Error::HttpStatus { status: 400, message: Some("no mask".into()) };
        assert_eq!(end(400, Ok(refusal)), Action::Failed(expected));
        let failed = reply(TaskData { state: Some(-8), ..TaskData::default() });
        assert_eq!(end(200, failed), Action::Failed(Error::TaskFailed { state: -8, detail: None }));
    }

    #[test]
    fn a_link_that_fails_is_the_results_fault() {
        let at_link = || {
            let mut task = Task::new(Timing::default());
            task.poll(0);
            task.handle_reply(1, 200, done("http://h/r"));
            task.poll(1);
            task
        };
        let mut task = at_link();
        task.handle_result(403, Vec::new());
        assert_eq!(task.poll(2), Action::Failed(Error::ResultStatus { status: 403 }));
        let mut task = at_link();
        task.handle_failure();
        assert_eq!(task.poll(2), Action::Failed(Error::ResultUnreachable));
        let mut task = at_link();
        task.handle_cancel();
        task.handle_result(200, b"late".to_vec());
        assert_eq!(task.poll(2), Action::Failed(Error::Cancelled));
    }

    proptest! {
        /// Whatever a server does with replies, delays and losses: the task ends, in bounded time.
        #[test]
        fn it_always_ends(events in prop::collection::vec((0u64..40_000, 0u8..8), 0..200)) {
            let mut task = Task::new(Timing::default());
            let mut events = events.into_iter();
            let mut now = 0;
            for _ in 0..1_000 {
                match task.poll(now) {
                    Action::Done(_) | Action::Failed(_) => {
                        prop_assert!(now <= 120_000 + 30_000 + 30_000 + 40_000);
                        return Ok(());
                    }
                    Action::Wait { until } => {
                        prop_assert!(until > now, "a wait must wait");
                        now = until;
                    }
                    Action::Create | Action::Query { .. } | Action::Fetch { .. } => {
                        let (delay, kind) = events.next().unwrap_or((0, 7));
                        now += delay;
                        match kind {
                            0 | 1 => task.handle_reply(now, 200, queued()),
                            2 | 3 => task.handle_reply(now, 200, processing(i64::from(kind))),
                            4 => task.handle_reply(now, 200, done("https://h/r")),
                            5 => task.handle_result(200, vec![1]),
                            6 => task.handle_failure(),
                            _ => {}
                        }
                    }
                }
            }
            prop_assert!(false, "it did not end");
        }
    }
}
