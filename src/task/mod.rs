//! One request from its start to its end: a sans-IO machine.
//!
//! Events and the time go in by `handle_*`; what is to be done comes out of [`Task::poll`]. It
//! holds no clock, no socket and no randomness, so every delay, loss and reordering can be tested
//! in virtual time. Shape after quinn-proto's connection. Times are milliseconds of any one
//! monotonic clock.
//!
//! What may be sent again, and when:
//!
//! | request | over the rate (429, throttling 403) | fault (500, 502, 503, 504, no reply) |
//! |---|---|---|
//! | create | yes, within `patience` | only where the endpoint knows our idempotency key |
//! | poll | yes, within `processing` | yes, within `processing` |
//! | result | yes, once | yes, once |
//!
//! A wait is the endpoint's `Retry-After` where it gives one, else exponential with jitter ("equal
//! jitter": half of it fixed, half of it random). Each request carries a ticket; a reply to any but
//! the last one was given up already and is passed over.

#[cfg(test)]
mod tests;

use crate::contract::{Answers, Delivered, Outcome, Response, Timing, Verdict, expiry};
use crate::error::Error;
use crate::limiter::Limiter;

/// What is known of the endpoint that a task runs at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How it answers a create request.
    pub answers: Answers,
    /// Whether a create may be sent twice: it carries an idempotency key that the endpoint knows.
    pub repeats_create: bool,
    /// How long things may take.
    pub timing: Timing,
}

/// Names one request: a reply comes back with the ticket of what it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket(u32);

/// What is to be done next.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Send the create request, and answer with `handle_response` or `handle_failure`.
    Create(Ticket),
    /// Ask for the task, and answer likewise.
    Query(Ticket, String),
    /// Fetch the result from its link, and answer with `handle_result` or `handle_failure`.
    Fetch(Ticket, String),
    /// Nothing before this time, unless something arrives.
    Wait {
        /// When to poll again.
        until: u64,
    },
    /// The result. It is handed over once.
    Done(Delivery),
    /// The end without a result.
    Failed(Error),
}

/// A result and where it came from.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The file, as bytes or in base64.
    pub file: Delivered,
    /// The link that it was fetched from, if there was one: signed, so as good as the file.
    pub link: Option<String>,
}

/// One request on its way.
#[derive(Debug)]
pub struct Task {
    rules: Rules,
    random: u64,
    phase: Phase,
    ticket: u32,
    /// When patience ends, whatever is being done.
    bound: Option<Bound>,
    task_id: Option<String>,
    progress: u8,
    /// Failed tries since the last good reply, and what the last of them said.
    tries: u32,
    fault: Option<Error>,
    /// When a create was first not accepted.
    refused_at: Option<u64>,
}

#[derive(Debug)]
enum Phase {
    Ready { what: What, from: u64 },
    Flying { what: What, until: u64 },
    Done(Option<Delivery>),
    Failed(Error),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Create,
    Query,
    Fetch(String),
}

#[derive(Debug, Clone, Copy)]
struct Bound {
    at: u64,
    milliseconds: u64,
}

/// The longest wait that is chosen here, in milliseconds.
const LONGEST_WAIT: u64 = 16_000;

/// How often a result is fetched: a link that a page may not read fails at once and every time.
const FETCH_TRIES: u32 = 2;

impl Task {
    /// A task that has not begun. `seed` is any number; it spreads the waits of many clients.
    #[must_use]
    pub const fn new(rules: Rules, seed: u64) -> Self {
        Self {
            rules,
            random: seed,
            phase: Phase::Ready { what: What::Create, from: 0 },
            ticket: 0,
            bound: None,
            task_id: None,
            progress: 0,
            tries: 0,
            fault: None,
            refused_at: None,
        }
    }

    /// A task that was created earlier, under this id: it is asked for.
    #[must_use]
    pub fn resumed(rules: Rules, seed: u64, now: u64, task_id: String) -> Self {
        let mut task = Self::new(rules, seed);
        task.task_id = Some(task_id);
        task.bound = Some(Bound::after(now, rules.timing.processing));
        task.phase = Phase::Ready { what: What::Query, from: now };
        task
    }

    /// What the endpoint last said of its progress, 0 to 100; it never runs backwards.
    #[must_use]
    pub const fn progress(&self) -> u8 {
        self.progress
    }

    /// Its id at the endpoint, once it has one.
    #[must_use]
    pub fn task_id(&self) -> Option<&str> {
        self.task_id.as_deref()
    }

    /// Whether a create or a poll is to be sent at `now`. Where many tasks wait in one line for their
    /// turn, this is asked first, so that nothing is sent, and no time for a reply begins, before it.
    #[must_use]
    pub const fn is_due(&self, now: u64) -> bool {
        matches!(&self.phase, Phase::Ready { what: What::Create | What::Query, from } if *from <= now)
    }

    /// What is to be done at `now`. Creates and polls are counted by `limiter`, which all tasks of
    /// one account share.
    pub fn poll(&mut self, now: u64, limiter: &mut Limiter) -> Action {
        self.check_deadlines(now);
        match &mut self.phase {
            Phase::Ready { what, from } => {
                let admitted = match (*from <= now, &what) {
                    (false, _) => Err(*from),
                    (true, What::Fetch(_)) => Ok(()),
                    (true, _) => limiter.admit(now),
                };
                match admitted {
                    Err(until) => Action::Wait { until: self.no_later_than_bound(until) },
                    Ok(()) => {
                        let what = what.clone();
                        self.launch(now, what)
                    }
                }
            }
            Phase::Flying { until, .. } => {
                let until = *until;
                Action::Wait { until: self.no_later_than_bound(until) }
            }
            Phase::Done(delivery) => match delivery.take() {
                Some(delivery) => Action::Done(delivery),
                None => Action::Failed(ended()),
            },
            Phase::Failed(error) => Action::Failed(error.clone()),
        }
    }

    /// The whole body of a create request was sent: from here its reply has its own time. Where the
    /// network does not tell, upload and reply share theirs.
    pub fn handle_sent(&mut self, now: u64, ticket: Ticket) {
        let reply = self.rules.timing.reply;
        if let (true, Phase::Flying { what: What::Create, until }) = (ticket.0 == self.ticket, &mut self.phase) {
            *until = (*until).min(now.saturating_add(reply));
        }
    }

    /// An answer to *Create* or *Query*.
    pub fn handle_response(&mut self, now: u64, ticket: Ticket, response: Response) {
        let Some(what @ (What::Create | What::Query)) = self.flying(ticket) else { return };
        let retry_after = response.retry_after;
        // Only a create is answered with a picture.
        let answers = if what == What::Create { self.rules.answers } else { Answers::Task };
        match response.verdict(answers) {
            Verdict::Accepted(outcome) => {
                (self.tries, self.fault) = (0, None);
                self.accept(now, outcome);
            }
            Verdict::Throttled(error) => self.again(now, what, error, retry_after),
            Verdict::Fault(error) if what == What::Query || self.rules.repeats_create => {
                self.again(now, what, error, retry_after);
            }
            Verdict::Fault(error) | Verdict::Refused(error) => self.fail(error),
        }
    }

    /// The result's file, or the HTTP status of its link.
    pub fn handle_result(&mut self, now: u64, ticket: Ticket, http_status: u16, bytes: Vec<u8>) {
        let Some(What::Fetch(link)) = self.flying(ticket) else { return };
        let error = Error::ResultStatus { status: http_status };
        match http_status {
            200 => {
                let file = Delivered::Bytes(bytes);
                self.phase = Phase::Done(Some(Delivery { file, link: Some(link) }));
            }
            429 | 500 | 502 | 503 | 504 => self.fetch_again(now, link, error),
            _ => self.fail(error),
        }
    }

    /// No reply came at all.
    pub fn handle_failure(&mut self, now: u64, ticket: Ticket) {
        match self.flying(ticket) {
            Some(What::Query) => self.again(now, What::Query, Error::Unreachable, None),
            Some(What::Create) if self.rules.repeats_create => self.again(now, What::Create, Error::Unreachable, None),
            Some(What::Create) => self.fail(Error::Unreachable),
            Some(What::Fetch(link)) => {
                let expires = expiry(&link).map(|seconds| seconds as f64);
                let error = Error::ResultUnreachable { link: link.clone(), expires };
                self.fetch_again(now, link, error);
            }
            None => {}
        }
    }

    /// The user does not want it any more.
    pub fn handle_cancel(&mut self) {
        if !matches!(self.phase, Phase::Done(_) | Phase::Failed(_)) {
            self.fail(Error::Cancelled);
        }
    }

    fn launch(&mut self, now: u64, what: What) -> Action {
        self.ticket = self.ticket.wrapping_add(1);
        let ticket = Ticket(self.ticket);
        let timing = self.rules.timing;
        let (time, action) = match &what {
            What::Create => (timing.upload.saturating_add(timing.reply), Action::Create(ticket)),
            What::Query => (timing.query, Action::Query(ticket, self.task_id.clone().unwrap_or_default())),
            What::Fetch(link) => (timing.fetch, Action::Fetch(ticket, link.clone())),
        };
        self.phase = Phase::Flying { what, until: now.saturating_add(time) };
        action
    }

    /// What this ticket's request is, if its reply is still waited for.
    fn flying(&self, ticket: Ticket) -> Option<What> {
        match &self.phase {
            Phase::Flying { what, .. } if ticket.0 == self.ticket => Some(what.clone()),
            _ => None,
        }
    }

    fn accept(&mut self, now: u64, outcome: Outcome) {
        match outcome {
            Outcome::Done(file @ (Delivered::Bytes(_) | Delivered::Base64(_))) => {
                self.phase = Phase::Done(Some(Delivery { file, link: None }));
            }
            Outcome::Done(Delivered::Link(link)) => {
                // The result exists: the time for processing no longer counts.
                self.bound = Some(Bound::after(now, self.rules.timing.fetch));
                self.phase = Phase::Ready { what: What::Fetch(link), from: now };
            }
            Outcome::Pending { task_id, progress } => {
                // A sibling repeats the id in each reply, another only in the first.
                let first = self.task_id.is_none();
                self.task_id = self.task_id.take().or(task_id);
                if self.task_id.is_none() {
                    return self.fail(Error::ReplyIncomplete { field: "task_id".into() });
                }
                if first {
                    self.bound = Some(Bound::after(now, self.rules.timing.processing));
                }
                self.progress = self.progress.max(progress.unwrap_or(0));
                self.phase =
                    Phase::Ready { what: What::Query, from: now.saturating_add(self.rules.timing.poll_interval) };
            }
        }
    }

    /// Plans the same request for later; one that would come too late is the end.
    fn again(&mut self, now: u64, what: What, error: Error, retry_after: Option<u64>) {
        let chosen = self.backoff();
        // An endpoint that says "at once" is not asked faster than it is polled.
        let wait = retry_after.map_or(chosen, |given| given.max(self.rules.timing.poll_interval));
        let from = now.saturating_add(wait);
        self.tries += 1;
        // A create has no bound while it flies: an upload that goes on is not cut off.
        let refused_at = *self.refused_at.get_or_insert(now);
        let bound = self.bound.unwrap_or_else(|| Bound::after(refused_at, self.rules.timing.patience));
        if from >= bound.at {
            return self.fail(error);
        }
        self.fault = Some(error);
        self.phase = Phase::Ready { what, from };
    }

    fn fetch_again(&mut self, now: u64, link: String, error: Error) {
        if self.tries + 1 >= FETCH_TRIES {
            return self.fail(error);
        }
        self.again(now, What::Fetch(link), error, None);
    }

    /// From half to the whole of 1, 2, 4, … 16 s.
    fn backoff(&mut self) -> u64 {
        let most = (1_000_u64 << self.tries.min(10)).min(LONGEST_WAIT);
        most / 2 + self.next_random() % (most / 2 + 1)
    }

    /// SplitMix64 (Steele, Lea and Flood 2014, figure 17).
    const fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn no_later_than_bound(&self, until: u64) -> u64 {
        self.bound.map_or(until, |bound| bound.at.min(until))
    }

    fn fail(&mut self, error: Error) {
        self.phase = Phase::Failed(error);
    }

    fn check_deadlines(&mut self, now: u64) {
        if matches!(self.phase, Phase::Done(_) | Phase::Failed(_)) {
            return;
        }
        if let Some(bound) = self.bound.filter(|bound| bound.at <= now) {
            // What went wrong last says more than that time is over.
            let error = self.fault.take().unwrap_or_else(|| deadline(bound.milliseconds));
            return self.fail(error);
        }
        let timing = self.rules.timing;
        match &self.phase {
            Phase::Flying { what: What::Query, until } if *until <= now => {
                self.again(now, What::Query, deadline(timing.query), None);
            }
            Phase::Flying { until, .. } if *until <= now => {
                self.fail(deadline(timing.upload.saturating_add(timing.reply)));
            }
            _ => {}
        }
    }
}

impl Bound {
    const fn after(now: u64, milliseconds: u64) -> Self {
        Self { at: now.saturating_add(milliseconds), milliseconds }
    }
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Delivery({:?})", self.file)
    }
}

fn deadline(milliseconds: u64) -> Error {
    Error::Deadline { seconds: u32::try_from(milliseconds / 1_000).unwrap_or(u32::MAX) }
}

fn ended() -> Error {
    Error::OutOfOrder { call: "going on with a task".into(), reason: "it has ended".into() }
}
